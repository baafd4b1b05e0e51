"""From the plan's words to the terms of the science: one run of a plan as a `RunSpec`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.plan.check import problems
from app.plan.errors import PlanError, did_you_mean
from app.plan.samples import run_model, run_sample
from app.plan.schema import DEFAULT_SOFTWARE, LayoutInput, MeasuredStepInput, Plan, RunInput
from estimators.catalogue.load import Catalogue
from estimators.planning.defaults import batch_of
from estimators.planning.records import LayoutChoice, MeasuredStep, OwnHardware, RunSpec
from estimators.quantity import SECONDS_PER_DAY
from estimators.words import Listed, Name, say, together
from estimators.workloads.methods import METHODS

if TYPE_CHECKING:  # a plan without scaling tests is resolved before the first paint
    from estimators.requests.records import ScalingPoint

SIDE_RUN_DAYS = {"test": 0.5, "evaluation": 1.0, "ablation": 7.0, "sweep": 7.0, "tuning": 7.0}
"""Runs beside the main one are sized to end within so many days where the plan names no number of GPUs."""


def run_spec(plan: Plan, catalogue: Catalogue, run_id: str | None = None) -> RunSpec:
    """One run of a plan, ready for `estimators.compare`.

    Args:
        plan: The document.
        catalogue: Where model, machine and GPU are looked up.
        run_id: Which run; None takes the first.

    Raises:
        PlanError: The plan has no such run, or an input cannot be used.
    """
    found = problems(plan, catalogue)
    if found:
        raise PlanError(found[0].located())
    return spec_of(plan, _run(plan, run_id), catalogue)


def spec_of(plan: Plan, run: RunInput, catalogue: Catalogue) -> RunSpec:
    """One run of a plan that has no problems, cut to its share of the data.

    A run that sees part of the data keeps the batch of the full one, as tests and ablations do.
    """
    model = run_model(run, catalogue)
    sample = run_sample(run, model, catalogue)
    positions = model.positions(sample)
    days = deadline_days(plan, run)
    full = RunSpec(
        model=model,
        method=METHODS[run.workload.method].method,
        samples=samples_of_pass(run, positions),
        sample=sample,
        passes=float(run.data.passes),
        global_batch_samples=global_batch_samples(run, positions),
        precision=run.workload.precision,
        software=run.software or DEFAULT_SOFTWARE,
        predicted_ahead=model.prediction_blocks if run.workload.multi_token_prediction else 0,
        machine=plan.target.machine,
        deadline_seconds=None if days is None else days * SECONDS_PER_DAY,
        gpus=run.gpus,
        layout=_layout(run.layout),
        own=OwnHardware(gpu=plan.own_hardware.gpu, gpus=plan.own_hardware.gpus),
        measured=_measured(run.measured_step),
    )
    if full.measured is None and plan.campaign.scaling:
        full = replace(full, measured=_measured_in_scaling(plan, run, full))
    if run.share == 1:
        return full
    samples = max(1.0, full.samples * run.share)
    batch = min(batch_of(full).samples, max(1, round(samples * full.passes)))
    return replace(full, samples=samples, global_batch_samples=batch)


def scaling_points(plan: Plan) -> tuple[ScalingPoint, ...]:
    """The measured scaling runs of a plan."""
    from estimators.requests.records import ScalingPoint

    return tuple(
        ScalingPoint(p.machine, p.gpus, float(p.step_seconds), p.batch_samples, p.kind, p.run_id, p.confirmed)
        for p in plan.campaign.scaling
    )


def _measured_in_scaling(plan: Plan, run: RunInput, spec: RunSpec) -> MeasuredStep | None:
    """The measured scaling point that says most about a run, where it names no step of its own."""
    from estimators.requests.records import CampaignRun
    from estimators.requests.scaling import measured_from_scaling  # only plans with such points need it

    return measured_from_scaling(scaling_points(plan), CampaignRun(run.id, run.name, run.role, spec))


def deadline_days(plan: Plan, run: RunInput) -> float | None:
    """Days in which one run must end: the plan's for main runs and repeats, at most a week for the others."""
    named = plan.target.deadline_days
    if run.role in ("main", "other"):
        return named
    short = SIDE_RUN_DAYS[run.role]
    return short if named is None else min(short, named)


def samples_of_pass(run: RunInput, positions: int) -> float:
    """Sequences or images in one pass over the data; the last sequence counts as far as it is full."""
    data = run.data
    if data.tokens is not None:
        return data.tokens / positions
    return float(data.sequences or data.images or 0.0)


def global_batch_samples(run: RunInput, positions: int) -> int | None:
    """Samples of one optimiser step where the plan names them, at least one."""
    if run.data.global_batch_tokens is not None:
        return max(1, round(run.data.global_batch_tokens / positions))
    return run.data.global_batch_samples


def _run(plan: Plan, run_id: str | None) -> RunInput:
    try:
        return plan.run(run_id)
    except KeyError:
        known = [run.id for run in plan.runs]
        hint = did_you_mean(run_id or "", known) or say(
            "It has {names}.", names=Listed(tuple(map(Name, known)), "")
        )
        raise PlanError(together(say('the plan has no run "{id}".', id=Name(run_id or "")), hint)) from None


def run_index(plan: Plan, run_id: str | None) -> int:
    """Place of a run in the plan.

    Raises:
        PlanError: The plan has no such run.
    """
    return plan.runs.index(_run(plan, run_id))


def _layout(layout: LayoutInput) -> LayoutChoice:
    return LayoutChoice(
        tensor_parallel=layout.tensor_parallel,
        pipeline_parallel=layout.pipeline_parallel,
        context_parallel=layout.context_parallel,
        zero_stage=layout.zero_stage,
        micro_batch=layout.micro_batch,
        recompute=layout.recompute,
        schedule=layout.schedule,
        context_kind=layout.context_kind,
        shard_group=layout.shard_group,
        recipe=layout.recipe,
        expert_capacity=None if layout.expert_capacity is None else float(layout.expert_capacity),
    )


def _measured(step: MeasuredStepInput | None) -> MeasuredStep | None:
    if step is None:
        return None
    return MeasuredStep(
        machine=step.machine,
        gpus=step.gpus,
        step_seconds=float(step.step_seconds),
        batch_samples=step.batch_samples,
        confirmed=step.confirmed,
    )
