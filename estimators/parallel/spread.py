"""Pairs of system and device count, spread over templates: which layouts divide evenly, and how.

Whether a layout divides, and what memory it needs, depends on a pair only through its device count, the size
of its link domain and whether it may offload. Many pairs share these, so that each distinct key is spread
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.network import Fabric
from estimators.parallel.layout import Layouts
from estimators.parallel.templates import Fixed
from estimators.workloads.work import Work

Column = NDArray[np.float64]
Index = NDArray[np.intp]
BATCH_TOLERANCE = 0.125
"""How far the samples of a step may lie from the wanted batch where they do not divide evenly."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is searched.

    Attributes:
        work: One workload (scalar fields).
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

    work: Work
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
class Spread:
    """Layouts of every key, and which pair takes which.

    Attributes:
        layouts: Rows by key; they lie on no system yet, see `on_systems`.
        template: Template of every row of `layouts`.
        pair: For every pair and layout of its key, the pair, in order.
        row: Beside it, the row in `layouts`.
        considered: For every pair, how many layouts divide.
    """

    layouts: Layouts
    template: Index
    pair: Index
    row: Index
    considered: Index


def spread(problem: Problem, fabric: Fabric, table: NDArray[np.float64]) -> Spread:
    """Spreads every distinct key over the templates.

    Args:
        table: Templates, with the columns of `templates.COLUMNS`.
    """
    domain, offload = fabric.domain[problem.pair_system], problem.offload[problem.pair_system]
    columns = np.stack((problem.pair_gpus, domain, offload), axis=1)
    keys, key_of_pair = np.unique(columns, axis=0, return_inverse=True)
    key_of_pair = key_of_pair.ravel()
    layouts, key, template = _dividing(problem, keys, table)
    counts = np.bincount(key, minlength=keys.shape[0])
    starts = np.cumsum(counts) - counts
    considered = counts[key_of_pair]
    pair = np.repeat(np.arange(key_of_pair.size), considered)
    before = np.cumsum(considered) - considered
    row = np.arange(pair.size) - np.repeat(before - starts[key_of_pair], considered)
    return Spread(layouts, template, pair, row, considered)


def on_systems(problem: Problem, layouts: Layouts, system: Index) -> Layouts:
    """The layouts on their systems.

    Args:
        system: For every row of `layouts`.
    """
    return replace(
        layouts,
        device=problem.device[system],
        system=system,
        bits=problem.bits[system],
        recipe=problem.per_system(problem.recipe)[system],
        layers_16=problem.per_system(problem.layers_16)[system],
    )


def distinct_rows(columns: Sequence[Column]) -> tuple[Index, Index]:
    """The first row of each distinct combination of whole numbers from 0 on, and the place of every row's."""
    code: NDArray[np.int64] = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        code = code * (int(column.max(initial=0.0)) + 1) + column.astype(np.int64)
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return first, place.ravel()


def _dividing(
    problem: Problem, keys: NDArray[np.float64], table: NDArray[np.float64]
) -> tuple[Layouts, Index, Index]:
    """Keys × templates that divide and match the batch; with the key and the template of every row."""
    t, p, v, c, z, b, offload, expert, group = table.T
    gpus, domain, may_offload = (keys[:, [i]] for i in range(3))
    first, degrees = distinct_rows((t, p, c, b))
    data, count, off = _replicas(problem, gpus, (t * p * c)[first], b[first])
    fair = (data > 0.0) & (off <= problem.batch_tolerance) & (t[first] <= domain)
    key, template = np.nonzero(fair[:, degrees])
    mine = key, degrees[template]
    data, count = data[mine], count[mine]
    shards = np.where(group[template] < 0.0, np.floor(domain[key, 0] / t[template]), group[template])
    good = (v[template] == 1.0) | (np.mod(count, p[template]) == 0.0)
    good &= np.mod(t[template] * c[template] * data, expert[template]) == 0.0
    good &= offload[template] <= may_offload[key, 0]
    good &= _shards_divide(shards, group[template], c[template] * data)
    kept = np.flatnonzero(good)
    key, template = key[kept], template[kept]
    none = np.zeros(kept.size)
    layouts = Layouts(
        device=np.zeros(kept.size, dtype=np.intp),
        system=np.zeros(kept.size, dtype=np.intp),
        software=np.full(kept.size, problem.software),
        tensor=t[template],
        pipeline=p[template],
        interleave=v[template],
        context=c[template],
        data=data[kept],
        zero=z[template],
        shard=shards[kept],
        micro_batch=b[template],
        micro_batches=count[kept],
        recompute=none,
        sequence_parallel=np.full(kept.size, problem.sequence_parallel),
        reduce_bytes=np.full(kept.size, problem.reduce_bytes),
        bits=none,
        tp_overlap=none,
        recipe=none,
        layers_16=none,
        offload=offload[template],
        expert=expert[template],
        fused_experts=np.ones(kept.size),
        zero_bubble=np.where(p[template] > 1.0, problem.fixed.zero_bubble, 0.0),
        context_kind=np.full(kept.size, problem.fixed.context_row),
    )
    return layouts, key, template


def _replicas(
    problem: Problem, gpus: Column, model: Column, micro_batch: Column
) -> tuple[Column, Column, Column]:
    """Replicas of a model on so many devices, 0 where they do not divide; micro-batches, missed share.

    Micro-batches are those that come nearest to the wanted batch, which they miss by a share.
    """
    data = np.where(np.mod(gpus, model) == 0.0, gpus / model, 0.0)
    samples = np.maximum(data, 1.0) * micro_batch
    count = np.maximum(np.rint(problem.batch / samples), 1.0)
    return data, count, np.abs(samples * count / problem.batch - 1.0)


def _shards_divide(shards: Column, group: Column, replicas: Column) -> NDArray[np.bool_]:
    """Whether shard groups divide the replicas; one that was not asked for must be a real part of them."""
    divides = np.mod(replicas, np.maximum(shards, 1.0)) == 0.0
    part = (shards > 1.0) & (shards < replicas)
    return np.asarray(divides & ((group >= 0.0) | part))
