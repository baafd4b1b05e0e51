"""Memory of the fullest device, by part.

States after ZeRO (arXiv:1910.02054) with Megatron's fp32 main gradients; activations after Korthikanti et
al. (arXiv:2205.05198), recounted by operator in `workloads`; first-stage pile-up of micro-batches.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estimators.parallel.layout import ALL_GATHER, Layouts
from estimators.workloads.profile import Array, Profile

Column = NDArray[np.float64]
WEIGHT_BYTES = 2.0
GRADIENT_BYTES = 4.0
OPTIMISER_BYTES = 12.0
"""fp32 master copy and two Adam moments."""
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


def stage_parameters(profile: Profile, layouts: Layouts) -> Column:
    """Parameters of the fullest stage on one device before sharding over data parallelism.

    The first stage holds the embedding; without a pipeline one stage holds the head too.
    """
    layer = profile.layer_parameters / layouts.tensor + profile.layer_replicated_parameters
    alone = layouts.pipeline == 1.0
    ends = profile.first_parameters + np.where(alone, profile.last_parameters, 0.0)
    return np.asarray(profile.layers / layouts.pipeline * layer + ends / layouts.tensor)


def expert_stage_parameters(profile: Profile, layouts: Layouts) -> Column:
    """Parameters of routed experts of one stage on one device before sharding over data parallelism."""
    mine = profile.layers / layouts.pipeline * profile.expert_parameters / layouts.expert
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


def layer_activation_bytes(profile: Profile, layouts: Layouts, tokens: Array) -> Column:
    """Bytes that one layer keeps of one micro-batch for the backward pass, by recompute mode.

    Selective recomputation drops stored scores (Korthikanti et al.); beside a fused kernel, which stores
    none, it drops the output of the activation function.
    """
    stream = np.where(layouts.sequence_parallel > 0, layouts.tensor, 1.0)
    replicated = profile.saved_replicated_bytes / stream
    split = profile.saved_split_bytes / layouts.tensor
    scores = profile.score_bytes / layouts.tensor
    routed: Array = 0.0
    if profile.experts is not None:
        routed = profile.experts.saved_bytes * profile.experts.load / layouts.tensor
    kept_none = replicated + split + scores + routed
    fused = np.asarray(profile.attention.fused) > 0
    dropped = np.where(fused, profile.selective_saved_bytes, 0.0) / layouts.tensor
    kept_selective = replicated + split + routed - dropped
    kept_full = WEIGHT_BYTES * profile.hidden / stream
    kept = np.choose(layouts.recompute.astype(int), [kept_none, kept_selective, kept_full])
    return np.asarray(kept * tokens)


def working_layer_bytes(profile: Profile, layouts: Layouts, tokens: Array) -> Column:
    """Bytes of the one layer that is recomputed at a time under full recomputation."""
    split = (profile.saved_split_bytes + profile.score_bytes) / layouts.tensor
    full = layouts.recompute == 2.0
    return np.asarray(np.where(full, (profile.saved_replicated_bytes + split) * tokens, 0.0))


def micro_batches_in_flight(layouts: Layouts) -> Column:
    """Micro-batches whose activations the first stage holds, with the pile-up of interleaving.

    ZB-H1 holds as many as 1F1B, ZB-H2 up to 2p − 1 (Qi et al., arXiv:2401.10241, table 1).
    """
    most = np.where(layouts.zero_bubble == 2.0, 2.0 * layouts.pipeline - 1.0, layouts.pipeline)
    held = np.minimum(layouts.micro_batches, most)
    more = 1.0 + (layouts.pipeline - 1.0) / (layouts.pipeline * layouts.interleave)
    return np.where(layouts.interleave > 1.0, held * more, held)


def gathered_bytes(profile: Profile, layouts: Layouts) -> Column:
    """Bytes that sharded training holds whole for a moment.

    ZeRO-3: 16-bit weights of the next layer, weights and fp32 gradients of the largest unit (a layer, or
    embedding or head where the vocabulary is large). ZeRO-2: the gradients of one layer. Context parallelism
    by all-gather: keys and values of the whole sequence and their gradients, for one layer.
    """
    experts = profile.expert_parameters / layouts.expert
    layer = profile.layer_parameters / layouts.tensor + experts
    ends = np.maximum(profile.first_parameters, profile.last_parameters) / layouts.tensor
    gathered = WEIGHT_BYTES * layer + (WEIGHT_BYTES + GRADIENT_BYTES) * np.maximum(layer, ends)
    reduced = np.where(layouts.zero == 2.0, layer * GRADIENT_BYTES, 0.0)
    return np.asarray(np.where(layouts.zero >= 3.0, gathered, reduced)) + _gathered_keys(profile, layouts)


def _gathered_keys(profile: Profile, layouts: Layouts) -> Array:
    """Keys and values that context parallelism by all-gather holds whole, and their gradients."""
    here = (layouts.context_kind == ALL_GATHER) & (layouts.context > 1.0)
    if not np.any(here):
        return 0.0
    tokens = layouts.micro_batch * profile.sample_tokens
    held = 2.0 * profile.attention.kv_bytes_per_token / layouts.tensor * tokens
    return np.where(here, held, 0.0)


def state_bytes(profile: Profile, layouts: Layouts) -> tuple[Column, Column, Column]:
    """Bytes of weights, gradients and optimiser states on the fullest device.

    Dense parts are sharded over data parallelism, experts over the devices that hold the same ones.
    Offloading leaves the 16-bit weights on the device.
    """
    stage, experts = stage_parameters(profile, layouts), expert_stage_parameters(profile, layouts)
    shards, peers = sharding_group(layouts), expert_shards(layouts)

    def local(from_stage: float) -> Column:
        sharded = layouts.zero >= from_stage
        return np.asarray(stage / np.where(sharded, shards, 1.0) + experts / np.where(sharded, peers, 1.0))

    fp32_shards = (layouts.zero >= 3.0) & (layouts.offload == 0.0)
    weights = np.where(fp32_shards, SHARDED_WEIGHT_BYTES, WEIGHT_BYTES) * local(3.0)
    trained_here = (1.0 - layouts.offload) * profile.trained_share
    gradients = trained_here * GRADIENT_BYTES * local(2.0)
    states = np.where(fp32_shards, SHARDED_OPTIMISER_BYTES, OPTIMISER_BYTES)
    return weights, gradients, trained_here * states * local(1.0)


def memory_of(profile: Profile, layouts: Layouts) -> Memory:
    """Memory of the fullest device for every layout.

    Returns:
        Parts in bytes; `reserved` is to be held against the visible memory less `MARGIN`.
    """
    tokens = layouts.micro_batch * profile.sample_tokens / layouts.context
    layers_held = profile.layers / layouts.pipeline * micro_batches_in_flight(layouts)
    kept = layer_activation_bytes(profile, layouts, tokens) * layers_held
    weights, gradients, optimiser = state_bytes(profile, layouts)
    named = {
        "weights": weights,
        "gradients": gradients,
        "optimiser": optimiser,
        "activations": kept + working_layer_bytes(profile, layouts, tokens),
        "logits": np.where(layouts.pipeline == 1.0, profile.logits_bytes * tokens / layouts.tensor, 0.0),
        "buffers": gathered_bytes(profile, layouts),
    }
    shape = layouts.data.shape
    parts = {name: np.broadcast_to(part, shape) for name, part in named.items()}
    gaps = FRAGMENTATION * np.sum(list(parts.values()), axis=0)
    return Memory(**parts, context=_context_bytes(layouts), fragmentation=gaps)


def _context_bytes(layouts: Layouts) -> Column:
    """Driver context and the buffers of the communicators that a layout needs."""
    degrees = (layouts.tensor, layouts.pipeline, layouts.context, layouts.data, layouts.expert)
    used = np.sum([np.asarray(degree) > 1.0 for degree in degrees], axis=0)
    used = used + (sharding_group(layouts) < layouts.data * layouts.context)
    return np.asarray(CONTEXT_BYTES + COMMUNICATOR_BYTES * used)
