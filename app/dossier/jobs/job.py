"""One batch job as every launcher needs it: the run, its layout, its queue, its length."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine, Queue
from estimators.planning.prepare import shape_of, work_of
from estimators.planning.records import LayoutUsed
from estimators.quantity import SECONDS_PER_HOUR, Range
from estimators.requests.asked import Asked, asked_of
from estimators.requests.campaign_results import Campaign, RunLine
from estimators.requests.jobs import Checkpoint, checkpoint_of, jobs_in_chain, queue_of, walltime_hours
from estimators.requests.records import Role
from estimators.words import NOTHING, Listed, Name, SpokenError, say, together
from estimators.workloads.families import AnyFamily, family_of
from estimators.workloads.family import LauncherSupport
from estimators.workloads.methods import rule_of
from estimators.workloads.models import Model

QUARTER_HOURS = 4
"""A job that ends within its queue asks for whole quarters of an hour."""

STOP_MINUTES = 10.0
"""Kept free at the end of a chained job, beside writing two checkpoints, for a clean stop: an assumption."""


class NoJobError(SpokenError):
    """There is no job to write; it says why."""


@dataclass(frozen=True, slots=True)
class Chain:
    """How the batch jobs of one run follow each other.

    Attributes:
        wall: Hours of the whole run; named by the user rather than estimated if `is_named`.
        limit_hours: What one job asks for.
        jobs: Jobs in the chain.
        checkpoint_steps: Steps from one checkpoint to the next; None where the run writes none.
        stop_minutes: After how long a chained job saves and stops by itself; None for a single job.
    """

    wall: Range
    is_named: bool
    limit_hours: float
    limit_is_published: bool
    jobs: int
    checkpoint_steps: int | None
    stop_minutes: int | None


@dataclass(frozen=True, slots=True)
class Job:
    """One run of the campaign as every launcher needs it.

    Attributes:
        plan, run: Names as the user wrote them; neither is safe outside a comment.
        queue: None where the site publishes none that takes the job.
        starts_from_weights: Whether the run goes on from a published model.
        steps: Optimiser steps of the whole run.
        family: What computes the model.
        layers: That a pipeline spreads, without token-prediction blocks.
        has_experts: Whether tokens are routed to experts.
        reads_text: Whether a sample is text.
        positions: Tokens of a sequence, patches of an image.
        asked: Nodes, devices and CPUs as Slurm counts them.
        devices_of_node, grant_gpus_of_node: GPUs of a full node as Slurm and as the access modes count them.
        runs, side_by_side: How often the run is made, and how many at a time.
    """

    plan: str
    run: str
    role: Role
    machine: Machine
    queue: Queue | None
    layout: LayoutUsed
    model: Model
    family: AnyFamily
    layers: int
    has_experts: bool
    software: str
    starts_from_weights: bool
    precision: str
    reads_text: bool
    positions: int
    steps: int
    step_seconds: float
    asked: Asked
    devices_of_node: int
    grant_gpus_of_node: int
    chain: Chain
    runs: int
    side_by_side: int
    own_containers: bool = False
    """Whether the project brings its own container images."""
    predicted_ahead: int = 0
    """Token-prediction blocks that are trained beside the model."""

    def support(self, launcher: str) -> LauncherSupport:
        """What a launcher that the model's family names has for it."""
        return self.family.launchers[launcher]

    @property
    def nodes(self) -> int:
        """Nodes of the job."""
        return self.asked.nodes

    @property
    def gpus_per_node(self) -> int:
        """Devices on each node as Slurm counts them; with the nodes they are the layout's GPUs."""
        return self.asked.gpus_of_node

    @property
    def batch_samples(self) -> int:
        """Samples of one optimiser step."""
        return self.layout.micro_batch * self.layout.micro_batches * self.layout.data_parallel


def job_of(campaign: Campaign, run_id: str, plan_name: str, catalogue: Catalogue) -> Job:
    """The job of one run.

    Raises:
        NoJobError: The campaign has no such run, or it cannot be had on the machine.
    """
    found, layout = _line(campaign, run_id)
    answer, run = found.answer, found.run
    if found.wall_hours is None or layout is None or answer.step is None:
        reason = say("{reason}.", reason=found.reason) if found.reason else NOTHING
        machine = Name(campaign.machine.name)
        cannot = say('"{run}" cannot run on {machine}.', run=Name(run.name), machine=machine)
        raise NoJobError(together(cannot, reason))
    queue = queue_of(found, campaign.machine)
    asked = asked_of(campaign.machine, layout.gpus, campaign.devices_per_node)
    steps = max(1, math.ceil(answer.steps or 1.0))
    saves = checkpoint_of(found, campaign, catalogue) if run.restarts_from_checkpoint else None
    percentile = campaign.spec.plan_percentile
    work = work_of(replace(run.spec, predicted_ahead=0))
    return Job(
        plan=plan_name,
        run=run.name,
        role=run.role,
        machine=campaign.machine,
        queue=queue,
        layout=layout,
        model=run.spec.model,
        family=family_of(shape_of(run.spec.model)),
        layers=int(np.asarray(work.depth)),
        has_experts=work.has_experts,
        software=run.spec.software,
        starts_from_weights=rule_of(run.spec.method).from_weights,
        precision=answer.precision or run.spec.precision,
        reads_text=run.spec.sample.tokens_of_text > 0,
        positions=run.spec.positions,
        steps=steps,
        step_seconds=answer.step.total,
        asked=asked,
        devices_of_node=campaign.devices_per_node,
        grant_gpus_of_node=campaign.gpus_per_node,
        chain=_chain(found, found.wall_hours, queue, saves, percentile, answer.step.total),
        runs=run.count,
        side_by_side=min(run.at_once, run.count),
        own_containers=campaign.spec.containers,
        predicted_ahead=run.spec.predicted_ahead,
    )


def _chain(
    line: RunLine, wall: Range, queue: Queue | None, saves: Checkpoint | None, percentile: int, seconds: float
) -> Chain:
    longest = walltime_hours(queue)
    jobs = jobs_in_chain(wall, longest, percentile)
    limit = _limit_hours(wall, longest, jobs)
    every = None if saves is None else min(saves.interval_hours, limit / 2.0)
    return Chain(
        wall=wall,
        is_named=line.run.fixed_hours is not None,
        limit_hours=limit,
        limit_is_published=math.isfinite(longest),
        jobs=jobs,
        checkpoint_steps=None if every is None else max(1, int(every * SECONDS_PER_HOUR / seconds)),
        stop_minutes=_stop_minutes(limit, saves.save_hours) if saves is not None and jobs > 1 else None,
    )


def _line(campaign: Campaign, run_id: str) -> tuple[RunLine, LayoutUsed | None]:
    try:
        found = campaign.line(run_id)
    except KeyError:
        known = Listed(tuple(Name(line.run.id) for line in campaign.lines), "")
        raise NoJobError(
            say('The campaign has no run "{id}". It has {names}.', id=Name(run_id), names=known)
        ) from None
    return found, found.answer.layout


def _limit_hours(wall: Range, longest: float, jobs: int) -> float:
    """The queue's limit for a chain, else the P80 length in whole quarters of an hour."""
    if jobs > 1:
        return longest
    return min(longest, math.ceil(wall.p80 * QUARTER_HOURS) / QUARTER_HOURS)


def _stop_minutes(limit_hours: float, save_hours: float) -> int:
    """When a chained job saves and stops: before its limit, at the latest after three quarters of it."""
    minutes = limit_hours * 60.0
    return int(max(minutes - STOP_MINUTES - 2.0 * save_hours * 60.0, 0.75 * minutes))
