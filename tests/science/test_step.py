"""Parts of one step by hand: products, attention, pipeline, what is communicated how often, the optimiser."""

from dataclasses import fields, replace

import numpy as np
import pytest

from estimators.hardware.devices import device_columns
from estimators.hardware.kernels import gemm_seconds
from estimators.hardware.network import gather_seconds, place
from estimators.parallel.step import Steps, step_times
from estimators.parameters import SOFTWARE, Coefficients
from estimators.workloads.language import decoder_shape
from tests.science.cases import (
    EXPOSED,
    IDEAL_NETWORK,
    STEP_PARTS,
    concatenate,
    decoder_work,
    fabric,
    layouts,
    megatron_gpt,
    trained,
)

EXACT = {"rel": 1e-12}
SMOOTH = replace(IDEAL_NETWORK, wave_exponent=0.0, k_half=0.0, alignment_loss=0.0, straggler_sigma=0.0)
"""Products at one rate whatever their shape, so that their times are proportional to their FLOP."""
LLAMA_2_7B = 6_738_415_616
LLAMA_LAYER = 4 * 4096**2 + 3 * 4096 * 11_008 + 2 * 4096
LLAMA_ENDS = 2 * 32_000 * 4096 + 4096


@pytest.fixture(scope="module")
def a100(catalogue):
    return catalogue.gpus["a100-80-sxm"]


@pytest.fixture(scope="module")
def llama(catalogue):
    return decoder_work(decoder_shape(catalogue.model("Llama-2-7b-hf").architecture, 4096))


@pytest.fixture
def step(a100):
    """Steps of layouts on eight A100 to a node, each with one HDR card."""

    def evaluate(work, rows, coefficients: Coefficients = SMOOTH, system=None) -> Steps:
        devices = device_columns((a100,), coefficients, {})
        return step_times(work, rows, devices, system or fabric(8, 300e9, 25e9), coefficients)

    return evaluate


def test_that_a_product_pays_for_partly_filled_waves():
    # 4096 × 4096 × 4096: 32 × 16 tiles of 128 × 256 on 108 multiprocessors run 5 waves, 512 of 540 places
    # used (Anthony et al., arXiv:2401.14489, section 3)
    whole = replace(SMOOTH, wave_exponent=1.0)
    seconds = gemm_seconds(4096.0, 4096.0, 4096.0, 312e12, 108.0, 2e12, whole)
    assert float(seconds) == pytest.approx(2 * 4096**3 / (312e12 * 512 / 540), **EXACT)


def test_that_a_thin_product_waits_for_its_weights():
    # one token: 4096² weights of 2 bytes, read once
    seconds = gemm_seconds(1.0, 4096.0, 4096.0, 312e12, 108.0, 2e12, SMOOTH)
    assert float(seconds) == pytest.approx((2 * (4096 + 4096**2) + 2 * 4096) / 2e12, **EXACT)


def test_that_an_inner_size_of_k_half_reaches_half_of_the_rate():
    ramped = replace(SMOOTH, k_half=4096.0)
    fast, slow = (gemm_seconds(4096.0, 4096.0, 4096.0, 312e12, 108.0, 2e12, c) for c in (SMOOTH, ramped))
    assert float(slow) == pytest.approx(2 * float(fast), **EXACT)


def test_that_training_takes_three_forward_passes_of_products(llama, step, a100):
    # 6 FLOP a weight and token at the sustained rate; the head is padded to a multiple of 128 already
    rate = device_columns((a100,), SMOOTH, {}).rate_16[0]
    weights = 32 * (LLAMA_LAYER - 2 * 4096) + 32_000 * 4096
    found = step(llama, layouts()).gemm[0]
    assert found == pytest.approx(6 * weights * 4096 / rate, **EXACT)


def test_that_full_recomputation_adds_one_forward_pass_of_the_layers(llama, step, a100):
    rate = device_columns((a100,), SMOOTH, {}).rate_16[0]
    none, full = step(llama, layouts(recompute=[0, 2])).gemm
    layers = 32 * (LLAMA_LAYER - 2 * 4096)
    assert full - none == pytest.approx(2 * layers * 4096 / rate, rel=1e-9)


def test_that_flash_attention_costs_three_and_a_half_forward_passes(llama, step, a100):
    # two products forward, five backward; half the square is skipped: (s + 1) / 2 positions
    devices = device_columns((a100,), SMOOTH, {})
    core = 32 * 4 * (4097 / 2) * 4096 * 4096
    head = 128 / (128 + SMOOTH.attention_head_half)
    row = layouts(software=SOFTWARE.index("fsdp"))
    found = step(llama, row).attention[0]
    assert found == pytest.approx(3.5 * core / (devices.attention_rate[0] * head), **EXACT)


