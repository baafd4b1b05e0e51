"""Reads amounts as people type them: "300B", "1.4e12", "300 GB", "2 weeks".

Every reading comes with an echo that says how it was understood. Formatting a value and reading it again
gives the value back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.plan.number_text import NUMBER, AmountError, not_a_number, read_digits, superscript, tidied

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
_BYTES_EXAMPLE = "300 GB or 1.2 TB"
_DURATION_EXAMPLE = "2 weeks or 11 days"
_NUMBER_EXAMPLE = "1 or 2.5"
_SECONDS_EXAMPLE = "12.3 or 850 ms"

_COUNT_FACTORS = {
    "k": 10**3, "thousand": 10**3,
    "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6,
    "b": 10**9, "bn": 10**9, "g": 10**9, "mrd": 10**9, "billion": 10**9,
    "t": 10**12, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip

_BYTE_FACTORS = {
    "byte": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "pb": 10**15,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40, "pib": 2**50,
}  # fmt: skip

_DAYS = {
    "s": Fraction(1, 86400), "sec": Fraction(1, 86400), "second": Fraction(1, 86400),
    "min": Fraction(1, 1440), "minute": Fraction(1, 1440),
    "h": Fraction(1, 24), "hr": Fraction(1, 24), "hour": Fraction(1, 24),
    "d": Fraction(1), "day": Fraction(1),
    "w": Fraction(7), "wk": Fraction(7), "week": Fraction(7),
    "mo": Fraction(1461, 48), "month": Fraction(1461, 48),
    "y": Fraction(1461, 4), "yr": Fraction(1461, 4), "year": Fraction(1461, 4),
}  # fmt: skip
"""A year is 365.25 days, a month a twelfth of it."""

_SECONDS = {
    "ms": Fraction(1, 1000), "s": Fraction(1), "sec": Fraction(1), "second": Fraction(1),
    "min": Fraction(60), "minute": Fraction(60),
}  # fmt: skip

_LETTERS = ((10**12, "T"), (10**9, "B"), (10**6, "M"))
_BYTE_LETTERS = ((10**15, "PB"), (10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_NOUNS = ("tokens", "images", "sequences", "samples", "parameters", "gpus", "passes", "epochs")

_ONE = re.compile(rf"(?P<number>{NUMBER})(?P<words>[^\d].*)?")
_TERM = re.compile(rf"(?:,|and)? ?(?P<number>{NUMBER}) ?(?P<word>[a-z]+)\.? ?")


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
    number, words = _number_and_words(tidied(text), _COUNT_EXAMPLE)
    if words and _singular(words[0], _BYTE_FACTORS) in _BYTE_FACTORS:
        raise AmountError(f"{text.strip()} is a size, not a count. Try a number of {noun}, such as 300 B.")
    factor = _COUNT_FACTORS.get(_singular(words[0], _COUNT_FACTORS)) if words else None
    rest = words[1:] if factor is not None else words
    _check_noun(rest, noun)
    value = read_digits(number, whole=True, scaled=factor is not None, example=_COUNT_EXAMPLE) * (factor or 1)
    whole = _whole(value, noun, _COUNT_EXAMPLE)
    return Amount(whole, "count", _count_echo(whole))


def parse_bytes(text: str) -> Amount:
    """A size of data: "300 GB", "1.2 TiB".

    Raises:
        AmountError: The text is no size; the message says what to type.
    """
    number, words = _number_and_words(tidied(text), _BYTES_EXAMPLE)
    factor = _BYTE_FACTORS.get(_singular(words[0], _BYTE_FACTORS)) if words else None
    if factor is None or words[1:] not in ([], ["of", "text"]):
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
    is_size = bool(words) and _singular(words[0], _BYTE_FACTORS) in _BYTE_FACTORS
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
    _check_noun(words, noun)
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
    unit = _SECONDS.get(_singular(words[0], _SECONDS)) if words else Fraction(1)
    if unit is None or words[1:] not in ([], ["a", "step"], ["per", "step"]):
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
    clean = tidied(text)
    _refuse_sign(clean, _DURATION_EXAMPLE)
    if re.fullmatch(NUMBER, clean):
        clean += " d"
    if not clean:
        raise AmountError(f"Not a time. Try {_DURATION_EXAMPLE}.")
    days, position = Fraction(0), 0
    while position < len(clean):
        term = _TERM.match(clean, position)
        word = _singular(term["word"], _DAYS) if term else ""
        if term is None:
            raise AmountError(f"Not a time. Try {_DURATION_EXAMPLE}.")
        if word not in _DAYS:
            raise AmountError(f'"{word}" is no unit of time. Try {_DURATION_EXAMPLE}.')
        value = read_digits(term["number"], whole=False, scaled=False, example=_DURATION_EXAMPLE)
        days, position = days + Fraction(value) * _DAYS[word], term.end()
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
        count = exact / _DAYS[unit]
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
    return match["number"], (match["words"] or "").replace(".", " ").split()


def _refuse_sign(clean: str, example: str) -> None:
    if re.match(r"[-−]\s?\d", clean):
        raise AmountError(f"Must be more than 0. Try {example}.")


def _check_noun(words: list[str], noun: str) -> None:
    if not words:
        return
    word = words[0] if words[0] in _NOUNS else words[0] + "s"
    if word not in _NOUNS:
        raise AmountError(f'"{words[0]}" is not known after a number. Use k, M, B or T, as in 300 B.')
    same = word == noun or {word, noun} <= {"passes", "epochs"}
    if len(words) > 1 or not same:
        raise AmountError(f"This field counts {noun}. Try {_COUNT_EXAMPLE}.")


def _singular(word: str, known: dict[str, int] | dict[str, Fraction]) -> str:
    bare = word.removesuffix("s")
    return bare if word not in known and bare in known else word


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
