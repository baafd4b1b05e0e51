"""The access mode as an applicant meets it: door, applicant, size, length, offer, dates, fallback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from estimators.quantity import Fact
from estimators.requests.access_results import Door
from estimators.requests.calendar import LENGTHS, add_months
from estimators.requests.doors import assess_doors
from estimators.requests.doors.asked import Asked, Remark
from estimators.requests.doors.dates import is_always_open
from estimators.requests.doors.offers import offer_remark, sighting
from estimators.requests.doors.rules import (
    NAMES,
    applicant_remark,
    country_remark,
    date_remark,
    lengths_of,
    months_remark,
    size_remark,
)
from estimators.requests.doors.sizes import size_of
from estimators.requests.doors.words import day
from estimators.requests.findings.case import (
    NOT_IN_CATALOGUE,
    YOUR_INPUT,
    Case,
    Passed,
    Rule,
    count,
    gpu_hours_words,
    months_words,
    source_words,
)
from estimators.requests.results import Finding, Fix, RuleId, Severity
from estimators.words import NOTHING, Amount, Cased, Heading, Name, Said, Value, say

SEVERITIES: dict[str, Severity] = {"no": "fail", "change": "fail", "unknown": "warn", "condition": "info"}


ADVICE: dict[RuleId, Said] = {
    "mode-size": say("A mode takes no request outside its size: take another mode, or change the plan."),
    "applicant": say("The organisation decides, not the person; another mode may take it."),
    "country": say("The organisation's seat decides, not a person's nationality."),
    "mode-months": say("The portal offers fixed lengths only."),
    "offered": say("Look at the portal and tick what you see."),
    "deadline": say("Look at the call page, or ask the helpdesk for the next date."),
}
"""What to do where the remark of the access rules does not say it."""


def asked_of(case: Case) -> Asked:
    """The project as the rules of access see it."""
    campaign = case.campaign
    return Asked(
        campaign.spec,
        case.machine,
        campaign.needed_node_hours,
        campaign.gpus_per_node,
        0,
        case.catalogue,
        case.now,
    )


def other_door(case: Case, here: Door | None) -> Fix | None:
    """The smallest other mode that fits, as a change of the plan."""
    fitting = (door for door in case.doors.doors if door.state == "fits" and door is not here)
    door = next(fitting, None)
    return (
        None
        if door is None
        else Fix(say("Ask for {mode}", mode=Name(door.mode.short_name)), "mode", door.mode.id)
    )


def some_door(case: Case) -> Iterator[Finding]:
    """At least one access mode serves the project."""
    if case.door is not None:
        return
    request = gpu_hours_words(case.campaign.units.gpu_hours)
    length = months_words(case.campaign.spec.months)
    months = _months_with_a_door(case)
    yield Finding(
        rule="door",
        severity="fail",
        title=say(
            "No access mode holds {request} over {length} on {machine}",
            request=request,
            length=length,
            machine=Name(case.machine_name),
        ),
        why=case.doors.sentence,
        figure=request,
        limit=say("size and length of an access mode"),
        source=say("Access rules of {day}", day=day(case.doors.catalogue_date)),
        fix=None if months is None else _take(months),
    )


def _take(months: int) -> Fix:
    return Fix(say("Take {months}", months=months_words(months)), "months", months)


def _months_with_a_door(case: Case) -> int | None:
    """The shortest other length that holds the runs and that some mode offers for this request."""
    campaign = case.campaign
    last = max((bar.end_day for bar in campaign.bars), default=0.0)
    for months in LENGTHS:
        if (add_months(campaign.start, months) - campaign.start).days < last:
            continue
        spec = replace(campaign.spec, months=months)
        hours, gpus = campaign.needed_node_hours, campaign.gpus_per_node
        report = assess_doors(spec, case.machine, hours, gpus, case.catalogue, case.now)
        if report.chosen is not None:
            return months
    return None


def _door_passed(case: Case) -> Passed | None:
    door = case.door
    if door is None:
        return None
    fact = door.facts[0][1] if door.facts else None
    words = say("{mode}: {verdict}", mode=Name(door.mode.short_name), verdict=Cased(door.verdict))
    return Passed(words, door.verdict, door.size, fact)


def _from(
    case: Case, rule: RuleId, remark: Remark | None, fact: Fact[Any] | None, fix: Fix | None, figure: Value
) -> Iterator[Finding]:
    """A remark of the access rules as a finding: its sentence is the title."""
    if remark is None:
        return
    title: Value = Heading(remark.sentence)
    why = ADVICE[rule] if remark.advice == NOTHING else remark.advice
    if remark.weight == "condition" and rule == "applicant":
        title, why = say("Who applies is not said"), remark.sentence
    door = case.door
    limit: Value = Name(door.mode.short_name) if door is not None else say("all access modes")
    if door is not None and rule == "mode-size":
        limit = say("{mode}, {size}", mode=limit, size=door.size)
    yield Finding(
        rule=rule,
        severity=SEVERITIES[remark.weight],
        title=title,
        why=why,
        figure=figure,
        limit=limit,
        source=source_words(fact) if fact is not None else NOT_IN_CATALOGUE,
        fact=fact,
        fix=fix if remark.weight != "condition" or rule == "mode-months" else None,
    )


def mode_size(case: Case) -> Iterator[Finding]:
    """The request lies inside the mode's size on this machine."""
    door = case.door
    if door is None:
        return
    size = size_of(door.mode, case.machine, case.campaign.gpus_per_node)
    remark = size_remark(door.mode, asked_of(case), size)
    figure = gpu_hours_words(case.campaign.units.gpu_hours)
    yield from _from(case, "mode-size", remark, size.fact if size else None, other_door(case, door), figure)


