"""What must hold whatever the model, the machine and the data."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators import Catalogue, LayoutChoice, OwnHardware, RunSpec, compare, load_catalogue, reprice
from estimators.calibration import load_calibration
from estimators.catalogue.architectures import Decoder, RoutedExperts, Window
from estimators.parallel.layout import RECOMPUTE
from estimators.parallel.memory import memory_of, usable_bytes
from estimators.parallel.room import FULL, SLOWER
from estimators.parallel.search import Found, search
from estimators.parallel.step import Steps, step_times
from estimators.parallel.templates import recompute_modes
from estimators.planning.choice import EQUAL_COST, PATIENCE_HOURS
from estimators.planning.prepare import Prepared, prepare
from estimators.planning.records import MachineAnswer
from estimators.workloads.models import own_model
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
from tests.spoken import notes_of

CATALOGUE = load_catalogue()
MACHINES = tuple(machine.id for machine in CATALOGUE.machines_in_service())
DAY = 86_400.0
ROUNDING = 1.0 + 1e-9
"""Sums in another order differ in the last digits."""


@st.composite
def routed(draw, count: int, hidden: int) -> RoutedExperts:
    """Experts of which two serve each token."""
    inner = draw(st.sampled_from([hidden // 2, 3 * hidden]))
    return RoutedExperts(count=count, per_token=2, ffn=inner, shared=draw(st.integers(0, 1)))


@st.composite
def decoders(draw) -> Decoder:
    """Decoders from 20 million parameters up, with and without experts, common and odd sizes alike."""
    head_dim = draw(st.sampled_from([64, 80, 96, 128, 256]))
    heads = draw(st.sampled_from([4, 8, 12, 16, 25, 32, 40, 64]))
    kv_heads = draw(st.sampled_from([count for count in (1, 2, 4, 8, heads) if heads % count == 0]))
    hidden = heads * head_dim
    experts = draw(st.sampled_from([None, None, 8, 64]))
    window = draw(st.sampled_from([None, 1024]))
    return Decoder(
        layers=draw(st.integers(2, 80)),
        hidden=hidden,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        ffn=draw(st.sampled_from([int(2.6875 * hidden), 3 * hidden + 8, 4 * hidden])),
        ffn_gated=draw(st.booleans()),
        vocab=draw(st.sampled_from([32_000, 50_257, 128_256, 256_000])),
        tied_embeddings=draw(st.booleans()),
        window=None if window is None else Window(tokens=window),
        experts=draw(routed(experts, hidden)) if experts else None,
    )


@st.composite
def runs(draw, shapes=None) -> RunSpec:
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
    return replace(spec, model=own_model("Drawn", draw(shapes or decoders())))


machines = st.sampled_from(MACHINES)


def searched(spec: RunSpec, catalogue: Catalogue) -> tuple[Prepared, Found]:
    """Every layout that fits on the machines and on the user's own hardware, timed."""
    calibration = load_calibration()
    prepared = prepare(spec, catalogue, calibration)
    found = search(prepared.problem, prepared.devices, prepared.fabric, calibration.coefficients)
    return prepared, found


def costs(spec: RunSpec, catalogue: Catalogue) -> tuple[dict[int, float], dict[int, float]]:
    """Seconds for each sample by count on the one machine: of the fastest layout, and of the proposed one."""
    prepared, found = searched(spec, catalogue)
    cost = found.steps.total / found.layouts.batch_samples
    here = np.flatnonzero((prepared.problem.pair_system == 0) & (found.best >= 0))
    counts = prepared.problem.pair_gpus[here].astype(int).tolist()
    fastest, proposed = cost[found.fastest[here]].tolist(), cost[found.best[here]].tolist()
    return dict(zip(counts, fastest, strict=True)), dict(zip(counts, proposed, strict=True))


def never_slower(spec: RunSpec, before: Catalogue, after: Catalogue) -> None:
    """Every count that fitted still fits; its fastest layout takes no longer, the proposed one 3 %."""
    for old, new, allowed in zip(costs(spec, before), costs(spec, after), (1.0, SLOWER), strict=True):
        assert set(old) <= set(new)
        for gpus, seconds in old.items():
            assert new[gpus] <= allowed * seconds * ROUNDING, gpus


def least_hours(answer: MachineAnswer, longest_seconds: float) -> float:
    """The lowest GPU-hours at P80 of the counts that end in time; infinity where none does."""
    in_time = (point.gpu_hours.p80 for point in answer.curve if point.seconds.p80 <= longest_seconds)
    return min(in_time, default=float("inf"))


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
    longest = PATIENCE_HOURS * 3600
    assert least_hours(more, longest) >= least_hours(less, longest) / ROUNDING
    if less.fits:
        assert more.gpu_hours.p80 >= less.gpu_hours.p80 / EQUAL_COST / ROUNDING


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
def test_that_a_later_deadline_never_costs_more(spec, machine, factor):
    small = only(CATALOGUE, machine)
    times = (14 * DAY, 14 * DAY * factor)
    first, second = (compare(replace(spec, deadline_seconds=time), small).answers[0] for time in times)
    assert least_hours(second, times[1]) <= least_hours(first, times[0])
    if first.meets_deadline:
        assert second.meets_deadline
        assert second.gpu_hours.p80 <= first.gpu_hours.p80 * EQUAL_COST * ROUNDING


