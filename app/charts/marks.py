"""What is drawn of each machine: its line, its mark and the end of its queue.

The artists are made once and then only moved: that is what makes dragging cheap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.lines import Line2D

from app.charts.labels import Points
from app.charts.style import MARKERS, Look, marker_size
from app.present.chart_series import MachineSeries
from estimators.quantity import Range

LINE = 1.2
CHOSEN_LINE = 2.8
MARKER = 7.0
CHOSEN_MARKER = 11.0
OWN_MARKER = 10.0
OTHERS_ALPHA = 0.7
BAND_ALPHA = 0.16


@dataclass(frozen=True)
class MachineArtists:
    """The artists of one machine."""

    line: Line2D
    mark: Line2D
    queue_end: Line2D

    def __iter__(self) -> Iterator[Artist]:
        return iter((self.line, self.queue_end, self.mark))


def machine_artists(axes: Axes, series: MachineSeries, look: Look) -> MachineArtists:
    """Make the artists of one machine; `move_machine` gives them their data."""
    hue = look.hue(series.mark)
    marker = MARKERS[series.mark.marker]
    line = Line2D([], [], color=hue, solid_capstyle="butt", dash_capstyle="butt")
    if series.mark.dash:
        line.set_linestyle((0.0, series.mark.dash))
    mark = Line2D([], [], color=hue, marker=marker, linestyle="none")
    if series.mark.hollow:
        mark.set_markerfacecolor(look.palette.surface)
    queue_end = Line2D([], [], color=hue, marker="|", linestyle="none")
    artists = MachineArtists(line, mark, queue_end)
    for artist in (line, mark, queue_end):
        axes.add_line(artist)
    emphasise(artists, series, look)
    return artists


def emphasise(artists: MachineArtists, series: MachineSeries, look: Look) -> None:
    """Give the chosen machine its strong line and mark, all others the quiet ones."""
    chosen = series.is_chosen
    size = look.points(OWN_MARKER if series.is_own else CHOSEN_MARKER if chosen else MARKER)
    marker = MARKERS[series.mark.marker]
    artists.line.set_linewidth(look.points(CHOSEN_LINE if chosen else LINE))
    artists.line.set_alpha(1.0 if chosen else OTHERS_ALPHA)
    artists.line.set_zorder(4.0 if chosen else 3.0)
    artists.mark.set_markersize(marker_size(marker, size))
    artists.mark.set_zorder(7.0 if chosen else 6.0 - 0.01 * series.rank)
    if not series.mark.hollow:
        artists.mark.set_markeredgecolor(look.palette.surface)
    artists.mark.set_markeredgewidth(look.points(1.2 if chosen else 0.7))
    artists.queue_end.set_markersize(look.points(12.0 if chosen else 9.0))
    artists.queue_end.set_markeredgewidth(look.points(2.0 if chosen else 1.4))
    artists.queue_end.set_zorder(4.5)


def move_machine(
    artists: MachineArtists, curve: Points, mark: tuple[float, float] | None, ends_at_limit: bool
) -> None:
    """Put the artists of one machine at their data.

    Args:
        artists: What to move.
        curve: One row (x, y) for each GPU count.
        mark: Where the answer stands, or None.
        ends_at_limit: Whether the end of the curve is the queue's limit.
    """
    artists.line.set_data(curve[:, 0], curve[:, 1])
    end = curve[-1:] if ends_at_limit else np.empty((0, 2))
    artists.queue_end.set_data(end[:, 0], end[:, 1])
    artists.mark.set_data([] if mark is None else [mark[0]], [] if mark is None else [mark[1]])


class Emphasis:
    """Band and cross of intervals around the chosen machine, and the Pareto front beneath all."""

    def __init__(self, axes: Axes, look: Look) -> None:
        self._look = look
        ink = look.palette.text
        width = look.points(2.0)
        self.band: FillBetweenPolyCollection = axes.fill_between([1.0, 2.0], [1.0, 2.0], [1.0, 2.0])
        self.band.set(linewidth=0.0, alpha=BAND_ALPHA, zorder=2.0)
        self.across = Line2D([], [], color=ink, linewidth=width, solid_capstyle="butt", zorder=5.0)
        self.upright = Line2D([], [], color=ink, linewidth=width, solid_capstyle="butt", zorder=5.0)
        self.front = Line2D([], [], linewidth=look.points(8.0), solid_capstyle="butt", zorder=1.5)
        self.front.set_color(look.palette.context)
        self.front.set_alpha(0.22)
        for line in (self.across, self.upright, self.front):
            axes.add_line(line)

    def __iter__(self) -> Iterator[Artist]:
        return iter((self.front, self.band, self.across, self.upright))

    def move_band(self, x: list[float], low: list[float], high: list[float], colour: str) -> None:
        """Fill between the ends of the interval along the chosen curve."""
        self.band.set_visible(len(x) > 1)
        if len(x) > 1:
            self.band.set_data(x, low, high)
            self.band.set_facecolor(colour)

    def move_cross(self, x: Range | None, y: Range | None, at: tuple[float, float] | None) -> None:
        """Draw both intervals through the chosen mark."""
        self.across.set_data(([x.p10, x.p90], [at[1], at[1]]) if x and at else ([], []))
        self.upright.set_data(([at[0], at[0]], [y.p10, y.p90]) if y and at else ([], []))

    def move_front(self, front: Points) -> None:
        """Draw the Pareto front."""
        self.front.set_data(front[:, 0], front[:, 1])
