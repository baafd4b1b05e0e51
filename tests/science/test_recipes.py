"""Recipes of FP8 and FP4 by hand: what quantising moves, the rate of the products, what stays in 16 bit."""

from dataclasses import replace

import numpy as np
import pytest

from app.words import text
from estimators import LayoutChoice, OwnHardware, RunError, compare
from estimators.hardware.devices import device_columns
from estimators.hardware.recipes import NAMES, RECIPES, layers_in_16_bit, recipe_row
from estimators.parallel.step import step_times
from estimators.workloads.language import decoder_shape
from tests.science.cases import IDEAL_NETWORK, decoder_work, fabric, language_run, layouts, only, trained
from tests.spoken import notes_of

EXACT = {"rel": 1e-12}
SMOOTH = replace(IDEAL_NETWORK, wave_exponent=0.0, k_half=0.0, alignment_loss=0.0, cast_passes=1.0)
FREE = replace(SMOOTH, cast_passes=0.0)
QUANTIZED = ("delayed", "current", "row-wise", "block-wise")
LLAMA_PRODUCTS = (4096 + 3 * 4096) + (4096 + 4096) + (4096 + 2 * 11_008) + (11_008 + 4096)
"""Inputs and output gradients of the four products of a Llama 2 7B layer, elements for one token."""


@pytest.fixture(scope="module")
def llama(catalogue):
    return decoder_work(decoder_shape(catalogue.model("Llama-2-7b-hf").architecture, 4096))


@pytest.fixture
def step(catalogue):
    def evaluate(work, rows, coefficients=SMOOTH, gpu="b200-sxm"):
        devices = device_columns((catalogue.gpus[gpu],), coefficients, {})
        return step_times(work, rows, devices, fabric(8, 900e9, 50e9), coefficients)

    return evaluate


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("delayed", 2 + 1 + 1),  # read 16 bit, write both orientations in 8 bit
        ("current", 2 + 2 + 1 + 1),  # a pass for the maximum before
        ("row-wise", 2 + 1 + 2 + 2 + 1),  # rows in one pass, columns in two
        ("block-wise", 2 + 2 * (1 + 4 / 128)),  # a scale of fp32 for 128 elements
        ("mxfp8", 2 + 2 * (1 + 1 / 32)),  # a scale of 8 bit for 32 elements
        ("nvfp4", 2 + 2 + 2 * (0.5 + 1 / 16)),  # a pass for the tensor's scale, a scale of 8 bit for 16
    ],
)
def test_that_quantising_moves_the_bytes_of_its_recipe(llama, step, catalogue, name, moved):
    bits = 4 if name == "nvfp4" else 8
    rows = layouts(bits=bits, recipe=NAMES.index(name))
    spent = step(llama, rows).memory_bound[0] - step(llama, rows, FREE).memory_bound[0]
    bandwidth = device_columns((catalogue.gpus["b200-sxm"],), SMOOTH, {}).bandwidth[0]
    assert spent == pytest.approx(32 * moved * LLAMA_PRODUCTS * 4096 / bandwidth, rel=1e-9)


def test_that_16_bit_quantises_nothing(llama, step):
    for recipe in range(len(RECIPES)):
        row = layouts(bits=16, recipe=recipe)
        assert step(llama, row).memory_bound[0] == step(llama, row, FREE).memory_bound[0]


def test_that_only_scales_of_rows_slow_the_product_itself(llama, step):
    gemm = [step(llama, layouts(bits=8, recipe=NAMES.index(name))).gemm[0] for name in QUANTIZED]
    by_name = dict(zip(QUANTIZED, gemm, strict=True))
    assert by_name["delayed"] == by_name["current"] == by_name["block-wise"]
    assert by_name["row-wise"] > by_name["current"]


def test_that_attention_and_head_stay_in_16_bit(llama, step):
    wide, narrow = step(llama, layouts(bits=[16, 8]), replace(SMOOTH, cast_passes=0.0)).attention
    assert narrow == wide
    headless = trained(llama.parts[:-1])
    head = [
        step(llama, layouts(bits=b)).gemm[0] - step(headless, layouts(bits=b)).gemm[0] for b in (16, 8, 4)
    ]
    assert head[1] == pytest.approx(head[0], rel=1e-9)
    assert head[2] == pytest.approx(head[0], rel=1e-9)


def test_that_layers_kept_in_16_bit_cost_what_they_cost_there(llama, step):
    # 8 of 32 layers: a quarter at the rate of 16 bit, and they quantise nothing
    nv = NAMES.index("nvfp4")
    none, some, all_of_them, wide = (
        step(llama, layouts(bits=bits, recipe=nv, layers_16=kept))
        for bits, kept in ((4, 0), (4, 8), (4, 32), (16, 0))
    )
    assert some.gemm[0] == pytest.approx(0.75 * none.gemm[0] + 0.25 * wide.gemm[0], rel=1e-9)
    assert all_of_them.gemm[0] == pytest.approx(wide.gemm[0], rel=1e-9)
    assert all_of_them.memory_bound[0] == pytest.approx(wide.memory_bound[0], rel=1e-9)


