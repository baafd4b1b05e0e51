"""The search: all layouts of all systems and all device counts in a few passes over arrays.

Layouts are the product of pairs (system, device count) and templates (degrees, micro-batch). Divisibility,
batch and memory remove most of them, with a reason for each pair that keeps none. What remains is bounded
from below by its layers and the bubble; only layouts that may be among the fastest are priced with data
parallelism, sends and the optimiser. Of every pair the fastest is kept, and the one to propose, which leaves
room in memory (`room`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.network import Fabric
from estimators.parallel.cases import Cases
from estimators.parallel.compute import phase_times
from estimators.parallel.layer import Layers, layers_of
from estimators.parallel.layout import RECOMPUTE, Layouts
from estimators.parallel.memory import reserved_bytes, usable_bytes
from estimators.parallel.room import SLOWER, Timed, with_room
from estimators.parallel.spread import Problem, Spread, distinct_rows, on_systems, spread
from estimators.parallel.step import Steps, least_seconds, step_times
from estimators.parallel.templates import recompute_modes, templates
from estimators.parameters import SOFTWARE, TUNED_ATTENTION, Coefficients

Column = NDArray[np.float64]
Index = NDArray[np.intp]

FITS, NO_BATCH, NO_SHAPE, NO_MEMORY, NO_HEADS = 0, 1, 2, 3, 4
"""Reason codes of a pair: a layout fits, the batch is too small, no degree divides, memory is short, heads do
not divide over the context-parallel ranks that Ulysses gives them to."""
STAGES = 4
"""ZeRO stages."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The layout to propose for every pair, and the fastest.

    Attributes:
        best: For every pair the row in `layouts` to propose, −1 where nothing fits: the fastest, or the
            fastest that leaves room in memory where that costs little (`estimators.parallel.room`).
        fastest: For every pair the row of the fastest layout, −1 where nothing fits.
        reason: For every pair a reason code.
        shortfall: For every pair the least reserved bytes that any layout needs.
        tried: Layouts that fit.
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


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Layouts that fit, not yet priced.

    Attributes:
        pair: Of every candidate, in order.
        row: Of every candidate, in `Spread.layouts`.
        recompute: The lightest mode that fits, a row in `RECOMPUTE`.
        reserved: Bytes of the fullest device.
    """

    pair: Index
    row: Index
    recompute: Column
    reserved: Column

    def take(self, rows: Index) -> _Candidates:
        """The given ones."""
        return _Candidates(self.pair[rows], self.row[rows], self.recompute[rows], self.reserved[rows])


def _fitting(problem: Problem, found: Spread) -> tuple[_Candidates, Column]:
    """Layouts that fit, with the lightest recompute mode; for every pair the least bytes that any needs."""
    limit = usable_bytes(problem.memory[problem.pair_system])[found.pair]
    modes = recompute_modes(problem.fixed)
    need = reserved_bytes(problem.work, found.layouts, modes)
    chosen, reserved = np.full(found.pair.size, -1.0), np.full(found.pair.size, np.inf)
    for mode, name in reversed(list(enumerate(RECOMPUTE))):
        if name not in modes:
            continue
        mine = need[name][found.row]
        fits = mine <= limit
        chosen = np.where(fits, float(mode), chosen)
        reserved = np.where(fits | ~np.isfinite(reserved), mine, reserved)
    shortfall = np.full(problem.pair_gpus.size, np.inf)
    np.minimum.at(shortfall, found.pair, reserved)
    kept = np.flatnonzero(chosen >= 0.0)
    return _Candidates(found.pair[kept], found.row[kept], chosen[kept], reserved[kept]), shortfall


def _distinct_layers(
    problem: Problem,
    found: Spread,
    candidates: _Candidates,
    table: NDArray[np.float64],
    devices: Devices,
    fabric: Fabric,
    coefficients: Coefficients,
) -> tuple[tuple[Layers, ...], Index]:
    """What layers cost, once for each distinct (system, degrees of a layer, micro-batch, recompute mode).

    Returns:
        By phase, and for every candidate its row there.
    """
    tensor, _, _, context, _, micro_batch, _, expert, _ = table.T
    first, kind_of_template = distinct_rows((tensor, context, micro_batch, expert))
    kinds = table[first][:, [0, 3, 5, 7]]
    kind = kind_of_template[found.template[candidates.row]]
    case = problem.pair_system[candidates.pair] * kinds.shape[0] + kind
    key = case * len(RECOMPUTE) + candidates.recompute.astype(np.intp)
    keys, which = _numbered(key, int(problem.device.size) * kinds.shape[0] * len(RECOMPUTE))
    case_of_key, mode = np.divmod(keys, len(RECOMPUTE))
    distinct, case_row = _numbered(case_of_key, int(problem.device.size) * kinds.shape[0])
    system, kind_of_case = np.divmod(distinct, kinds.shape[0])
    cases = _cases(problem, system, kinds[kind_of_case], devices, fabric, coefficients)
    each = cases.take(case_row).recomputing(mode.astype(float))
    times = [phase_times(phase, cases, coefficients).take(case_row) for phase in problem.work.phases]
    layers = [
        layers_of(phase, one, each, coefficients)
        for phase, one in zip(problem.work.phases, times, strict=True)
    ]
    return tuple(layers), which


def _numbered(values: Index, size: int) -> tuple[Index, Index]:
    """The distinct values below `size` in order, and the place of every value among them."""
    place = np.zeros(size, dtype=np.intp)
    place[values] = 1
    distinct = np.flatnonzero(place)
    place[distinct] = np.arange(distinct.size)
    return distinct, place[values]


def _cases(
    problem: Problem,
    system: Index,
    kinds: NDArray[np.float64],
    devices: Devices,
    fabric: Fabric,
    coefficients: Coefficients,
) -> Cases:
    """Cases of computing.

    Args:
        kinds: For every case tensor and context parallelism, micro-batch and expert parallelism.
    """
    ones, software = np.ones(system.size), problem.software
    tensor, context, micro_batch, expert = kinds.T
    return Cases(
        devices=devices.take(problem.device[system]),
        fabric=fabric.take(system),
        tensor=tensor,
        context=context,
        micro_batch=micro_batch,
        expert=expert,
        recompute=0.0 * ones,
        bits=problem.bits[system],
        recipe=problem.per_system(problem.recipe)[system],
        share_16=np.minimum(problem.per_system(problem.layers_16)[system] / problem.work.depth, 1.0),
        sequence_parallel=problem.sequence_parallel * ones,
        fused_experts=ones,
        context_kind=problem.fixed.context_row * ones,
        tp_overlap=0.0 * ones,
        tuned_attention=TUNED_ATTENTION[problem.software] * ones,
        passes=coefficients.by_software("passes")[software] * ones,
        host=coefficients.by_software("host")[software] * ones,
        tp_exposed=coefficients.by_software("tp_exposed")[software] * ones,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pricing:
    """Prices candidates with all that a step takes."""

    problem: Problem
    layouts: Layouts
    candidates: _Candidates
    layers: tuple[Layers, ...]
    which: Index
    devices: Devices
    fabric: Fabric
    coefficients: Coefficients

    def timed(self, rows: Index) -> Timed:
        """The given candidates with their times."""
        problem, taken = self.problem, self.candidates.take(rows)
        system = problem.pair_system[taken.pair]
        layouts = on_systems(problem, self.layouts.take(taken.row), system)
        layouts = replace(layouts, recompute=taken.recompute)
        layers = tuple(one.take(self.which[rows]) for one in self.layers)
        steps = step_times(problem.work, layouts, self.devices, self.fabric, self.coefficients, layers)
        return Timed(layouts, steps, taken.reserved, usable_bytes(problem.memory[system]), taken.pair)

    def least_cost(self) -> Column:
        """For every candidate the least seconds for each sample of the batch."""
        row = self.candidates.row
        stages = self.layouts.stages(row)
        seconds = least_seconds(self.problem.work, stages, self.layers, self.which, self.coefficients)
        return seconds / self.layouts.batch_samples[row]


def _worth_pricing(pricing: _Pricing, pairs: int) -> Index:
    """Candidates that may be within `SLOWER` of the fastest of their pair, in order.

    The one with the least bound of every pair and ZeRO stage is priced first: no layout whose bound lies
    above what that takes can be the fastest.
    """
    candidates, bound = pricing.candidates, pricing.least_cost()
    stage = pricing.layouts.zero[candidates.row].astype(np.intp)
    group = candidates.pair * STAGES + stage
    first = np.flatnonzero(bound == _least(group, bound, pairs * STAGES)[group])
    cost = _least(candidates.pair[first], pricing.timed(first).cost, pairs)
    is_slower = bound > SLOWER * (1.0 + 1e-9) * cost[candidates.pair]
    return np.flatnonzero(~is_slower)  # a bound that is no number, over an unknown network, shuts nothing out


def _least(group: Index, values: Column, groups: int) -> Column:
    """The least value of every group, infinity for one that has none (or none that is a number)."""
    found = np.full(groups, np.inf)
    np.fmin.at(found, group, values)
    return found


def search(problem: Problem, devices: Devices, fabric: Fabric, coefficients: Coefficients) -> Found:
    """Finds the layout to propose, and the fastest that fits, for every (system, device count) pair.

    Args:
        devices: Rows that `problem.device` indexes.
        fabric: One row for each system.
    """
    pairs = problem.pair_gpus.size
    table = templates(
        problem.work,
        SOFTWARE[problem.software],
        problem.batch,
        problem.fixed,
        offload=bool(problem.offload.any()),
        gpus=float(problem.pair_gpus[0]) if pairs == 1 else None,
    )
    found = spread(problem, fabric, table)
    candidates, shortfall = _fitting(problem, found)
    layers, which = _distinct_layers(problem, found, candidates, table, devices, fabric, coefficients)
    pricing = _Pricing(problem, found.layouts, candidates, layers, which, devices, fabric, coefficients)
    timed = pricing.timed(_worth_pricing(pricing, pairs))
    modes = recompute_modes(problem.fixed)
    priced, fastest, best = with_room(timed, pairs, problem.work, modes, devices, fabric, coefficients)
    considered = found.considered.astype(float)
    reason = np.where(considered > 0, NO_MEMORY, _shape_or_batch(problem, table))
    reason = np.where(best >= 0, FITS, reason)
    return Found(
        priced.layouts,
        priced.steps,
        priced.reserved,
        best,
        reason,
        shortfall,
        candidates.pair.size,
        considered,
        fastest,
    )


def _shape_or_batch(problem: Problem, table: NDArray[np.float64]) -> Index:
    """Why a pair has no row at all: more devices than samples, or degrees that do not divide."""
    if not len(table) and problem.fixed.context_kind == "ulysses":
        return np.full(problem.pair_gpus.size, NO_HEADS)
    return np.where(problem.pair_gpus > problem.batch, NO_BATCH, NO_SHAPE)
