"""The range around an estimate by hand: errors that do not depend on each other join as squares of logs.

The calibration of these tests has round widths: 0.12 from P50 to P90 and 0.044 to P80. Everything but the
step adds 0.05, of which P80 takes 0.66: 0.12 and 0.05 make 0.13, 0.044 and 0.033 make 0.055.
"""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import pytest

from estimators import (
    Calibration,
    Catalogue,
    LayoutChoice,
    MachineAnswer,
    MeasuredStep,
    OwnHardware,
    Range,
    RunSpec,
    compare,
)
from estimators.calibration import Quantiles
from estimators.planning.formulas import evaluate
from estimators.planning.power import power_range
from estimators.planning.run import run_habits
from tests.science.cases import language_run, only, vision_run, with_machine

LEONARDO, LUMI, MARENOSTRUM = "leonardo-booster", "lumi-g", "marenostrum5-acc"
EXACT = {"rel": 1e-9}


@pytest.fixture
def round_calibration(calibration: Calibration) -> Calibration:
    """Runs on the card of Leonardo and on no other of its generation, with round widths."""
    return rounded(calibration, 0.12, 0.044)


def rounded(calibration: Calibration, p90: float, p80: float) -> Calibration:
    width = Quantiles(p10=-p90, p80=p80, p90=p90, rows=1, groups=1)
    return msgspec.structs.replace(
        calibration,
        intervals={"dense-lm, layout searched": width},
        largest_run={"a100-64-leonardo": 64, "ampere": 64, "hopper": 64},
    )


def on(spec: RunSpec, catalogue: Catalogue, calibration: Calibration, machine: str) -> MachineAnswer:
    answers = compare(spec, only(catalogue, LEONARDO, LUMI, MARENOSTRUM), calibration).answers
    return next(one for one in answers if one.machine.id == machine)


def logs(found: Range | None) -> tuple[float, float, float]:
    """Logarithms of P10, P80 and P90 against P50."""
    assert found is not None
    return tuple(math.log(value / found.p50) for value in (found.p10, found.p80, found.p90))  # type: ignore[return-value]


def test_that_the_error_of_the_step_joins_that_of_everything_else(catalogue, round_calibration) -> None:
    answer = on(language_run(catalogue, gpus=64, machine=LEONARDO), catalogue, round_calibration, LEONARDO)
    for found in (answer.seconds, answer.gpu_hours, answer.node_hours):
        assert logs(found) == pytest.approx((-0.13, 0.055, 0.13), **EXACT)
    assert answer.evidence == "near"


@pytest.mark.parametrize(
    ("machine", "gpus", "wider", "evidence"),
    [
        (LEONARDO, 128, 1.0, "near"),  # twice as many as in a run on the card
        (LEONARDO, 256, 1.5, "far"),
        (MARENOSTRUM, 128, 1.2, "near"),  # its generation has runs of 64
        (MARENOSTRUM, 256, 1.5, "far"),
        (LUMI, 64, 1.5, "far"),  # nothing was run on its generation
    ],
)
def test_that_the_range_widens_away_from_what_was_run(
    catalogue, round_calibration, machine, gpus, wider, evidence
) -> None:
    spec = language_run(catalogue, gpus=gpus, machine=machine)
    answer = on(spec, catalogue, round_calibration, machine)
    high = math.hypot(0.12 * wider, 0.05)
    assert logs(answer.seconds) == pytest.approx((-high, math.hypot(0.044 * wider, 0.033), high), **EXACT)
    assert answer.evidence == evidence


def test_that_a_shape_or_a_precision_that_nobody_ran_widens_as_far(catalogue, round_calibration) -> None:
    card = catalogue.model("Llama-3.1-8B")
    odd = msgspec.structs.replace(card, architecture=msgspec.structs.replace(card.architecture, layers=64))
    shapes = replace(catalogue, models={**catalogue.models, "Llama-3.1-8B": odd})
    for of, precision, machine in (
        (shapes, "bf16", LEONARDO),  # twice the layers of what its maker counts
        (catalogue, "fp8", MARENOSTRUM),  # this calibration knows no run in 8 bit
    ):
        spec = language_run(of, gpus=64, machine=machine, precision=precision)
        unrun = msgspec.structs.replace(round_calibration, measured_widths={})
        answer = on(spec, of, unrun, machine)
        assert logs(answer.seconds)[2] == pytest.approx(math.hypot(0.18, 0.05), **EXACT)
        assert answer.evidence == "far"


def test_that_a_workload_without_evidence_takes_the_dense_models_and_is_far(
    catalogue, round_calibration
) -> None:
    answer = on(vision_run(catalogue, gpus=64, machine=LEONARDO), catalogue, round_calibration, LEONARDO)
    assert logs(answer.seconds)[2] == pytest.approx(math.hypot(0.18, 0.05), **EXACT)
    assert answer.evidence == "far"


# ---------------------------------------------------------------- a measured step


