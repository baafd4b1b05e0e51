"""One access mode held against one project."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact
from estimators.requests.access_results import Door, DoorState
from estimators.requests.doors.asked import Asked, Remark, Weight
from estimators.requests.doors.dates import (
    call_has_ended,
    decision_words,
    earliest_start,
    is_always_open,
    next_cutoff,
)
from estimators.requests.doors.offers import Sighting, sighting
from estimators.requests.doors.rules import remarks_on
from estimators.requests.doors.sizes import DoorSize, size_of
from estimators.requests.doors.words import NOT_FOUND, cutoff_said, day, whole
from estimators.words import Name, Said, say, together

_STATES: tuple[tuple[Weight, DoorState], ...] = (("no", "no"), ("unknown", "unknown"), ("change", "change"))


def door_of(mode: AccessMode, asked: Asked) -> Door:
    """What a mode says to a project: whether it fits, what would have to change, when it could start."""
    size = size_of(mode, asked.machine, asked.gpus_per_node)
    seen = sighting(mode, asked.machine.id, asked.spec.offers)
    cutoff = next_cutoff(mode, asked.now)
    start = earliest_start(mode, cutoff, asked.today)
    remarks = list(remarks_on(mode, asked, size, seen, cutoff is not None))
    state = _state(remarks)
    changes = [together(remark.sentence, remark.advice) for remark in remarks]
    if start is not None and asked.spec.start is not None and asked.spec.start < start:
        late = say(
            "The plan starts on {start}; {mode} allows {first} at the earliest.",
            start=day(asked.spec.start),
            mode=Name(mode.short_name),
            first=day(start),
        )
        changes.append(late)
    return Door(
        mode=mode,
        state=state,
        size=size.words if size is not None else NOT_FOUND,
        size_gpu_hours=size.gpu_hours if size is not None else None,
        fixed=size is not None and size.fixed,
        verdict=_verdict(state, remarks, size, asked),
        changes=tuple(changes),
        next_cutoff=cutoff,
        cutoff_words=_cutoff_words(mode, asked),
        earliest_start=start,
        decision_words=decision_words(mode),
        offered=seen.offered,
        offered_words=seen.words,
        facts=tuple(_facts(mode, size, seen)),
    )


def _state(remarks: list[Remark]) -> DoorState:
    weights = {remark.weight for remark in remarks}
    return next((state for weight, state in _STATES if weight in weights), "fits")


def _verdict(state: DoorState, remarks: list[Remark], size: DoorSize | None, asked: Asked) -> Said:
    """The heaviest remark in few words; where all is well, the room that is left."""
    weight = next((weight for weight, named in _STATES if named == state), "condition")
    for remark in remarks:
        if remark.weight == weight and remark.verdict:
            return remark.verdict
    if size is None or math.isinf(size.bounds.high):
        return say("Fits, no ceiling found")
    spare = size.bounds.high - asked.gpu_hours // size.gpu_hours_per_unit
    return say("Fits, {hours} to spare", hours=whole(spare)) if spare else say("Fits exactly")


def _cutoff_words(mode: AccessMode, asked: Asked) -> Said:
    cutoff = next_cutoff(mode, asked.now)
    if cutoff is not None:
        return cutoff_said(cutoff, asked.today)
    if is_always_open(mode) and not call_has_ended(mode, asked.today):
        return say("Always open")
    return NOT_FOUND


def _facts(mode: AccessMode, size: DoorSize | None, seen: Sighting) -> Iterator[tuple[Said, Fact[Any]]]:
    """What the verdict rests on, in the order of the table."""
    named: tuple[tuple[Said, Fact[Any] | None], ...] = (
        (say("One package"), mode.fixed_package),
        (_size_name(size), size.fact if size is not None else None),
        (say("Floor"), mode.min_gpu_hours),
        (say("Length in months"), mode.months),
        (say("Who may apply"), mode.applicants),
        (say("Production runs"), mode.production),
        (say("Always open"), mode.always_open),
        (say("End of the call year"), mode.call_year_end),
        (say("Cut-off dates"), mode.cutoff_dates),
        (say("Cut-off day of each month"), mode.cutoff_day_of_month),
        (say("Cut-off time in Brussels"), mode.cutoff_time),
        (say("Decision in working days"), mode.decision_working_days),
        (say("Decision"), mode.decision_time),
        (say("Offered"), seen.fact),
    )
    yield from ((name, fact) for name, fact in named if fact is not None)


def _size_name(size: DoorSize | None) -> Said:
    """What the fact of a size states: node-hours on the machine, one package, or a ceiling."""
    return say("Ceiling") if size is not None and size.unit == "GPU-hours" and not size.fixed else say("Size")
