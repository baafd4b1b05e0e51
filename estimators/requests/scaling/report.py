"""The scaling report of a campaign: tables, best job size, fit, and the tests that are missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue
from estimators.planning.defaults import batch_of
from estimators.planning.plausible import MeasuredStepError
from estimators.planning.prepare import RunError
from estimators.planning.records import RunSpec
from estimators.requests.campaign_results import Campaign
from estimators.requests.records import ScalingPoint
from estimators.requests.results import ScalingReport, ScalingRow
from estimators.requests.scaling.feed import measured_from_scaling, points_of
from estimators.requests.scaling.fit import fit_points
from estimators.requests.scaling.level import levelled
from estimators.requests.scaling.model import ModelledStep, modelled_steps
from estimators.requests.scaling.plan import benchmark_runs, paid_by, rests_on_weak
from estimators.requests.scaling.table import (
    cheapest_gpus,
    efficiency_at,
    ladder,
    measured_sizes,
    most_gpus,
    row_of,
    shares_evenly,
    table_of,
    usual_batch,
    weak_sizes,
)
from estimators.requests.scaling.words import (
    counted_noun,
    elsewhere_words,
    feed_words,
    fit_words,
    reference_words,
    undivided_words,
)
from estimators.words import NOTHING, Amount, Name, Said, say, together

Points = tuple[ScalingPoint, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """What the report is asked about.

    Attributes:
        spec: The main run on the machine, with the measured step that feeds it.
        plain: The same without a measured step.
        job_gpus: Devices of the main job; the largest measured size where it does not fit.
        elsewhere: Measured points of other machines.
    """

    campaign: Campaign
    catalogue: Catalogue
    calibration: Calibration | None
    spec: RunSpec
    plain: RunSpec
    job_gpus: int | None
    strong: Points
    weak: Points
    elsewhere: Points

    @property
    def job_batch(self) -> int:
        """Samples of a step of the main job, as its layout divides them; the plan's where it has none."""
        layout = self.campaign.main.answer.layout
        if layout is None:
            return batch_of(self.spec).samples
        return layout.data_parallel * layout.micro_batch * layout.micro_batches

    def steps(self, spec: RunSpec, sizes: Sequence[tuple[int, int]]) -> dict[tuple[int, int], ModelledStep]:
        """Modelled steps on the machine, without a measured step that no layout fits; none at worst."""
        if not sizes:
            return {}
        try:
            return modelled_steps(spec, self.campaign.machine, self.catalogue, sizes, self.calibration)
        except MeasuredStepError:
            return self.steps(self.plain, sizes)
        except RunError:
            return {}


def scaling_report(
    campaign: Campaign, catalogue: Catalogue, calibration: Calibration | None = None
) -> ScalingReport:
    """Scaling evidence of the main run on the machine asked for.

    Measured points of that machine stand as they are, other sizes are modelled; strong rows keep the global
    batch, weak rows the batch of each GPU. Points of other machines are listed apart.
    """
    question = _question(campaign, catalogue, calibration)
    strong, weak = _strong(question), _weak(question)
    job = question.job_gpus
    tests = benchmark_runs(strong, weak, job, rests_on_weak(strong, weak, job))
    node_hours = math.ceil(sum(test.node_hours for test in tests))
    mode, is_paid = paid_by(node_hours, campaign.machine, catalogue)
    return ScalingReport(
        strong=strong,
        weak=weak,
        measured_here=len(question.strong) + len(question.weak),
        efficiency_at_job=efficiency_at(strong, campaign.main.answer.gpus),
        best_gpus=cheapest_gpus(strong),
        fit=_words(question, strong),
        plan=tests,
        plan_node_hours=node_hours,
        paid_by=mode,
        is_paid=is_paid,
        most_gpus=most_gpus(strong),
        elsewhere=_elsewhere(question),
    )


def _question(campaign: Campaign, catalogue: Catalogue, calibration: Calibration | None) -> _Question:
    line, machine = campaign.main, campaign.machine
    run = replace(line.run, spec=replace(line.run.spec, machine=machine.id))
    points = points_of(campaign.spec.scaling, run, is_main=True)
    here = [point for point in points if point.machine == machine.id]
    job = line.answer.gpus or max((point.gpus for point in here), default=None)
    sized = replace(run, role="main", spec=replace(run.spec, gpus=job))
    measured = run.spec.measured or measured_from_scaling(points, sized)
    return _Question(
        campaign=campaign,
        catalogue=catalogue,
        calibration=calibration,
        spec=replace(run.spec, measured=measured),
        plain=replace(run.spec, measured=None),
        job_gpus=job,
        strong=tuple(point for point in here if point.kind == "strong"),
        weak=tuple(point for point in here if point.kind == "weak"),
        elsewhere=tuple(point for point in points if point.machine != machine.id),
    )


