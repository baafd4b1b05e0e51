"""Memory of one device by hand: states after ZeRO, activations after Korthikanti et al.

States: Rajbhandari et al., arXiv:1910.02054, with fp32 gradients as Megatron and FSDP keep them.
"""

from dataclasses import replace

import numpy as np
import pytest

from estimators.parallel.layout import RECOMPUTE
from estimators.parallel.memory import (
    layer_activation_bytes,
    memory_of,
    micro_batches_in_flight,
    reserved_bytes,
    stage_parameters,
    usable_bytes,
)
from estimators.workloads.language import decoder_shape
from estimators.workloads.work import Saved
from tests.science.cases import decoder_work, layouts, megatron_gpt

LLAMA_2_7B = 6_738_415_616
LLAMA_LAYER = 4 * 4096**2 + 3 * 4096 * 11_008
"""Matrices of one layer; two norms of 4,096 come on top."""
EXACT = {"rel": 1e-12}


GIB = 2**30
CONTEXT_BYTES, COMMUNICATOR_BYTES = 1.0 * GIB, 0.5 * GIB
"""A driver context of 1 GiB, and half a GiB for each dimension that communicates."""


def llama(catalogue, tokens: int = 4096):
    return decoder_work(decoder_shape(catalogue.model("Llama-2-7b-hf").architecture, tokens))


def states(memory) -> float:
    return float((memory.weights + memory.gradients + memory.optimiser)[0])


def test_that_zero_3_keeps_sixteen_bytes_a_parameter_over_all_devices(catalogue):
    # fp32 weights, which are the master copy, fp32 gradients, two Adam moments: 16·6.738e9 / 8 = 13.48 GB
    memory = memory_of(llama(catalogue), layouts(data=8, zero=3))
    assert states(memory) == pytest.approx(16 * LLAMA_2_7B / 8, **EXACT)
    assert states(memory) == pytest.approx(13.48e9, rel=1e-3)


def test_that_zero_3_holds_two_gathered_layers_and_the_gradient_of_one(catalogue):
    # 16-bit weights of this layer and the next, fp32 gradients of this one: 8 bytes of 202.4 M = 1.62 GB
    memory = memory_of(llama(catalogue), layouts(data=8, zero=3))
    assert float(memory.buffers[0]) == pytest.approx(8 * LLAMA_LAYER, **EXACT)


def test_that_zero_3_gathers_a_large_vocabulary_whole(catalogue):
    # Gemma 2 9B: 256,000 × 3,584 = 917 M weights in one unit, four layers' worth
    work = decoder_work(decoder_shape(catalogue.model("Gemma-2-9b").architecture, 4096))
    memory = memory_of(work, layouts(data=64, zero=3))
    assert float(memory.buffers[0]) > 6 * 256_000 * 3584


def test_that_zero_1_shards_the_optimiser_alone(catalogue):
    # 16-bit weights and fp32 gradients whole, 12 bytes of master copy and moments over 8 devices
    memory = memory_of(llama(catalogue), layouts(data=8, zero=1))
    assert states(memory) == pytest.approx((6 + 12 / 8) * LLAMA_2_7B, **EXACT)
    assert float(memory.buffers[0]) == 0


def test_that_zero_2_shards_gradients_too(catalogue):
    memory = memory_of(llama(catalogue), layouts(data=8, zero=2))
    assert states(memory) == pytest.approx((2 + 16 / 8) * LLAMA_2_7B, **EXACT)


@pytest.mark.parametrize("zero", [0, 1, 2])
def test_that_one_device_keeps_eighteen_bytes_a_parameter(catalogue, zero):
    # Megatron with 16-bit weights, fp32 main gradients, fp32 master copy and moments
    memory = memory_of(llama(catalogue), layouts(zero=zero))
    assert states(memory) == pytest.approx(18 * LLAMA_2_7B, **EXACT)


def test_that_a_shard_group_limits_what_zero_3_divides(catalogue):
    # hybrid sharding: 8 of 64 devices share the states
    memory = memory_of(llama(catalogue), layouts(data=64, zero=3, shard=8))
    assert states(memory) == pytest.approx(16 * LLAMA_2_7B / 8, **EXACT)


