"""The rules of access, one function each: what it says of a project, or None where it is met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact
from estimators.requests.doors.asked import Asked, Remark
from estimators.requests.doors.dates import call_has_ended, is_always_open
from estimators.requests.doors.offers import Sighting, offer_remark
from estimators.requests.doors.sizes import DoorSize
from estimators.requests.doors.words import day, whole
from estimators.words import NOTHING, Amount, Cased, Listed, Name, Said, say

NAMES: dict[str, Said] = {
    "start-up": say("a start-up"),
    "sme": say("an SME"),
    "large-company": say("a large company"),
    "university": say("a university"),
    "public-body": say("a public body"),
}
_SHORT: dict[tuple[str, ...], Said] = {
    ("start-up", "sme"): say("Fits start-up or SME"),
    ("university", "public-body"): say("Fits university or public body"),
}
_ALIASES = {"UK": "GB", "EL": "GR"}
MANY_TIMES = 2.0
"""From here on a verdict says how many times too small a mode is."""


def remarks_on(
    mode: AccessMode, asked: Asked, size: DoorSize | None, seen: Sighting, has_cutoff: bool
) -> Iterator[Remark]:
    """Everything that the rules say of one mode, the heaviest subjects first."""
    found = (
        applicant_remark(mode, asked),
        country_remark(asked),
        size_remark(mode, asked, size),
        offer_remark(mode, asked, seen),
        months_remark(mode, asked),
        date_remark(mode, asked, seen, has_cutoff),
    )
    yield from (remark for remark in found if remark is not None)


def applicant_remark(mode: AccessMode, asked: Asked) -> Remark | None:
    """Whether this kind of organisation may apply; an unknown one is not excluded."""
    terms = mode.applicants.value if mode.applicants is not None else None
    if terms is None:
        sentence = say("Who may use {mode} was not found.", mode=Name(mode.short_name))
        return Remark("unknown", say("Applicants not found"), sentence)
    kind = asked.spec.applicant
    if kind is None:
        return _if_you_are(mode, terms)
    term, who, name = terms.get(kind, "no"), NAMES[kind], Name(mode.short_name)
    if term == "no":
        refused = say("{mode} does not take {applicant}.", mode=name, applicant=who)
        return Remark("no", say("Not for {applicant}", applicant=who), refused)
    if term == "pays":
        sentence = say(
            "{applicant} goes to pay-per-use commercial access; the price was not found.",
            applicant=Cased(who, "capital"),
        )
        return Remark("change", say("Pay-per-use only"), sentence)
    if term == "funded":
        sentence = say(
            "{mode} takes {applicant} only inside an R&I project funded by Horizon Europe or Digital Europe.",
            mode=name,
            applicant=who,
        )
        return Remark("change", say("Only inside an EU project"), sentence)
    return None


def _if_you_are(mode: AccessMode, terms: Mapping[str, str]) -> Remark | None:
    """The condition under which an applicant that the plan does not name fits."""
    free = [kind for kind, term in terms.items() if term == "yes"]
    if len(free) == len(NAMES):
        return None
    sentence = say(
        "{mode} fits if you are {applicants}: say who applies.",
        mode=Name(mode.short_name),
        applicants=applicants(free),
    )
    return Remark("condition", _SHORT.get(tuple(free), say("Fits some applicants")), sentence)


def applicants(kinds: Iterable[str]) -> Listed:
    """Kinds of organisations in a sentence: "a start-up or an SME"."""
    return Listed(tuple(NAMES[kind] for kind in kinds), "or")


def country_remark(asked: Asked) -> Remark | None:
    """Whether an organisation of the applicant's country may apply."""
    if asked.spec.country is None:
        return None
    code = asked.spec.country.upper()
    code = _ALIASES.get(code, code)
    table = asked.catalogue.guidance.get("country-rule")
    facts = table.facts if table is not None else {}
    if code in _codes(facts, "reported_out"):
        sentence = say("Organisations from {country} are reported not eligible.", country=Name(code))
        return Remark("no", say("Country is not eligible"), sentence)
    if any(code in _codes(facts, name) for name in ("member_states", "participating_states", "reported_in")):
        return None
    sentence = say(
        "Whether {country} counts as associated to Digital Europe or Horizon Europe was not found.",
        country=Name(code),
    )
    return Remark("unknown", say("Country rule not found"), sentence)


def _codes(facts: dict[str, Fact[list[str]]], name: str) -> list[str]:
    fact = facts.get(name)
    return (fact.value or []) if fact is not None else []


