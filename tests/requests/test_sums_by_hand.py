"""Quantiles and the milestone table with numbers that a hand can check: one node of Leonardo, flat hours."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.planning.run import NODE_WRITE_RATE, run_habits
from estimators.quantity import Range
from estimators.requests.milestones import Totals, run_row, seconds_that_recompute, totals_of, with_package
from estimators.requests.quantiles import (
    DRAWS,
    at_scores,
    draws,
    quantile,
    quantiles_of,
    range_of,
    sum_of_runs,
)
from estimators.requests.records import Overhead
from tests.requests.builders import campaign_run, line_of, project
from tests.requests.hand_made import flat

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
P80, P90 = 0.8416212335729143, 1.2815515655446004
"""Normal scores, as printed in every table of the normal distribution."""
HOURS = Range(1.0, 2.0, 4.0, 8.0)


def totals(overhead: Overhead, **changes: Any) -> Totals:
    """A main run of 100 hours and a test of 50, each on one node."""
    runs = (
        campaign_run(CATALOGUE, hours=100.0),
        campaign_run(CATALOGUE, hours=50.0, identity="test", role="test"),
    )
    lines = tuple(line_of(run, LEONARDO) for run in runs)
    return totals_of(project(*runs, overhead=overhead, **changes), lines)


def rows(of: Totals) -> list[tuple[str, int]]:
    return [(row.kind, row.node_hours) for row in of.milestones]


# ---------------------------------------------------------------- the table


def test_that_failed_runs_are_a_share_of_all_runs() -> None:
    found = totals(Overhead(failed_share=flat(0.1)))
    # 150 hours and a tenth: nothing varies, so nothing is left for contingency
    assert rows(found) == [("run", 100), ("run", 50), ("failed", 15), ("contingency", 0)]
    assert text(found.milestones[2].note) == "10 % of the runs"
    assert (found.base_node_hours, found.ratio, found.needed_node_hours) == (150.0, Decimal("1.1"), 165)
    assert found.total.p10 == pytest.approx(165.0)
    assert found.total.p90 == pytest.approx(165.0)


def test_that_a_published_factor_multiplies_the_main_run_alone() -> None:
    found = totals(Overhead(failed_share=flat(0.1), factor=flat(2.5)))
    # 2.5 · 100 hours hold the test of 50 and 100 that the plan does not name
    assert rows(found) == [("run", 100), ("run", 50), ("overhead", 100)]
    assert (found.base_node_hours, found.ratio) == (100.0, Decimal("2.5"))
    assert found.total.p50 == pytest.approx(250.0)
    small = totals(Overhead(failed_share=flat(0.1), factor=flat(1.2)))
    assert rows(small) == [("run", 100), ("run", 50), ("overhead", 0)]


def test_that_contingency_is_what_the_quantile_of_the_request_lies_above_the_rows() -> None:
    # no run varies; a tenth fails at P50 and a fifth at P80, so the request alone grows
    share = Range(0.09, 0.10, 0.20, 0.22)
    found = totals(Overhead(failed_share=share))
    # Monte-Carlo: 150 · 1.2 within a percent, less the rows of 100, 50 and 15
    kinds = dict(rows(found)[2:])
    assert kinds["failed"] == 15
    assert kinds["contingency"] == pytest.approx(15, abs=1)
    assert float(found.ratio) == pytest.approx(1.2, abs=0.01)
    assert found.ratio.as_tuple().exponent == -6
    half = totals(Overhead(failed_share=share), request_percentile=50)
    assert dict(rows(half))["contingency"] == pytest.approx(0, abs=1)
    assert text(half.milestones[-1].name) == "Contingency to P50"


def test_that_a_campaign_in_which_nothing_fits_asks_for_nothing() -> None:
    run = campaign_run(CATALOGUE, hours=100.0)
    line = replace(line_of(run, LEONARDO), wall_hours=None)
    found = totals_of(project(run), (line,))
    assert (found.needed_node_hours, found.base_node_hours, found.ratio) == (0, 0, 1)
    assert found.total == flat(0.0)


def test_that_repeats_and_nodes_count_in_row_and_total() -> None:
    run = campaign_run(CATALOGUE, gpus=8, hours=10.5, count=3)
    line = line_of(run, LEONARDO)
    row = run_row(line)
    assert row.node_hours == 63  # 3 · 2 · 10.5
    # 1,000 steps in 10.5 hours: 37.8 s each, and 3 · 2 · 1,000 · 37.8 s are 63 hours
    assert (row.runs, row.nodes, row.steps, row.seconds_per_step) == (3, 2, 1000, Decimal("37.800"))
    found = totals_of(project(run, overhead=Overhead(failed_share=flat(0.5))), (line,))
    assert rows(found) == [("run", 63), ("failed", 32), ("contingency", 0)]
    assert found.total.p50 == pytest.approx(94.5)


@pytest.mark.parametrize(
    ("base", "node_hours", "factor", "seconds"),
    [
        (63.0, 63, Fraction(6000), "37.800"),
        # 51.4286 s: 51.429 would come to 100.0008 hours, which are 101 whole ones
        (100.0, 100, Fraction(7000), "51.428"),
        # 0.051429 s: 0.051 and 0.0514 would come to less than 100 hours, 0.05143 to 100.003
        (100.0001, 101, Fraction(7_000_000), "0.05143"),
        # half a node and 1,001 steps
        (50.0, 50, Fraction(1001, 2), "359.640"),
    ],
)
def test_that_seconds_of_a_step_have_the_fewest_decimals_that_give_the_row(
    base: float, node_hours: int, factor: Fraction, seconds: str
) -> None:
    found = seconds_that_recompute(base, node_hours, factor)
    assert str(found) == seconds


def test_that_the_rest_of_a_package_is_a_row_of_its_own() -> None:
    needed = totals(Overhead(failed_share=flat(0.1))).milestones
    assert rows_of_package(with_package(needed, 1250, "Playground")) == [1085]
    assert rows_of_package(with_package(needed, 165, "Playground")) == []
    assert rows_of_package(with_package(needed, 0, "Playground")) == []


def rows_of_package(milestones: tuple[Any, ...]) -> list[int]:
    return [row.node_hours for row in milestones if row.kind == "package"]


# ---------------------------------------------------------------- quantiles


def test_that_stated_quantiles_are_themselves() -> None:
    assert [quantile(HOURS, percentile) for percentile in (10, 50, 80, 90)] == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("percentile", "score", "hours"),
    [
        # from P50 to P80 the hours double over a score of 0.8416, from P10 to P50 over 1.2816
        (65, 0.38532046640756773, 2.0 * 2.0 ** (0.38532046640756773 / P80)),
        (85, 1.0364333894937898, 4.0 * 2.0 ** ((1.0364333894937898 - P80) / (P90 - P80))),
        (30, -0.5244005127080409, 2.0 * 2.0 ** (-0.5244005127080409 / P90)),
        # beyond P90 with the slope from P50 to P90, four times over 1.2816; under P10 with that of its side
        (99, 2.3263478740408408, 8.0 * 4.0 ** ((2.3263478740408408 - P90) / P90)),
        (1, -2.3263478740408408, 1.0 * 2.0 ** ((-2.3263478740408408 + P90) / P90)),
    ],
)
def test_that_others_follow_the_logarithm_over_the_score(percentile: int, score: float, hours: float) -> None:
    assert quantile(HOURS, percentile) == pytest.approx(hours, rel=1e-9)
    assert at_scores(HOURS, np.array([score]))[0] == pytest.approx(hours, rel=1e-9)


def test_that_no_hours_stay_none() -> None:
    assert list(at_scores(flat(0.0), np.array([-1.0, 0.0, 3.0]))) == [0.0, 0.0, 0.0]


def test_that_runs_share_one_draw() -> None:
    # at P90 both runs are at their P90: 3 · 8 + 2 · 50
    found = sum_of_runs([(3.0, HOURS), (2.0, Range(10.0, 20.0, 40.0, 50.0))], np.array([0.0, P80, P90]))
    assert found == pytest.approx([3 * 2 + 2 * 20, 3 * 4 + 2 * 40, 3 * 8 + 2 * 50])


def test_that_draws_are_normal_independent_and_the_same_for_a_seed() -> None:
    shared, beside = draws(7)
    assert DRAWS == shared.size == beside.size == 20_000
    for scores in (shared, beside):
        assert abs(scores.mean()) < 4 / math.sqrt(DRAWS)
        assert scores.std() == pytest.approx(1.0, abs=4 / math.sqrt(2 * DRAWS))
    assert abs(np.corrcoef(shared, beside)[0, 1]) < 4 / math.sqrt(DRAWS)
    assert (draws(7)[0] == shared).all()
    assert (draws(8)[0] != shared).any()


def test_that_the_quantiles_of_samples_are_read_off() -> None:
    assert range_of(np.arange(1001.0)) == Range(100.0, 500.0, 800.0, 900.0)


@given(
    samples=st.lists(st.floats(1e-3, 1e9), min_size=1, max_size=40),
    levels=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4),
)
def test_that_quantiles_of_samples_are_those_of_numpy(samples: list[float], levels: list[float]) -> None:
    found = quantiles_of(np.array(samples), levels)
    assert found == pytest.approx(np.quantile(samples, levels), rel=1e-12)


# ---------------------------------------------------------------- what a run spends beside its steps


def test_that_habits_of_a_run_are_those_of_the_catalogue_in_hours_and_shares() -> None:
    presets = CATALOGUE.reliability["planning-presets"].facts
    habits = run_habits(CATALOGUE)
    assert habits["evaluation_share"] == presets["eval_overhead"].value / 100
    assert habits["recovery_hours"] * 3600 == pytest.approx(
        presets["restart_p50"].si + presets["detection_p50"].si
    )
    assert habits["job_start_hours"] * 60 == pytest.approx(10.0)
    # 4 % of 400 Gbit/s, eight bits to a byte
    assert habits["node_write_rate"] == NODE_WRITE_RATE == pytest.approx(0.04 * 400e9 / 8)
