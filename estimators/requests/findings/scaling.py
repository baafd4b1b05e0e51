"""Evidence that the job size is worth it: measured scaling, efficiency, best-cost size."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.requests.findings.case import (
    REVIEWERS,
    YOUR_INPUT,
    Case,
    Passed,
    Rule,
    count,
    gpus_words,
    grouped,
    percent_words,
    short,
)
from estimators.requests.results import Finding, Fix, ScalingReport, ScalingRow, ScalingTest
from estimators.words import NOTHING, Listed, Name, Said, Span, Value, say, say_many, together

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
        names = Listed(tuple(dict.fromkeys(_name(case, point.machine) for point in points)), "")
        title = say(
            "Scaling was measured on {machines}, not on {machine}",
            machines=names,
            machine=Name(case.machine_name),
        )
        figure = say_many(
            "{n} point on {machines}",
            "{n} points on {machines}",
            len(points),
            n=count(len(points)),
            machines=names,
        )
    else:
        title, figure = say("Scaling is modelled, not measured"), say("no measured point")
    hours = say_many(
        "{n} node-hour", "{n} node-hours", report.plan_node_hours, n=count(report.plan_node_hours)
    )
    proof = NOTHING
    if report.plan:
        proof = say("{hours} of tests would prove {gpus} GPUs.", hours=hours, gpus=_span(report.plan))
    yield Finding(
        rule="scaling-evidence",
        severity="warn",
        title=title,
        why=together(say("Reviewers ask for scaling on the same or a like machine."), proof, _paid(report)),
        figure=figure,
        limit=say("measured on {machine}", machine=Name(case.machine_name)),
        source=REVIEWERS,
    )


def _name(case: Case, machine: str) -> Value:
    found = case.catalogue.machines.get(machine) or case.catalogue.systems.get(machine)
    return Name(found.name) if found is not None else say("your own hardware")


def _span(tests: tuple[ScalingTest, ...]) -> Value:
    counts = sorted({test.gpus for test in tests})
    return grouped(counts[0]) if len(counts) == 1 else Span(counts[0], counts[-1], form="fixed")


def _paid(report: ScalingReport) -> Said:
    """Which mode would pay for the tests, or that none would."""
    if not report.paid_by:
        return NOTHING
    if report.is_paid:
        return say("{mode} would pay for them.", mode=report.paid_by)
    return say("{reason}.", reason=report.paid_by)


def _evidence_passed(case: Case) -> Passed | None:
    words = say_many(
        "{n} measured point on {machine}",
        "{n} measured points on {machine}",
        case.scaling.measured_here,
        n=count(case.scaling.measured_here),
        machine=Name(case.machine_name),
    )
    return Passed(words, source=YOUR_INPUT)


def efficiency(case: Case) -> Iterator[Finding]:
    """The main job keeps at least 70 % of the speed of one node for each GPU."""
    report = case.scaling
    gpus = case.campaign.main.answer.gpus
    if gpus is None or not report.efficiency_at_job < LEAST_EFFICIENCY:
        return
    most = report.most_gpus
    better = most if most is not None and most < gpus else None
    measured = say("measured") if report.measured_here else say("modelled")
    yield Finding(
        rule="efficiency",
        severity="warn",
        title=say(
            "{efficiency} efficiency on {gpus} GPUs, reviewers ask for {least}",
            efficiency=percent_words(report.efficiency_at_job),
            gpus=grouped(gpus),
            least=percent_words(LEAST_EFFICIENCY),
        ),
        why=say(
            "Strong scaling, {measured}. A smaller job wastes less; weak scaling counts if the batch grows.",
            measured=measured,
        ),
        figure=percent_words(report.efficiency_at_job),
        limit=say("{least} or more", least=percent_words(LEAST_EFFICIENCY)),
        source=REVIEWERS,
        fix=None
        if better is None
        else Fix(say("Take {n} GPUs", n=grouped(better)), "gpus", better, case.campaign.main.run.id),
        run_id=case.campaign.main.run.id,
    )


def _efficiency_passed(case: Case) -> Passed | None:
    value, gpus = case.scaling.efficiency_at_job, case.campaign.main.answer.gpus
    if gpus is None or value != value:
        return None
    words = say("{efficiency} on {gpus} GPUs", efficiency=percent_words(value), gpus=grouped(gpus))
    if not case.scaling.measured_here:
        words = say(
            "{efficiency} on {gpus} GPUs, modelled", efficiency=percent_words(value), gpus=grouped(gpus)
        )
    return Passed(
        words,
        percent_words(value),
        say("{least} or more", least=percent_words(LEAST_EFFICIENCY)),
        source=REVIEWERS,
    )


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
        title=say(
            "{best} GPUs would save {saved} of the hours, in {slower} times the time",
            best=grouped(best),
            saved=percent_words(saved),
            slower=short(slower),
        ),
        why=say("Reviewers praise the best-cost job size; name the deadline where you need the larger one."),
        figure=gpus_words(gpus),
        limit=say("best cost at {gpus}", gpus=gpus_words(best)),
        source=REVIEWERS,
        fix=Fix(say("Take {n} GPUs", n=grouped(best)), "gpus", best, line.run.id),
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
    words = say(
        "{gpus}, lowest cost of all that end in time",
        gpus=gpus_words(gpus),
    )
    if gpus != best:
        words = say(
            "{gpus}; {best} would save little or end too late",
            gpus=gpus_words(gpus),
            best=grouped(best),
        )
    return Passed(words, source=REVIEWERS)


RULES = (
    Rule("scaling-evidence", say("Scaling evidence"), scaling_evidence, _evidence_passed),
    Rule("efficiency", say("Efficiency"), efficiency, _efficiency_passed),
    Rule("best-cost", say("Best-cost size"), best_cost, _best_cost_passed),
)
