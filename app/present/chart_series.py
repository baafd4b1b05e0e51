"""From a comparison to the plain series that the charts of machines draw.

Nothing here knows of Qt or matplotlib: a series is numbers, names and ranks. The charts, the copied
data table and the text summary for screen readers are all made from the same `MachineSeries`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.present.palette import Mark, mark_of
from app.words import text
from estimators.catalogue.records import AccessMode, Gpu, Machine
from estimators.planning.reasons import reason_said
from estimators.planning.records import Comparison, CurvePoint, MachineAnswer
from estimators.quantity import Range
from estimators.words import Name, say

OWN_ID = "own"

# One rung of the ladder of GPU counts (2^k, 3·2^k) is at most this factor, so a curve that ends
# closer than one rung below the queue's limit ends because of the queue.
LADDER_STEP = 1.5


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One GPU count of one machine.

    Attributes:
        devices: Devices as software sees them (GCDs on LUMI-G).
        gpus: The same as the access modes count them (modules on LUMI-G).
        seconds: Wall-clock time without queueing, in seconds.
        gpu_hours: Cost as the access modes count it.
    """

    devices: int
    gpus: float
    seconds: Range
    gpu_hours: Range


@dataclass(frozen=True, slots=True)
class MachineSeries:
    """One machine as the charts show it.

    Attributes:
        machine_id: Id in the catalogue, or `OWN_ID` for the user's hardware.
        label: Name that stands at the mark.
        mark: Hue, marker and dash.
        curve: All GPU counts with a layout, fewest GPUs first.
        point: The GPU count that the answer speaks of, or None when nothing fits.
        rank: 0 for the most important; labels are dropped from the highest rank down.
        reason: Why the machine has no point, or the short remarks beside its answer.
        ends_at_limit: Whether the curve ends because the queue allows no more GPUs.
        queue_limit_gpus: Most GPUs of one job, counted as on the axis, or None when unknown.
    """

    machine_id: str
    label: str
    mark: Mark
    curve: tuple[SeriesPoint, ...]
    point: SeriesPoint | None
    rank: int
    reason: str
    in_service: bool
    meets_deadline: bool | None
    ends_at_limit: bool
    queue_limit_gpus: float | None
    memory_bytes: float | None
    memory_limit_bytes: float | None
    memory_capacity_bytes: float | None
    is_chosen: bool
    is_own: bool
    far_from_evidence: bool
    devices_per_gpu: int


@dataclass(frozen=True, slots=True)
class ModeBound:
    """The GPU-hours that one access mode grants; NaN where it states no bound."""

    mode_id: str
    name: str
    low_gpu_hours: float
    high_gpu_hours: float
    is_plans_mode: bool = False


