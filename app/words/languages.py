"""What a language needs to say of itself: how it writes numbers, times, days and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

THIN_SPACE = "\u202f"
"""Stands before units, so that a number never breaks over a line."""

Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years", "bytes"]
"""Units that are words; all others are symbols, the same in every language but for the letter of a byte."""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language of the product.

    Attributes:
        code: "de"; the folder of its sentences.
        name: What its speakers call it.
        decimal: Before decimals.
        group: Between thousands.
        least_grouped: The smallest number whose thousands are kept apart.
        percent_gap: Between a number and its per cent sign.
        one_below_two: Whether 0 and 1.5 take the singular.
        span: An interval of `low` and `high`.
        under: Less than a number.
        last: What stands before the last of a list.
        euphony: For a word of `last`: a pattern of what it changes before, and what it becomes.
        months: January first.
        short_months: Their abbreviations.
        weekdays: Monday first.
        first_of_month: What the number of the first day is written as, "" for a number like any other.
        day: A day with a short month.
        long_day: A day with its month in full.
        day_month: A day without its year.
        month: A month with its year.
        clock: A time of day.
        units: Units that are words, for one and for many.
        large: Sizes with what they are called, for one and for many; largest first.
        byte: The letter of a byte.
        small: Counts from zero as words, digits where a word would hang on what is counted.
        cases: What a translation may ask of the word behind an amount, by the case: "{time:dative}".
        capital_nouns: Whether nouns begin with a capital wherever they stand.
        links: What a translation may ask to be put behind a large number that needs it: "{n:de} tokens".
    """

    code: str
    name: str
    decimal: str
    group: str
    percent_gap: str
    span: str
    under: str
    last: Mapping[Literal["and", "or"], str]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    day: str
    long_day: str
    units: Mapping[Unit, tuple[str, str]]
    large: tuple[tuple[float, str, str], ...]
    small: tuple[str, ...]
    least_grouped: int = 1000
    one_below_two: bool = False
    euphony: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    first_of_month: str = ""
    day_month: str = "{day} {month}"
    month: str = "{month} {year}"
    clock: str = "{hour:02}:{minute:02}"
    byte: str = "B"
    cases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    capital_nouns: bool = False
