"""Reads times, days and months as people of a language type them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from fractions import Fraction

from app.words.fields import DAYS_OF_UNIT, int_or_float
from app.words.languages import Language, Unit
from app.words.reading import refusals as r
from app.words.reading.amounts import Reading
from app.words.reading.digits import NUMBER, read_digits, refuse_sign, tidied
from app.words.reading.refusals import Asked, ReadingError
from app.words.reading.vocabulary import unaccented
from estimators.words import Amount, Name, Said, say, say_many

LARGEST_DAYS = 36_525

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|[.º°])? ?(?:of |de )?([a-z]+)\.?,? ?(?:de )?(\d{4})")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DAY_BEFORE_MONTH = ("fr", "es", "it")
"""Where 1/2/2027 is the first of February; in English it may be the second of January, Germans write dots."""
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH_WORDS = re.compile(r"([a-z]+)\.?,? ?(?:of |de )?(\d{4})")
_MONTH_FIGURES = re.compile(r"(\d{1,2})[./] ?(\d{4})")


@dataclass(frozen=True, slots=True)
class DayReading:
    """The day that a text was understood as, a month by its first day.

    Attributes:
        day: The day.
        echo: How the field reads it back: "Monday".
    """

    day: datetime.date
    echo: Amount


def parse_duration(text: str, language: Language) -> Reading:
    """A time in days: "2 weeks", "11 Tage", "36 h", "1 semaine et 3 jours"; a bare number counts days.

    Raises:
        ReadingError: The text is no time, or one of another language.
    """
    asked = Asked(text, language, r.DURATION, "days")
    clean = unaccented(tidied(text))
    refuse_sign(clean, asked)
    days = Fraction(read_digits(clean, asked)) if re.fullmatch(NUMBER, clean) else _sum_of_terms(clean, asked)
    if not days:
        raise asked.not_positive()
    if days > LARGEST_DAYS:
        raise ReadingError(say("More than 100 years. Try {example}.", example=asked.example))
    return Reading(int_or_float(days), _echo(float(days)))


def parse_day(text: str, language: Language, years: tuple[int, int]) -> DayReading:
    """A day: "2027-02-01", "1 Feb 2027", "1. Februar 2027", "01.02.2027", in French "01/02/2027".

    Args:
        text: As typed.
        language: In which it is read.
        years: The first and the last that the field takes.

    Raises:
        ReadingError: The text is no day, one of another language, or one of two.
    """
    asked = Asked(text, language, r.DAY)
    clean = unaccented(tidied(text))
    words, figures = _WORDS.fullmatch(clean), _DOTTED.fullmatch(clean)
    if language.code in _DAY_BEFORE_MONTH:
        figures = figures or _SLASHED.fullmatch(clean)
    if iso := _ISO.fullmatch(clean):
        day = _day(int(iso[1]), int(iso[2]), int(iso[3]))
    elif words:
        day = _day(int(words[3]), _month(words[2], asked), int(words[1]))
    else:
        day = _day(int(figures[3]), int(figures[2]), int(figures[1])) if figures else None
    if day is None:
        raise ReadingError(say("Not a day. Try {example}.", example=asked.example))
    return DayReading(_in_reach(day, years, asked), Amount(day, form="weekday"))


def parse_month(text: str, language: Language, years: tuple[int, int]) -> DayReading:
    """A month, by its first day: "2027-02", "Feb 2027", "Februar 2027", "febrero de 2027", "02/2027".

    Args:
        text: As typed.
        language: In which it is read.
        years: The first and the last that the field takes.

    Raises:
        ReadingError: The text is no month, or one of another language.
    """
    asked = Asked(text, language, r.MONTH)
    clean = unaccented(tidied(text))
    words, figures = _MONTH_WORDS.fullmatch(clean), _MONTH_FIGURES.fullmatch(clean)
    if iso := _ISO_MONTH.fullmatch(clean):
        day = _day(int(iso[1]), int(iso[2]), 1)
    elif words:
        day = _day(int(words[2]), _month(words[1], asked), 1)
    else:
        day = _day(int(figures[2]), int(figures[1]), 1) if figures else None
    if day is None:
        raise ReadingError(say("Not a month. Try {example}.", example=asked.example))
    return DayReading(_in_reach(day, years, asked), Amount(day, form="month"))


def _sum_of_terms(clean: str, asked: Asked) -> Fraction:
    """The days of a time in several units: "1 week 3 days"."""
    term = re.compile(rf"(?:,|{asked.known.links.both})? ?(?P<number>{NUMBER}) ?(?P<word>[a-z]+)\.? ?")
    days, position = Fraction(0), 0
    while found := term.match(clean, position):
        unit = _unit(found["word"], asked)
        own = found["word"] in asked.known.own
        days += Fraction(read_digits(found["number"], asked, own=own)) * DAYS_OF_UNIT[unit]
        position = found.end()
    if not clean or position < len(clean):
        raise ReadingError(say("Not a time. Try {example}.", example=asked.example))
    return days


def _unit(word: str, asked: Asked) -> Unit:
    unit = asked.known.units.get(word)
    if unit is not None:
        return unit
    foreign = asked.foreign(word)
    if foreign is not None:
        raise foreign
    said = say('"{word}" is no unit of time. Try {example}.', word=asked.typed(word), example=asked.example)
    raise ReadingError(said)


def _month(word: str, asked: Asked) -> int:
    """The month of a word; 0, which no day has, for a word that is none in any language."""
    month = asked.known.months.get(word, 0)
    foreign = None if month else asked.foreign(word)
    if foreign is not None:
        raise foreign
    return month


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _in_reach(day: datetime.date, years: tuple[int, int], asked: Asked) -> datetime.date:
    first, last = years
    if first <= day.year <= last:
        return day
    said = say(
        "Must lie in the years {first} to {last}. Try {example}.",
        first=Name(str(first)),
        last=Name(str(last)),
        example=asked.example,
    )
    raise ReadingError(said)


def _echo(days: float) -> Said:
    """How a field reads a time back: "= 14 days", "≈ 182.6 days", "= 1.5 hours"."""
    value, is_hours = (days, False) if days >= 1.0 else (days * 24.0, True)
    shown = float(f"{value:.4g}")
    sign, n = Name("=" if shown == value else "≈"), Amount(shown, form="general")
    if is_hours:
        return say_many("{sign} {n} hour", "{sign} {n} hours", shown, sign=sign, n=n)
    return say_many("{sign} {n} day", "{sign} {n} days", shown, sign=sign, n=n)
