"""A measured step is held against what the card can do, by hand, and against its prediction."""

import contextlib
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words import text
from estimators import Catalogue, MeasuredStep, OwnHardware, RunError, RunSpec, compare, load_catalogue
from estimators.planning.compare import answer_on
from estimators.planning.plausible import (
    FarStepError,
    MeasuredStepError,
    highest_peak,
    is_far,
    least_bytes,
    least_flops,
    least_step,
    refuse_far,
    refuse_impossible,
)
from estimators.planning.prepare import work_of
from tests.science.cases import decoder_work, language_run, megatron_gpt, only, vision_run
from tests.spoken import refused

CATALOGUE = load_catalogue()
LEONARDO = "leonardo-booster"


def step(seconds: float, gpus: int = 8, **changes: object) -> MeasuredStep:
    return MeasuredStep(LEONARDO, gpus, seconds, **changes)


def test_that_least_flops_are_six_for_each_weight_and_token() -> None:
    """12·h² weights a layer (query-key-value 3, output 1, feed-forward 8) and a head of V·h, tied."""
    work = decoder_work(megatron_gpt(2, 64, 4))
    weights = 2 * 12 * 64**2 + 51_200 * 64
    tokens = 3 * float(work.positions)
    assert least_flops(work, 3.0) == pytest.approx(6.0 * weights * tokens, rel=1e-12)
    assert least_flops(work, 3.0) < 3.0 * float(work.model_flops_per_sample)


def test_that_the_first_product_of_a_vision_model_pays_no_input_gradient(catalogue: Catalogue) -> None:
    """Every product has three passes, the patch embedding two: no gradient flows into pixels."""
    work = work_of(vision_run(catalogue))
    first = sum(float(gemm.weights) for gemm in work.parts[0].gemms)
    assert first > 0
    whole = 6.0 * float(work.product_positions)
    saved = 2.0 * first * float(work.positions)
    assert least_flops(work, 1.0) == pytest.approx(whole - saved, rel=1e-12)


def test_that_experts_that_drop_tokens_are_not_counted_on(catalogue: Catalogue) -> None:
    free = language_run(catalogue, "Mixtral-8x7B-v0.1")
    capped = replace(free, layout=replace(free.layout, expert_capacity=1.25))
    every, least = (least_flops(work_of(spec), 1.0) for spec in (free, capped))
    # two experts of three matrices 4096 x 14336 in each of 32 layers, 6 FLOP a weight and token
    assert every - least == pytest.approx(6.0 * 2 * 3 * 4096 * 14_336 * 32 * free.positions, rel=1e-12)


@pytest.mark.parametrize(("precision", "width"), [("bf16", 2), ("fp32", 2), ("fp8", 1), ("nvfp4", 0.5)])
def test_that_least_bytes_read_every_weight_twice_and_write_every_parameter(
    precision: str, width: float
) -> None:
    work = decoder_work(megatron_gpt(2, 64, 4))
    products, parameters = float(work.product_positions / work.positions), float(work.parameters)
    assert least_bytes(work, precision) == pytest.approx(width * (2 * products + parameters))


@pytest.mark.parametrize(
    ("card", "precision", "teraflops"),
    [
        ("a100-80-sxm", "bf16", 312.0),
        ("a100-80-sxm", "fp8", 312.0),
        ("h100-80-sxm", "bf16", 989.0),
        ("h100-80-sxm", "fp8", 1979.0),
        ("v100-32-sxm", "bf16", 125.0),
        ("b300-sxm", "nvfp4", 14_000.0),
        ("mi250x-gcd", "bf16", 191.5),
    ],
)
def test_that_the_peak_is_the_highest_of_the_width_or_wider(
    card: str, precision: str, teraflops: float, catalogue: Catalogue
) -> None:
    assert highest_peak(catalogue.gpu(card), precision) == teraflops * 1e12


def test_that_a_step_is_refused_from_the_peak_on_and_names_the_figure(catalogue: Catalogue) -> None:
    work, gpu = decoder_work(megatron_gpt(48, 6144, 64)), catalogue.gpu("a100-80-sxm")
    least = least_flops(work, 4.0) / (8 * 312e12)
    assert least_step(work, 4.0, "bf16", gpu, 8).share_of_peak(least) == pytest.approx(1.0)
    refuse_impossible(step(least * 1.001), work, 4.0, "bf16", gpu)
    with refused(MeasuredStepError, match=r"at least 101\u202f% of the peak of the A100.*, 312\u202fTFLOP/s"):
        refuse_impossible(step(least * 0.999), work, 4.0, "bf16", gpu)
    with refused(MeasuredStepError, match=r"The measured step of 1\u202fms on 8 GPUs would be at least"):
        refuse_impossible(step(0.001), work, 4.0, "bf16", gpu)


def test_that_memory_bounds_a_step_of_few_tokens(catalogue: Catalogue) -> None:
    """One short sample of a large sparse model: 6 bytes for 2·(active) + all parameters take longer."""
    spec = language_run(catalogue, "Mixtral-8x7B-v0.1", sample_tokens=16)
    work, gpu = work_of(spec), catalogue.gpu("a100-80-sxm")
    seconds = 0.9 * least_bytes(work, "bf16") / (8 * gpu.memory_bandwidth.si)
    with refused(MeasuredStepError, match=r"112\u202f% of the memory bandwidth of the A100.*2.04\u202fTB/s"):
        refuse_impossible(step(seconds), work, 1.0, "bf16", gpu)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf"), -float("inf")])
