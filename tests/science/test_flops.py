"""FLOP of training, against published formulas and measured forward passes."""

import pytest

from estimators.workloads.columns import side_by_side
from estimators.workloads.language import decoder_shape
from estimators.workloads.transformer import mean_context
from tests.science.cases import decoder_work, megatron_gpt, vision_work

A100_PEAK = 312e12
"""Dense bf16 FLOP/s of an A100 (NVIDIA data sheet)."""

MEGATRON = {
    # Korthikanti et al., arXiv:2205.05198, tables 3 and 5 (selective recomputation, sequence parallelism):
    # layers, hidden, heads, devices, batch, seconds of an iteration, published MFU in percent
    "22B": (48, 6144, 64, 8, 4, 1.10, 41.5),
    "175B": (96, 12_288, 96, 64, 64, 13.75, 51.4),
    "530B": (105, 20_480, 128, 280, 280, 37.83, 56.0),
    "1T": (128, 25_600, 160, 512, 512, 71.49, 56.3),
}


def narayanan(batch: float, layers: int, hidden: int, sequence: int = 2048, vocab: int = 51_200) -> float:
    """72·B·s·L·h²·(1 + s/6h + V/12Lh): model FLOP without recomputation, full attention square.

    Narayanan et al., arXiv:2104.04473, equation 3, with 72 in place of 96 (no second forward pass).
    """
    share = 1 + sequence / (6 * hidden) + vocab / (12 * layers * hidden)
    return 72 * batch * sequence * layers * hidden**2 * share


@pytest.mark.parametrize("size", MEGATRON)
def test_that_model_flops_of_megatron_follow_the_published_formula(size):
    layers, hidden, heads, _, batch, _, _ = MEGATRON[size]
    work = decoder_work(megatron_gpt(layers, hidden, heads))
    ours = float(work.model_flops_per_sample) * batch
    assert ours == pytest.approx(narayanan(batch, layers, hidden), rel=1e-12)


@pytest.mark.parametrize("size", MEGATRON)
def test_that_published_iteration_times_give_the_published_mfu(size):
    layers, hidden, heads, devices, batch, seconds, mfu = MEGATRON[size]
    work = decoder_work(megatron_gpt(layers, hidden, heads))
    flops = float(work.model_flops_per_sample) * batch
    # 0.3 points: iteration times are printed with three digits (1.10 s is 41.7, not 41.5)
    assert 100 * flops / (seconds * devices * A100_PEAK) == pytest.approx(mfu, abs=0.3)


def test_that_model_flops_count_the_full_square_and_kernels_half_of_it():
    # Narayanan does not halve causal attention; a fused kernel computes (s + 1) / 2 of s positions
    attention = decoder_work(megatron_gpt(48, 6144, 64, fused=True)).train.inner[0].mixers[0]
    assert float(attention.full_context) == 2048
    assert float(attention.context) == 2049 / 2
    stored = decoder_work(megatron_gpt(48, 6144, 64, fused=False)).train.inner[0].mixers[0]
    assert float(stored.context) == 2048


def test_that_a_token_of_llama_2_7b_costs_six_flops_a_weight(catalogue):
    # 6·N·s with N without the embedding (a lookup is no product), plus attention 12·L·h·s²
    card = catalogue.model("Llama-2-7b-hf")
    work = decoder_work(decoder_shape(card.architecture, 4096))
    weights = 6_738_415_616 - 32_000 * 4096 - (2 * 32 + 1) * 4096
    by_hand = 6 * weights * 4096 + 12 * 32 * 4096 * 4096**2
    assert float(work.model_flops_per_sample) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize(
    ("identity", "gigaflops"),
    [
        # forward GFLOP of one image of 224 pixels, timm models under torch's FlopCounterMode (a multiply-add
        # counts 2); the same method gives open_clip's published table for CLIP
        ("vit-base-patch16-224", 35.1),
        ("vit-large-patch16-224", 123.1),
        ("vit-small-patch16-224", 9.2),
    ],
)
def test_that_a_forward_pass_of_a_vision_transformer_costs_what_was_measured(catalogue, identity, gigaflops):
    forward = float(vision_work(catalogue.model(identity).architecture).model_flops_per_sample) / 3
    # 0.5 %: printed with one decimal; our patch embedding also runs for the class token (0.1 %)
    assert forward / 1e9 == pytest.approx(gigaflops, rel=5e-3)


def test_that_vit_b_16_adds_up_by_hand(catalogue):
    # tokens 197; 12 blocks of 24·t·d² + 4·t²·d; patches 2·t·3·16²·d; head 2·1000·d
    tokens, width = 197, 768
    blocks = 12 * (24 * tokens * width**2 + 4 * tokens**2 * width)
    by_hand = blocks + 2 * tokens * 3 * 16**2 * width + 2 * 1000 * width
    work = vision_work(catalogue.model("vit-base-patch16-224").architecture)
    assert float(work.model_flops_per_sample) / 3 == pytest.approx(by_hand, rel=1e-12)


def brute_force_context(tokens: int, window: int) -> float:
    """Mean over positions of how many of the last `window` positions exist."""
    return sum(min(position + 1, window) for position in range(tokens)) / tokens


@pytest.mark.parametrize(("tokens", "window"), [(8192, 4096), (32_768, 4096), (131_072, 1024)])
def test_that_a_window_sees_w_less_half_a_triangle(tokens, window):
    found = float(mean_context(tokens, 1.0, window))
    assert found == window - window**2 / (2 * tokens)
    # the exact mean is half a position higher: below 0.1 % for any real window
    assert found == pytest.approx(brute_force_context(tokens, window), rel=1e-3)


def test_that_a_window_wider_than_the_sequence_changes_nothing():
    assert float(mean_context(4096, 1.0, 8192)) == float(mean_context(4096, 1.0, float("inf"))) == 4097 / 2


def test_that_a_mask_free_model_attends_to_all_positions():
    assert float(mean_context(197, 0.0, float("inf"))) == 197


def test_that_many_shapes_side_by_side_count_as_each_alone(catalogue):
    shapes = [
        decoder_shape(catalogue.model(name).architecture, 2048)
        for name in ("Llama-2-7b-hf", "Llama-3.1-8B", "SmolLM2-1.7B", "tiny-llama-1.1b")
    ]
    together = decoder_work(side_by_side(shapes))
    for i, shape in enumerate(shapes):
        alone = decoder_work(shape)
        assert together.parameters[i] == float(alone.parameters)
        assert together.model_flops_per_sample[i] == float(alone.model_flops_per_sample)
