"""Burn-down: hours used against the monthly plan, worked by hand."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import Catalogue, load_catalogue
from estimators.requests.campaign_results import Bar
from estimators.requests.records import UsedHours
from estimators.requests.standing import main_outlook, standing_on
from estimators.requests.usage import burn_down
from tests.requests.hand_made import START, campaign
from tests.spoken import written

CATALOGUE = load_catalogue()


def day(number: int) -> datetime.date:
    """A project day, from 1."""
    return START + datetime.timedelta(days=number - 1)


def used(number: int, node_hours: float, jobs: int = 1, failed: int = 0) -> UsedHours:
    return UsedHours(day(number), node_hours, jobs, failed)


def test_that_nothing_imported_gives_no_burn_down(catalogue: Catalogue) -> None:
    assert burn_down(campaign(catalogue), START) is None


def test_that_a_burn_down_worked_by_hand_comes_out(catalogue: Catalogue) -> None:
    """1 600 node-hours in two months of 30 days, planned 600 and 1 000; on day 40 the last four weeks
    (day 13 to 40) held 280 node-hours: 10 a day, 20 days are left."""
    project = campaign(
        catalogue, months=(600, 1000), used=(used(5, 120.0), used(20, 80.0), used(40, 200.0, 4, 1))
    )
    result = burn_down(project, day(40))
    assert result is not None
    assert result.months == ((1, 600, 200.0), (2, 1000, 200.0))
    assert result.used_node_hours == 400.0
    assert result.forecast_node_hours == pytest.approx(400.0 + 20 * 10.0)
    assert result.failed_share == pytest.approx(1 / 6)
    standing = standing_on(project, START, day(40))
    assert standing.planned == pytest.approx(600 + 1000 * 10 / 30)


def test_that_hours_outside_the_project_fall_on_its_first_and_last_month(catalogue: Catalogue) -> None:
    project = campaign(catalogue, months=(600, 1000), used=(used(-3, 5.0), used(75, 7.0)))
    result = burn_down(project, day(80))
    assert result is not None
    assert result.months == ((1, 600, 5.0), (2, 1000, 7.0))


def test_that_calendar_months_count_from_the_first_use_where_the_plan_names_no_start(
    catalogue: Catalogue,
) -> None:
    """The first hours fall on 23 September, the others on 22 and 23 October, two sides of a 30-day month."""
    project = campaign(catalogue, months=(600, 1000), used=(used(-99, 5.0), used(-70, 1.0), used(-69, 7.0)))
    result = burn_down(replace(project, start_is_assumed=True), day(-60))
    assert result is not None
    assert result.months == ((1, 600, 5.0), (2, 1000, 8.0))
    assert result.starts == (datetime.date(2026, 9, 1), datetime.date(2026, 10, 1))


def test_that_a_main_run_without_days_enough_is_said_to_miss_the_end(catalogue: Catalogue) -> None:
    """16 nodes do 384 node-hours a day; 1 600 with a fifth for queues take five days."""
    project = campaign(catalogue, months=(1600,), used=(used(1, 1.0),))
    for today, word in ((24, "can still finish"), (27, "cannot finish")):
        result = burn_down(project, day(today))
        assert result is not None
        assert any(word in sentence for sentence in written(result.sentences))
    outlook = main_outlook(project, standing_on(project, START, day(24)))
    assert outlook is not None
    assert outlook.days_needed == pytest.approx(1599.0 / 384.0 * 1.2)


def test_that_hours_count_for_earlier_runs_first(catalogue: Catalogue) -> None:
    project = campaign(catalogue, months=(1600,), used=(used(1, 100.0),))
    bars = (Bar("main", 3.0, 9.0, 9.0),)
    outlook = main_outlook(replace(project, bars=bars), standing_on(project, START, day(2)))
    assert outlook is not None
    assert outlook.to_do == 1500.0


@given(
    st.lists(
        st.tuples(st.integers(-20, 100), st.floats(0.0, 1e4), st.integers(0, 9)), min_size=1, max_size=20
    ),
    st.integers(-5, 90),
)
def test_that_months_sum_to_what_was_used(rows: list[tuple[int, float, int]], today: int) -> None:
    project = campaign(
        load_catalogue(),
        months=(600, 1000),
        used=tuple(used(n, hours, jobs, jobs) for n, hours, jobs in rows),
    )
    result = burn_down(project, day(today))
    assert result is not None
    assert sum(month[2] for month in result.months) == pytest.approx(result.used_node_hours)
    assert sum(month[1] for month in result.months) == project.request_node_hours
    assert result.forecast_node_hours >= result.used_node_hours
    assert result.sentences
