"""Memory of the fullest device, by part.

States after ZeRO (arXiv:1910.02054) with Megatron's fp32 main gradients; activations after Korthikanti et
al. (arXiv:2205.05198), recounted by operator in `workloads`; first-stage pile-up of micro-batches.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estimators.parallel.cases import positions_on_rank
from estimators.parallel.layout import ALL_GATHER, RECOMPUTE, Layouts
from estimators.workloads.work import NOTHING_SAVED, Array, Part, Phase, Work, largest

Column = NDArray[np.float64]
WEIGHT_BYTES = 2.0
GRADIENT_BYTES = 4.0
OPTIMISER_BYTES = 12.0
"""fp32 master copy and two Adam moments."""
STREAM_BYTES = 2.0
"""One element of the stream, which full recomputation keeps for each layer."""
SHARDED_WEIGHT_BYTES, SHARDED_OPTIMISER_BYTES = 4.0, 8.0
"""ZeRO-3 and FSDP shard fp32 weights, which are the master copy, beside two Adam moments."""
CONTEXT_BYTES = 1.0 * 2**30
"""Driver context, 0.5 to 1 GiB in practice."""
COMMUNICATOR_BYTES = 0.5 * 2**30
"""Buffers of one communicator; one for each dimension of the layout that communicates."""
FRAGMENTATION = 0.06
"""Allocator gaps, 3 to 8 % of what is allocated."""
MARGIN = 0.03
"""Share of the visible memory that a plan leaves free."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Bytes by part, one row for each layout."""

    weights: Column
    gradients: Column
    optimiser: Column
    activations: Column
    logits: Column
    buffers: Column
    context: Column
    fragmentation: Column

    @property
    def reserved(self) -> Column:
        """Sum of all parts."""
        return np.asarray(sum(getattr(self, item.name) for item in fields(self)))


def usable_bytes(memory_bytes: Array) -> Column:
    """Bytes of a device that a plan may reserve: what software sees of it, less `MARGIN`."""
    return np.asarray(memory_bytes * (1.0 - MARGIN))


def stage_parameters(work: Work, layouts: Layouts) -> Column:
    """Parameters of the fullest stage on one device before sharding over data parallelism.

    The first stage holds the first parts; without a pipeline one stage holds the last parts too.
    """
    inner: Array = 0.0
    for part in work.train.inner:
        layer = part.weights.split / layouts.tensor + part.weights.replicated
        inner = inner + part.depth / layouts.pipeline * layer
    first = sum((one.depth * one.weights.split for one in work.train.ends if one.place == "first"), start=0.0)
    last = sum((one.depth * one.weights.split for one in work.train.ends if one.place == "last"), start=0.0)
    ends = first + np.where(layouts.pipeline == 1.0, last, 0.0)
    return np.asarray(inner + ends / layouts.tensor)


def expert_stage_parameters(work: Work, layouts: Layouts) -> Column:
    """Parameters of routed experts of one stage on one device before sharding over data parallelism."""
    mine: Array = 0.0
    for part in work.train.inner:
        mine = mine + part.depth / layouts.pipeline * part.expert_parameters / layouts.expert
    return np.asarray(np.broadcast_to(mine, layouts.data.shape))


def expert_replicas(layouts: Layouts) -> Column:
    """Devices that hold the same experts: the data-parallel group of the experts."""
    whole = layouts.tensor * layouts.context * layouts.data
    return np.maximum(whole / layouts.expert, 1.0)


def expert_shards(layouts: Layouts) -> Column:
    """Devices over which the states of the same experts are spread.

    Hybrid sharding spreads them over those that hold the same experts inside its group of devices.
    """
    peers = expert_replicas(layouts)
    inside = np.maximum(layouts.shard * layouts.tensor / layouts.expert, 1.0)
    return np.where(_is_hybrid(layouts), np.minimum(inside, peers), peers)


def sharding_group(layouts: Layouts) -> Column:
    """Devices over which optimiser states and, with ZeRO-3, weights are spread."""
    whole = layouts.data * layouts.context
    return np.where(_is_hybrid(layouts), np.minimum(layouts.shard, whole), whole)


def _is_hybrid(layouts: Layouts) -> NDArray[np.bool_]:
    """Whether states are sharded over a group smaller than all; plain data parallelism shards nothing."""
    return (layouts.shard > 0.0) & (layouts.zero >= 1.0)


