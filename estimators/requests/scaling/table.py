"""Strong and weak tables: measured points, filled with modelled ones, against their smallest point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from estimators.catalogue.records import Machine
from estimators.planning.targets import node_limit
from estimators.requests.campaign import nodes_of
from estimators.requests.records import ScalingPoint
from estimators.requests.results import ScalingRow
from estimators.requests.scaling.model import ModelledStep
from estimators.requests.units import devices_of_node

ENOUGH = 0.70
"""Parallel efficiency that reviewers ask for."""
Steps = Mapping[tuple[int, int], ModelledStep]


@dataclass(frozen=True, slots=True)
class Size:
    """One job size of a table, before its speed-up is known."""

    gpus: int
    batch_samples: int
    step_seconds: float
    measured: bool
    low_seconds: float | None = None
    high_seconds: float | None = None

    @property
    def samples_per_second(self) -> float:
        """Throughput."""
        return self.batch_samples / self.step_seconds


def ladder(machine: Machine, job_gpus: int) -> tuple[int, ...]:
    """Device counts from one node in powers of two to one doubling past the job.

    The job's own count is among them with its halves in whole nodes, which divide what it divides. A job
    smaller than a node starts at one device.
    """
    per_node = devices_of_node(machine)
    limit = node_limit(machine) * per_node
    most = 2 * job_gpus if not limit < 2 * job_gpus else max(limit, job_gpus)
    counts = {job_gpus}
    least = per_node if job_gpus >= per_node else 1
    count = least
    while count <= most:
        counts.add(count)
        count *= 2
    half = 2 * job_gpus
    while half % least == 0:
        counts |= {half} if half <= most else set()
        if half % 2:
            break
        half //= 2
    return tuple(sorted(counts))


def shares_evenly(batch: int, gpus: int) -> bool:
    """Whether every device has whole samples of a batch, or every sample whole devices."""
    return batch % gpus == 0 or gpus % batch == 0


def weak_sizes(counts: Iterable[int], samples_per_gpu: Fraction) -> tuple[tuple[int, int], ...]:
    """Devices and global batch that keep the batch of each device, where it is whole samples."""
    sizes = [(gpus, samples_per_gpu * gpus) for gpus in counts]
    return tuple((gpus, int(batch)) for gpus, batch in sizes if batch.denominator == 1)


def table_of(points: Iterable[ScalingPoint], steps: Steps, machine: Machine) -> tuple[ScalingRow, ...]:
    """Rows by device count; a measured point stands in place of the modelled one."""
    sizes = {
        step.gpus: Size(
            step.gpus, step.batch_samples, step.seconds, False, step.low_seconds, step.high_seconds
        )
        for step in steps.values()
    }
    sizes |= {size.gpus: size for size in measured_sizes(points)}
    if not sizes:
        return ()
    ordered = [sizes[gpus] for gpus in sorted(sizes)]
    base = _base_of(ordered)
    return tuple(row_of(size, base, machine) for size in ordered)


def _base_of(ordered: Sequence[Size]) -> Size:
    """The size that speed-up counts against: the smallest, unless a model does better for each device.

    A small job can be short of memory and pay for it with recomputation. Against it, larger ones would reach
    more than 100 %, which is true of the smaller job and no merit of the larger: the size with the best rate
    for each device is the reference then.
    """

    def rate(size: Size) -> float:
        return size.samples_per_second / size.gpus

    first = ordered[0]
    if not any(rate(size) > rate(first) for size in ordered if not size.measured):
        return first
    return max(ordered, key=rate)


def reference_of(rows: Sequence[ScalingRow]) -> ScalingRow:
    """The row that speed-up counts against."""
    return next((row for row in rows if row.speed_up == 1.0 and row.efficiency == 1.0), rows[0])


def measured_sizes(points: Iterable[ScalingPoint]) -> tuple[Size, ...]:
    """One size for each device count: the median where a test was repeated."""
    groups: dict[int, list[ScalingPoint]] = {}
    for point in points:
        groups.setdefault(point.gpus, []).append(point)
    return tuple(_typical(group) for _, group in sorted(groups.items()))


def _typical(group: list[ScalingPoint]) -> Size:
    """The median time of the batch that was measured most at this device count."""
    batch = usual_batch(group)
    seconds = median(point.step_seconds for point in group if point.batch_samples == batch)
    return Size(group[0].gpus, batch, seconds, True)


def usual_batch(points: Iterable[ScalingPoint]) -> int:
    """The batch of most points; of several, the largest."""
    counts: dict[int, int] = {}
    for point in points:
        counts[point.batch_samples] = counts.get(point.batch_samples, 0) + 1
    return max(counts, key=lambda batch: (counts[batch], batch))


def row_of(size: Size, base: Size, machine: Machine) -> ScalingRow:
    """A row against a reference: speed-up in samples a second, efficiency for each device."""
    speed_up = size.samples_per_second / base.samples_per_second
    return ScalingRow(
        gpus=size.gpus,
        nodes=nodes_of(size.gpus, machine),
        batch_samples=size.batch_samples,
        step_seconds=size.step_seconds,
        samples_per_second=size.samples_per_second,
        speed_up=speed_up,
        efficiency=speed_up * base.gpus / size.gpus,
        measured=size.measured,
        low_seconds=size.low_seconds,
        high_seconds=size.high_seconds,
    )


def efficiency_at(rows: Iterable[ScalingRow], gpus: int | None) -> float:
    """Efficiency at a device count; NaN where the table has no such row."""
    return next((row.efficiency for row in rows if row.gpus == gpus), math.nan)


def most_gpus(rows: Iterable[ScalingRow]) -> int | None:
    """The largest job that still has the efficiency that reviewers ask for."""
    return max((row.gpus for row in rows if row.efficiency >= ENOUGH), default=None)


def cheapest_gpus(rows: Iterable[ScalingRow]) -> int | None:
    """The job that pays the fewest node-seconds for a sample; of equals, the larger one."""
    enough = [row for row in rows if row.efficiency >= ENOUGH]
    return min(enough, key=lambda row: (cost(row), -row.gpus)).gpus if enough else None


def cost(row: ScalingRow) -> Fraction:
    """Node-seconds of one sample."""
    return row.nodes / Fraction(row.samples_per_second)
