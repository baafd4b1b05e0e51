"""What the charts of machines share: curves, marks, labels and how they move.

A chart is drawn on any matplotlib figure, so that the window, the pictures in a dossier and the tests
use the same drawing. `show` solves limits, layout and labels; `move` only moves marks, for dragging.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from app.charts.frame import ABOVE, RIGHT, Frame
from app.charts.labels import Box, Label, PlacedLabel, Points, along, place_labels
from app.charts.marks import Emphasis, MachineArtists, emphasise, machine_artists, move_machine
from app.charts.style import Look
from app.charts.ticks import Tick
from app.present.chart_series import ChartSeries, MachineSeries, SeriesPoint
from app.words import text
from estimators.quantity import Range
from estimators.words import Name, Said, say

Span = tuple[float, float]

CROSS_WEIGHT = 6
"""A pixel of the interval cross under a label costs so many times a pixel of line."""

# role of a text: weight and how much smaller than chart text, in points
ROLES: dict[str, tuple[int, float]] = {
    "machine": (500, 0.0),
    "chosen": (700, -0.75),
    "own": (600, 0.0),
    "note": (400, 0.4),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A point that the pointer can reach, in data coordinates."""

    series: MachineSeries
    point: SeriesPoint
    x: float
    y: float
    is_answer: bool