@pytest.mark.parametrize(
    ("precision", "bits", "chosen", "name"),
    [
        ("fp8", 8.0, None, "current"),
        ("fp8", 8.0, "delayed", "delayed"),
        ("fp8", 8.0, "block-wise", "block-wise"),
        ("mxfp8", 8.0, None, "mxfp8"),
        ("mxfp8", 8.0, "row-wise", "mxfp8"),
        ("nvfp4", 4.0, None, "nvfp4"),
        ("nvfp4", 8.0, None, "current"),  # a card without FP4 falls back to FP8
    ],
)
def test_that_a_precision_has_its_recipe(precision, bits, chosen, name):
    assert NAMES[recipe_row(precision, bits, chosen)] == name


def test_that_training_keeps_the_layers_that_its_recipe_names():
    # NVFP4: 15 % of 32 layers, rounded up; current scaling of Megatron Bridge: the first and the last
    assert layers_in_16_bit(NAMES.index("nvfp4"), 4.0, 32.0, "megatron") == 5
    assert layers_in_16_bit(NAMES.index("current"), 8.0, 32.0, "megatron") == 2
    assert layers_in_16_bit(NAMES.index("current"), 8.0, 32.0, "fsdp") == 0
    assert layers_in_16_bit(NAMES.index("mxfp8"), 8.0, 32.0, "megatron") == 0
    assert layers_in_16_bit(NAMES.index("current"), 16.0, 32.0, "megatron") == 0


def test_that_a_user_may_name_the_recipe(catalogue):
    small = only(catalogue, "marenostrum5-acc")
    spec = language_run(small, machine="marenostrum5-acc", gpus=8, precision="fp8")

    def step_of(recipe):
        answer = compare(replace(spec, layout=LayoutChoice(recipe=recipe, tensor_parallel=1)), small).answers[
            0
        ]
        assert answer.layout.recipe == (recipe or "current")
        return answer

    delayed, current, rows = (step_of(name) for name in ("delayed", "current", "row-wise"))
    assert delayed.step.memory_bound < current.step.memory_bound
    assert current.step.gemm < rows.step.gemm
    assert step_of(None).step == current.step
    assert current.layout.layers_16 == 2
    wide = compare(replace(spec, precision="bf16"), small).answers[0]
    assert wide.layout.recipe is None
    assert wide.layout.layers_16 == 0


def test_that_recipes_have_names_sources_and_sensible_bytes():
    assert len(set(NAMES)) == len(NAMES)
    for recipe in RECIPES:
        assert recipe.source
        assert 2.0 < recipe.bytes < 12.0
    assert np.argmin([recipe.bytes for recipe in RECIPES]) == NAMES.index("delayed")


@pytest.mark.parametrize("precision", ["fp8", "mxfp8", "nvfp4"])
def test_that_no_card_gains_from_a_precision_that_nobody_measured_on_its_generation(
    catalogue, calibration, precision
):
    """Every card of the catalogue: a gain, or a narrow range, only where a measured run supports it."""
    small = only(catalogue, "leonardo-booster")
    for gpu in catalogue.gpus.values():
        own = OwnHardware(gpu=gpu.id, gpus=8)
        try:
            plain = compare(language_run(catalogue, own=own), small).own
        except RunError:
            continue  # facts of a coming card are not published
        found = compare(language_run(catalogue, own=own, precision=precision), small)
        low = found.own
        if not plain.fits or not gpu.supports(precision):
            continue
        measured = (4 if precision == "nvfp4" else 8) in calibration.measured_widths.get(gpu.family, ())
        said = any("No measured run in" in words for words in tuple(map(text, found.assumptions)))
        if measured:
            assert (low.precision, said) == (precision, False), gpu.id
            assert low.gpu_hours.p50 < plain.gpu_hours.p50, gpu.id
        else:
            assert low.gpu_hours.p50 == plain.gpu_hours.p50, gpu.id
            assert (low.evidence, said) == ("far", True), gpu.id
            assert f"{precision} never measured: {low.precision}" in notes_of(low)
            assert low.gpu_hours.p90 / low.gpu_hours.p50 > 1.27, "21 % slower than bf16, as one report has it"


def test_that_calibration_names_the_widths_of_measured_runs(calibration):
    assert calibration.measured_widths == {"blackwell": (4, 8), "hopper": (8,)}
    assert calibration.has_runs_in(16.0, "cdna")
    assert not calibration.has_runs_in(8.0, "cdna")
