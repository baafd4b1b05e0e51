"""Reads amounts as people of a language type them: "300B", "1,5 Mio.", "300 Go", "5 %".

Every reading comes with an echo that says how it was understood. Writing a value for a field and reading it
again gives the value back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.words.digits import raised
from app.words.fields import DAYS_OF_UNIT, int_or_float
from app.words.languages import Language
from app.words.reading import refusals as r
from app.words.reading.counts import check_noun, read_count_words
from app.words.reading.digits import number_and_words, read_digits, tidied
from app.words.reading.refusals import Asked, ReadingError
from estimators.words import Amount, Name, Said, say

LARGEST_COUNT = 10**18
LARGEST_STEP_SECONDS = 86_400

_FRACTION = re.compile(r"(\d{1,6}) ?/ ?(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was understood as.

    Attributes:
        value: Counts and bytes are whole; times in days, or seconds where a step is timed; shares of one.
        echo: How the field reads it back: "= 300 × 10⁹".
    """

    value: int | float
    echo: Said


def parse_count(text: str, language: Language, noun: str = "tokens") -> Reading:
    """A count of things: "300B", "300 Mrd. Token", "1.4e12", "300 000".

    Args:
        text: As typed.
        language: In which it is read.
        noun: Key of what the field counts; another noun in the text is refused. "" for a number alone.

    Raises:
        ReadingError: The text is no count, or one of another language.
    """
    asked = Asked(text, language, r.SMALL_COUNTS.get(noun, r.COUNT), noun)
    number, words = number_and_words(asked)
    if words and words[0] in asked.known.sizes:
        raise asked.no_count()
    counted = read_count_words(words, number, asked)
    digits = read_digits(number, asked, whole=True, scaled=counted.factor is not None, own=counted.own)
    whole = _whole(digits * (counted.factor or 1), asked)
    return Reading(whole, _count_echo(whole))


def parse_bytes(text: str, language: Language) -> Reading:
    """A size of data: "300 GB", "1,2 To".

    Raises:
        ReadingError: The text is no size, or one of another language.
    """
    asked = Asked(text, language, r.BYTES, "bytes")
    number, words = number_and_words(asked)
    factor = asked.known.sizes.get(words[0]) if words else None
    if factor is None or " ".join(words[1:]) not in ("", *asked.known.links.of_text):
        foreign = asked.foreign(words[0]) if words and factor is None else None
        raise foreign or ReadingError(say("Not a size. Try {example}.", example=asked.example))
    own = words[0] in asked.known.own
    whole = _whole(read_digits(number, asked, whole=True, scaled=factor > 1, own=own) * factor, asked)
    return Reading(whole, say("{count} bytes", count=_count_echo(whole)))


def is_size(text: str, language: Language) -> bool:
    """Whether a text names bytes: a field that takes a count or a size asks first.

    Raises:
        ReadingError: The text is neither.
    """
    asked = Asked(text, language, r.COUNT)
    _, words = number_and_words(asked)
    return bool(words) and words[0] in asked.known.sizes


def parse_number(text: str, language: Language, noun: str = "passes") -> Reading:
    """A positive number that may have a fraction: "1", "2.5", "2,5 Stunden".

    Raises:
        ReadingError: The text is no such number.
    """
    asked = Asked(text, language, r.NUMBER, noun)
    number, words = number_and_words(asked)
    check_noun(words, asked)
    value = read_digits(number, asked, own=any(word in asked.known.own for word in words))
    if not value or value > LARGEST_COUNT:
        raise asked.not_positive()
    result = int_or_float(Fraction(value))
    return Reading(result, say("= {value}", value=Amount(result, form="general")))


def parse_seconds(text: str, language: Language) -> Reading:
    """Seconds of one training step: "12.3", "850 ms", "12,3 s pro Schritt"; a bare number counts seconds.

    Raises:
        ReadingError: The text is no such time.
    """
    asked = Asked(text, language, r.SECONDS, "seconds")
    number, words = number_and_words(asked)
    unit = _seconds_of(words[0], asked) if words else Fraction(1)
    if unit is None or " ".join(words[1:]) not in ("", *asked.known.links.a_step):
        raise ReadingError(say("Not the time of a step. Try {example}.", example=asked.example))
    own = any(word in asked.known.own for word in words)
    value = Fraction(read_digits(number, asked, own=own)) * unit
    if not value:
        raise asked.not_positive()
    if value > LARGEST_STEP_SECONDS:
        raise ReadingError(say("More than a day. Try {example}.", example=asked.example))
    seconds = int_or_float(value)
    return Reading(seconds, say("= {value} s", value=Amount(seconds, form="general")))


def parse_share(text: str, language: Language) -> Reading:
    """A part of a whole: "2 %", "0,02", "1/50".

    Raises:
        ReadingError: The text is no part of a whole.
    """
    asked = Asked(text, language, r.SHARE)
    clean = tidied(text)
    decimal = re.fullmatch(rf"(\d[\d.,]*(?:e-?\d{{1,2}})?) ?(%|{asked.known.links.per_cent})?", clean)
    ratio = _FRACTION.fullmatch(clean)
    if ratio is not None and int(ratio[2]):
        share = Fraction(int(ratio[1]), int(ratio[2]))
    elif decimal is not None:
        share = Fraction(read_digits(decimal[1], asked)) / (100 if decimal[2] else 1)
    else:
        raise ReadingError(say("Not a part of a whole. Try {example}.", example=asked.example))
    if share > 1:
        raise ReadingError(say("More than the whole. Try {example}.", example=asked.example))
    value = int(share) if share.denominator == 1 else float(share)
    return Reading(value, say("= {value}", value=Amount(float(share), form="general")))


def _count_echo(value: int) -> Said:
    """A whole number as a field reads it back: "= 300 × 10⁹", "≈ 1.23457 × 10⁶"."""
    if value < 10**6:
        return say("= {value}", value=Amount(value, form="exact"))
    power = 3 * ((len(str(value)) - 1) // 3)
    mantissa = f"{value / 10**power:.6g}"
    sign = Name("=" if Decimal(mantissa) * 10**power == value else "≈")
    shown = Amount(float(mantissa), form="general")
    return say("{sign} {value} × 10{power}", sign=sign, value=shown, power=Name(raised(power)))


def _whole(value: Decimal, asked: Asked) -> int:
    if value > LARGEST_COUNT:
        raise asked.too_many()
    if value <= 0:
        raise asked.not_positive()
    if value < 1000 and value != value.to_integral_value():
        raise asked.not_whole()
    return round(value)


def _seconds_of(word: str, asked: Asked) -> Fraction | None:
    """Seconds of a unit that the time of one step has."""
    unit = asked.known.units.get(word)
    if word == "ms":
        return Fraction(1, 1000)
    return DAYS_OF_UNIT[unit] * 86_400 if unit in ("seconds", "minutes") else None
