"""One row of Slurm's accounting as a job: when it ran, what it held, what its site charges for it.

A row rarely has every column. Elapsed follows from Start and End, End from Start and Elapsed, nodes, CPUs and
devices from AllocTRES, so that most rows that people bring can be counted.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.plan.sacct_fields import (
    FieldError,
    bounded_seconds,
    bytes_of,
    count_of,
    elapsed_seconds,
    gpus_in,
    is_known,
    joules_of,
    moment_of,
    resources_of,
)
from estimators.catalogue.records import Machine
from estimators.requests.charging import Allocation, charged_nodes, is_named
from estimators.words import NOTHING, Name, Said, say

Row = Mapping[str, str]

NODE_FIELDS = ("AllocNodes", "NNodes")
CPU_FIELDS = ("AllocCPUS", "NCPUS")
RESOURCE_FIELDS = ("AllocTRES", "ReqTRES")
ENERGY_FIELDS = ("ConsumedEnergyRaw", "ConsumedEnergy")
UNFINISHED = ("PENDING", "RUNNING", "SUSPENDED", "RESIZING", "COMPLETING", "CONFIGURING")
NO_FAILURE = ("COMPLETED", "TIMEOUT")
"""A job that is chained under a wall-clock limit ends by design when its time is over."""
JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True, slots=True)
class Job:
    """One ended attempt of a job; a requeued job has several.

    Attributes:
        node_hours: As the site charges them.
        failed: Whether it did not complete.
    """

    id: str
    start: datetime.datetime
    end: datetime.datetime
    node_hours: float
    failed: bool
    energy_kwh: float | None

    def share_of_days(self) -> Iterator[tuple[datetime.date, float]]:
        """Every day on which it ran, with the part of its time that lies there; the parts sum to 1."""
        whole = (self.end - self.start).total_seconds()
        begin = self.start
        while begin < self.end:
            midnight = datetime.datetime.combine(begin.date() + datetime.timedelta(days=1), datetime.time())
            stop = min(midnight, self.end)
            yield begin.date(), (stop - begin).total_seconds() / whole
            begin = stop


def job_of(row: Row, machine: Machine, of_steps: Mapping[str, float]) -> Job | Said:
    """A job, or why it does not count; "" for one that used nothing.

    Args:
        machine: Whose rule of charging holds.
        of_steps: Joules by job, for sites that state them on steps only.

    Raises:
        FieldError: A value cannot be read, or the row lacks what hours follow from.
    """
    state = row["State"].split(" ")[0].rstrip("+").upper()
    if not state:
        raise FieldError(say("it has no state"))
    if state in UNFINISHED:
        return say("{state}, counts once it has ended.", state=Name(state.lower()))
    start, end, seconds = _time_of(row)
    held = _allocation(row)
    if seconds == 0 or held.nodes == 0:
        return NOTHING
    if held.devices == 0 and not is_named(machine, held.partition):
        return say("it used no GPU, so it is not part of a grant of GPU hours.")
    nodes = charged_nodes(machine, held)
    if nodes is None:
        raise FieldError(say("neither its nodes nor its resources are stated"))
    joules = joules_of(_first(row, ENERGY_FIELDS)) or of_steps.get(row["JobID"])
    return Job(
        id=row["JobID"],
        start=start,
        end=end,
        node_hours=nodes * seconds / 3600.0,
        failed=state not in NO_FAILURE,
        energy_kwh=joules / JOULES_PER_KWH if joules else None,
    )


def _time_of(row: Row) -> tuple[datetime.datetime, datetime.datetime, int]:
    """Start, end and seconds of running; a job that was suspended ran for less than lies between.

    Raises:
        FieldError: They are not stated and do not follow.
    """
    began = row.get("Start", "")
    start = moment_of(began, say("start")) if is_known(began) else None
    ended = row.get("End", "")
    seconds = _stated_seconds(row)
    if not is_known(ended) and start is not None and seconds is not None:
        end = start + datetime.timedelta(seconds=seconds)
    else:
        end = moment_of(ended, say("end"))
    if seconds is None:
        if start is None:
            raise FieldError(say("neither Elapsed nor Start is stated"))
        seconds = bounded_seconds(round((end - start).total_seconds()))
    earliest = end - datetime.timedelta(seconds=seconds)
    return (earliest if start is None else min(start, earliest)), end, seconds


def _stated_seconds(row: Row) -> int | None:
    elapsed, raw = row.get("Elapsed", ""), row.get("ElapsedRaw", "")
    if is_known(elapsed):
        return elapsed_seconds(elapsed)
    return bounded_seconds(int(count_of(raw, say("seconds")))) if is_known(raw) else None


def _allocation(row: Row) -> Allocation:
    """What the job held, from its own columns first and AllocTRES for what they lack."""
    text = _first(row, RESOURCE_FIELDS)
    listed = resources_of(text)
    nodes = _first(row, NODE_FIELDS) or listed.get("node", "")
    cpus = listed.get("cpu", "") or _first(row, CPU_FIELDS)
    memory, billing = listed.get("mem", ""), listed.get("billing", "")
    return Allocation(
        nodes=count_of(nodes, say("nodes")) if nodes else None,
        cpus=count_of(cpus, say("CPUs")) if cpus else None,
        memory_bytes=bytes_of(memory) if memory else None,
        devices=gpus_in(text),
        billing=count_of(billing, say("billing units")) if billing else None,
        partition=row.get("Partition", ""),
    )


def _first(row: Row, names: tuple[str, ...]) -> str:
    """The first of these columns that states anything, or ""."""
    return next((row[name] for name in names if is_known(row.get(name, ""))), "")


def energy_of_steps(rows: Iterator[Row]) -> dict[str, float]:
    """Joules of each job's largest step, for sites that state them on steps only.

    Steps of one job count the same nodes over again, so the largest stands for all.
    """
    largest: dict[str, float] = {}
    for row in rows:
        job, _, step = row["JobID"].partition(".")
        try:
            joules = joules_of(_first(row, ENERGY_FIELDS)) if step else None
        except FieldError:
            joules = None
        if joules:
            largest[job] = max(joules, largest.get(job, 0.0))
    return largest
