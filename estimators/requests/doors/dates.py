"""Cut-offs in Brussels time, working days, and the first day that a mode allows.

Weekends are skipped; public holidays are not in the catalogue and count as working days.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

from estimators.catalogue.records import AccessMode
from estimators.requests.calendar import add_months
from estimators.requests.doors.words import NOT_FOUND
from estimators.words import Amount, Said, Span, Value, say, say_many

SATURDAY = 5
DAYS_PER_WEEK = 7
MONTHS_AHEAD = 13
"""Monthly cut-offs of this month and of the year after it."""


@cache
def brussels() -> ZoneInfo:
    """The time zone in which cut-offs are set."""
    return ZoneInfo("Europe/Brussels")


def brussels_day(now: datetime.datetime) -> datetime.date:
    """The day that it is in Brussels.

    Raises:
        ValueError: The moment names no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("The moment needs a time zone.")
    return now.astimezone(brussels()).date()


def cutoffs_after(mode: AccessMode, now: datetime.datetime) -> tuple[datetime.datetime, ...]:
    """Known cut-offs after a moment, the next one first; empty for modes always open."""
    if mode.cutoff_time is None or mode.cutoff_time.value is None:
        return ()
    clock = mode.cutoff_time.value
    moments = (datetime.datetime.combine(day, clock, brussels()) for day in _days(mode, now))
    return tuple(sorted(moment for moment in moments if time_left(moment, now) > datetime.timedelta()))


def next_cutoff(mode: AccessMode, now: datetime.datetime) -> datetime.datetime | None:
    """The first known cut-off after a moment; None for modes always open and where no date is known."""
    return next(iter(cutoffs_after(mode, now)), None)


def _days(mode: AccessMode, now: datetime.datetime) -> Iterator[datetime.date]:
    """Listed days, and the monthly one for a year ahead."""
    if mode.cutoff_dates is not None:
        yield from mode.cutoff_dates.value or ()
    rule = mode.cutoff_day_of_month
    if rule is not None and rule.value is not None:
        first = brussels_day(now).replace(day=1)
        for ahead in range(MONTHS_AHEAD):
            month = add_months(first, ahead)
            last = calendar.monthrange(month.year, month.month)[1]
            yield month.replace(day=min(int(rule.value), last))


def time_left(moment: datetime.datetime, now: datetime.datetime) -> datetime.timedelta:
    """Hours that really pass until a moment, also over a change of the clocks."""
    return moment.astimezone(datetime.UTC) - now.astimezone(datetime.UTC)


def is_always_open(mode: AccessMode) -> bool:
    """Whether the mode takes requests at any time."""
    return mode.always_open is not None and bool(mode.always_open.value)


def call_has_ended(mode: AccessMode, today: datetime.date) -> bool:
    """Whether the last known call year of a mode is over."""
    end = mode.call_year_end.value if mode.call_year_end is not None else None
    return end is not None and today >= end


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """The day some working days later; a weekend counts as none."""
    while count > 0:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def subtract_working_days(day: datetime.date, count: int) -> datetime.date:
    """The last day from which so many working days lead to a day at the latest."""
    while count > 0:
        count -= day.weekday() < SATURDAY
        day -= datetime.timedelta(days=1)
    return day


def earliest_start(
    mode: AccessMode, cutoff: datetime.datetime | None, today: datetime.date
) -> datetime.date | None:
    """Decision after the next cut-off, or after filing today; the longest time that the mode states.

    None where no date or no decision time is known.
    """
    if cutoff is None and (not is_always_open(mode) or call_has_ended(mode, today)):
        return None
    return after_decision(mode, cutoff.date() if cutoff is not None else today)


def after_decision(mode: AccessMode, day: datetime.date) -> datetime.date | None:
    """The day on which the decision is due at the latest; None where no time is stated."""
    working = mode.decision_working_days
    if working is not None and working.value is not None:
        return add_working_days(day, int(working.value))
    stated = mode.decision_time
    if stated is None or not stated.value:
        return None
    longest = int(stated.value[-1])
    if stated.unit == "month":
        return add_months(day, longest)
    return day + datetime.timedelta(days=DAYS_PER_WEEK * longest)


def decision_words(mode: AccessMode) -> Said:
    """How long a decision takes: "4 working days", "2 to 3 weeks", "up to 1 month"."""
    working = mode.decision_working_days
    if working is not None and working.value is not None:
        days = Amount(working.value, form="fixed")
        return say_many("{n} working day", "{n} working days", working.value, n=days)
    stated = mode.decision_time
    if stated is None or not stated.value:
        return NOT_FOUND
    low, high = stated.value[0], stated.value[-1]
    if low == high:
        return say("up to {time}", time=_counted(Amount(high, form="fixed"), high, stated.unit))
    return _counted(Span(low, high, form="fixed"), high, stated.unit)


def _counted(amount: Value, count: float, unit: str) -> Said:
    """Weeks or months, the units in which the catalogue states how long a decision takes."""
    if unit == "week":
        return say_many("{n} week", "{n} weeks", count, n=amount)
    return say_many("{n} month", "{n} months", count, n=amount)
