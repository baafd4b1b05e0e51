"""Words that every part of a dossier shares: dates, counts, places, sources."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

from app.present import numbers as n
from estimators.quantity import Fact

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: datetime.date) -> str:
    """A date in full: "23 November 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: datetime.date) -> str:
    """A date for charts and tables: "7 Dec 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def day_and_month(day: datetime.date) -> str:
    """A date inside a known year: "7 Dec"."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def fraction(value: Fraction) -> str:
    """A whole number, or a part of a node: "32", "1/2"."""
    if value.denominator == 1:
        return n.exact(value.numerator)
    return f"{value.numerator}/{value.denominator}"


def exact_number(value: Fraction) -> str:
    """A sum in a site's unit with every digit: "358 400", "1 234.5"."""
    if value.denominator == 1:
        return n.exact(value.numerator)
    text = n.grouped(float(value), 6).rstrip("0")
    return text.rstrip(".")


def storage(number_of_bytes: float) -> str:
    """Bytes as people say them, in decimal units: "1.9 TB", "640 GB"."""
    for size, unit in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if number_of_bytes >= size * 0.9995:
            return n.with_unit(n.short(number_of_bytes / size, 3), unit)
    return n.with_unit(n.exact(number_of_bytes), "bytes")


def capital(text: str) -> str:
    """The text with a capital."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: a capital in front, a full stop at the end."""
    text = capital(text.strip())
    return text if text.endswith((".", "?", ":")) or not text else f"{text}."


def joined(names: list[str]) -> str:
    """Names as people list them: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def source_words(fact: Fact[Any] | None) -> tuple[str, str, str]:
    """Source, confidence and date of a fact, as a table shows them."""
    if fact is None:
        return "", "", ""
    return fact.source or "no source found", fact.confidence, fact.as_of or n.UNKNOWN
