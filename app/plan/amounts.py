"""Reads amounts as people type them: "300B", "1.4e12", "300 GB", "2 weeks".

Every reading comes with an echo that says how it was understood. Formatting a value and reading it again
gives the value back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.plan.count_words import read_count_words
from app.plan.number_text import NUMBER, AmountError, not_a_number, read_digits, superscript, tidied
from app.plan.unit_words import (
    A_STEP,
    AND,
    BYTE_FACTORS,
    DAYS_OF_UNIT,
    ENGLISH,
    NOUNS,
    OF_TEXT,
    SECONDS_OF_STEP,
    TIME_UNITS,
    unaccented,
)

__all__ = [
    "Amount",
    "AmountError",
    "format_amount",
    "format_bytes",
    "format_count",
    "format_duration",
    "format_number",
    "parse_bytes",
    "parse_count",
    "parse_data",
    "parse_duration",
    "parse_number",
    "parse_seconds",
    "tokens_in_bytes",
]

THIN_SPACE = "\u202f"

LARGEST_COUNT = 10**18
LARGEST_DAYS = 36_525
LARGEST_STEP_SECONDS = 86_400

Unit = Literal["count", "bytes", "days", "number", "seconds"]

_COUNT_EXAMPLE = "300 B or 3e11"
_SAMPLES_EXAMPLE = "128 or 1024"
_SMALL_COUNTS = {
    "gpus": "64 or 128",
    "months": "6 or 12",
    "sequences": _SAMPLES_EXAMPLE,
    "samples": _SAMPLES_EXAMPLE,
}
"""What to type where nobody has billions."""
_BYTES_EXAMPLE = "300 GB or 1.2 TB"
_DURATION_EXAMPLE = "2 weeks or 11 days"
_NUMBER_EXAMPLE = "1 or 2.5"
_SECONDS_EXAMPLE = "12.3 or 850 ms"

_LETTERS = ((10**12, "T"), (10**9, "B"), (10**6, "M"))
_BYTE_LETTERS = ((10**15, "PB"), (10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_ONE = re.compile(rf"(?P<number>{NUMBER})(?P<words>[^\d].*)?")
_TERM = re.compile(rf"(?:,|{AND})? ?(?P<number>{NUMBER}) ?(?P<word>[a-z]+)\.? ?")


@dataclass(frozen=True, slots=True)
class Amount:
    """What a text was understood as.

    Attributes:
        value: In `unit`; counts and bytes are whole.
        unit: "count", "bytes", "days", "number" or "seconds".
        echo: How the field reads it back: "= 300 × 10⁹".
    """

    value: int | float
    unit: Unit
    echo: str


def parse_count(text: str, noun: str = "tokens") -> Amount:
    """A count of things: "300B", "300 B tokens", "1.4e12", "100 M images", "300 000".

    Args:
        text: As typed.
        noun: What the field counts; another noun in the text is refused.

    Raises:
        AmountError: The text is no count; the message says what to type.
    """
    example = _SMALL_COUNTS.get(noun, _COUNT_EXAMPLE)
    number, words = _number_and_words(tidied(text), example)
    if words and words[0] in BYTE_FACTORS:
        first = example.partition(" or ")[0]
        raise AmountError(f"{text.strip()} is a size, not a count. Try a number of {noun}, such as {first}.")
    counted = read_count_words(words, number)
    _check_noun(counted.nouns, noun, example)
    digits = read_digits(
        number,
        whole=True,
        scaled=counted.factor is not None,
        example=example,
        continental=counted.is_continental,
    )
    whole = _whole(digits * (counted.factor or 1), noun, example)
    return Amount(whole, "count", _count_echo(whole))


def parse_bytes(text: str) -> Amount:
    """A size of data: "300 GB", "1.2 TiB".

    Raises:
        AmountError: The text is no size; the message says what to type.
    """
    number, words = _number_and_words(tidied(text), _BYTES_EXAMPLE)
    factor = BYTE_FACTORS.get(words[0]) if words else None
    if factor is None or " ".join(words[1:]) not in ("", *OF_TEXT):
        raise AmountError(f"Not a size. Try {_BYTES_EXAMPLE}.")
    value = read_digits(number, whole=False, scaled=True, example=_BYTES_EXAMPLE) * factor
    whole = _whole(value, "bytes", _BYTES_EXAMPLE)
    return Amount(whole, "bytes", f"{_count_echo(whole)} bytes")


def parse_data(text: str, noun: str = "tokens") -> Amount:
    """A count, or a size where the text names bytes: the caller turns it into tokens.

    Raises:
        AmountError: The text is neither.
    """
    _, words = _number_and_words(tidied(text), _COUNT_EXAMPLE)
    is_size = bool(words) and words[0] in BYTE_FACTORS
    return parse_bytes(text) if is_size else parse_count(text, noun)


def tokens_in_bytes(size: Amount, bytes_per_token: float) -> int:
    """Tokens in a size of text.

    Args:
        size: From `parse_bytes`.
        bytes_per_token: What the tokenizer needs for the language, for example 4 for English.
    """
    return max(1, round(size.value / bytes_per_token))


def parse_number(text: str, noun: str = "passes") -> Amount:
    """A positive number that may have a fraction: "1", "2.5", "2,5 passes".

    Raises:
        AmountError: The text is no such number.
    """
    number, words = _number_and_words(tidied(text), _NUMBER_EXAMPLE)
    _check_noun(words, noun, _NUMBER_EXAMPLE)
    value = read_digits(number, whole=False, scaled=False, example=_NUMBER_EXAMPLE)
    if not value or value > LARGEST_COUNT:
        raise AmountError(f"Must be more than 0. Try {_NUMBER_EXAMPLE}.")
    result = _int_or_float(Fraction(value))
    return Amount(result, "number", f"= {result:g}")


def parse_seconds(text: str) -> Amount:
    """Seconds of one training step: "12.3", "850 ms", "12.3 s a step"; a bare number counts seconds.

    Raises:
        AmountError: The text is no such time.
    """
    number, words = _number_and_words(tidied(text), _SECONDS_EXAMPLE)
    unit = SECONDS_OF_STEP.get(words[0]) if words else Fraction(1)
    if unit is None or " ".join(words[1:]) not in ("", *A_STEP):
        raise AmountError(f"Not the time of a step. Try {_SECONDS_EXAMPLE}.")
    value = Fraction(read_digits(number, whole=False, scaled=False, example=_SECONDS_EXAMPLE)) * unit
    if not value:
        raise AmountError(f"Must be more than 0. Try {_SECONDS_EXAMPLE}.")
    if value > LARGEST_STEP_SECONDS:
        raise AmountError(f"More than a day. Try {_SECONDS_EXAMPLE}.")
    seconds = _int_or_float(value)
    return Amount(seconds, "seconds", f"= {seconds:g} s")


def parse_duration(text: str) -> Amount:
    """A time in days: "2 weeks", "11 days", "36 h", "1 week 3 days"; a bare number counts days.

    Raises:
        AmountError: The text is no time.
    """
    clean = unaccented(tidied(text))
    _refuse_sign(clean, _DURATION_EXAMPLE)
    if re.fullmatch(NUMBER, clean):
        clean += " d"
    if not clean:
        raise AmountError(f"Not a time. Try {_DURATION_EXAMPLE}.")
    days, position = Fraction(0), 0
    while position < len(clean):
        term = _TERM.match(clean, position)
        if term is None:
            raise AmountError(f"Not a time. Try {_DURATION_EXAMPLE}.")
        word = term["word"]
        if word not in TIME_UNITS:
            raise AmountError(f'"{word}" is no unit of time. Try {_DURATION_EXAMPLE}.')
        value = read_digits(
            term["number"],
            whole=False,
            scaled=False,
            example=_DURATION_EXAMPLE,
            continental=word not in ENGLISH,
        )
        days, position = days + Fraction(value) * DAYS_OF_UNIT[TIME_UNITS[word]], term.end()
    if not days:
        raise AmountError(f"Must be more than 0. Try {_DURATION_EXAMPLE}.")
    if days > LARGEST_DAYS:
        raise AmountError(f"More than 100 years. Try {_DURATION_EXAMPLE}.")
    return Amount(_int_or_float(days), "days", _duration_echo(float(days)))


def format_amount(amount: Amount) -> str:
    """An amount as a field shows it; reading it again gives the same amount."""
    if amount.unit == "bytes":
        return format_bytes(int(amount.value))
    if amount.unit == "days":
        return format_duration(amount.value)
    return format_number(amount.value) if amount.unit in ("number", "seconds") else format_count(amount.value)


def format_count(value: int | float) -> str:
    """A count with every digit that it has: "300 B", "1.4 T", "44 800"."""
    return _with_letter(round(value), _LETTERS) or _grouped(round(value))


def format_bytes(value: int) -> str:
    """A size of data with every digit that it has: "300 GB"."""
    return _with_letter(value, _BYTE_LETTERS) or f"{_grouped(value)}{THIN_SPACE}bytes"


def format_number(value: int | float) -> str:
    """A number without superfluous zeros: "1", "2.5"."""
    return str(_int_or_float(Fraction(value)))


def format_duration(days: int | float) -> str:
    """A time in the largest unit that gives a whole number: "2 weeks", "6 months", "36 hours"."""
    exact = Fraction(days)
    for unit, least in (("year", 1), ("month", 1), ("week", 1), ("day", 3)):
        count = exact / DAYS_OF_UNIT[f"{unit}s"]
        if count.denominator == 1 and count >= least:
            return _counted(count.numerator, unit)
    for unit, per_day in (("hour", 24), ("minute", 1440)):
        number = round(days * per_day)
        if number and number / per_day == days and number < 4 * per_day:
            return _counted(number, unit)
    return f"{_int_or_float(exact)} days"


def _number_and_words(clean: str, example: str) -> tuple[str, list[str]]:
    _refuse_sign(clean, example)
    match = _ONE.fullmatch(clean.removeprefix("+"))
    if match is None:
        raise not_a_number(example)
    words = unaccented((match["words"] or "").replace(".", " "))
    return match["number"], words.split()


def _refuse_sign(clean: str, example: str) -> None:
    if re.match(r"[-−]\s?\d", clean):
        raise AmountError(f"Must be more than 0. Try {example}.")


def _check_noun(words: Sequence[str], noun: str, example: str) -> None:
    """Lets pass what the field counts, in any of the languages."""
    if not words:
        return
    word = NOUNS.get(words[0])
    if word is None:
        raise AmountError(f'"{words[0]}" is not known after a number. Use k, M, B or T, as in 300 B.')
    same = word == noun or {word, noun} <= {"passes", "epochs"}
    if len(words) > 1 or not same:
        raise AmountError(f"This field counts {noun}. Try {example}.")


def _whole(value: Decimal, noun: str, example: str) -> int:
    if value > LARGEST_COUNT:
        raise AmountError(f"More {noun} than any data set holds. Try {example}.")
    if value <= 0:
        raise AmountError(f"Must be more than 0. Try {example}.")
    if value < 1000 and value != value.to_integral_value():
        raise AmountError(f"Must be a whole number of {noun}. Try {example}.")
    return round(value)


def _int_or_float(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _with_letter(value: int, letters: tuple[tuple[int, str], ...]) -> str | None:
    """The value with its unit letter where at most four digits say it exactly."""
    for size, letter in letters:
        if value >= size:
            mantissa = (Decimal(value) / size).normalize()
            if mantissa * size == value and len(mantissa.as_tuple().digits) <= 4:
                return f"{mantissa:,f}".replace(",", THIN_SPACE) + THIN_SPACE + letter
    return None


def _grouped(value: int) -> str:
    return f"{value:,}".replace(",", THIN_SPACE)


def _counted(number: int, unit: str) -> str:
    return f"{_grouped(number)} {unit}{'' if number == 1 else 's'}"


def _count_echo(value: int) -> str:
    if value < 10**6:
        return f"= {_grouped(value)}"
    power = 3 * ((len(str(value)) - 1) // 3)
    mantissa = f"{value / 10**power:.6g}"
    sign = "=" if Decimal(mantissa) * 10**power == value else "≈"
    return f"{sign} {mantissa} × 10{superscript(power)}"


def _duration_echo(days: float) -> str:
    value, unit = (days, "days") if days >= 1.0 else (days * 24.0, "hours")
    shown = f"{value:.4g}"
    sign = "=" if float(shown) == value else "≈"
    return f"{sign} {shown} {unit.removesuffix('s') if shown == '1' else unit}"
