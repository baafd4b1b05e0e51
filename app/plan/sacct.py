"""Reads the accounting of a site: the output of Slurm's `sacct --parsable2` as hours used by day.

Hours are those that the site charges (`estimators.requests.charging`) and lie on the days on which a job ran;
a requeued job counts with every attempt. Steps of a job and jobs that still run or used nothing do not count.
A line that cannot be read is named with its number, never dropped in silence.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from app.plan.errors import PlanError, did_you_mean
from app.plan.project import UsedHoursInput
from app.plan.sacct_fields import FieldError, is_known
from app.plan.sacct_job import (
    CPU_FIELDS,
    ENERGY_FIELDS,
    NODE_FIELDS,
    RESOURCE_FIELDS,
    Job,
    energy_of_steps,
    job_of,
)
from estimators.catalogue.records import Machine
from estimators.words import Amount, Listed, Name, Said, say, together

COMMAND = Name(
    "sacct --parsable2 --allusers --duplicates --account=PROJECT --starttime=2027-01-01 "
    "--format=JobID,State,Start,End,Elapsed,AllocNodes,AllocTRES,Partition,ConsumedEnergyRaw"
)
"""How to ask a site for what is read here; project and date are the user's. Without --duplicates Slurm shows
only the last attempt of a job that was requeued."""

SEPARATOR = "|"
NEEDED = ("JobID", "State")
TIMES = ("Start", "End", "Elapsed", "ElapsedRaw")
MOST_UNREADABLE_LINES = 1000
"""A file with more holds something else."""
OTHERS = ("Partition", "Restarts")


@dataclass(frozen=True, slots=True)
class SacctReading:
    """What a file of `sacct` holds.

    Attributes:
        ended: Ended jobs that are counted.
        remarks: What is not counted, as sentences with line numbers.
    """

    ended: tuple[Job, ...]
    remarks: tuple[Said, ...]

    @property
    def days(self) -> tuple[UsedHoursInput, ...]:
        """Hours used by day, earliest first."""
        return by_day(self.ended)

    @property
    def jobs(self) -> int:
        """How many ended jobs are counted."""
        return len(self.ended)


def read_sacct(text: str, machine: Machine) -> SacctReading:
    """Ended jobs with the hours that the site charges for them.

    Args:
        text: With the line of column names; their order is free.
        machine: Where the jobs ran.

    Raises:
        PlanError: The text is no such output, or a column is missing.
    """
    lines = text.lstrip("\ufeff").splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise PlanError(say("The file is empty. Ask the site with: {command}", command=COMMAND))
    columns = _columns(lines[first])
    remarks: list[Said] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines[first + 1 :], start=first + 2):
        cells = line.split(SEPARATOR)
        if not line.strip() or cells[: len(columns)] == columns:
            continue
        if len(cells) == len(columns) + 1 and not cells[-1]:
            cells.pop()
        if len(cells) != len(columns):
            if len(remarks) == MOST_UNREADABLE_LINES:
                raise PlanError(
                    together(
                        say("More than {n} lines have other columns.", n=_n(MOST_UNREADABLE_LINES)),
                        remarks[0],
                    )
                )
            remarks.append(
                say(
                    "Line {line} has {n} columns instead of {columns}: not counted.",
                    line=_n(number),
                    n=_n(len(cells)),
                    columns=_n(len(columns)),
                )
            )
            continue
        rows.append((number, dict(zip(columns, map(str.strip, cells), strict=True))))
    return SacctReading(tuple(_jobs(rows, machine, remarks)), tuple(remarks))


def _columns(line: str) -> list[str]:
    """Names of the columns, as Slurm writes them.

    Raises:
        PlanError: One is missing that nothing else stands in for.
    """
    places = (*NODE_FIELDS, *RESOURCE_FIELDS, *CPU_FIELDS)
    known = {name.lower(): name for name in (*NEEDED, *TIMES, *places, *ENERGY_FIELDS, *OTHERS)}
    names = [name.strip() for name in line.rstrip(SEPARATOR).split(SEPARATOR)]
    columns = [known.get(name.lower(), name) for name in names]
    has = set(columns).intersection
    missing = [name for name in NEEDED if name not in columns]
    if not has(("Elapsed", "ElapsedRaw")) and not {"Start", "End"} <= set(columns):
        missing.append("Elapsed")
    if "End" not in columns and "Start" not in columns:
        missing.append("End")
    if not has(places):
        missing.append("AllocNodes")
    if SEPARATOR not in line or not has(known.values()):
        raise PlanError(
            say("The first line names no columns of sacct. Ask the site with: {command}", command=COMMAND)
        )
    if missing:
        hint = did_you_mean(missing[0], columns)
        raise PlanError(
            together(
                say("The columns {names} are missing.", names=Listed(tuple(map(Name, missing)), "")),
                hint or say("Ask with: {command}", command=COMMAND),
            )
        )
    return columns


def _jobs(rows: list[tuple[int, dict[str, str]]], machine: Machine, remarks: list[Said]) -> list[Job]:
    """Ended jobs; each attempt counts once, however often the file holds it."""
    of_steps = energy_of_steps(row for _, row in rows)
    jobs: dict[tuple[str, str, str], Job] = {}
    for number, row in rows:
        if is_step(row["JobID"]):
            continue
        try:
            job = job_of(row, machine, of_steps)
        except FieldError as error:
            remarks.append(
                say(
                    "Line {line}, job {job}: {problem}; not counted.",
                    line=_n(number),
                    job=Name(row["JobID"]),
                    problem=error.said,
                )
            )
            continue
        if isinstance(job, Said):
            if job:
                remarks.append(
                    say(
                        "Line {line}, job {job}: {reason}",
                        line=_n(number),
                        job=Name(row["JobID"]),
                        reason=job,
                    )
                )
            continue
        jobs[job.id, job.start.isoformat(), job.end.isoformat()] = job
    remarks += _lost_attempts((row for _, row in rows), jobs.values())
    return list(jobs.values())


def _lost_attempts(rows: Iterable[Mapping[str, str]], jobs: Iterable[Job]) -> list[Said]:
    """Jobs that were requeued and of whose attempts the file shows one alone."""
    requeued = {row["JobID"] for row in rows if is_known(row.get("Restarts", "")) and row["Restarts"] != "0"}
    attempts = Counter(job.id for job in jobs)
    alone = sorted(name for name in requeued if attempts[name] == 1)
    if not alone:
        return []
    shown = Listed(tuple(map(Name, alone[:3])), "")
    if len(alone) > 3:
        return [
            say(
                "Requeued, with earlier attempts that the file lacks: {jobs} and others. Ask with: {command}",
                jobs=shown,
                command=COMMAND,
            )
        ]
    return [
        say(
            "Requeued, with earlier attempts that the file lacks: {jobs}. Ask with: {command}",
            jobs=shown,
            command=COMMAND,
        )
    ]


def is_step(job_id: str) -> bool:
    """Whether a line is part of a job: "123.batch", "123_4.0"."""
    return "." in job_id


def by_day(jobs: Iterable[Job]) -> tuple[UsedHoursInput, ...]:
    """Sums of every day, earliest first; a job is counted, too, on the day on which it ended.

    Energy stands where the site states it for every job of the day: part of it would read as all.
    """
    days: dict[datetime.date, list[tuple[Job, float]]] = {}
    for job in jobs:
        shares = {job.end.date(): 0.0} | dict(job.share_of_days())
        for day, share in shares.items():
            days.setdefault(day, []).append((job, share))
    return tuple(_day(day, parts) for day, parts in sorted(days.items()))


def _day(day: datetime.date, parts: list[tuple[Job, float]]) -> UsedHoursInput:
    ended = [job for job, _ in parts if job.end.date() == day]
    stated = [job.energy_kwh * share for job, share in parts if job.energy_kwh is not None]
    return UsedHoursInput(
        day=day,
        node_hours=sum(job.node_hours * share for job, share in parts),
        jobs=len(ended),
        failed_jobs=sum(job.failed for job in ended),
        energy_kwh=sum(stated) if len(stated) == len(parts) else None,
    )


def with_imported(known: tuple[UsedHoursInput, ...], reading: SacctReading) -> tuple[UsedHoursInput, ...]:
    """Days that were imported before with those of a new file in their place, so that none counts twice.

    A file asked for from some day on holds jobs that began before it. Their hours of earlier days are added
    to what is known of those days, unless the job had ended by the last import and is in it already.
    """
    if not known or not reading.ended:
        return known or reading.days
    first = min(job.end.date() for job in reading.ended)
    last_known = max(item.day for item in known)
    days = {item.day: item for item in known}
    days |= {item.day: item for item in reading.days if item.day >= first}
    new = by_day(job for job in reading.ended if job.end.date() > last_known)
    for item in new:
        if item.day < first:
            days[item.day] = _added(days.get(item.day), item)
    return tuple(days[day] for day in sorted(days))


def _added(known: UsedHoursInput | None, more: UsedHoursInput) -> UsedHoursInput:
    """Hours of one day from two imports."""
    if known is None:
        return more
    stated = known.energy_kwh is not None and more.energy_kwh is not None
    energy = (known.energy_kwh or 0.0) + (more.energy_kwh or 0.0) if stated else None
    return msgspec.structs.replace(known, node_hours=known.node_hours + more.node_hours, energy_kwh=energy)


def _n(number: int) -> Amount:
    return Amount(number, form="general", digits=15)
