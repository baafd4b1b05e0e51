"""Reads what only a project has: parts of a whole, dates, quantiles, names and countries."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from app.plan.schema import FIRST_YEAR, LAST_YEAR
from app.words import reading, spoken, text
from app.words.reading import ReadingError as AmountError
from app.words.reading.digits import tidied
from estimators.words import NOTHING, Amount, Value, say

BYTE_ORDER_MARK = "\ufeff"
"""Comes unseen with text that is pasted from a file."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was understood as, like `Amount`, for values that are no numbers of things."""

    value: Any
    echo: Value


def parse_share(typed: str) -> Reading:
    """A part of a whole: "2 %", "0.02", "1/50".

    Raises:
        AmountError: The text is no part of a whole.
    """
    found = reading.parse_share(typed, spoken())
    return Reading(found.value, found.echo)


def format_share(share: float) -> str:
    """A part of a whole as a field shows it; reading it again gives the same part."""
    return text(Amount(share, form="field_share"))


def parse_date(typed: str) -> Reading:
    """A day: "2027-02-01", "1 Feb 2027", "1. Februar 2027", "01.02.2027".

    "1/2/2027" is refused: it is the first of February or the second of January.

    Raises:
        AmountError: The text is no day.
    """
    found = reading.parse_day(typed, spoken(), (FIRST_YEAR, LAST_YEAR))
    return Reading(found.day, found.echo)


def format_date(day: datetime.date) -> str:
    """A day as a field shows it: "1 Feb 2027"."""
    return text(Amount(day, form="day"))


def parse_percentile(typed: str) -> Reading:
    """A quantile: "P80", "80", "80 %".

    Raises:
        AmountError: The text is none from 10 to 95.
    """
    digits = tidied(typed).removeprefix("p").removesuffix("%").strip()
    if not digits.isdecimal() or not digits.isascii() or not 10 <= int(digits) <= 95:
        raise AmountError(say("Must be from P10 to P95. Try P50 or P80."))
    return Reading(int(digits), NOTHING)


def format_percentile(percentile: int) -> str:
    """A quantile as a field shows it: "P80"."""
    return f"P{percentile}"


def parse_name(typed: str) -> Reading:
    """A name of at most `LONGEST_NAME` characters.

    Raises:
        AmountError: It is empty or longer.
    """
    name = " ".join(typed.replace(BYTE_ORDER_MARK, "").split())
    if not name:
        raise AmountError(say("A run needs a name."))
    if len(name) > LONGEST_NAME:
        most, has = Amount(LONGEST_NAME, form="fixed"), Amount(len(name), form="fixed")
        raise AmountError(say("At most {most} characters; it has {n}.", most=most, n=has))
    return Reading(name, NOTHING)


def parse_country(typed: str) -> Reading:
    """An ISO code of a country: "FI".

    Raises:
        AmountError: The text has not two letters.
    """
    code = typed.strip().upper()
    if len(code) != 2 or not code.isalpha() or not code.isascii():
        raise AmountError(say("Two letters, as FI or DE."))
    return Reading(code, NOTHING)
