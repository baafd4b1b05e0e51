"""What the calendar and the months draw, by hand: a project of three months from 1 March 2027, 92 days.

A quarter of the running time is added for queues: a run of h hours takes 1.25·h / 24 days.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from app.present.calendar import (
    GanttRow,
    bar_words,
    gantt_series,
    gantt_summary,
    gantt_text,
    month_series,
    months_summary,
    months_text,
)
from app.words import text
from estimators import Range, load_catalogue
from estimators.requests.campaign_results import Campaign, Milestone, MonthUse, Package
from estimators.requests.records import CampaignRun
from estimators.words import Said, Value, say
from tests.requests.builders import campaign_of, campaign_run, line_of, project

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
A_DAY = 24 / 1.25
"""Hours of a run that takes a day with waiting."""


def run(identity: str = "main", days: float = 5.0, **changes: Any) -> CampaignRun:
    return campaign_run(CATALOGUE, hours=days * A_DAY, identity=identity, **changes)


def planned(*runs: CampaignRun, kept: dict[str, float] | None = None, **changes: Any) -> Campaign:
    """A campaign whose runs take the days that they name; some may take more at P80."""
    package = changes.pop("package", None)
    lines = []
    for one in runs:
        line, most = line_of(one, LEONARDO), (kept or {}).get(one.id)
        if most is not None and one.fixed_hours is not None:
            hours = one.fixed_hours
            line = replace(line, wall_hours=Range(hours, hours, most * A_DAY, most * A_DAY))
        lines.append(line)
    spec = project(*runs, **{"queue_slack": 0.25, **changes})
    return campaign_of(spec, CATALOGUE, lines=tuple(lines), package=package)


def small() -> Campaign:
    """Two days of tests in April and five of the main run after them, six at P80."""
    tests = run("test", 2.0, role="test", earliest_month=2, name="Tests")
    return planned(tests, run(after=("test",)), kept={"main": 6.0})


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


def row(campaign: Campaign, place: int, **how: Any) -> GanttRow:
    return gantt_series(campaign, **how).rows[place]


# ---------------------------------------------------------------- rows


def test_that_a_row_holds_days_hours_and_what_is_kept_free() -> None:
    tests, main = (row(small(), place, chosen="main") for place in (0, 1))
    assert (tests.start_day, tests.end_day, tests.kept_until_day) == pytest.approx((31.0, 33.0, 33.0))
    assert (tests.kind, plain(tests.words), tests.note) == ("prior", "39 node-h", "48 hours with waiting")
    assert (main.start_day, main.end_day, main.kept_until_day) == pytest.approx((33.0, 38.0, 39.0))
    assert (main.kind, plain(main.words), main.after) == ("main", "96 node-h", (0,))
    assert main.note == "5 days with waiting, 6 days kept free"
    assert (tests.is_chosen, main.is_chosen) == (False, True)


def test_that_the_plan_keeps_nothing_free() -> None:
    main = row(small(), 1, view="plan")
    assert (main.end_day, main.kept_until_day) == pytest.approx((38.0, 38.0))
    assert main.note == "5 days with waiting"
    assert [one.name for one in gantt_series(small(), view="plan").rows][-1] == "Failed and repeated runs"


def test_that_failed_runs_lie_with_all_runs_and_contingency_behind_the_main_one() -> None:
    late = run("late", 4.0, role="evaluation", after=("main",))
    tests = run("test", 2.0, role="test", earliest_month=2)
    campaign = planned(tests, run(after=("test",)), late, kept={"main": 6.0, "late": 9.0})
    failed, contingency = gantt_series(campaign).rows[-2:]
    assert failed.kind == "failed"
    assert (failed.start_day, failed.end_day, failed.kept_until_day) == pytest.approx((31.0, 42.0, 42.0))
    assert contingency.kind == "contingency"
    assert (contingency.start_day, contingency.end_day, contingency.kept_until_day) == pytest.approx(
        (38.0, 92.0, 92.0)
    )


def test_that_contingency_of_a_run_beyond_the_end_has_a_day_of_its_own() -> None:
    contingency = row(planned(run(days=95.0), kept={"main": 96.0}), -1)
    assert (contingency.start_day, contingency.end_day) == pytest.approx((95.0, 96.0))
    assert gantt_series(planned(run(days=95.0), kept={"main": 96.0})).days == pytest.approx(96.0)


def test_that_what_is_left_of_a_package_lies_on_all_days() -> None:
    rest = row(planned(run(), package=Package(1250, "Playground")), -1)
    assert (rest.start_day, rest.end_day, rest.kept_until_day) == (0.0, 92.0, 92.0)
    assert rest.words.startswith("1")


@pytest.mark.parametrize(("reason", "words"), [(say("Needs 90 GiB"), "Needs 90 GiB"), (None, "does not fit")])
def test_that_a_run_that_does_not_fit_says_why(reason: Said | None, words: str) -> None:
    lost = run("lost", role="sweep")
    line = replace(
        line_of(lost, LEONARDO), wall_hours=None, base_node_hours=math.nan, nodes=Fraction(0), reason=reason
    )
    campaign = campaign_of(project(lost, run()), CATALOGUE, lines=(line, line_of(run(), LEONARDO)))
    found = row(campaign, 0, chosen="lost")
    assert found == GanttRow("lost", "Lost", "prior", None, 0.0, 0.0, words, is_chosen=True)
    assert bar_words(gantt_series(campaign), found) == ("does not fit", words)
    assert f"Lost: does not fit, {words}." in gantt_summary(gantt_series(campaign))


# ---------------------------------------------------------------- months and ticks above the rows


def test_that_months_stand_where_they_begin_and_end() -> None:
    found = [(one.title, one.span, one.start_day, one.end_day) for one in gantt_series(small()).months]
    assert found == [
        ("Month 1", "1 Mar to 31 Mar", 0.0, 31.0),
        ("Month 2", "1 Apr to 30 Apr", 31.0, 61.0),
        ("Month 3", "1 May to 31 May", 61.0, 92.0),
    ]


@pytest.mark.parametrize(
    ("months", "step"),
    [
        (1, 7),
        (2, 7),
        (3, 14),
        (5, 28),
        (6, 28),
        (12, 56),
        (18, 91),
        (24, 91),
        (36, 182),
        (48, 182),
        (60, 365),
    ],
)
def test_that_at_most_nine_ticks_stand_over_a_project(months: int, step: int) -> None:
    ticks = gantt_series(planned(run(), months=months)).ticks
    assert [day for day, _ in ticks] == [float(step * place) for place in range(len(ticks))]
    assert 4 <= len(ticks) <= 9
    assert ticks[0][1] == "1 Mar"


def test_that_runs_beyond_the_end_count_for_the_ticks() -> None:
    # 65 days: more than nine weeks; 3,401 days: more than nine years
    for days, step in ((64.0, 14), (3400.0, 730)):
        ticks = gantt_series(planned(run(days=days), kept={"main": days}, months=1)).ticks
        assert ticks[1][0] - ticks[0][0] == step


def test_that_a_tick_stands_before_the_end_and_not_on_it() -> None:
    february = {"start": datetime.date(2027, 2, 1), "months": 1}
    whole = gantt_series(planned(run(days=20.0), **february), view="plan")
    assert [day for day, _ in whole.ticks] == [0.0, 7.0, 14.0, 21.0]
    half = gantt_series(planned(run(days=28.5), **february), view="plan")
    assert half.days == pytest.approx(28.5)
    assert [words for _, words in half.ticks] == ["1 Feb", "8 Feb", "15 Feb", "22 Feb", "1 Mar"]


# ---------------------------------------------------------------- dates in words


def test_that_a_day_that_is_used_in_part_is_a_day_of_the_run() -> None:
    series = gantt_series(planned(run(days=2.5), kept={"main": 3.0}))
    assert bar_words(series, series.rows[0])[0] == "1 Mar to 3 Mar"
    assert gantt_text(series).splitlines()[1] == "Main run\t2027-03-01\t2027-03-03\t2027-03-03"
    short = gantt_series(planned(run(days=0.25), kept={"main": 0.25}))
    assert bar_words(short, short.rows[0])[0] == "1 Mar to 1 Mar"
    assert gantt_summary(short).startswith("Main run: 1 Mar to 1 Mar, ")


@pytest.mark.parametrize(
    ("days", "words"), [(365.0, "1 Mar to 28 Feb"), (366.0, "1 Mar 2027 to 29 Feb 2028")]
)
def test_that_a_run_of_a_year_names_its_years(days: float, words: str) -> None:
    series = gantt_series(planned(run(days=days - 0.5), kept={"main": days}, months=12))
    assert bar_words(series, series.rows[0])[0] == words


# ---------------------------------------------------------------- use by month


def used(*hours: tuple[int, ...]) -> Campaign:
    """A campaign with a main run, tests and a contingency that use so many node-hours in each month."""
    rows = (
        Milestone("Main run", "run", 1, run_id="main"),
        Milestone("Tests", "run", 1, run_id="test"),
        Milestone("Contingency", "contingency", 1),
    )
    months = tuple(
        MonthUse(place, datetime.date(2027, place, 1), datetime.date(2027, place, 28), parts)
        for place, parts in enumerate(hours, start=1)
    )
    return replace(planned(run(), run("test", role="test")), milestones=rows, months=months)


def test_that_a_month_holds_what_is_used_and_nothing_else() -> None:
    series = month_series(used((60, 0, 10), (30, 5, 0)))
    assert [[(part.name, part.kind, part.node_hours) for part in bar.parts] for bar in series.bars] == [
        [("Main run", "main", 60), ("Contingency", "contingency", 10)],
        [("Main run", "main", 30), ("Tests", "prior", 5)],
    ]
    assert series.even == 105 / 2
    assert months_text(series) == (
        "Month\tMain run\tContingency\tTests\tNode-hours\nMonth 1\t60\t10\t0\t70\nMonth 2\t30\t0\t5\t35\n"
    )
    assert months_summary(series) == "Month 1 70 node-hours. Month 2 35 node-hours. Even spread: 52."
    assert month_series(used((60, 0, 10), (30, 5, 0)), "plan").even == 95 / 2
    assert month_series(used((60, 0, 10))).even == 70


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ((60, 40), "Spread almost evenly"),  # 0.6 is less than 1.3 halves
        ((34, 66), "66 % falls in month 2"),
        ((28, 44, 28), "44 % falls in month 2"),
        ((30, 43, 27), "Spread almost evenly"),
        ((100,), ""),
        ((0, 0), ""),
    ],
)
def test_that_the_fullest_month_is_named_where_it_stands_out(hours: tuple[int, ...], words: str) -> None:
    assert plain(month_series(used(*((one, 0, 0) for one in hours))).subtitle) == words