@given(runs(), machines, st.booleans(), st.sampled_from([None, 3 * DAY, 30 * DAY]))
def test_that_the_proposal_is_the_cheapest_count_in_time_with_the_fewest_devices(
    spec, machine, is_named, deadline
):
    asked = replace(spec, deadline_seconds=deadline, machine=machine if is_named else None)
    answer = compare(asked, only(CATALOGUE, machine)).answers[0]
    longest = PATIENCE_HOURS * 3600 if deadline is None else deadline
    least = least_hours(answer, longest)
    if not answer.fits:
        return
    if least == float("inf"):
        assert answer.seconds.p80 == min(point.seconds.p80 for point in answer.curve)
        return
    assert answer.gpu_hours.p80 <= EQUAL_COST * least
    for point in answer.curve:
        if point.gpus < answer.gpus and point.seconds.p80 <= longest:
            assert point.gpu_hours.p80 > EQUAL_COST * least


@given(runs(), st.sampled_from([1, 4, 8, 12, 40, 96, 512]), st.sampled_from([None, "leonardo-booster"]))
def test_that_a_count_that_the_user_named_is_kept_wherever_it_can_run(spec, gpus, machine):
    small = only(CATALOGUE, "leonardo-booster", "marenostrum5-acc", "lumi-g")
    comparison = compare(replace(spec, gpus=gpus, machine=machine), small)
    asked = [a for a in comparison.answers if machine in (None, a.machine.id)]
    for answer in asked:
        can_run = gpus in {point.gpus for point in answer.curve}
        assert not can_run or answer.gpus == gpus
        assert not answer.fits or can_run or any("not possible" in note for note in notes_of(answer))
    if any(answer.gpus == gpus for answer in asked):
        assert comparison.headline.gpus == gpus


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
    _, found = searched(spec, only(CATALOGUE, machine))
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
    prepared, found = searched(spec, only(CATALOGUE, machine))
    layouts = found.layouts
    limits = prepared.problem.memory[layouts.system]
    assert np.all(found.reserved <= limits)
    assert np.all(layouts.data == np.rint(layouts.data))
    assert np.all(spec.model.architecture.heads % layouts.tensor == 0)
    assert np.all(layouts.tensor <= prepared.fabric.domain[layouts.system])
    assert np.all((layouts.interleave == 1) | (layouts.micro_batches % layouts.pipeline == 0))
    batch = layouts.batch_samples / prepared.batch.samples
    assert np.all(np.abs(batch - 1) <= 0.125)
    chosen = found.best[found.best >= 0]
    pairs = np.flatnonzero(found.best >= 0)
    assert np.all(layouts.gpus[chosen] == prepared.problem.pair_gpus[pairs])


@given(runs(), machines)
def test_that_the_best_layout_is_the_fastest_of_its_count(spec, machine):
    prepared, found = searched(spec, only(CATALOGUE, machine))
    cost = found.steps.total / found.layouts.batch_samples
    for pair, fastest in enumerate(found.fastest):
        rivals = rivals_of(prepared, found, pair)
        assert (fastest >= 0) == bool(rivals.any())
        assert (found.best[pair] >= 0) == (fastest >= 0)
        if fastest >= 0:
            assert cost[fastest] == cost[rivals].min()
            assert cost[found.best[pair]] <= SLOWER * cost[fastest]


def rivals_of(prepared: Prepared, found: Found, pair: int) -> np.ndarray:
    """Which layouts run on the machine and the count of a pair."""
    system, gpus = prepared.problem.pair_system[pair], prepared.problem.pair_gpus[pair]
    return (found.layouts.system == system) & (found.layouts.gpus == gpus)


@given(runs(), machines)
def test_that_no_layout_at_the_brim_is_proposed_where_one_about_as_fast_leaves_room(spec, machine):
    coefficients = load_calibration().coefficients
    prepared, found = searched(spec, only(CATALOGUE, machine))
    cost = found.steps.total / found.layouts.batch_samples
    full = FULL * usable_bytes(prepared.problem.memory[found.layouts.system])
    for pair, best in enumerate(found.best):
        if best < 0 or found.reserved[best] <= full[best]:
            continue
        near = rivals_of(prepared, found, pair) & (cost <= SLOWER * cost[found.fastest[pair]])
        assert np.all(found.reserved[near] > full[near])
        for mode in recompute_modes(prepared.problem.fixed):
            layouts = found.layouts.take(near)
            heavier = float(RECOMPUTE.index(mode)) * np.ones(len(layouts))
            other = replace(layouts, recompute=np.maximum(layouts.recompute, heavier))
            steps = step_times(prepared.work, other, prepared.devices, prepared.fabric, coefficients)
            about_as_fast = steps.total / other.batch_samples <= SLOWER * cost[found.fastest[pair]]
            assert np.all(memory_of(prepared.work, other).reserved[about_as_fast] > full[best])


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
