"""Numbers, times and sizes in a language, each in the form that its sentence asks for."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import replace

from app.words import digits as d
from app.words import fields as f
from app.words.days import write_moment
from app.words.durations import duration, duration_span
from app.words.languages import Language
from app.words.units import PERCENT, Written, ended, same_unit, with_size, with_unit
from estimators.words import Amount, Form, Number, Span

GIB = 2.0**30
_BYTES = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"))
_NEARLY = 0.9995
"""Of a size from which on a number is said in it: three digits round to it."""


def write_amount(amount: Amount, language: Language, ending: str = "") -> str:
    """An amount in words.

    Args:
        amount: The value with its form.
        language: Of the reader.
        ending: What a translation asks for behind the colon of its place; see `ended`.
    """
    return ended(parts_of(amount, language), ending, language)


def write_span(span: Span, language: Language, ending: str = "") -> str:
    """An interval; a unit that both ends have is written once."""
    if span.form == "duration":
        return ended(duration_span(span.low, span.high, span.digits or 2, language), ending, language)
    low, high = (
        parts_of(Amount(end, span.unit, span.form, span.digits), language) for end in (span.low, span.high)
    )
    first = low.number if same_unit(low, high, language) else low.text
    return ended(replace(high, number=language.span.format(low=first, high=high.number)), ending, language)


def parts_of(amount: Amount, language: Language) -> Written:
    """Number and unit of an amount apart.

    Raises:
        TypeError: A day has the form of a number, or a number that of a day.
    """
    value, form = amount.value, amount.form
    if isinstance(value, datetime.date | datetime.time):
        return Written(write_moment(value, form, language))
    if form not in _FORMS:
        raise TypeError(f"{value!r} has no {form!r}")
    written = _FORMS[form](value, amount.digits, language)
    return with_unit(written.number, amount.unit, language) if amount.unit else written


def _percent(share: Number, digits: int | None, language: Language) -> Written:
    return with_unit(d.short(100.0 * float(share), digits or 2, language), PERCENT, language)


def _whole_percent(share: Number, _: int | None, language: Language) -> Written:
    return with_unit(d.fixed(100.0 * float(share), 0, language), PERCENT, language)


def _large(value: Number, digits: int | None, language: Language) -> Written:
    """Parameters and tokens: "300 B", "9.15 B", "200 M"."""
    for size, one, many in language.large:
        if abs(float(value)) >= size * _NEARLY and math.isfinite(value):
            return with_size(d.short(float(value) / size, digits or 3, language), one, many, language)
    return Written(d.fixed(value, 0, language))


def _bytes(value: Number, digits: int | None, language: Language) -> Written:
    """Bytes as people say them, in decimal units: "1.9 TB", "640 GB"."""
    for size, unit in _BYTES:
        if float(value) >= size * _NEARLY and math.isfinite(value):
            return with_unit(d.short(float(value) / size, digits or 3, language), unit, language)
    return with_unit(d.fixed(value, 0, language), "bytes", language)


def _memory(value: Number, _: int | None, language: Language) -> Written:
    """Bytes in GiB: "51", "0.8"."""
    amount = float(value) / GIB
    return Written(d.fixed(amount, 0 if amount >= 9.5 else 1, language))


def _up(value: Number, _: int | None, language: Language) -> Written:
    return Written(d.fixed(math.ceil(value) if math.isfinite(value) else value, 0, language))


def _word(value: Number, _: int | None, language: Language) -> Written:
    """A small count as a word, a larger one in digits."""
    small = language.small
    is_small = 0 <= float(value) < len(small) and value == int(value)
    return Written(small[int(value)] if is_small else d.fixed(value, 0, language))


_FORMS: dict[Form, Callable[[Number, int | None, Language], Written]] = {
    "exact": lambda value, digits, language: Written(d.exact(value, digits or 0, language)),
    "up": _up,
    "fixed": lambda value, digits, language: Written(d.fixed(value, digits or 0, language)),
    "short": lambda value, digits, language: Written(d.short(value, digits or 2, language)),
    "kept": lambda value, digits, language: Written(d.kept(value, digits or 2, language)),
    "two": lambda value, _, language: Written(d.significant(value, 2, language)),
    "three": lambda value, _, language: Written(d.significant(value, 3, language)),
    "general": lambda value, digits, language: Written(d.general(value, digits or 6, language)),
    "large": _large,
    "power": lambda value, _, language: Written(d.power(value, language)),
    "fraction": lambda value, _, language: Written(d.fraction(value, language)),
    "word": _word,
    "plain": lambda value, _, __: Written(d.plain(value)),
    "percent": _percent,
    "whole_percent": _whole_percent,
    "duration": lambda value, digits, language: duration(float(value), digits or 2, language),
    "bytes": _bytes,
    "memory": _memory,
    "field_count": lambda value, _, language: f.field_count(value, language),
    "field_bytes": lambda value, _, language: f.field_bytes(value, language),
    "field_number": lambda value, _, language: f.field_number(value, language),
    "field_days": lambda value, _, language: f.field_days(value, language),
    "field_share": lambda value, _, language: f.field_share(value, language),
}
