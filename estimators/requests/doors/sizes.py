"""What a mode gives on a machine, in the mode's own unit and in GPU-hours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from estimators.catalogue.records import AccessMode, Machine
from estimators.quantity import Fact
from estimators.requests.doors.bounds import Bounds, gpu_hour_bounds
from estimators.requests.doors.words import whole
from estimators.words import Said, Span, Value, say


@dataclass(frozen=True, slots=True)
class DoorSize:
    """The sizes of a mode on one machine.

    Attributes:
        bounds: In `unit`.
        unit: What `bounds` count.
        gpu_hours_per_unit: GPU-hours of one unit on the machine.
        fixed: Whether there is one package; a request may not exceed it.
        of_the_call: Whether the upper bound is what the whole call gives out, no limit of one request.
        fact: Where the bounds come from.
    """

    bounds: Bounds
    unit: Literal["GPU-hours", "node-hours"]
    gpu_hours_per_unit: int
    fixed: bool
    of_the_call: bool
    fact: Fact[Any]

    @property
    def gpu_hours(self) -> tuple[float, float]:
        """Both bounds in GPU-hours."""
        return self.bounds.low * self.gpu_hours_per_unit, self.bounds.high * self.gpu_hours_per_unit

    def hours(self, amount: float) -> Said:
        """An amount with the unit of the mode: "50 000 GPU-hours"."""
        return self._counted(whole(amount))

    @property
    def words(self) -> Said:
        """The size as a table shows it: "10 000 to 50 000 GPU-hours"."""
        low, high = self.bounds.low, self.bounds.high
        if self.fixed:
            return say("{hours}, fixed", hours=self.hours(high))
        if math.isinf(high):
            if self.bounds.low_exclusive:
                return say("above {hours}", hours=self.hours(low))
            return say("from {hours}", hours=self.hours(low))
        if self.of_the_call:
            return say("from {least}, {most} in the call", least=self.hours(low), most=whole(high))
        return self._counted(Span(low, high, form="fixed"))

    def _counted(self, amount: Value) -> Said:
        if self.unit == "GPU-hours":
            return say("{n} GPU-hours", n=amount)
        return say("{n} node-hours", n=amount)


def size_of(mode: AccessMode, machine: Machine, gpus_per_node: int) -> DoorSize | None:
    """The sizes of a mode on a machine; None where the catalogue states none for it."""
    stated = mode.max_gpu_hours or mode.min_gpu_hours
    if stated is not None:
        fixed = mode.fixed_package is not None and bool(mode.fixed_package.value)
        return DoorSize(gpu_hour_bounds(mode), "GPU-hours", 1, fixed, False, stated)
    fact = mode.node_hours_by_machine.get(machine.id)
    if fact is None or not fact.value:
        return None
    return _in_node_hours(fact, fact.value, gpus_per_node)


def _in_node_hours(fact: Fact[Any], stated: dict[str, int | None], gpus_per_node: int) -> DoorSize:
    package = stated.get("fixed")
    if package is not None:
        return DoorSize(Bounds(0.0, float(package)), "node-hours", gpus_per_node, True, False, fact)
    most, total = stated.get("max"), stated.get("total")
    high = next((float(amount) for amount in (most, total) if amount is not None), math.inf)
    bounds = Bounds(float(stated.get("min") or 0.0), high)
    return DoorSize(bounds, "node-hours", gpus_per_node, False, most is None and total is not None, fact)
