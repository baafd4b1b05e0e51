"""Which points and machines the charts put first, and what they count as one GPU, on made-up answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.present.chart_series import SeriesPoint, chart_series, pareto_front, queue_limit_devices
from estimators import load_catalogue
from estimators.planning.records import CurvePoint, MachineAnswer
from estimators.quantity import Fact, Range
from tests.charts.fakes import MACHINES, WEEK, comparison, machine, series_of

LUMI, LEONARDO = MACHINES[:2]


def skewed(p50: float, p90: float) -> Range:
    return Range(p50, p50, p50, p90)


def point(seconds: Range | float, hours: Range | float) -> SeriesPoint:
    ranges = [one if isinstance(one, Range) else skewed(one, one) for one in (seconds, hours)]
    return SeriesPoint(4, 4.0, *ranges)


def test_that_the_front_is_judged_by_the_middle_of_time_and_cost() -> None:
    # the fast one may take long and the slow one is sure: the middle counts
    fast, slow = point(skewed(10.0, 100.0), 5.0), point(skewed(20.0, 30.0), 3.0)
    assert pareto_front([slow, fast]) == (fast, slow)
    # 3.5 hours are no gain over 3, however cheap they may turn out, or dear the 3
    dear = point(20.0, skewed(3.0, 9.0))
    assert pareto_front([point(30.0, Range(0.1, 3.5, 3.5, 3.5)), dear]) == (dear,)
    assert pareto_front([point(30.0, Range(3.5, 3.5, 3.5, 1.0)), dear]) == (dear,)
    # of two that are as fast the cheaper one stays, whatever their P90
    sure, cheap = point(10.0, skewed(5.0, 6.0)), point(10.0, skewed(4.0, 9.0))
    assert pareto_front([sure, cheap]) == (cheap,)


def answer(place: int, hours: Range, **changes: Any) -> MachineAnswer:
    """The run on one of the machines for a day."""
    given = {
        "machine": machine(MACHINES[place]),
        "fits": True,
        "meets_deadline": True,
        "gpus": 8,
        "seconds": skewed(86_400.0, 90_000.0),
        "gpu_hours": hours,
    }
    return MachineAnswer(**{**given, **changes})


def test_that_machines_follow_by_what_they_can_do_and_then_by_cost() -> None:
    coming = machine(MACHINES[4], "coming")
    found = chart_series(
        replace(
            comparison(chosen="lumi-g"),
            answers=(
                answer(5, skewed(10.0, 10.0), fits=False, gpus=None, seconds=None, gpu_hours=None),
                answer(4, skewed(20.0, 20.0), machine=coming),
                answer(3, skewed(30.0, 30.0), meets_deadline=False),
                answer(2, skewed(60.0, 61.0)),
                answer(1, skewed(50.0, 70.0), meets_deadline=None),
                answer(0, skewed(99.0, 99.0)),
            ),
        ),
        "lumi-g",
    )
    order = [one.machine_id for one in found.machines]
    ids = [row[0] for row in MACHINES]
    # the chosen one; by its middle the fifth costs less; the one that is late; those that cannot be had
    assert order == [ids[0], ids[1], ids[2], ids[3], ids[4], ids[5]]
    assert [one.is_chosen for one in found.machines] == [True] + [False] * 5
    assert found.own is not None
    assert not found.own.is_chosen
    assert found.deadline_seconds == 2 * WEEK


def test_that_an_answer_far_from_the_evidence_is_marked() -> None:
    near, far = answer(1, skewed(1.0, 1.0)), answer(2, skewed(2.0, 2.0), evidence="far")
    found = chart_series(replace(comparison(), answers=(near, far)), None)
    assert [one.far_from_evidence for one in found.machines] == [False, True]


@pytest.mark.parametrize(
    ("devices", "modules", "together"),
    [
        (8, 2.0, 4),  # a card of four dies
        (2, 1.0, 2),
        (8, 8.0, 1),
        (1, 4.0, 1),  # never less than a device
        (8, 0.0, 1),  # no hours say nothing
        (None, None, 1),
    ],
)
def test_that_devices_of_a_gpu_are_read_from_the_hours(
    devices: int | None, modules: float | None, together: int
) -> None:
    hours = None if modules is None else skewed(24.0 * modules, 48.0 * modules)
    known = {} if modules is not None else {"fits": False, "seconds": None}
    one = answer(0, hours, gpus=devices, **known)  # type: ignore[arg-type]
    found = series_of(chart_series(replace(comparison(), answers=(one,)), None), LUMI[0])
    assert found is not None
    assert found.devices_per_gpu == together


def test_that_the_catalogue_goes_before_the_hours() -> None:
    gcd = load_catalogue().gpus["mi250x-gcd"]
    place = msgspec.structs.replace(machine(LUMI), gpu=gcd.id)
    one = answer(0, skewed(24.0 * 8, 24.0 * 8), machine=place)
    found = chart_series(replace(comparison(), answers=(one,)), None, gpus={gcd.id: gcd}).machines[0]
    assert (found.devices_per_gpu, found.point.gpus if found.point else None) == (2, 4.0)


def test_that_a_curve_ends_at_the_limit_where_the_next_count_would_cross_it() -> None:
    # the queue takes 256 nodes of four; the next count is at most half as large again
    def ends(nodes: int) -> bool:
        curve = (CurvePoint(4 * nodes, skewed(1.0, 1.0), skewed(1.0, 1.0)),)
        one = answer(1, skewed(1.0, 1.0), curve=curve)
        return chart_series(replace(comparison(), answers=(one,)), None).machines[0].ends_at_limit

    assert (ends(170), ends(171)) == (False, True)


def test_that_the_widest_queue_is_the_limit() -> None:
    (normal,) = machine(LEONARDO).queues
    large = msgspec.structs.replace(normal, name="large", kind="large", max_nodes=Fact(512.0, "count"))
    wide = msgspec.structs.replace(machine(LEONARDO), queues=(large, normal))
    assert queue_limit_devices(wide) == 4 * 512
