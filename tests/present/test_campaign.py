"""Calendar, milestones and months say what the campaign's records say, in whole numbers that add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from app.present import calendar, campaign, milestones
from app.present import numbers as n
from app.present.answer import plain
from estimators import Catalogue
from estimators.requests.campaign_results import Campaign
from tests.present.campaigns import a_plan, campaign_of, request_of, too_large_plan


@pytest.fixture(scope="module")
def made(catalogue: Catalogue) -> Campaign:
    return campaign_of(a_plan(), catalogue)


def number(text: str) -> int:
    return int(text.replace(n.THIN_SPACE, ""))


# ------------------------------------------------------------ milestones


def test_that_shown_rows_sum_to_the_shown_request(made: Campaign) -> None:
    table = milestones.milestone_table(made)
    *rows, total = table.rows
    assert sum(number(row.cells[-1]) for row in rows) == number(total.cells[-1]) == made.request_node_hours
    assert table.agrees
    assert table.sum_words == f"Sum {total.cells[-1]} = request {total.cells[-1]}"


def test_that_every_shown_row_recomputes_from_its_shown_cells(made: Campaign) -> None:
    shown = [row for row in milestones.milestone_table(made).rows if row.run_id is not None]
    assert len(shown) == 6
    for row in shown:
        _, count, nodes, steps, seconds, hours = row.plain
        exact = Fraction(count) * Fraction(nodes) * Fraction(steps) * Fraction(seconds) / 3600
        assert -(-exact.numerator // exact.denominator) == int(hours)


def test_that_the_plan_leaves_contingency_out(made: Campaign) -> None:
    table = milestones.milestone_table(made, view="plan")
    left_out = next(row for row in made.milestones if row.kind == "contingency")
    assert number(table.rows[-1].cells[-1]) == made.request_node_hours - left_out.node_hours
    assert table.rows[-1].cells[0] == "Total at P50"


def test_that_a_sum_that_is_not_the_request_is_seen(made: Campaign) -> None:
    assert not milestones.milestone_table(
        replace(made, request_node_hours=made.request_node_hours + 1)
    ).agrees


def test_that_units_follow_from_each_other_exactly(made: Campaign) -> None:
    hours = made.request_node_hours
    assert milestones.unit_words(made) == (
        f"×\u202f4 = {n.exact(4 * hours)} GPU-hours",
        f"×\u202f8 = {n.exact(32 * hours)} core-hours",
    )


def test_that_lumi_counts_modules_and_dies(catalogue: Catalogue) -> None:
    lumi = campaign_of(a_plan("lumi-g"), catalogue)
    hours = lumi.request_node_hours
    assert milestones.unit_words(lumi) == (
        f"×\u202f4 = {n.exact(4 * hours)} GPU-hours",
        f"×\u202f2 = {n.exact(8 * hours)} GCD-hours",
    )


@pytest.mark.parametrize(
    ("value", "words"), [(Fraction(32), "32"), (Fraction(1, 4), "0.25"), (Fraction(1, 3), "1/3")]
)
def test_that_nodes_are_shown_exactly(value: Fraction, words: str) -> None:
    assert milestones.fraction_words(value) == words


def test_that_seconds_keep_every_decimal_that_they_need() -> None:
    assert milestones.decimal_words(Decimal("6.644")) == "6.644"
    assert milestones.decimal_words(Decimal("1234.5")) == "1\u202f234.500"
    assert milestones.decimal_words(Decimal("0.12345")) == "0.12345"


# ------------------------------------------------------------ calendar


def test_that_bars_follow_the_runs_they_wait_for(made: Campaign) -> None:
    series = calendar.gantt_series(made, "main")
    assert [row.after for row in series.rows[:6]] == [(), (0,), (1,), (2,), (3,), (4,)]
    for row in series.rows:
        assert all(series.rows[k].end_day <= row.start_day for k in row.after)
    assert [row.run_id for row in series.rows if row.is_chosen] == ["main"]


def test_that_what_is_kept_free_belongs_to_the_request(made: Campaign) -> None:
    request, plan = calendar.gantt_series(made), calendar.gantt_series(made, view="plan")
    assert request.rows[-1].kind == "contingency"
    assert any(row.kept_until_day > row.end_day for row in request.rows)
    assert all(row.kept_until_day == row.end_day for row in plan.rows)
    assert not any(row.kind == "contingency" for row in plan.rows)
    assert "Hatched" not in plan.subtitle


def test_that_the_calendar_covers_the_project(made: Campaign) -> None:
    series = calendar.gantt_series(made)
    assert [month.title for month in series.months] == ["Month 1", "Month 2", "Month 3"]
    assert series.months[-1].end_day == series.days == 90.0
    assert series.ticks[0] == (0.0, "7 Dec")
    assert calendar.gantt_text(series).splitlines()[-1].endswith("2027-03-06\t2027-03-06")


def test_that_a_run_that_does_not_fit_keeps_its_row_and_its_reason(catalogue: Catalogue) -> None:
    plan = too_large_plan()
    made = campaign_of(plan, catalogue)
    row = next(row for row in calendar.gantt_series(made).rows if row.run_id == "main")
    assert row.start_day is None
    assert row.words
    assert campaign.overrun_words(made).startswith("Without Main run, 300 B tokens: ")
    assert "Without Main run" in plain(campaign.sentence(request_of(plan, catalogue)))


def test_that_a_project_that_is_too_short_says_so(catalogue: Catalogue) -> None:
    short = campaign_of(a_plan(months=1), catalogue)
    assert "after the project does" in campaign.overrun_words(short)
    assert calendar.gantt_series(short).days > calendar.gantt_series(short).months[-1].end_day


def test_that_an_assumed_start_is_said(made: Campaign) -> None:
    assert "assumed" not in campaign.span_words(made)
    assert "start assumed" in campaign.span_words(replace(made, start_is_assumed=True))


# ------------------------------------------------------------ months


def test_that_months_sum_to_the_request(made: Campaign) -> None:
    series = calendar.month_series(made)
    assert sum(bar.node_hours for bar in series.bars) == made.request_node_hours
    assert series.even == pytest.approx(made.request_node_hours / 3)
    *rows, _ = calendar.months_text(series).splitlines()
    assert len(rows) == 3


def test_that_months_of_the_plan_leave_contingency_out(made: Campaign) -> None:
    shown = calendar.month_series(made, "plan")
    assert not any(part.kind == "contingency" for bar in shown.bars for part in bar.parts)


def test_that_the_fullest_month_is_named(made: Campaign) -> None:
    series = calendar.month_series(made)
    place = max(range(3), key=lambda k: series.bars[k].node_hours) + 1
    assert series.subtitle.endswith(f"falls in month {place}")


def test_that_one_line_says_everything(catalogue: Catalogue) -> None:
    request = request_of(a_plan(), catalogue)
    units = request.campaign.units
    assert plain(campaign.sentence(request)) == (
        f"Request {n.exact(units.gpu_hours)} GPU-hours on Leonardo: 3 months, "
        f"{n.exact(units.node_hours)} node-hours. Fits Fast Lane."
    )
