"""Reads what only a project has: parts of a whole, dates, quantiles, names and countries."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.plan.number_text import AmountError, read_digits, tidied
from app.plan.schema import FIRST_YEAR, LAST_YEAR
from app.plan.unit_words import MONTHS, PER_CENT, unaccented

_SHARE_EXAMPLE = "5 % or 0.05"
_DATE_EXAMPLE = "2027-02-01 or 1 Feb 2027"
_SHOWN_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FRACTION = re.compile(r"(\d{1,6}) ?/ ?(\d{1,6})")
_DECIMAL = re.compile(rf"(\d[\d.,]*(?:e-?\d{{1,2}})?) ?({PER_CENT})?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)? ?(?:of |de )?([a-z]+)\.?,? ?(?:de )?(\d{4})")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
BYTE_ORDER_MARK = "\ufeff"
"""Comes unseen with text that is pasted from a file."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was understood as, like `Amount`, for values that are no numbers of things."""

    value: Any
    echo: str


def parse_share(text: str) -> Reading:
    """A part of a whole: "2 %", "0.02", "1/50".

    Raises:
        AmountError: The text is no part of a whole.
    """
    clean = tidied(text)
    ratio, decimal = _FRACTION.fullmatch(clean), _DECIMAL.fullmatch(clean)
    if ratio is not None and int(ratio[2]):
        share = Fraction(int(ratio[1]), int(ratio[2]))
    elif decimal is not None:
        digits = read_digits(decimal[1], whole=False, scaled=False, example=_SHARE_EXAMPLE)
        share = Fraction(digits) / (100 if decimal[2] else 1)
    else:
        raise AmountError(f"Not a part of a whole. Try {_SHARE_EXAMPLE}.")
    if share > 1:
        raise AmountError(f"More than the whole. Try {_SHARE_EXAMPLE}.")
    value = int(share) if share.denominator == 1 else float(share)
    return Reading(value, f"= {float(share):.6g}")


def format_share(share: float) -> str:
    """A part of a whole as a field shows it; reading it again gives the same part."""
    percent = f"{Decimal(str(share)) * 100:.12f}".rstrip("0").rstrip(".")
    return f"{percent} %"


def parse_date(text: str) -> Reading:
    """A day: "2027-02-01", "1 Feb 2027", "1. Februar 2027", "01.02.2027".

    "1/2/2027" is refused: it is the first of February or the second of January.

    Raises:
        AmountError: The text is no day.
    """
    clean = unaccented(tidied(text))
    iso, words, dotted = _ISO.fullmatch(clean), _WORDS.fullmatch(clean), _DOTTED.fullmatch(clean)
    try:
        if iso is not None:
            day = datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif words is not None:
            day = datetime.date(int(words[3]), MONTHS.get(words[2], 0), int(words[1]))
        elif dotted is not None:
            day = datetime.date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        else:
            raise ValueError
    except ValueError:
        raise AmountError(f"Not a day. Try {_DATE_EXAMPLE}.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise AmountError(f"Must lie in the years {FIRST_YEAR} to {LAST_YEAR}. Try {_DATE_EXAMPLE}.")
    return Reading(day, f"{day:%A}")


def format_date(day: datetime.date) -> str:
    """A day as a field shows it: "1 Feb 2027"."""
    return f"{day.day} {_SHOWN_MONTHS[day.month - 1].capitalize()} {day.year}"


def parse_percentile(text: str) -> Reading:
    """A quantile: "P80", "80", "80 %".

    Raises:
        AmountError: The text is none from 10 to 95.
    """
    digits = tidied(text).removeprefix("p").removesuffix("%").strip()
    if not digits.isdecimal() or not digits.isascii() or not 10 <= int(digits) <= 95:
        raise AmountError("Must be from P10 to P95. Try P50 or P80.")
    return Reading(int(digits), "")


def format_percentile(percentile: int) -> str:
    """A quantile as a field shows it: "P80"."""
    return f"P{percentile}"


def parse_name(text: str) -> Reading:
    """A name of at most `LONGEST_NAME` characters.

    Raises:
        AmountError: It is empty or longer.
    """
    name = " ".join(text.replace(BYTE_ORDER_MARK, "").split())
    if not name:
        raise AmountError("A run needs a name.")
    if len(name) > LONGEST_NAME:
        raise AmountError(f"At most {LONGEST_NAME} characters; it has {len(name)}.")
    return Reading(name, "")


def parse_country(text: str) -> Reading:
    """An ISO code of a country: "FI".

    Raises:
        AmountError: The text has not two letters.
    """
    code = text.strip().upper()
    if len(code) != 2 or not code.isalpha() or not code.isascii():
        raise AmountError("Two letters, as FI or DE.")
    return Reading(code, "")
