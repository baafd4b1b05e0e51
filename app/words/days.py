"""Days, months and times of day in a language."""

from __future__ import annotations

import datetime

from app.words.languages import Language
from estimators.words import Form, Moment


def write_moment(moment: Moment, form: Form, language: Language) -> str:
    """A day or a time of day; "plain" as ISO 8601 has it.

    Raises:
        TypeError: It has no such form: a day no clock, a time of day no weekday, neither a percentage.
    """
    if form == "plain":
        return moment.isoformat()
    if isinstance(moment, datetime.datetime | datetime.time) and form == "clock":
        return _clock(moment, language)
    if isinstance(moment, datetime.datetime) and form == "stamp":
        day = _in(language.day, f"{moment.day:02}", language.short_months, moment)
        return f"{day}, {_clock(moment, language)}:{moment.second:02}"
    if isinstance(moment, datetime.date) and form == "weekday":
        return language.weekdays[moment.weekday()]
    patterns = {
        "day": (language.day, language.short_months),
        "long_day": (language.long_day, language.months),
        "day_month": (language.day_month, language.short_months),
        "month": (language.month, language.short_months),
    }
    if not isinstance(moment, datetime.date) or form not in patterns:
        raise TypeError(f"{moment!r} has no {form!r}")
    is_first = moment.day == 1 and language.first_of_month
    return _in(
        patterns[form][0], language.first_of_month if is_first else moment.day, patterns[form][1], moment
    )


def _in(pattern: str, day: int | str, months: tuple[str, ...], moment: datetime.date) -> str:
    return pattern.format(day=day, month=months[moment.month - 1], year=moment.year)


def _clock(moment: datetime.datetime | datetime.time, language: Language) -> str:
    return language.clock.format(hour=moment.hour, minute=moment.minute)
