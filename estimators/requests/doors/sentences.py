"""The report's own sentences: which door fits, and when to apply."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from estimators.requests.access_results import Door
from estimators.requests.doors.asked import Asked
from estimators.requests.doors.bounds import Bounds, neighbours_sentence
from estimators.requests.doors.dates import (
    after_decision,
    cutoffs_after,
    decision_words,
    is_always_open,
    subtract_working_days,
)
from estimators.requests.doors.rules import NAMES, applicant_remark, is_tests_only
from estimators.requests.doors.sizes import size_of
from estimators.requests.doors.words import NOT_FOUND, day_words, listed

HOLIDAYS = "Public holidays and the site's own set-up not counted."


def sentence_of(doors: Sequence[Door], chosen: Door | None, asked: Asked) -> str:
    """That it "Fits Fast Lane.", or why none fits, with both neighbours."""
    if chosen is None:
        return _none_fits(doors, asked)
    name = chosen.mode.short_name
    if chosen.state == "fits":
        return f"Fits {name}{_if_you_are(chosen, asked)}.{_offer_words(chosen, asked)}"
    smallest = next((door for door in doors if door.state == "fits"), None)
    how = "cannot be confirmed" if chosen.state == "unknown" else "does not fit"
    reason = f"{name}, as asked for, {how}: {_lowered(chosen.verdict)}."
    if smallest is None:
        return reason
    return f"{reason} The smallest that fits is {smallest.mode.short_name}{_if_you_are(smallest, asked)}."


def _none_fits(doors: Sequence[Door], asked: Asked) -> str:
    """The doors that a change would open, else the neighbours in size."""
    ajar = [door for door in doors if door.state in ("change", "unknown") and _holds(door, asked)]
    if ajar:
        reasons = "; ".join(f"{door.mode.short_name}: {_lowered(door.verdict)}" for door in ajar[:2])
        return f"Fits no mode as it stands. {reasons}."
    sized = [
        (door.mode.short_name, bounds)
        for door in doors
        if _is_open_to(door, asked) and (bounds := _bounds(door, asked)) is not None
    ]
    return neighbours_sentence(asked.gpu_hours, sized)


def _is_open_to(door: Door, asked: Asked) -> bool:
    remark = applicant_remark(door.mode, asked)
    return (remark is None or remark.weight == "condition") and not is_tests_only(door.mode, asked)


def _bounds(door: Door, asked: Asked) -> Bounds | None:
    """The sizes of a mode in GPU-hours."""
    size = size_of(door.mode, asked.machine, asked.gpus_per_node)
    if size is None:
        return None
    return Bounds(*size.gpu_hours, low_exclusive=size.bounds.low_exclusive)


def _holds(door: Door, asked: Asked) -> bool:
    bounds = _bounds(door, asked)
    return bounds is not None and bounds.holds(asked.gpu_hours) and not is_tests_only(door.mode, asked)


def _if_you_are(door: Door, asked: Asked) -> str:
    """The condition on an applicant that the plan does not name, "" where there is none."""
    terms = door.mode.applicants.value if door.mode.applicants is not None else None
    if asked.spec.applicant is not None or not terms:
        return ""
    free = [NAMES[kind] for kind, term in terms.items() if term == "yes"]
    return f" if you are {listed(free)}" if len(free) < len(NAMES) else ""


def _offer_words(door: Door, asked: Asked) -> str:
    """What was seen of a mode that is not known to be offered, "" where it is."""
    if door.offered:
        return ""
    if _lowered(door.offered_words) == NOT_FOUND:
        return f" Whether it is offered on {asked.place} was not found."
    return f" On {asked.place}: {_lowered(door.offered_words)}."


def _lowered(verdict: str) -> str:
    return verdict[:1].lower() + verdict[1:]


def start_sentence(chosen: Door | None, asked: Asked) -> str:
    """When to apply for the plan's start, else for the earliest one; "" without a door."""
    if chosen is None:
        return ""
    mode = chosen.mode
    if chosen.earliest_start is None:
        return f"When {mode.short_name} could start was not found."
    days = _days_for(chosen, asked)
    by, start, first = days if days is not None else _earliest(chosen, asked)
    stated = mode.decision_working_days or mode.decision_time
    confidence = f" ({stated.confidence})" if stated is not None else ""
    earliest = " at the earliest" if first else ""
    return (
        f"{by} to start on {start}{earliest}: {decision_words(mode)} for the decision{confidence}. {HOLIDAYS}"
    )


def _earliest(chosen: Door, asked: Asked) -> tuple[str, str, bool]:
    assert chosen.earliest_start is not None, "the caller asked for a known start"
    start = day_words(chosen.earliest_start)
    if chosen.next_cutoff is None:
        return f"Apply today, {day_words(asked.today)},", start, True
    return f"Apply by {_moment(chosen.next_cutoff)}", start, True


def _days_for(chosen: Door, asked: Asked) -> tuple[str, str, bool] | None:
    """The last day on which to apply for the start that the plan names; None where it names none in time."""
    start, mode = asked.spec.start, chosen.mode
    if start is None or chosen.earliest_start is None or start < chosen.earliest_start:
        return None
    working = mode.decision_working_days
    if is_always_open(mode) and working is not None and working.value is not None:
        by = subtract_working_days(start, int(working.value))
        return f"Apply by {day_words(by)}", day_words(start), False
    in_time = [
        cutoff
        for cutoff in cutoffs_after(mode, asked.now)
        if (due := after_decision(mode, cutoff.date())) is not None and due <= start
    ]
    return (f"Apply by {_moment(in_time[-1])}", day_words(start), False) if in_time else None


def _moment(cutoff: datetime.datetime) -> str:
    return f"{day_words(cutoff.date())}, {cutoff:%H:%M} Brussels,"
