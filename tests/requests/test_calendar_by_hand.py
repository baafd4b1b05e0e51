"""Calendar and months by hand: a project of three months from 1 March 2027 has 31, 30 and 31 days.

A quarter of the running time is added for queues: a run of h hours takes 1.25·h / 24 days.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators import RunError, compare
from estimators.catalogue import load_catalogue
from estimators.planning.records import MeasuredStep
from estimators.requests.calendar import day_after, months_of
from estimators.requests.campaign import lines_of, machine_of, nodes_of
from estimators.requests.campaign_results import Bar, Campaign, Milestone, RunLine
from estimators.requests.records import CampaignRun, Overhead
from estimators.workloads.models import model_of
from tests.requests.builders import START, campaign_of, campaign_run, line_of, project, run_spec
from tests.requests.hand_made import flat
from tests.spoken import refused

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
HOURS_OF_A_DAY = 24 / 1.25


def planned(*runs: CampaignRun, **changes: Any) -> Campaign:
    return campaign_of(project(*runs, **{"queue_slack": 0.25, **changes}), CATALOGUE)


def lost(run: CampaignRun) -> RunLine:
    """A run that fits nowhere."""
    line = line_of(run, LEONARDO, fits=False)
    return replace(line, nodes=Fraction(0), steps=0, wall_hours=None, base_node_hours=math.nan)


def spread(
    row: Milestone, *bars: Bar, main: str = "main", others: tuple[Milestone, ...] = ()
) -> tuple[int, ...]:
    """How the node-hours of a row fall on the three months."""
    months = months_of((*others, row), bars, main, START, 3)
    return tuple(month.by_milestone[-1] for month in months)


def run_row(hours: int) -> Milestone:
    return Milestone("Main run", "run", hours, run_id="main")


# ---------------------------------------------------------------- bars


def test_that_repeats_run_in_as_many_rounds_as_their_place_side_by_side_asks() -> None:
    # five runs of 96 hours, two at once: three rounds of 4 · 1.25 days
    campaign = planned(campaign_run(CATALOGUE, hours=96.0, count=5, at_once=2))
    assert campaign.bars == (Bar("main", 0.0, 15.0, 15.0),)


def test_that_runs_follow_each_other_whatever_their_order_in_the_plan() -> None:
    chain = (
        campaign_run(CATALOGUE, hours=19.2, identity="last", after=("middle",)),
        campaign_run(CATALOGUE, hours=38.4, identity="middle", after=("main",)),
        campaign_run(CATALOGUE, hours=57.6),
    )
    starts = {bar.run_id: (bar.start_day, bar.end_day) for bar in planned(*chain).bars}
    assert starts == {"main": (0.0, 3.0), "middle": (3.0, 5.0), "last": (5.0, 6.0)}


def test_that_nobody_waits_for_a_run_that_fits_nowhere() -> None:
    first = campaign_run(CATALOGUE, identity="first")
    main = campaign_run(CATALOGUE, hours=19.2, after=("first",))
    campaign = campaign_of(
        project(first, main, queue_slack=0.25), CATALOGUE, lines=(lost(first), line_of(main, LEONARDO))
    )
    assert campaign.bars == (Bar("main", 0.0, 1.0, 1.0),)
    assert not campaign.complete


@pytest.mark.parametrize(
    ("days", "months"),
    [(30.9, 1), (31.1, 2), (60.9, 2), (61.1, 3), (91.9, 3), (92.1, 6), (183.9, 6), (184.1, 12), (365.9, 12)],
)
def test_that_a_plan_without_a_length_takes_the_shortest_that_a_mode_offers(days: float, months: int) -> None:
    # from 1 March 2027 six months have 184 days, twelve have 366: 29 February 2028 is among them
    campaign = planned(campaign_run(CATALOGUE, hours=days * HOURS_OF_A_DAY), months=0)
    assert campaign.spec.months == months
    assert not campaign.overruns


def test_that_a_plan_longer_than_a_year_takes_the_longest_and_overruns() -> None:
    campaign = planned(campaign_run(CATALOGUE, hours=367 * HOURS_OF_A_DAY), months=0)
    assert (campaign.spec.months, campaign.overruns) == (12, True)
    one_of_two = planned(
        campaign_run(CATALOGUE, hours=10 * HOURS_OF_A_DAY),
        campaign_run(CATALOGUE, hours=93 * HOURS_OF_A_DAY, identity="long"),
    )
    assert one_of_two.overruns
    assert one_of_two.end == datetime.date(2027, 5, 31)


def test_that_a_started_day_is_no_whole_day() -> None:
    assert day_after(START, 9.9) == datetime.date(2027, 3, 10)
    assert day_after(START, 10.0) == datetime.date(2027, 3, 11)


# ---------------------------------------------------------------- months


def test_that_months_are_numbered_and_end_before_the_next_begins() -> None:
    found = planned(campaign_run(CATALOGUE, hours=100.0)).months
    assert [(month.number, month.start, month.end) for month in found] == [
        (1, datetime.date(2027, 3, 1), datetime.date(2027, 3, 31)),
        (2, datetime.date(2027, 4, 1), datetime.date(2027, 4, 30)),
        (3, datetime.date(2027, 5, 1), datetime.date(2027, 5, 31)),
    ]


@pytest.mark.parametrize(
    ("begin", "end", "hours", "months"),
    [
        (0.0, 20.0, 200, (200, 0, 0)),
        # ten days of April, which has the days 31 to 61, and ten of May
        (51.0, 71.0, 200, (0, 100, 100)),
        # ten days of April and 31 of May; what lies beyond the end counts to May: 10 more
        (51.0, 102.0, 510, (0, 100, 410)),
        (100.0, 120.0, 200, (0, 0, 200)),
        # no time at all: in the month of its day, on the last day in the last month
        (40.0, 40.0, 200, (0, 200, 0)),
        (92.0, 92.0, 200, (0, 0, 200)),
    ],
)
def test_that_a_run_falls_on_months_by_its_days(
    begin: float, end: float, hours: int, months: tuple[int, ...]
) -> None:
    assert spread(run_row(hours), Bar("main", begin, end, end)) == months


def test_that_failed_runs_fall_where_runs_do() -> None:
    bar = Bar("main", 0.0, 20.0, 20.0)
    failed = Milestone("Failed runs", "failed", 5)
    assert spread(failed, bar, others=(run_row(10),)) == (5, 0, 0)


def test_that_contingency_falls_between_the_end_of_the_main_run_and_that_of_the_project() -> None:
    contingency = Milestone("Contingency", "contingency", 410)
    # ten days of April are left, and 31 of May
    assert spread(contingency, Bar("main", 0.0, 51.0, 60.0)) == (0, 100, 310)
    assert spread(contingency, Bar("main", 0.0, 92.0, 92.0)) == (0, 0, 410)


def test_that_reserves_fall_on_all_days_where_no_run_ends() -> None:
    for row in (Milestone("Contingency", "contingency", 92), Milestone("Rest", "package", 92)):
        assert spread(row) == (31, 30, 31)


# ---------------------------------------------------------------- runs on a machine


def test_that_a_project_without_a_machine_takes_the_one_of_the_fewest_gpu_hours() -> None:
    main = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, gpus=64, tokens=1e11))
    answers = compare(main.spec, CATALOGUE).answers
    least = min(
        (one for one in answers if one.fits and one.machine.status == "in service" and one.gpus == 64),
        key=lambda one: one.gpu_hours.p50,
    )
    assert machine_of(project(main, machine=None), CATALOGUE) == least.machine
    assert least.machine != CATALOGUE.machines_in_service()[0]


def test_that_a_project_that_fits_nowhere_is_told_so_on_the_first_machine() -> None:
    run = campaign_run(CATALOGUE, spec=replace(run_spec(CATALOGUE), model=giant(), gpus=None), hours=0.0)
    spec = project(replace(run, fixed_hours=None), machine=None)
    machine = machine_of(spec, CATALOGUE)
    assert machine == CATALOGUE.machines_in_service()[0]
    (line,) = lines_of(spec, machine, CATALOGUE)
    assert (line.nodes, line.steps, line.wall_hours, line.explanation) == (0, 0, None, None)
    assert math.isnan(line.base_node_hours)
    assert line.reason is not None
    assert text(line.reason).startswith("Needs ")
    nothing = campaign_of(spec, CATALOGUE, machine, (line,))
    assert (nothing.request_node_hours, nothing.complete, nothing.bars) == (0, False, ())


def giant() -> Any:
    """A model of some hundred trillion parameters."""
    model = model_of(CATALOGUE.model("Llama-3.1-405B"))
    shape = msgspec.structs.replace(model.architecture, layers=10_000, ffn=500_000)
    return replace(model, architecture=shape)


def test_that_a_line_holds_the_hours_and_whole_steps_of_its_answer() -> None:
    # a million samples of 4,096 tokens and batches of 300: 3,333.3 steps
    spec = replace(run_spec(CATALOGUE, gpus=60), samples=1e6, global_batch_samples=300)
    tiny = replace(spec, samples=200.0)
    asked = project(
        campaign_run(CATALOGUE, spec=spec, count=3), campaign_run(CATALOGUE, spec=tiny, identity="tiny")
    )
    runs = tuple(replace(run, fixed_hours=None) for run in asked.runs)
    large, small = lines_of(replace(asked, runs=runs), LEONARDO, CATALOGUE)
    assert (large.nodes, large.steps, small.steps) == (15, 3334, 1)
    assert large.wall_hours is not None
    assert large.answer.seconds is not None
    assert large.wall_hours.p50 * 3600 == pytest.approx(large.answer.seconds.p50)
    assert large.base_node_hours == pytest.approx(3 * 15 * large.wall_hours.p50)


def test_that_a_comparison_at_hand_is_taken_for_its_own_run_and_for_no_other() -> None:
    spec = run_spec(CATALOGUE, gpus=64, machine="leonardo-booster")
    main = replace(campaign_run(CATALOGUE, spec=spec), fixed_hours=None)
    asked, found = project(main), compare(spec, CATALOGUE)
    # told apart from what would be computed by another headline and other hours
    answers = tuple(replace(one, steps=7.0) if one.machine == LEONARDO else one for one in found.answers)
    elsewhere = next(one for one in answers if one.machine.id == "vega-gpu")
    known = replace(found, answers=answers, headline=elsewhere)
    other = replace(known, spec=replace(spec, samples=spec.samples * 2))
    free = replace(asked, machine=None)
    assert machine_of(free, CATALOGUE, compared=known).id == "vega-gpu"
    assert machine_of(free, CATALOGUE, compared=other).id == machine_of(free, CATALOGUE).id != "vega-gpu"
    steps = [lines_of(asked, LEONARDO, CATALOGUE, compared=one)[0].steps for one in (known, other, None)]
    assert steps[0] == 7
    assert steps[1] == steps[2] > 7


@pytest.mark.parametrize(("gpus", "nodes"), [(1, Fraction(1, 4)), (4, 1), (5, 2), (6, 2), (8, 2), (9, 3)])
def test_that_a_shared_node_is_paid_in_parts_and_several_whole(gpus: int, nodes: Fraction) -> None:
    assert nodes_of(gpus, LEONARDO) == nodes


def test_that_an_impossible_measurement_names_its_run_where_there_are_several() -> None:
    wrong = MeasuredStep("leonardo-booster", gpus=4, step_seconds=1e-6, batch_samples=64)
    main = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, measured=wrong))
    with refused(RunError, match=r"^The measured step"):
        lines_of(project(main), LEONARDO, CATALOGUE)
    with refused(RunError, match=r"^Main run: The measured step"):
        lines_of(project(main, campaign_run(CATALOGUE, identity="other")), LEONARDO, CATALOGUE)


def test_that_no_package_leaves_no_row_in_a_request_of_nothing() -> None:
    main = campaign_run(CATALOGUE)
    empty = campaign_of(
        project(main, overhead=Overhead(failed_share=flat(0.1))), CATALOGUE, lines=(lost(main),)
    )
    assert (empty.request_node_hours, empty.needed_node_hours) == (0, 0)
    assert all(row.kind != "package" for row in empty.milestones)
