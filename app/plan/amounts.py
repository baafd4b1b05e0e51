"""Amounts as people type them and fields show them, in the language that is spoken.

Every reading comes with an echo that says how it was understood. What a field shows, read again, gives
the same value in every language; how a language writes and reads stands in `app.words`.
"""

from __future__ import annotations

from app.words import reading, spoken, text
from app.words.reading import Reading as Amount
from app.words.reading import ReadingError as AmountError
from estimators import words

__all__ = [
    "Amount",
    "AmountError",
    "format_count",
    "format_duration",
    "format_number",
    "parse_count",
    "parse_duration",
    "parse_number",
    "parse_seconds",
]


def parse_count(typed: str, noun: str = "tokens") -> Amount:
    """A count of things: "300B", "300 B tokens", "1.4e12", "100 M images", "300 000".

    Args:
        typed: As it stands in the field.
        noun: What the field counts; another noun in the text is refused.

    Raises:
        AmountError: The text is no count; it says what to type.
    """
    return reading.parse_count(typed, spoken(), noun)


def parse_number(typed: str, noun: str = "passes") -> Amount:
    """A number that may have decimals.

    Raises:
        AmountError: The text is none.
    """
    return reading.parse_number(typed, spoken(), noun)


def parse_seconds(typed: str) -> Amount:
    """The time of a step.

    Raises:
        AmountError: The text is none.
    """
    return reading.parse_seconds(typed, spoken())


def parse_duration(typed: str) -> Amount:
    """A time in days: "2 weeks", "36 hours".

    Raises:
        AmountError: The text is none.
    """
    return reading.parse_duration(typed, spoken())


def format_count(value: int | float) -> str:
    """A count with every digit that it has: "300 B", "1.4 T", "44 800"."""
    return text(words.Amount(value, form="field_count"))


def format_number(value: int | float) -> str:
    """A number without superfluous zeros: "1", "2.5"."""
    return text(words.Amount(value, form="field_number"))


def format_duration(days: int | float) -> str:
    """A time in the largest unit that gives a whole number: "2 weeks", "6 months", "36 hours"."""
    return text(words.Amount(days, form="field_days"))
