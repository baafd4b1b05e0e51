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
    all_reduce_seconds,
    dispatch_seconds,
    gather_seconds,
    place,
    send_seconds,
)
from estimators.parallel.layout import Layouts
from estimators.parallel.memory import expert_sharding_group, expert_stage_parameters, sharding_group
from estimators.parameters import Coefficients
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
    """Keys and values travel round the context-parallel ring, forward once and backward twice.

    Args:
        window: Seconds of a layer beside which they travel.
    """
    attend = profile.attention
    local = attend.kv_bytes_per_token / layouts.tensor * tokens
    group = place(layouts.context, layouts.tensor, machine.fabric, coefficients)
    one = gather_seconds(local * layouts.context, group, coefficients)
    total = np.where(layouts.context > 1.0, 3.0 * one, 0.0)
    return _visible(total, window, 1.0, coefficients), total


def expert_seconds(
    profile: Profile, layouts: Layouts, tokens: Column, machine: Machine, coefficients: Coefficients
) -> tuple[Column, Column]:
    """Tokens travel to their experts and back, in the forward and in the backward pass."""
    none = np.zeros(tokens.shape)
    if profile.experts is None:
        return none, none
    group = place(layouts.expert, 1.0, machine.fabric, coefficients)
    experts = profile.experts
    sent = experts.sent_bytes * experts.imbalance * tokens / layouts.tensor
    passes = np.where(layouts.recompute == 2.0, 6.0, 4.0)
    total = passes * dispatch_seconds(sent, experts.chosen, group, coefficients)
    return total * coefficients.expert_exposed, total


def _visible(total: Column, window: Column, overlap: Array, coefficients: Coefficients) -> Column:
    """Communication that computing does not hide, and the slow-down of computing beside the rest.

    Never more than `total`, since the slow-down is a share below 1 of what is hidden.
    """
    hidden = np.minimum(total, window * overlap)
    return np.asarray(total - hidden + coefficients.overlap_slowdown * hidden)


def sharded_layer_seconds(
    profile: Profile,
    layouts: Layouts,
    forward: Column,
    backward: Column,
    machine: Machine,
    coefficients: Coefficients,
) -> tuple[Column, Column]:
    """ZeRO-3 gathers weights in both passes; stages 2 and 3 scatter gradients: in every micro-batch.

    Every layer carries its share of embedding and head, which are gathered and scattered as often.
    """
    ends = (profile.first_parameters + profile.last_parameters) / profile.layers
    weights = (profile.layer_parameters + ends) / layouts.tensor + profile.layer_replicated_parameters
    shards = sharding_group(layouts)
    group = place(shards, layouts.tensor, machine.fabric, coefficients)
    gather = np.where(layouts.zero >= 3.0, gather_seconds(2.0 * weights, group, coefficients), 0.0)
    scatter_bytes = layouts.reduce_bytes * weights * profile.trained_share
    scatter = np.where(layouts.zero >= 2.0, gather_seconds(scatter_bytes, group, coefficients), 0.0)
    replicas = place(layouts.data * layouts.context / shards, shards, machine.fabric, coefficients)
    mirrored = all_reduce_seconds(scatter_bytes / shards, replicas, coefficients)
    scatter = scatter + np.where((layouts.zero >= 3.0) & (replicas.size > 1.0), mirrored, 0.0)
    if profile.experts is not None:
        mine = profile.expert_parameters / layouts.expert
        peers = place(expert_sharding_group(layouts), layouts.expert, machine.fabric, coefficients)
        more = np.where(layouts.zero >= 3.0, gather_seconds(2.0 * mine, peers, coefficients), 0.0)
        gather = gather + more
        back = gather_seconds(layouts.reduce_bytes * mine * profile.trained_share, peers, coefficients)
        scatter = scatter + np.where(layouts.zero >= 2.0, back, 0.0)
    again = np.where(shards > 1.0, 1.0, 0.0)
    total = again * (2.0 * gather + scatter)
    ahead = _visible(again * gather, forward, machine.dp_overlap, coefficients)
    back = _visible(again * (gather + scatter), backward, machine.dp_overlap, coefficients)
    return ahead + back, total


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

    Args:
        stage: Parameters of a stage on one device.
        forward, backward: Seconds of one layer's passes.
    """
    group = place(layouts.data * layouts.context, layouts.tensor, machine.fabric, coefficients)
    reduce = gather_seconds(layouts.reduce_bytes * stage * profile.trained_share, group, coefficients)
    weights = gather_seconds(2.0 * stage, group, coefficients)
    if profile.experts is not None:
        mine = expert_stage_parameters(profile, layouts)
        peers = place(expert_sharding_group(layouts), layouts.expert, machine.fabric, coefficients)
        reduce = reduce + gather_seconds(layouts.reduce_bytes * mine, peers, coefficients)
        weights = weights + gather_seconds(2.0 * mine, peers, coefficients)
    back = np.choose(layouts.zero.astype(int), [2.0 * reduce, reduce, 0.0, 0.0])
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
