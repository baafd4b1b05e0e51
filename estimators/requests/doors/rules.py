"""The rules of access, one function each: what it says of a project, or None where it is met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact
from estimators.requests.doors.asked import Asked, Remark
from estimators.requests.doors.dates import call_has_ended, is_always_open
from estimators.requests.doors.offers import Sighting, offer_remark
from estimators.requests.doors.sizes import DoorSize
from estimators.requests.doors.words import day_words, grouped, listed

NAMES = {
    "start-up": "a start-up",
    "sme": "an SME",
    "large-company": "a large company",
    "university": "a university",
    "public-body": "a public body",
}
_SHORT: dict[tuple[str, ...], str] = {
    ("start-up", "sme"): "start-up or SME",
    ("university", "public-body"): "university or public body",
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
        return Remark("unknown", "Applicants not found", f"Who may use {mode.short_name} was not found.")
    kind = asked.spec.applicant
    if kind is None:
        return _if_you_are(mode, terms)
    term = terms.get(kind, "no")
    name = NAMES[kind]
    if term == "no":
        return Remark("no", f"Not for {name}", f"{mode.short_name} does not take {name}.")
    if term == "pays":
        sentence = f"{name.capitalize()} goes to pay-per-use commercial access; the price was not found."
        return Remark("change", "Pay-per-use only", sentence)
    if term == "funded":
        sentence = (
            f"{mode.short_name} takes {name} only inside an R&I project funded by Horizon Europe "
            "or Digital Europe."
        )
        return Remark("change", "Only inside an EU project", sentence)
    return None


def _if_you_are(mode: AccessMode, terms: Mapping[str, str]) -> Remark | None:
    """The condition under which an applicant that the plan does not name fits."""
    free = [kind for kind, term in terms.items() if term == "yes"]
    if len(free) == len(NAMES):
        return None
    short = _SHORT.get(tuple(free), "")
    return Remark(
        "condition",
        f"Fits {short}" if short else "Fits some applicants",
        f"{mode.short_name} fits if you are {listed(NAMES[kind] for kind in free)}: say who applies.",
    )


def country_remark(asked: Asked) -> Remark | None:
    """Whether an organisation of the applicant's country may apply."""
    if asked.spec.country is None:
        return None
    code = asked.spec.country.upper()
    code = _ALIASES.get(code, code)
    table = asked.catalogue.guidance.get("country-rule")
    facts = table.facts if table is not None else {}
    if code in _codes(facts, "reported_out"):
        return Remark(
            "no", "Country is not eligible", f"Organisations from {code} are reported not eligible."
        )
    if any(code in _codes(facts, name) for name in ("member_states", "participating_states", "reported_in")):
        return None
    return Remark(
        "unknown",
        "Country rule not found",
        f"Whether {code} counts as associated to Digital Europe or Horizon Europe was not found.",
    )


def _codes(facts: dict[str, Fact[list[str]]], name: str) -> list[str]:
    fact = facts.get(name)
    return (fact.value or []) if fact is not None else []


def size_remark(mode: AccessMode, asked: Asked, size: DoorSize | None) -> Remark | None:
    """Whether the request lies inside the mode, and whether the mode pays for such runs."""
    if is_tests_only(mode, asked):
        most = f" ({size.words})" if size is not None else ""
        sentence = f"{mode.short_name} pays for tests and development{most}, not for the main run."
        return Remark("change", "For the tests only", sentence)
    if size is None:
        return Remark(
            "unknown",
            "Size here not found",
            f"No source states a size of {mode.short_name} on {asked.place}.",
        )
    amount = asked.gpu_hours // size.gpu_hours_per_unit
    if size.bounds.is_above(amount):
        return _too_large(amount, size)
    if size.bounds.is_below(amount):
        return _too_small(amount, size)
    return None


def is_tests_only(mode: AccessMode, asked: Asked) -> bool:
    """Whether the mode pays for tests and this project is more; naming the mode says it is development."""
    tests_only = mode.production is not None and mode.production.value is False
    return tests_only and asked.has_production and asked.spec.mode != mode.id


def _too_large(amount: float, size: DoorSize) -> Remark:
    high = size.bounds.high
    times = amount / high
    verdict = f"Above by {grouped(amount - high)}"
    if times >= MANY_TIMES:
        verdict = f"{times:.0f} × too small"
    most = f"{grouped(high)} {size.unit}"
    return Remark("no", verdict, f"The request would have to fall from {grouped(amount)} to at most {most}.")


def _too_small(amount: float, size: DoorSize) -> Remark:
    low = size.bounds.low
    missing = low - amount
    verdict = f"Below by {grouped(missing)}" if missing else f"Must exceed {grouped(low)}"
    least = f"{'more than' if size.bounds.low_exclusive else 'at least'} {grouped(low)} {size.unit}"
    return Remark("no", verdict, f"The request would have to grow from {grouped(amount)} to {least}.")


def lengths_of(mode: AccessMode) -> tuple[int, ...]:
    """Months on offer, the shortest first; empty where not found."""
    stated = mode.months.value if mode.months is not None else None
    return tuple(sorted(int(months) for months in stated or ()))


def months_remark(mode: AccessMode, asked: Asked) -> Remark | None:
    """Whether a length on offer holds the project."""
    lengths, months = lengths_of(mode), asked.spec.months
    if not lengths:
        return Remark("unknown", "Length not found", f"The length of {mode.short_name} was not found.")
    if months > lengths[-1]:
        return Remark(
            "change",
            f"At most {lengths[-1]} months, not {months}",
            f"{mode.short_name} runs at most {lengths[-1]} months: shorten the project from {months}.",
        )
    if months < 1 or months in lengths:
        return None
    fitting = next(length for length in lengths if length > months)
    offered = listed(str(length) for length in lengths)
    return Remark("condition", "", f"{mode.short_name} runs {offered} months: ask for {fitting}.")


def date_remark(mode: AccessMode, asked: Asked, seen: Sighting, has_cutoff: bool) -> Remark | None:
    """Whether a date is known on which to apply; a tick of the user stands in for one."""
    ended = call_has_ended(mode, asked.today)
    if has_cutoff or (is_always_open(mode) and not ended):
        return None
    sentence = f"The next cut-off of {mode.short_name} was not found."
    if ended and mode.call_year_end is not None and mode.call_year_end.value is not None:
        end = day_words(mode.call_year_end.value)
        sentence = f"The last known call of {mode.short_name} ended about {end}; the next was not found."
    if seen.by_user and seen.offered:
        return Remark("condition", "Fits, date not found", sentence)
    return Remark("unknown", "Next date not found", sentence)
