"""Times in the unit in which people say them: "11 days", "3.1 years", "9 to 15 days"."""

from __future__ import annotations

import math
from dataclasses import replace

from app.words import digits as d
from app.words.languages import Language, Unit
from app.words.units import Written

SECONDS_PER_MINUTE = 60.0
SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86400.0
DAYS_PER_MONTH = 365.25 / 12.0
DAYS_PER_YEAR = 365.25


def duration_unit(seconds: float) -> tuple[float, Unit]:
    """The size in seconds and the name of the unit in which people say this time."""
    days = seconds / SECONDS_PER_DAY
    if seconds < 2 * SECONDS_PER_HOUR:
        return SECONDS_PER_MINUTE, "minutes"
    if days < 3:
        return SECONDS_PER_HOUR, "hours"
    if days < 60:
        return SECONDS_PER_DAY, "days"
    if days < 18 * DAYS_PER_MONTH:
        return DAYS_PER_MONTH * SECONDS_PER_DAY, "months"
    return DAYS_PER_YEAR * SECONDS_PER_DAY, "years"


def duration_parts(seconds: float, digits: int, language: Language) -> Written:
    """Number and unit of a time, zeros after the point kept, for a card: "11.0" and "days"."""
    if not math.isfinite(seconds):
        return Written(d.EMPTY)
    size, unit = duration_unit(seconds)
    amount = seconds / size
    one, many = language.units[unit]
    if unit == "years" and amount < 99.95:
        number = d.fixed(amount, 1, language)
    elif amount < 1.0:
        return Written(language.under.format(number=1), " ", one)
    else:
        number = d.significant(amount, digits, language)
    return Written(number, " ", one if d.takes_singular(number, language) else many)


def duration(seconds: float, digits: int, language: Language) -> Written:
    """A time in words, without zeros after the point below years: "11 days", "14 months", "3.0 years"."""
    written = duration_parts(seconds, digits, language)
    unit = duration_unit(seconds)[1] if written.unit else "years"
    if unit == "years":
        return written
    number = d.trimmed(written.number, language)
    one, many = language.units[unit]
    is_one = d.takes_singular(number, language) or written.unit == one
    return replace(written, number=number, unit=one if is_one else many)


def duration_span(low_seconds: float, high_seconds: float, digits: int, language: Language) -> Written:
    """An interval of time in the unit of its longer end: "9 to 15 days", "1.9 to 3.4 months"."""
    size, unit = duration_unit(high_seconds)
    low, high = (d.short(seconds / size, digits, language) for seconds in (low_seconds, high_seconds))
    one, many = language.units[unit]
    is_one = language.one_below_two and d.takes_singular(high, language)
    return Written(language.span.format(low=low, high=high), " ", one if is_one else many)