def test_that_a_group_of_one_shares_nothing_and_plain_data_parallelism_knows_no_groups(catalogue):
    # ZeRO-1: 12 bytes over the group; without ZeRO 18 bytes whatever the group
    held = memory_of(llama(catalogue), layouts(data=16, zero=[1, 1, 0], shard=[4, 1, 4]))
    found = held.weights + held.gradients + held.optimiser
    assert found / LLAMA_2_7B == pytest.approx([6 + 12 / 4, 18, 18], **EXACT)


def test_that_context_ranks_share_states_as_replicas_do(catalogue):
    memory = memory_of(llama(catalogue), layouts(data=4, context=2, zero=1))
    assert states(memory) == pytest.approx((6 + 12 / 8) * LLAMA_2_7B, **EXACT)


def test_that_a_group_brings_buffers_of_its_own(catalogue):
    # data and context communicate; so does a group of four among eight, and not one of all eight
    found = memory_of(llama(catalogue), layouts(data=4, context=2, zero=1, shard=[4, 8, 0])).context
    assert (found - CONTEXT_BYTES) / COMMUNICATOR_BYTES == pytest.approx([3, 2, 2], **EXACT)


def test_that_a_plan_leaves_three_per_cent_of_the_memory_free():
    assert usable_bytes(np.array([100.0])) == pytest.approx(97.0)


def test_that_offload_leaves_the_weights_on_the_device(catalogue):
    memory = memory_of(llama(catalogue), layouts(data=4, zero=3, offload=1))
    assert states(memory) == pytest.approx(2 * LLAMA_2_7B / 4, **EXACT)


def test_that_norms_are_not_divided_by_tensor_parallelism(catalogue):
    whole = stage_parameters(llama(catalogue), layouts())[0]
    split = stage_parameters(llama(catalogue), layouts(tensor=8))[0]
    norms = 32 * 2 * 4096
    assert whole == LLAMA_2_7B
    # the last norm of 4,096 travels with the head: below a millionth
    assert split == pytest.approx((LLAMA_2_7B - norms) / 8 + norms, rel=1e-6)


def test_that_the_first_stage_holds_its_layers_and_the_embedding(catalogue):
    first = stage_parameters(llama(catalogue), layouts(pipeline=4))[0]
    assert first == pytest.approx(8 * (LLAMA_LAYER + 2 * 4096) + 32_000 * 4096, **EXACT)


def test_that_memory_adds_up_with_context_and_gaps(catalogue):
    memory = memory_of(llama(catalogue), layouts(data=8, zero=3, recompute=2))
    names = ("weights", "gradients", "optimiser", "activations", "logits", "buffers")
    allocated = sum(float(getattr(memory, name)[0]) for name in names)
    assert float(memory.fragmentation[0]) == pytest.approx(0.06 * allocated, **EXACT)
    context = CONTEXT_BYTES + COMMUNICATOR_BYTES
    assert float(memory.context[0]) == context
    assert float(memory.reserved[0]) == pytest.approx(1.06 * allocated + context, **EXACT)


def test_that_every_communicator_brings_its_buffers(catalogue):
    # none on one device; tensor, pipeline and data groups each have one
    alone = memory_of(llama(catalogue), layouts()).context[0]
    three = memory_of(llama(catalogue), layouts(tensor=2, pipeline=2, data=2)).context[0]
    assert alone == CONTEXT_BYTES
    assert three == CONTEXT_BYTES + 3 * COMMUNICATOR_BYTES


def test_that_logits_keep_a_16_bit_copy_and_two_in_fp32(catalogue):
    # 4,096 tokens × 32,000 × (2 + 4 + 4) bytes = 1.31 GB
    memory = memory_of(llama(catalogue), layouts())
    assert float(memory.logits[0]) == 4096 * 32_000 * 10


def test_that_logits_are_split_and_leave_the_first_of_several_stages(catalogue):
    logits = memory_of(llama(catalogue), layouts(tensor=[1, 4, 4], pipeline=[1, 1, 2])).logits
    assert list(logits) == [4096 * 32_000 * 10, 4096 * 32_000 * 10 / 4, 0]


SEQUENCE, HIDDEN, HEADS = 2048, 12_288, 96
"""GPT-3 175B in Korthikanti et al., arXiv:2205.05198, table 3; micro-batch 1."""
STREAM = SEQUENCE * HIDDEN
"""s·b·h"""
SCORES = 5 * HEADS * SEQUENCE / HIDDEN
"""5·a·s/h, 80 for this model"""
NO_DROPOUT = 0.06
"""Tolerance against the paper: its 34 holds two dropout masks (one byte each of s·b·h) that models of
today do not keep; ours is 32."""