def _strong(question: _Question) -> tuple[ScalingRow, ...]:
    """The strong table: one global batch, that of the measured points where there are any."""
    batch = usual_batch(question.strong) if question.strong else question.job_batch
    job = question.job_gpus
    counts = [n for n in _counts(question, question.strong) if n == job or shares_evenly(batch, n)]
    return _table(question, question.strong, [(gpus, batch) for gpus in counts])


def _weak(question: _Question) -> tuple[ScalingRow, ...]:
    """The weak table: one batch for each GPU, that of the largest measured point or of the job."""
    if question.weak:
        largest = max(question.weak, key=lambda point: point.gpus)
        each = Fraction(largest.batch_samples, largest.gpus)
    elif question.job_gpus:
        each = Fraction(question.job_batch, question.job_gpus)
    else:
        return ()
    return _table(question, question.weak, weak_sizes(_counts(question, question.weak), each))


def _table(question: _Question, points: Points, sizes: Sequence[tuple[int, int]]) -> tuple[ScalingRow, ...]:
    """Measured points, and modelled ones brought to their level."""
    steps = question.steps(question.spec, sizes)
    measured = measured_sizes(points)
    if measured:
        beside = [(size.gpus, size.batch_samples) for size in measured]
        steps = levelled(steps, question.steps(question.plain, [*sizes, *beside]), measured)
    return table_of(points, steps, question.campaign.machine)


def _counts(question: _Question, points: Points) -> tuple[int, ...]:
    """The ladder without the sizes that are measured."""
    if question.job_gpus is None:
        return ()
    known = {point.gpus for point in points}
    return tuple(n for n in ladder(question.campaign.machine, question.job_gpus) if n not in known)


def _elsewhere(question: _Question) -> tuple[tuple[str, ScalingRow], ...]:
    """Strong points of other machines, each machine against its own smallest."""
    rows: list[tuple[str, ScalingRow]] = []
    for name in dict.fromkeys(point.machine for point in question.elsewhere):
        machine = question.catalogue.machines.get(name, question.campaign.machine)
        for kind in ("strong", "weak"):
            own = [point for point in question.elsewhere if point.machine == name and point.kind == kind]
            sizes = measured_sizes(own)
            rows += [(name, row_of(size, sizes[0], machine)) for size in sizes]
    return tuple(rows)


def _words(question: _Question, strong: tuple[ScalingRow, ...]) -> Said:
    """What the measured points say, and what they do to the estimate."""
    machine = question.campaign.machine
    batch = usual_batch(question.strong) if question.strong else 0
    same = [(p.gpus, p.step_seconds) for p in question.strong if p.batch_samples == batch]
    measured = len(question.strong) + len(question.weak)
    noun = counted_noun(machine, question.catalogue)
    parts = [fit_words(fit_points(same), same, measured, question.job_gpus, machine, noun)]
    planned = batch_of(question.spec).samples
    parts.append(undivided_words(planned, question.job_batch, question.job_gpus, noun))
    if batch and batch != planned:
        parts.append(
            say(
                "Strong points have a batch of {n} samples, the plan has {planned}.",
                n=Amount(batch, form="general", digits=15),
                planned=Amount(planned, form="general", digits=15),
            )
        )
    parts.append(reference_words(strong, noun))
    parts.append(_feed(question, noun))
    parts.append(elsewhere_words({p.machine for p in question.elsewhere}, machine, question.catalogue))
    return together(*parts)


def _feed(question: _Question, noun: str) -> Said:
    """What the measured step does to the main job's step."""
    measured, job = question.spec.measured, question.job_gpus
    if measured is None or job is None:
        return NOTHING
    size = (job, question.job_batch)
    before = question.steps(question.plain, [size]).get(size)
    after = question.steps(question.spec, [size]).get(size)
    if before is None or after is None or after == before:
        return say(
            "The point at {n} {devices} cannot feed the estimate: no layout fits it.",
            n=Amount(measured.gpus, form="fixed"),
            devices=Name(noun),
        )
    return feed_words(measured, before, after, noun)
