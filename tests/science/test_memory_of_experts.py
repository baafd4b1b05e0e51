"""Memory of a mixture of experts by hand: Mixtral 8x7B, whose experts are divided by stages and expert ranks.

A layer of its 32 has queries and outputs of 4096², keys and values of 4096 · 1024, a router of 8 · 4096 and
two norms; each of its eight experts has three matrices of 4096 · 14336. Two experts serve a token.
"""

import numpy as np
import pytest

from estimators.parallel.memory import layer_activation_bytes, memory_of
from estimators.workloads.language import decoder_shape
from tests.science.cases import decoder_work, layouts

EXACT = {"rel": 1e-12}
SPLIT = 2 * 4096**2 + 2 * 4096 * 1024 + 8 * 4096
"""What tensor parallelism divides of a layer without its experts."""
NORMS = 2 * 4096
EXPERT = 3 * 4096 * 14_336
EMBEDDING = 32_000 * 4096
HEAD = EMBEDDING + 4096
"""The last norm travels with the head."""


@pytest.fixture(scope="module")
def mixtral(catalogue):
    def work(imbalance: float = 1.0):
        return decoder_work(decoder_shape(catalogue.model("Mixtral-8x7B-v0.1").architecture, 4096, imbalance))

    return work


def states(memory) -> tuple[float, float, float]:
    return float(memory.weights[0]), float(memory.gradients[0]), float(memory.optimiser[0])


def test_that_experts_are_sharded_over_the_devices_that_hold_the_same(mixtral) -> None:
    # 128 devices in four stages of eight layers: 2 · 2 · 8 in a stage hold the experts, one of eight on each;
    # four of them hold the same, while 2 · 8 share the rest of a stage
    row = layouts(tensor=2, context=2, pipeline=4, data=8, expert=8, zero=1)
    rest = 8 * (SPLIT / 2 + NORMS) + EMBEDDING / 2
    experts = 8 * EXPERT
    assert states(memory_of(mixtral(), row)) == pytest.approx(
        (2 * (rest + experts), 4 * (rest + experts), 12 * (rest / 16 + experts / 4)), **EXACT
    )


def test_that_experts_with_a_device_of_their_own_are_not_sharded(mixtral) -> None:
    row = layouts(tensor=2, data=4, expert=8, zero=1)
    rest = 32 * (SPLIT / 2 + NORMS) + (EMBEDDING + HEAD) / 2
    experts = 32 * EXPERT
    found = states(memory_of(mixtral(), row))
    assert found[2] == pytest.approx(12 * (rest / 4 + experts), **EXACT)


@pytest.mark.parametrize(
    ("shard", "shares", "peers"),
    [
        (4, 4, 2),  # 4 · 2 devices of a group hold four experts' ranks twice
        (2, 2, 1),  # 2 · 2 hold them once
        (1, 1, 1),
        (16, 16, 8),
        (0, 16, 8),  # no groups: 2 · 16 devices, a quarter of the experts on each
    ],
)
def test_that_groups_share_the_experts_that_they_hold_more_than_once(mixtral, shard, shares, peers) -> None:
    row = layouts(tensor=2, data=16, expert=4, zero=3, shard=shard)
    rest = 32 * (SPLIT / 2 + NORMS) + (EMBEDDING + HEAD) / 2
    experts = 32 * 2 * EXPERT
    share = rest / shares + experts / peers
    assert states(memory_of(mixtral(), row)) == pytest.approx((4 * share, 4 * share, 8 * share), **EXACT)


def test_that_a_layer_is_gathered_with_its_experts(mixtral) -> None:
    layer = SPLIT / 2 + 2 * EXPERT
    gathered = memory_of(mixtral(), layouts(tensor=2, data=16, expert=4, zero=[1, 2, 3])).buffers
    # ZeRO-2 reduces the gradients of one layer; ZeRO-3 holds the weights of two and the gradients of one
    assert gathered == pytest.approx([0.0, 4 * layer, 2 * layer + 6 * layer], **EXACT)


def test_that_a_vocabulary_larger_than_a_layer_is_the_largest_unit(catalogue) -> None:
    # Gemma 2 9B: 256,000 · 3,584 and the last norm of 3,584 in the head, halved by two tensor ranks
    work = decoder_work(decoder_shape(catalogue.model("Gemma-2-9b").architecture, 4096))
    (whole,), (half,) = (memory_of(work, layouts(tensor=t, data=64, zero=3)).buffers for t in (1, 2))
    assert half == pytest.approx(whole / 2, **EXACT)


@pytest.mark.parametrize(("tensor", "imbalance"), [(1, 1.0), (2, 1.0), (4, 1.25)])
def test_that_tokens_keep_what_their_experts_compute(mixtral, tensor, imbalance) -> None:
    # bytes of a token: inputs of norms and matrices whole; queries, keys, values and the output of attention
    # split; for each of two experts its input and three times its inner width
    whole, split, routed = 8 * 4096, 2 * (2 * 4096 + 2 * 1024), 2 * 2 * (4096 + 3 * 14_336)
    found = layer_activation_bytes(
        mixtral(imbalance).train.inner[0], layouts(tensor=tensor), np.array([1.0]), "none"
    )
    assert found[0] == pytest.approx(whole + split / tensor + routed * imbalance / tensor, **EXACT)