def kept(work, **layout) -> float:
    tokens, mode = np.array([float(SEQUENCE)]), RECOMPUTE[layout.pop("recompute", 0)]
    return float(layer_activation_bytes(work.train.inner[0], layouts(**layout), tokens, mode)[0])


@pytest.fixture(scope="module")
def gpt_3():
    return decoder_work(megatron_gpt(96, HIDDEN, HEADS))


@pytest.fixture(scope="module")
def fused_gpt_3():
    return decoder_work(megatron_gpt(96, HIDDEN, HEADS, fused=True))


def test_that_a_layer_keeps_what_korthikanti_counts(gpt_3):
    assert kept(gpt_3) == pytest.approx(STREAM * (34 + SCORES), rel=NO_DROPOUT)
    assert kept(gpt_3) == STREAM * (32 + SCORES)


def test_that_tensor_parallelism_divides_all_but_the_stream(gpt_3):
    # s·b·h·(10 + 24/t + 5·a·s/(h·t))
    published = STREAM * (10 + 24 / 8 + SCORES / 8)
    assert kept(gpt_3, tensor=8) == pytest.approx(published, rel=0.09)
    assert kept(gpt_3, tensor=8) == STREAM * (8 + 24 / 8 + SCORES / 8)


def test_that_sequence_parallelism_divides_everything(gpt_3):
    # (s·b·h / t)·(34 + 5·a·s/h)
    published = STREAM / 8 * (34 + SCORES)
    assert kept(gpt_3, tensor=8, sequence_parallel=1) == pytest.approx(published, rel=NO_DROPOUT)


def test_that_selective_recomputation_keeps_no_scores(gpt_3):
    # 34·s·b·h / t
    found = kept(gpt_3, tensor=8, sequence_parallel=1, recompute=1)
    assert found == pytest.approx(STREAM / 8 * 34, rel=NO_DROPOUT)


def test_that_full_recomputation_keeps_the_input_of_a_layer(gpt_3):
    # 2·s·b·h
    assert kept(gpt_3, tensor=8, recompute=2) == 2 * STREAM
    assert kept(gpt_3, tensor=8, recompute=2, sequence_parallel=1) == 2 * STREAM / 8


def test_that_selective_recomputation_drops_scores_and_nothing_else(gpt_3):
    assert kept(gpt_3, recompute=1) == STREAM * 32


def test_that_selective_recomputation_beside_a_fused_kernel_drops_the_activation_function(fused_gpt_3):
    # its output is four hidden sizes in 16 bit, split over the tensor ranks as the matrices are
    assert kept(fused_gpt_3, recompute=1) == STREAM * (32 - 8)
    assert kept(fused_gpt_3, tensor=8, recompute=1) == STREAM * (8 + (24 - 8) / 8)


def activations(work, **layout) -> float:
    """Activations of the whole model on the fullest device."""
    return float(memory_of(work, layouts(**layout)).activations[0])


def test_that_every_layer_keeps_its_activations_for_each_micro_batch_in_flight(gpt_3):
    layer = STREAM * (8 + 24 / 8 + SCORES / 8)
    assert activations(gpt_3, tensor=8) == pytest.approx(96 * layer, **EXACT)
    # 12 layers of eight stages, and as many micro-batches as there are
    for micro_batches, held in ((64, 8), (4, 4)):
        found = activations(gpt_3, tensor=8, pipeline=8, micro_batches=micro_batches)
        assert found == pytest.approx(12 * held * layer, **EXACT)


def test_that_full_recomputation_holds_one_layer_whole_beside_the_inputs_of_all(gpt_3):
    inputs, working = 2 * STREAM, STREAM * (8 + 24 / 8 + SCORES / 8)
    assert activations(gpt_3, tensor=8, recompute=2) == pytest.approx(96 * inputs + working, **EXACT)
    found = activations(gpt_3, tensor=8, recompute=2, pipeline=8, micro_batches=4)
    assert found == pytest.approx(12 * 4 * inputs + working, **EXACT)


