"""Sentences as values: what a person reads, in no language yet.

A sentence is a `Said`: its English text with names in braces, and the values that stand in their places. It
is built where its facts are known and written where it is read, in the language of the reader (`app/words/`).
The English text is the key of the translations. Standard library only: every floor of the estimators may
speak.
"""

from __future__ import annotations

import datetime
import string
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NoReturn, TypeAlias

Number: TypeAlias = int | float | Fraction | Decimal
Moment: TypeAlias = datetime.date | datetime.time

Form = Literal[
    "exact", "up", "fixed", "short", "kept", "two", "three", "general", "large", "power", "fraction", "word",
    "plain",
    "percent", "whole_percent",
    "duration", "bytes", "memory",
    "field_count", "field_bytes", "field_number", "field_days", "field_share",
    "day", "long_day", "day_month", "month", "weekday", "clock", "stamp",
]  # fmt: skip
"""How an amount is written, in English:

- "exact": every digit of the whole part, at most `digits` decimals, none by default: "44 800"
- "up": a whole number, rounded up
- "fixed": so many decimals, zeros kept: "1.50"
- "short": so many significant digits (2), no zeros after the point: "34 000", "7"
- "kept": so many significant digits (2), but every digit of the whole part: "33 812", "7.1"
- "two", "three": two or three significant digits, zeros kept: "7.0", "11.0"
- "general": at most so many significant digits (6), an exponent where it is shorter: "0.05"
- "large": parameters and tokens, so many digits (3): "9.15 B"
- "power": as a field reads a number back: "300 × 10⁹"
- "fraction": a part of something as a short decimal or a ratio: "0.25", "1/3"
- "word": a small count as a word: "three"
- "plain": for files, the same in every language: "33812.4", "2026-12-07"
- "percent": a share of one, so many significant digits (2): "80 %"
- "whole_percent": a share of one without decimals
- "duration": seconds in the unit that people say, so many digits (2): "11 days"
- "bytes": in decimal units: "1.9 TB"
- "memory": bytes in GiB, as devices have them: "51", with a unit "51 GiB"
- "field_…": with every digit, as a field shows a value that it reads again: "300 B", "1.2 TB", "2.5", days as
  "2 weeks", a share as "5 %"
- "day", "long_day", "day_month": "7 Dec 2026", "7 December 2026", "7 Dec"
- "month", "weekday": "Dec 2026", "Monday"
- "clock", "stamp": "10:00", "07 Dec 2026, 10:00:00"
"""

Mark = Literal["figure", "machine", "bold", "quiet"]


class _Unwritten:
    """What has no text before a language writes it: `str` and f-strings refuse it."""

    __slots__ = ()

    def __str__(self) -> NoReturn:
        raise _unwritten(self)

    def __format__(self, spec: str) -> NoReturn:
        raise _unwritten(self)


@dataclass(frozen=True, slots=True)
class Amount(_Unwritten):
    """A number, a day or a time of day.

    Attributes:
        value: In the unit that `form` expects: seconds for "duration", bytes for "bytes" and "memory", a
            share of one for "percent", days for "field_days".
        unit: Behind the number: a symbol as "h", "GiB" or "%", or a unit of time as "days".
        form: How it is written.
        digits: Significant digits or decimals, where the form has a choice; None for its own.
    """

    value: Number | Moment
    unit: str = ""
    form: Form = "short"
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Span(_Unwritten):
    """An interval: "28 000 to 45 000"; both ends as `Amount` writes them, the unit once."""

    low: float
    high: float
    unit: str = ""
    form: Form = "short"
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Name(_Unwritten):
    """What no language translates: a machine, a model, a file, an id, a text quoted from a source."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong(_Unwritten):
    """A value that stands out where the reader's medium can show it."""

    part: Value
    mark: Mark


@dataclass(frozen=True, slots=True)
class Listed(_Unwritten):
    """Values in a sentence: "a, b and c"; with no last word all of them apart by the sign."""

    items: tuple[Value, ...]
    last: Literal["and", "or", ""] = "and"
    sign: str = ", "


@dataclass(frozen=True, slots=True)
class Cased(_Unwritten):
    """A value with a capital or a small letter in front: a verdict inside a sentence, a predicate as one.

    A language that writes its nouns with capitals keeps them in place of a small letter.
    """

    part: Value
    first: Literal["capital", "small"] = "small"


@dataclass(frozen=True, slots=True)
class Heading(_Unwritten):
    """A sentence as the heading of others: without its full stop."""

    part: Value


@dataclass(frozen=True, slots=True)
class Said(_Unwritten):
    """A sentence, a title or a label: what `say`, `say_many`, `say_in` and `together` return.

    `app.words.write` writes it in a language, `plain` in English for logs and errors. None is put into
    another text by itself, where it would stay English in front of a German reader.

    Attributes:
        text: The English text, with names of `parts` in braces; empty for sentences behind each other.
        parts: What stands in the places, by name.
        many: The English text for another count than one, else "".
        count: What chooses between `text` and `many`.
        context: What tells apart one English word with two meanings.
    """

    text: str
    parts: tuple[tuple[str, Value], ...] = ()
    many: str = ""
    count: float | None = None
    context: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.parts)


