"""The charts show the numbers of the answer, not others: values of the made-up comparison, worked by hand."""

from __future__ import annotations

import math

import pytest

from app.charts.gpu_hours_against_days import GpuHoursAgainstDaysChart
from app.charts.style import Look
from app.charts.time_against_gpus import TimeAgainstGpusChart
from app.present.chart_series import chart_series, mode_bounds, mode_gaps
from app.present.palette import LIGHT
from tests.charts.conftest import figure_of
from tests.charts.fakes import GIB, access_modes, comparison, series_of

PER_GPU = {"lumi-g": 2}
"""Two GCDs are one GPU; elsewhere a device is one."""


def test_that_every_mark_and_curve_holds_the_numbers_of_its_answer() -> None:
    whole = comparison()
    series = chart_series(whole, None, access_modes())
    for answer in (*whole.answers[:10], whole.own):
        shown = series_of(series, "own" if answer.is_own else answer.machine.id)
        assert shown is not None
        assert shown.point is not None
        ratio = PER_GPU.get(shown.machine_id, 1)
        assert (shown.point.devices, shown.point.gpus) == (answer.gpus, answer.gpus / ratio)
        assert (shown.point.seconds, shown.point.gpu_hours) == (answer.seconds, answer.gpu_hours)
        assert [(p.devices, p.gpus) for p in shown.curve] == [(p.gpus, p.gpus / ratio) for p in answer.curve]
        costs = [(p.seconds, p.gpu_hours) for p in answer.curve]
        assert [(p.seconds, p.gpu_hours) for p in shown.curve] == costs
        assert shown.memory_bytes == 51 * GIB
        assert (shown.memory_limit_bytes, shown.memory_capacity_bytes) == (60 * GIB, 64 * GIB)


def test_that_the_queue_limit_counts_gpus_as_the_axis_does() -> None:
    series = chart_series(comparison(), None)
    limits = {one.machine_id: one.queue_limit_gpus for one in series.machines}
    assert limits["lumi-g"] == 1024 * 8 / 2
    assert limits["leonardo-booster"] == 256 * 4
    assert limits["vega-gpu"] is None


def test_that_modes_and_gaps_stand_at_their_bounds() -> None:
    bounds = mode_bounds(access_modes())
    spans = [(one.mode_id, one.low_gpu_hours, one.high_gpu_hours) for one in bounds]
    assert spans[1] == ("fast-lane", 10_000.0, 50_000.0)
    assert (spans[0][2], spans[2][1]) == (5_000.0, 50_000.0)
    assert math.isnan(spans[0][1])
    assert math.isnan(spans[2][2])
    assert [(gap.low_gpu_hours, gap.high_gpu_hours) for gap in mode_gaps(bounds)] == [(5_000.0, 10_000.0)]


@pytest.mark.parametrize("kind", [GpuHoursAgainstDaysChart, TimeAgainstGpusChart])
def test_that_marks_are_drawn_where_the_answer_is(kind: type) -> None:
    series = chart_series(comparison(), None, access_modes())
    chart = kind(figure_of(690, 400), Look(LIGHT))
    chart.show(series)
    for shown in (one for one in series.machines if one.point is not None):
        point = shown.point
        wanted = (
            (point.seconds.p50, point.gpu_hours.p50)
            if kind is GpuHoursAgainstDaysChart
            else (point.gpus, point.seconds.p50)
        )
        drawn = [xy for line in chart.axes.lines for xy in zip(*line.get_data(), strict=True)]
        drawn += [xy for marks in chart.axes.collections for xy in marks.get_offsets()]
        assert any(tuple(map(float, xy)) == pytest.approx(wanted) for xy in drawn), shown.machine_id
