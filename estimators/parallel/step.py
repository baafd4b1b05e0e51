"""Time of one optimiser step for every layout, by part.

The step is a pipeline of micro-batches through stages of layers, with the tensor-parallel, data-parallel,
context-parallel and pipeline communication that the layout needs, the optimiser, and the wait for the
slowest device. Every part is non-negative and the parts sum to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.kernels import pass_seconds
from estimators.hardware.network import (
    Fabric,
    all_reduce_seconds,
    dispatch_seconds,
    gather_seconds,
    place,
    send_seconds,
)
from estimators.parallel.compute import (
    BACKWARD_ATTENTION,
    BACKWARD_PASSES,
    Cases,
    ComputeTimes,
    compute_times,
)
from estimators.parallel.layout import Layouts
from estimators.parallel.memory import (
    expert_sharding_group,
    expert_stage_parameters,
    sharding_group,
    stage_parameters,
)
from estimators.parameters import TUNED_ATTENTION, Coefficients
from estimators.workloads.profile import Array, Profile

Column = NDArray[np.float64]
ADAM_BYTES = 30.0
"""Bytes that Adam with fp32 states moves for each local parameter (gradient, master, two moments)."""

OFFLOAD_BUS_BYTES = 6.0
HOST_BUS_RATE = 25e9
"""Bytes/s, one direction: four fifths of PCIe 4.0 x16 (31.5 GB/s)."""
HOST_MEMORY_RATE = 76.8e9
"""Bytes/s of two channels of DDR5-4800, a common workstation."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Seconds of one step by part, one row for each layout."""

    gemm: Column
    attention: Column
    memory_bound: Column
    launch: Column
    tensor_parallel_exposed: Column
    data_parallel_exposed: Column
    pipeline_send_exposed: Column
    context_parallel_exposed: Column
    expert_parallel_exposed: Column
    bubble: Column
    optimiser: Column
    straggler: Column
    communication_total: Column

    @property
    def total(self) -> Column:
        """Seconds of the whole step: the sum of all parts."""
        names = [item.name for item in fields(self) if item.name != "communication_total"]
        return np.asarray(sum(getattr(self, name) for name in names))


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class _Layer:
    """Seconds of one layer for one micro-batch."""

    gemm: Column
    attention: Column
    passes: Column
    launch: Column
    forward: Column
    backward: Column
    tensor: Column
    tensor_total: Column
    context: Column
    context_total: Column
    data: Column
    data_total: Column
    expert: Column
    expert_total: Column

    @property
    def total(self) -> Column:
        """Computing and visible communication."""
        computing = self.gemm + self.attention + self.passes + self.launch
        return computing + self.tensor + self.context + self.data + self.expert


def micro_batch_tokens(profile: Profile, layouts: Layouts) -> Column:
    """Tokens of one micro-batch on one device."""
    return np.asarray(layouts.micro_batch * profile.sample_tokens / layouts.context)


def cases_of(profile: Profile, layouts: Layouts, machine: Machine) -> Cases:
    """The columns that decide computing time."""
    return Cases(
        devices=machine.devices,
        tensor=layouts.tensor,
        tokens=micro_batch_tokens(profile, layouts),
        bits=layouts.bits,
        rowwise=layouts.rowwise,
        tuned_attention=np.array(TUNED_ATTENTION)[layouts.software],
        expert=layouts.expert,
    )


