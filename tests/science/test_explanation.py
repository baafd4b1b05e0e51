"""The explanation: every shown formula gives its shown value, every fact is the one that was used."""

import math
from dataclasses import replace

import pytest

from app.words import text
from estimators import LayoutChoice, Origin, compare, load_calibration, load_catalogue
from estimators.catalogue import Gpu
from estimators.hardware.devices import device_columns
from estimators.planning.prepare import prepare
from estimators.planning.targets import missing_facts
from tests.explained import reproduces
from tests.science.cases import language_run, only, vision_run, with_machine

CATALOGUE = load_catalogue()
SCALED = {
    "failures_per_1000_node_days",
    "recovery_hours",
    "checkpoint_bytes_per_parameter",
    "devices_per_gpu",
}
"""Leaves that a stated rule makes of their fact: scaled to the node, detection added, one of a table."""
NOT_SI = {"walltime_hours": 3600.0}
"""Seconds of the unit in which a leaf is shown."""


@pytest.fixture(
    scope="module",
    params=[
        ("language", "leonardo-booster", {"tokens": 3e11, "gpus": 12}),
        ("language", "leonardo-booster", {"tokens": 3e11, "gpus": 1024}),
        ("language", "lumi-g", {"tokens": 3e11, "model": "Llama-3.1-70B", "gpus": 1024}),
        ("language", "jupiter-booster", {"tokens": 1e9, "method": "full-finetuning", "precision": "fp8"}),
        ("language", "karolina-gpu", {"tokens": 1e10, "software": "fsdp", "sample_tokens": 32_768}),
        ("vision", "vega-gpu", {}),
    ],
    ids=lambda param: f"{param[0]} on {param[1]}",
)
def comparison(request, catalogue):
    family, machine, more = request.param
    spec = (language_run if family == "language" else vision_run)(catalogue, machine=machine, **more)
    return compare(spec, only(catalogue, machine))


def test_that_the_tree_explains_the_gpu_hours_of_the_headline(comparison):
    root = comparison.explanation
    assert root.key == "gpu_hours"
    assert root.value == comparison.headline.gpu_hours.p50
    assert root.range == comparison.headline.gpu_hours


def test_that_every_formula_reproduces_its_value_from_its_inputs(comparison):
    formulas = [figure for figure in comparison.explanation.walk() if figure.expression]
    assert len(formulas) > 10
    for figure in formulas:
        assert reproduces(figure), figure.key


def test_that_every_leaf_says_where_it_comes_from(comparison):
    for figure in comparison.explanation.walk():
        if figure.origin is Origin.FACT:
            assert figure.fact is not None, figure.key
            assert figure.fact.source, figure.key
        if not figure.inputs and figure.origin in (Origin.DEFAULT, Origin.FITTED):
            assert figure.note, figure.key


def test_that_a_fact_shows_the_value_that_was_used(comparison):
    for figure in comparison.explanation.walk():
        if figure.origin is Origin.FACT and figure.key not in SCALED and figure.fact.unit != "table":
            shown = figure.value * NOT_SI.get(figure.key, 1.0)
            assert shown == pytest.approx(figure.fact.si), figure.key


def test_that_an_assumed_network_is_shown_with_what_was_assumed(catalogue):
    # Vega publishes no injection bandwidth; the unconfirmed figure of the catalogue is used and named
    spec = language_run(catalogue, machine="vega-gpu", gpus=64)
    tree = compare(spec, only(catalogue, "vega-gpu")).explanation
    assumed = catalogue.machine("vega-gpu").more["network_per_node_assumed"]
    networks = [figure for figure in tree.walk() if figure.key == "network"]
    assert networks
    for figure in networks:
        assert figure.value == assumed.si
        assert figure.fact == assumed


def test_that_inputs_have_different_keys(comparison):
    for figure in comparison.explanation.walk():
        keys = [part.key for part in figure.inputs]
        assert len(set(keys)) == len(keys), figure.key


def test_that_the_step_is_the_sum_of_its_parts(comparison):
    step = next(figure for figure in comparison.explanation.walk() if figure.key == "step_seconds")
    assert step.value == pytest.approx(comparison.headline.step.total, rel=1e-12)
    assert sum(part.value for part in step.inputs) == pytest.approx(step.value, rel=1e-9)


def leaf(comparison, key):
    return next(figure for figure in comparison.explanation.walk() if figure.key == key)