def _mode_size_passed(case: Case) -> Passed | None:
    door = case.door
    if door is None:
        return None
    size = size_of(door.mode, case.machine, case.campaign.gpus_per_node)
    figure = gpu_hours_words(case.campaign.units.gpu_hours)
    return Passed(
        say("{hours}; {mode}: {size}", hours=figure, mode=Name(door.mode.short_name), size=door.size),
        figure,
        door.size,
        size.fact if size else None,
    )


def applicant(case: Case) -> Iterator[Finding]:
    """This kind of organisation may use the mode."""
    door, kind = case.door, case.campaign.spec.applicant
    if door is None:
        return
    remark = applicant_remark(door.mode, asked_of(case))
    figure = NAMES[kind] if kind is not None else say("not said")
    yield from _from(case, "applicant", remark, door.mode.applicants, other_door(case, door), figure)


def _applicant_passed(case: Case) -> Passed | None:
    door, kind = case.door, case.campaign.spec.applicant
    if door is None or kind is None:
        return None
    return Passed(
        say("{mode} takes {applicant}", mode=Name(door.mode.short_name), applicant=NAMES[kind]),
        NAMES[kind],
        fact=door.mode.applicants,
    )


def country(case: Case) -> Iterator[Finding]:
    """Organisations of this country may apply."""
    code = case.campaign.spec.country
    remark = country_remark(asked_of(case))
    yield from _from(
        case, "country", remark, _country_fact(case, "rule"), None, Name(code) if code else say("not said")
    )


def _country_fact(case: Case, name: str) -> Fact[Any] | None:
    table = case.catalogue.guidance.get("country-rule")
    return table.facts.get(name) if table is not None else None


def _country_passed(case: Case) -> Passed | None:
    code = case.campaign.spec.country
    if code is None:
        return None
    words = say("{country} may apply", country=Name(code))
    return Passed(words, Name(code), fact=_country_fact(case, "rule"))


def mode_months(case: Case) -> Iterator[Finding]:
    """The mode runs for the length of the project."""
    door = case.door
    if door is None:
        return
    months, lengths = case.campaign.spec.months, lengths_of(door.mode)
    remark = months_remark(door.mode, asked_of(case))
    value = next((length for length in lengths if length >= months), lengths[-1] if lengths else None)
    fix = None if value is None else _take(value)
    yield from _from(case, "mode-months", remark, door.mode.months, fix, months_words(months))


def _mode_months_passed(case: Case) -> Passed | None:
    door = case.door
    if door is None:
        return None
    words = months_words(case.campaign.spec.months)
    return Passed(
        say("{words}, as {mode} offers", words=words, mode=Name(door.mode.short_name)),
        words,
        fact=door.mode.months,
    )


def offered(case: Case) -> Iterator[Finding]:
    """The mode is offered on this machine today, by the user's tick or by what was last seen."""
    door, spec = case.door, case.campaign.spec
    if door is None:
        return
    seen = sighting(door.mode, case.machine.id, spec.offers)
    remark = offer_remark(door.mode, asked_of(case), seen)
    fix = other_door(case, door)
    if fix is None and spec.fallback is not None and spec.fallback != case.machine.id:
        there = sighting(door.mode, spec.fallback, spec.offers)
        if there.offered:
            name = case.catalogue.machine(spec.fallback).name
            fix = Fix(say("Go to {machine}", machine=Name(name)), "machine", spec.fallback)
    source = seen.fact or door.mode.open_today
    yield from _from(case, "offered", remark, source, fix, seen.words)


def _offered_passed(case: Case) -> Passed | None:
    return None if case.door is None else Passed(case.door.offered_words, source=case.door.offered_words)


