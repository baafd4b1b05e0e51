"""Time against GPUs: how far more GPUs shorten the run, and where the queue ends it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.charts.labels import Label, Place, around
from app.charts.machine_chart import MachineChart, Span, label_rank, name_on_chart
from app.charts.ticks import Tick, gpu_ticks, time_ticks
from app.present.chart_series import OWN_ID, ChartSeries, MachineSeries, SeriesPoint
from app.present.chart_words import gpu_count, own_text, time_limit
from app.present.numbers import exact
from app.words import text
from estimators.quantity import Range
from estimators.words import Name, say

NEAR_PLACES = 8
"""Of the places around a mark those that touch it."""
MOST_ALONG = 8


class TimeAgainstGpusChart(MachineChart):
    """GPUs on the x axis, wall-clock time on the y axis."""

    title = say("Time against GPUs")
    x_name = say("GPUs (LUMI: modules).  │ = queue limit")
    y_name = say("Wall-clock time")

    def x_of(self, point: SeriesPoint) -> float:
        """GPUs as the access modes count them."""
        return point.gpus

    def y_of(self, point: SeriesPoint) -> Range:
        """Wall-clock seconds."""
        return point.seconds

    def x_interval(self, point: SeriesPoint) -> None:
        """A GPU count is chosen, not estimated."""

    # ------------------------------------------------------------ axes

    def spans(self, series: ChartSeries) -> tuple[Span, Span]:
        """All curves, the user's hardware and the deadline."""
        points = [point for one in series.machines if one.in_service for point in one.curve]
        points += [one.point for one in series.machines if one.point is not None and one.in_service]
        own = series.own.point if series.own is not None else None
        points += [own] if own is not None else []
        gpus = [point.gpus for point in points] or [4.0, 1024.0]
        seconds = [point.seconds.p50 for point in points] or [86400.0, 365 * 86400.0]
        if series.deadline_seconds is not None:
            seconds.append(series.deadline_seconds)
        chosen = series.chosen.curve if series.chosen is not None else ()
        low = min([*seconds, *(point.seconds.p10 for point in chosen)])
        high = max([*seconds, *(point.seconds.p90 for point in chosen)])
        return (min(gpus) / 1.35, max(gpus) * 1.5), (low / 1.25, high * 1.6)

    def ticks(self, x: Span, y: Span, pixels: tuple[float, float]) -> tuple[list[Tick], list[Tick]]:
        """Powers of two below, weeks, months and years at the left."""
        return gpu_ticks(*x, pixels[0]), time_ticks(*y, pixels[1], 24.0)

    # ------------------------------------------------------------ background

    def draw_background(self, series: ChartSeries) -> None:
        """The deadline, and the times that miss it shaded."""
        deadline, y = series.deadline_seconds, self.axes.get_ylim()
        if deadline is None:
            return
        look = self.look
        shade = self.axes.axhspan(deadline, y[1], color=look.palette.context)
        shade.set(alpha=0.10, linewidth=0.0, zorder=0.4)
        edge = self.axes.axhline(deadline, color=look.palette.text2)
        edge.set(linewidth=look.points(1.4), linestyle=(0.0, (4.0, 3.0)), zorder=1.3)
        self.add_background(shade)
        self.add_background(edge)

    # ------------------------------------------------------------ labels

    def labels(self, series: ChartSeries) -> Iterator[Label]:
        """Names at the lines; the chosen machine's GPUs at its mark."""
        yield from self._chosen_labels(series)
        if series.own is not None:
            yield self._own_label(series.own)
        yield from self._deadline_label(series)
        for one, point in self.shown_answers(series):
            if not one.is_chosen:
                yield self._machine_label(one, point)

    def _chosen_labels(self, series: ChartSeries) -> Iterator[Label]:
        chosen = series.chosen
        if chosen is None or chosen.point is None:
            return
        hue = self.look.hue(chosen.mark)
        at = self.to_pixels(chosen.point.gpus, chosen.point.seconds.p50)
        count = gpu_count(chosen, chosen.point)
        yield Label(chosen.machine_id, count, "chosen", hue, around(*at, self.pixels(9.0)), 0)
        if len(chosen.curve) > 1:
            yield Label("chosen-name", chosen.label, "chosen", hue, self._at_start(chosen, 7.0), 2)

    def _machine_label(self, one: MachineSeries, point: SeriesPoint) -> Label:
        at = self.to_pixels(point.gpus, point.seconds.p50)
        places = around(*at, self.pixels(6.0))
        if len(one.curve) > 1:
            ends = (
                text(say(", ends at {gpus}", gpus=Name(exact(one.curve[-1].gpus))))
                if one.ends_at_limit
                else ""
            )
            x, y = self.to_pixels(one.curve[-1].gpus, one.curve[-1].seconds.p50)
            gap = self.pixels(6.0)
            places = places[:NEAR_PLACES] + self._along(one) + places[NEAR_PLACES:]
            places += self._at_start(one, 5.0)
            places += (
                Place(x, y, gap, 0.0, "left", "center", ends),
                Place(x, y, -gap, -gap, "right", "top"),
            )
        name, rank, hue = name_on_chart(one), label_rank(one), self.look.hue(one.mark)
        return Label(one.machine_id, name, "machine", hue, places, rank, may_merge=one.in_service)

    def _along(self, one: MachineSeries) -> tuple[Place, ...]:
        """Places above the curve, nearest to the mark first: right of a falling line there is room."""
        gap = self.pixels(5.0)
        home = math.log(one.point.gpus) if one.point is not None else 0.0
        nearest = sorted(one.curve, key=lambda point: abs(math.log(point.gpus) - home))
        at = [self.to_pixels(point.gpus, point.seconds.p50) for point in nearest[1 : 1 + MOST_ALONG]]
        return tuple(Place(x, y, gap, 0.6 * gap, "left", "bottom") for x, y in at)

    def _at_start(self, one: MachineSeries, gap_pixels: float) -> tuple[Place, ...]:
        """Places at the upper end of a curve, where it has its fewest GPUs."""
        first, gap = one.curve[0], self.pixels(gap_pixels)
        x, y = self.to_pixels(first.gpus, first.seconds.p50)
        return (
            Place(x, y, gap, 0.0, "left", "bottom"),
            Place(x, y, -gap, 0.0, "right", "bottom"),
            Place(x, y, -gap, 0.0, "right", "center"),
            Place(x, y, 0.0, gap, "center", "bottom"),
        )

    def _own_label(self, own: MachineSeries) -> Label:
        palette = self.look.palette
        if own.point is None:
            x, y = self.corner(1.0, 1.0)
            gap = self.pixels(4.0)
            corner = tuple(Place(x, y, -gap, -gap * (1 + 4 * step), "right", "top") for step in range(3))
            return Label(OWN_ID, own_text(own), "own", palette.own, corner, 1)
        x, y = self.to_pixels(own.point.gpus, own.point.seconds.p50)
        gap = self.pixels(11.0)
        beside = (Place(x, y, gap, 0.0, "left", "center"), Place(x, y, -gap, 0.0, "right", "center"))
        return Label(OWN_ID, own_text(own), "own", palette.own, beside + around(x, y, self.pixels(9.0)), 1)

    def _deadline_label(self, series: ChartSeries) -> Iterator[Label]:
        deadline = series.deadline_seconds
        if deadline is None:
            return
        y = self.to_pixels(self.axes.get_xlim()[0], deadline)[1]
        gap = self.pixels(4.0)
        left, right = self.corner(0.0, 0.0)[0], self.corner(1.0, 0.0)[0]
        places = (
            Place(left, y, gap, -gap, "left", "top"),
            Place(right, y, -gap, gap, "right", "bottom"),
            Place(left, y, gap, gap, "left", "bottom"),
            Place(right, y, -gap, -gap, "right", "top"),
        )
        yield Label(
            "deadline",
            text(say("Deadline: {deadline}", deadline=Name(time_limit(deadline)))),
            "note",
            self.look.palette.text2,
            places,
            3,
        )