class MachineChart(ABC):
    """A chart with one curve for each machine."""

    title: ClassVar[Said]
    x_name: ClassVar[Said]
    y_name: ClassVar[Said]
    band_axis: ClassVar[Literal["gpu_hours", "seconds"]]

    def __init__(self, figure: Figure, look: Look) -> None:
        self.figure = figure
        self.look = look
        self.frame = Frame(figure, look, text(self.x_name), text(self.y_name))
        self.axes = self.frame.axes
        self.series: ChartSeries | None = None
        self.placed: list[PlacedLabel] = []
        self._emphasis = Emphasis(self.axes, look)
        self._machines: dict[str, MachineArtists] = {}
        self._texts: dict[str, Annotation] = {}
        self._background: list[Artist] = []
        self._label_homes: dict[str, tuple[float, float]] = {}
        self._label_words: dict[str, str] = {}
        self._animated = False

    # ------------------------------------------------------------ what each chart decides

    @abstractmethod
    def x_of(self, point: SeriesPoint) -> float:
        """Where a point stands on the x axis."""

    @abstractmethod
    def y_of(self, point: SeriesPoint) -> Range:
        """Where a point stands on the y axis, with its interval."""

    @abstractmethod
    def x_interval(self, point: SeriesPoint) -> Range | None:
        """The interval in x, or None where x is no estimate."""

    @abstractmethod
    def spans(self, series: ChartSeries) -> tuple[Span, Span]:
        """Limits of both axes."""

    @abstractmethod
    def ticks(self, x: Span, y: Span, pixels: tuple[float, float]) -> tuple[list[Tick], list[Tick]]:
        """Ticks of both axes, for axes of so many pixels at 100 %."""

    @abstractmethod
    def draw_background(self, series: ChartSeries) -> None:
        """Bounds, shades and limits, through `add_background`."""

    @abstractmethod
    def labels(self, series: ChartSeries) -> Iterator[Label]:
        """The labels that want a place."""

    def own_position(self, own: MachineSeries) -> tuple[float, float] | None:
        """Where the mark of the user's hardware stands."""
        if own.point is None:
            return None
        return self.x_of(own.point), self.y_of(own.point).p50

    # ------------------------------------------------------------ drawing

    def show(self, series: ChartSeries) -> None:
        """Draw a series: limits, layout, background, marks and labels."""
        self.series = series
        self._sync_machines(series)
        x, y = self.spans(series)
        self.frame.set_limits(x, y)
        self._solve_layout(x, y)
        for artist in self._background:
            artist.remove()
        self._background.clear()
        self.draw_background(series)
        self._move_marks(series)
        self._place_labels(series)

    def set_heading(self, title: str, subtitle: str) -> None:
        """Write title and subtitle into the picture, for files; the window has them as widgets."""
        self.frame.write_heading(title, subtitle)

    def move(self, series: ChartSeries) -> bool:
        """Only move the marks and the labels that belong to them.

        Returns:
            False where other machines or another choice need `show`.
        """
        before = self.series
        if before is None or _cast(before) != _cast(series):
            return False
        self.series = series
        self._move_marks(series)
        self._move_labels(series)
        return True

    @property
    def marks(self) -> list[Artist]:
        """Bands, lines and marks above the background, lowest first."""
        artists: list[Artist] = [*self._emphasis]
        for machine in self._machines.values():
            artists.extend(machine)
        return sorted(artists, key=lambda artist: artist.get_zorder())

    @property
    def texts(self) -> dict[str, Annotation]:
        """The placed labels by key, above all marks."""
        return self._texts

    def set_animated(self, animated: bool) -> None:
        """Leave the marks to the caller, who draws them over a kept background."""
        self._animated = animated
        for artist in (*self.marks, *self._texts.values()):
            artist.set_animated(animated)

    def targets(self) -> list[Target]:
        """All points that the pointer can reach; answers first."""
        if self.series is None:
            return []
        found = []
        for series in self._everyone(self.series):
            answer = self.position(series)
            if answer is not None and series.point is not None:
                found.append(Target(series, series.point, *answer, is_answer=True))
            for point in series.curve:
                found.append(Target(series, point, self.x_of(point), self.y_of(point).p50, is_answer=False))
        return sorted(found, key=lambda target: not target.is_answer)

    def to_pixels(self, x: float, y: float) -> tuple[float, float]:
        """Display coordinates of a data point."""
        px, py = self.axes.transData.transform((x, y))
        return float(px), float(py)

    # ------------------------------------------------------------ for the charts

    def add_background(self, artist: Artist) -> None:
        """Keep an artist until the next `show`."""
        self._background.append(artist)

    def pixels(self, amount: float) -> float:
        """Device pixels of so many pixels at 100 %."""
        return amount * self.frame.pixel_scale

    def corner(self, x: float, y: float) -> tuple[float, float]:
        """Display coordinates of a point in shares of the axes."""
        px, py = self.axes.transAxes.transform((x, y))
        return float(px), float(py)

    def position(self, series: MachineSeries) -> tuple[float, float] | None:
        """Where the mark of a machine stands, in data coordinates."""
        if series.is_own:
            return self.own_position(series)
        if series.point is None:
            return None
        return self.x_of(series.point), self.y_of(series.point).p50

    def shown_answers(self, series: ChartSeries) -> Iterator[tuple[MachineSeries, SeriesPoint]]:
        """Machines whose mark lies inside the axes, with their answer."""
        x, y = self.axes.get_xlim(), self.axes.get_ylim()
        for one in series.machines:
            at = self.position(one)
            if one.point is None or at is None:
                continue
            if x[0] <= at[0] <= x[1] and y[0] <= at[1] <= y[1]:
                yield one, one.point

    def bounds(self) -> Box:
        """Where labels may stand: the axes, and a little to the right of them."""
        box = self.axes.get_window_extent()
        return Box(box.x0 + 2.0, box.y0 + 1.0, self.figure.bbox.width - 2.0, box.y1)

    # ------------------------------------------------------------ inside

    def _everyone(self, series: ChartSeries) -> tuple[MachineSeries, ...]:
        shown = tuple(one for one in series.machines if one.curve)
        return shown if series.own is None else (*shown, series.own)

    def _sync_machines(self, series: ChartSeries) -> None:
        wanted = {one.machine_id: one for one in self._everyone(series)}
        for machine_id in set(self._machines) - set(wanted):
            for artist in self._machines.pop(machine_id):
                artist.remove()
        for machine_id, one in wanted.items():
            if machine_id not in self._machines:
                self._machines[machine_id] = machine_artists(self.axes, one, self.look)
            emphasise(self._machines[machine_id], one, self.look)
        own = self._machines.get("own")
        if own is not None:
            own.mark.set_clip_on(False)

    def _solve_layout(self, x: Span, y: Span) -> None:
        scale = self.frame.pixel_scale
        width, height = self.figure.bbox.width / scale, self.figure.bbox.height / scale
        x_ticks, y_ticks = self.ticks(x, y, (width - 80.0, height - 67.0 - self.frame.heading))
        self.frame.set_ticks(x_ticks, y_ticks)
        last = x_ticks[-1] if x_ticks else None
        right = RIGHT
        if last is not None:
            overhang = self.frame.measure(last.text)[0] / scale / 2.0
            room_left = np.log(x[1] / last.value) / np.log(x[1] / x[0]) * (width - 80.0)
            right = max(RIGHT, overhang - room_left + 4.0)
        self.frame.lay_out([tick.text for tick in y_ticks], right, ABOVE)

    def _curve(self, series: MachineSeries) -> Points:
        return np.array([(self.x_of(p), self.y_of(p).p50) for p in series.curve]).reshape(-1, 2)

    def _move_marks(self, series: ChartSeries) -> None:
        for one in self._everyone(series):
            curve = np.empty((0, 2)) if one.is_own else self._curve(one)
            move_machine(self._machines[one.machine_id], curve, self.position(one), self._shows_end(one))
        self._emphasis.move_front(
            np.array([(self.x_of(p), self.y_of(p).p50) for p in series.front]).reshape(-1, 2)
        )
        self._move_chosen(series.chosen, series.final)
        for artist in self.marks:
            artist.set_animated(self._animated)

    def _shows_end(self, series: MachineSeries) -> bool:
        return series.ends_at_limit and not series.is_own

    def _move_chosen(self, chosen: MachineSeries | None, final: bool) -> None:
        curve = chosen.curve if chosen is not None else ()
        intervals = [self.y_of(point) for point in curve]
        hue = self.look.hue(chosen.mark) if chosen is not None and final else self.look.palette.context
        self._emphasis.move_band(
            [self.x_of(point) for point in curve],
            [interval.p10 for interval in intervals],
            [interval.p90 for interval in intervals],
            hue,
        )
        if chosen is None or chosen.point is None:
            self._emphasis.move_cross(None, None, None)
            return
        self._emphasis.move_cross(
            self.x_interval(chosen.point), self.y_of(chosen.point), self.position(chosen)
        )

    def _measure(self, text: str, role: str) -> tuple[float, float]:
        weight, shrink = ROLES[role]
        width, _ = self.frame.measure(text, weight, shrink)
        return width + self.pixels(2.0), self.frame.measure("lp", weight, shrink)[1] + self.pixels(3.0)

    def _mark_boxes(self, series: ChartSeries) -> list[tuple[str, Box]]:
        boxes = []
        for one in self._everyone(series):
            position = self.position(one)
            if position is not None:
                x, y = self.to_pixels(*position)
                half = self.pixels(6.0 if one.is_chosen else 3.5)
                boxes.append((one.machine_id, Box(x - half, y - half, x + half, y + half)))
        return boxes

    def _line_points(self, series: ChartSeries) -> Points:
        lines = [
            along(self.axes.transData.transform(self._curve(one)))
            for one in self._everyone(series)
            if not one.is_own
        ]
        chosen = series.chosen
        if chosen is not None and chosen.point is not None:
            lines.extend(CROSS_WEIGHT * [self._cross_points(chosen.point)])
        return np.vstack([np.empty((0, 2)), *lines])

    def _cross_points(self, point: SeriesPoint) -> Points:
        """Points along both intervals of the chosen machine; a label on them would hide them."""
        across, upright = self.x_interval(point), self.y_of(point)
        x, y = self.x_of(point), upright.p50
        arms = [np.array([(x, upright.p10), (x, upright.p90)])]
        if across is not None:
            arms.append(np.array([(across.p10, y), (across.p90, y)]))
        return np.vstack([along(self.axes.transData.transform(arm)) for arm in arms])

    def _place_labels(self, series: ChartSeries) -> None:
        labels = list(self.labels(series))
        words = {label.key: label.text for label in labels}
        self.placed = place_labels(
            labels,
            self.bounds(),
            self._measure,
            self._mark_boxes(series),
            self._line_points(series),
            self.pixels(1.0),
        )
        for shown in self._texts.values():
            shown.remove()
        self._texts = {placed.label.key: self._annotate(placed) for placed in self.placed}
        self._label_words = {placed.label.key: words[placed.label.key] for placed in self.placed}
        positions = {one.machine_id: self.position(one) for one in self._everyone(series)}
        self._label_homes = {
            key: home for key, home in positions.items() if home is not None and key in self._texts
        }

    def _annotate(self, placed: PlacedLabel) -> Annotation:
        place, label = placed.place, placed.label
        weight, shrink = ROLES[label.role]
        anchor = self.axes.transData.inverted().transform((place.x, place.y))
        per_pixel = 72.0 / float(self.figure.dpi)
        words = self.axes.annotate(
            placed.text, (float(anchor[0]), float(anchor[1])), xycoords="data",
            xytext=(place.dx * per_pixel, place.dy * per_pixel), textcoords="offset points",
            ha=place.horizontal, va=place.vertical, color=label.colour, annotation_clip=False,
            fontproperties=self.look.font(weight, shrink), zorder=10.0,
        )  # fmt: skip
        words.set_path_effects(self.look.halo())
        words.set_animated(self._animated)
        return words

    def _move_labels(self, series: ChartSeries) -> None:
        """Let each label keep its distance to its mark, and say the new figures."""
        for one in self._everyone(series):
            home = self._label_homes.get(one.machine_id)
            position = self.position(one)
            words = self._texts.get(one.machine_id)
            if words is None or home is None or position is None:
                continue
            x, y = words.xy
            words.xy = (x * position[0] / home[0], y * position[1] / home[1])
            self._label_homes[one.machine_id] = position
        for label in self.labels(series):
            before, now = self._label_words.get(label.key), label.text
            if before is not None and before != now and label.key in self._texts:
                words = self._texts[label.key]
                words.set_text(words.get_text().replace(before, now))
                self._label_words[label.key] = now


def name_on_chart(series: MachineSeries) -> str:
    """The machine's name; those that are not yet in service say so."""
    return series.label if series.in_service else text(say("{series} (coming)", series=Name(series.label)))


def label_rank(series: MachineSeries) -> int:
    """Machines in service keep their labels longer than notes, those that come lose them first."""
    return series.rank + (20 if series.in_service else 100)


def _cast(series: ChartSeries) -> tuple[object, ...]:
    """What must stay the same for marks to be moved without a new drawing."""
    everyone = series.machines if series.own is None else (*series.machines, series.own)
    machines = tuple((one.machine_id, one.is_chosen, bool(one.curve), one.point is None) for one in everyone)
    return (frozenset(machines), series.deadline_seconds)
