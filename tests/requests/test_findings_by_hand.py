"""Figures and limits of findings on calendar, budget and scaling, each worked by hand on one small project.

One node of Leonardo (four GPUs) runs from 1 March 2027 for three months: 31 + 30 + 31 = 92 days. A quarter of
the running time is added for queues, so that a run of h hours takes 1.25·h / 24 days.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.planning.records import CurvePoint
from estimators.quantity import Range
from estimators.requests.campaign_results import Campaign
from estimators.requests.findings.case import Case
from estimators.requests.records import ScalingPoint
from estimators.requests.results import Finding, ScalingRow, ScalingTest
from estimators.words import NOTHING, Said, say
from tests.requests.builders import (
    MEASURED,
    campaign_run,
    case_of,
    findings_of,
    line_of,
    open_of,
    project,
    run_spec,
)

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
HOURS_OF_92_DAYS = 92 * 24 / 1.25
THIN = "\u202f"


def case(hours: float = 1000.0, gpus: int = 4, **changes: Any) -> Case:
    run = campaign_run(CATALOGUE, gpus=gpus, hours=hours)
    return case_of(project(run, **{"months": 3, "queue_slack": 0.25, **changes}), CATALOGUE)


def passed(of: Case, rule: str) -> Finding:
    (found,) = (one for one in findings_of(of) if one.rule == rule and one.severity == "pass")
    return found


def with_campaign(of: Case, **changes: Any) -> Case:
    return replace(of, campaign=replace(of.campaign, **changes))


def with_months(of: Case, *node_hours: int) -> Case:
    """The case as if so many node-hours fell in each month, and those were the request."""
    campaign: Campaign = of.campaign
    months = tuple(
        replace(campaign.months[0], number=place, by_milestone=(hours,))
        for place, hours in enumerate(node_hours, start=1)
    )
    return with_campaign(of, months=months, request_node_hours=sum(node_hours))


# ---------------------------------------------------------------- calendar


def test_that_a_run_may_end_on_the_last_day_of_the_project() -> None:
    whole = case(HOURS_OF_92_DAYS - 0.1)
    assert open_of(whole, "calendar") == ()
    found = passed(whole, "calendar")
    assert (text(found.figure), text(found.limit)) == ("92 days", "92 days")


def test_that_a_run_that_ends_later_fails_with_whole_days() -> None:
    (found,) = open_of(case(HOURS_OF_92_DAYS + 0.1), "calendar")
    assert text(found.title) == "The runs take 93 days, the project has 92"
    assert (text(found.figure), text(found.limit)) == ("93 days", "92 days")
    assert found.fix is not None
    assert (found.fix.field, found.fix.value) == ("months", 6)


def test_that_the_last_of_several_runs_counts() -> None:
    # 100 h take 5.2 days, 1,800 h 93.75
    runs = [campaign_run(CATALOGUE, hours=h, identity=i) for i, h in (("main", 100.0), ("late", 1800.0))]
    (found,) = open_of(case_of(project(*runs, queue_slack=0.25), CATALOGUE), "calendar")
    assert text(found.figure) == "94 days"
    (early,) = (campaign_run(CATALOGUE, hours=h, identity=i) for i, h in (("early", 100.0),))
    both = case_of(project(campaign_run(CATALOGUE, hours=1000.0), early, queue_slack=0.25), CATALOGUE)
    assert text(passed(both, "calendar").figure) == "53 days"  # 1,000 h take 52.1 days


def test_that_a_run_is_held_against_its_deadline_at_p80() -> None:
    def judged(deadline_hours: float) -> Case:
        spec = run_spec(CATALOGUE, 4, deadline_seconds=deadline_hours * 3600.0)
        run = campaign_run(CATALOGUE, spec=spec, hours=100.0)
        curve = tuple(
            CurvePoint(gpus, Range(*(3600.0 * h for h in hours)), Range(1.0, 1.0, 1.0, 1.0))
            for gpus, hours in (
                (4, (80, 90, 110, 120)),
                (8, (40, 45, 101, 110)),
                (16, (20, 23, 60, 70)),
                (32, (10, 12, 40, 50)),
            )
        )
        line = replace(line_of(run, LEONARDO, curve=curve), wall_hours=Range(80.0, 90.0, 110.0, 120.0))
        return case_of(project(run), CATALOGUE, lines=(line,))

    assert open_of(judged(110.0), "run-deadline") == ()
    met = passed(judged(110.0), "run-deadline")
    assert (text(met.figure), text(met.limit)) == (f"4.58{THIN}days", f"4.58{THIN}days")
    (found,) = open_of(judged(100.0), "run-deadline")
    assert text(found.title) == f"Main run: 4.58{THIN}days at P80; the plan allows 4.17{THIN}days"
    assert (text(found.figure), text(found.limit)) == (f"4.58{THIN}days at P80", f"4.17{THIN}days")
    assert found.fix is not None
    assert found.fix.value == 16  # eight end at 101 h, and 32 need not be


# ---------------------------------------------------------------- budget


def test_that_the_nodes_that_burn_a_budget_are_counted_over_every_hour_of_the_project() -> None:
    # one job of Leonardo takes 256 nodes: 256 · 92 · 24 = 565,248 node-hours in the project
    assert open_of(with_campaign(case(), request_node_hours=565_248), "budget-rate") == ()
    (found,) = open_of(with_campaign(case(), request_node_hours=565_249), "budget-rate")
    assert found.severity == "warn"
    assert (text(found.figure), text(found.limit)) == ("257 nodes at once", "256 nodes")
    # the machine has 3,456 nodes: 3,456 · 92 · 24 = 7,630,848
    (found,) = open_of(with_campaign(case(), request_node_hours=7_630_848), "budget-rate")
    assert found.severity == "warn"
    (found,) = open_of(with_campaign(case(), request_node_hours=7_630_849), "budget-rate")
    assert found.severity == "fail"
    assert (text(found.figure), text(found.limit)) == (f"3{THIN}457 nodes at once", f"3{THIN}456 nodes")
    assert text(found.title).startswith(f"3{THIN}457 nodes day and night would burn the budget")
    # 1,130 node-hours are 4,520 GPU-hours: 49.1 for each of 92 days
    assert text(passed(case(), "budget-rate").figure) == "49 GPU-hours a day"
    few = case()
    exact = with_campaign(few, units=replace(few.campaign.units, gpu_hours=920))
    assert text(passed(exact, "budget-rate").figure) == "10 GPU-hours a day"


def test_that_more_months_are_offered_as_soon_as_they_burn_the_budget() -> None:
    # six months from 1 March are 184 days: 256 · 184 · 24 = 1,130,496; twelve are 366 days: 2,248,704
    large = case(mode="aif_large")
    for hours, months in ((1_130_496, 6), (1_130_497, 12), (2_248_704, 12), (2_248_705, None)):
        (found,) = open_of(with_campaign(large, request_node_hours=hours), "budget-rate")
        assert (found.fix.value if found.fix is not None else None) == months, hours


def test_that_a_month_may_take_half_as_much_again_as_its_share() -> None:
    assert open_of(with_months(case(), 500, 250, 250), "month-share") == ()
    (found,) = open_of(with_months(case(), 290, 510, 200), "month-share")
    assert text(found.title) == "51 % of the hours fall in month 2".replace(" %", f"{THIN}%")
    assert text(found.limit) == "50 % in one of 3 months".replace(" %", f"{THIN}%")
    assert open_of(with_months(case(), 750, 250), "month-share") == ()
    assert len(open_of(with_months(case(), 760, 240), "month-share")) == 1
    assert open_of(with_months(case(), 1000), "month-share") == ()
    found = passed(with_months(case(), 250, 500, 250), "month-share")
    assert text(found.figure) == f"50{THIN}%"


@pytest.mark.parametrize(
    ("forfeits", "kept", "words"),
    [
        (True, 1.0, "hours left unused 1 month after their own are lost"),
        (True, 3.0, "hours left unused 3 months after their own are lost"),
        (True, None, ""),
        (False, 3.0, ""),
        (False, None, ""),
    ],
)
def test_that_hours_are_called_lost_only_where_the_site_takes_them(
    forfeits: bool, kept: float | None, words: str
) -> None:
    whole = with_months(case(), 290, 510, 200)
    budget = whole.machine.monthly_budget
    assert budget is not None
    changed = msgspec.structs.replace(
        budget,
        forfeits=msgspec.structs.replace(budget.forfeits, value=forfeits),
        kept=msgspec.structs.replace(budget.kept, value=kept),
    )
    machine = msgspec.structs.replace(whole.machine, monthly_budget=changed)
    (found,) = open_of(with_campaign(whole, machine=machine), "month-share")
    assert words in text(found.why)
    assert ("are lost" in text(found.why)) == bool(words)


def test_that_the_largest_run_is_spread_as_long_as_the_project_holds_it() -> None:
    def spread(days: float) -> Finding:
        main = campaign_run(CATALOGUE, gpus=64, hours=days * 24 / 1.25)
        small = campaign_run(CATALOGUE, hours=10.0, identity="small", role="test")
        (found,) = open_of(case_of(project(small, main, queue_slack=0.25), CATALOGUE), "month-share")
        return found

    # 46 days on half the GPUs leave 31/46 in March; 92 on a quarter leave 31/92, and March to May have 92
    fix = spread(22.9).fix
    assert fix is not None
    assert (fix.field, fix.value, fix.run_id) == ("gpus", 16, "main")
    assert spread(23.1).fix is None
    # 5 days become 40 on an eighth, 31/40 of them in March; 80 on a sixteenth, which is one node
    short = spread(5.0).fix
    assert short is not None
    assert short.value == 4


def test_that_three_quarters_belong_into_the_first_nine_of_twelve_months() -> None:
    even = [50] * 12
    good = with_months(case(), *even[:8], 350, 50, 50, 150)  # 750 of 1,000
    assert open_of(good, "first-months") == ()
    assert f"75{THIN}%" in text(passed(good, "first-months").figure) + text(passed(good, "first-months").why)
    (found,) = open_of(with_months(case(), *even[:8], 340, 60, 50, 150), "first-months")
    assert text(found.figure) == f"74{THIN}%"
    assert text(found.limit) == f"75{THIN}% or more"
    assert "first 9 months" in text(found.title)
    assert open_of(with_months(case(), *even[:8], 0, 0, 600), "first-months") == ()  # eleven months


def test_that_the_run_that_waits_past_the_ninth_month_is_named() -> None:
    def found(*months: int | None) -> Finding:
        runs = [
            campaign_run(CATALOGUE, hours=hours, identity=identity, role=role, earliest_month=month)
            for (identity, role, hours), month in zip(
                (("main", "main", 500.0), ("small", "test", 100.0)), months, strict=True
            )
        ]
        (one,) = open_of(case_of(project(*runs, months=12, queue_slack=0.25), CATALOGUE), "first-months")
        return one

    alone = found(10, 9)
    assert alone.run_id == "main"
    assert alone.fix is not None
    assert (alone.fix.field, alone.fix.value, alone.fix.run_id) == ("earliest_month", None, "main")
    both = found(10, 10)
    assert (both.run_id, both.fix) == ("main", None)


def test_that_a_project_without_hours_has_no_shares() -> None:
    for months in ([0] * 3, [0] * 12):
        said = {one.rule for one in findings_of(with_months(case(), *months))}
        assert {"month-share", "first-months"} & said == set()


def test_that_a_tenth_beside_running_jobs_is_slack_enough() -> None:
    assert open_of(case(100.0, queue_slack=0.1), "queue-slack") == ()
    assert text(passed(case(100.0, queue_slack=0.1), "queue-slack").limit) == f"10{THIN}% or more"
    (found,) = open_of(case(100.0, queue_slack=0.09), "queue-slack")
    assert (text(found.figure), text(found.limit)) == (f"9{THIN}%", f"10{THIN}% or more")


def test_that_the_access_mode_is_judged_by_the_hours_at_p80() -> None:
    def judged(percentile: int) -> Case:
        run = campaign_run(CATALOGUE, gpus=4, hours=1000.0)
        line = replace(line_of(run, LEONARDO), wall_hours=Range(800.0, 1000.0, 1500.0, 1700.0))
        return case_of(project(run, request_percentile=percentile), CATALOGUE, lines=(line,))

    # 4 · 1,000 hours and a tenth of failed runs stay under the 5,000 of Playground; 4 · 1,500 do not
    half, most = judged(50), judged(80)
    assert 4_400 <= half.campaign.units.gpu_hours < 5_000
    assert half.door is not None
    assert half.door.mode.id == "aif_playground"
    assert 6_000 <= most.campaign.units.gpu_hours < 10_000  # where Fast Lane begins
    assert most.doors.chosen is None
    assert project(campaign_run(CATALOGUE)).request_percentile == 80


# ---------------------------------------------------------------- scaling


def best_cost(
    days: float, slower: float = 2.0, saved: float = 0.2, waits: float = 0.0, known: bool = True
) -> tuple[Finding, ...]:
    """A job of 64 GPUs for so many days beside one of 16 that is slower and saves hours.

    Another run takes the first days where it `waits`.
    """

    def row(gpus: int, seconds: float, rate: float) -> ScalingRow:
        return ScalingRow(gpus, Fraction(gpus, 4), 64, seconds, rate, 1.0, 1.0, True)

    here = row(64, 2.0, 64.0)  # one GPU-second for a sample
    there = row(16, 2.0 * slower, 16.0 / (1.0 - saved))
    report = replace(MEASURED, strong=(there, here) if known else (here,), best_gpus=16)
    runs = [campaign_run(CATALOGUE, gpus=64, hours=days * 24 / 1.25)]
    if waits:
        runs = [
            campaign_run(CATALOGUE, hours=waits * 24 / 1.25, identity="first", role="test"),
            replace(runs[0], after=("first",)),
        ]
    made = case_of(project(*runs, queue_slack=0.25), CATALOGUE, scaling=report)
    return open_of(made, "best-cost")


def test_that_a_cheaper_size_is_named_where_the_project_has_time_for_it() -> None:
    # 46 days become 92 at half the speed
    (found,) = best_cost(45.9)
    assert text(found.title) == f"16 GPUs would save 20{THIN}% of the hours, in 2 times the time"
    assert best_cost(46.1) == ()
    assert best_cost(30.0, slower=3.0) != ()
    assert best_cost(31.0, slower=3.0) == ()
    # 20 days of waiting do not grow with it: 20 + 30 + 30 are 80 of 92, 20 + 37 + 37 are 94
    assert best_cost(30.0, waits=20.0) != ()
    assert best_cost(37.0, waits=20.0) == ()


def test_that_a_twentieth_saved_is_worth_a_word() -> None:
    assert best_cost(20.0, saved=0.06) != ()
    assert best_cost(20.0, saved=0.04) == ()
    assert best_cost(20.0, known=False) == ()


def test_that_a_size_of_the_lowest_cost_is_told_from_one_that_could_be_cheaper() -> None:
    def judged(best: int | None) -> Case:
        report = replace(MEASURED, best_gpus=best)
        return case_of(project(campaign_run(CATALOGUE, gpus=64)), CATALOGUE, scaling=report)

    assert text(passed(judged(64), "best-cost").why) == "64 GPUs, lowest cost of all that end in time"
    assert text(passed(judged(16), "best-cost").why) == "64 GPUs; 16 would save little or end too late"
    assert [one for one in findings_of(judged(None)) if one.rule == "best-cost"] == []


def evidence(*gpus: int, paid_by: Said | None = None, points: tuple[ScalingPoint, ...] = ()) -> Finding:
    """What is said of a request whose scaling tests would run on so many GPUs."""
    tests = tuple(ScalingTest(count, Fraction(count, 4), 50, 5.0, 1.0, "strong", "") for count in gpus)
    report = replace(
        MEASURED,
        measured_here=0,
        plan=tests,
        plan_node_hours=12,
        paid_by=say("Benchmark") if paid_by is None else paid_by,
        is_paid=paid_by is None,
    )
    run = campaign_run(CATALOGUE, gpus=64)
    (found,) = open_of(case_of(project(run, scaling=points), CATALOGUE, scaling=report), "scaling-evidence")
    return found


def test_that_missing_evidence_names_the_tests_that_would_give_it() -> None:
    several, one = evidence(64, 16, 32), evidence(16, 16)
    assert text(several.title) == "Scaling is modelled, not measured"
    assert text(several.figure) == "no measured point"
    assert text(several.why).endswith(
        "12 node-hours of tests would prove 16 to 64 GPUs. Benchmark would pay for them."
    )
    assert "12 node-hours of tests would prove 16 GPUs." in text(one.why)
    assert text(evidence(paid_by=say("No mode pays")).why).endswith(
        "on the same or a like machine. No mode pays."
    )
    assert text(evidence(paid_by=NOTHING).why).endswith("on the same or a like machine.")


def test_that_evidence_from_elsewhere_names_the_machine() -> None:
    def point(machine: str) -> ScalingPoint:
        return ScalingPoint(machine, 8, 1.0, 64, "strong")

    found = evidence(16, points=(point("lumi-g"), point("lumi-g"), point("own")))
    assert text(found.title) == "Scaling was measured on LUMI, your own hardware, not on Leonardo"
    assert text(found.figure) == "3 points on LUMI, your own hardware"


def test_that_the_efficiency_of_the_job_is_held_against_seventy_per_cent() -> None:
    def judged(share: float, most: int | None = 16, gpus: int = 64) -> Case:
        report = replace(MEASURED, efficiency_at_job=share, most_gpus=most)
        return case_of(project(campaign_run(CATALOGUE, gpus=gpus)), CATALOGUE, scaling=report)

    assert open_of(judged(0.70), "efficiency") == ()
    assert text(passed(judged(0.70), "efficiency").figure) == f"70{THIN}%"
    (found,) = open_of(judged(0.69), "efficiency")
    assert (text(found.figure), text(found.limit)) == (f"69{THIN}%", f"70{THIN}% or more")
    assert found.fix is not None
    assert (found.fix.field, found.fix.value) == ("gpus", 16)
    assert text(passed(judged(0.8), "efficiency").why).endswith("64 GPUs")
    modelled = replace(judged(0.8), scaling=replace(judged(0.8).scaling, measured_here=0))
    assert text(passed(modelled, "efficiency").why).endswith("64 GPUs, modelled")
    assert [one for one in findings_of(judged(math.nan)) if one.rule == "efficiency"] == []
    for most in (64, 128, None):
        (found,) = open_of(judged(0.69, most), "efficiency")
        assert found.fix is None
