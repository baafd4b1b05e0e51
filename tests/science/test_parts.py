"""Parts and phases: however a model is cut into parts, its step, its memory and its counts stay the same."""

from dataclasses import fields, replace

import numpy as np
import pytest

from estimators.hardware.devices import device_columns
from estimators.parallel.memory import memory_of, reserved_bytes
from estimators.parallel.step import step_times
from estimators.parallel.templates import COLUMNS, Fixed, templates
from estimators.workloads.language import decoder_shape
from estimators.workloads.work import Part, Phase, Saved, Work
from tests.science.cases import IDEAL_NETWORK, decoder_work, fabric, layouts, trained

ROWS = {
    "tensor": [1, 2, 1, 4, 1, 1],
    "pipeline": [1, 1, 4, 2, 1, 1],
    "data": [4, 2, 2, 1, 8, 2],
    "context": [1, 1, 1, 1, 1, 4],
    "zero": [1, 3, 1, 0, 2, 1],
    "micro_batches": [8, 4, 8, 16, 2, 4],
    "recompute": [0, 1, 2, 0, 2, 1],
}


@pytest.fixture(scope="module", params=["Llama-3.1-8B", "Qwen3-30B-A3B-Base"])
def work(request, catalogue) -> Work:
    return decoder_work(decoder_shape(catalogue.model(request.param).architecture, 4096))


@pytest.fixture(scope="module")
def step(catalogue):
    def evaluate(work: Work, rows):
        devices = device_columns((catalogue.gpus["a100-80-sxm"],), IDEAL_NETWORK, {})
        return step_times(work, rows, devices, fabric(8, 300e9, 25e9), IDEAL_NETWORK)

    return evaluate


def cut(part: Part, first: float) -> tuple[Part, Part]:
    """A part as two, the first with so many of its layers."""
    return replace(part, depth=first), replace(part, depth=part.depth - first)


def same(one, other) -> None:
    for item in fields(one):
        found, wanted = getattr(one, item.name), getattr(other, item.name)
        assert found == pytest.approx(wanted, rel=1e-9), item.name


def test_that_a_part_cut_in_two_costs_what_it_did(work, step):
    first, blocks, last = work.parts
    parts = trained((first, *cut(blocks, 5.0), last))
    rows = layouts(**ROWS)
    same(step(parts, rows), step(work, rows))
    same(memory_of(parts, rows), memory_of(work, rows))
    assert parts.parameters == pytest.approx(work.parameters, rel=1e-12)
    assert parts.model_flops_per_sample == pytest.approx(work.model_flops_per_sample, rel=1e-12)


def test_that_a_head_of_two_layers_of_half_the_outputs_moves_as_many_bytes(work, step):
    # the depth of an end counts: weights, traffic and logits of two halves are those of the whole
    *front, head = work.parts
    product = replace(head.gemms[0], n=head.gemms[0].n / 2.0)
    traffic = replace(head.traffic, fused=head.traffic.fused / 2.0)
    weights = replace(head.weights, split=head.weights.split / 2.0)
    twice = replace(head, depth=2.0, gemms=(product,), traffic=traffic, weights=weights,
                    saved=Saved(split=head.saved.split / 2.0))  # fmt: skip
    halves, rows = trained((*front, twice)), layouts(**ROWS)
    assert halves.parameters == pytest.approx(work.parameters, rel=1e-12)
    assert halves.product_positions == pytest.approx(work.product_positions, rel=1e-12)
    assert step(halves, rows).memory_bound == pytest.approx(step(work, rows).memory_bound, rel=1e-12)
    assert step(halves, rows).optimiser == pytest.approx(step(work, rows).optimiser, rel=1e-12)
    assert memory_of(halves, rows).logits == pytest.approx(memory_of(work, rows).logits, rel=1e-12)


def test_that_two_phases_compute_twice_and_update_once(work, step):
    twice, rows = Work((*work.phases, *work.phases)), layouts(**ROWS)
    one, both = step(work, rows), step(twice, rows)
    for name in ("gemm", "attention", "memory_bound", "bubble", "tensor_parallel_exposed"):
        assert getattr(both, name) == pytest.approx(2.0 * getattr(one, name), rel=1e-9), name
    assert both.optimiser == pytest.approx(one.optimiser, rel=1e-12)
    assert both.launch + IDEAL_NETWORK.step_host_seconds == pytest.approx(2.0 * one.launch, rel=1e-9)
    same(memory_of(twice, rows), memory_of(work, rows))
    assert twice.parameters == work.parameters
    assert twice.model_flops_per_sample == pytest.approx(2.0 * work.model_flops_per_sample, rel=1e-12)


def test_that_a_phase_of_two_passes_for_a_sample_is_two_phases(work, step):
    rows = layouts(**{**ROWS, "micro_batches": [64] * 6})
    paired = Work((Phase(work.parts, samples=2.0),))
    one, both = step(work, rows), step(paired, rows)
    for name in ("gemm", "attention", "memory_bound", "expert_parallel_exposed"):
        assert getattr(both, name) == pytest.approx(2.0 * getattr(one, name), rel=1e-9), name
    assert both.optimiser == pytest.approx(one.optimiser, rel=1e-12)
    # fill and drain of the pipeline come once, however many micro-batches pass through it
    piped = rows.pipeline > 1.0
    assert np.all(both.bubble[piped] < 2.0 * one.bubble[piped])


def test_that_reserved_bytes_by_mode_are_those_of_the_layouts(work):
    rows = layouts(**ROWS)
    found = reserved_bytes(work, rows, ("none", "selective", "full"))
    for mode, name in enumerate(("none", "selective", "full")):
        alike = replace(rows, recompute=np.full(len(rows), float(mode)))
        assert found[name] == pytest.approx(memory_of(work, alike).reserved, rel=1e-12)


def test_that_what_a_first_part_saves_is_held_for_every_micro_batch_in_flight(work):
    first, *rest = work.parts
    saving = trained((replace(first, saved=Saved(split=100.0)), *rest))
    rows = layouts(pipeline=[1, 4], micro_batches=8, tensor=2)
    more = memory_of(saving, rows).activations - memory_of(work, rows).activations
    assert more == pytest.approx([100.0 * 4096 / 2, 4 * 100.0 * 4096 / 2], rel=1e-6)


def test_that_a_search_divides_only_what_the_family_can(work):
    whole = templates(work, "megatron", 64.0, Fixed(), offload=False, gpus=None)
    alone = templates(replace(work, splits=frozenset()), "megatron", 64.0, Fixed(), offload=False, gpus=None)
    degrees = [COLUMNS.index(name) for name in ("tensor", "pipeline", "interleave", "context", "expert")]
    assert (whole[:, degrees[:2]] > 1).any()
    assert len(alone)
    assert (alone[:, degrees] == 1).all()
    assert set(alone[:, COLUMNS.index("zero")]) == set(whole[:, COLUMNS.index("zero")])


def test_that_a_degree_which_the_family_lacks_leaves_nothing_to_try(work):
    alone = replace(work, splits=frozenset())
    for fixed in (Fixed(tensor=2), Fixed(pipeline=4), Fixed(context=2)):
        assert not len(templates(alone, "megatron", 64.0, fixed, offload=False, gpus=None))
    assert len(templates(alone, "megatron", 64.0, Fixed(tensor=1), offload=False, gpus=None))
