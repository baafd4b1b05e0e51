"""Words that every part of a dossier shares: dates, counts, places, sources."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction

from app.present import numbers as n

PROPERTY_LETTERS = 255
"""Most that Word and Excel keep of a title among the properties of a file."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_REPOSITORY = re.compile(
    r"https?://github\.com/([\w.-]+/[\w.-]+)[^\s,;)]*( @\w+)?( \([^)]*\))?( path [^\s,;]+)?"
)
_ADDRESS = re.compile(r"https?://([^\s/,;)]+)[^\s,;)]*")


def long_date(day: datetime.date) -> str:
    """A date in full: "23 November 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: datetime.date) -> str:
    """A date for charts and tables: "7 Dec 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


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


def counted_words(count: int) -> str:
    """A small count as a word, a larger one in digits."""
    return _NUMBERS[count] if count < len(_NUMBERS) else n.exact(count)


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


def shortened(text: str, most: int) -> str:
    """The text cut at a word, with an ellipsis where something is missing."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[most // 2 :] else cut}…"


def without_addresses(text: str) -> str:
    """The text with repositories and hosts in place of whole addresses, for narrow columns."""
    return _ADDRESS.sub(r"\1", _REPOSITORY.sub(r"\1", text))
