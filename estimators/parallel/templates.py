"""Degrees to try: what a search spreads over every system and device count."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from estimators.parallel.layout import CONTEXT_KINDS, RECOMPUTE, SCHEDULES
from estimators.software import Degree, software_named
from estimators.workloads.work import Work

LONG_SEQUENCE, VERY_LONG_SEQUENCE = 16_384, 131_072
MICRO_BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
TENSOR_DEGREES = (1, 2, 4, 8)
PIPELINE_DEGREES = (1, 2, 4, 8, 16)
COLUMNS = (
    "tensor",
    "pipeline",
    "interleave",
    "context",
    "zero",
    "micro_batch",
    "offload",
    "expert",
    "shard",
)
EXPERT_DEGREES = (1, 2, 4, 8, 16, 32, 64)
MOST_STAGES, MOST_CHUNKS = 72, 12


@dataclass(frozen=True, slots=True)
class Fixed:
    """Parts of the layout that are not to be searched; None leaves them open."""

    tensor: int | None = None
    pipeline: int | None = None
    interleave: int | None = None
    context: int | None = None
    zero: int | None = None
    micro_batch: int | None = None
    recompute: str | None = None
    expert: int | None = None
    schedule: str | None = None
    context_kind: str | None = None
    shard: int | None = None
    """Devices that share the states; 0 for all replicas. Left open, those of a node or rack are tried too."""
    recomputes: tuple[str, ...] = RECOMPUTE
    """Recompute modes that the program has, where none is fixed."""

    @property
    def zero_bubble(self) -> float:
        """0 for 1F1B and interleaving, 1 for ZB-H1, 2 for ZB-H2.

        Zero-bubble schedules are used only where the user names one: no measured run in the evidence has one.
        """
        return max(float(SCHEDULES.index(self.schedule or "1f1b")) - 1.0, 0.0)

    @property
    def context_row(self) -> float:
        """Row in `CONTEXT_KINDS`."""
        return float(CONTEXT_KINDS.index(self.context_kind or "ring"))


ALL_REPLICAS, LINK_DOMAIN = 0.0, -1.0
"""Shard groups of a template: all replicas, or those joined by the fast link."""


def _choices(fixed: int | None, values: tuple[int, ...]) -> tuple[int, ...]:
    return (fixed,) if fixed is not None else values


def _split(degree: Degree, values: tuple[int, ...], fixed: int | None, work: Work) -> tuple[int, ...]:
    """The values of a degree that programs of this family have: 1 alone where they do not split it.

    None where a user fixed another.
    """
    if degree in work.splits:
        return values
    return (1,) if fixed in (None, 1) else ()


def tensor_degrees(work: Work, fixed: Fixed) -> tuple[int, ...]:
    """Degrees of tensor parallelism to try: those that divide the heads of every attention core."""
    heads = [int(float(np.asarray(query))) for query, _ in work.heads]
    whole = (t for t in _choices(fixed.tensor, TENSOR_DEGREES) if all(count % t == 0 for count in heads))
    return _split("tensor", tuple(whole), fixed.tensor, work)


def recompute_modes(fixed: Fixed) -> tuple[str, ...]:
    """Recompute modes to try: those that the program has, or the one that is fixed."""
    return (fixed.recompute,) if fixed.recompute is not None else fixed.recomputes


def pipeline_degrees(layers: int, fixed: Fixed, gpus: float | None) -> tuple[int, ...]:
    """Stages to try.

    Layers are to divide evenly, counting the embedding and the head as layers if need be. Where no degree
    divides them, as with 61 layers, stages are uneven. For a single device count every divisor of it is
    tried, with uneven stages too.
    """
    if fixed.pipeline is not None:
        return (fixed.pipeline,)
    if gpus is not None:
        most = min(layers // 2, MOST_STAGES)
        return tuple(p for p in range(1, most + 1) if gpus % p == 0) or (1,)
    possible = tuple(p for p in PIPELINE_DEGREES if p <= layers)
    even = tuple(p for p in possible if layers % p == 0 or (layers + 2) % p == 0)
    return even if len(even) > 1 else possible


def interleave_degrees(layers: int, stages: int, fixed: Fixed) -> tuple[int, ...]:
    """Chunks of a stage to try: one, two, and the most that divide its layers.

    Where layers do not divide, the embedding and the head count as layers, as in `pipeline_degrees`. A
    schedule that the user names leaves the chunks that it has: one, or more than one where layers divide.
    """
    if fixed.interleave is not None:
        return (fixed.interleave,)
    whole = layers if layers % stages == 0 else layers + 2
    if stages == 1 or whole % stages:
        return (1,)
    divisors = [v for v in range(1, MOST_CHUNKS + 1) if (whole // stages) % v == 0]
    chunks = tuple(sorted({1, *(v for v in divisors if v == 2), divisors[-1]}))
    if fixed.schedule == "interleaved":
        return chunks[1:] or (1,)
    return (1,) if fixed.schedule is not None else chunks


def context_degrees(sequence: float, fixed: Fixed) -> tuple[int, ...]:
    """Degrees of context parallelism to try; more for longer sequences."""
    if sequence > VERY_LONG_SEQUENCE:
        return _choices(fixed.context, (4, 8, 16, 32))
    return _choices(fixed.context, (1, 2, 4, 8) if sequence > LONG_SEQUENCE else (1,))


def expert_degrees(work: Work, fixed: Fixed) -> tuple[int, ...]:
    """Degrees of expert parallelism to try: powers of two that divide the experts."""
    counts = [int(float(np.asarray(part.experts.experts))) for part in work.parts if part.experts is not None]
    if not counts or "expert" not in work.splits:
        return (1,)
    whole = tuple(e for e in EXPERT_DEGREES if all(count % e == 0 for count in counts))
    return _choices(fixed.expert, whole)


def templates(
    work: Work, software: str, batch: float, fixed: Fixed, offload: bool, gpus: float | None
) -> NDArray[np.float64]:
    """Columns of every template, in the order of `COLUMNS`.

    Args:
        offload: Whether any system may move optimiser states to its host.
        gpus: The device count where there is only one; then more pipeline degrees are tried.
    """
    layers = int(float(np.asarray(work.depth)))
    tensor = tensor_degrees(work, fixed)
    ulysses = fixed.context_kind == "ulysses"
    depths = _split("pipeline", pipeline_degrees(layers, fixed, gpus), fixed.pipeline, work)
    longest = float(np.asarray(work.positions))
    context = _split("context", context_degrees(longest, fixed), fixed.context, work)
    stages = _choices(fixed.zero, software_named(software).searched_stages)
    micro = _choices(fixed.micro_batch, tuple(b for b in MICRO_BATCHES if b <= batch))
    spread = expert_degrees(work, fixed)
    rows = []
    for t, p, c, z, b in product(tensor, depths, context, stages, micro):
        if p > 1 and z >= 2 and not _shards_in_pipeline(fixed, stages):
            continue
        if ulysses and not heads_divide(work, t, c):
            continue
        places = (0, 1) if offload and p == 1 and z >= 2 else (0,)
        chunks = interleave_degrees(layers, p, fixed)
        groups = shard_groups(z, p, fixed)
        rows += [(t, p, v, c, z, b, o, e, s) for v in chunks for o in places for e in spread for s in groups]
    return np.array(rows, dtype=float).reshape(-1, len(COLUMNS))


def _shards_in_pipeline(fixed: Fixed, stages: tuple[int, ...]) -> bool:
    """Whether pipelines are tried with ZeRO-2 and 3, which send gradients or weights for every micro-batch.

    They are where the user fixed the stage, or fixed a pipeline in a program that has no lower stage.
    """
    return fixed.zero is not None or (fixed.pipeline is not None and min(stages) >= 2)


def heads_divide(work: Work, tensor: int, context: int) -> bool:
    """Whether Ulysses can give every context rank whole heads.

    Query heads and key-value heads of a tensor-parallel rank must both divide, as Transformer Engine asserts
    where context parallelism runs by all-to-all (pytorch/attention, context parallel).
    """
    for query, pairs in work.heads:
        mine = max(float(np.asarray(pairs)) / tensor, 1.0)
        if float(np.asarray(query)) / tensor % context or mine % context:
            return False
    return True


def shard_groups(zero: int, stages: int, fixed: Fixed) -> tuple[float, ...]:
    """Shard groups to try: all replicas, and for ZeRO-2 and 3 the devices of one link domain."""
    if fixed.shard is not None:
        return (float(fixed.shard),)
    return (ALL_REPLICAS, LINK_DOMAIN) if zero >= 2 and stages == 1 else (ALL_REPLICAS,)
