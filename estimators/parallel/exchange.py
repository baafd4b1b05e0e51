"""Communication of one step: visible and total seconds of each kind that a layout needs.

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
    all_to_all_seconds,
    dispatch_seconds,
    gather_seconds,
    place,
    send_seconds,
)
from estimators.parallel.layout import RING, ULYSSES, Layouts
from estimators.parallel.memory import (
    expert_replicas,
    expert_shards,
    expert_stage_parameters,
    sharding_group,
)
from estimators.parameters import REDUCES_ACROSS_ONCE, Coefficients
from estimators.workloads.profile import Array, Profile

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """Everything about hardware and software that the step needs, one row for each layout."""

    devices: Devices
    fabric: Fabric
    passes: Column
    host: Column
    tp_exposed: Column
    dp_overlap: Column
    reduces_once: Column


def machine_columns(
    layouts: Layouts, devices: Devices, fabric: Fabric, coefficients: Coefficients
) -> Machine:
    """Gathers hardware and software rows for every layout."""
    software = layouts.software
    return Machine(
        devices=devices.take(layouts.device),
        fabric=fabric.take(layouts.system),
        passes=np.array(coefficients.by_software("passes"))[software],
        host=np.array(coefficients.by_software("host"))[software],
        tp_exposed=np.array(coefficients.by_software("tp_exposed"))[software],
        dp_overlap=np.array(coefficients.by_software("dp_overlap", "fsdp"))[software],
        reduces_once=np.array(REDUCES_ACROSS_ONCE)[software],
    )


def micro_batch_tokens(profile: Profile, layouts: Layouts) -> Column:
    """Tokens of one micro-batch on one device."""
    return np.asarray(layouts.micro_batch * profile.sample_tokens / layouts.context)


def tensor_seconds(
    profile: Profile, layouts: Layouts, tokens: Column, machine: Machine, coefficients: Coefficients
) -> tuple[Column, Column]:
    """Two all-reduces of the stream in each pass (or gather and scatter, the same volume).

    Returns:
        Visible seconds and all seconds. Full recomputation runs the forward ones again.
    """
    group = place(layouts.tensor, 1.0, machine.fabric, coefficients)
    one = all_reduce_seconds(2.0 * tokens * profile.hidden, group, coefficients)
    passes = np.where(layouts.recompute == 2.0, 3.0, 2.0)
    total = np.where(layouts.tensor > 1.0, 2.0 * passes * one, 0.0)
    visible = np.where(layouts.tp_overlap > 0, machine.tp_exposed * 0.5, machine.tp_exposed)
    return total * visible, total


def context_seconds(
    profile: Profile,
    layouts: Layouts,
    tokens: Column,
    window: Column,
    machine: Machine,
    coefficients: Coefficients,
) -> tuple[Column, Column]:
    """What brings queries together with the keys and values of other context-parallel ranks.

    Ring: keys and values travel round, beside the attention core of the block before (Ring Attention,
    arXiv:2310.01889). All-gather: they are gathered before the core starts and their gradients scattered
    after it ended, all visible, and cheap with few key-value heads (Llama 3, arXiv:2407.21783, section
    3.3.2). Ulysses: four tensors change from a part of the sequence to a part of the heads and back, visible
    too (arXiv:2309.14509). Keys and values go once forward and twice backward; full recomputation repeats
    the forward part.

    Args:
        window: Seconds of a layer beside which a ring hides.
    """
    none = np.zeros(tokens.shape)
    if not np.any(layouts.context > 1.0):
        return none, none
    again = np.where(layouts.recompute == 2.0, 1.0, 0.0)
    group = place(layouts.context, layouts.tensor, machine.fabric, coefficients)
    held = profile.attention.kv_bytes_per_token / layouts.tensor * tokens
    gathers = (3.0 + again) * gather_seconds(held * layouts.context, group, coefficients)
    total = np.where(layouts.context > 1.0, gathers, 0.0)
    if np.any(layouts.context_kind == ULYSSES):
        swaps = (2.0 + again) * _ulysses_seconds(profile, layouts, tokens, group, coefficients)
        total = np.where((layouts.context_kind == ULYSSES) & (layouts.context > 1.0), swaps, total)
    beside = _visible(total, window, 1.0, coefficients)
    return np.where(layouts.context_kind == RING, beside, total), total


def _ulysses_seconds(
    profile: Profile, layouts: Layouts, tokens: Column, group: Group, coefficients: Coefficients
) -> Column:
    """All-to-alls of queries, keys, values and the output of the attention core, once."""
    attend = profile.attention
    query = 2.0 * attend.heads * attend.head_dim
    output = 2.0 * attend.heads * attend.value_dim
    key_value = attend.kv_bytes_per_token / 2.0
    share = tokens / layouts.tensor
    one = all_to_all_seconds(query * share, group, coefficients)
    back = all_to_all_seconds(output * share, group, coefficients)
    return one + back + 2.0 * all_to_all_seconds(key_value * share, group, coefficients)


def expert_seconds(
    profile: Profile, layouts: Layouts, tokens: Column, machine: Machine, coefficients: Coefficients
) -> tuple[Column, Column]:
    """Tokens travel to their experts and back, in the forward and in the backward pass."""
    none = np.zeros(tokens.shape)
    if profile.experts is None:
        return none, none
    group = place(layouts.expert, 1.0, machine.fabric, coefficients)
    experts = profile.experts
    sent = experts.sent_bytes * experts.load * tokens / layouts.tensor
    passes = np.where(layouts.recompute == 2.0, 6.0, 4.0)
    total = passes * dispatch_seconds(sent, experts.chosen, group, coefficients)
    return total * coefficients.expert_exposed, total


def _visible(total: Column, window: Column, overlap: Array, coefficients: Coefficients) -> Column:
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
    profile: Profile,
    layouts: Layouts,
    forward: Column,
    backward: Column,
    machine: Machine,
    coefficients: Coefficients,
) -> tuple[Column, Column]:
    """ZeRO-3 gathers weights in both passes; stages 2 and 3 scatter gradients: in every micro-batch.

    Every layer carries its share of embedding and head, which are gathered and scattered as often. Groups of
    hybrid sharding sum their gradients as often, too, but in software that waits for the last micro-batch.
    """
    ends = (profile.first_parameters + profile.last_parameters) / profile.layers
    weights = (profile.layer_parameters + ends) / layouts.tensor + profile.layer_replicated_parameters
    dense = _dense_sharding(layouts, machine, coefficients)
    gather = dense.gather(2.0 * weights, coefficients)
    each = layouts.reduce_bytes * profile.trained_share
    every_time = 1.0 - machine.reduces_once
    scatter = dense.scatter(each * weights, coefficients)
    scatter = scatter + every_time * dense.reduce(each * weights, coefficients)
    if profile.experts is not None:
        mine = profile.expert_parameters / layouts.expert
        peers = _expert_sharding(layouts, machine, coefficients)
        gather = gather + peers.gather(2.0 * mine, coefficients)
        scatter = scatter + peers.scatter(each * mine, coefficients)
        scatter = scatter + every_time * peers.reduce(each * mine, coefficients)
    gather = np.where(layouts.zero >= 3.0, gather, 0.0)
    scatter = np.where(layouts.zero >= 2.0, scatter, 0.0)
    ahead = _visible(gather, forward, machine.dp_overlap, coefficients)
    back = _visible(gather + scatter, backward, machine.dp_overlap, coefficients)
    return ahead + back, 2.0 * gather + scatter


def once_a_step_seconds(
    profile: Profile,
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
        forward, backward: Seconds of one layer's passes.
    """
    dense = _dense_sharding(layouts, machine, coefficients)
    each = layouts.reduce_bytes * profile.trained_share
    scatter, across = dense.scatter(each * stage, coefficients), dense.reduce(each * stage, coefficients)
    weights = dense.gather(2.0 * stage, coefficients)
    if profile.experts is not None:
        mine = expert_stage_parameters(profile, layouts)
        peers = _expert_sharding(layouts, machine, coefficients)
        scatter = scatter + peers.scatter(each * mine, coefficients)
        across = across + peers.reduce(each * mine, coefficients)
        weights = weights + peers.gather(2.0 * mine, coefficients)
    waited = machine.reduces_once * across
    back = np.choose(layouts.zero.astype(int), [2.0 * scatter, scatter + across, waited, waited])
    ahead = np.choose(layouts.zero.astype(int), [0.0, weights, weights, 0.0])
    depth = profile.layers / layouts.pipeline
    seen = _visible(back, backward * depth, machine.dp_overlap, coefficients)
    seen = seen + _visible(ahead, forward * depth, machine.dp_overlap, coefficients)
    return seen, np.asarray(back + ahead)


def send_times(
    profile: Profile, layouts: Layouts, machine: Machine, coefficients: Coefficients
) -> tuple[Column, Column]:
    """Activations and gradients between stages, split over the tensor-parallel ranks."""
    size = 2.0 * micro_batch_tokens(profile, layouts) * profile.hidden / layouts.tensor
    stride = layouts.tensor * layouts.context * layouts.data
    one = send_seconds(size, stride, machine.fabric, coefficients)
    many = 2.0 * layouts.micro_batches * layouts.interleave
    total = np.where(layouts.pipeline > 1.0, many * one, 0.0)
    return coefficients.send_exposed * total, total
