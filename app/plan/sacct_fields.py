"""Single values of Slurm's accounting: times, counts, resources, energy."""

from __future__ import annotations

import datetime
import re

from estimators.words import Amount, Name, Said, SpokenError, say

ELAPSED = re.compile(r"(?:(?P<days>\d+)-)?(?:(?P<hours>\d+):)?(?P<minutes>\d+):(?P<seconds>\d+)(?:\.\d+)?")
GPU_RESOURCE = re.compile(r"gres/gpu(?P<kind>:[^=,]+)?=(?P<count>\d+)")
AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<suffix>[KMGTP]?)", re.IGNORECASE)
FACTORS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
BINARY_FACTORS = {"": 1.0, "K": 2.0**10, "M": 2.0**20, "G": 2.0**30, "T": 2.0**40, "P": 2.0**50}
"""Slurm shortens memory, and counts of nodes and CPUs, by 1 024."""
NOTHING_MEASURED = 1e18
"""Slurm writes a number beyond any job's joules where it has no meter."""
LONGEST_DAYS = 366
"""No queue lets a job run for a year; a longer time is a slip."""
UNKNOWN = ("", "unknown", "none", "invalid")


class FieldError(SpokenError, ValueError):
    """A value that cannot be read; the text says which."""


def elapsed_seconds(text: str) -> int:
    """A duration "D-HH:MM:SS", "HH:MM:SS" or "MM:SS" in seconds; parts of a second are dropped.

    Raises:
        FieldError: It is none, or longer than any job.
    """
    match = ELAPSED.fullmatch(text)
    if match is None:
        raise FieldError(say('the time "{text}" is not written as D-HH:MM:SS', text=Name(text)))
    days, hours, minutes, seconds = (
        int(match[name] or 0) for name in ("days", "hours", "minutes", "seconds")
    )
    return bounded_seconds(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def bounded_seconds(seconds: int) -> int:
    """A running time as it is.

    Raises:
        FieldError: It is below zero or longer than any job.
    """
    if seconds < 0:
        raise FieldError(say("it ended before it began"))
    if seconds > LONGEST_DAYS * 86_400:
        raise FieldError(
            say(
                "it ran for {n} days, longer than any queue allows",
                n=Amount(seconds // 86_400, form="general", digits=15),
            )
        )
    return seconds


def moment_of(text: str, what: Said) -> datetime.datetime:
    """A moment on the site's clock; a time zone behind it is dropped.

    Args:
        what: "start" or "end", for the message.

    Raises:
        FieldError: It is none, for example "Unknown", or too early to subtract a running time from.
    """
    try:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise FieldError(say('the {field} "{text}" is no date', field=what, text=Name(text))) from None
    if not 1990 <= moment.year <= 9000:
        raise FieldError(say('the {field} "{text}" is no date of a job', field=what, text=Name(text)))
    return moment


def is_known(text: str) -> bool:
    """Whether a cell states anything."""
    return text.lower() not in UNKNOWN


def count_of(text: str, what: Said) -> float:
    """A count of nodes or CPUs; Slurm shortens thousands to "2K" or "1.5K".

    Raises:
        FieldError: It is none.
    """
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise FieldError(say('the {field} "{text}" are no number', field=what, text=Name(text)))
    return float(round(float(match["number"]) * BINARY_FACTORS[match["suffix"].upper()]))


def resources_of(text: str) -> dict[str, str]:
    """The resources of a job by name, as Slurm lists them: "billing=32,cpu=32,mem=40G,node=1"."""
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip().lower(): value.strip() for name, found, value in pairs if found}


def bytes_of(text: str) -> float:
    """Memory with an optional K, M, G or T; a bare number is in megabytes, as Slurm keeps it.

    Raises:
        FieldError: It is none.
    """
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise FieldError(say('the memory "{text}" is no amount', text=Name(text)))
    return float(match["number"]) * BINARY_FACTORS[match["suffix"].upper() or "M"]


def gpus_in(resources: str) -> int | None:
    """GPUs in AllocTRES; 0 where it names none, None where it names no resources at all.

    Slurm may name them twice, with and without their kind; the larger count holds all.
    """
    if "=" not in resources:
        return None
    plain = [int(match["count"]) for match in GPU_RESOURCE.finditer(resources) if match["kind"] is None]
    kinds = [int(match["count"]) for match in GPU_RESOURCE.finditer(resources) if match["kind"] is not None]
    return max(sum(plain), sum(kinds))


def joules_of(text: str) -> float | None:
    """Energy in joules with an optional K, M or G; None where the site measured none.

    Raises:
        FieldError: It is no amount.
    """
    if not is_known(text):
        return None
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise FieldError(say('the energy "{text}" is no amount of joules', text=Name(text)))
    joules = float(match["number"]) * FACTORS[match["suffix"].upper()]
    return joules if 0.0 < joules < NOTHING_MEASURED else None