def deadline(case: Case) -> Iterator[Finding]:
    """There is a known date on which to apply, and it has not passed."""
    door = case.door
    if door is None:
        return
    seen = sighting(door.mode, case.machine.id, case.campaign.spec.offers)
    remark = date_remark(door.mode, asked_of(case), seen, door.next_cutoff is not None)
    fact = door.mode.call_year_end or door.mode.cutoff_dates or door.mode.open_today
    yield from _from(case, "deadline", remark, fact, other_door(case, door), door.cutoff_words)


def _deadline_passed(case: Case) -> Passed | None:
    door = case.door
    if door is None:
        return None
    fact = door.mode.always_open if is_always_open(door.mode) else door.mode.cutoff_dates
    return Passed(door.cutoff_words, door.cutoff_words, fact=fact or door.mode.cutoff_day_of_month)


def start_date(case: Case) -> Iterator[Finding]:
    """The project starts no earlier than the mode decides."""
    door, wanted = case.door, case.campaign.spec.start
    if door is None or wanted is None or door.earliest_start is None or case.campaign.spec.used:
        return
    if wanted >= door.earliest_start:
        return
    first = day(door.earliest_start)
    yield Finding(
        rule="start-date",
        severity="fail",
        title=say(
            "The plan starts on {wanted}; {mode} allows {first}",
            wanted=day(wanted),
            mode=Name(door.mode.short_name),
            first=first,
        ),
        why=say(
            "The decision takes {decision} after {cutoff}.",
            decision=door.decision_words,
            cutoff=door.cutoff_words,
        ),
        figure=day(wanted),
        limit=say("{first} or later", first=first),
        source=source_words(door.mode.decision_working_days or door.mode.decision_time),
        fact=door.mode.decision_working_days or door.mode.decision_time,
        fix=Fix(say("Start on {first}", first=first), "start", door.earliest_start),
    )


def _start_passed(case: Case) -> Passed | None:
    door = case.door
    if door is None or door.earliest_start is None:
        return None
    first = day(door.earliest_start)
    fact = door.mode.decision_working_days or door.mode.decision_time
    return Passed(
        say("{start}, possible from {first}", start=day(case.campaign.start), first=first),
        limit=first,
        fact=fact,
    )


def fallback(case: Case) -> Iterator[Finding]:
    """A second machine is named, since what is offered changes within weeks."""
    spec = case.campaign.spec
    if spec.fallback is not None and spec.fallback != case.machine.id:
        return
    same = spec.fallback is not None
    yield Finding(
        rule="fallback",
        severity="warn",
        title=say("The fallback is the machine itself") if same else say("No fallback machine is named"),
        why=say("What a mode offers changes within weeks: name a second machine that fits."),
        figure=Name(case.machine_name) if same else say("none"),
        limit=say("a second machine"),
        source=say("Portal as seen in 2026, secondary"),
    )


def _fallback_passed(case: Case) -> Passed | None:
    named = case.campaign.spec.fallback
    return None if named is None else Passed(Name(case.catalogue.machine(named).name), source=YOUR_INPUT)


def stale(case: Case) -> Iterator[Finding]:
    """The access facts are no older than 60 days."""
    if not case.doors.stale:
        return
    yield Finding(
        rule="catalogue-age",
        severity="warn",
        title=say("The catalogue is {n} days old", n=count(case.doors.catalogue_age_days)),
        why=case.doors.stale,
        figure=say("{n} days", n=count(case.doors.catalogue_age_days)),
        limit=say("60 days"),
        source=_catalogue(case),
    )


def _stale_passed(case: Case) -> Passed | None:
    words = say("{n} days old", n=count(case.doors.catalogue_age_days))
    return Passed(
        words,
        words,
        say("60 days"),
        source=_catalogue(case),
    )


def _catalogue(case: Case) -> Said:
    return say("Catalogue of {day}", day=Amount(case.doors.catalogue_date, form="plain"))


RULES = (
    Rule("door", say("Access mode"), some_door, _door_passed),
    Rule("mode-size", say("Size of the request"), mode_size, _mode_size_passed),
    Rule("applicant", say("Applicant"), applicant, _applicant_passed),
    Rule("country", say("Country"), country, _country_passed),
    Rule("mode-months", say("Length of the project"), mode_months, _mode_months_passed),
    Rule("offered", say("Offered today"), offered, _offered_passed),
    Rule("deadline", say("Cut-off date"), deadline, _deadline_passed),
    Rule("start-date", say("Start of the project"), start_date, _start_passed),
    Rule("fallback", say("Fallback machine"), fallback, _fallback_passed),
    Rule("catalogue-age", say("Age of the facts"), stale, _stale_passed),
)
