"""The digits of a number in a language: rounded, grouped, with its marks."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from app.words.languages import Language
from estimators.words import Number

MINUS = "\u2212"
TIMES = "\u00d7"
EMPTY = "\u2013"
"""Where there is no number."""

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def fixed(value: Number, decimals: int, language: Language) -> str:
    """So many decimals: "1.50"."""
    if not math.isfinite(value):
        return EMPTY
    if isinstance(value, Fraction):
        value = value.numerator if value.denominator == 1 else float(value)
    if not decimals and not isinstance(value, Decimal):
        return localised(f"{round(value):,}", language)
    return localised(f"{value:,.{decimals}f}", language)


def exact(value: Number, decimals: int, language: Language) -> str:
    """Every digit of the whole part and at most so many decimals: "358 400", "1 234.5"."""
    return trimmed(fixed(value, decimals, language), language)


def significant(value: Number, digits: int, language: Language) -> str:
    """So many significant digits, zeros after the point kept: "33 800", "11.0"."""
    number = float(value)
    if not math.isfinite(number):
        return EMPTY
    if number == 0.0:
        return "0"
    rounded = round(number, digits - 1 - _exponent(number))
    return fixed(rounded, max(0, digits - 1 - _exponent(rounded)), language)


def short(value: Number, digits: int, language: Language) -> str:
    """So many significant digits, no zeros after the point: "34 000", "7", "8.9"."""
    return trimmed(significant(value, digits, language), language)


def kept(value: Number, digits: int, language: Language) -> str:
    """As `short`, but with every digit of the whole part: "33 812"."""
    number = float(value)
    if not math.isfinite(number) or number == 0.0:
        return short(number, digits, language)
    return exact(number, max(0, digits - 1 - _exponent(number)), language)


def general(value: Number, digits: int, language: Language) -> str:
    """At most so many significant digits, ungrouped, with an exponent where that is shorter."""
    number = float(value)
    return localised(f"{number:.{digits}g}", language) if math.isfinite(number) else EMPTY


def power(value: Number, language: Language) -> str:
    """As a field reads a number back: "300 × 10⁹"."""
    number = float(value)
    if not math.isfinite(number) or abs(number) < 1e3:
        return short(number, 4, language)
    exponent = 3 * (math.floor(math.log10(abs(number)) + 1e-12) // 3)
    return f"{short(number / 10.0**exponent, 6, language)} {TIMES} 10{raised(exponent)}"


def fraction(value: Number, language: Language) -> str:
    """A part of something: "32", "0.25", "1/3"."""
    ratio = Fraction(value)
    if ratio.denominator == 1:
        return fixed(ratio.numerator, 0, language)
    text = f"{float(ratio):.4g}"
    if Fraction(text) != ratio:
        return f"{ratio.numerator}/{ratio.denominator}"
    return localised(text, language)


def plain(value: Number) -> str:
    """For files and the clipboard, the same in every language."""
    return f"{float(value):.6g}" if math.isfinite(value) else ""


def raised(exponent: int) -> str:
    """An exponent as it is shown: "⁹"."""
    return str(exponent).translate(_SUPERSCRIPTS)


def localised(text: str, language: Language) -> str:
    """A number of the C locale, its thousands set apart by commas if at all, with the language's marks."""
    digits = text.removeprefix("-")
    whole, point, decimals = digits.partition(".")
    if "," in whole and int(whole.replace(",", "")) < language.least_grouped:
        whole = whole.replace(",", "")
    whole = whole.replace(",", language.group)
    below_zero = digits != text and any(digit in "123456789" for digit in digits)
    return f"{MINUS if below_zero else ''}{whole}{language.decimal if point else ''}{decimals}"


def takes_singular(number: str, language: Language) -> bool:
    """Whether what a written number counts stands in the singular."""
    if not language.one_below_two:
        return number == "1"
    shown = number.replace(language.group, "").replace(language.decimal, ".").replace(MINUS, "")
    return shown.replace(".", "").isdecimal() and float(shown) < 2.0


def trimmed(text: str, language: Language) -> str:
    """A written number without zeros after the point."""
    return text.rstrip("0").rstrip(language.decimal) if language.decimal in text else text


def _exponent(number: float) -> int:
    return math.floor(math.log10(abs(number)))
