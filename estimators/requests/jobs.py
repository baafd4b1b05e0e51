"""Kinds of jobs of a campaign: which queue takes them, how they chain, how often they save."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine, Number, Queue
from estimators.planning.formulas import CHECKPOINT_BYTES, INTERRUPT_HOURS, INTERVAL_HOURS, SAVE_HOURS
from estimators.planning.prepare import work_of
from estimators.planning.records import RunSpec
from estimators.planning.run import NODE_WRITE_RATE
from estimators.planning.targets import usable_queues
from estimators.quantity import SECONDS_PER_HOUR, Range
from estimators.requests.campaign_results import Campaign, RunLine
from estimators.requests.quantiles import quantile
from estimators.requests.results import JobType

MINUTES_PER_HOUR = 60.0
MOST_INTERVAL_HOURS = 12.0
"""Reviewers praise checkpoints every 4 to 12 hours, even where failures alone would ask for fewer."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A full checkpoint of one run: weights and optimiser states.

    Attributes:
        interval_hours: Least waste between saving and losing work (Young, CACM 1974).
    """

    bytes: float
    save_hours: float
    interval_hours: float


def admits(queue: Queue, nodes: Fraction | float) -> bool:
    """Whether a queue takes jobs of so many nodes; an unknown bound holds nobody back."""
    most, least = queue.max_nodes.si, queue.min_nodes.si if queue.min_nodes is not None else 0.0
    return not (float(nodes) > most) and not (float(nodes) < least)


def most_at_once(queue: Queue, devices: float) -> tuple[float, Number | None]:
    """Jobs of so many devices that a queue runs of one project at a time, with the fact that says so.

    A cap on the devices of a project holds all its running jobs together. Infinity where no bound is known,
    and where a single job is beyond the cap: that is a matter of the job's size.
    """
    bounds: list[tuple[float, Number | None]] = [(math.inf, None)]
    if queue.max_jobs is not None and queue.max_jobs.value is not None:
        bounds.append((queue.max_jobs.si, queue.max_jobs))
    cap = queue.max_devices
    if cap is not None and cap.value is not None and queue.max_devices_of == "project" and devices <= cap.si:
        bounds.append((float(cap.si // devices), cap))
    return min(bounds, key=lambda bound: bound[0])


def permits(queue: Queue, at_once: int, devices: float) -> bool:
    """Whether a queue runs so many jobs of one project at a time; an unknown bound holds nobody back."""
    return not at_once > most_at_once(queue, devices)[0]


def queue_for(machine: Machine, nodes: Fraction | float, at_once: int = 1) -> Queue | None:
    """The production queue with the longest jobs of this size; None where none takes them or is known.

    A queue that runs fewer jobs of a project at a time than asked for is the last choice.
    """
    taking = [queue for queue in usable_queues(machine) if admits(queue, nodes)]
    devices = float(nodes) * machine.devices_per_node.si
    taking = [queue for queue in taking if permits(queue, at_once, devices)] or taking
    known = [queue for queue in taking if queue.max_walltime.value is not None]
    if known:
        return max(known, key=lambda queue: queue.max_walltime.si)
    return taking[0] if taking else None


def debug_queue_for(machine: Machine, nodes: Fraction | float, hours: float) -> Queue | None:
    """The debug queue that is known to take a whole test in one job; None where none is."""
    for queue in machine.queues:
        known = queue.max_walltime.value is not None
        if queue.kind == "debug" and known and admits(queue, nodes) and hours <= walltime_hours(queue):
            return queue
    return None


def walltime_hours(queue: Queue | None) -> float:
    """Longest job of a queue; infinity where it is not published."""
    if queue is None or queue.max_walltime.value is None:
        return math.inf
    return queue.max_walltime.si / SECONDS_PER_HOUR


def queue_of(line: RunLine, machine: Machine) -> Queue | None:
    """The queue of a run that fits: a debug queue for tests that it takes, else a production queue."""
    if line.run.role == "test" and line.wall_hours is not None:
        debug = debug_queue_for(machine, line.nodes, line.wall_hours.p80)
        if debug is not None:
            return debug
    return queue_for(machine, line.nodes, min(line.run.at_once, line.run.count))


def checkpoint_of(line: RunLine, campaign: Campaign, catalogue: Catalogue) -> Checkpoint:
    """Size of a full checkpoint of a run, how long it takes to write, and how often to write it."""
    presets = catalogue.reliability["planning-presets"].facts
    per_node = presets["failures_per_1000_node_days_central"].si * campaign.gpus_per_node / 8.0
    values: dict[str, Any] = {
        "parameters": parameters_of(line.run.spec),
        "checkpoint_bytes_per_parameter": bytes_per_parameter(catalogue),
        "nodes": max(1.0, float(line.nodes)),
        "node_write_rate": NODE_WRITE_RATE,
        "system_write_rate": catalogue.reliability["bloom-176b"].facts["write_bandwidth"].si,
        "failures_per_1000_node_days": per_node,
    }
    for formula in (CHECKPOINT_BYTES, SAVE_HOURS, INTERRUPT_HOURS, INTERVAL_HOURS):
        values[formula.key] = float(formula(values))
    return Checkpoint(values["checkpoint_bytes"], values["save_hours"], values["interval_hours"])


def bytes_per_parameter(catalogue: Catalogue) -> float:
    """Bytes of a full checkpoint for each parameter: 16-bit weights, fp32 copy, two Adam moments."""
    table = catalogue.reliability["formulas"].facts["checkpoint_bytes_per_parameter"].value or {}
    return float(next(iter(table.values())))


def parameters_of(spec: RunSpec) -> float:
    """Parameters of a run's model, counted from its shape."""
    return float(np.asarray(work_of(spec).parameters))


def jobs_in_chain(wall: Range, longest_hours: float, percentile: float = 50.0) -> int:
    """Batch jobs that one run needs under a wall-clock limit."""
    if not math.isfinite(longest_hours):
        return 1
    return max(1, math.ceil(quantile(wall, percentile) / longest_hours))


def job_types(campaign: Campaign, catalogue: Catalogue) -> tuple[JobType, ...]:
    """One kind of job for every run that fits, in the order of the campaign."""
    return tuple(_job(line, campaign, catalogue) for line in campaign.lines if line.wall_hours is not None)


def _job(line: RunLine, campaign: Campaign, catalogue: Catalogue) -> JobType:
    queue = queue_of(line, campaign.machine)
    longest = walltime_hours(queue)
    wall = line.wall_hours
    assert wall is not None, "only runs that fit are jobs"
    devices = line.answer.gpus or 0
    memory = line.answer.memory
    saves = checkpoint_of(line, campaign, catalogue) if line.run.restarts_from_checkpoint else None
    every = None if saves is None else min(saves.interval_hours, longest, MOST_INTERVAL_HOURS)
    return JobType(
        run_id=line.run.id,
        name=line.run.name,
        queue=queue.name if queue is not None else "",
        nodes=line.nodes,
        gpus=math.ceil(Fraction(devices * campaign.gpus_per_node, campaign.devices_per_node)),
        walltime_hours=longest,
        jobs=jobs_in_chain(wall, longest, campaign.spec.plan_percentile),
        simultaneous=min(line.run.at_once, line.run.count),
        device_memory_bytes=memory.reserved * devices if memory is not None else math.nan,
        checkpoint_minutes=None if every is None else every * MINUTES_PER_HOUR,
        checkpoint_bytes=None if saves is None else saves.bytes,
    )
