"""Cut-offs in Brussels time, working days, first days: worked by hand with a calendar of 2026 and 2027."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words import text
from estimators.requests.doors import time_left
from estimators.requests.doors.dates import (
    add_working_days,
    brussels_day,
    cutoffs_after,
    next_cutoff,
    subtract_working_days,
)
from tests.requests.door_asks import BRUSSELS, CATALOGUE, MODES, MONDAY, door, project, report

SECOND = datetime.timedelta(seconds=1)


def moment(year: int, month: int, day: int, hour: int = 9) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, tzinfo=BRUSSELS)


DATED = [(mode.id, day) for mode in MODES if mode.cutoff_dates for day in mode.cutoff_dates.value]


@pytest.mark.parametrize(("mode_id", "day"), DATED)
def test_that_a_listed_cutoff_stands_until_ten_in_brussels_and_then_the_next(mode_id, day):
    mode = CATALOGUE.access_modes[mode_id]
    cutoff = datetime.datetime.combine(day, datetime.time(10), BRUSSELS)
    assert next_cutoff(mode, cutoff - SECOND) == cutoff
    later = [other for other in mode.cutoff_dates.value if other > day]
    following = next_cutoff(mode, cutoff)
    assert (following.date() if following is not None else None) == (later[0] if later else None)


@pytest.mark.parametrize("mode_id", ["benchmark", "development"])
@pytest.mark.parametrize(
    ("now", "cutoff"),
    [
        (moment(2026, 11, 23), moment(2026, 12, 1, 10)),
        (moment(2026, 12, 1, 9), moment(2026, 12, 1, 10)),
        (moment(2026, 12, 1, 10), moment(2027, 1, 1, 10)),
        (moment(2026, 12, 31, 23), moment(2027, 1, 1, 10)),
        (moment(2027, 1, 31), moment(2027, 2, 1, 10)),
    ],
)
def test_that_the_first_of_each_month_is_a_cutoff(mode_id, now, cutoff):
    assert next_cutoff(CATALOGUE.access_modes[mode_id], now) == cutoff


def test_that_monthly_cutoffs_reach_a_year_ahead():
    ahead = cutoffs_after(CATALOGUE.access_modes["development"], MONDAY)
    assert [cutoff.date().day for cutoff in ahead] == [1] * 12
    assert ahead[-1] == moment(2027, 11, 1, 10)


@pytest.mark.parametrize(
    ("utc_hour", "passed"), [(8, False), (9, True)], ids=["9:59 in winter time", "after 10:00 in winter time"]
)
def test_that_ten_in_brussels_is_nine_utc_in_winter(utc_hour, passed):
    now = datetime.datetime(2026, 11, 30, utc_hour, 59 if not passed else 0, tzinfo=datetime.UTC)
    found = next_cutoff(CATALOGUE.access_modes["aif_large"], now)
    assert (found.date() != datetime.date(2026, 11, 30)) == passed


def test_that_ten_in_brussels_is_eight_utc_in_summer():
    now = datetime.datetime(2026, 6, 15, 7, 59, 59, tzinfo=datetime.UTC)
    assert next_cutoff(CATALOGUE.access_modes["aif_large"], now) == moment(2026, 6, 15, 10)
    assert next_cutoff(CATALOGUE.access_modes["aif_large"], now + SECOND) == moment(2026, 6, 30, 10)


@pytest.mark.parametrize(
    ("now", "cutoff", "hours"),
    [
        # 29 March 2026, 02:00 becomes 03:00: one hour of these four days is missing
        (moment(2026, 3, 27, 10), moment(2026, 3, 31, 10), 95),
        # 25 October 2026, 03:00 becomes 02:00: one hour comes twice
        (moment(2026, 10, 23, 10), moment(2026, 10, 30, 10), 169),
    ],
)
def test_that_the_countdown_counts_real_hours_over_a_change_of_the_clocks(now, cutoff, hours):
    assert next_cutoff(CATALOGUE.access_modes["aif_large"], now) == cutoff
    assert time_left(cutoff, now) == datetime.timedelta(hours=hours)


def test_that_the_day_is_the_one_in_brussels():
    late = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)
    assert brussels_day(late) == datetime.date(2026, 11, 23)
    with pytest.raises(ValueError, match="time zone"):
        brussels_day(datetime.datetime(2026, 11, 23))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ((2026, 11, 23), 4, (2026, 11, 27)),  # Monday to Friday
        ((2026, 11, 30), 10, (2026, 12, 14)),  # two weeks
        ((2026, 12, 1), 4, (2026, 12, 7)),  # Tuesday over a weekend to Monday
        ((2026, 11, 27), 1, (2026, 11, 30)),  # Friday to Monday
        ((2026, 11, 28), 2, (2026, 12, 1)),  # Saturday to Tuesday
        ((2026, 11, 29), 0, (2026, 11, 29)),
    ],
)
def test_that_working_days_skip_weekends(start, count, end):
    assert add_working_days(datetime.date(*start), count) == datetime.date(*end)


@given(st.dates(datetime.date(2026, 1, 1), datetime.date(2030, 1, 1)), st.integers(0, 30))
def test_that_the_last_day_to_apply_is_in_time_and_the_next_is_late(day, count):
    by = subtract_working_days(day, count)
    assert add_working_days(by, count) <= day
    assert add_working_days(by + datetime.timedelta(days=1), count) > day


@pytest.mark.parametrize(
    ("mode", "start"),
    [
        ("aif_playground", (2026, 11, 25)),  # Monday + 2 working days
        ("aif_fastlane", (2026, 11, 27)),  # Monday + 4
        ("aif_large", (2026, 12, 14)),  # 30 November + 10
        ("benchmark", (2026, 12, 22)),  # 1 December + 3 weeks
        ("development", (2026, 12, 22)),
        ("ai_science", (2027, 1, 11)),  # 11 December + 1 month
        ("regular", None),  # no date of 2027 known
        ("extreme", None),
    ],
)
def test_that_the_earliest_start_follows_from_cutoff_and_decision(mode, start):
    found = door(report(project(), 1), mode)
    assert found.earliest_start == (datetime.date(*start) if start else None)


@pytest.mark.parametrize(
    ("mode", "now", "start"),
    [
        ("regular", moment(2026, 9, 1), (2027, 1, 4)),  # 4 September + 4 months
        ("extreme", moment(2026, 10, 1), (2027, 4, 26)),  # 26 October + 6 months
        ("aif_playground", moment(2026, 12, 31), (2027, 1, 4)),  # Thursday + 2 working days
        ("aif_playground", moment(2027, 1, 1), None),  # the last known call year is over
        ("aif_large", moment(2027, 1, 4, 9), (2027, 1, 18)),
        ("aif_large", moment(2027, 1, 4, 10), None),
        ("ai_science", moment(2026, 12, 11, 10), None),
    ],
)
def test_that_a_start_is_known_only_as_long_as_a_date_is(mode, now, start):
    found = door(report(project(), 1, now=now), mode)
    assert found.earliest_start == (datetime.date(*start) if start else None)
    assert (text(found.cutoff_words) == "not found") == (start is None)


@pytest.mark.parametrize(
    ("mode", "words", "decision"),
    [
        ("aif_playground", "Always open", "2 working days"),
        ("aif_large", "30 Nov 10:00", "10 working days"),
        ("benchmark", "1 Dec 10:00", "2 to 3 weeks"),
        ("ai_science", "11 Dec 10:00", "up to 1 month"),
        ("regular", "not found", "up to 4 months"),
    ],
)
def test_that_dates_are_said_in_words(mode, words, decision):
    found = door(report(project(), 1), mode)
    assert (text(found.cutoff_words), text(found.decision_words)) == (words, decision)


def test_that_a_cutoff_of_next_year_names_its_year():
    found = door(report(project(), 1, now=moment(2026, 12, 16)), "aif_large")
    assert text(found.cutoff_words) == "4 Jan 2027 10:00"
