"""Reads the digits of a number in the ways that Europeans write them."""

from __future__ import annotations

import re
from decimal import Decimal

LONGEST_TEXT = 60
LARGEST_EXPONENT = 24

NUMBER = r"\d[\d.,'’_ ]*(?:e[+\-]?\d{1,3})?"
"""What `read_digits` may be given, for use in larger patterns on `tidied` text."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_POWER = re.compile(r"(?P<times> ?[×x*·] ?)?\b10(?:\^(?P<digits>\d{1,3})|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TO_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_GROUPS = re.compile(r"\d{1,3}(?:(?P<mark>[ '’_])\d{3}(?:(?P=mark)\d{3})*)?")


class AmountError(ValueError):
    """A text that is no amount; the message says what to type instead."""


def tidied(text: str) -> str:
    """The text in small letters, with plain single spaces and powers of ten as exponents.

    Raises:
        AmountError: The text is too long to be an amount.
    """
    if len(text) > LONGEST_TEXT:
        raise AmountError("Too long for an amount. Try a shorter number, such as 300 B or 3e11.")
    spaced = _SPACES.sub(" ", text).strip().lower()
    return _POWER.sub(_exponent, spaced)


def superscript(exponent: int) -> str:
    """An exponent as it is shown: 9 becomes "⁹"."""
    return str(exponent).translate(_TO_SUPERSCRIPT)


def read_digits(
    digits: str, *, whole: bool, scaled: bool, example: str, continental: bool = False
) -> Decimal:
    """The number that digits with separators mean.

    A single comma or dot before exactly three digits separates thousands where a fraction makes no sense
    (`whole` and not `scaled`). Elsewhere a dot is decimal, and a comma in that place is refused, since it
    can be read both ways. Before a word of a language that groups thousands with dots, a dot is too.

    Args:
        digits: Matches `NUMBER`.
        whole: The field counts things.
        scaled: A factor such as "B" follows.
        example: What to type instead, for the message.
        continental: Whether a word behind the digits is of a language that writes 1.500 for fifteen hundred.

    Raises:
        AmountError: The digits are no number, or can be read in two ways.
    """
    mantissa, _, exponent = digits.strip().partition("e")
    power = int(exponent or 0)
    if abs(power) > LARGEST_EXPONENT:
        raise AmountError(f"Too large or too small. Try {example}.")
    grouped = whole and not scaled and not exponent
    plain = _plain_decimal(mantissa.strip(), grouped, ".," if continental else ",", example)
    return Decimal(plain).scaleb(power)


def _plain_decimal(text: str, grouped: bool, unsure: str, example: str) -> str:
    """The digits in the C locale; `unsure` marks may stand for thousands as well as for a fraction."""
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return _joined(text, example)
    last = marks[-1]
    head, _, tail = text.rpartition(last)
    if len(set(marks)) == 2 and marks.count(last) == 1:
        other = "," if last == "." else "."
        return f"{_joined(head.replace(other, ' '), example)}.{_fraction(tail, example)}"
    if len(set(marks)) == 2:
        raise not_a_number(example)
    if len(marks) > 1:
        return _joined(text.replace(last, " "), example)
    looks_grouped = re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text) is not None
    if looks_grouped and grouped:
        return head + tail
    if looks_grouped and last in unsure:
        fraction = tail if "." not in unsure else f"{tail}0" if tail[-1] != "0" else tail.rstrip("0") or "0"
        raise AmountError(f"{text} can be read in two ways. Write {head}{tail} or {head}.{fraction}.")
    return f"{_joined(head, example)}.{_fraction(tail, example)}"


def _joined(text: str, example: str) -> str:
    """A whole number without its thousands marks."""
    if text.isdecimal() and text.isascii():
        return text
    if _GROUPS.fullmatch(text) is None:
        raise not_a_number(example)
    return re.sub(r"\D", "", text)


def _fraction(text: str, example: str) -> str:
    if text and not (text.isdecimal() and text.isascii()):
        raise not_a_number(example)
    return text or "0"


def not_a_number(example: str) -> AmountError:
    """The error for a text that holds no number."""
    return AmountError(f"Not a number. Try {example}.")


def _exponent(match: re.Match[str]) -> str:
    power = match["digits"] or match["raised"].translate(_FROM_SUPERSCRIPT)
    return f"e{power}" if match["times"] and match.start() > 0 else f"1e{power}"
