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
from estimators.requests.doors.offers import NOT_SEEN
from estimators.requests.doors.rules import NAMES, applicant_remark, applicants, is_tests_only
from estimators.requests.doors.sizes import size_of
from estimators.requests.doors.words import CONFIDENCE, day
from estimators.words import NOTHING, Amount, Cased, Listed, Name, Said, Value, say, together

HOLIDAYS = say("Public holidays and the site's own set-up not counted.")


def verdict_of(doors: Sequence[Door], chosen: Door | None, asked: Asked) -> tuple[Said, Said]:
    """That it "Fits Fast Lane.", or why none fits, with both neighbours; and what is known beside it."""
    if chosen is None:
        return _none_fits(doors, asked)
    if chosen.state == "fits":
        return _fits(chosen, asked), _offer(chosen, asked)
    smallest = next((door for door in doors if door.state == "fits"), None)
    return _asked_for(chosen), _smallest(smallest, asked) if smallest is not None else NOTHING


def _fits(door: Door, asked: Asked) -> Said:
    name, kinds = Name(door.mode.short_name), _who_may(door, asked)
    if kinds.items:
        return say("Fits {mode} if you are {applicants}.", mode=name, applicants=kinds)
    return say("Fits {mode}.", mode=name)


def _asked_for(door: Door) -> Said:
    """Why the mode that the user named does not do."""
    name, verdict = Name(door.mode.short_name), Cased(door.verdict)
    if door.state == "unknown":
        return say("{mode}, as asked for, cannot be confirmed: {verdict}.", mode=name, verdict=verdict)
    return say("{mode}, as asked for, does not fit: {verdict}.", mode=name, verdict=verdict)


def _smallest(door: Door, asked: Asked) -> Said:
    name, kinds = Name(door.mode.short_name), _who_may(door, asked)
    if kinds.items:
        return say("The smallest that fits is {mode} if you are {applicants}.", mode=name, applicants=kinds)
    return say("The smallest that fits is {mode}.", mode=name)


def _none_fits(doors: Sequence[Door], asked: Asked) -> tuple[Said, Said]:
    """The doors that a change would open, else the neighbours in size."""
    ajar = [door for door in doors if door.state in ("change", "unknown") and _holds(door, asked)]
    if ajar:
        return say("Fits no mode as it stands."), _ajar(ajar)
    sized = [
        (door.mode.short_name, bounds)
        for door in doors
        if _is_open_to(door, asked) and (bounds := _bounds(door, asked)) is not None
    ]
    return neighbours_sentence(asked.gpu_hours, sized), NOTHING


def _ajar(doors: Sequence[Door]) -> Said:
    """Why the two smallest do not fit as it stands."""
    first, *others = doors
    name, verdict = Name(first.mode.short_name), Cased(first.verdict)
    if not others:
        return say("{mode}: {verdict}.", mode=name, verdict=verdict)
    return say(
        "{mode}: {verdict}; {other}: {other_verdict}.",
        mode=name,
        verdict=verdict,
        other=Name(others[0].mode.short_name),
        other_verdict=Cased(others[0].verdict),
    )


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


def _who_may(door: Door, asked: Asked) -> Listed:
    """Whom the mode takes, where it does not take all and the plan does not say who applies."""
    terms = door.mode.applicants.value if door.mode.applicants is not None else None
    free = [kind for kind, term in (terms or {}).items() if term == "yes"]
    is_open = asked.spec.applicant is not None or not terms or len(free) == len(NAMES)
    return applicants(() if is_open else free)


def _offer(door: Door, asked: Asked) -> Said:
    """What was seen of a mode that is not known to be offered, nothing where it is."""
    if door.offered:
        return NOTHING
    if door.offered_words == NOT_SEEN:
        return say("Whether it is offered on {machine} was not found.", machine=Name(asked.place))
    return say("On {machine}: {seen}.", machine=Name(asked.place), seen=Cased(door.offered_words))


def start_sentence(chosen: Door | None, asked: Asked) -> Said:
    """When to apply for the plan's start, else for the earliest one; nothing without a door."""
    if chosen is None:
        return NOTHING
    mode = chosen.mode
    if chosen.earliest_start is None:
        return say("When {mode} could start was not found.", mode=Name(mode.short_name))
    stated = mode.decision_working_days or mode.decision_time
    decision: Value = decision_words(mode)
    if stated is not None:
        decision = say(
            "{time} for the decision ({confidence})", time=decision, confidence=CONFIDENCE[stated.confidence]
        )
    else:
        decision = say("{time} for the decision", time=decision)
    return together(_apply(chosen, asked, decision), HOLIDAYS)


def _apply(chosen: Door, asked: Asked, decision: Value) -> Said:
    in_time = _in_time(chosen, asked)
    if in_time is not None:
        by, start = in_time
        return say(
            "Apply by {day} to start on {start}: {decision}.", day=by, start=day(start), decision=decision
        )
    assert chosen.earliest_start is not None, "the caller asked for a known start"
    first = day(chosen.earliest_start)
    if chosen.next_cutoff is None:
        return say(
            "Apply today, {today}, to start on {start} at the earliest: {decision}.",
            today=day(asked.today),
            start=first,
            decision=decision,
        )
    return say(
        "Apply by {day} to start on {start} at the earliest: {decision}.",
        day=_moment(chosen.next_cutoff),
        start=first,
        decision=decision,
    )


def _in_time(chosen: Door, asked: Asked) -> tuple[Value, datetime.date] | None:
    """The last day on which to apply for the start that the plan names; None where it names none in time."""
    start, mode = asked.spec.start, chosen.mode
    if start is None or chosen.earliest_start is None or start < chosen.earliest_start:
        return None
    working = mode.decision_working_days
    if is_always_open(mode) and working is not None and working.value is not None:
        by = subtract_working_days(start, int(working.value))
        return day(by), start
    in_time = [
        cutoff
        for cutoff in cutoffs_after(mode, asked.now)
        if (due := after_decision(mode, cutoff.date())) is not None and due <= start
    ]
    return (_moment(in_time[-1]), start) if in_time else None


def _moment(cutoff: datetime.datetime) -> Said:
    """A cut-off inside a sentence, set off by commas."""
    return say("{day}, {clock} Brussels,", day=day(cutoff.date()), clock=Amount(cutoff, form="clock"))
