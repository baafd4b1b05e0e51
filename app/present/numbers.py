"""Numbers and times as a table, a card or a chart shows them, in the language of the reader.

Cards and tables show three significant digits, sentences two, forms and sums every digit. What stands
inside a sentence goes into it as a value; here is what stands alone. Files and the clipboard use `plain`,
which keeps the C locale.
"""

from __future__ import annotations

import math

from app.words import text
from app.words.amounts import parts_of
from app.words.durations import duration_parts as _duration_parts
from app.words.durations import duration_unit
from app.words.spoken import spoken
from estimators.words import Amount, Name, Said, Span, say, say_many

THIN_SPACE = "\u202f"
MINUS = "\u2212"
TIMES = "\u00d7"
UNKNOWN = say("not published")
EMPTY = "\u2013"
MILLION = 1e6
MANY = 999_500
"""From here on a card says millions: it has no room for the digits."""

SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86400.0

_AXIS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))

__all__ = ["duration_unit"]


def grouped(value: float, decimals: int = 0) -> str:
    """The value with its thousands apart and a true minus sign."""
    return text(Amount(value, form="fixed", digits=decimals))


def sig3(value: float) -> str:
    """Three significant digits: "33 800", "11.0"."""
    return text(Amount(value, form="three"))


def sig2(value: float) -> str:
    """Two significant digits: "34 000", "8.9"."""
    return text(Amount(value, form="two"))


def short(value: float, digits: int = 2) -> str:
    """Significant digits without zeros after the point: "7", "8.9"."""
    return text(Amount(value, form="short", digits=digits))


def exact(value: float) -> str:
    """Every digit of a whole number: "44 800"."""
    return text(Amount(value, form="fixed"))


def with_unit(number: str, unit: str) -> str:
    """Number and unit with the thin space between them."""
    return f"{number}{THIN_SPACE}{unit}" if unit else number


def percent(share: float, digits: int = 2) -> str:
    """A share of one in per cent: "80 %"."""
    return text(Amount(share, form="percent", digits=digits))


def span(low: float, high: float, digits: int = 2) -> str:
    """An interval in words: "28 000 to 45 000"."""
    return text(Span(low, high, digits=digits))


def large(value: float, digits: int = 3) -> str:
    """Parameters and tokens: "300 B", "9.15 B", "200 M"."""
    return text(Amount(value, form="large", digits=digits))


def axis_count(value: float) -> str:
    """A count at a chart's tick: "50 k"."""
    for size, letter in _AXIS:
        if abs(value) >= size:
            return text(Amount(value / size, letter, "general"))
    return text(Amount(value, form="general"))


def power_of_ten(value: float) -> str:
    """A number as the echo of a field reads it back: "300 × 10⁹"."""
    return text(Amount(value, form="power"))


def duration_parts(seconds: float, digits: int = 3) -> tuple[str, str]:
    """Number and unit of a time apart, for a card: ("11.0", "days")."""
    written = _duration_parts(seconds, digits, spoken())
    return written.number, written.unit


def duration(seconds: float, digits: int = 2) -> str:
    """A time in words: "11 days", "14 months", "3.1 years"."""
    return text(Amount(seconds, form="duration", digits=digits))


def duration_span(low_seconds: float, high_seconds: float, digits: int = 2) -> str:
    """An interval of time in the unit of its longer end: "9 to 15 days", "1.9 to 3.4 months"."""
    return text(Span(low_seconds, high_seconds, form="duration", digits=digits))


def column_time(amount: float) -> str:
    """Days or hours for a table column: "11.0", "1 130", "0.25"."""
    if amount < 0.95:
        return sig2(amount)
    return grouped(amount, 1) if amount < 99.95 else sig3(amount)


def card_number(value: float) -> str:
    """Three digits for the words of a card; millions are said, since they have no room."""
    if value < MANY:
        return sig3(value)
    return text(say("{n} million", n=Amount(value / MILLION, form="three")))


def card_plan(low: float, high: float, plan: float) -> str:
    """Interval and value to plan for: "28 000 to 45 000, plan for 40 812"; millions are named once."""
    if high < MANY:
        between = Span(low, high, form="three")
        return text(say("{span}, plan for {plan}", span=between, plan=Amount(plan, form="up")))
    return text(
        say(
            "{low} to {high} million, plan for {plan}",
            low=Amount(low / MILLION, form="short", digits=3),
            high=Amount(high / MILLION, form="three"),
            plan=Amount(plan / MILLION, form="three"),
        )
    )


def gib(number_of_bytes: float) -> str:
    """Bytes in GiB without unit: "51", "0.8"."""
    return text(Amount(number_of_bytes, form="memory"))


def memory_of(used_bytes: float, limit_bytes: float) -> str:
    """Memory against what the device offers, in GiB: "51 of 63"."""
    return text(_memory_of(used_bytes, limit_bytes))


def _memory_of(used_bytes: float, limit_bytes: float) -> Said:
    used, limit = Amount(used_bytes, form="memory"), Amount(limit_bytes, form="memory")
    return say("{used} of {limit}", used=used, limit=limit)


def memory_on_card(used_bytes: float, limit_bytes: float, capacity_bytes: float) -> str:
    """Memory against what a plan may use and what the card has: "57 of 62 usable, 64 GiB"."""
    card = Amount(capacity_bytes, "GiB", "memory")
    return text(say("{memory} usable, {card}", memory=_memory_of(used_bytes, limit_bytes), card=card))


def plain(value: float) -> str:
    """A number for files and the clipboard, in the C locale."""
    return f"{value:.6g}" if math.isfinite(value) else ""


def whole_up(value: float) -> str:
    """A request in whole units, rounded up: "28 227"; the one rule for what to plan for."""
    return text(Amount(value, form="up"))


def hours_said(amount: Amount | Span) -> Said:
    """GPU-hours with their noun, as many as are shown."""
    number = parts_of(amount, spoken()).number if isinstance(amount, Amount) else ""
    return say_many("{n} GPU-hour", "{n} GPU-hours", 1 if number == "1" else 2, n=amount)


def hours_named(shown: str) -> Said:
    """A number that is shown already with its noun: "34 000 GPU-hours", "1 GPU-hour"."""
    return say_many("{n} GPU-hour", "{n} GPU-hours", 1 if shown == "1" else 2, n=Name(shown))


def counts(amount: float) -> Amount:
    """A count inside a sentence."""
    return Amount(amount, form="fixed")
