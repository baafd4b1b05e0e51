"""What must hold for every layout that the columns can say, whether or not a search would offer it."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import load_catalogue
from estimators.calibration import load_calibration
from estimators.hardware.devices import device_columns
from estimators.hardware.recipes import RECIPES
from estimators.parallel.layout import CONTEXT_KINDS, RECOMPUTE, Layouts
from estimators.parallel.memory import memory_of
from estimators.parallel.step import Steps, step_times
from estimators.parameters import SOFTWARE
from estimators.workloads.language import decoder_shape
from tests.science.cases import EXPOSED, STEP_PARTS, decoder_work, fabric, layouts

CATALOGUE = load_catalogue()
COEFFICIENTS = load_calibration().coefficients
MODELS = ("Llama-3.1-8B", "Qwen3-30B-A3B-Base", "DeepSeek-V3-671B")
ROUNDING = 1.0 + 1e-9
power = st.sampled_from([1, 2, 4, 8])


@st.composite
def rows(draw) -> Layouts:
    """One layout of any kind on up to 2,048 devices."""
    pipeline = draw(st.sampled_from([1, 2, 3, 4, 8]))
    zero_bubble = draw(st.sampled_from([0, 1, 2])) if pipeline > 1 else 0
    data = draw(st.sampled_from([1, 2, 8, 32]))
    return layouts(
        software=draw(st.integers(0, len(SOFTWARE) - 1)),
        tensor=draw(power),
        pipeline=pipeline,
        interleave=draw(st.sampled_from([1, 2, 4])) if pipeline > 1 and not zero_bubble else 1,
        context=draw(power),
        data=data,
        zero=draw(st.integers(0, 3)),
        shard=draw(st.sampled_from([0, 1, 2, 8])) if data >= 8 else 0,
        micro_batch=draw(power),
        micro_batches=draw(st.sampled_from([1, 8, 96])),
        recompute=draw(st.integers(0, len(RECOMPUTE) - 1)),
        sequence_parallel=draw(st.booleans()),
        bits=draw(st.sampled_from([16, 8, 4])),
        recipe=draw(st.integers(0, len(RECIPES) - 1)),
        layers_16=draw(st.integers(0, 80)),
        expert=draw(power),
        fused_experts=draw(st.booleans()),
        offload=draw(st.booleans()),
        zero_bubble=zero_bubble,
        context_kind=draw(st.integers(0, len(CONTEXT_KINDS) - 1)),
    )


def work_of(model: str, capacity: float | None = None):
    return decoder_work(decoder_shape(CATALOGUE.model(model).architecture, 8192, 1.2, capacity))


def steps_of(model: str, row: Layouts, faster: float = 1.0, capacity: float | None = None) -> Steps:
    devices = device_columns((CATALOGUE.gpus["b200-sxm"],), COEFFICIENTS, {})
    system = fabric(8, faster * 900e9, faster * 50e9)
    return step_times(work_of(model, capacity), row, devices, system, COEFFICIENTS)


@given(rows(), st.sampled_from(MODELS))
def test_that_parts_are_times_and_sum_to_the_whole(row, model):
    found = steps_of(model, row)
    for name in STEP_PARTS:
        part = getattr(found, name)
        assert np.all(np.isfinite(part)), name
        assert np.all(part >= 0), name
    assert sum(getattr(found, name) for name in STEP_PARTS) == pytest.approx(found.total, rel=1e-12)
    exposed = sum(getattr(found, name) for name in EXPOSED)
    assert np.all(exposed <= found.communication_total * ROUNDING)


@given(rows(), st.sampled_from(MODELS), st.floats(1.0, 8.0))
def test_that_a_faster_network_slows_no_layout(row, model, factor):
    assert steps_of(model, row, factor).total <= steps_of(model, row).total * ROUNDING


@given(rows(), st.sampled_from(MODELS), st.floats(0.5, 1.0))
def test_that_dropping_tokens_never_costs_time_or_memory(row, model, capacity):
    assert steps_of(model, row, capacity=capacity).total <= steps_of(model, row).total * ROUNDING
    kept, dropped = (memory_of(work_of(model, c), row).reserved for c in (None, capacity))
    assert dropped <= kept * ROUNDING


@given(rows(), st.sampled_from(MODELS))
def test_that_layers_in_16_bit_need_no_casts(row, model):
    # products in 16 bit are never faster, casts never more
    less, more = (steps_of(model, replace(row, layers_16=np.array([n]))) for n in (0.0, 8.0))
    assert less.gemm <= more.gemm * ROUNDING
    assert more.memory_bound <= less.memory_bound * ROUNDING


@given(rows(), st.sampled_from(MODELS))
def test_that_memory_is_never_negative_and_smaller_groups_hold_more(row, model):
    memory = memory_of(work_of(model), row)
    for item in fields(memory):
        assert np.all(getattr(memory, item.name) >= 0), item.name
    if row.data[0] >= 8:
        states = []
        for members in (1.0, 2.0, 8.0, 0.0):
            part = memory_of(work_of(model), replace(row, shard=np.array([members])))
            states.append(float((part.weights + part.gradients + part.optimiser)[0]))
        assert states == sorted(states, reverse=True)


@given(rows(), st.sampled_from(MODELS))
def test_that_zb_h1_needs_the_memory_of_1f1b_and_zb_h2_no_more_than_twice(row, model):
    plain, first, second = (
        memory_of(
            work_of(model), replace(row, zero_bubble=np.array([kind]), interleave=np.ones(1))
        ).activations[0]
        for kind in (0.0, 1.0, 2.0)
    )
    assert first == plain
    assert plain <= second <= 2 * plain * ROUNDING


def test_that_one_device_communicates_nothing_whatever_the_kind():
    for kind in range(len(CONTEXT_KINDS)):
        for zero_bubble in (0, 1, 2):
            row = layouts(zero=3, shard=8, context_kind=kind, zero_bubble=zero_bubble, bits=8)
            found = steps_of("Qwen3-30B-A3B-Base", row)
            assert found.communication_total[0] == 0
            # one stage waits for nobody, whatever the last digits of its sums
            assert found.bubble[0] <= 1e-9 * found.total[0]
