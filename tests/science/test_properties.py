"""What must hold whatever the model, the machine and the data."""

from dataclasses import fields, replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import Catalogue, LayoutChoice, OwnHardware, RunSpec, compare, load_catalogue, reprice
from estimators.calibration import load_calibration
from estimators.catalogue import ModelCard
from estimators.parallel.search import Found, search
from estimators.parallel.step import Steps
from estimators.planning.prepare import Prepared, prepare
from tests.explained import reproduces
from tests.science.cases import (
    EXPOSED,
    STEP_PARTS,
    language_run,
    only,
    ranges,
    scaled,
    vision_run,
    with_gpu,
    with_machine,
)

CATALOGUE = load_catalogue()
MACHINES = tuple(machine.id for machine in CATALOGUE.machines_in_service())
DAY = 86_400.0
ROUNDING = 1.0 + 1e-9
"""Sums in another order differ in the last digits."""


@st.composite
def decoders(draw) -> ModelCard:
    """Decoders from 20 million parameters up, with and without experts, common and odd sizes alike."""
    head_dim = draw(st.sampled_from([64, 80, 96, 128, 256]))
    heads = draw(st.sampled_from([4, 8, 12, 16, 25, 32, 40, 64]))
    kv_heads = draw(st.sampled_from([count for count in (1, 2, 4, 8, heads) if heads % count == 0]))
    hidden = heads * head_dim
    experts = draw(st.sampled_from([None, None, 8, 64]))
    return msgspec.structs.replace(
        CATALOGUE.model("Llama-3.1-8B"),
        layers=draw(st.integers(2, 80)),
        hidden=hidden,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        ffn=draw(st.sampled_from([int(2.6875 * hidden), 3 * hidden + 8, 4 * hidden])),
        ffn_gated=draw(st.booleans()),
        vocab=draw(st.sampled_from([32_000, 50_257, 128_256, 256_000])),
        tied_embeddings=draw(st.booleans()),
        sliding_window=draw(st.sampled_from([None, 1024])),
        experts=experts,
        experts_per_token=2 if experts else None,
        moe_ffn=draw(st.sampled_from([hidden // 2, 3 * hidden])) if experts else None,
        shared_experts=draw(st.integers(0, 1)) if experts else None,
    )


@st.composite
def runs(draw, cards=None) -> RunSpec:
    """Language runs with a batch of their own, so that it does not move with the data."""
    spec = language_run(
        CATALOGUE,
        tokens=draw(st.floats(1e8, 1e12)),
        sample_tokens=draw(st.sampled_from([512, 2048, 4096, 32_768])),
        global_batch_samples=draw(st.sampled_from([16, 96, 256, 1024])),
        software=draw(st.sampled_from(["megatron", "fsdp", "trainer"])),
        precision=draw(st.sampled_from(["bf16", "fp8"])),
        method=draw(st.sampled_from(["pretraining", "full-finetuning"])),
    )
    return replace(spec, card=draw(cards or decoders()))


machines = st.sampled_from(MACHINES)


def times(spec: RunSpec, catalogue: Catalogue) -> dict[int, float]:
    """Seconds of the best layout of every count that fits, on the one machine of the catalogue."""
    return {point.gpus: point.seconds.p50 for point in compare(spec, catalogue).answers[0].curve}


def never_slower(spec: RunSpec, before: Catalogue, after: Catalogue) -> None:
    """Every count that fitted still fits and takes no longer."""
    old, new = times(spec, before), times(spec, after)
    assert set(old) <= set(new)
    for gpus, seconds in old.items():
        assert new[gpus] <= seconds * ROUNDING, gpus


def searched(spec: RunSpec, machine: str) -> tuple[Prepared, Found]:
    """Every layout that fits on a machine and on the user's own hardware, timed."""
    coefficients = load_calibration().coefficients
    prepared = prepare(spec, only(CATALOGUE, machine), coefficients)
    return prepared, search(prepared.problem, prepared.devices, prepared.fabric, coefficients)


# ---------------------------------------------------------------- more work costs more


@given(runs(), machines, st.floats(1.0, 10.0))
def test_that_more_tokens_never_cost_less(spec, machine, factor):
    small = only(CATALOGUE, machine)
    less = compare(spec, small).answers[0]
    more = compare(replace(spec, samples=factor * spec.samples), small).answers[0]
    assert less.fits == more.fits
    for before, after in zip(less.curve, more.curve, strict=True):
        assert after.gpus == before.gpus
        assert after.seconds.p50 >= before.seconds.p50 / ROUNDING
        assert after.gpu_hours.p50 >= before.gpu_hours.p50 / ROUNDING
    if less.fits:
        assert more.gpu_hours.p50 >= less.gpu_hours.p50 / ROUNDING


@given(runs(), machines)
def test_that_doubling_the_passes_doubles_the_training_hours(spec, machine):
    small = only(CATALOGUE, machine)
    fixed = replace(spec, machine=machine, layout=LayoutChoice(pipeline_parallel=1))
    once = compare(fixed, small)
    if once.headline is None:
        return
    held = replace(fixed, gpus=once.headline.gpus)
    trees = [compare(replace(held, passes=passes), small).explanation for passes in (1.0, 2.0)]
    hours = [next(f.value for f in tree.walk() if f.key == "compute_hours") for tree in trees]
    assert hours[1] == pytest.approx(2 * hours[0], rel=1e-12)


@given(runs(), machines, st.floats(1.0, 8.0))
def test_that_a_later_deadline_never_needs_more_gpus(spec, machine, factor):
    small = only(CATALOGUE, machine)
    soon = replace(spec, deadline_seconds=14 * DAY)
    late = replace(spec, deadline_seconds=14 * DAY * factor)
    first, second = (compare(item, small).answers[0] for item in (soon, late))
    if first.meets_deadline:
        assert second.meets_deadline
        assert second.gpus <= first.gpus


# ---------------------------------------------------------------- better hardware is never worse


@given(runs(), machines, st.floats(1.0, 8.0))
def test_that_a_faster_network_never_slows_the_best_layout(spec, machine, factor):
    before = only(CATALOGUE, machine)
    entry = before.machines[machine]
    assumed = {
        name: scaled(f, factor) for name, f in entry.more.items() if name == "network_per_node_assumed"
    }
    after = with_machine(
        before,
        machine,
        network_per_node=scaled(entry.network_per_node, factor),
        more={**entry.more, **assumed},
    )
    never_slower(spec, before, after)


@given(runs(), machines, st.floats(1.0, 8.0))
def test_that_faster_links_never_slow_the_best_layout(spec, machine, factor):
    before = only(CATALOGUE, machine)
    gpu = before.gpu_of(before.machines[machine])
    after = with_gpu(before, gpu.id, link_bandwidth=scaled(gpu.link_bandwidth, factor))
    never_slower(spec, before, after)


@given(runs(), machines, st.floats(1.0, 8.0))
def test_that_more_memory_never_slows_the_best_layout(spec, machine, factor):
    before = only(CATALOGUE, machine)
    gpu = before.gpu_of(before.machines[machine])
    visible = None if gpu.memory_visible is None else scaled(gpu.memory_visible, factor)
    after = with_gpu(before, gpu.id, memory=scaled(gpu.memory, factor), memory_visible=visible)
    never_slower(spec, before, after)


@given(runs(), machines, st.floats(1.0, 8.0))
def test_that_faster_memory_never_slows_the_best_layout(spec, machine, factor):
    before = only(CATALOGUE, machine)
    gpu = before.gpu_of(before.machines[machine])
    never_slower(
        spec, before, with_gpu(before, gpu.id, memory_bandwidth=scaled(gpu.memory_bandwidth, factor))
    )


@given(runs(), machines, st.floats(1.0, 8.0), st.booleans())
def test_that_a_larger_peak_never_slows_the_best_layout(spec, machine, factor, measured_too):
    before = only(CATALOGUE, machine)
    gpu = before.gpu_of(before.machines[machine])
    peak = {name: scaled(fact, factor) for name, fact in gpu.peak.items()}
    best = {name: scaled(fact, factor if measured_too else 1.0) for name, fact in gpu.matmul_max.items()}
    never_slower(spec, before, with_gpu(before, gpu.id, peak=peak, matmul_max=best))


# ---------------------------------------------------------------- every layout, not only the chosen


@given(runs(), machines)
def test_that_parts_sum_to_the_whole_and_exposed_stays_below_all_communication(spec, machine):
    _, found = searched(spec, machine)
    steps = found.steps
    parts = [getattr(steps, name) for name in STEP_PARTS]
    assert {item.name for item in fields(Steps)} == {*STEP_PARTS, "communication_total"}
    for name, part in zip(STEP_PARTS, parts, strict=True):
        assert np.all(part >= 0), name
        assert np.all(np.isfinite(part)), name
    assert np.sum(parts, axis=0) == pytest.approx(steps.total, rel=1e-12)
    exposed = sum(getattr(steps, name) for name in EXPOSED)
    assert np.all(exposed <= steps.communication_total * ROUNDING)


@given(runs(), machines)
def test_that_every_layout_fits_divides_and_uses_all_devices(spec, machine):
    prepared, found = searched(spec, machine)
    layouts = found.layouts
    limits = prepared.problem.memory[layouts.system]
    assert np.all(found.reserved <= limits)
    assert np.all(layouts.data == np.rint(layouts.data))
    assert np.all(spec.card.heads % layouts.tensor == 0)
    assert np.all(layouts.tensor <= prepared.fabric.domain[layouts.system])
    assert np.all((layouts.interleave == 1) | (layouts.micro_batches % layouts.pipeline == 0))
    batch = layouts.batch_samples / prepared.batch.samples
    assert np.all(np.abs(batch - 1) <= 0.125)
    chosen = found.best[found.best >= 0]
    pairs = np.flatnonzero(found.best >= 0)
    assert np.all(layouts.gpus[chosen] == prepared.problem.pair_gpus[pairs])


@given(runs(), machines)
def test_that_the_best_layout_is_the_fastest_of_its_count(spec, machine):
    prepared, found = searched(spec, machine)
    cost = found.steps.total / found.layouts.batch_samples
    for pair, best in enumerate(found.best):
        system, gpus = prepared.problem.pair_system[pair], prepared.problem.pair_gpus[pair]
        rivals = (found.layouts.system == system) & (found.layouts.gpus == gpus)
        assert (best >= 0) == bool(rivals.any())
        if best >= 0:
            assert cost[best] == cost[rivals].min()


@given(runs(), st.sampled_from(["rtx4090", "a100-80-sxm", "h100-80-sxm", "b200-sxm", "mi300x"]))
def test_that_one_gpu_has_no_collectives(spec, gpu):
    own = compare(replace(spec, own=OwnHardware(gpu, 1)), only(CATALOGUE, "lumi-g")).own
    if own.fits:
        assert own.step.communication_total == 0
        assert own.step.straggler == 0
        assert own.layout.gpus == 1


# ---------------------------------------------------------------- what is shown


@given(runs(), machines)
def test_that_the_range_contains_the_point(spec, machine):
    comparison = compare(spec, only(CATALOGUE, machine))
    for answer in (*comparison.answers, comparison.own):
        for found in ranges(answer):
            assert 0 < found.p10 <= found.p50 <= found.p80 <= found.p90


@given(runs(), machines)
def test_that_shown_formulas_give_shown_values(spec, machine):
    comparison = compare(replace(spec, machine=machine), only(CATALOGUE, machine))
    if comparison.explanation is not None:
        for figure in comparison.explanation.walk():
            assert reproduces(figure), figure.key


@given(runs(), machines)
def test_that_repricing_an_unchanged_run_changes_nothing(spec, machine):
    small = only(CATALOGUE, machine)
    before = compare(spec, small)
    after = reprice(spec, small, before)
    for old, new in zip((*before.answers, before.own), (*after.answers, after.own), strict=True):
        assert (new.fits, new.gpus, new.layout) == (old.fits, old.gpus, old.layout)
        if old.fits:
            assert new.gpu_hours.p50 == pytest.approx(old.gpu_hours.p50, rel=1e-12)


@given(st.floats(1e5, 1e9), machines, st.sampled_from([64, 1024, 4096]))
def test_that_the_same_holds_for_images(images, machine, batch):
    small = only(CATALOGUE, machine)
    spec = vision_run(CATALOGUE, images=images, global_batch_samples=batch, machine=machine)
    once, twice = compare(spec, small), compare(replace(spec, samples=2 * images), small)
    assert once.headline.evidence == "far", "no measured run of a vision transformer"
    assert twice.headline.gpu_hours.p50 >= once.headline.gpu_hours.p50 / ROUNDING
    for figure in once.explanation.walk():
        assert reproduces(figure), figure.key
    for found in ranges(once.headline):
        assert 0 < found.p10 <= found.p50 <= found.p80 <= found.p90
