"""Time of one optimiser step for every layout, by part.

Every phase of a work is a pipeline of micro-batches through stages of layers, with the tensor-parallel,
data-parallel, context-parallel and pipeline communication that the layout needs; the optimiser and the wait
for the slowest device come once. Every part is non-negative and the parts sum to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.kernels import pass_seconds
from estimators.hardware.network import Fabric
from estimators.parallel.cases import cases_of
from estimators.parallel.compute import phase_times
from estimators.parallel.exchange import (
    Machine,
    machine_columns,
    once_a_step_seconds,
    send_times,
    sharded_layer_seconds,
)
from estimators.parallel.layer import Layer, Layers, layers_of, over_layers
from estimators.parallel.layout import Layouts, Stages
from estimators.parallel.memory import (
    expert_shards,
    expert_stage_parameters,
    sharding_group,
    stage_parameters,
)
from estimators.parallel.schedule import Pass, pipeline_bubble
from estimators.parameters import Coefficients
from estimators.workloads.work import Array, Phase, Work

Column = NDArray[np.float64]
Index = NDArray[np.intp]
ADAM_BYTES = 30.0
"""Bytes that Adam with fp32 states moves for each local parameter (gradient, master, two moments)."""

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


def _optimiser_seconds(work: Work, layouts: Layouts, stage: Column, machine: Machine) -> Column:
    """Adam over the local part of the states, at memory bandwidth.

    Offloaded states are updated by the host: fp32 gradients go down the bus, 16-bit weights come back,
    and all devices of the host share its memory bandwidth (ZeRO-Offload, arXiv:2101.06840).
    """
    sharded = layouts.zero >= 1.0
    local = stage / np.where(sharded, sharding_group(layouts), 1.0)
    local = local + expert_stage_parameters(work, layouts) / np.where(sharded, expert_shards(layouts), 1.0)
    here = pass_seconds(ADAM_BYTES * local, machine.bandwidth)
    if not np.any(layouts.offload > 0):
        return here
    bus = pass_seconds(OFFLOAD_BUS_BYTES * local, HOST_BUS_RATE)
    host = pass_seconds(ADAM_BYTES * local * machine.fabric.domain, HOST_MEMORY_RATE)
    return np.where(layouts.offload > 0, bus + host, here)


def _with_data(
    phase: Phase,
    layouts: Layouts,
    layers: Layers,
    machine: Machine,
    coefficients: Coefficients,
) -> list[tuple[Column, Column]]:
    """Visible and all seconds of sharded weights and gradients, for one layer of each inner part."""
    return [
        sharded_layer_seconds(phase, part, layouts, layer.forward, layer.backward, machine, coefficients)
        for part, layer in zip(phase.inner, layers.inner, strict=True)
    ]


def _phase_steps(
    phase: Phase, layouts: Layouts, layers: Layers, machine: Machine, coefficients: Coefficients
) -> Steps:
    """Runs the micro-batches of one phase through the pipeline; nothing that happens once a step."""
    parts, inner, ends = phase.inner, layers.inner, layers.ends
    count = layouts.micro_batches * phase.samples
    share = count / layouts.pipeline
    data = _with_data(phase, layouts, layers, machine, coefficients)

    def all_layers(values: Iterable[Column]) -> Column:
        return share * over_layers(parts, list(values))

    one, both = _passes(phase, layers, [visible for visible, _ in data])
    sends, sends_total = send_times(phase, layouts, machine, coefficients)
    none = np.zeros(layouts.data.shape)
    sent = [layer.communication + total for layer, (_, total) in zip(inner, data, strict=True)]
    return Steps(
        gemm=all_layers(layer.gemm for layer in inner) + share * ends.gemm,
        attention=all_layers(layer.attention for layer in inner),
        memory_bound=all_layers(layer.passes for layer in inner) + share * ends.passes,
        launch=all_layers(layer.launch for layer in inner),
        tensor_parallel_exposed=all_layers(layer.tensor for layer in inner),
        data_parallel_exposed=all_layers(visible for visible, _ in data),
        pipeline_send_exposed=sends,
        context_parallel_exposed=all_layers(layer.context for layer in inner),
        expert_parallel_exposed=all_layers(layer.expert for layer in inner),
        bubble=pipeline_bubble(phase.depth, layouts.stages(), count, one, both),
        optimiser=none,
        straggler=none,
        communication_total=all_layers(sent) + sends_total,
    )


def _passes(phase: Phase, layers: Layers, data: Sequence[Array]) -> tuple[Pass, Pass]:
    """What a pipeline sees: the mean layer, and the ends.

    Args:
        data: Visible seconds of data parallelism for one layer of each inner part.
    """
    seconds = [layer.total + more for layer, more in zip(layers.inner, data, strict=True)]
    weights = [layer.weights for layer in layers.inner]
    parts, depth, ends = phase.inner, phase.depth, layers.ends
    mean = Pass(over_layers(parts, seconds) / depth, over_layers(parts, weights) / depth)
    return mean, Pass(ends.gemm + ends.passes, ends.weight)


def layers_by_phase(
    work: Work, layouts: Layouts, devices: Devices, fabric: Fabric, coefficients: Coefficients
) -> tuple[Layers, ...]:
    """What the layers of every phase cost for one micro-batch, one row for each layout."""
    cases = cases_of(work, layouts, devices, fabric, coefficients)
    return tuple(
        layers_of(phase, phase_times(phase, cases, coefficients), cases, coefficients)
        for phase in work.phases
    )


def step_times(
    work: Work,
    layouts: Layouts,
    devices: Devices,
    fabric: Fabric,
    coefficients: Coefficients,
    layers: Sequence[Layers] | None = None,
) -> Steps:
    """Seconds of one optimiser step for every layout.

    Args:
        devices: Rows that `layouts.device` indexes.
        fabric: Rows that `layouts.system` indexes.
        layers: What the layers of each phase cost where it is known already, one row for each layout.
    """
    machine = machine_columns(layouts, devices, fabric, coefficients)
    if layers is None:
        layers = layers_by_phase(work, layouts, devices, fabric, coefficients)
    found = [
        _phase_steps(phase, layouts, one, machine, coefficients)
        for phase, one in zip(work.phases, layers, strict=True)
    ]
    return _with_once(work, layouts, summed(found), layers[0].inner, machine, coefficients)


def summed(steps: Sequence[Steps]) -> Steps:
    """The seconds of several phases, part by part."""
    if len(steps) == 1:
        return steps[0]
    names = [item.name for item in fields(Steps)]
    return Steps(**{name: np.sum([getattr(one, name) for one in steps], axis=0) for name in names})


def _with_once(
    work: Work,
    layouts: Layouts,
    steps: Steps,
    layers: Sequence[Layer],
    machine: Machine,
    coefficients: Coefficients,
) -> Steps:
    """Adds what happens once a step: gradients and weights that wait for it, the optimiser, stragglers."""
    stage, parts = stage_parameters(work, layouts), work.train.inner
    forward = over_layers(parts, [layer.forward for layer in layers]) / layouts.pipeline
    backward = over_layers(parts, [layer.backward for layer in layers]) / layouts.pipeline
    once, once_total = once_a_step_seconds(work, layouts, stage, forward, backward, machine, coefficients)
    whole = replace(
        steps,
        launch=steps.launch + coefficients.step_host_seconds,
        data_parallel_exposed=steps.data_parallel_exposed + once,
        optimiser=_optimiser_seconds(work, layouts, stage, machine),
        communication_total=steps.communication_total + once_total,
    )
    return replace(whole, straggler=straggler_share(layouts.gpus, coefficients) * whole.total)


def least_seconds(
    work: Work, stages: Stages, layers: Sequence[Layers], which: Index, coefficients: Coefficients
) -> Column:
    """What a step takes at least: its layers and the bubble, without data parallelism, sends and optimiser.

    Args:
        stages: How the rows divide the layers.
        layers: What the layers of each phase cost.
        which: For every row of `stages`, its row in `layers`.
    """
    total: Column = np.zeros(which.shape)
    for phase, one in zip(work.phases, layers, strict=True):
        mean, ends = (each.take(which) for each in _passes(phase, one, [0.0] * len(phase.inner)))
        count = stages.micro_batches * phase.samples
        busy = count / stages.pipeline * (phase.depth * mean.seconds + ends.seconds)
        total = total + busy + pipeline_bubble(phase.depth, stages, count, mean, ends)
    return total * (1.0 + straggler_share(stages.gpus, coefficients))


def straggler_share(gpus: Column, coefficients: Coefficients) -> Column:
    """What waiting for the slowest device adds to a step."""
    return coefficients.straggler_sigma * np.sqrt(2.0 * np.log(np.maximum(gpus, 1.0)))
