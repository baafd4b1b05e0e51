"""Context parallelism by ring, all-gather and Ulysses, by hand on round numbers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import LayoutChoice, compare
from estimators.hardware.devices import device_columns
from estimators.hardware.network import all_to_all_seconds, gather_seconds, place
from estimators.parallel.cases import cases_of
from estimators.parallel.layer import context_seconds
from estimators.parallel.memory import memory_of
from estimators.parallel.templates import heads_divide
from estimators.parameters import Coefficients
from estimators.workloads.language import decoder_shape
from tests.science.cases import IDEAL_NETWORK, decoder_work, fabric, language_run, layouts, only
from tests.spoken import reason_of

EXACT = {"rel": 1e-12}
TOKENS = 8192.0
KEY_VALUE = 2 * 2 * 8 * 128
"""Bytes of the keys and values of one token of Llama 3.1 8B: 8 heads of 128 in 16 bit."""
QUERY = 2 * 32 * 128


@pytest.fixture(scope="module")
def llama(catalogue):
    """At 32,768 tokens, 8,192 for each of four context ranks."""
    return decoder_work(decoder_shape(catalogue.model("Llama-3.1-8B").architecture, 32_768))


@pytest.fixture(scope="module")
def spent(catalogue):
    """Visible and all seconds of one layer."""

    def of(work, rows, window=0.0, coefficients: Coefficients = IDEAL_NETWORK):
        devices = device_columns((catalogue.gpus["a100-80-sxm"],), coefficients, {})
        cases = cases_of(work, rows, devices, fabric(8, 300e9, 25e9), coefficients)
        tokens = np.full(len(rows), TOKENS)
        return context_seconds(work.train.inner[0], cases, tokens, np.full(len(rows), window), coefficients)

    return of


def gathered(size: float, members: float) -> float:
    group = place(members, 1.0, fabric(8, 300e9, 25e9), IDEAL_NETWORK)
    return float(gather_seconds(size, group, IDEAL_NETWORK)[0])


def test_that_an_all_to_all_inside_a_node_sends_all_but_the_own_part():
    # 1 GB on each of 8: 7/8 of it leave over 300 GB/s
    group = place(8.0, 1.0, fabric(8, 300e9), IDEAL_NETWORK)
    assert all_to_all_seconds(1e9, group, IDEAL_NETWORK)[0] == pytest.approx(7 / 8 * 1e9 / 300e9, **EXACT)


def test_that_an_all_to_all_over_nodes_uses_each_members_own_card():
    # 16 members on 2 nodes: half of 1 GB leaves the node over the member's own 25 GB/s, 7/16 stay
    group = place(16.0, 1.0, fabric(8, 300e9, 25e9), IDEAL_NETWORK)
    assert all_to_all_seconds(1e9, group, IDEAL_NETWORK)[0] == pytest.approx(0.5e9 / 25e9, **EXACT)
    near = place(16.0, 1.0, fabric(8, 300e9, 1e12), IDEAL_NETWORK)
    assert all_to_all_seconds(1e9, near, IDEAL_NETWORK)[0] == pytest.approx(7 / 16 * 1e9 / 300e9, **EXACT)


def test_that_one_member_swaps_nothing():
    group = place(1.0, 1.0, fabric(8, 300e9), Coefficients())
    assert all_to_all_seconds(1e9, group, Coefficients())[0] == 0


def test_that_an_all_gather_shows_what_a_ring_hides(llama, spent):
    # the same bytes; the ring hides them behind a long attention core, the all-gather comes before it
    rows = layouts(context=4, context_kind=[0, 1])
    seen, total = spent(llama, rows, window=1.0)
    one = gathered(KEY_VALUE * TOKENS * 4, 4)
    assert total == pytest.approx([3 * one, 3 * one], **EXACT)
    assert seen[1] == total[1]
    assert seen[0] == pytest.approx(IDEAL_NETWORK.overlap_slowdown * total[0], **EXACT)


def test_that_ulysses_swaps_queries_keys_values_and_output(llama, spent):
    # each of q and o 32 heads, k and v 8 heads; forward once, backward once, 3/4 of it leaves a rank
    seen, total = spent(llama, layouts(context=4, context_kind=2), window=1.0)
    swaps = (2 * QUERY + KEY_VALUE) * TOKENS * 3 / 4 / 300e9
    assert total[0] == pytest.approx(2 * swaps, **EXACT)
    assert seen[0] == total[0]


def test_that_ulysses_moves_less_than_a_ring_when_ranks_are_many(llama, spent):
    # a ring moves all keys and values to every rank, Ulysses a fixed amount (arXiv:2309.14509, section 3.2)
    few = decoder_work(replace_heads(llama, 32))
    ring, ulysses = (spent(few, layouts(context=8, context_kind=kind))[1][0] for kind in (0, 2))
    assert ulysses < ring


def replace_heads(work, kv_heads):
    """A decoder with as many key-value heads as query heads, for the volume that the paper counts."""
    from estimators.workloads.language import DecoderShape
    from estimators.workloads.transformer import BlockShape

    block = BlockShape(
        layers=32.0,
        hidden=4096.0,
        heads=32.0,
        kv_heads=float(kv_heads),
        head_dim=128.0,
        ffn=14_336.0,
        gated=1.0,
        tokens=32_768.0,
    )
    return DecoderShape(block=block, vocab=128_256.0, tied=0.0)


def test_that_tensor_parallelism_divides_what_travels(llama, spent):
    for kind in (0, 1, 2):
        whole, split = (spent(llama, layouts(context=2, tensor=t, context_kind=kind))[1][0] for t in (1, 2))
        assert split == pytest.approx(whole / 2, **EXACT)


def test_that_full_recomputation_brings_the_keys_once_more(llama, spent):
    rows = layouts(context=4, context_kind=[0, 0, 1, 1, 2, 2], recompute=[0, 2, 0, 2, 0, 2])
    total = spent(llama, rows)[1]
    assert total[1::2] / total[::2] == pytest.approx([4 / 3, 4 / 3, 3 / 2], **EXACT)


def test_that_an_all_gather_holds_the_keys_of_the_whole_sequence(llama):
    # keys and values of 32,768 tokens and their gradients, for one layer: 2 · 134 MB
    ring, gather = memory_of(llama, layouts(context=4, context_kind=[0, 1], zero=1)).buffers
    assert gather - ring == pytest.approx(2 * KEY_VALUE * 32_768, **EXACT)
    # three sequences in a micro-batch, and the heads over two tensor ranks
    rows = layouts(context=4, context_kind=[0, 1], zero=1, tensor=2, micro_batch=3)
    ring, gather = memory_of(llama, rows).buffers
    assert gather - ring == pytest.approx(2 * KEY_VALUE * 32_768 * 3 / 2, **EXACT)


@pytest.mark.parametrize(
    ("tensor", "context", "divides"),
    [(1, 8, True), (1, 16, False), (2, 4, True), (8, 1, True), (8, 2, False)],
)
def test_that_ulysses_needs_whole_heads_on_every_rank(llama, tensor, context, divides):
    # 32 query heads and 8 key-value heads
    assert heads_divide(llama, tensor, context) is divides


@given(st.sampled_from([0, 1, 2]), st.sampled_from([2, 4, 8]), st.floats(0.0, 1e-2), st.floats(1.0, 8.0))
def test_that_the_visible_part_is_part_of_the_whole_and_faster_links_never_hurt(kind, degree, window, factor):
    from estimators import load_catalogue

    catalogue = load_catalogue()
    work = decoder_work(decoder_shape(catalogue.model("Llama-3.1-8B").architecture, 32_768))
    rows = layouts(context=degree, context_kind=kind)
    coefficients = Coefficients()
    devices = device_columns((catalogue.gpus["a100-80-sxm"],), coefficients, {})
    found = []
    for speed in (1.0, factor):
        cases = cases_of(work, rows, devices, fabric(4, speed * 300e9, speed * 25e9), coefficients)
        tokens, beside = np.full(1, TOKENS), np.full(1, window)
        seen, total = context_seconds(work.train.inner[0], cases, tokens, beside, coefficients)
        assert 0 <= seen[0] <= total[0] * (1 + 1e-9)
        found.append(seen[0])
    assert found[1] <= found[0] * (1 + 1e-9)


def long_run(catalogue, layout: LayoutChoice):
    small = only(catalogue, "leonardo-booster")
    spec = language_run(small, sample_tokens=65_536, machine="leonardo-booster", gpus=64)
    return compare(replace(spec, layout=layout), small).answers[0]


@pytest.mark.parametrize("kind", ["ring", "all-gather", "ulysses"])
def test_that_a_user_may_name_the_kind(catalogue, kind):
    answer = long_run(catalogue, LayoutChoice(context_parallel=8, tensor_parallel=1, context_kind=kind))
    assert answer.fits, reason_of(answer)
    assert answer.layout.context_kind == kind
    assert answer.step.context_parallel_exposed > 0


def test_that_without_a_choice_it_is_a_ring(catalogue):
    assert long_run(catalogue, LayoutChoice(context_parallel=8)).layout.context_kind == "ring"


def test_that_heads_that_do_not_divide_are_said(catalogue):
    answer = long_run(catalogue, LayoutChoice(context_parallel=16, context_kind="ulysses"))
    assert not answer.fits
    assert "attention heads do not divide" in reason_of(answer)
