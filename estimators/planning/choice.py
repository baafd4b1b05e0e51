"""Which device count to propose on a machine, and which neighbour of it would tempt.

The proposal is the count with the lowest GPU-hours at P80 among those that end in time at P80. Without a
deadline a run may take `PATIENCE_HOURS`. Of counts that cost the same, give or take `EQUAL_COST`, the fewest
devices are proposed: they wait less in the queue and lose less by a failure. Where no count ends in time, it
is the fastest, whose time says by how much the deadline is missed. A count that the user named comes before
all of this, wherever it can run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimators.planning.prepare import Prepared
from estimators.planning.records import CurvePoint
from estimators.planning.run import Rolled
from estimators.planning.targets import named_count
from estimators.quantity import SECONDS_PER_HOUR

Index = NDArray[np.intp]
PATIENCE_HOURS = 90.0 * 24.0
"""Longest run that is proposed where the plan names no deadline: the usual allocation of three months."""
EQUAL_COST = 1.02
"""Counts whose GPU-hours differ by less than this factor cost the same, far inside the range of each."""
TEMPTING_SAVING, TEMPTING_SPEED, SMALL_PRICE = 0.95, 0.6, 1.1
"""A neighbour tempts where it costs at most 95 % of the hours, or takes at most 60 % of the time for no more
than 110 % of the hours."""


def choose(prepared: Prepared, rolled: Rolled, pairs: Index) -> int:
    """The pair to propose among those of one machine that fit, by the rule of this module."""
    counts = prepared.problem.pair_gpus[pairs]
    target = prepared.targets[int(prepared.pair_target[pairs[0]])]
    named = named_count(prepared.spec, target.machine.id)
    if named is not None and named in counts:
        return int(pairs[counts == named][0])
    hours = np.asarray(rolled.values["wall_hours"])[pairs] * rolled.plan[pairs]
    cost = np.asarray(rolled.values["gpu_hours"])[pairs] * rolled.plan[pairs]
    deadline = prepared.spec.deadline_seconds
    longest = PATIENCE_HOURS if deadline is None else deadline / SECONDS_PER_HOUR
    in_time = hours <= longest
    if not in_time.any():
        return int(pairs[np.argmin(hours)])
    equal = in_time & (cost <= EQUAL_COST * np.min(cost[in_time]))
    return int(pairs[equal][np.argmin(counts[equal])])


def neighbour_of(chosen: CurvePoint, curve: tuple[CurvePoint, ...]) -> CurvePoint | None:
    """The count with at most twice and at least half the devices that somebody might rather have, or None.

    One that costs clearly less comes first, which the deadline or the user's own count kept from being
    proposed; else one that is much faster for a small price. Of several, the cheapest.
    """
    near = [point for point in curve if 0.5 <= point.gpus / chosen.gpus <= 2.0]
    cheaper = [p for p in near if p.gpu_hours.p80 <= TEMPTING_SAVING * chosen.gpu_hours.p80]
    faster = [
        p
        for p in near
        if p.seconds.p80 <= TEMPTING_SPEED * chosen.seconds.p80
        and p.gpu_hours.p80 <= SMALL_PRICE * chosen.gpu_hours.p80
    ]
    return min(cheaper or faster, key=lambda point: point.gpu_hours.p80, default=None)
