"""The facts behind a request, each once, with source, confidence and date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.dossier.public_sources import public_source
from app.dossier.run_values import all_run_values
from app.dossier.text import capital
from app.present import numbers as n
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.quantity import UNITS_WITHOUT_SCALE, Fact
from estimators.requests.results import Request
from estimators.words import Name, say

LONGEST_VALUE = 90
UNDATED, YES, NO = say("undated"), say("yes"), say("no")
_SILENT_UNITS = ("ratio", "share", "count", "1")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One fact as a table shows it.

    Attributes:
        source: Where it was read, with addresses.
        publisher: Who published it, as a reviewer's edition says; "" where the plan itself answers for it.
        is_plain: Whether the value is one number or word, no table.
        is_behind_hours: Whether the hours, the energy or the storage of the request rest on it. The others
            (rules of access modes, prices, what findings were held against) are the team's alone.
    """

    name: str
    value: str
    source: str
    confidence: str
    date: str
    note: str = ""
    publisher: str = ""
    is_behind_hours: bool = True
    is_plain: bool = True


def source_lines(request: Request, catalogue: Catalogue) -> tuple[SourceLine, ...]:
    """Every fact that the request rests on, in the order of the dossier."""
    found: dict[tuple[str, str], SourceLine] = {}
    for facts, is_behind_hours in ((_facts(request, catalogue), True), (_other_facts(request), False)):
        for name, fact in facts:
            line = SourceLine(
                capital(name),
                value_words(fact),
                source_text(fact, catalogue),
                fact.confidence,
                fact.as_of or text(UNDATED),
                fact.note,
                public_source(fact),
                is_behind_hours,
                isinstance(fact.value, str | int | float),
            )
            found.setdefault((line.value, line.source), line)
    return tuple(found.values())


def _facts(request: Request, catalogue: Catalogue) -> Iterator[tuple[str, Fact[Any]]]:
    """Behind hours, units, storage, energy and carbon."""
    campaign = request.campaign
    _, names = all_run_values(campaign, catalogue)
    for named in names.values():
        if named.fact is not None:
            yield named.name, named.fact
    if campaign.units.rate is not None:
        yield text(say("Site units for one GPU-hour")), campaign.units.rate
    if campaign.spec.overhead.factor_fact is not None:
        yield text(say("Published overhead of a campaign")), campaign.spec.overhead.factor_fact
    for item in request.storage:
        if item.quota_fact is not None:
            yield text(say("Quota of {place}", place=Name(item.place.upper()))), item.quota_fact
    facts = (named for named in request.footprint.facts if named not in request.footprint.value_facts)
    yield from ((text(name), fact) for name, fact in facts)


def _other_facts(request: Request) -> Iterator[tuple[str, Fact[Any]]]:
    """Behind the access mode, the market value and the findings."""
    if request.doors.chosen is not None:
        yield from ((text(name), fact) for name, fact in request.doors.chosen.facts)
    yield from ((text(name), fact) for name, fact in request.footprint.value_facts)
    for finding in request.findings:
        if finding.fact is not None:
            yield finding.rule.replace("-", " "), finding.fact


def value_words(fact: Fact[Any]) -> str:
    """A fact's value with its unit, short enough for a table."""
    value = fact.value
    if value is None:
        return text(n.UNKNOWN)
    if isinstance(value, bool):
        return text(YES if value else NO)
    if isinstance(value, int | float):
        number = n.exact(value) if float(value).is_integer() else n.short(value, 4)
        return n.with_unit(number, "" if fact.unit in _SILENT_UNITS else fact.unit)
    words = value if isinstance(value, str) else _structure(value)
    unit = "" if fact.unit in UNITS_WITHOUT_SCALE or fact.unit in _SILENT_UNITS else fact.unit
    words = n.with_unit(words, unit)
    return words if len(words) <= LONGEST_VALUE else f"{words[: LONGEST_VALUE - 1].rstrip()}…"


def _structure(value: Any) -> str:
    """A list or table in words."""
    if isinstance(value, dict):
        return "; ".join(f"{str(key).replace('_', ' ')} {_structure(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_structure(part) for part in value)
    if isinstance(value, bool):
        return text(YES if value else NO)
    if isinstance(value, int | float):
        return n.exact(value) if float(value).is_integer() else n.short(value, 4)
    return str(value)


def source_text(fact: Fact[Any], catalogue: Catalogue) -> str:
    """Where a fact was read: the names that its keys stand for, else its own words."""
    behind = catalogue.sources_behind(fact)
    if not behind:
        return fact.source or text(say("no source found"))
    names = []
    for source in behind:
        address = _ADDRESS.search(source.address)
        names.append(f"{source.name}, {address[0]}" if address else source.name)
    return "; ".join(names)