def test_that_what_stands_before_the_layers_keeps_its_activations_on_the_first_stage(gpt_3):
    # a first part of two layers that keeps 100 bytes of a position whole and 80 split, whatever is recomputed
    embedding, head = gpt_3.train.ends
    first = replace(embedding, depth=2.0, saved=Saved(replicated=100.0, split=80.0))
    deeper = replace(gpt_3, phases=(replace(gpt_3.train, parts=(first, *gpt_3.train.inner, head)),))
    for layout in ({"recompute": 0}, {"recompute": 2}, {"pipeline": 8, "micro_batches": 4}):
        held = layout.get("micro_batches", 1)
        more = activations(deeper, tensor=8, **layout) - activations(gpt_3, tensor=8, **layout)
        assert more == pytest.approx(2 * held * SEQUENCE * (100 + 80 / 8))


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_that_the_memory_of_a_mode_is_that_of_a_layout_in_it(gpt_3, fused_gpt_3, mode):
    rows = {"tensor": 8, "pipeline": [1, 8], "micro_batches": 64, "data": 4, "zero": 1}
    for work in (gpt_3, fused_gpt_3):
        whole = memory_of(work, layouts(**rows, recompute=mode)).reserved
        assert reserved_bytes(work, layouts(**rows), RECOMPUTE)[RECOMPUTE[mode]] == pytest.approx(
            whole, **EXACT
        )


def test_that_rows_in_different_modes_keep_their_own(gpt_3):
    together = memory_of(gpt_3, layouts(tensor=8, recompute=[0, 1, 2])).activations
    alone = [activations(gpt_3, tensor=8, recompute=mode) for mode in (0, 1, 2)]
    assert list(together) == alone


def test_that_a_fused_kernel_keeps_no_scores(fused_gpt_3):
    assert kept(fused_gpt_3) == STREAM * 32


def test_that_each_recompute_mode_keeps_no_more_than_the_one_before(gpt_3, fused_gpt_3):
    for work in (gpt_3, fused_gpt_3):
        none, selective, full = (kept(work, recompute=mode) for mode in (0, 1, 2))
        assert none >= selective >= full


def test_that_grouped_queries_and_gates_count_by_operator(catalogue):
    # Llama-3.1-8B: 2 bytes × (norm and linear inputs 4·h; q and output 2·4096, k and v 2·1024; 3·14336)
    work = decoder_work(decoder_shape(catalogue.model("Llama-3.1-8B").architecture, 4096))
    per_token = 2 * (4 * 4096 + 2 * 4096 + 2 * 1024 + 3 * 14_336)
    found = layer_activation_bytes(work.train.inner[0], layouts(), np.array([1.0]), "none")[0]
    assert found == per_token


@pytest.mark.parametrize(
    ("pipeline", "interleave", "micro_batches", "held"),
    [
        (1, 1, 32, 1),
        (8, 1, 64, 8),
        (8, 1, 4, 4),
        # Korthikanti: 1 + (p − 1)/(p·v) more with interleaving; 8·(1 + 7/24)
        (8, 3, 64, 8 * (1 + 7 / 24)),
    ],
)
def test_that_the_first_stage_piles_up_micro_batches(pipeline, interleave, micro_batches, held):
    layout = layouts(pipeline=pipeline, interleave=interleave, micro_batches=micro_batches)
    assert micro_batches_in_flight(layout)[0] == pytest.approx(held, **EXACT)


def test_that_zb_h2_holds_almost_twice_as_many(gpt_3):
    # Qi et al., table 1: 2·8 − 1, never more than there are
    found = micro_batches_in_flight(
        layouts(pipeline=8, micro_batches=[64, 64, 64, 10], zero_bubble=[0, 1, 2, 2])
    )
    assert list(found) == [8, 8, 15, 10]


def test_that_megatron_175b_needs_the_published_share_of_its_memory(gpt_3):
    # Korthikanti, figures 1 and 7: 175B with t = 8, p = 8, v = 3 needs more than the 80 GB of an A100
    # without recomputation and fits with sequence parallelism and selective recomputation
    layout = {"tensor": 8, "pipeline": 8, "interleave": 3, "micro_batches": 64, "zero": 0}
    without = memory_of(gpt_3, layouts(**layout)).reserved[0]
    present = memory_of(gpt_3, layouts(**layout, sequence_parallel=1, recompute=1)).reserved[0]
    assert present < 80 * 2**30 < without
