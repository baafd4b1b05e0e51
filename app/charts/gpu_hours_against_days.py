"""GPU-hours against days: what speed costs on each machine, and which access mode pays for it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from matplotlib.figure import Figure

from app.charts.labels import Label, Place, around
from app.charts.machine_chart import MachineChart, Span, label_rank, name_on_chart
from app.charts.style import Look
from app.charts.ticks import Tick, count_ticks, snap_span, time_ticks
from app.present.chart_series import OWN_ID, ChartSeries, MachineSeries, SeriesPoint
from app.present.chart_words import gpu_count, own_text, time_limit
from app.present.numbers import axis_count
from app.words import text
from estimators.quantity import Range
from estimators.words import Name, Said, say

DEFAULT_SECONDS = 14 * 86400.0
SMALLEST_X_RATIO = 24.0
LEAST_ROOM = 1.25
"""Room that an answer keeps to the edge, as a factor of time."""
FARTHEST_ANSWER = 10.0
"""Answers farther from the chosen one than this factor may leave the axes."""
FARTHEST_DEADLINE = 40.0
"""A deadline this many times the run's own time is not shown: it would squeeze all machines together."""
SMALLEST_Y_RATIO = 12.0


class GpuHoursAgainstDaysChart(MachineChart):
    """Time on the x axis, cost on the y axis."""

    title = say("GPU-hours against days")
    x_name = say("Wall-clock time without queue")
    y_name = say("GPU-hours")

    def x_of(self, point: SeriesPoint) -> float:
        """Wall-clock seconds."""
        return point.seconds.p50

    def y_of(self, point: SeriesPoint) -> Range:
        """GPU-hours."""
        return point.gpu_hours

    def x_interval(self, point: SeriesPoint) -> Range:
        """The interval of the wall-clock time."""
        return point.seconds

    # ------------------------------------------------------------ axes

    def spans(self, series: ChartSeries) -> tuple[Span, Span]:
        """Around the deadline and the chosen machine; all curves that pass through there."""
        x = self._time_span(series)
        return x, self._cost_span(series, x)

    def _time_span(self, series: ChartSeries) -> Span:
        """All answers near the chosen one, and the deadline, with room at both sides."""
        answers = [one for one in series.machines if one.point is not None and one.in_service]
        middles = [one.point.seconds.p50 for one in answers if one.point is not None]
        centre = middles[0] if middles else series.deadline_seconds or DEFAULT_SECONDS
        near = [value for value in middles if abs(math.log(value / centre)) < math.log(FARTHEST_ANSWER)]
        near = near or [centre]
        if series.deadline_seconds is not None and self._shows_deadline(series, centre):
            near.append(series.deadline_seconds)
        chosen = series.chosen
        if chosen is not None and chosen.point is not None:
            near += [chosen.point.seconds.p10, chosen.point.seconds.p90]
        low, high = min(near), max(near)
        missing = math.sqrt(max(1.0, SMALLEST_X_RATIO / (high / low)))
        return snap_span(low / missing, high * missing, (low / LEAST_ROOM, high * LEAST_ROOM))

    def _shows_deadline(self, series: ChartSeries, seconds: float) -> bool:
        deadline = series.deadline_seconds
        return deadline is not None and abs(math.log(deadline / seconds)) < math.log(FARTHEST_DEADLINE)

    def _cost_span(self, series: ChartSeries, x: Span) -> Span:
        values: list[float] = []
        for one in (one for one in series.machines if one.in_service):
            seen = [p.gpu_hours for p in one.curve if x[0] <= p.seconds.p50 <= x[1]]
            values.extend(hours.p50 for hours in seen)
            if one.is_chosen:
                values.extend(bound for hours in seen for bound in (hours.p10, hours.p90))
        if not values:
            values = [1e3, 1e5]
        low, high = min(values) / 1.25, max(values) * 1.5
        for bound in self._bounds_of_modes(series):
            if low / 1.4 < bound < high * 1.4:
                low, high = min(low, bound / 1.35), max(high, bound * 1.35)
        own = series.own.point if series.own is not None else None
        if own is not None and high < own.gpu_hours.p50 * 1.25 < high * 3.0:
            high = own.gpu_hours.p50 * 1.25
        missing = math.sqrt(max(1.0, SMALLEST_Y_RATIO / (high / low)))
        return low / missing, high * missing

    def ticks(self, x: Span, y: Span, pixels: tuple[float, float]) -> tuple[list[Tick], list[Tick]]:
        """Weeks and months below, 1-2-5 at the left."""
        return time_ticks(*x, pixels[0]), count_ticks(*y, pixels[1], 22.0)

    def own_position(self, own: MachineSeries) -> tuple[float, float] | None:
        """The mark of the user's hardware, pinned to the edge where it is outside the axes."""
        if own.point is None:
            return None
        x, y = self.axes.get_xlim(), self.axes.get_ylim()
        margin = (y[1] / y[0]) ** 0.09
        return (
            min(max(own.point.seconds.p50, x[0]), x[1]),
            min(max(own.point.gpu_hours.p50, y[0] * margin), y[1] / margin),
        )

    # ------------------------------------------------------------ background

    def draw_background(self, series: ChartSeries) -> None:
        """Access modes as dotted lines, the plan's mode filled, the side that misses the deadline shaded."""
        look, axes = self.look, self.axes
        x, y = axes.get_xlim(), axes.get_ylim()
        for mode in series.modes:
            if mode.is_plans_mode:
                low = mode.low_gpu_hours if mode.low_gpu_hours > 0.0 else y[0]
                high = mode.high_gpu_hours if mode.high_gpu_hours > 0.0 else y[1]
                if low < y[1] and high > y[0]:
                    fill = axes.axhspan(max(low, y[0]), min(high, y[1]), color=look.palette.accent)
                    fill.set(alpha=0.06, linewidth=0.0, zorder=0.5)
                    self.add_background(fill)
        for bound in self._bounds_of_modes(series):
            if y[0] < bound < y[1]:
                line = axes.axhline(bound, color=look.palette.accent)
                line.set(linewidth=look.points(1.4), linestyle=(0.0, (1.0, 2.0)), zorder=1.2)
                self.add_background(line)
        deadline = series.deadline_seconds
        if deadline is not None and deadline < x[1]:
            shade = axes.axvspan(max(deadline, x[0]), x[1], color=look.palette.context)
            shade.set(alpha=0.10, linewidth=0.0, zorder=0.4)
            edge = axes.axvline(deadline, color=look.palette.text2)
            edge.set(linewidth=look.points(1.4), linestyle=(0.0, (4.0, 3.0)), zorder=1.3)
            self.add_background(shade)
            self.add_background(edge)

    def _bounds_of_modes(self, series: ChartSeries) -> list[float]:
        bounds = {bound for mode in series.modes for bound in (mode.low_gpu_hours, mode.high_gpu_hours)}
        return sorted(bound for bound in bounds if bound > 0.0)

    # ------------------------------------------------------------ labels

    def labels(self, series: ChartSeries) -> Iterator[Label]:
        """Names at the marks; bounds and deadline at the edges."""
        yield from self._machine_labels(series)
        if series.own is not None:
            yield self._own_label(series.own)
        yield from self._deadline_label(series)
        yield from self._mode_labels(series)
        yield from self._notes(series)

    def _machine_labels(self, series: ChartSeries) -> Iterator[Label]:
        for one, point in self.shown_answers(series):
            words = f"{one.label}, {gpu_count(one, point)}" if one.is_chosen else name_on_chart(one)
            at = self.x_of(point), point.gpu_hours.p50
            yield Label(
                key=one.machine_id,
                text=words,
                role="chosen" if one.is_chosen else "machine",
                colour=self.look.hue(one.mark),
                places=around(*self.to_pixels(*at), self.pixels(9.0 if one.is_chosen else 6.0)),
                rank=0 if one.is_chosen else label_rank(one),
                may_merge=one.in_service and not one.is_chosen,
            )

    def _own_label(self, own: MachineSeries) -> Label:
        palette, gap = self.look.palette, self.pixels(11.0)
        at = self.own_position(own)
        words = own_text(own)
        if at is None or own.point is None:
            x, y = self.corner(1.0, 1.0)
            places = self._down_the_edge(x, y, 4)
            return Label(OWN_ID, words, "own", palette.own, places, 1)
        px, py = self.to_pixels(*at)
        if own.point.seconds.p50 > self.axes.get_xlim()[1]:
            places = tuple(
                Place(px, py, -gap, self.pixels(dy), "right", "center", "  →") for dy in (0.0, 12.0, -12.0)
            )
        elif own.point.seconds.p50 < self.axes.get_xlim()[0]:
            places = (Place(px, py, gap, 0.0, "left", "center"),)
            words = f"←  {words}"
        else:
            places = around(px, py, self.pixels(8.0))
        return Label(OWN_ID, words, "own", palette.own, places, 1)

    def _down_the_edge(self, x: float, y: float, steps: int) -> tuple[Place, ...]:
        return tuple(
            Place(x, y, -self.pixels(4.0), -self.pixels(3.0 + 16.0 * step), "right", "top")
            for step in range(steps)
        )

    def _deadline_label(self, series: ChartSeries) -> Iterator[Label]:
        deadline, x = series.deadline_seconds, self.axes.get_xlim()
        if deadline is None:
            return
        words = text(say("Deadline: {deadline}", deadline=Name(time_limit(deadline))))
        ink = self.look.palette.text2
        if deadline >= x[1]:
            yield Label(
                "deadline", f"{words}  →", "note", ink, self._down_the_edge(*self.corner(1.0, 1.0), 3), 3
            )
            return
        px, _ = self.to_pixels(max(deadline, x[0]), self.axes.get_ylim()[0])
        top, bottom = self.corner(0.0, 1.0)[1], self.corner(0.0, 0.0)[1]
        gap = self.pixels(5.0)
        places = (
            Place(px, top, gap, -self.pixels(3.0), "left", "top"),
            Place(px, top, -gap, -self.pixels(3.0), "right", "top"),
            Place(px, bottom, gap, self.pixels(4.0), "left", "bottom"),
            Place(px, bottom, -gap, self.pixels(4.0), "right", "bottom"),
        )
        yield Label("deadline", words, "note", ink, places, 2)

    def _mode_labels(self, series: ChartSeries) -> Iterator[Label]:
        y = self.axes.get_ylim()
        accent = self.look.palette.accent
        for mode in series.modes:
            low, high = mode.low_gpu_hours, mode.high_gpu_hours
            if y[0] < high < y[1]:
                words = text(_up_to(mode.name, low, high))
                yield Label(mode.mode_id, words, "note", accent, self._at_edge(high, below=True), 4)
            elif y[0] < low < y[1]:
                words = text(say("{mode} from {low}", mode=Name(mode.name), low=Name(axis_count(low))))
                yield Label(mode.mode_id, words, "note", accent, self._at_edge(low, below=False), 5)
            elif mode.is_plans_mode and not low > y[0] and not high < y[1]:
                words = text(say("all within {mode}", mode=Name(mode.name)))
                places = self._down_the_edge(*self.corner(1.0, 1.0), 4)
                yield Label(mode.mode_id, words, "note", accent, places, 5)
        for gap in series.gaps:
            if y[0] < gap.high_gpu_hours < y[1]:
                words = text(_between_modes(gap.low_gpu_hours, gap.high_gpu_hours))
                places = self._at_edge(gap.high_gpu_hours, below=True)
                yield Label("gap", words, "note", self.look.palette.text3, places, 6)

    def _at_edge(self, gpu_hours: float, below: bool) -> tuple[Place, ...]:
        """Places at a horizontal line: at its right end, then further left."""
        dy = -self.pixels(3.0) if below else self.pixels(3.0)
        places = []
        for share in (1.0, 0.75, 0.5, 0.3):
            x = self.corner(share, 0.0)[0]
            y = self.to_pixels(self.axes.get_xlim()[0], gpu_hours)[1]
            places.append(Place(x, y, -self.pixels(5.0), dy, "right", "top" if below else "bottom"))
        return tuple(places)

    def _notes(self, series: ChartSeries) -> Iterator[Label]:
        chosen, palette = series.chosen, self.look.palette
        if chosen is not None and chosen.point is not None:
            x, y = self.to_pixels(chosen.point.seconds.p90, chosen.point.gpu_hours.p50)
            gap = self.pixels(6.0)
            beside = (
                Place(x, y, gap, -gap, "left", "top"),
                Place(x, y, gap, gap, "left", "bottom"),
                Place(x, y, 0.0, -2 * gap, "right", "top"),
            )
            yield Label("interval", text(say("80\u202f% interval")), "note", palette.text2, beside, 50)
        x_low, x_high = self.axes.get_xlim()
        seen = [point for point in series.front if x_low * 1.15 < point.seconds.p50 < x_high]
        if len(seen) > 1:
            at = [self.to_pixels(point.seconds.p50, point.gpu_hours.p50) for point in seen[:6]]
            below = tuple(Place(px, py, 0.0, -self.pixels(9.0), "left", "top") for px, py in at)
            yield Label("front", text(say("Pareto front")), "note", palette.text3, below, 60)


def _up_to(mode: str, low: float, high: float) -> Said:
    """What an access mode pays for: from a least on, or all up to its most."""
    if low > 0.0:
        return say(
            "{mode} {low} to {high}", mode=Name(mode), low=Name(axis_count(low)), high=Name(axis_count(high))
        )
    return say("{mode} up to {high}", mode=Name(mode), high=Name(axis_count(high)))


def _between_modes(low: float, high: float) -> Said:
    """The stretch that no industrial mode pays for."""
    return say("no industrial mode {low} to {high}", low=Name(axis_count(low)), high=Name(axis_count(high)))


def draw(figure: Figure, series: ChartSeries, look: Look) -> GpuHoursAgainstDaysChart:
    """Draw the chart on a figure."""
    chart = GpuHoursAgainstDaysChart(figure, look)
    chart.show(series)
    return chart
