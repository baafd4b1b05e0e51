"""Values as the fields of the window show them: with every digit, so that reading one gives it back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.words import digits as d
from app.words.languages import THIN_SPACE, Language, Unit
from app.words.units import Written, symbol, with_size, with_unit
from estimators.words import Number

_BYTES = ((10**15, "PB"), (10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_MOST_DIGITS = 4
"""That stand before the word of a size."""

DAYS_OF_UNIT: dict[Unit, Fraction] = {
    "seconds": Fraction(1, 86_400),
    "minutes": Fraction(1, 1440),
    "hours": Fraction(1, 24),
    "days": Fraction(1),
    "weeks": Fraction(7),
    "months": Fraction(1461, 48),
    "years": Fraction(1461, 4),
}
"""A year is 365.25 days, a month a twelfth of it."""
_FROM: tuple[tuple[Unit, int], ...] = (("years", 1), ("months", 1), ("weeks", 1), ("days", 3))
"""How many of a unit there are at least where it is used."""


def field_count(value: Number, language: Language) -> Written:
    """A count: "300 B", "1.4 T", "44 800"."""
    whole = round(value)
    for size, one, many in language.large:
        number = _of_size(whole, int(size), language)
        if number is not None:
            return with_size(number, one, many, language)
    return Written(d.exact(whole, 0, language))


def field_bytes(value: Number, language: Language) -> Written:
    """A size of data: "300 GB"."""
    whole = round(value)
    for size, unit in _BYTES:
        number = _of_size(whole, size, language)
        if number is not None:
            # before a symbol that all languages share, a dot would be read as a decimal one
            together = number.replace(".", "") if language.group == "." else number
            return Written(together, THIN_SPACE, symbol(unit, language))
    return with_unit(d.exact(whole, 0, language), "bytes", language)


def field_number(value: Number, language: Language) -> Written:
    """A number without superfluous zeros, its thousands together: "1", "2.5"."""
    return Written(d.localised(str(int_or_float(Fraction(value))), language))


def field_days(days: Number, language: Language) -> Written:
    """A time in the largest unit that gives a whole number: "2 weeks", "6 months", "36 hours"."""
    exact = Fraction(days)
    for unit, least in _FROM:
        count = exact / DAYS_OF_UNIT[unit]
        if count.denominator == 1 and count >= least:
            return with_unit(d.exact(count.numerator, 0, language), unit, language, gap=" ")
    for unit, per_day in (("hours", 24), ("minutes", 1440)):
        number = round(days * per_day)
        if number and number / per_day == days and number < 4 * per_day:
            return with_unit(d.exact(number, 0, language), unit, language, gap=" ")
    return with_unit(field_number(exact, language).number, "days", language, gap=" ")


def field_share(share: Number, language: Language) -> Written:
    """A part of a whole: "5 %"."""
    number = f"{Decimal(str(share)) * 100:.12f}".rstrip("0").rstrip(".")
    return Written(d.localised(number, language), " " if language.percent_gap else "", "%")


def int_or_float(value: Fraction) -> int | float:
    """The number without a fraction where it has none."""
    return value.numerator if value.denominator == 1 else float(value)


def _of_size(value: int, size: int, language: Language) -> str | None:
    """The value in a unit where at most four digits say it exactly."""
    mantissa = (Decimal(value) / size).normalize()
    if value < size or mantissa * size != value or len(mantissa.as_tuple().digits) > _MOST_DIGITS:
        return None
    return d.localised(f"{mantissa:,f}", language)
