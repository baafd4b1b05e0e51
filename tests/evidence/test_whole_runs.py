"""Whole runs by their GPU-hours, and precision where nobody states it."""

import numpy as np
import pytest

from estimators.evidence.configure import configure
from estimators.evidence.precision import usual_precision
from estimators.evidence.whole_runs import (
    PUBLISHED_SHARE,
    RunView,
    active_parameters,
    constant_share_errors,
    gpu_hours,
    hours_at_peak,
    view_of,
    views_of_others,
    whole_run_errors,
)
from tests.evidence.cases import row

HOURS = 1000.0


def run(catalogue, producer, hours=HOURS, **changes):
    whole = {"measured": {"quantity": "gpu_hours", "value": hours}, "work": {"total_tokens": 1e11}}
    return configure(row(**whole, source=f"github.com/{producer}/runs", **changes), catalogue)


def test_that_a_constant_share_never_sees_the_producer_it_is_judged_on(catalogue):
    runs = (run(catalogue, "a", 1000.0), run(catalogue, "b", 2000.0), run(catalogue, "c", 2000.0))
    fitted, published = constant_share_errors(runs)
    # by the others the first would take twice as long; each of them is judged by the middle of two shares
    assert fitted == pytest.approx([np.log(2.0), np.log(2.0 / 3.0), np.log(2.0 / 3.0)])
    peak_hours = 6.0 * active_parameters(runs[0]) * 1e11 / 312e12 / 3600
    assert published[0] == pytest.approx(np.log(peak_hours / PUBLISHED_SHARE / 1000.0))


def test_that_only_chosen_experts_serve_a_token(catalogue):
    expert = run(catalogue, "a", model_key="Mixtral-8x22B-v0.1", family="moe-lm", layout={})
    assert active_parameters(expert) == pytest.approx(39.16e9, rel=1e-3)


def test_that_factor_and_share_are_medians_of_other_producers(catalogue):
    runs = tuple(run(catalogue, name) for name in ("a", "a", "b", "c"))
    times = np.array([0.0, 0.0, 0.2, 0.4])
    assert view_of(runs, times).factor == pytest.approx(np.exp(0.1))
    assert view_of(runs, times, "a/runs").factor == pytest.approx(np.exp(0.3))
    assert view_of(runs[:2], times[:2], "a/runs") == RunView()
    assert view_of(runs, times).share == pytest.approx(hours_at_peak(runs[0]) / HOURS)


def test_that_two_views_of_a_whole_run_weigh_alike(catalogue):
    one = run(catalogue, "a")
    by_share = hours_at_peak(one) / 0.3
    assert RunView(1.5, 0.3).hours(one, by_share / 1.5) == pytest.approx(by_share)
    assert RunView(1.5, 0.3).hours(one, by_share / 1.5 * 4.0) == pytest.approx(by_share * 2.0)


def test_that_errors_of_whole_runs_are_those_of_their_predictions(catalogue):
    runs = (run(catalogue, "a", 900.0), run(catalogue, "b", 1100.0), run(catalogue, "c", 1300.0))
    times = np.array([0.1, 0.2, 0.3])
    views = views_of_others(runs, runs, times)
    hours = [
        view.hours(item, item.row.measured.value * np.exp(-t))
        for item, t, view in zip(runs, times, views, strict=True)
    ]
    expected = [np.log(value / item.row.measured.value) for value, item in zip(hours, runs, strict=True)]
    assert whole_run_errors(runs, times) == pytest.approx(expected)


def test_that_a_run_costs_more_than_its_steps_and_more_so_on_many_nodes(catalogue):
    few, many = run(catalogue, "a"), run(catalogue, "a", hardware={"gpus": 4096})
    steps = 1e11 / 4096 / 16
    shares = [
        gpu_hours(item, 2.0, 16.0, catalogue) / (steps * 2.0 * item.gpus / 3600) for item in (few, many)
    ]
    assert 1.0 < shares[0] < shares[1] < 1.2


@pytest.mark.parametrize(
    ("changes", "precision"),
    [
        ({"precision": "fp16"}, "fp16"),
        ({"precision": None}, "bf16"),
        ({"precision": None, "source": "github a/b config_DGXB200_8b_fp4.sh"}, "nvfp4"),
        ({"precision": None, "source": "github a/b fp8.md"}, "fp8"),
        ({"precision": None, "source": "github mlcommons/training_results_v2.1", "year": 2022}, "bf16"),
        (
            {"precision": None, "source": "github mlcommons/training_results_v5.0", "software": "NeMo 25.04"},
            "fp8",
        ),
        (
            {
                "precision": None,
                "source": "github mlcommons/training_results_v5.1",
                "software": "NVIDIA NeMo Framework Release 25.09",
                "hardware": {"gpu": "gb200"},
            },
            "nvfp4",
        ),
    ],
    ids=str,
)
def test_that_an_unstated_precision_is_the_habit_of_the_kind_of_run(changes, precision):
    assert usual_precision(row(**changes)) == precision