@dataclass(frozen=True, slots=True)
class ModeGap:
    """A span of GPU-hours that no access mode grants."""

    low_gpu_hours: float
    high_gpu_hours: float


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Everything that the charts of machines show.

    Attributes:
        machines: In the order of their rank.
        own: The user's hardware, or None where it cannot be computed.
        front: Points that no other machine and count beats in both time and cost, fastest first.
        deadline_seconds: Wall-clock time in which the run must end, or None.
        final: False while only the last layouts were evaluated anew.
    """

    machines: tuple[MachineSeries, ...]
    own: MachineSeries | None
    front: tuple[SeriesPoint, ...]
    modes: tuple[ModeBound, ...]
    gaps: tuple[ModeGap, ...]
    deadline_seconds: float | None
    final: bool

    @property
    def chosen(self) -> MachineSeries | None:
        """The machine that the sentence speaks of, if it is among the series."""
        return next((series for series in self.machines if series.is_chosen), None)


def chart_series(
    comparison: Comparison,
    chosen_machine_id: str | None,
    modes: Iterable[AccessMode] = (),
    gpus: Mapping[str, Gpu] | None = None,
) -> ChartSeries:
    """The series of one comparison.

    Args:
        comparison: The run on every machine.
        chosen_machine_id: The machine to emphasise; None takes that of the headline.
        modes: Access modes of the catalogue.
        gpus: GPU entries of the catalogue by id: they tell the hue of machines without an own mark
            and how many devices count as one GPU (2 for the GCDs of an MI250X). Without them the
            ratio is read from the answer's own hours.
    """
    if chosen_machine_id is None and comparison.headline is not None:
        chosen_machine_id = comparison.headline.machine.id
    ordered = sorted(comparison.answers, key=lambda answer: _importance(answer, chosen_machine_id))
    machines = tuple(
        _machine_series(answer, rank, chosen_machine_id, gpus) for rank, answer in enumerate(ordered)
    )
    in_service = [series for series in machines if series.in_service]
    bounds = mode_bounds(modes)
    return ChartSeries(
        machines=machines,
        own=_machine_series(comparison.own, len(machines), None, gpus),
        front=pareto_front(point for series in in_service for point in series.curve),
        modes=bounds,
        gaps=mode_gaps(bounds),
        deadline_seconds=comparison.spec.deadline_seconds,
        final=comparison.final,
    )


def pareto_front(points: Iterable[SeriesPoint]) -> tuple[SeriesPoint, ...]:
    """The points that no other point beats in both time and GPU-hours, fastest first."""
    front: list[SeriesPoint] = []
    for point in sorted(points, key=lambda p: (p.seconds.p50, p.gpu_hours.p50)):
        if not front or point.gpu_hours.p50 < front[-1].gpu_hours.p50:
            front.append(point)
    return tuple(front)


def with_plans_mode(series: ChartSeries, mode_id: str | None) -> ChartSeries:
    """The series with the access mode of the whole request marked, or none."""
    modes = tuple(replace(mode, is_plans_mode=mode.mode_id == mode_id) for mode in series.modes)
    return replace(series, modes=modes)


def mode_bounds(modes: Iterable[AccessMode]) -> tuple[ModeBound, ...]:
    """The access modes that state their size in GPU-hours, smallest door first."""
    sized = [mode for mode in modes if mode.min_gpu_hours or mode.max_gpu_hours]
    return tuple(
        ModeBound(
            mode_id=mode.id,
            name=mode.short_name or mode.name,
            low_gpu_hours=mode.min_gpu_hours.si if mode.min_gpu_hours else math.nan,
            high_gpu_hours=mode.max_gpu_hours.si if mode.max_gpu_hours else math.nan,
        )
        for mode in sorted(sized, key=lambda mode: mode.rank)
    )


def mode_gaps(bounds: Sequence[ModeBound]) -> tuple[ModeGap, ...]:
    """The spans between one mode's upper bound and the next mode's lower bound."""
    gaps = []
    for smaller, larger in pairwise(bounds):
        if smaller.high_gpu_hours < larger.low_gpu_hours:
            gaps.append(ModeGap(smaller.high_gpu_hours, larger.low_gpu_hours))
    return tuple(gaps)


def _importance(answer: MachineAnswer, chosen_machine_id: str | None) -> tuple[bool, bool, bool, float]:
    """Sort key: the chosen machine, then those that answer in time, then by GPU-hours."""
    hours = answer.gpu_hours.p50 if answer.gpu_hours is not None else math.inf
    return (
        answer.machine.id != chosen_machine_id,
        not answer.fits or answer.machine.status != "in service",
        answer.meets_deadline is False,
        hours,
    )


def _machine_series(
    answer: MachineAnswer,
    rank: int,
    chosen_machine_id: str | None,
    gpus: Mapping[str, Gpu] | None,
) -> MachineSeries:
    machine = answer.machine
    gpu = gpus.get(machine.gpu or "") if gpus is not None else None
    per_gpu = gpu.devices_per_module if gpu is not None else _counted_together(answer)
    in_service = machine.status == "in service"
    curve = tuple(_point(p.gpus, p.seconds, p.gpu_hours, per_gpu) for p in _sorted(answer.curve))
    limit = queue_limit_devices(machine)
    return MachineSeries(
        machine_id=OWN_ID if answer.is_own else machine.id,
        label=_label(answer),
        mark=mark_of(machine.id, gpu.family if gpu is not None else None, in_service, answer.is_own),
        curve=curve,
        point=_answer_point(answer, per_gpu),
        rank=rank,
        reason=_reason(answer),
        in_service=in_service,
        meets_deadline=answer.meets_deadline,
        ends_at_limit=bool(curve) and limit is not None and curve[-1].devices * LADDER_STEP > limit,
        queue_limit_gpus=limit / per_gpu if limit is not None else None,
        memory_bytes=answer.memory.reserved if answer.memory is not None else None,
        memory_limit_bytes=answer.memory.limit if answer.memory is not None else None,
        memory_capacity_bytes=answer.memory.capacity if answer.memory is not None else None,
        is_chosen=not answer.is_own and machine.id == chosen_machine_id,
        is_own=answer.is_own,
        far_from_evidence=answer.evidence == "far",
        devices_per_gpu=per_gpu,
    )


def queue_limit_devices(machine: Machine) -> int | None:
    """The most devices of one job in any production queue, or None where no limit is published."""
    nodes = [q.max_nodes.si for q in machine.queues if q.kind in ("production", "large", "long")]
    known = [count for count in nodes if not math.isnan(count)]
    per_node = machine.devices_per_node.si
    if not known or math.isnan(per_node):
        return None
    return int(max(known) * per_node)


def _reason(answer: MachineAnswer) -> str:
    """Why there is no point, else the remarks."""
    if answer.reason is not None:
        return text(reason_said(answer.reason))
    return "; ".join(text(note.said) for note in answer.notes)


def _sorted(curve: Sequence[CurvePoint]) -> list[CurvePoint]:
    return sorted(curve, key=lambda point: point.gpus)


def _answer_point(answer: MachineAnswer, per_gpu: int) -> SeriesPoint | None:
    if answer.gpus is None or answer.seconds is None or answer.gpu_hours is None:
        return None
    return _point(answer.gpus, answer.seconds, answer.gpu_hours, per_gpu)


def _point(devices: int, seconds: Range, gpu_hours: Range, per_gpu: int) -> SeriesPoint:
    return SeriesPoint(devices, devices / per_gpu, seconds, gpu_hours)


def _counted_together(answer: MachineAnswer) -> int:
    """How many devices the access modes count as one GPU, read from the answer's own hours."""
    if answer.gpus is None or answer.seconds is None or answer.gpu_hours is None:
        return 1
    counted = answer.gpu_hours.p50 * 3600.0 / answer.seconds.p50
    return max(1, round(answer.gpus / counted)) if counted > 0.0 else 1


def _label(answer: MachineAnswer) -> str:
    name = answer.machine.short_name or answer.machine.name
    return text(say("Your {hardware}", hardware=Name(name))) if answer.is_own else name