def _tensor_seconds(
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


def _context_seconds(
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


def _expert_host(profile: Profile, layouts: Layouts, coefficients: Coefficients) -> Array:
    """Host time that experts add to a layer: routing, and the launches of each local expert."""
    if profile.experts is None:
        return 0.0
    local = profile.experts.experts / layouts.expert
    return profile.experts.share * (coefficients.host_experts + coefficients.host_each_expert * local)


def _expert_seconds(
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


def _sharded_layer_seconds(
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


def _layer(
    profile: Profile, layouts: Layouts, times: ComputeTimes, machine: Machine, coefficients: Coefficients
) -> _Layer:
    """All that one layer costs for one micro-batch."""
    tokens = micro_batch_tokens(profile, layouts)
    again = np.where(layouts.recompute == 2.0, 1.0, 0.0)
    stored = np.asarray(profile.attention.fused) <= 0
    core_again = np.where((layouts.recompute == 1.0) & stored, 1.0, again)
    backward_core = np.where(stored, 2.0, BACKWARD_ATTENTION)
    faster = np.where(layouts.fused_experts > 0, coefficients.experts_fused, 1.0)
    passes = (
        times.passes_forward * machine.passes + faster * times.experts_passes * coefficients.passes_experts
    )
    gemm = (times.gemm_forward + faster * times.experts_forward) * (1.0 + again)
    gemm = gemm + times.gemm_backward + faster * times.experts_backward
    attention = times.attention_forward * (1.0 + core_again + backward_core)
    moved = passes * (1.0 + BACKWARD_PASSES + again) + times.cast * (1.0 + again / 3.0)
    fixed = coefficients.kernel_seconds * profile.kernels * (3.0 + again)
    host = (machine.host + faster * _expert_host(profile, layouts, coefficients)) * (1.0 + again / 3.0)
    launch = fixed + np.maximum(host - (gemm + attention + moved + fixed), 0.0)
    computing = gemm + attention + moved + launch
    forward = computing / (3.0 + again)
    tensor, tensor_total = _tensor_seconds(profile, layouts, tokens, machine, coefficients)
    beside = attention + launch  # keys and values also travel while the device waits for the host
    context, context_total = _context_seconds(profile, layouts, tokens, beside, machine, coefficients)
    data, data_total = _sharded_layer_seconds(
        profile, layouts, forward, computing - forward, machine, coefficients
    )
    return _Layer(
        gemm,
        attention,
        moved,
        launch,
        forward,
        computing - forward,
        tensor,
        tensor_total,
        context,
        context_total,
        data,
        data_total,
        *_expert_seconds(profile, layouts, tokens, machine, coefficients),
    )


def _once_a_step_seconds(
    profile: Profile,
    layouts: Layouts,
    stage: Column,
    layer: _Layer,
    machine: Machine,
    coefficients: Coefficients,
) -> tuple[Column, Column]:
    """Gradients of DDP and ZeRO-1, weights of ZeRO-1 and 2: once a step, beside the last micro-batch."""
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
    seen = _visible(back, layer.backward * depth, machine.dp_overlap, coefficients)
    seen = seen + _visible(ahead, layer.forward * depth, machine.dp_overlap, coefficients)
    return seen, np.asarray(back + ahead)


def _optimiser_seconds(profile: Profile, layouts: Layouts, stage: Column, machine: Machine) -> Column:
    """Adam over the local part of the states, at memory bandwidth.

    Offloaded states are updated by the host: fp32 gradients go down the bus, 16-bit weights come back,
    and all devices of the host share its memory bandwidth (ZeRO-Offload, arXiv:2101.06840).
    """
    sharded = layouts.zero >= 1.0
    local = stage / np.where(sharded, sharding_group(layouts), 1.0)
    experts = expert_stage_parameters(profile, layouts) / np.where(
        sharded, expert_sharding_group(layouts), 1.0
    )
    local = (local + experts) * profile.trained_share
    here = pass_seconds(ADAM_BYTES * local, machine.devices.bandwidth)
    bus = pass_seconds(OFFLOAD_BUS_BYTES * local, HOST_BUS_RATE)
    host = pass_seconds(ADAM_BYTES * local * machine.fabric.domain, HOST_MEMORY_RATE)
    return np.where(layouts.offload > 0, bus + host, here)


def step_times(
    profile: Profile,
    layouts: Layouts,
    devices: Devices,
    fabric: Fabric,
    coefficients: Coefficients,
    times: ComputeTimes | None = None,
) -> Steps:
    """Seconds of one optimiser step for every layout.

    Args:
        devices: Rows that `layouts.device` indexes.
        fabric: Rows that `layouts.system` indexes.
        times: Computing times where they are known already, one row for each layout.
    """
    machine = machine_columns(layouts, devices, fabric, coefficients)
    if times is None:
        cases = cases_of(profile, layouts, machine)
        times = compute_times(profile, cases, layouts.sequence_parallel, coefficients)
    layer = _layer(profile, layouts, times, machine, coefficients)
    stage = stage_parameters(profile, layouts)
    once, once_total = _once_a_step_seconds(profile, layouts, stage, layer, machine, coefficients)
    return _assemble(profile, layouts, times, layer, stage, once, once_total, machine, coefficients)


def _assemble(
    profile: Profile,
    layouts: Layouts,
    times: ComputeTimes,
    layer: _Layer,
    stage: Column,
    once: Column,
    once_total: Column,
    machine: Machine,
    coefficients: Coefficients,
) -> Steps:
    """Runs the micro-batches through the pipeline and adds what happens once a step."""
    depth = profile.layers / layouts.pipeline
    count = layouts.micro_batches
    ends = times.ends_gemm + times.ends_passes
    whole = profile.layers * layer.total + ends
    even = whole / layouts.pipeline
    uneven = np.mod(profile.layers, layouts.pipeline) > 0
    slowest = np.where(uneven, even, depth * layer.total + ends)
    filled = count * slowest + (whole - slowest) / layouts.interleave
    bubble = filled - count * even
    sends, sends_total = _send_times(profile, layouts, machine, coefficients)
    host_once = np.full(stage.shape, coefficients.step_host_seconds)
    share = count * depth
    optimiser = _optimiser_seconds(profile, layouts, stage, machine)
    parts = {
        "gemm": share * layer.gemm + count * times.ends_gemm / layouts.pipeline,
        "attention": share * layer.attention,
        "memory_bound": share * layer.passes + count * times.ends_passes / layouts.pipeline,
        "launch": share * layer.launch + host_once,
        "tensor_parallel_exposed": share * layer.tensor,
        "data_parallel_exposed": share * layer.data + once,
        "pipeline_send_exposed": sends,
        "context_parallel_exposed": share * layer.context,
        "expert_parallel_exposed": share * layer.expert,
        "bubble": np.maximum(bubble, 0.0),
        "optimiser": optimiser,
    }
    noise = coefficients.straggler_sigma * np.sqrt(2.0 * np.log(np.maximum(layouts.gpus, 1.0)))
    straggler = noise * np.asarray(sum(parts.values()))
    inside = layer.tensor_total + layer.context_total + layer.data_total + layer.expert_total
    communication = share * inside
    return Steps(**parts, straggler=straggler, communication_total=communication + once_total + sends_total)


def _send_times(
    profile: Profile, layouts: Layouts, machine: Machine, coefficients: Coefficients
) -> tuple[Column, Column]:
    """Activations and gradients between stages, split over the tensor-parallel ranks."""
    size = 2.0 * micro_batch_tokens(profile, layouts) * profile.hidden / layouts.tensor
    stride = layouts.tensor * layouts.context * layouts.data
    one = send_seconds(size, stride, machine.fabric, coefficients)
    many = 2.0 * layouts.micro_batches * layouts.interleave
    total = np.where(layouts.pipeline > 1.0, many * one, 0.0)
    return coefficients.send_exposed * total, total