def test_that_adam_moves_thirty_bytes_for_each_local_parameter(llama, step, a100):
    bandwidth = device_columns((a100,), SMOOTH, {}).bandwidth[0]
    plain, sharded = step(llama, layouts(data=8, zero=[0, 1])).optimiser
    assert plain == pytest.approx(30 * LLAMA_2_7B / bandwidth, **EXACT)
    assert sharded == pytest.approx(plain / 8, **EXACT)


def test_that_the_slowest_of_n_devices_is_root_two_log_n_sigma_late(llama, step):
    # 64 devices, σ = 1 %: √(2·ln 64) = 2.884 σ
    late = replace(SMOOTH, straggler_sigma=0.01)
    found = step(llama, layouts(data=64), late)
    rest = sum(float(getattr(found, name)[0]) for name in STEP_PARTS if name != "straggler")
    assert found.straggler[0] == pytest.approx(0.01 * np.sqrt(2 * np.log(64)) * rest, rel=1e-9)


# ---------------------------------------------------------------- pipeline


def without_ends(work):
    """The same trunk without embedding, head and loss, so that all stages are equal."""
    return trained(work.train.inner)


@pytest.mark.parametrize(("interleave", "lost"), [(1, 7 / 64), (3, 7 / 64 / 3)])
def test_that_a_pipeline_of_equal_stages_loses_p_less_one_over_m(step, interleave, lost):
    # Narayanan et al., arXiv:2104.04473, section 2.2: (p − 1)/m of the ideal time, divided by v
    work = without_ends(decoder_work(megatron_gpt(96, 12_288, 96, fused=True)))
    row = layouts(tensor=8, pipeline=8, interleave=interleave, micro_batches=64, zero=0)
    found = step(work, row)
    once = SMOOTH.step_host_seconds
    ideal = found.gemm + found.attention + found.memory_bound + found.launch - once
    ideal = ideal + found.tensor_parallel_exposed
    assert found.bubble[0] / ideal[0] == pytest.approx(lost, rel=1e-9)


def test_that_the_stage_with_the_head_sets_the_pace(catalogue, step):
    # a 256,000-token head on the last of 4 stages: the others wait for it in every micro-batch
    card = catalogue.model("Gemma-2-2b")
    work = decoder_work(decoder_shape(card.architecture, 4096))
    even = without_ends(work)
    rows = layouts(pipeline=2, micro_batches=64)
    assert step(work, rows).bubble[0] > 5 * step(even, rows).bubble[0]


def test_that_one_stage_has_no_bubble_and_no_sends(llama, step):
    found = step(llama, layouts(data=16, micro_batches=8, zero=[0, 1, 2, 3]))
    assert np.all(found.bubble < 1e-9 * found.total)
    assert np.all(found.pipeline_send_exposed == 0)


def test_that_pipeline_messages_are_split_over_the_tensor_parallel_ranks(llama, step):
    # m·v activations and as many gradients of 2·b·s·h / t bytes, over the network
    found = step(llama, layouts(tensor=8, pipeline=4, micro_batches=16, zero=0))
    one = 2 * 4096 * 4096 / 8 / 25e9
    assert found.pipeline_send_exposed[0] == pytest.approx(SMOOTH.send_exposed * 2 * 16 * one, **EXACT)


# ---------------------------------------------------------------- what is communicated, and how often


def gathered(size: float, members: float, stride: float = 1.0) -> float:
    group = place(members, stride, fabric(8, 300e9, 25e9), IDEAL_NETWORK)
    return float(gather_seconds(size, group, IDEAL_NETWORK)[0])


def test_that_ddp_reduces_once_a_step(llama, step):
    # one all-reduce of fp32 gradients, whatever the number of micro-batches
    found = step(llama, layouts(data=16, zero=0, micro_batches=[1, 8]))
    by_hand = 2 * gathered(4 * LLAMA_2_7B, 16)
    assert found.communication_total == pytest.approx([by_hand, by_hand], rel=1e-9)


def test_that_zero_1_scatters_gradients_and_gathers_weights_once_a_step(llama, step):
    found = step(llama, layouts(data=16, zero=1, micro_batches=[1, 8]))
    by_hand = gathered(4 * LLAMA_2_7B, 16) + gathered(2 * LLAMA_2_7B, 16)
    assert found.communication_total == pytest.approx([by_hand, by_hand], rel=1e-9)


