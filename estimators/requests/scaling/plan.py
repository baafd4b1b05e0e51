"""The cheapest set of benchmark runs that would prove a request, and the mode that would pay for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import AccessMode, Machine
from estimators.planning.run import JOB_START_HOURS
from estimators.requests.results import ScalingRow, ScalingTest
from estimators.requests.scaling.table import ENOUGH, efficiency_at, reference_of
from estimators.words import NOTHING, Amount, Name, Said, say

WARM_UP_STEPS, TIMED_STEPS = 20, 50
"""Steps of one test: the first are cut, mean and median are taken of the others."""
LEAST_WARM_UP, LEAST_TIMED = 5, 20
WARM_UP_SECONDS, TIMED_SECONDS = 200.0, 500.0
"""Where steps are long, fewer of them last as long: caches are warm, and twenty still give a median."""
SECONDS_PER_MINUTE = 60.0
Kind = Literal["strong", "weak"]


def benchmark_runs(
    strong: Sequence[ScalingRow], weak: Sequence[ScalingRow], job_gpus: int | None, is_weak: bool
) -> tuple[ScalingTest, ...]:
    """Tests of every job size up to the job that has no measured point yet.

    Args:
        is_weak: Whether the request rests on weak scaling, so that both ladders are needed.
    """
    if job_gpus is None:
        return ()
    wanted: list[tuple[ScalingRow, Kind]] = [(row, "strong") for row in strong if row.gpus <= job_gpus]
    if is_weak:
        sizes = {(row.gpus, row.batch_samples) for row, _ in wanted}
        more = [row for row in weak if row.gpus <= job_gpus]
        wanted += [(row, "weak") for row in more if (row.gpus, row.batch_samples) not in sizes]
    base = reference_of(strong).gpus if strong else 0
    return tuple(
        _test(row, kind, _why(row.gpus, base, job_gpus, kind)) for row, kind in wanted if not row.measured
    )


def rests_on_weak(strong: Sequence[ScalingRow], weak: Sequence[ScalingRow], job_gpus: int | None) -> bool:
    """Whether the weak ladder is what justifies the job: measured, or enough where the strong one is not."""
    if any(row.measured for row in weak):
        return True
    return efficiency_at(strong, job_gpus) < ENOUGH <= efficiency_at(weak, job_gpus)


def steps_of_test(step_seconds: float) -> int:
    """Warm-up and timed steps of one test."""
    warm_up = min(max(math.ceil(WARM_UP_SECONDS / step_seconds), LEAST_WARM_UP), WARM_UP_STEPS)
    timed = min(max(math.ceil(TIMED_SECONDS / step_seconds), LEAST_TIMED), TIMED_STEPS)
    return warm_up + timed


def _test(row: ScalingRow, kind: Kind, why: Said) -> ScalingTest:
    steps = steps_of_test(row.step_seconds)
    hours = JOB_START_HOURS + steps * row.step_seconds / 3600.0
    return ScalingTest(
        gpus=row.gpus,
        nodes=row.nodes,
        steps=steps,
        minutes=hours * SECONDS_PER_MINUTE,
        node_hours=float(row.nodes) * hours,
        kind=kind,
        why=why,
    )


def _why(gpus: int, base: int, job_gpus: int, kind: Kind) -> Said:
    if gpus == job_gpus:
        return say("The job that the request asks for")
    if gpus == base:
        return say("Reference of the speed-up")
    if gpus < base and kind == "strong":
        return say("Shows what a smaller job costs")
    return say("Shows where efficiency falls") if kind == "strong" else say("Same batch on each GPU")


def paid_by(node_hours: int, machine: Machine, catalogue: Catalogue) -> tuple[Said, bool]:
    """The smallest mode with a fixed package on the machine that holds the tests, if there is one."""
    if node_hours == 0:
        return NOTHING, False
    name = machine.short_name or machine.name
    packages = [
        (mode, size)
        for mode in sorted(catalogue.access_modes.values(), key=lambda mode: mode.rank)
        if (size := package(mode, machine)) is not None
    ]
    place = Name(name)
    for mode, size in packages:
        if size >= node_hours:
            hours = Amount(size, form="fixed")
            gives = say(
                "{mode}: {hours} node-hours on {machine}", mode=Name(mode.name), hours=hours, machine=place
            )
            return gives, True
    if packages:
        mode, size = packages[-1]
        more = say(
            "More than {mode} gives on {machine} ({hours} node-hours)",
            mode=Name(mode.name),
            machine=place,
            hours=Amount(size, form="fixed"),
        )
        return more, False
    return say("No Benchmark or Development package is published for {machine}", machine=place), False


def package(mode: AccessMode, machine: Machine) -> int | None:
    """Node-hours of the mode's fixed package on a machine; None where it has none there."""
    fact = mode.node_hours_by_machine.get(machine.id)
    size = fact.value.get("fixed") if fact is not None and fact.value else None
    return None if size is None else int(size)
