"""What the series hold, apart from any drawing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.present.chart_series import (
    OWN_ID,
    ChartSeries,
    SeriesPoint,
    chart_series,
    pareto_front,
    queue_limit_devices,
    with_plans_mode,
)
from estimators.catalogue.records import Gpu
from estimators.quantity import Fact, Range
from tests.charts.fakes import MACHINES, access_modes, comparison, machine, series_of, without

positive = st.floats(1.0, 1e9)


def point(seconds: float, hours: float) -> SeriesPoint:
    return SeriesPoint(4, 4.0, Range(*4 * [seconds]), Range(*4 * [hours]))


points = st.lists(st.builds(point, positive, positive), max_size=60)


def beats(a: SeriesPoint, b: SeriesPoint) -> bool:
    """Better in one of time and cost, and not worse in the other."""
    faster, cheaper = a.seconds.p50 <= b.seconds.p50, a.gpu_hours.p50 <= b.gpu_hours.p50
    return faster and cheaper and (a.seconds.p50 < b.seconds.p50 or a.gpu_hours.p50 < b.gpu_hours.p50)


@given(points)
def test_that_no_point_beats_one_of_the_pareto_front(cloud: list[SeriesPoint]) -> None:
    assert not any(beats(other, chosen) for chosen in pareto_front(cloud) for other in cloud)


@given(points)
def test_that_every_point_off_the_front_is_beaten_or_equalled_by_one_on_it(cloud: list[SeriesPoint]) -> None:
    front = pareto_front(cloud)
    for other in cloud:
        same = any(
            f.seconds.p50 == other.seconds.p50 and f.gpu_hours.p50 == other.gpu_hours.p50 for f in front
        )
        assert same or any(beats(f, other) for f in front)


@given(points)
def test_that_the_front_trades_time_for_cost_all_along(cloud: list[SeriesPoint]) -> None:
    front = pareto_front(cloud)
    assert all(
        a.seconds.p50 < b.seconds.p50 and a.gpu_hours.p50 > b.gpu_hours.p50 for a, b in pairwise(front)
    )


def test_that_own_hardware_and_coming_machines_stay_off_the_front(series: ChartSeries) -> None:
    in_service = {p for one in series.machines if one.in_service for p in one.curve}
    assert series.front
    assert set(series.front) <= in_service


def test_that_the_chosen_machine_has_rank_zero_and_the_rest_follow_by_cost(series: ChartSeries) -> None:
    assert series.machines[0].is_chosen
    assert series.machines[0].machine_id == "leonardo-booster"
    in_time = [one for one in series.machines[1:] if one.meets_deadline and one.point is not None]
    costs = [one.point.gpu_hours.p50 for one in in_time if one.point is not None]
    assert costs == sorted(costs)
    assert [one.rank for one in series.machines] == list(range(len(series.machines)))


def test_that_another_choice_needs_no_new_comparison() -> None:
    series = chart_series(comparison(), "lumi-g", access_modes())
    assert series.chosen is not None
    assert series.chosen.label == "LUMI-G"


def test_that_lumi_is_counted_in_modules_with_and_without_the_catalogue() -> None:
    whole = comparison()
    lumi = series_of(chart_series(whole, None), "lumi-g")
    assert lumi is not None
    assert lumi.point is not None
    assert lumi.devices_per_gpu == 2
    assert lumi.point.gpus * 2 == lumi.point.devices
    gcd = Gpu(
        id="mi250x-gcd", name="MI250X", family="cdna", vendor="amd", memory=Fact(64.0, "GB"),
        memory_bandwidth=Fact(1600.0, "GB/s"), peak={}, link_bandwidth=Fact(200.0, "GB/s"),
        power=Fact(280.0, "W"), compute_units=Fact(110.0, "count"), devices_per_module=2,
    )  # fmt: skip
    answers = tuple(
        replace(a, machine=_with_gpu(a.machine, "mi250x-gcd")) if a.machine.id == "lumi-g" else a
        for a in whole.answers
    )
    known = series_of(chart_series(replace(whole, answers=answers), None, (), {"mi250x-gcd": gcd}), "lumi-g")
    assert known is not None
    assert known.devices_per_gpu == 2
    assert known.point == lumi.point


def _with_gpu(record, gpu_id):
    import msgspec

    return msgspec.structs.replace(record, gpu=gpu_id)


def test_that_access_modes_without_bounds_in_gpu_hours_are_left_out(series: ChartSeries) -> None:
    assert [mode.name for mode in series.modes] == ["Playground", "Fast Lane", "Large Scale"]
    marked = with_plans_mode(series, "fast-lane")
    assert [mode.is_plans_mode for mode in marked.modes] == [False, True, False]
    assert not any(mode.is_plans_mode for mode in with_plans_mode(marked, None).modes)


def test_that_the_gap_between_playground_and_fast_lane_is_named(series: ChartSeries) -> None:
    assert [(gap.low_gpu_hours, gap.high_gpu_hours) for gap in series.gaps] == [(5_000.0, 10_000.0)]


def test_that_the_queue_limit_counts_devices_of_production_queues_only() -> None:
    karolina = machine(MACHINES[5])
    assert queue_limit_devices(karolina) == 72 * 8
    assert queue_limit_devices(machine(MACHINES[6])) is None


@pytest.mark.parametrize(("machine_id", "ends"), [("leonardo-booster", True), ("vega-gpu", False)])
def test_that_a_curve_ends_at_the_queue_only_where_the_limit_is_known(machine_id: str, ends: bool) -> None:
    one = series_of(chart_series(comparison(), None), machine_id)
    assert one is not None
    assert one.ends_at_limit is ends


def test_that_own_hardware_is_named_with_its_count(series: ChartSeries) -> None:
    own = series_of(series, OWN_ID)
    assert own is not None
    assert own.label == "Your 4 × RTX 4090"
    assert own.is_own


def test_that_machines_that_do_not_fit_keep_their_reason() -> None:
    one = series_of(chart_series(without(comparison(), "vega-gpu"), None), "vega-gpu")
    assert one is not None
    assert one.point is None
    assert one.curve == ()
    assert "40 GiB" in one.reason
