"""Layouts as columns: one row for each way to spread a run over devices.

Ranks are ordered as Megatron does: tensor, context, data, pipeline, from neighbours to far apart.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estimators.catalogue.records import Gpu

Column = NDArray[np.float64]
Index = NDArray[np.intp]
RECOMPUTE = ("none", "selective", "full")
SCHEDULES = ("1f1b", "interleaved", "zero-bubble", "zero-bubble-2p")
"""Orders of a pipeline's passes; the zero-bubble ones are ZB-H1 and ZB-H2 of arXiv:2401.10241."""
CONTEXT_KINDS = ("ring", "all-gather", "ulysses")
"""How context parallelism brings keys and values to the queries."""
RING, ALL_GATHER, ULYSSES = 0.0, 1.0, 2.0
PRECISION_BITS = {"fp32": 32, "tf32": 32, "fp16": 16, "bf16": 16, "fp8": 8, "mxfp8": 8, "nvfp4": 4}


def bits_on(gpu: Gpu, precision: str) -> float:
    """Width of the products on a card: 4, 8 or 16 bit; a precision that it lacks falls back to 16.

    NVFP4 falls back to FP8 first.
    """
    wanted = float(min(PRECISION_BITS.get(precision, 16), 16))
    if wanted < 16.0 and not gpu.supports(precision):
        return 8.0 if wanted == 4.0 and gpu.supports("fp8") else 16.0
    return wanted


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """The columns of layouts that decide how a pipeline waits; see `Layouts`."""

    gpus: Column
    pipeline: Column
    interleave: Column
    micro_batches: Column
    zero_bubble: Column


@dataclass(frozen=True, slots=True, eq=False)
class Layouts:
    """Columns of equal length (or of length one, for a value that all rows share).

    Attributes:
        device: Row of the device in `Devices`.
        system: Row of the system in `Fabric`.
        software: Row of the software class in `SOFTWARE`.
        tensor, pipeline, interleave, context, data: Degrees; `data` excludes context parallelism.
        zero: ZeRO stage, 0 to 3 (3 is FSDP).
        shard: Members over which states are sharded, the groups being copies of each other (hybrid
            sharding); 0 means all of `data` × `context`.
        micro_batch: Samples of one micro-batch on one model replica.
        micro_batches: Micro-batches of one optimiser step.
        recompute: Row in `RECOMPUTE`.
        sequence_parallel: 1 where the parts between tensor-parallel regions are split too.
        reduce_bytes: Bytes of one gradient element on the network.
        bits: Width of the matrix products' inputs in FP8 and FP4 recipes, else 16.
        tp_overlap: 1 where tensor-parallel communication is pipelined with the products.
        expert: Degree of expert parallelism; a divisor of `tensor` × `context` × `data`.
        fused_experts: 1 where experts run in fused, graph-captured kernels.
        recipe: Row in `RECIPES` of products in 8 or 4 bit.
        layers_16: Layers that the recipe keeps in 16 bit.
        zero_bubble: 0 for 1F1B and interleaving, 1 for ZB-H1, 2 for ZB-H2.
        context_kind: Row in `CONTEXT_KINDS`.
        offload: 1 where gradients and optimiser states live in the host's memory (ZeRO-Offload).
    """

    device: Index
    system: Index
    software: Index
    tensor: Column
    pipeline: Column
    interleave: Column
    context: Column
    data: Column
    zero: Column
    shard: Column
    micro_batch: Column
    micro_batches: Column
    recompute: Column
    sequence_parallel: Column
    reduce_bytes: Column
    bits: Column
    tp_overlap: Column
    recipe: Column
    layers_16: Column
    expert: Column
    fused_experts: Column
    offload: Column
    zero_bubble: Column
    context_kind: Column

    @property
    def gpus(self) -> Column:
        """Devices used."""
        return self.tensor * self.pipeline * self.context * self.data

    @property
    def schedule(self) -> Index:
        """Row in `SCHEDULES`."""
        zero_bubble = (self.zero_bubble + 1.0).astype(np.intp)
        return np.where(self.zero_bubble > 0, zero_bubble, (self.interleave > 1.0).astype(np.intp))

    @property
    def batch_samples(self) -> Column:
        """Samples of one optimiser step."""
        return self.micro_batch * self.micro_batches * self.data

    def stages(self, rows: Index | None = None) -> Stages:
        """How the given rows, or all, divide the layers."""
        columns = (self.gpus, self.pipeline, self.interleave, self.micro_batches, self.zero_bubble)
        return Stages(*(columns if rows is None else (column[rows] for column in columns)))

    def take(self, rows: Index | NDArray[np.bool_]) -> Layouts:
        """The given rows. Every column must have full length."""
        return Layouts(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})

    def __len__(self) -> int:
        return int(self.device.size)
