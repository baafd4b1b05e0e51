"""The digits of a number as Europeans type them, read by the marks of a language."""

from __future__ import annotations

import re
from decimal import Decimal

from app.words.digits import raised
from app.words.reading.refusals import Asked, ReadingError
from app.words.reading.vocabulary import unaccented
from estimators.words import say

LONGEST_TEXT = 60
LARGEST_EXPONENT = 24

NUMBER = r"\d[\d.,'’_ ]*(?:e[+\-]?\d{1,3})?"
"""What `read_digits` may be given, for use in larger patterns on `tidied` text."""

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_POWER = re.compile(r"(?P<times> ?[×x*·] ?)?\b10(?:\^(?P<digits>\d{1,3})|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))")
_SUPERSCRIPTS = "".join(raised(digit) for digit in range(10))
_FROM_SUPERSCRIPT = str.maketrans(_SUPERSCRIPTS, "0123456789")
_THREE_BEHIND = re.compile(r"([1-9]\d{0,2})[.,](\d{3})")
_GROUPS = re.compile(r"\d{1,3}(?:(?P<mark>[ '’_])\d{3}(?:(?P=mark)\d{3})*)?")
_ONE = re.compile(rf"(?P<number>{NUMBER})(?P<words>[^\d].*)?")


def tidied(text: str) -> str:
    """The text in small letters, with plain single spaces and powers of ten as exponents.

    Raises:
        ReadingError: The text is too long to be an amount.
    """
    if len(text) > LONGEST_TEXT:
        raise ReadingError(say("Too long for an amount. Try a shorter number, such as 300 B or 3e11."))
    spaced = _SPACES.sub(" ", text).strip().lower()
    return _POWER.sub(_exponent, spaced)


def number_and_words(asked: Asked) -> tuple[str, list[str]]:
    """The digits in front, and the words behind them in small letters without accents.

    Raises:
        ReadingError: No digits stand in front, or a minus does.
    """
    clean = tidied(asked.text)
    refuse_sign(clean, asked)
    match = _ONE.fullmatch(clean.removeprefix("+"))
    if match is None:
        raise asked.not_a_number()
    return match["number"], unaccented((match["words"] or "").replace(".", " ")).split()


def refuse_sign(clean: str, asked: Asked) -> None:
    """Lets nothing below zero pass.

    Raises:
        ReadingError: A minus stands in front.
    """
    if re.match(r"[-−]\s?\d", clean):
        raise asked.not_positive()


def read_digits(
    digits: str, asked: Asked, *, whole: bool = False, scaled: bool = False, own: bool = False
) -> Decimal:
    """The number that digits with separators mean.

    A mark before exactly three digits separates thousands where a fraction makes no sense (`whole` and not
    `scaled`). Elsewhere the decimal mark of the language is one. Its mark for thousands is one behind which a
    word of the language follows, and the other one of "." and "," is refused, since many write numbers in the
    English way and in their own: a number is never a thousand times what was meant.

    Args:
        digits: Matches `NUMBER`.
        asked: For language and example.
        whole: The field counts things.
        scaled: A factor such as "B" follows.
        own: A word follows that the language has and English has not.

    Raises:
        ReadingError: The digits are no number, or can be read in two ways.
    """
    mantissa, _, exponent = digits.strip().partition("e")
    power = int(exponent or 0)
    if abs(power) > LARGEST_EXPONENT:
        raise asked.out_of_reach()
    is_grouped = whole and not scaled and not exponent
    return Decimal(_plain_decimal(mantissa.strip(), is_grouped, own, asked)).scaleb(power)


def refuse_two_ways(digits: str, asked: Asked) -> None:
    """Lets pass digits that everybody reads in one way.

    Raises:
        ReadingError: One mark stands before exactly three digits.
    """
    if found := _THREE_BEHIND.fullmatch(digits.strip()):
        whole, part = found.groups()
        raise asked.two_ways(found[0], whole + part, f"{whole}{asked.language.decimal}{part}")


def _plain_decimal(text: str, is_grouped: bool, own: bool, asked: Asked) -> str:
    """The digits in the C locale."""
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return _joined(text, asked)
    last = marks[-1]
    head, _, tail = text.rpartition(last)
    if len(set(marks)) == 2 and marks.count(last) == 1:
        other = "," if last == "." else "."
        return f"{_joined(head.replace(other, ' '), asked)}.{_fraction(tail, asked)}"
    if len(set(marks)) == 2:
        raise asked.not_a_number()
    if len(marks) > 1:
        return _joined(text.replace(last, " "), asked)
    if _THREE_BEHIND.fullmatch(text):
        if is_grouped or (own and last == asked.language.group):
            return head + tail
        if last != asked.language.decimal:
            refuse_two_ways(text, asked)
    return f"{_joined(head, asked)}.{_fraction(tail, asked)}"


def _joined(text: str, asked: Asked) -> str:
    """A whole number without its thousands marks."""
    if text.isdecimal() and text.isascii():
        return text
    if _GROUPS.fullmatch(text) is None:
        raise asked.not_a_number()
    return re.sub(r"\D", "", text)


def _fraction(text: str, asked: Asked) -> str:
    if text and not (text.isdecimal() and text.isascii()):
        raise asked.not_a_number()
    return text or "0"


def _exponent(match: re.Match[str]) -> str:
    power = match["digits"] or match["raised"].translate(_FROM_SUPERSCRIPT)
    return f"e{power}" if match["times"] and match.start() > 0 else f"1e{power}"