def layer_activation_bytes(part: Part, layouts: Layouts, positions: Array, recompute: str) -> Column:
    """Bytes that one layer keeps of one micro-batch for the backward pass, in a recompute mode.

    Selective recomputation drops stored scores (Korthikanti et al.); beside a fused kernel, which stores
    none, it drops the output of the activation function.
    """
    stream = np.where(layouts.sequence_parallel > 0, layouts.tensor, 1.0)
    if recompute == "full":
        return np.asarray(STREAM_BYTES * part.width / stream * positions)
    routed: Array = 0.0
    if part.experts is not None:
        routed = part.experts.saved_bytes * part.experts.load / layouts.tensor
    kept = part.saved.replicated / stream + part.saved.split / layouts.tensor + routed
    if recompute == "none":
        return np.asarray((kept + part.saved.scores / layouts.tensor) * positions)
    dropped = np.where(np.asarray(part.stores_scores) > 0, 0.0, part.saved.selective) / layouts.tensor
    return np.asarray((kept - dropped) * positions)


def working_layer_bytes(part: Part, layouts: Layouts, positions: Array) -> Column:
    """Bytes of the one layer that is recomputed at a time under full recomputation."""
    split = (part.saved.split + part.saved.scores) / layouts.tensor
    return np.asarray((part.saved.replicated + split) * positions)


def _phase_activations(phase: Phase, layouts: Layouts, recompute: str) -> Column:
    """Activations of a phase on the fullest device, and the layer that is recomputed."""
    held = micro_batches_in_flight(layouts) / layouts.pipeline
    kept, working = np.zeros(layouts.data.shape), np.zeros(layouts.data.shape)
    for part in phase.inner:
        positions = positions_on_rank(part, layouts.micro_batch, layouts.context)
        one = layer_activation_bytes(part, layouts, positions, recompute)
        kept = kept + one * (part.depth * held)
        if recompute == "full":
            working = np.maximum(working, working_layer_bytes(part, layouts, positions))
    for part in phase.ends:
        if part.place == "first" and part.saved is not NOTHING_SAVED:
            positions = positions_on_rank(part, layouts.micro_batch, layouts.context)
            one = layer_activation_bytes(part, layouts, positions, "none")
            kept = kept + one * (part.depth * held * layouts.pipeline)
    return kept + working


def activation_bytes(work: Work, layouts: Layouts, recompute: str) -> Column:
    """Activations of the phase that holds most, on the fullest device, in a recompute mode of all rows."""
    return np.asarray(largest(_phase_activations(one, layouts, recompute) for one in work.phases))


def _logits_bytes(work: Work, layouts: Layouts) -> Column:
    """What the last parts keep, where one stage holds first and last parts."""
    kept: Array = 0.0
    for phase in work.phases:
        each: Array = 0.0
        for part in phase.ends:
            if part.place == "last":
                positions = positions_on_rank(part, layouts.micro_batch, layouts.context)
                each = each + part.depth * part.saved.split * positions
        kept = np.maximum(kept, each)
    return np.where(layouts.pipeline == 1.0, kept / layouts.tensor, 0.0)


def micro_batches_in_flight(layouts: Layouts) -> Column:
    """Micro-batches whose activations the first stage holds, with the pile-up of interleaving.

    ZB-H1 holds as many as 1F1B, ZB-H2 up to 2p − 1 (Qi et al., arXiv:2401.10241, table 1).
    """
    most = np.where(layouts.zero_bubble == 2.0, 2.0 * layouts.pipeline - 1.0, layouts.pipeline)
    held = np.minimum(layouts.micro_batches, most)
    more = 1.0 + (layouts.pipeline - 1.0) / (layouts.pipeline * layouts.interleave)
    return np.where(layouts.interleave > 1.0, held * more, held)


def gathered_bytes(work: Work, layouts: Layouts) -> Column:
    """Bytes that sharded training holds whole for a moment.

    ZeRO-3: 16-bit weights of the next layer, weights and fp32 gradients of the largest unit (a layer, or
    embedding or head where the vocabulary is large). ZeRO-2: the gradients of one layer. Context parallelism
    by all-gather: keys and values of the whole sequence and their gradients, for one layer.
    """
    layer = largest(
        part.weights.split / layouts.tensor + part.expert_parameters / layouts.expert
        for part in work.train.inner
    )
    ends = largest(one.depth * one.weights.split for one in work.train.ends) / layouts.tensor
    gathered = WEIGHT_BYTES * layer + (WEIGHT_BYTES + GRADIENT_BYTES) * np.maximum(layer, ends)
    reduced = np.where(layouts.zero == 2.0, layer * GRADIENT_BYTES, 0.0)
    return np.asarray(np.where(layouts.zero >= 3.0, gathered, reduced)) + _gathered_keys(work, layouts)


