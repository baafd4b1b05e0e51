"""One access mode in full: its dates, and every fact behind the verdict in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from app.present import numbers as n
from app.present.access import AccessRow, countdown
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.quantity import Fact
from estimators.requests.doors.words import CONFIDENCE, NOT_FOUND, as_of, day
from estimators.words import Amount, Listed, Name, Said, Span, Value, say, say_many

APPLICANTS = (
    (say("Start-up"), "start-up"),
    (say("SME"), "sme"),
    (say("Large company"), "large-company"),
    (say("University"), "university"),
    (say("Public body"), "public-body"),
)
YES, NO = say("yes"), say("no")
TERMS: dict[str, Said] = {
    "yes": YES,
    "no": NO,
    "pays": say("pay-per-use"),
    "funded": say("in an EU-funded project only"),
}


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact behind a verdict.

    Attributes:
        confidence: As the catalogue grades it.
        source: Names of the sources and the date.
        addresses: Where the sources were read, one on a line.
    """

    name: str
    value: str
    confidence: str
    source: str
    addresses: str
    note: str


def detail_lines(row: AccessRow, now: datetime.datetime) -> tuple[tuple[str, str], ...]:
    """Size, date, decision, start and offer of one mode, as name and value."""
    door = row.door
    date = door.cutoff_words
    if door.next_cutoff is not None:
        date = say("{date} Brussels, {left}", date=date, left=Name(countdown(door, now)))
    lines = (
        (say("Size"), door.size),
        (say("Next date"), date),
        (say("Decision"), door.decision_words),
        (say("Earliest start"), NOT_FOUND if door.earliest_start is None else day(door.earliest_start)),
        (say("Offered"), door.offered_words),
    )
    return tuple((text(name), text(value)) for name, value in lines)


def fact_lines(row: AccessRow, catalogue: Catalogue) -> tuple[FactLine, ...]:
    """Every fact behind the verdict, with the names of its sources."""
    return tuple(_fact_line(name, fact, catalogue) for name, fact in row.door.facts)


def _fact_line(name: Said, fact: Fact[Any], catalogue: Catalogue) -> FactLine:
    sources = catalogue.sources_behind(fact)
    named = "; ".join(source.name for source in sources) or fact.source
    addresses = "\n".join(dict.fromkeys(source.address for source in sources))
    words = say("{day}: {sources}", day=as_of(fact.as_of), sources=Name(named))
    confidence = text(CONFIDENCE[fact.confidence])
    return FactLine(text(name), fact_words(fact), confidence, text(words), addresses, fact.note)


def fact_words(fact: Fact[Any]) -> str:
    """The value of a fact of an access mode in words."""
    return text(_fact_said(fact))


def _fact_said(fact: Fact[Any]) -> Value:
    value = fact.value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime.time):
        return Amount(value, form="clock")
    if isinstance(value, datetime.date):
        return day(value)
    if isinstance(value, dict):
        return _table(value)
    if isinstance(value, list | tuple):
        return _list(list(value), fact.unit)
    if isinstance(value, int | float):
        return _number(value, fact.unit)
    return Name(str(value)) if value is not None else NOT_FOUND


def _number(value: float, unit: str) -> Value:
    if unit in ("count", "flag"):
        return n.counts(value)
    return say("{n} {unit}", n=n.counts(value), unit=Name(unit))


def _table(value: dict[str, Any]) -> Value:
    names = {key: words for words, key in APPLICANTS}
    shown = [
        say("{name}: {value}", name=names.get(key, Name(key)), value=_cell(part))
        for key, part in value.items()
        if part is not None
    ]
    return Listed(tuple(shown), "", "; ")


def _cell(part: Any) -> Value:
    return TERMS.get(part, Name(part)) if isinstance(part, str) else n.counts(part)


def _list(items: list[Any], unit: str) -> Value:
    if all(isinstance(item, datetime.date) for item in items):
        return Listed(tuple(day(item) for item in items[-6:]), "")
    if unit in ("week", "month"):
        return _times(items, unit)
    return Listed(tuple(Name(str(item)) for item in items), "or")


def _times(items: list[Any], unit: str) -> Value:
    """Weeks or months: as lengths on offer, or from the shortest to the longest."""
    low, high = items[0], items[-1]
    if unit == "month" and len(items) > 1:
        return say("{lengths} months", lengths=Listed(tuple(n.counts(item) for item in items), "or"))
    span: Value = n.counts(high) if low == high else Span(low, high, form="fixed")
    if unit == "week":
        return say_many("{n} week", "{n} weeks", high, n=span)
    return say_many("{n} month", "{n} months", high, n=span)
