"""What stands around the runs in a request, and whether it lifts the request out of a mode.

A request is larger than its runs: repeats, nodes that are paid whole, failed runs, the contingency. Where the
runs alone would fit a mode that the request exceeds, the answer says so; the reader may want fewer repeats.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from estimators.catalogue.records import Machine
from estimators.requests.access_results import Door
from estimators.requests.campaign_results import Milestone, RunLine
from estimators.requests.doors.asked import Asked
from estimators.requests.doors.door import door_of
from estimators.requests.doors.sizes import size_of
from estimators.requests.doors.words import whole
from estimators.requests.units import devices_of_node
from estimators.words import NOTHING, Listed, Name, Said, Value, say

NAMED_FROM = 0.1
"""Share of all padding from which a part of it is named."""
PaddingKind = Literal["repeats", "nodes", "failed", "overhead", "contingency"]
NAMES: dict[PaddingKind, Said] = {
    "repeats": say("repeats"),
    "nodes": say("whole nodes"),
    "failed": say("failed runs"),
    "overhead": say("overhead"),
    "contingency": say("contingency"),
}
_IN_THE_SINGULAR: tuple[PaddingKind, ...] = ("overhead", "contingency")


@dataclass(frozen=True, slots=True)
class Padding:
    """The runs of a request and what was added to them.

    Attributes:
        runs_node_hours: Every run once, on the part of a node that its devices are.
        parts: Kind and node-hours of what is added, in the order in which the request adds it.
    """

    runs_node_hours: float
    parts: tuple[tuple[PaddingKind, float], ...]

    @property
    def kinds(self) -> tuple[PaddingKind, ...]:
        """The parts that matter, the largest first."""
        whole = sum(hours for _, hours in self.parts)
        known = sorted((part for part in self.parts if part[1] > 0), key=lambda part: -part[1])
        return tuple(kind for kind, hours in known if hours >= NAMED_FROM * whole)


def padding_of(lines: Sequence[RunLine], milestones: Sequence[Milestone], machine: Machine) -> Padding:
    """Parts the node-hours of a request."""
    fitting = [line for line in lines if math.isfinite(line.base_node_hours) and line.answer.gpus]
    once = {line.run.id: line.base_node_hours / line.run.count for line in fitting}
    shares = {line.run.id: _used_share(line, devices_of_node(machine)) for line in fitting}
    alone = sum(once[key] * shares[key] for key in once)
    repeats = sum((line.run.count - 1) * once[line.run.id] * shares[line.run.id] for line in fitting)
    rows = sum(row.node_hours for row in milestones if row.run_id is not None)
    parts: list[tuple[PaddingKind, float]] = [("repeats", repeats), ("nodes", rows - alone - repeats)]
    around = ((row.kind, float(row.node_hours)) for row in milestones)
    parts += [(kind, hours) for kind, hours in around if kind != "run" and kind != "package"]
    return Padding(alone, tuple(parts))


def _used_share(line: RunLine, devices_per_node: int) -> float:
    """Devices of a job against those of the nodes that it pays for."""
    return (line.answer.gpus or 0) / (devices_per_node * float(line.nodes))


def lifted_sentence(doors: Sequence[Door], asked: Asked, padding: Padding | None) -> Said:
    """That padding lifts the request over the limit of a mode that would take the runs alone; nothing else.

    "The runs alone, 48 000 GPU-hours, fit Fast Lane; contingency and whole nodes lift the request to 52 000."
    """
    if padding is None or not padding.kinds or not padding.runs_node_hours > 0:
        return NOTHING
    alone = replace(asked, node_hours=math.ceil(padding.runs_node_hours))
    left = next((door for door in _exceeded(doors, asked) if door_of(door.mode, alone).state == "fits"), None)
    return NOTHING if left is None else _lifted(alone, asked, Name(left.mode.short_name), padding.kinds)


def _lifted(alone: Asked, asked: Asked, mode: Name, kinds: Sequence[PaddingKind]) -> Said:
    lift: Value = say(
        "{parts} lift the request to {hours}", parts=_named(kinds), hours=whole(asked.gpu_hours)
    )
    if len(kinds) == 1 and kinds[0] in _IN_THE_SINGULAR:
        lift = say("{part} lifts the request to {hours}", part=NAMES[kinds[0]], hours=whole(asked.gpu_hours))
    hours = whole(alone.gpu_hours)
    if len(asked.spec.runs) == 1:
        return say(
            "The run alone, {hours} GPU-hours, fits {mode}; {lift}.", hours=hours, mode=mode, lift=lift
        )
    return say("The runs alone, {hours} GPU-hours, fit {mode}; {lift}.", hours=hours, mode=mode, lift=lift)


def _named(kinds: Sequence[PaddingKind]) -> Listed:
    return Listed(tuple(NAMES[kind] for kind in kinds))


def _exceeded(doors: Sequence[Door], asked: Asked) -> Iterator[Door]:
    """The modes that are too small for the request."""
    for door in doors:
        size = size_of(door.mode, asked.machine, asked.gpus_per_node)
        if size is not None and size.bounds.is_above(asked.gpu_hours / size.gpu_hours_per_unit):
            yield door