Value: TypeAlias = Amount | Span | Name | Strong | Listed | Cased | Heading | Said

NOTHING = Said("")
"""Where there is nothing to say."""


class SpokenError(Exception):
    """An error that a person reads: its sentence as a value, and in plain English for whoever prints it.

    Attributes:
        said: What is wrong, and what to do instead.
    """

    def __init__(self, said: Said) -> None:
        super().__init__(plain(said))
        self.said = said


def say(text: str, /, **parts: Value) -> Said:
    """A sentence: `say("Fits {mode}.", mode=Name("Fast Lane"))`.

    Args:
        text: English, a literal, since the translations are made from the code; braces in it are doubled.
        parts: A value for each name in braces.
    """
    return Said(text, tuple(parts.items()))


def say_many(one: str, many: str, count: float, /, **parts: Value) -> Said:
    """A sentence that hangs on a count: `say_many("{n} run", "{n} runs", 3, n=Amount(3))`.

    Args:
        one: English for one, a literal.
        many: English for any other count, a literal.
        count: As it is shown: rounded where the number is.
        parts: A value for each name in braces.
    """
    return Said(one, tuple(parts.items()), many, count)


def say_in(context: str, text: str, /, **parts: Value) -> Said:
    """A sentence whose English words mean two things: `say_in("of a queue", "open")`.

    Args:
        context: Which of them, for translators; a literal.
        text: As for `say`.
        parts: A value for each name in braces.
    """
    return Said(text, tuple(parts.items()), context=context)


def together(*saids: Said) -> Said:
    """Whole sentences behind each other; what says nothing is left out. Never halves of one sentence."""
    said = [one for one in saids if one]
    if len(said) < 2:
        return said[0] if said else NOTHING
    return Said("", tuple((str(place), one) for place, one in enumerate(said)))


def plain(value: Value) -> str:
    """English with bare digits: for logs, scripts and the text of errors, never for a screen."""
    if isinstance(value, Said):
        return _plain_said(value)
    if isinstance(value, Strong):
        return plain(value.part)
    if isinstance(value, Cased):
        return cased(plain(value.part), value.first)
    if isinstance(value, Heading):
        return plain(value.part).removesuffix(".")
    if isinstance(value, Listed):
        items = [plain(item) for item in value.items]
        if not value.last:
            return value.sign.join(items)
        return f" {value.last} ".join(filter(None, (value.sign.join(items[:-1]), *items[-1:])))
    if isinstance(value, Name):
        return value.text
    if isinstance(value, Span):
        low, high = (_plain_number(end, value.form) for end in (value.low, value.high))
        return _plain_unit(f"{low} to {high}", value.form, value.unit)
    if isinstance(value.value, datetime.date | datetime.time):
        return value.value.isoformat()
    return _plain_unit(_plain_number(value.value, value.form), value.form, value.unit)


def cased(text: str, first: Literal["capital", "small"]) -> str:
    """A text with a capital or a small letter in front."""
    return (text[:1].upper() if first == "capital" else text[:1].lower()) + text[1:]


@lru_cache(maxsize=8192)
def template(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """A text taken apart at its braces.

    Returns:
        Pairs of literal text and the name behind it, None at the end, with what stands behind a colon.
    """
    return tuple((words, name, spec or "") for words, name, spec, _ in string.Formatter().parse(text))


def _plain_said(said: Said) -> str:
    if not said.text:
        return " ".join(plain(part) for _, part in said.parts)
    text = said.many if said.count is not None and said.count != 1 else said.text
    parts = dict(said.parts)
    return "".join(_filled(text, parts))


def _filled(text: str, parts: dict[str, Value]) -> Iterator[str]:
    for words, name, _ in template(text):
        yield words
        if name is not None:
            yield plain(parts[name])


_PLAIN_UNITS: dict[Form, str] = {
    "percent": "%", "whole_percent": "%", "field_share": "%", "duration": "s", "bytes": "bytes",
    "memory": "bytes", "field_bytes": "bytes", "field_days": "days",
}  # fmt: skip


def _plain_number(value: Number, form: Form) -> str:
    """The bare digits of a value; a share in per cent, everything else in its own unit."""
    if isinstance(value, int):
        return str(value * 100 if _PLAIN_UNITS.get(form) == "%" else value)
    number = float(value) * (100.0 if _PLAIN_UNITS.get(form) == "%" else 1.0)
    return str(int(number)) if number.is_integer() else f"{number:.6g}"


def _plain_unit(number: str, form: Form, unit: str) -> str:
    return f"{number} {_PLAIN_UNITS.get(form, unit)}".rstrip()


def _unwritten(value: _Unwritten) -> TypeError:
    return TypeError(
        f"{value!r} has no language yet: give it to say() as a keyword, or write it with app.words.write(). "
        "In a log or an error, plain() gives it in English."
    )