def test_that_the_users_numbers_are_marked_as_such(comparison):
    assert leaf(comparison, "samples").origin is leaf(comparison, "passes").origin is Origin.USER
    assert leaf(comparison, "batch_samples").origin is not Origin.USER
    expected = Origin.USER if comparison.spec.gpus else Origin.CALCULATED
    figures = [f for f in comparison.explanation.inputs if f.key == "gpus"]
    assert [figure.origin for figure in figures] == [expected]


def explained(catalogue, **more):
    spec = language_run(catalogue, machine="leonardo-booster", **more)
    return compare(spec, only(catalogue, "leonardo-booster"))


def test_that_a_batch_is_the_users_own_where_it_divides_and_calculated_where_not(catalogue):
    kept = leaf(explained(catalogue, gpus=64, global_batch_samples=1024), "batch_samples")
    assert (kept.value, kept.origin) == (1024, Origin.USER)
    moved = leaf(explained(catalogue, gpus=24, global_batch_samples=1024), "batch_samples")
    assert moved.value != 1024
    assert moved.origin is Origin.CALCULATED
    assert text(moved.note).startswith("You named 1024 samples.")


def test_that_a_count_that_could_not_be_taken_is_not_called_the_users(catalogue):
    figures = [f for f in explained(catalogue, gpus=5000).explanation.inputs if f.key == "gpus"]
    assert [figure.origin for figure in figures] == [Origin.CALCULATED]


def test_that_finer_choices_of_the_layout_are_explained(catalogue):
    small = only(catalogue, "marenostrum5-acc")
    spec = language_run(small, machine="marenostrum5-acc", gpus=32, precision="fp8", global_batch_samples=256)
    layout = LayoutChoice(tensor_parallel=1, pipeline_parallel=2, zero_stage=1, schedule="zero-bubble")
    comparison = compare(replace(spec, layout=layout), small)
    figures = {figure.key: figure for figure in comparison.explanation.walk()}
    assert "ZB-H1" in figures["bubble"].words
    assert "current scaling" in figures["quantised_bytes"].note
    assert "2 layers stay in 16 bit" in figures["quantised_bytes"].note
    assert any("2 layers stay in 16 bit" in sentence for sentence in tuple(map(text, comparison.assumptions)))
    groups = compare(replace(spec, layout=LayoutChoice(zero_stage=3, shard_group=4)), small)
    figures = {figure.key: figure for figure in groups.explanation.walk()}
    assert "in groups of 4" in figures["step_seconds"].note


def card_facts(gpu: Gpu) -> bool:
    """Whether a step can be computed on a card at all."""
    return not missing_facts(CATALOGUE.machine("leonardo-booster"), gpu)


@pytest.mark.parametrize("software", ["megatron", "fsdp"])
@pytest.mark.parametrize("precision", ["bf16", "fp8", "nvfp4"])
@pytest.mark.parametrize("card", [key for key, gpu in CATALOGUE.gpus.items() if card_facts(gpu)])
def test_that_shown_peaks_and_coefficients_are_those_that_the_kernels_used(card, precision, software):
    machine = with_machine(only(CATALOGUE, "leonardo-booster"), "leonardo-booster", gpu=card)
    spec = language_run(
        machine, "SmolLM2-135M", tokens=1e9, machine="leonardo-booster", gpus=4, precision=precision,
        software=software, global_batch_samples=64,
    )  # fmt: skip
    tree = compare(spec, machine).explanation
    shown = {figure.key: figure for figure in tree.walk()}
    calibration = load_calibration()
    devices = device_columns((CATALOGUE.gpus[card],), calibration.coefficients, calibration.family_share)
    bits = prepare(spec, machine, calibration).problem.bits[0]
    rate = {4.0: devices.rate_4, 8.0: devices.rate_8}.get(float(bits), devices.rate_16)
    shares = [
        figure.value
        for figure in shown["gemm_share"].inputs
        if figure.key.startswith("gemm_share") or figure.key == "card_correction"
    ]
    assert shown["peak"].value * math.prod(shares) == pytest.approx(rate[0], rel=1e-12)
    attention = devices.attention_tuned_rate if software == "megatron" else devices.attention_rate
    share = next(one.value for one in shown["attention_share"].inputs if one.key != "attention_head_half")
    assert shown["peak_16"].value * share == pytest.approx(attention[0], rel=1e-12)
