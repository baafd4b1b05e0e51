"""English is written letter for letter as the product writes it today.

Each test holds a form of the one writer against the function whose place it takes. The test goes with that
function, when its room hands its sentences over.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.dossier import text as dossier
from app.plan import amounts, project_amounts
from app.plan.schema import FIRST_YEAR, LAST_YEAR
from app.present import campaign, kept, milestones, step_series
from app.present import numbers as n
from app.words import language, write
from app.words.amounts import parts_of
from app.words.durations import duration_parts
from estimators.planning import plausible
from estimators.requests import usage_words
from estimators.requests.doors import words as doors
from estimators.requests.findings import case
from estimators.words import Amount, Form, Listed, Name, Number, Span

ENGLISH = language("en")

FINITE = st.floats(-1e15, 1e15) | st.integers(-(10**12), 10**12) | st.floats(-2000, 2000)
ANY = FINITE | st.sampled_from([math.inf, -math.inf, math.nan])
POSITIVE = st.floats(1e-6, 1e15) | st.floats(1e-3, 2000) | st.integers(1, 10**12)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 12, 31))


def english(value: Number | datetime.date, form: Form, digits: int | None = None, unit: str = "") -> str:
    return write(Amount(value, unit, form, digits), ENGLISH)


def large_of_two_digits(value: float) -> str:
    return n.large(value, 2)


FINITE_ONLY = (n.large, large_of_two_digits, n.gib)
"""Nobody asks them for what is not known; "– T" would stand there."""
NUMBERS: list[tuple[str, Callable[[float], str], Callable[[float], str]]] = [
    ("exact", n.exact, lambda v: english(v, "exact")),
    ("sig3", n.sig3, lambda v: english(v, "three")),
    ("sig2", n.sig2, lambda v: english(v, "two")),
    ("short", n.short, lambda v: english(v, "short")),
    ("short, four digits", lambda v: n.short(v, 4), lambda v: english(v, "short", 4)),
    ("grouped", lambda v: n.grouped(v, 2), lambda v: english(v, "fixed", 2)),
    ("grouped, whole", n.grouped, lambda v: english(v, "fixed")),
    ("percent", n.percent, lambda v: english(v, "percent")),
    ("percent, three digits", lambda v: n.percent(v, 3), lambda v: english(v, "percent", 3)),
    ("large", n.large, lambda v: english(v, "large")),
    ("large, two digits", large_of_two_digits, lambda v: english(v, "large", 2)),
    ("plain", n.plain, lambda v: english(v, "plain")),
    ("with unit", lambda v: n.with_unit(n.short(v), "kWh"), lambda v: english(v, "short", unit="kWh")),
    ("memory", n.gib, lambda v: english(v, "memory")),
    ("rounded up", n.whole_up, lambda v: english(v, "up")),
]


@pytest.mark.parametrize(
    ("today", "written"), [pair[1:] for pair in NUMBERS], ids=[pair[0] for pair in NUMBERS]
)
@given(value=ANY)
@example(value=0.0)
@example(value=-0.004)
@example(value=999.6)
@example(value=9.995)
@example(value=999_950_000.0)
@example(value=0.0712)
def test_that_numbers_are_written_as_on_the_screen(
    today: Callable[[float], str], written: Callable[[float], str], value: float
) -> None:
    if math.isfinite(value) or today not in FINITE_ONLY:
        assert written(value) == today(value)
    else:
        assert written(value) == n.EMPTY


@given(value=FINITE)
def test_that_a_number_reads_back_as_the_echo_of_a_field(value: float) -> None:
    assert english(value, "power") == n.power_of_ten(value)


@given(low=FINITE, high=FINITE, digits=st.integers(2, 3))
def test_that_intervals_are_written_as_on_the_screen(low: float, high: float, digits: int) -> None:
    assert write(Span(low, high, digits=digits), ENGLISH) == n.span(low, high, digits)
    shares = f"{n.short(100 * low, digits)} to {n.percent(high, digits)}"
    assert write(Span(low, high, form="percent", digits=digits), ENGLISH) == shares
    in_kwh = n.with_unit(n.span(low, high), "kWh")
    assert write(Span(low, high, "kWh"), ENGLISH) == in_kwh


SECONDS = st.floats(0.0, 4e10) | st.floats(0.0, 1e7) | st.integers(0, 4000).map(lambda k: k * 3600.0)


@given(seconds=SECONDS | st.just(math.nan), digits=st.integers(2, 3))
@example(seconds=60.0, digits=2)
@example(seconds=86_400.0 * 365.25 * 2, digits=2)
def test_that_times_are_written_as_on_the_screen(seconds: float, digits: int) -> None:
    assert english(seconds, "duration", digits) == n.duration(seconds, digits)
    apart = duration_parts(seconds, digits, ENGLISH)
    assert (apart.number, apart.unit) == n.duration_parts(seconds, digits)


@given(low=SECONDS, high=SECONDS, digits=st.integers(2, 3))
def test_that_intervals_of_time_are_written_as_on_the_screen(low: float, high: float, digits: int) -> None:
    written = write(Span(low, high, form="duration", digits=digits), ENGLISH)
    assert written == n.duration_span(low, high, digits)


@given(value=st.floats(0, 1e19) | st.floats(2, 1e8))
@example(value=999_600_000.0)
def test_that_sizes_are_written_as_in_the_dossier(value: float) -> None:
    written = english(value, "bytes")
    if round(value) == 1:
        assert written == f"1{n.THIN_SPACE}byte"  # one "bytes" was wrong
    else:
        assert written == dossier.storage(value)


@given(value=st.fractions(-(10**9), 10**9, max_denominator=5000) | st.integers(-(10**9), 10**9).map(Fraction))
def test_that_sums_and_parts_are_written_with_every_digit(value: Fraction) -> None:
    assert english(value, "exact", 6) == dossier.exact_number(value)
    if value >= 0:
        assert english(value, "fraction") == milestones.fraction_words(value)


@given(value=st.decimals(0, 10**9, places=5))
def test_that_measured_seconds_keep_their_decimals(value: Decimal) -> None:
    decimals = max(3, -int(value.normalize().as_tuple().exponent))
    assert english(value, "fixed", decimals) == milestones.decimal_words(value)


@given(count=st.integers(0, 40))
def test_that_small_counts_are_words(count: int) -> None:
    assert english(count, "word") == dossier.counted_words(count)


@given(value=POSITIVE)
def test_that_findings_keep_the_digits_of_whole_numbers(value: float) -> None:
    assert english(value, "kept") == case.short(value)
    assert english(value, "kept", 3) == case.short(value, 3)
    assert english(value, "fixed", 1) == case.grouped(value, 1)
    assert english(value, "exact") == doors.grouped(value) == usage_words._hours(value)


@given(share=st.floats(0, 9.994))
def test_that_whole_shares_are_written_as_in_the_burn_down(share: float) -> None:
    assert english(share, "whole_percent") == usage_words._percent(share)
    if share > 0.005:
        assert english(share, "whole_percent") == step_series.whole_percent(share)


@given(value=st.floats(0.001, 0.9994) | st.floats(1, 9e5))
def test_that_a_step_is_written_in_seconds_or_milliseconds(value: float) -> None:
    shown = (value, "s") if value >= 1.0 else (1e3 * value, "ms")
    assert english(shown[0], "short", 3, shown[1]) == plausible._seconds(value)


@given(value=FINITE)
def test_that_bare_numbers_keep_six_digits(value: float) -> None:
    size = f"{abs(value):g}"
    assert english(value, "general") == (f"{n.MINUS}{size}" if value < 0 else size)


@given(day=DAYS)
def test_that_days_are_written_as_today(day: datetime.date) -> None:
    assert english(day, "day") == doors.day_words(day) == dossier.short_date(day) == campaign.date_words(day)
    assert english(day, "day") == project_amounts.format_date(day)
    assert english(day, "long_day") == dossier.long_date(day)
    assert english(day, "day_month") == campaign.date_words(day, with_year=False)
    assert english(day, "month") == doors.as_of_words(f"{day:%Y-%m}")
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        assert english(day, "weekday") == project_amounts.parse_date(day.isoformat()).echo
    assert english(day, "plain") == day.isoformat()


@given(moment=st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2200, 1, 1)))
def test_that_moments_are_written_as_today(moment: datetime.datetime) -> None:
    written = f"{english(moment, 'day_month')} {english(moment, 'clock')}"
    assert written == doors.cutoff_words(moment, moment.date())
    assert english(moment, "stamp") == moment.strftime(kept.DATE_AND_TIME)
    assert english(moment.time(), "clock") == f"{moment:%H:%M}"


@given(names=st.lists(st.sampled_from(["a", "b", "3", "12"]), max_size=5))
def test_that_lists_are_written_as_today(names: list[str]) -> None:
    items = tuple(Name(name) for name in names)
    assert write(Listed(items), ENGLISH) == dossier.joined(names)
    assert write(Listed(items, "or"), ENGLISH) == doors.listed(names)


@given(value=st.integers(1, 10**18) | st.integers(1, 9999).map(lambda k: k * 10**9))
def test_that_fields_show_counts_and_sizes_as_today(value: int) -> None:
    assert english(value, "field_count") == amounts.format_count(value)
    expected = amounts.format_bytes(value)
    assert english(value, "field_bytes") == (f"1{n.THIN_SPACE}byte" if value == 1 else expected)


@given(value=st.floats(1e-6, 1e6) | st.integers(1, 10**7))
def test_that_fields_show_numbers_and_shares_as_today(value: float) -> None:
    assert english(value, "field_number") == amounts.format_number(value)
    share = value / 1e7
    assert english(share, "field_share") == project_amounts.format_share(share)


@given(days=st.floats(1e-4, 36_525) | st.integers(1, 36_525) | st.integers(1, 500).map(lambda k: k / 24))
def test_that_fields_show_times_as_today(days: float) -> None:
    assert english(days, "field_days") == amounts.format_duration(days)


def test_that_a_day_has_no_form_of_a_number_and_a_number_none_of_a_day() -> None:
    with pytest.raises(TypeError, match="day"):
        english(7, "day")
    with pytest.raises(TypeError, match="weekday"):
        write(Amount(datetime.time(10), form="weekday"), ENGLISH)
    with pytest.raises(TypeError, match="clock"):
        english(datetime.date(2026, 12, 7), "clock")
    with pytest.raises(TypeError, match="percent"):
        parts_of(Amount(datetime.date(2026, 12, 7), form="percent"), ENGLISH)
