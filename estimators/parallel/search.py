"""The search: all layouts of all systems and all device counts in one pass over arrays.

Layouts are the product of pairs (system, device count) and templates (degrees, micro-batch). Divisibility,
batch and memory remove most of them, with a reason for each pair that keeps none; the rest are timed at
once. Of every pair the fastest is kept, and the one to propose, which leaves room in memory (`room`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.network import Fabric
from estimators.parallel.compute import Cases, ComputeTimes, compute_times
from estimators.parallel.layout import RECOMPUTE, Layouts
from estimators.parallel.memory import memory_of, usable_bytes
from estimators.parallel.room import Timed, with_room
from estimators.parallel.step import Steps, step_times
from estimators.parallel.templates import Fixed, recompute_modes, templates
from estimators.parameters import SOFTWARE, TUNED_ATTENTION, Coefficients
from estimators.workloads.profile import Profile

Column = NDArray[np.float64]
Index = NDArray[np.intp]
BATCH_TOLERANCE = 0.125
"""How far the samples of a step may lie from the wanted batch where they do not divide evenly."""

FITS, NO_BATCH, NO_SHAPE, NO_MEMORY, NO_HEADS = 0, 1, 2, 3, 4
"""Reason codes of a pair: a layout fits, the batch is too small, no degree divides, memory is short, heads do
not divide over the context-parallel ranks that Ulysses gives them to."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is searched.

    Attributes:
        profile: One workload (scalar fields).
        batch: Wanted samples of one optimiser step.
        software: Row in `SOFTWARE`.
        device: For every system, its row in `Devices`.
        bits: For every system, width of the products (a card without FP8 takes 16).
        memory: For every system, bytes that one device offers before the margin.
        pair_system: System of every pair.
        pair_gpus: Device count of every pair.
        offload: For every system, 1 where optimiser states may move to the host.
        sequence_parallel: 1 where the software splits the parts between tensor-parallel regions too.
        recipe: For every system, the row in `RECIPES` of products in 8 or 4 bit; None for the first.
        layers_16: For every system, layers that the recipe keeps in 16 bit; None for none.
        batch_tolerance: How far the samples of a step may lie from `batch`; 0 where devices must divide it.
    """

    profile: Profile
    batch: float
    software: int
    device: Index
    bits: Column
    memory: Column
    pair_system: Index
    pair_gpus: Column
    offload: Column
    fixed: Fixed = field(default_factory=Fixed)
    reduce_bytes: float = 4.0
    sequence_parallel: float = 1.0
    recipe: Column | None = None
    layers_16: Column | None = None
    batch_tolerance: float = BATCH_TOLERANCE

    def per_system(self, column: Column | None) -> Column:
        """A column over systems, zeros where it is not given."""
        return np.zeros(self.device.size) if column is None else column


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The layout to propose for every pair, and the fastest.

    Attributes:
        best: For every pair the row in `layouts` to propose, −1 where nothing fits: the fastest, or the
            fastest that leaves room in memory where that costs little (`estimators.parallel.room`).
        fastest: For every pair the row of the fastest layout, −1 where nothing fits.
        reason: For every pair a reason code.
        shortfall: For every pair the least reserved bytes that any layout needs.
        tried: Layouts that were timed.
        considered: Layouts that were looked at for each pair.
    """

    layouts: Layouts
    steps: Steps
    reserved: Column
    best: Index
    reason: Index
    shortfall: Column
    tried: int
    considered: Column
    fastest: Index


def _expand(problem: Problem, fabric: Fabric, table: NDArray[np.float64]) -> tuple[Layouts, Index, Index]:
    """Pairs × templates that divide and match the batch; with the pair and template of every row."""
    pairs, shapes = problem.pair_gpus.size, table.shape[0]
    t, p, v, c, z, b, offload, expert, group = table.T
    gpus = problem.pair_gpus[:, None]
    model = (t * p * c)[None, :]
    data = np.floor(gpus / model)
    count = np.maximum(np.rint(problem.batch / np.maximum(data * b, 1.0)), 1.0)
    off = np.abs(data * b * count / problem.batch - 1.0)
    good = (data * model == gpus) & (data > 0) & (off <= problem.batch_tolerance)
    good &= t[None, :] <= fabric.domain[problem.pair_system][:, None]
    good &= (v[None, :] == 1.0) | (np.mod(count, p[None, :]) == 0.0)
    good &= np.mod(t * c * np.maximum(data, 1.0), expert) == 0.0
    good &= offload[None, :] <= problem.offload[problem.pair_system][:, None]
    shards = np.where(group < 0.0, np.floor(fabric.domain[problem.pair_system][:, None] / t), group)
    good &= _shards_divide(shards, group, c * data)
    pair, shape = np.nonzero(good)
    system = problem.pair_system[pair]
    ones = np.ones(pair.size)
    layouts = Layouts(
        device=problem.device[system],
        system=system,
        software=np.full(pair.size, problem.software),
        tensor=t[shape],
        pipeline=p[shape],
        interleave=v[shape],
        context=c[shape],
        data=data[pair, shape],
        zero=z[shape],
        shard=shards[pair, shape],
        micro_batch=b[shape],
        micro_batches=count[pair, shape],
        recompute=0.0 * ones,
        sequence_parallel=problem.sequence_parallel * ones,
        reduce_bytes=problem.reduce_bytes * ones,
        bits=problem.bits[system],
        tp_overlap=0.0 * ones,
        recipe=problem.per_system(problem.recipe)[system],
        layers_16=problem.per_system(problem.layers_16)[system],
        offload=offload[shape],
        expert=expert[shape],
        fused_experts=ones,
        zero_bubble=np.where(p[shape] > 1.0, problem.fixed.zero_bubble, 0.0),
        context_kind=problem.fixed.context_row * ones,
    )
    assert good.shape == (pairs, shapes)
    return layouts, pair, shape