def _gathered_keys(work: Work, layouts: Layouts) -> Array:
    """Keys and values that context parallelism by all-gather holds whole, and their gradients."""
    here = (layouts.context_kind == ALL_GATHER) & (layouts.context > 1.0)
    if not np.any(here):
        return 0.0
    held = [
        2.0 * part.kv_bytes / layouts.tensor * layouts.micro_batch * part.positions for part in work.parts
    ]
    return np.where(here, np.maximum.reduce(held), 0.0)


def state_bytes(work: Work, layouts: Layouts) -> tuple[Column, Column, Column]:
    """Bytes of weights, gradients and optimiser states on the fullest device.

    Dense parts are sharded over data parallelism, experts over the devices that hold the same ones.
    Offloading leaves the 16-bit weights on the device.
    """
    stage, experts = stage_parameters(work, layouts), expert_stage_parameters(work, layouts)
    shards, peers = sharding_group(layouts), expert_shards(layouts)

    def local(from_stage: float) -> Column:
        sharded = layouts.zero >= from_stage
        return np.asarray(stage / np.where(sharded, shards, 1.0) + experts / np.where(sharded, peers, 1.0))

    fp32_shards = (layouts.zero >= 3.0) & (layouts.offload == 0.0)
    weights = np.where(fp32_shards, SHARDED_WEIGHT_BYTES, WEIGHT_BYTES) * local(3.0)
    here = 1.0 - layouts.offload
    gradients = here * GRADIENT_BYTES * local(2.0)
    states = np.where(fp32_shards, SHARDED_OPTIMISER_BYTES, OPTIMISER_BYTES)
    return weights, gradients, here * states * local(1.0)


def memory_of(work: Work, layouts: Layouts) -> Memory:
    """Memory of the fullest device for every layout.

    Returns:
        Parts in bytes; `reserved` is to be held against the visible memory less `MARGIN`.
    """
    parts = {**_lasting(work, layouts), "activations": _activations(work, layouts)}
    gaps = FRAGMENTATION * sum(parts.values(), start=0.0)
    return Memory(**parts, context=_context_bytes(layouts), fragmentation=np.asarray(gaps))


def _activations(work: Work, layouts: Layouts) -> Column:
    """Activations in the recompute mode of each row."""
    found = np.zeros(layouts.data.shape)
    for mode, name in enumerate(RECOMPUTE):
        here = layouts.recompute == float(mode)
        if here.any():
            found = np.where(here, activation_bytes(work, layouts, name), found)
    return found


def reserved_bytes(work: Work, layouts: Layouts, modes: Collection[str]) -> dict[str, Column]:
    """Reserved bytes of the fullest device, by recompute mode in place of each layout's own."""
    lasting = sum(_lasting(work, layouts).values(), start=0.0)
    context = _context_bytes(layouts)
    return {
        name: (1.0 + FRAGMENTATION) * (lasting + activation_bytes(work, layouts, name)) + context
        for name in modes
    }


def _lasting(work: Work, layouts: Layouts) -> dict[str, Column]:
    """Parts of memory that recomputation does not change."""
    weights, gradients, optimiser = state_bytes(work, layouts)
    named = {
        "weights": weights,
        "gradients": gradients,
        "optimiser": optimiser,
        "logits": _logits_bytes(work, layouts),
        "buffers": gathered_bytes(work, layouts),
    }
    return {name: np.broadcast_to(part, layouts.data.shape) for name, part in named.items()}


def _context_bytes(layouts: Layouts) -> Column:
    """Driver context and the buffers of the communicators that a layout needs."""
    degrees = (layouts.tensor, layouts.pipeline, layouts.context, layouts.data, layouts.expert)
    used = sum(((degree > 1.0).astype(float) for degree in degrees), start=0.0)
    used = used + (sharding_group(layouts) < layouts.data * layouts.context)
    return np.asarray(CONTEXT_BYTES + COMMUNICATOR_BYTES * used)
