"""Evidence that the job size is worth it: measured scaling, efficiency, best-cost size."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.requests.findings.case import (
    REVIEWERS,
    Case,
    Passed,
    Rule,
    counted,
    grouped,
    percent_words,
    short,
)
from estimators.requests.results import Finding, Fix, ScalingRow, ScalingTest

LEAST_EFFICIENCY = 0.70
"""What reviewers ask of a job, against one node."""
WORTH_SAVING = 0.05
"""A cheaper job size is named where it saves a twentieth or more: a judgement."""


def scaling_evidence(case: Case) -> Iterator[Finding]:
    """Scaling is measured on the machine asked for."""
    report = case.scaling
    if report.measured_here:
        return
    points = case.campaign.spec.scaling
    if points:
        names = ", ".join(dict.fromkeys(_name(case, point.machine) for point in points))
        title = f"Scaling was measured on {names}, not on {case.machine_name}"
        figure = f"{counted(len(points), 'point', 'points')} on {names}"
    else:
        title, figure = "Scaling is modelled, not measured", "no measured point"
    hours = counted(report.plan_node_hours, "node-hour", "node-hours")
    proof = f" {hours} of tests would prove {_span(report.plan)} GPUs." if report.plan else ""
    yield Finding(
        rule="scaling-evidence",
        severity="warn",
        title=title,
        why=f"Reviewers ask for scaling on the same or a like machine.{proof}{_paid(report.paid_by)}",
        figure=figure,
        limit=f"measured on {case.machine_name}",
        source=REVIEWERS,
    )


def _name(case: Case, machine: str) -> str:
    found = case.catalogue.machines.get(machine) or case.catalogue.systems.get(machine)
    return found.name if found is not None else "your own hardware"


def _span(tests: tuple[ScalingTest, ...]) -> str:
    counts = sorted({test.gpus for test in tests})
    return grouped(counts[0]) if len(counts) == 1 else f"{grouped(counts[0])} to {grouped(counts[-1])}"


def _paid(mode: str) -> str:
    if not mode or mode.startswith("No "):
        return f" {mode}." if mode else ""
    return f" {mode} would pay for them."


def _evidence_passed(case: Case) -> Passed | None:
    count = counted(case.scaling.measured_here, "measured point", "measured points")
    return Passed(f"{count} on {case.machine_name}", source="Your input")


def efficiency(case: Case) -> Iterator[Finding]:
    """The main job keeps at least 70 % of the speed of one node for each GPU."""
    report = case.scaling
    gpus = case.campaign.main.answer.gpus
    if gpus is None or not report.efficiency_at_job < LEAST_EFFICIENCY:
        return
    most = report.most_gpus
    better = most if most is not None and most < gpus else None
    measured = "measured" if report.measured_here else "modelled"
    yield Finding(
        rule="efficiency",
        severity="warn",
        title=(
            f"{percent_words(report.efficiency_at_job)} efficiency on {grouped(gpus)} GPUs, "
            f"reviewers ask for {percent_words(LEAST_EFFICIENCY)}"
        ),
        why=f"Strong scaling, {measured}. A smaller job wastes less; weak scaling counts if the batch grows.",
        figure=percent_words(report.efficiency_at_job),
        limit=f"{percent_words(LEAST_EFFICIENCY)} or more",
        source=REVIEWERS,
        fix=None
        if better is None
        else Fix(f"Take {grouped(better)} GPUs", "gpus", better, case.campaign.main.run.id),
        run_id=case.campaign.main.run.id,
    )


def _efficiency_passed(case: Case) -> Passed | None:
    value, gpus = case.scaling.efficiency_at_job, case.campaign.main.answer.gpus
    if gpus is None or value != value:
        return None
    words = f"{percent_words(value)} on {grouped(gpus)} GPUs"
    if not case.scaling.measured_here:
        words += ", modelled"
    return Passed(words, percent_words(value), f"{percent_words(LEAST_EFFICIENCY)} or more", source=REVIEWERS)


def best_cost(case: Case) -> Iterator[Finding]:
    """The main job has the size that costs the fewest GPU-hours."""
    report, line = case.scaling, case.campaign.main
    gpus, best = line.answer.gpus, report.best_gpus
    if gpus is None or best is None or best == gpus:
        return
    here, there = _row(report.strong, gpus), _row(report.strong, best)
    if here is None or there is None:
        return
    saved = 1.0 - _cost(there) / _cost(here)
    slower = there.step_seconds / here.step_seconds
    if saved < WORTH_SAVING or not _ends_in_time(case, slower):
        return
    yield Finding(
        rule="best-cost",
        severity="info",
        title=(
            f"{grouped(best)} GPUs would save {percent_words(saved)} of the hours, "
            f"in {short(slower)} times the time"
        ),
        why="Reviewers praise the best-cost job size; name the deadline where you need the larger one.",
        figure=counted(gpus, "GPU", "GPUs"),
        limit=f"best cost at {counted(best, 'GPU', 'GPUs')}",
        source=REVIEWERS,
        fix=Fix(f"Take {grouped(best)} GPUs", "gpus", best, line.run.id),
        run_id=line.run.id,
    )


def _ends_in_time(case: Case, slower: float) -> bool:
    """Whether the project still holds its runs when the main one takes so many times as long."""
    campaign = case.campaign
    main = next((bar for bar in campaign.bars if bar.run_id == campaign.main.run.id), None)
    if main is None:
        return False
    last = max(bar.end_day for bar in campaign.bars)
    more = (main.end_day - main.start_day) * (slower - 1.0)
    return last + more <= (campaign.end - campaign.start).days + 1


def _row(rows: tuple[ScalingRow, ...], gpus: int) -> ScalingRow | None:
    return next((row for row in rows if row.gpus == gpus), None)


def _cost(row: ScalingRow) -> float:
    """GPU-seconds of a sample."""
    return row.gpus / row.samples_per_second


def _best_cost_passed(case: Case) -> Passed | None:
    if case.scaling.best_gpus is None or case.campaign.main.answer.gpus is None:
        return None
    gpus, best = case.campaign.main.answer.gpus, case.scaling.best_gpus
    words = f"{counted(gpus, 'GPU', 'GPUs')}, lowest cost of all that end in time"
    if gpus != best:
        words = f"{counted(gpus, 'GPU', 'GPUs')}; {grouped(best)} would save little or end too late"
    return Passed(words, source=REVIEWERS)


RULES = (
    Rule("scaling-evidence", "Scaling evidence", scaling_evidence, _evidence_passed),
    Rule("efficiency", "Efficiency", efficiency, _efficiency_passed),
    Rule("best-cost", "Best-cost size", best_cost, _best_cost_passed),
)
