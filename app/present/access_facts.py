"""One access mode in full: its dates, and every fact behind the verdict in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from app.present import numbers as n
from app.present.access import AccessRow, countdown
from estimators.catalogue.load import Catalogue
from estimators.quantity import Fact
from estimators.requests.doors.words import MONTHS, NOT_FOUND, as_of_words, day_words, listed

APPLICANTS = (
    ("Start-up", "start-up"),
    ("SME", "sme"),
    ("Large company", "large-company"),
    ("University", "university"),
    ("Public body", "public-body"),
)
TERMS = {"yes": "yes", "no": "no", "pays": "pay-per-use", "funded": "in an EU-funded project only"}


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
    start = day_words(door.earliest_start) if door.earliest_start is not None else "not found"
    date = door.cutoff_words
    if door.next_cutoff is not None:
        date = f"{date} Brussels, {countdown(door, now)}"
    return (
        ("Size", door.size),
        ("Next date", date),
        ("Decision", door.decision_words),
        ("Earliest start", start),
        ("Offered", door.offered_words),
    )


def fact_lines(row: AccessRow, catalogue: Catalogue) -> tuple[FactLine, ...]:
    """Every fact behind the verdict, with the names of its sources."""
    return tuple(_fact_line(name, fact, catalogue) for name, fact in row.door.facts)


def _fact_line(name: str, fact: Fact[Any], catalogue: Catalogue) -> FactLine:
    sources = catalogue.sources_behind(fact)
    named = "; ".join(source.name for source in sources) or fact.source
    addresses = "\n".join(dict.fromkeys(source.address for source in sources))
    words = f"{as_of_words(fact.as_of)}: {named}"
    return FactLine(name, fact_words(fact), fact.confidence, words, addresses, fact.note)


def fact_words(fact: Fact[Any]) -> str:
    """The value of a fact of an access mode in words."""
    value = fact.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime.date):
        return day_words(value)
    if isinstance(value, dict):
        return _table_words(value)
    if isinstance(value, list | tuple):
        return _list_words(list(value), fact.unit)
    if isinstance(value, int | float):
        return f"{n.exact(value)} {fact.unit}" if fact.unit not in ("count", "flag") else n.exact(value)
    return str(value) if value is not None else NOT_FOUND


def _table_words(value: dict[str, Any]) -> str:
    names = {key: words for words, key in APPLICANTS}
    shown = [
        f"{names.get(key, key)}: {TERMS.get(part, part) if isinstance(part, str) else n.exact(part)}"
        for key, part in value.items()
        if part is not None
    ]
    return "; ".join(shown)


def _list_words(items: list[Any], unit: str) -> str:
    if all(isinstance(item, datetime.date) for item in items):
        return ", ".join(f"{item.day} {MONTHS[item.month - 1]} {item.year}" for item in items[-6:])
    if unit in ("week", "month"):
        low, high = items[0], items[-1]
        if unit == "month" and len(items) > 1:
            return f"{listed(n.exact(item) for item in items)} months"
        span = n.exact(high) if low == high else f"{n.exact(low)} to {n.exact(high)}"
        return f"{span} {unit}{'s' * (high != 1)}"
    return listed(str(item) for item in items)
