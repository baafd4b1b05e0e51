"""Single values of Slurm's accounting: times, node counts, resources, energy."""

from __future__ import annotations

import datetime
import re

ELAPSED = re.compile(r"(?:(?P<days>\d+)-)?(?:(?P<hours>\d+):)?(?P<minutes>\d+):(?P<seconds>\d+)(?:\.\d+)?")
GPU_RESOURCE = re.compile(r"gres/gpu(?P<kind>:[^=,]+)?=(?P<count>\d+)")
AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<suffix>[KMGTP]?)", re.IGNORECASE)
FACTORS = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
NOTHING_MEASURED = 1e18
"""Slurm writes a number beyond any job's joules where it has no meter."""


class FieldError(ValueError):
    """A value that cannot be read; the text says which."""


def elapsed_seconds(text: str) -> int:
    """A duration "D-HH:MM:SS", "HH:MM:SS" or "MM:SS" in seconds; parts of a second are dropped.

    Raises:
        FieldError: It is none.
    """
    match = ELAPSED.fullmatch(text)
    if match is None:
        raise FieldError(f'the time "{text}" is not written as D-HH:MM:SS')
    days, hours, minutes, seconds = (
        int(match[name] or 0) for name in ("days", "hours", "minutes", "seconds")
    )
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def elapsed_text(seconds: int) -> str:
    """A duration as Slurm writes it."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    clock = f"{hour:02}:{minute:02}:{second:02}"
    return f"{days}-{clock}" if days else clock


def end_of(text: str) -> datetime.datetime:
    """The moment at which a job ended.

    Raises:
        FieldError: It is none, for example "Unknown".
    """
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        raise FieldError(f'the end "{text}" is no date') from None


def nodes_of(text: str) -> int:
    """A count of nodes; Slurm shortens thousands to "2K" or "1.5K".

    Raises:
        FieldError: It is none.
    """
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise FieldError(f'the nodes "{text}" are no number')
    return round(float(match["number"]) * _node_factor(match["suffix"].upper()))


def _node_factor(suffix: str) -> float:
    """Counts are shortened by 1 024, as memory is."""
    return 1024.0 if suffix == "K" else FACTORS[suffix]


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
    if not text or text.lower() in ("none", "unknown"):
        return None
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise FieldError(f'the energy "{text}" is no amount of joules')
    joules = float(match["number"]) * FACTORS[match["suffix"].upper()]
    return joules if 0.0 < joules < NOTHING_MEASURED else None
