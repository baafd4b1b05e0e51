"""Room in memory: no layout fills a device to the brim where another is about as fast.

Reserved memory is an estimate; a plan at the brim fails where it is a little too low. So a layout that fills
more than `FULL` of the usable memory gives way to one that does not and is within `SLOWER` of the fastest,
be it another of the search or the same one with more recomputation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.network import Fabric
from estimators.parallel.layout import RECOMPUTE, Layouts
from estimators.parallel.memory import memory_of
from estimators.parallel.step import Steps, step_times
from estimators.parameters import Coefficients
from estimators.workloads.work import Work

Column = NDArray[np.float64]
Index = NDArray[np.intp]
Columns = TypeVar("Columns", Layouts, Steps)
FULL = 0.95
"""Share of the usable memory above which a layout leaves no room."""
SLOWER = 1.03
"""Most time, against the fastest layout of the same devices, that room in memory may cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """Layouts that fit, with their times; rows come in any order.

    Attributes:
        reserved: Bytes of the fullest device.
        limit: Bytes that it may reserve.
        pair: The (system, device count) pair of every row.
    """

    layouts: Layouts
    steps: Steps
    reserved: Column
    limit: Column
    pair: Index

    @property
    def cost(self) -> Column:
        """Seconds for each sample of the batch."""
        return self.steps.total / self.layouts.batch_samples

    @property
    def has_room(self) -> NDArray[np.bool_]:
        """Whether a layout leaves room in memory."""
        return self.reserved <= FULL * self.limit


def with_room(
    timed: Timed,
    pairs: int,
    work: Work,
    modes: Collection[str],
    devices: Devices,
    fabric: Fabric,
    coefficients: Coefficients,
) -> tuple[Timed, Index, Index]:
    """The rows, the fastest of every pair, and the one to propose; −1 for pairs without rows.

    Args:
        modes: Names of the recompute modes that may be taken. Layouts come with the lightest that fits; where
            no row of a pair that is fast enough leaves room, heavier ones are tried and added to the rows.
    """
    cost = timed.cost
    fastest = best_of_pairs(timed.pair, cost, pairs)
    limit = np.where(fastest < 0, np.inf, SLOWER * cost[fastest] if cost.size else np.inf)
    proposed = _proposed(timed, cost, fastest, limit, pairs)
    full = (proposed >= 0) & ~timed.has_room[proposed] if cost.size else np.zeros(pairs, dtype=bool)
    candidates = np.flatnonzero(full[timed.pair] & (cost <= limit[timed.pair]))
    lighter = _recomputing_more(timed, candidates, work, modes, devices, fabric, coefficients)
    if lighter is None:
        return timed, fastest, proposed
    costs = np.concatenate((cost, lighter.cost))
    timed = Timed(
        _joined(timed.layouts, lighter.layouts),
        _joined(timed.steps, lighter.steps),
        np.concatenate((timed.reserved, lighter.reserved)),
        np.concatenate((timed.limit, lighter.limit)),
        np.concatenate((timed.pair, lighter.pair)),
    )
    return timed, fastest, _proposed(timed, costs, fastest, limit, pairs)


def _proposed(timed: Timed, cost: Column, fastest: Index, limit: Column, pairs: int) -> Index:
    """The fastest layout that leaves room where it is fast enough, else the fastest of all."""
    allowed = np.flatnonzero(timed.has_room & (cost <= limit[timed.pair]))
    roomy = best_of_pairs(timed.pair[allowed], cost[allowed], pairs)
    return np.where(roomy >= 0, allowed[roomy] if allowed.size else -1, fastest)


def _recomputing_more(
    timed: Timed,
    rows: Index,
    work: Work,
    modes: Collection[str],
    devices: Devices,
    fabric: Fabric,
    coefficients: Coefficients,
) -> Timed | None:
    """The given rows with every heavier recompute mode that leaves room; None where there is none."""
    pairs = [
        (row, mode)
        for row in rows
        for mode in range(int(timed.layouts.recompute[row]) + 1, len(RECOMPUTE))
        if RECOMPUTE[mode] in modes
    ]
    if not pairs:
        return None
    taken, heavier = (np.array(column) for column in zip(*pairs, strict=True))
    layouts = replace(timed.layouts.take(taken), recompute=heavier.astype(float))
    reserved = memory_of(work, layouts).reserved
    keep = np.flatnonzero(reserved <= FULL * timed.limit[taken])
    if not keep.size:
        return None
    layouts = layouts.take(keep)
    steps = step_times(work, layouts, devices, fabric, coefficients)
    return Timed(layouts, steps, reserved[keep], timed.limit[taken][keep], timed.pair[taken][keep])


def best_of_pairs(pair: Index, cost: Column, pairs: int) -> Index:
    """For every pair the row of least cost; −1 for pairs without rows."""
    best = np.full(pairs, -1, dtype=np.intp)
    if pair.size == 0:
        return best
    order = np.lexsort((cost, pair))
    first = np.flatnonzero(np.diff(pair[order], prepend=-1))
    best[pair[order][first]] = order[first]
    return best


def _joined(first: Columns, second: Columns) -> Columns:
    """The rows of both."""
    names = [item.name for item in fields(first)]
    columns = (np.concatenate((getattr(first, name), getattr(second, name))) for name in names)
    return type(first)(*columns)