def test_that_no_time_is_no_step(seconds: float, catalogue: Catalogue) -> None:
    work, gpu = decoder_work(megatron_gpt(2, 64, 4)), catalogue.gpu("a100-80-sxm")
    with refused(MeasuredStepError, match=r"is no time"):
        refuse_impossible(step(seconds), work, 4.0, "bf16", gpu)
    with refused(RunError, match=r"is no time"):
        compare(language_run(CATALOGUE, measured=step(seconds)), CATALOGUE)


def test_that_a_far_step_asks_and_a_confirmed_one_passes() -> None:
    refuse_far(step(2.99), 1.0)
    refuse_far(step(1.0), 2.99)
    with refused(FarStepError, match=r"of 3.1\u202fs on 8 GPUs is 3.1 times the predicted 1\u202fs"):
        refuse_far(step(3.1), 1.0)
    with refused(FarStepError, match=r"of 250\u202fms on 8 GPUs is 4.0 times shorter than the predicted"):
        refuse_far(step(0.25), 1.0)
    refuse_far(step(3.1, confirmed=True), 1.0)


def test_that_nobody_can_confirm_a_rate_of_nothing() -> None:
    with refused(
        MeasuredStepError, match=r"is 2\u202f000 times the predicted 1\u202fs: no working run"
    ) as error:
        refuse_far(step(2000.0, confirmed=True), 1.0)
    assert not isinstance(error.value, FarStepError)


@given(seconds=st.floats(1e-9, 8.64e4), predicted=st.floats(1e-3, 1e4), confirmed=st.booleans())
def test_that_the_rule_of_three_holds_both_ways(seconds: float, predicted: float, confirmed: bool) -> None:
    one = step(seconds, confirmed=confirmed)
    assert is_far(one, predicted) == (max(seconds / predicted, predicted / seconds) > 3.0)
    try:
        refuse_far(one, predicted)
    except FarStepError:
        assert is_far(one, predicted)
        assert not confirmed
    except MeasuredStepError:
        assert seconds >= 1000.0 * predicted
    else:
        assert confirmed or not is_far(one, predicted)


@pytest.mark.parametrize("make", [language_run, vision_run])
def test_that_no_predicted_step_is_impossible(make: object, catalogue: Catalogue) -> None:
    """What the model itself predicts lies under the limits on every machine and on own hardware."""
    spec: RunSpec = make(catalogue)  # type: ignore[operator]
    for precision in ("bf16", "fp8"):
        asked = replace(spec, precision=precision)
        comparison = compare(asked, catalogue)
        fitting = [answer for answer in (*comparison.answers, comparison.own) if answer.step is not None]
        assert len(fitting) > 8
        for answer in fitting:
            samples = asked.samples * asked.passes / answer.steps
            limits = least_step(
                work_of(asked), samples, precision, catalogue.gpu(answer.machine.gpu), answer.gpus
            )
            assert limits.share_of_peak(answer.step.total) < 1.0
            assert limits.share_of_bandwidth(answer.step.total) < 1.0


def test_that_a_confirmed_far_step_stays_marked_in_what_was_assumed(catalogue: Catalogue) -> None:
    spec = language_run(catalogue, machine=LEONARDO)
    plain = compare(spec, catalogue)
    assert plain.predicted_step_seconds is None
    headline = plain.headline
    slow = MeasuredStep(LEONARDO, headline.gpus, 4.0 * headline.step.total, confirmed=True)
    marked = compare(replace(spec, measured=slow), catalogue)
    assert marked.predicted_step_seconds == pytest.approx(headline.step.total, rel=0.1)
    assert [
        words
        for words in tuple(map(text, marked.assumptions))
        if "times the predicted" in words and "confirmed" in words
    ]
    near = replace(slow, step_seconds=1.1 * headline.step.total)
    assert not [
        words
        for words in tuple(map(text, compare(replace(spec, measured=near), catalogue).assumptions))
        if "confirm" in words
    ]
    with pytest.raises(FarStepError):
        compare(replace(spec, measured=replace(slow, confirmed=False)), catalogue)


def test_that_one_machine_alone_is_answered_with_a_step_measured_elsewhere(catalogue: Catalogue) -> None:
    elsewhere = MeasuredStep("lumi-g", 64, 20.0, 512)
    spec = language_run(catalogue, global_batch_samples=512, measured=elsewhere, machine=LEONARDO)
    alone = answer_on(spec, only(catalogue, LEONARDO, "lumi-g"), LEONARDO)
    assert alone.fits
    assert not alone.measured


def test_that_a_step_on_more_gpus_than_ones_own_hardware_has_is_refused(catalogue: Catalogue) -> None:
    measured = MeasuredStep("own", 8, 60.0, batch_samples=8, confirmed=True)
    spec = language_run(catalogue, "EuroLLM-1.7B", own=OwnHardware("a30", 1), measured=measured)
    with refused(MeasuredStepError, match=r"measured on 8 GPUs, but 1 × A30 has 1 in a node"):
        compare(spec, only(catalogue, LEONARDO))


@pytest.mark.parametrize("gpu", sorted(CATALOGUE.gpus))
def test_that_a_step_of_any_card_gives_hours_or_a_sentence(gpu: str, catalogue: Catalogue) -> None:
    measured = MeasuredStep("own", 2, 20.0, batch_samples=2, confirmed=True)
    spec = language_run(catalogue, "EuroLLM-1.7B", own=OwnHardware(gpu, 2), measured=measured)
    with contextlib.suppress(RunError):
        found = compare(spec, only(catalogue, LEONARDO))
        for answer in (*found.answers, found.own):
            assert not answer.fits or (answer.gpu_hours is not None and math.isfinite(answer.gpu_hours.p50))
