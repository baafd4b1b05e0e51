"""Reliability: how many runs lie inside intervals of each level, against what the level promises."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator

from app.charts.frame import Frame
from app.charts.series_view import Kind, SeriesView
from app.charts.spots import Drawn, Spot
from app.charts.style import Look
from app.present.evidence_tables import (
    ReliabilitySeries,
    level_words,
    reliability_subtitle,
    reliability_summary,
    reliability_text,
)
from app.present.numbers import percent
from app.words import text
from estimators.words import Name, say

TITLE = say("Reliability of the intervals")
ABOVE, RIGHT = 20.0, 18.0
STEPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
SPARSE_STEPS = (0.0, 0.5, 1.0)
LEAST_STEP = 17.0
"""Pixels between two ticks below which every other one is left out."""
BAND_ALPHA = 0.16
SIDES_FROM = 270.0
"""Width of the axes from which there is room for words beside the diagonal."""


def draw(
    figure: Figure, series: ReliabilitySeries, look: Look, heading: tuple[str, str] | None = None
) -> Drawn:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        series: At least one level.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    frame = Frame(figure, look, text(say("Level of the interval")), text(say("Runs inside")))
    if heading is not None:
        frame.write_heading(*heading)
    _set_axes(frame)
    _name_sides(frame)
    _draw_levels(frame, series)
    spots = [
        Spot(level.nominal, level.inside, partial(level_words, level), is_stop=True)
        for level in series.levels
    ]
    return Drawn(frame.axes, spots)


def _set_axes(frame: Frame) -> None:
    axes, look = frame.axes, frame.look
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    height = frame.figure.bbox.height / frame.pixel_scale - ABOVE - 42.0 - frame.heading
    upright = STEPS if height / (len(STEPS) - 1) >= LEAST_STEP else SPARSE_STEPS
    for axis, steps in ((axes.xaxis, STEPS), (axes.yaxis, upright)):
        axis.set_major_locator(FixedLocator(list(steps)))
        axis.set_major_formatter(FixedFormatter([percent(step) for step in steps]))
    axes.grid(True, axis="y", color=look.palette.grid, linewidth=look.points(1.0))
    for words in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        words.set_fontproperties(look.font())
        words.set_color(look.palette.text2)
    frame.lay_out([percent(step) for step in upright], RIGHT, ABOVE)


def _name_sides(frame: Frame) -> None:
    """The diagonal is what was promised; what lies beside it is named."""
    look = frame.look
    promise = Line2D([0.0, 1.0], [0.0, 1.0], color=look.palette.text2, linewidth=look.points(1.4))
    promise.set(dashes=(4.0, 2.5), zorder=2.0)
    frame.axes.add_line(promise)
    if frame.axes.get_window_extent().width < SIDES_FROM * frame.pixel_scale:
        return
    for words, x, y, horizontal, vertical in (
        (text(say("wider than needed")), 0.03, 0.97, "left", "top"),
        (text(say("too narrow")), 0.97, 0.05, "right", "bottom"),
    ):
        frame.axes.annotate(
            words, (x, y), xycoords="axes fraction", ha=horizontal, va=vertical,
            color=look.palette.text2, fontproperties=look.font(400, 0.5),
        )  # fmt: skip


def _draw_levels(frame: Frame, series: ReliabilitySeries) -> None:
    axes, look = frame.axes, frame.look
    hue, surface = look.palette.ampere, look.palette.surface
    xs = [level.nominal for level in series.levels]
    sure = [level for level in series.levels if level.low is not None and level.high is not None]
    if sure:
        axes.fill_between(
            [level.nominal for level in sure],
            [level.low or 0.0 for level in sure],
            [level.high or 0.0 for level in sure],
            color=hue, alpha=BAND_ALPHA, linewidth=0.0, zorder=1.5,
        )  # fmt: skip
    line = Line2D(xs, [level.inside for level in series.levels], color=hue, marker="o", zorder=3.0)
    line.set_linewidth(look.points(2.4))
    line.set_markersize(look.points(6.5))
    line.set_markeredgecolor(surface)
    line.set_markeredgewidth(look.points(1.0))
    axes.add_line(line)
    stated = series.stated
    if stated is None:
        return
    mark = Line2D([stated.nominal], [stated.inside], color=hue, marker="o", zorder=4.0)
    mark.set_markersize(look.points(10.0))
    mark.set_markeredgecolor(surface)
    mark.set_markeredgewidth(look.points(1.2))
    axes.add_line(mark)
    words = axes.annotate(
        text(say("{inside} of the runs", inside=Name(percent(stated.inside)))),
        (stated.nominal, stated.inside),
        xytext=(look.points(-9.0), look.points(5.0)), textcoords="offset points", ha="right", va="bottom",
        color=look.palette.text, fontproperties=look.font(700), zorder=10.0, annotation_clip=False,
    )  # fmt: skip
    words.set_path_effects(look.halo())


class Reliability(SeriesView):
    """What the intervals promise against what they hold, on the runs shown."""

    title = TITLE
    kind = Kind(
        draw,
        attrgetter("levels"),
        reliability_subtitle,
        reliability_summary,
        reliability_text,
        say("No result yet"),
    )