def test_that_zero_2_scatters_in_every_micro_batch_and_gathers_once(llama, step):
    found = step(llama, layouts(data=16, zero=2, micro_batches=[1, 8]))
    scatter, gather = gathered(4 * LLAMA_2_7B, 16), gathered(2 * LLAMA_2_7B, 16)
    by_hand = [scatter + gather, 8 * scatter + gather]
    # the last norm travels with the layers: below a millionth
    assert found.communication_total == pytest.approx(by_hand, rel=1e-6)


def test_that_zero_3_gathers_twice_and_scatters_once_in_every_micro_batch(llama, step):
    # embedding and head included: 262 M of 6,738 M parameters
    found = step(llama, layouts(data=16, zero=3, micro_batches=[1, 8]))
    one = 2 * gathered(2 * LLAMA_2_7B, 16) + gathered(4 * LLAMA_2_7B, 16)
    assert found.communication_total == pytest.approx([one, 8 * one], rel=1e-6)


@pytest.mark.parametrize(("software", "sums"), [("fsdp", 4), ("megatron", 1)])
def test_that_hybrid_sharding_gathers_inside_the_node_and_reduces_across(llama, step, software, sums):
    # shards over 8 devices of a node; each shard's gradient is all-reduced over 2 nodes: by PyTorch in each
    # of 4 micro-batches, by Megatron-FSDP beside the last
    row = layouts(data=16, zero=3, shard=8, micro_batches=4, software=SOFTWARE.index(software))
    found = step(llama, row)
    across = 2 * gathered(4 * LLAMA_2_7B / 8, 2, stride=8)
    inside = 2 * gathered(2 * LLAMA_2_7B, 8) + gathered(4 * LLAMA_2_7B, 8)
    assert found.communication_total[0] == pytest.approx(4 * inside + sums * across, rel=1e-6)


def test_that_tensor_parallelism_reduces_the_stream_four_times_a_layer(llama, step):
    # twice forward, twice backward; full recomputation runs the forward two again
    found = step(llama, layouts(tensor=8, recompute=[0, 2], zero=0, micro_batches=3))
    one = 2 * gathered(2 * 4096 * 4096, 8)
    assert found.communication_total == pytest.approx([3 * 32 * 4 * one, 3 * 32 * 6 * one], rel=1e-9)


def test_that_context_parallelism_sends_keys_and_values_round(catalogue, step):
    # Llama-3.1-8B at 32,768 tokens over 4 devices: k and v of 2 bytes × 8 heads × 128, forward and twice back
    work = decoder_work(decoder_shape(catalogue.model("Llama-3.1-8B").architecture, 32_768))
    found = step(work, layouts(context=4, zero=0))
    keys_and_values = gathered(2 * 2 * 8 * 128 * 32_768, 4)
    gradients = 2 * gathered(4 * float(work.parameters), 4)
    by_hand = 32 * 3 * keys_and_values + gradients
    assert found.communication_total[0] == pytest.approx(by_hand, rel=1e-9)


def test_that_full_overlap_hides_what_the_backward_pass_covers(llama, step):
    # a step of 64 micro-batches computes far longer than ZeRO-1 communicates; nothing slows down
    hidden = replace(SMOOTH, dp_overlap_fsdp=1.0, overlap_slowdown=0.0)
    row = layouts(data=8, zero=1, micro_batches=64, micro_batch=4, software=SOFTWARE.index("fsdp"))
    found = step(llama, row, hidden)
    assert found.communication_total[0] > 0
    assert found.data_parallel_exposed[0] == 0


def test_that_without_overlap_all_of_it_shows(llama, step):
    bare = replace(SMOOTH, dp_overlap_fsdp=0.0)
    row = layouts(data=16, zero=[0, 1, 2, 3], micro_batches=4, software=SOFTWARE.index("fsdp"))
    found = step(llama, row, bare)
    assert found.data_parallel_exposed == pytest.approx(found.communication_total, rel=1e-9)


def test_that_one_device_communicates_nothing(llama, step):
    rows = layouts(zero=[0, 1, 2, 3, 3], shard=[0, 0, 0, 0, 8], micro_batches=4)
    found = step(llama, rows, Coefficients())
    assert np.all(found.communication_total == 0)
    assert np.all(found.straggler == 0)
    for name in EXPOSED:
        assert np.all(getattr(found, name) == 0), name


def test_that_rows_do_not_disturb_one_another(llama, step):
    rows = [
        layouts(data=8, zero=3, micro_batches=4),
        layouts(tensor=8, pipeline=4, micro_batches=16),
        layouts(data=64, zero=1, recompute=2),
    ]
    together = step(llama, concatenate(rows), Coefficients())
    for i, row in enumerate(rows):
        alone = step(llama, row, Coefficients())
        for item in fields(Steps):
            assert getattr(together, item.name)[i] == getattr(alone, item.name)[0], item.name