def test_that_a_measurement_as_wide_as_the_prior_counts_half(catalogue, calibration) -> None:
    # a measured step spreads by 0.08, and so does the prior, whose P90 is 1.2816 of that: the mean moves half
    # way, the width shrinks by the root of a half
    prior = rounded(calibration, 0.08 * 1.2816, 0.0)
    spec = language_run(catalogue, gpus=64, machine=LEONARDO, global_batch_samples=256)
    known = compare(spec, only(catalogue, LEONARDO, LUMI), prior)
    before = known.answers[0].step
    step = MeasuredStep(LEONARDO, gpus=64, step_seconds=before.total * math.exp(0.1), batch_samples=256)
    found = compare(replace(spec, measured=step), only(catalogue, LEONARDO, LUMI), prior)
    here, there = found.answers
    assert found.predicted_step_seconds == pytest.approx(before.total, **EXACT)
    assert here.step.total == pytest.approx(before.total * math.exp(0.05), **EXACT)
    assert here.step.measured_correction == pytest.approx(before.total * math.expm1(0.05), **EXACT)
    hours = here.seconds.p50 / known.answers[0].seconds.p50
    assert hours == pytest.approx(
        math.exp(0.05), rel=0.01
    )  # checkpoints and starts of jobs take their own time
    narrower = 0.08 * 1.2816 * math.sqrt(0.5)
    assert logs(here.seconds)[2] == pytest.approx(math.hypot(narrower, 0.05), **EXACT)
    assert (here.measured, there.measured) == (True, False)
    assert here.modelled_seconds == known.answers[0].seconds
    assert here.modelled_gpu_hours == known.answers[0].gpu_hours
    # nothing was learnt of another card
    assert (there.seconds, there.modelled_seconds) == (known.answers[1].seconds, None)
    assert (known.answers[0].modelled_seconds, known.answers[0].measured) == (None, False)


# ---------------------------------------------------------------- energy


def test_that_power_widens_the_range_of_energy_on_both_sides(catalogue, calibration) -> None:
    # next to nothing is left of the step's error: 0.05 and the spread of power, which is larger. A whole node
    # takes 1.74 times the power of its GPUs at most; 1.3 times a PUE of 1.35 are more, so that the GPUs alone
    # vary upward
    sure = rounded(calibration, 1e-9, 0.0)
    assert power_range("pretraining", 1.35, catalogue).p90 == pytest.approx(0.97 / 0.85, **EXACT)
    for pue in (1.1, 1.35):
        fact = catalogue.machine(LEONARDO).pue
        cooled = with_machine(catalogue, LEONARDO, pue=msgspec.structs.replace(fact, value=pue))
        answer = on(language_run(catalogue, gpus=64, machine=LEONARDO), cooled, sure, LEONARDO)
        power = power_range("pretraining", pue, catalogue)
        expected = [
            sign * math.hypot(error, math.log(spread))
            for sign, error, spread in ((-1, 0.05, power.p10), (1, 0.033, power.p80), (1, 0.05, power.p90))
        ]
        for found in (answer.energy_kwh, answer.carbon_kg):
            assert logs(found) == pytest.approx(expected, **EXACT)


def test_that_energy_is_power_times_hours(catalogue, calibration) -> None:
    # a module of LUMI has two GCDs of 280 W; a desk has no cooling of its own
    share = catalogue.energy["power-share"].facts["pretraining_p50"].si
    rest = catalogue.energy["node-overhead"].facts["p50"].si
    spec = language_run(catalogue, gpus=64, machine=LUMI, own=OwnHardware("a100-80-sxm", 8))
    found = compare(spec, only(catalogue, LUMI), calibration)
    (lumi,) = found.answers
    kilowatts = 2 * 0.280 * share * rest * catalogue.machine(LUMI).pue.si
    assert lumi.energy_kwh.p50 == pytest.approx(lumi.gpu_hours.p50 * kilowatts, **EXACT)
    desk = catalogue.gpus["a100-80-sxm"].power.si / 1000 * share * rest
    assert found.own.energy_kwh.p50 == pytest.approx(found.own.gpu_hours.p50 * desk, **EXACT)


# ---------------------------------------------------------------- what is not known


def test_that_the_only_count_that_fits_is_the_only_point_of_the_curve(catalogue, calibration) -> None:
    # 32 samples in a step, one on each GPU: more GPUs than samples have no layout, fewer too little memory
    fixed = LayoutChoice(
        tensor_parallel=1,
        pipeline_parallel=1,
        context_parallel=1,
        zero_stage=3,
        micro_batch=1,
        recompute="full",
    )
    spec = language_run(catalogue, "Llama-3.1-70B", machine=LEONARDO, layout=fixed, global_batch_samples=32)
    found = compare(spec, only(catalogue, LEONARDO), calibration)
    (answer,) = found.answers
    assert [point.gpus for point in answer.curve] == [answer.gpus] == [32]
    assert answer.curve[0].seconds == answer.seconds
    assert not found.own.fits


def test_that_an_evaluation_share_that_is_not_known_is_none(catalogue) -> None:
    presets = catalogue.reliability["planning-presets"]
    unknown = msgspec.structs.replace(presets.facts["eval_overhead"], value=None)
    table = msgspec.structs.replace(presets, facts={**presets.facts, "eval_overhead": unknown})
    without = replace(catalogue, reliability={**catalogue.reliability, "planning-presets": table})
    assert run_habits(without)["evaluation_share"] == 0.0


def test_that_a_formula_takes_whole_numbers_of_any_length() -> None:
    assert evaluate("sqrt(tokens)", {"tokens": 2**70}) == 2.0**35
    assert evaluate("tokens / 4", {"tokens": 7}) == 1.75
