"""Communication over data parallelism and between stages: visible and total seconds.

Visible is what computing does not hide; it never exceeds the total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.network import (
    Fabric,
    Group,
    all_reduce_seconds,
    gather_seconds,
    place,
    send_seconds,
)
from estimators.parallel.cases import positions_on_rank
from estimators.parallel.layout import Layouts
from estimators.parallel.memory import (
    expert_replicas,
    expert_shards,
    expert_stage_parameters,
    sharding_group,
)
from estimators.parameters import REDUCES_ACROSS_ONCE, Coefficients
from estimators.workloads.work import Array, Part, Phase, Work, largest

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """What communication over data parallelism and the optimiser need of a machine, for each layout.

    Attributes:
        bandwidth: Bytes/s that passes over a device's memory reach.
    """

    bandwidth: Column
    fabric: Fabric
    dp_overlap: Column
    reduces_once: Column


def machine_columns(
    layouts: Layouts, devices: Devices, fabric: Fabric, coefficients: Coefficients
) -> Machine:
    """Gathers hardware and software rows for every layout."""
    software = layouts.software
    return Machine(
        bandwidth=devices.bandwidth[layouts.device],
        fabric=fabric.take(layouts.system),
        dp_overlap=np.array(coefficients.by_software("dp_overlap", "fsdp"))[software],
        reduces_once=np.array(REDUCES_ACROSS_ONCE)[software],
    )


def visible(total: Column, window: Column, overlap: Array, coefficients: Coefficients) -> Column:
    """Communication that computing does not hide, and the slow-down of computing beside the rest.

    Never more than `total`, since the slow-down is a share below 1 of what is hidden.
    """
    hidden = np.minimum(total, window * overlap)
    return np.asarray(total - hidden + coefficients.overlap_slowdown * hidden)


@dataclass(frozen=True, slots=True, eq=False)
class _Sharding:
    """The groups of one kind of parameters: inside, states are sharded; across, the shards are equal.

    Hybrid sharding (PyTorch FSDP, arXiv:2304.11277, section 3.2.2) gathers and scatters inside a group,
    for example a node, and all-reduces the scattered gradients across the groups.

    Attributes:
        across: None where no row has groups.
    """

    inside: Group
    across: Group | None

    def gather(self, held_bytes: Array, coefficients: Coefficients) -> Column:
        """Weights, gathered from the shards of the group."""
        return gather_seconds(held_bytes, self.inside, coefficients)

    def scatter(self, held_bytes: Array, coefficients: Coefficients) -> Column:
        """Gradients, scattered over the group."""
        return gather_seconds(held_bytes, self.inside, coefficients)

    def reduce(self, held_bytes: Array, coefficients: Coefficients) -> Array:
        """Scattered gradients, summed over the groups."""
        if self.across is None:
            return 0.0
        mine = np.asarray(held_bytes, dtype=float) / self.inside.size
        return all_reduce_seconds(mine, self.across, coefficients)


def _dense_sharding(layouts: Layouts, machine: Machine, coefficients: Coefficients) -> _Sharding:
    """Groups of everything but experts: data and context ranks, beside the tensor-parallel ones."""
    shards = sharding_group(layouts)
    inside = place(shards, layouts.tensor, machine.fabric, coefficients)
    if not np.any(layouts.shard > 0.0):
        return _Sharding(inside, None)
    copies = layouts.data * layouts.context / shards
    return _Sharding(inside, place(copies, layouts.tensor * shards, machine.fabric, coefficients))


def _expert_sharding(layouts: Layouts, machine: Machine, coefficients: Coefficients) -> _Sharding:
    """Groups of the experts: devices that hold the same ones."""
    shards = expert_shards(layouts)
    inside = place(shards, layouts.expert, machine.fabric, coefficients)
    if not np.any(layouts.shard > 0.0):
        return _Sharding(inside, None)
    copies = expert_replicas(layouts) / shards
    return _Sharding(inside, place(copies, layouts.expert * shards, machine.fabric, coefficients))


def sharded_layer_seconds(
    phase: Phase,
    part: Part,
    layouts: Layouts,
    forward: Column,
    backward: Column,
    machine: Machine,
    coefficients: Coefficients,
) -> tuple[Column, Column]:
    """ZeRO-3 gathers weights in both passes; stages 2 and 3 scatter gradients: in every micro-batch.

    Every layer carries its share of embedding and head, which are gathered and scattered as often. Groups of
    hybrid sharding sum their gradients as often, too, but in software that waits for the last micro-batch.

    Args:
        part: An inner part of the phase, of which one layer is priced.
        forward, backward: Seconds of that layer's passes, beside which this hides.
    """
    none = np.zeros(layouts.data.shape)
    if not np.any(layouts.zero >= 2.0):
        return none, none
    ends = sum((one.depth * one.weights.split for one in phase.ends), start=0.0) / phase.depth
    weights = (part.weights.split + ends) / layouts.tensor + part.weights.replicated
    dense = _dense_sharding(layouts, machine, coefficients)
    gather = dense.gather(2.0 * weights, coefficients)
    each = layouts.reduce_bytes
    every_time = 1.0 - machine.reduces_once
    scatter = dense.scatter(each * weights, coefficients)
    scatter = scatter + every_time * dense.reduce(each * weights, coefficients)
    if part.experts is not None:
        mine = part.expert_parameters / layouts.expert
        peers = _expert_sharding(layouts, machine, coefficients)
        gather = gather + peers.gather(2.0 * mine, coefficients)
        scatter = scatter + peers.scatter(each * mine, coefficients)
        scatter = scatter + every_time * peers.reduce(each * mine, coefficients)
    gather = np.where(layouts.zero >= 3.0, gather, 0.0)
    scatter = np.where(layouts.zero >= 2.0, scatter, 0.0)
    ahead = visible(gather, forward, machine.dp_overlap, coefficients)
    back = visible(gather + scatter, backward, machine.dp_overlap, coefficients)
    return ahead + back, 2.0 * gather + scatter


def once_a_step_seconds(
    work: Work,
    layouts: Layouts,
    stage: Column,
    forward: Column,
    backward: Column,
    machine: Machine,
    coefficients: Coefficients,
) -> tuple[Column, Column]:
    """Gradients of DDP and ZeRO-1, weights of ZeRO-1 and 2: once a step, beside the last micro-batch.

    With them the sum over the groups of hybrid sharding, where the software waits with it.

    Args:
        stage: Parameters of a stage on one device.
        forward, backward: Seconds of the passes of a stage, beside which this hides.
    """
    dense = _dense_sharding(layouts, machine, coefficients)
    each = layouts.reduce_bytes
    scatter, across = dense.scatter(each * stage, coefficients), dense.reduce(each * stage, coefficients)
    weights = dense.gather(2.0 * stage, coefficients)
    if any(part.experts is not None for part in work.parts):
        mine = expert_stage_parameters(work, layouts)
        peers = _expert_sharding(layouts, machine, coefficients)
        scatter = scatter + peers.scatter(each * mine, coefficients)
        across = across + peers.reduce(each * mine, coefficients)
        weights = weights + peers.gather(2.0 * mine, coefficients)
    waited = machine.reduces_once * across
    back = np.choose(layouts.zero.astype(int), [2.0 * scatter, scatter + across, waited, waited])
    ahead = np.choose(layouts.zero.astype(int), [0.0, weights, weights, 0.0])
    seen = visible(back, backward, machine.dp_overlap, coefficients)
    seen = seen + visible(ahead, forward, machine.dp_overlap, coefficients)
    return seen, np.asarray(back + ahead)


def send_times(
    phase: Phase, layouts: Layouts, machine: Machine, coefficients: Coefficients
) -> tuple[Column, Column]:
    """Activations and gradients between stages, split over the tensor-parallel ranks.

    Stages send the widest stream of the inner parts.
    """
    none = np.zeros(layouts.data.shape)
    if not np.any(layouts.pipeline > 1.0):
        return none, none
    streams = [
        positions_on_rank(part, layouts.micro_batch, layouts.context) * part.width for part in phase.inner
    ]
    size = 2.0 * largest(streams) / layouts.tensor
    stride = layouts.tensor * layouts.context * layouts.data
    one = send_seconds(size, stride, machine.fabric, coefficients)
    many = 2.0 * layouts.micro_batches * phase.samples * layouts.interleave
    total = np.where(layouts.pipeline > 1.0, many * one, 0.0)
    return coefficients.send_exposed * total, total
