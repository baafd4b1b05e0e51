"""Reads the accounting of a site: the output of Slurm's `sacct --parsable2` as hours used by day.

Jobs count in node-hours on the day on which they ended; steps of a job and jobs that still run or used
nothing do not. A line that cannot be read is named with its number, never dropped in silence.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.plan.errors import PlanError, did_you_mean
from app.plan.sacct_fields import FieldError, elapsed_seconds, end_of, gpus_in, joules_of, nodes_of
from app.plan.schema import UsedHoursInput

COMMAND = (
    "sacct --parsable2 --allusers --account=PROJECT --starttime=2027-01-01 "
    "--format=JobID,State,Elapsed,AllocNodes,AllocTRES,Partition,End,ConsumedEnergyRaw"
)
"""How to ask a site for what is read here; project and date are the user's."""

SEPARATOR = "|"
NODE_FIELDS = ("AllocNodes", "NNodes")
ENERGY_FIELDS = ("ConsumedEnergyRaw", "ConsumedEnergy")
NEEDED = ("JobID", "State", "Elapsed", "End")
UNFINISHED = ("PENDING", "RUNNING", "SUSPENDED", "REQUEUED", "RESIZING", "COMPLETING", "CONFIGURING")
NO_FAILURE = ("COMPLETED", "TIMEOUT")
"""A job that is chained under a wall-clock limit ends by design when its time is over."""
JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True, slots=True)
class Job:
    """One ended job."""

    id: str
    day: datetime.date
    node_hours: float
    failed: bool
    energy_kwh: float | None


@dataclass(frozen=True, slots=True)
class SacctReading:
    """What a file of `sacct` holds.

    Attributes:
        days: Hours used by day, earliest first.
        jobs: Ended jobs that are counted.
        remarks: What is not counted, as sentences with line numbers.
    """

    days: tuple[UsedHoursInput, ...]
    jobs: int
    remarks: tuple[str, ...]


def read_sacct(text: str, devices_per_node: int, whole_nodes: bool) -> SacctReading:
    """Hours used by day.

    Args:
        text: With the line of column names; their order is free.
        devices_per_node: Devices of one node as Slurm counts them (8 on LUMI-G).
        whole_nodes: Whether the site bills whole nodes; otherwise a job on part of a node counts by its GPUs
            where AllocTRES names them.

    Raises:
        PlanError: The text is no such output, or a column is missing.
    """
    lines = text.lstrip("\ufeff").splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise PlanError(f"The file is empty. Ask the site with: {COMMAND}")
    columns = _columns(lines[first])
    remarks: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines[first + 1 :], start=first + 2):
        cells = line.split(SEPARATOR)
        if not line.strip() or cells[: len(columns)] == columns:
            continue
        if len(cells) == len(columns) + 1 and not cells[-1]:
            cells.pop()
        if len(cells) != len(columns):
            remarks.append(f"Line {number} has {len(cells)} columns instead of {len(columns)}: not counted.")
            continue
        rows.append((number, dict(zip(columns, map(str.strip, cells), strict=True))))
    jobs = _jobs(rows, devices_per_node, whole_nodes, remarks)
    return SacctReading(by_day(jobs), len(jobs), tuple(remarks))


def _columns(line: str) -> list[str]:
    """Names of the columns, as Slurm writes them.

    Raises:
        PlanError: A needed one is missing.
    """
    known = {name.lower(): name for name in (*NEEDED, *NODE_FIELDS, *ENERGY_FIELDS, "AllocTRES", "Partition")}
    names = [name.strip() for name in line.rstrip(SEPARATOR).split(SEPARATOR)]
    columns = [known.get(name.lower(), name) for name in names]
    missing = [name for name in NEEDED if name not in columns]
    if not any(name in columns for name in NODE_FIELDS):
        missing.append("AllocNodes")
    if SEPARATOR not in line or len(missing) == len(NEEDED) + 1:
        raise PlanError(f"The first line names no columns of sacct. Ask the site with: {COMMAND}")
    if missing:
        hint = did_you_mean(missing[0], columns)
        raise PlanError(f"The columns {', '.join(missing)} are missing. {hint or f'Ask with: {COMMAND}'}")
    return columns


