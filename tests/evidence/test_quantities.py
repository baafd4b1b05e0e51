"""Seconds of a step in the quantity that a row published, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from estimators.evidence.configure import Configured, configure
from estimators.evidence.crossval import Residuals
from estimators.evidence.intervals import half_width
from estimators.evidence.predict import Stack, bench, published_quantity, settle
from estimators.evidence.statistics import statistics
from estimators.parameters import Coefficients
from estimators.workloads.columns import side_by_side
from estimators.workloads.language import decoder_shape
from tests.evidence.cases import row
from tests.science.cases import decoder_work

SECONDS = np.array([2.0])
TOKENS = 16 * 4096
"""Of one step."""


def quantity(catalogue, **changes) -> float:
    configured = configure(row(**changes), catalogue)
    settled = settle((configured,), catalogue, Coefficients())
    return float(published_quantity(settled, SECONDS)[0])


def model_flops(catalogue) -> float:
    work = decoder_work(decoder_shape(catalogue.model("Llama-2-7b-hf").architecture, 4096))
    return 16 * float(work.model_flops_per_sample)


def test_that_seconds_stay_seconds(catalogue):
    assert quantity(catalogue, measured={"quantity": "iteration_s"}) == 2.0


def test_that_tokens_are_counted_for_each_device(catalogue):
    found = quantity(catalogue, measured={"quantity": "tokens_per_s_per_gpu"})
    assert found == pytest.approx(TOKENS / 2 / 8, rel=1e-12)


def test_that_samples_are_counted_for_the_whole_job(catalogue):
    assert quantity(catalogue, measured={"quantity": "samples_per_s"}) == pytest.approx(8, rel=1e-12)


def test_that_throughput_counts_samples_unless_its_unit_speaks_of_tokens(catalogue):
    found = quantity(catalogue, measured={"quantity": "throughput", "unit": "Throughput - BF16"})
    assert found == pytest.approx(8, rel=1e-12)
    found = quantity(catalogue, measured={"quantity": "throughput", "unit": "tokens/s"})
    assert found == pytest.approx(TOKENS / 2, rel=1e-12)


def test_that_flops_without_a_convention_are_model_flops_with_the_full_square(catalogue):
    found = quantity(catalogue, measured={"quantity": "tflops_per_gpu"})
    assert found == pytest.approx(model_flops(catalogue) / 2 / 8 / 1e12, rel=1e-12)


def test_that_hardware_flops_add_a_forward_pass_of_the_layers(catalogue):
    # Narayanan et al., equation 3: 96·B·s·L·h²·(1 + s/6h + V/16Lh), one more forward pass of the layers
    recomputed = {"layout": {"recompute": "full"}}
    measured = {"quantity": "tflops_per_gpu", "convention": "hardware FLOPs with recomputation"}
    found = quantity(catalogue, measured=measured, **recomputed)
    layers = 32 * (4 * 4096**2 + 3 * 4096 * 11_008)
    core = 4 * 32 * 4096 * 4096
    again = (2 * layers + core) * TOKENS
    assert found == pytest.approx((model_flops(catalogue) + again) / 2 / 8 / 1e12, rel=1e-12)


def test_that_a_convention_may_halve_causal_attention(catalogue):
    measured = {"quantity": "tflops_per_gpu", "convention": "causal attention halved"}
    core = 3 * 4 * 32 * 4096 * 4096 * TOKENS
    by_hand = (model_flops(catalogue) - core / 2) / 2 / 8 / 1e12
    assert quantity(catalogue, measured=measured) == pytest.approx(by_hand, rel=1e-12)
    unhalved = {"quantity": "tflops_per_gpu", "convention": "causal attention not halved"}
    assert quantity(catalogue, measured=unhalved) == pytest.approx(model_flops(catalogue) / 16e12, rel=1e-12)


def test_that_gpu_hours_count_steps_overhead_and_modules(catalogue):
    # 0.7 % for evaluation, one start of ten minutes; little for checkpoints and restarts of a single node
    changes = {"measured": {"quantity": "gpu_hours"}, "work": {"total_tokens": 100_000 * TOKENS}}
    hours = 100_000 * 2 / 3600 * 1.007 + 1 / 6
    assert 1.0 < quantity(catalogue, **changes) / (hours * 8) < 1.01
    on_lumi = quantity(catalogue, **changes, hardware={"gpu": "mi250x-gcd"})
    assert 1.0 < on_lumi / (hours * 4) < 1.01


def test_that_hours_of_unknown_work_cannot_be_predicted(catalogue):
    assert np.isnan(quantity(catalogue, measured={"quantity": "gpu_hours"}))


def test_that_the_published_layout_is_used(catalogue):
    layout = {"tp": 4, "pp": 2, "micro_batch": 2, "global_batch_sequences": 16, "recompute": "full"}
    configured = configure(row(layout=layout), catalogue)
    assert configured.layout_known
    settled = settle((configured,), catalogue, Coefficients()).layouts
    assert (settled.tensor[0], settled.pipeline[0], settled.data[0]) == (4, 2, 1)
    assert (settled.micro_batch[0], settled.micro_batches[0], settled.recompute[0]) == (2, 8, 2)


def test_that_a_missing_degree_is_searched_with_the_rest_held(catalogue):
    configured = configure(row(layout={"tp": None, "micro_batch": None}), catalogue)
    assert not configured.layout_known
    settled = settle((configured,), catalogue, Coefficients())
    assert settled.layouts.pipeline[0] == 1
    assert settled.layouts.gpus[0] == 8
    assert settled.layouts.batch_samples[0] == pytest.approx(16)


def test_that_rows_side_by_side_predict_as_each_alone(catalogue, shipped):
    chosen = [item for item in shipped if item.quality == "A" and item.family == "dense-lm"][::25]
    configured = tuple(configure(item, catalogue) for item in chosen)
    together = settle(configured, catalogue, Coefficients())
    all_at_once = together.steps(Coefficients()).total
    for i, item in enumerate(together.rows):
        alone = bench((item,), catalogue, [item.fixed])
        assert alone.steps(Coefficients()).total[0] == pytest.approx(all_at_once[i], rel=1e-12)


# ---------------------------------------------------------------- errors and intervals


def test_that_errors_are_counted_on_both_sides_alike():
    # predictions twice and half the measured value: 100 % each, no bias
    found = statistics(np.log([2.0, 0.5]), np.array([1.0, 0.0]))
    expected = {"n": 2, "median_abs_pct": 100.0, "p90_abs_pct": 100.0, "bias_pct": 0.0, "coverage80": 0.5}
    assert found == expected


def test_that_no_rows_have_no_statistics():
    assert statistics(np.array([]))["median_abs_pct"] is None


def test_that_rates_turn_the_sign_of_a_time_error(catalogue):
    rows = tuple(
        configure(row(measured={"quantity": name}), catalogue) for name in ("iteration_s", "samples_per_s")
    )
    residuals = Residuals(rows, np.array([0.1, 0.1]), np.array([1.0, 1.0]))
    # a step predicted too long: the true time is below; a rate predicted too high: the true time is above
    assert residuals.time.tolist() == [-0.1, 0.1]


def test_that_an_interval_holds_four_fifths_of_what_was_seen():
    errors = np.linspace(-1.0, 1.0, 101)
    wide = half_width(errors, np.ones(101))
    assert np.mean(np.abs(errors) <= wide) == pytest.approx(0.8, abs=0.03)


def test_that_one_residual_is_all_the_interval_knows():
    assert half_width(np.array([-0.3]), np.ones(1)) == 0.3


def test_that_a_long_series_weighs_less_than_its_length():
    # 100 equal rows of one series with small errors, weighted by the root of their number, and 10 others
    errors = np.concatenate([np.full(100, 0.01), np.linspace(0.1, 1.0, 10)])
    weights = np.concatenate([np.full(100, 0.1), np.ones(10)])
    assert half_width(errors, weights) > half_width(errors, np.ones(110))


def test_that_rows_of_unlike_structure_are_predicted_as_if_they_stood_alone(catalogue, shipped):
    # the rows of a bench, dealt out to two stacks, keep their times, their memory and their quantities
    known = [found for one in shipped if isinstance(found := configure(one, catalogue), Configured)]
    rows = tuple(one for one in known if one.layout_known)[:12]
    together = settle(rows, catalogue, Coefficients())
    halves = [np.arange(0, len(rows), 2), np.arange(1, len(rows), 2)]
    apart = replace(
        together,
        stacks=tuple(
            Stack(half, decoder_work(side_by_side([rows[i].known.shape for i in half]))) for half in halves
        ),
    )
    seconds = together.steps(Coefficients()).total
    assert apart.steps(Coefficients()).total == pytest.approx(seconds, rel=1e-12)
    assert published_quantity(apart, seconds) == pytest.approx(
        published_quantity(together, seconds), rel=1e-12
    )