def _shards_divide(shards: Column, group: Column, replicas: Column) -> NDArray[np.bool_]:
    """Whether shard groups divide the replicas; one that was not asked for must be a real part of them."""
    divides = np.mod(replicas, np.maximum(shards, 1.0)) == 0.0
    part = (shards > 1.0) & (shards < replicas)
    return np.asarray(divides & ((group >= 0.0) | part))


def _least_recompute(problem: Problem, layouts: Layouts) -> tuple[Column, Column]:
    """For every row the cheapest recompute mode that fits (−1 if none) and its reserved bytes."""
    limit = usable_bytes(problem.memory[layouts.system])
    chosen = np.full(len(layouts), -1.0)
    reserved = np.full(len(layouts), np.inf)
    modes = recompute_modes(problem.fixed)
    for mode, name in reversed(list(enumerate(RECOMPUTE))):
        if name not in modes:
            continue
        tried = replace(layouts, recompute=np.full(len(layouts), float(mode)))
        need = memory_of(problem.profile, tried).reserved
        fits = need <= limit
        chosen = np.where(fits, float(mode), chosen)
        reserved = np.where(fits | ~np.isfinite(reserved), need, reserved)
    return chosen, reserved


def _distinct_compute(
    problem: Problem,
    layouts: Layouts,
    shape: Index,
    table: NDArray[np.float64],
    devices: Devices,
    coefficients: Coefficients,
) -> ComputeTimes:
    """Computing times, once for each distinct (device, tensor, context, micro-batch), then gathered."""
    kinds, kind_of_shape = np.unique(table[:, [0, 3, 5, 7]], axis=0, return_inverse=True)
    key = layouts.system * kinds.shape[0] + kind_of_shape.reshape(-1)[shape]
    size = int(problem.device.size * kinds.shape[0])
    present = np.zeros(size, dtype=np.intp)
    present[key] = 1
    distinct = np.flatnonzero(present)
    present[distinct] = np.arange(distinct.size)
    system, kind = np.divmod(distinct, kinds.shape[0])
    t, c, b, expert = kinds[kind].T
    cases = Cases(
        devices=devices.take(problem.device[system]),
        tensor=t,
        tokens=b * problem.profile.sample_tokens / c,
        bits=problem.bits[system],
        recipe=problem.per_system(problem.recipe)[system],
        share_16=np.minimum(problem.per_system(problem.layers_16)[system] / problem.profile.layers, 1.0),
        tuned_attention=np.full(distinct.size, TUNED_ATTENTION[problem.software]),
        expert=expert,
    )
    times = compute_times(
        problem.profile, cases, np.full(distinct.size, problem.sequence_parallel), coefficients
    )
    return times.take(present[key])


def search(problem: Problem, devices: Devices, fabric: Fabric, coefficients: Coefficients) -> Found:
    """Finds the layout to propose, and the fastest that fits, for every (system, device count) pair.

    Args:
        devices: Rows that `problem.device` indexes.
        fabric: One row for each system.
    """
    pairs = problem.pair_gpus.size
    only = float(problem.pair_gpus[0]) if pairs == 1 else None
    table = templates(
        problem.profile,
        SOFTWARE[problem.software],
        problem.batch,
        problem.fixed,
        offload=bool(problem.offload.any()),
        gpus=only,
    )
    layouts, pair, shape = _expand(problem, fabric, table)
    considered = np.bincount(pair, minlength=pairs).astype(float)
    mode, reserved = _least_recompute(problem, layouts)
    shortfall = np.full(pairs, np.inf)
    np.minimum.at(shortfall, pair, reserved)
    keep = mode >= 0.0
    reason = np.where(considered > 0, NO_MEMORY, _shape_or_batch(problem, table))
    layouts = replace(layouts, recompute=mode).take(keep)
    pair, shape, reserved = pair[keep], shape[keep], reserved[keep]
    times = _distinct_compute(problem, layouts, shape, table, devices, coefficients)
    steps = step_times(problem.profile, layouts, devices, fabric, coefficients, times)
    timed = Timed(layouts, steps, reserved, usable_bytes(problem.memory[layouts.system]), pair)
    modes = recompute_modes(problem.fixed)
    timed, fastest, best = with_room(timed, pairs, problem.profile, modes, devices, fabric, coefficients)
    reason = np.where(best >= 0, FITS, reason)
    tried = len(timed.layouts)
    return Found(
        timed.layouts, timed.steps, timed.reserved, best, reason, shortfall, tried, considered, fastest
    )


def _shape_or_batch(problem: Problem, table: NDArray[np.float64]) -> Index:
    """Why a pair has no row at all: more devices than samples, or degrees that do not divide."""
    if not len(table) and problem.fixed.context_kind == "ulysses":
        return np.full(problem.pair_gpus.size, NO_HEADS)
    return np.where(problem.pair_gpus > problem.batch, NO_BATCH, NO_SHAPE)
