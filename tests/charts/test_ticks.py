"""Ticks stand at values that people use, and keep their distance."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts.ticks import DAY, HOUR, MONTH, WEEK, YEAR, count_ticks, gpu_ticks, snap_span, time_ticks


def texts(ticks):
    return [tick.text.replace("\u00a0", " ").replace("\u202f", " ") for tick in ticks]


def test_that_two_days_to_two_months_read_as_in_a_calendar() -> None:
    assert texts(time_ticks(2 * DAY, 2 * MONTH, 700.0)) == [
        "2 days", "4 days", "1 week", "2 weeks", "1 month", "2 months",
    ]  # fmt: skip


def test_that_a_span_of_years_takes_the_sparse_ladder() -> None:
    assert texts(time_ticks(3 * DAY, 4 * YEAR, 280.0, 24.0)) == [
        "½ week", "1 week", "1 month", "3 months", "1 year", "3 years",
    ]  # fmt: skip


def test_that_short_runs_are_told_in_hours() -> None:
    assert texts(time_ticks(HOUR, 8 * HOUR, 500.0)) == ["1 hour", "2 hours", "4 hours", "8 hours"]


def test_that_counts_go_one_two_five() -> None:
    assert texts(count_ticks(8e3, 1.2e5, 200.0, 22.0)) == ["10 k", "20 k", "50 k", "100 k"]


def test_that_gpu_counts_are_powers_of_two() -> None:
    values = [tick.value for tick in gpu_ticks(3.0, 2000.0, 300.0)]
    assert all(math.log2(value).is_integer() for value in values)
    assert len(values) >= 3


@given(st.floats(60.0, 30 * DAY), st.floats(3.0, 1e5), st.floats(150.0, 1500.0))
def test_that_texts_side_by_side_never_touch(low: float, ratio: float, pixels: float) -> None:
    ticks = time_ticks(low, low * ratio, pixels)
    places = [math.log(tick.value / low) / math.log(ratio) * pixels for tick in ticks]
    if len(ticks) > 2:
        for a, b, at, then in zip(ticks, ticks[1:], places, places[1:], strict=False):
            assert then - at >= 6.0 * (len(a.text) + len(b.text)) / 2


@pytest.mark.parametrize("seconds", [700.0, 3 * DAY, 40 * DAY, 5 * YEAR])
def test_that_limits_snap_to_ticks_but_keep_what_must_be_seen(seconds: float) -> None:
    low, high = snap_span(seconds / 5, seconds * 5, (seconds / 4, seconds * 4))
    assert low <= seconds / 4
    assert high >= seconds * 4
    assert snap_span(1.1 * DAY, 3.4 * WEEK, (2 * DAY, WEEK)) == (DAY, MONTH)
