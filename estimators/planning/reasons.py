"""Why a run cannot be had on a machine, and what to know where it can: records, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from estimators.words import Amount, Listed, Name, Said, say

GIB = 2.0**30


@dataclass(frozen=True, slots=True)
class Missing:
    """The catalogue lacks what a step time needs."""

    facts: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The least that every layout holds on a device is more than the device has, in bytes."""

    need_bytes: float
    have_bytes: float
    card: str


@dataclass(frozen=True, slots=True)
class NoBatch:
    """The batch is too small for the smallest job."""

    samples: int


@dataclass(frozen=True, slots=True)
class NoHeads:
    """Ulysses cannot divide the attention heads over the devices."""


@dataclass(frozen=True, slots=True)
class NoLayout:
    """Model and batch do not divide over any count of devices."""


@dataclass(frozen=True, slots=True)
class NoCount:
    """The queues allow no count of devices that is known."""


Reason: TypeAlias = Missing | TooLarge | NoBatch | NoHeads | NoLayout | NoCount

NoteKind = Literal["jobs", "count", "precision", "arm", "host-memory", "rocm", "queue", "network"]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of few words on an answer.

    Attributes:
        kind: What it is about.
    """

    kind: NoteKind
    said: Said


def reason_said(reason: Reason) -> Said:
    """The reason without its full stop: it stands alone, or behind a name."""
    match reason:
        case Missing(facts):
            return say("Not published: {facts}", facts=Listed(facts, ""))
        case TooLarge(need_bytes, have_bytes, card):
            return say(
                "Needs {need} GiB on each GPU; {gpu} has {have}",
                need=_gib(need_bytes),
                gpu=Name(card),
                have=_gib(have_bytes),
            )
        case NoBatch(samples):
            return say(
                "Batch of {n} samples is too small for the smallest job",
                n=Amount(samples, form="general", digits=15),
            )
        case NoHeads():
            return say("The attention heads do not divide over the context-parallel GPUs, as Ulysses needs")
        case NoLayout():
            return say("No layout divides the model and the batch over these GPUs")
        case NoCount():
            return say("No device count is allowed: the queue limits are not known")


def reason_in_brief(reason: Reason) -> Said:
    """The reason in five words, for the column of a table."""
    match reason:
        case Missing():
            return say("Not published")
        case TooLarge(need_bytes, have_bytes, _):
            return say("Needs {need} GiB, has {have}", need=_gib(need_bytes), have=_gib(have_bytes))
        case NoBatch(samples):
            return say("Batch of {n} samples is…", n=Amount(samples, form="general", digits=15))
        case NoHeads():
            return say("The attention heads do not…")
        case NoLayout():
            return say("No layout divides the model…")
        case NoCount():
            return say("No device count is allowed")


def _gib(number_of_bytes: float) -> Amount:
    return Amount(round(number_of_bytes / GIB), form="general", digits=15)