def size_remark(mode: AccessMode, asked: Asked, size: DoorSize | None) -> Remark | None:
    """Whether the request lies inside the mode, and whether the mode pays for such runs."""
    if is_tests_only(mode, asked):
        return Remark("change", say("For the tests only"), _tests_only(Name(mode.short_name), size))
    if size is None:
        sentence = say(
            "No source states a size of {mode} on {machine}.",
            mode=Name(mode.short_name),
            machine=Name(asked.place),
        )
        return Remark("unknown", say("Size here not found"), sentence)
    amount = asked.gpu_hours // size.gpu_hours_per_unit
    if size.bounds.is_above(amount):
        return _too_large(amount, size)
    if size.bounds.is_below(amount):
        return _too_small(amount, size)
    return None


def _tests_only(name: Name, size: DoorSize | None) -> Said:
    if size is None:
        return say("{mode} pays for tests and development, not for the main run.", mode=name)
    return say(
        "{mode} pays for tests and development ({size}), not for the main run.", mode=name, size=size.words
    )


def is_tests_only(mode: AccessMode, asked: Asked) -> bool:
    """Whether the mode pays for tests and this project is more; naming the mode says it is development."""
    tests_only = mode.production is not None and mode.production.value is False
    return tests_only and asked.has_production and asked.spec.mode != mode.id


def _too_large(amount: float, size: DoorSize) -> Remark:
    high = size.bounds.high
    times = amount / high
    verdict = say("Above by {hours}", hours=whole(amount - high))
    if times >= MANY_TIMES:
        verdict = say("{n} × too small", n=Amount(times, form="fixed"))
    sentence = say(
        "The request would have to fall from {hours} to at most {most}.",
        hours=whole(amount),
        most=size.hours(high),
    )
    return Remark("no", verdict, sentence)


def _too_small(amount: float, size: DoorSize) -> Remark:
    low = size.bounds.low
    missing = low - amount
    verdict = say("Below by {hours}", hours=whole(missing))
    if not missing:
        verdict = say("Must exceed {hours}", hours=whole(low))
    if size.bounds.low_exclusive:
        text = say(
            "The request would have to grow from {hours} to more than {least}.",
            hours=whole(amount),
            least=size.hours(low),
        )
    else:
        text = say(
            "The request would have to grow from {hours} to at least {least}.",
            hours=whole(amount),
            least=size.hours(low),
        )
    return Remark("no", verdict, text)


def lengths_of(mode: AccessMode) -> tuple[int, ...]:
    """Months on offer, the shortest first; empty where not found."""
    stated = mode.months.value if mode.months is not None else None
    return tuple(sorted(int(months) for months in stated or ()))


def months_remark(mode: AccessMode, asked: Asked) -> Remark | None:
    """Whether a length on offer holds the project."""
    lengths, months, name = lengths_of(mode), asked.spec.months, Name(mode.short_name)
    if not lengths:
        return Remark(
            "unknown", say("Length not found"), say("The length of {mode} was not found.", mode=name)
        )
    if months > lengths[-1]:
        return _too_long(name, lengths[-1], months)
    if months < 1 or months in lengths:
        return None
    sentence = say(
        "{mode} runs {lengths} months: ask for {fitting}.",
        mode=name,
        lengths=Listed(tuple(Amount(length) for length in lengths), "or"),
        fitting=Amount(next(length for length in lengths if length > months)),
    )
    return Remark("condition", NOTHING, sentence)


def _too_long(name: Name, most: int, months: int) -> Remark:
    """The project is longer than the mode."""
    verdict = say("At most {most} months, not {months}", most=Amount(most), months=Amount(months))
    sentence = say(
        "{mode} runs at most {most} months: shorten the project from {months}.",
        mode=name,
        most=Amount(most),
        months=Amount(months),
    )
    return Remark("change", verdict, sentence)


def date_remark(mode: AccessMode, asked: Asked, seen: Sighting, has_cutoff: bool) -> Remark | None:
    """Whether a date is known on which to apply; a tick of the user stands in for one."""
    ended = call_has_ended(mode, asked.today)
    if has_cutoff or (is_always_open(mode) and not ended):
        return None
    sentence = say("The next cut-off of {mode} was not found.", mode=Name(mode.short_name))
    if ended and mode.call_year_end is not None and mode.call_year_end.value is not None:
        sentence = say(
            "The last known call of {mode} ended about {day}; the next was not found.",
            mode=Name(mode.short_name),
            day=day(mode.call_year_end.value),
        )
    if seen.by_user and seen.offered:
        return Remark("condition", say("Fits, date not found"), sentence)
    return Remark("unknown", say("Next date not found"), sentence)