def _jobs(
    rows: Iterable[tuple[int, Mapping[str, str]]], devices: int, whole_nodes: bool, remarks: list[str]
) -> list[Job]:
    """Ended jobs; each job and end counts once, however often the file holds it."""
    rows = list(rows)
    of_steps = _energy_of_steps(row for _, row in rows)
    jobs: dict[tuple[str, str], Job] = {}
    for number, row in rows:
        if is_step(row["JobID"]):
            continue
        try:
            job = _job(row, devices, whole_nodes, of_steps)
        except FieldError as error:
            remarks.append(f"Line {number}, job {row['JobID']}: {error}; not counted.")
            continue
        if isinstance(job, str):
            if job:
                remarks.append(f"Line {number}, job {row['JobID']}: {job}")
            continue
        jobs[job.id, row["End"]] = job
    return list(jobs.values())


def is_step(job_id: str) -> bool:
    """Whether a line is part of a job: "123.batch", "123_4.0"."""
    return "." in job_id


def _job(row: Mapping[str, str], devices: int, whole_nodes: bool, of_steps: Mapping[str, float]) -> Job | str:
    """A job, or why it does not count; "" for one that used nothing.

    Raises:
        FieldError: A value cannot be read.
    """
    state = row["State"].split(" ")[0].rstrip("+").upper()
    if not state:
        raise FieldError("it has no state")
    if state in UNFINISHED:
        return f"{state.lower()}, counts once it has ended."
    seconds = elapsed_seconds(row["Elapsed"])
    nodes = nodes_of(next((row[name] for name in NODE_FIELDS if row.get(name)), ""))
    if seconds == 0 or nodes == 0:
        return ""
    share = float(nodes)
    tres = row.get("AllocTRES", "")
    if tres:
        gpus = gpus_in(tres)
        if gpus == 0:
            return "it used no GPU, so it is not part of a grant of GPU hours."
        if gpus is not None and not whole_nodes:
            share = min(share, gpus / devices)
    joules = joules_of(next((row[name] for name in ENERGY_FIELDS if row.get(name)), ""))
    joules = joules or of_steps.get(row["JobID"])
    return Job(
        id=row["JobID"],
        day=end_of(row["End"]).date(),
        node_hours=share * seconds / 3600.0,
        failed=state not in NO_FAILURE,
        energy_kwh=joules / JOULES_PER_KWH if joules else None,
    )


def _energy_of_steps(rows: Iterable[Mapping[str, str]]) -> dict[str, float]:
    """Joules of each job's largest step, for sites that state them on steps only.

    Steps of one job count the same nodes over again, so the largest stands for all.
    """
    largest: dict[str, float] = {}
    for row in rows:
        job, _, step = row["JobID"].partition(".")
        text = next((row[name] for name in ENERGY_FIELDS if row.get(name)), "")
        try:
            joules = joules_of(text) if step else None
        except FieldError:
            joules = None
        if joules:
            largest[job] = max(joules, largest.get(job, 0.0))
    return largest


def by_day(jobs: Iterable[Job]) -> tuple[UsedHoursInput, ...]:
    """Sums of every day, earliest first.

    Energy stands where the site states it for every job of the day: part of it would read as all.
    """
    days: dict[datetime.date, list[Job]] = {}
    for job in jobs:
        days.setdefault(job.day, []).append(job)
    return tuple(_day(day, group) for day, group in sorted(days.items()))


def _day(day: datetime.date, jobs: list[Job]) -> UsedHoursInput:
    stated = [job.energy_kwh for job in jobs if job.energy_kwh is not None]
    return UsedHoursInput(
        day=day,
        node_hours=sum(job.node_hours for job in jobs),
        jobs=len(jobs),
        failed_jobs=sum(job.failed for job in jobs),
        energy_kwh=sum(stated) if len(stated) == len(jobs) else None,
    )


def with_imported(
    known: Iterable[UsedHoursInput], imported: Iterable[UsedHoursInput]
) -> tuple[UsedHoursInput, ...]:
    """Days that were imported before with those of a new file in their place, so that none counts twice."""
    days = {item.day: item for item in known} | {item.day: item for item in imported}
    return tuple(days[day] for day in sorted(days))
