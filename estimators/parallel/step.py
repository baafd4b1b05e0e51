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
from estimators.hardware.kernels import FLASH_BACKWARD, pass_seconds
from estimators.hardware.network import Fabric
from estimators.parallel.compute import Cases, ComputeTimes, compute_times
from estimators.parallel.exchange import (
    Machine,
    context_seconds,
    expert_seconds,
    machine_columns,
    micro_batch_tokens,
    once_a_step_seconds,
    send_times,
    sharded_layer_seconds,
    tensor_seconds,
)
from estimators.parallel.layout import Layouts
from estimators.parallel.memory import (
    expert_shards,
    expert_stage_parameters,
    sharding_group,
    stage_parameters,
)
from estimators.parallel.schedule import Pass, pipeline_bubble
from estimators.parameters import TUNED_ATTENTION, Coefficients
from estimators.workloads.profile import Array, Profile

Column = NDArray[np.float64]
ADAM_BYTES = 30.0
"""Bytes that Adam with fp32 states moves for each local parameter (gradient, master, two moments)."""

BACKWARD_PASSES = 2.0
"""A backward pass reads and writes gradients beside the saved values."""
OFFLOAD_BUS_BYTES = 6.0
HOST_BUS_RATE = 25e9
"""Bytes/s, one direction: four fifths of PCIe 4.0 x16 (31.5 GB/s)."""
HOST_MEMORY_RATE = 76.8e9
"""Bytes/s of two channels of DDR5-4800, a common workstation."""


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Seconds of one layer for one micro-batch."""

    gemm: Column
    attention: Column
    passes: Column
    launch: Column
    forward: Column
    backward: Column
    weights: Column
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


def cases_of(profile: Profile, layouts: Layouts, machine: Machine) -> Cases:
    """The columns that decide computing time."""
    return Cases(
        devices=machine.devices,
        tensor=layouts.tensor,
        tokens=micro_batch_tokens(profile, layouts),
        bits=layouts.bits,
        recipe=layouts.recipe,
        share_16=np.minimum(layouts.layers_16 / profile.layers, 1.0),
        tuned_attention=np.array(TUNED_ATTENTION)[layouts.software],
        expert=layouts.expert,
    )


def _expert_host(profile: Profile, layouts: Layouts, coefficients: Coefficients) -> Array:
    """Host time that experts add to a layer: routing, and the launches of each local expert.

    With a fixed capacity all experts take equally many tokens, known beforehand: one batched kernel.
    """
    if profile.experts is None:
        return 0.0
    local = (1.0 - profile.experts.capped) * profile.experts.experts / layouts.expert
    return profile.experts.share * (coefficients.host_experts + coefficients.host_each_expert * local)


@dataclass(frozen=True, slots=True, eq=False)
class _Computing:
    """Computing of one layer for one micro-batch, and what of it a pass takes."""

    gemm: Column
    attention: Column
    passes: Column
    launch: Column
    weights: Column
    forward: Column
    backward: Column


def _computing(
    profile: Profile, layouts: Layouts, times: ComputeTimes, machine: Machine, coefficients: Coefficients
) -> _Computing:
    """What one layer computes for one micro-batch.

    Selective recomputation runs the attention core again only where scores were stored. A fused kernel keeps
    no scores and computes them anew inside its own backward pass (FLASH_BACKWARD; Dao et al.,
    arXiv:2205.14135), so that there recomputing the core would save nothing. What selective recomputation
    drops then is the output of the activation function, and it pays one memory-bound pass for it. No dropout
    masks are kept or drawn again.
    """
    again = np.where(layouts.recompute == 2.0, 1.0, 0.0)
    selective = layouts.recompute == 1.0
    stored = np.asarray(profile.attention.fused) <= 0
    core_again = np.where(selective & stored, 1.0, again)
    backward_core = np.where(stored, 2.0, FLASH_BACKWARD)
    faster = np.where(layouts.fused_experts > 0, coefficients.experts_fused, 1.0)
    passes = times.passes_forward * machine.passes
    passes = passes + faster * times.experts_passes * coefficients.passes_experts
    gemm = (times.gemm_forward + faster * times.experts_forward) * (1.0 + again)
    gemm = gemm + times.gemm_backward + faster * times.experts_backward
    attention = times.attention_forward * (1.0 + core_again + backward_core)
    moved = passes * (1.0 + BACKWARD_PASSES + again) + times.cast * (1.0 + again / 3.0)
    moved = moved + np.where(selective & ~stored, times.selective_again * machine.passes, 0.0)
    fixed = coefficients.kernel_seconds * profile.kernels * (3.0 + again)
    host = (machine.host + faster * _expert_host(profile, layouts, coefficients)) * (1.0 + again / 3.0)
    launch = fixed + np.maximum(host - (gemm + attention + moved + fixed), 0.0)
    whole = gemm + attention + moved + launch
    forward = whole / (3.0 + again)
    weights = times.gemm_weight + faster * times.experts_weight
    return _Computing(gemm, attention, moved, launch, weights, forward, whole - forward)


def _layer(
    profile: Profile, layouts: Layouts, times: ComputeTimes, machine: Machine, coefficients: Coefficients
) -> _Layer:
    """All that one layer costs for one micro-batch.

    What is visible of context parallelism, a third of it forward, is time in which gradients and weights of
    data parallelism travel, so that no second of computing hides two kinds of communication.
    """
    tokens = micro_batch_tokens(profile, layouts)
    own = _computing(profile, layouts, times, machine, coefficients)
    tensor, tensor_total = tensor_seconds(profile, layouts, tokens, machine, coefficients)
    beside = own.attention + own.launch  # a ring also travels while the device waits for the host
    context, context_total = context_seconds(profile, layouts, tokens, beside, machine, coefficients)
    forward, backward = own.forward + context / 3.0, own.backward + context * 2.0 / 3.0
    data, data_total = sharded_layer_seconds(profile, layouts, forward, backward, machine, coefficients)
    expert, expert_total = expert_seconds(profile, layouts, tokens, machine, coefficients)
    return _Layer(
        own.gemm,
        own.attention,
        own.passes,
        own.launch,
        forward,
        backward,
        own.weights,
        tensor,
        tensor_total,
        context,
        context_total,
        data,
        data_total,
        expert,
        expert_total,
    )


def _optimiser_seconds(profile: Profile, layouts: Layouts, stage: Column, machine: Machine) -> Column:
    """Adam over the local part of the states, at memory bandwidth.

    Offloaded states are updated by the host: fp32 gradients go down the bus, 16-bit weights come back,
    and all devices of the host share its memory bandwidth (ZeRO-Offload, arXiv:2101.06840).
    """
    sharded = layouts.zero >= 1.0
    local = stage / np.where(sharded, sharding_group(layouts), 1.0)
    experts = expert_stage_parameters(profile, layouts) / np.where(sharded, expert_shards(layouts), 1.0)
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
    once, once_total = once_a_step_seconds(
        profile, layouts, stage, layer.forward, layer.backward, machine, coefficients
    )
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
    one = Pass(layer.total, layer.weights)
    ends = Pass(times.ends_gemm + times.ends_passes, times.ends_weight)
    sends, sends_total = send_times(profile, layouts, machine, coefficients)
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
        "bubble": pipeline_bubble(profile.layers, layouts, one, ends),
        "optimiser": optimiser,
    }
    noise = coefficients.straggler_sigma * np.sqrt(2.0 * np.log(np.maximum(layouts.gpus, 1.0)))
    straggler = noise * np.asarray(sum(parts.values()))
    inside = layer.tensor_total + layer.context_total + layer.data_total + layer.expert_total
    communication = share * inside
    return Steps(**parts, straggler=straggler, communication_total=communication + once_total + sends_total)
