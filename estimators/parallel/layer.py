"""One layer of a part for one micro-batch: what it computes, and what it sends to compute at all.

Tensor, context and expert parallelism divide a layer; what they send is decided by the same columns as what
is computed. Data parallelism and pipelines, which see many layers, are priced in `exchange`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.network import (
    Group,
    all_reduce_seconds,
    all_to_all_seconds,
    dispatch_seconds,
    gather_seconds,
    place,
)
from estimators.parallel.cases import Cases
from estimators.parallel.compute import Computing, EndTimes, PhaseTimes, computing_of
from estimators.parallel.exchange import visible
from estimators.parallel.layout import RING, ULYSSES
from estimators.parameters import Coefficients
from estimators.workloads.work import Array, Part, Phase

Column = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Seconds of one layer for one micro-batch; of communication what is visible.

    Attributes:
        weights: The part of `gemm` that computes gradients of the weights.
        forward, backward: The passes, beside which gradients and weights travel.
        communication: All that is sent, hidden or not.
    """

    gemm: Column
    attention: Column
    passes: Column
    launch: Column
    weights: Column
    tensor: Column
    context: Column
    expert: Column
    forward: Column
    backward: Column
    communication: Column

    @property
    def total(self) -> Column:
        """Computing and visible communication."""
        computing = self.gemm + self.attention + self.passes + self.launch
        return computing + self.tensor + self.context + self.expert

    def take(self, rows: Index) -> Layer:
        """The given rows."""
        return Layer(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """One layer of each inner part of a phase, and its ends, for one micro-batch."""

    inner: tuple[Layer, ...]
    ends: EndTimes

    def take(self, rows: Index) -> Layers:
        """The given rows."""
        return Layers(tuple(layer.take(rows) for layer in self.inner), self.ends.take(rows))


def tensor_seconds(
    part: Part, cases: Cases, positions: Column, coefficients: Coefficients
) -> tuple[Column, Column]:
    """The all-reduces of the stream in each pass (or gather and scatter, the same volume).

    Returns:
        Visible seconds and all seconds. Full recomputation runs the forward ones again.
    """
    group = place(cases.tensor, 1.0, cases.fabric, coefficients)
    one = all_reduce_seconds(2.0 * positions * part.width, group, coefficients)
    passes = np.where(cases.recompute == 2.0, 3.0, 2.0)
    total = np.where(cases.tensor > 1.0, part.reductions * passes * one, 0.0)
    visible = np.where(cases.tp_overlap > 0, cases.tp_exposed * 0.5, cases.tp_exposed)
    return total * visible, total


def context_seconds(
    part: Part,
    cases: Cases,
    positions: Column,
    window: Column,
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
    none = np.zeros(positions.shape)
    if not np.any(cases.context > 1.0):
        return none, none
    again = np.where(cases.recompute == 2.0, 1.0, 0.0)
    group = place(cases.context, cases.tensor, cases.fabric, coefficients)
    held = part.kv_bytes / cases.tensor * positions
    gathers = (3.0 + again) * gather_seconds(held * cases.context, group, coefficients)
    total = np.where(cases.context > 1.0, gathers, 0.0)
    if np.any(cases.context_kind == ULYSSES):
        swaps = (2.0 + again) * _ulysses_seconds(part, cases, positions, group, coefficients)
        total = np.where((cases.context_kind == ULYSSES) & (cases.context > 1.0), swaps, total)
    beside = visible(total, window, 1.0, coefficients)
    return np.where(cases.context_kind == RING, beside, total), total


def _ulysses_seconds(
    part: Part, cases: Cases, positions: Column, group: Group, coefficients: Coefficients
) -> Column:
    """All-to-alls of queries, keys, values and the output of the attention core, once."""
    query: Array = sum((2.0 * mixer.heads * mixer.head_dim for mixer in part.mixers), start=0.0)
    output: Array = sum((2.0 * mixer.heads * mixer.value_dim for mixer in part.mixers), start=0.0)
    key_value = part.kv_bytes / 2.0
    share = positions / cases.tensor
    one = all_to_all_seconds(query * share, group, coefficients)
    back = all_to_all_seconds(output * share, group, coefficients)
    return one + back + 2.0 * all_to_all_seconds(key_value * share, group, coefficients)


def expert_seconds(
    part: Part, cases: Cases, positions: Column, coefficients: Coefficients
) -> tuple[Column, Column]:
    """Tokens travel to their experts and back, in the forward and in the backward pass."""
    none = np.zeros(positions.shape)
    if part.experts is None:
        return none, none
    group = place(cases.expert, 1.0, cases.fabric, coefficients)
    experts = part.experts
    sent = experts.sent_bytes * experts.load * positions / cases.tensor
    passes = np.where(cases.recompute == 2.0, 6.0, 4.0)
    total = passes * dispatch_seconds(sent, experts.chosen, group, coefficients)
    return total * coefficients.expert_exposed, total


def _layer(part: Part, own: Computing, cases: Cases, coefficients: Coefficients) -> Layer:
    """One layer of an inner part.

    What is visible of context parallelism, a third of it forward, is time in which gradients and weights of
    data parallelism travel, so that no second of computing hides two kinds of communication.
    """
    positions = cases.positions(part)
    tensor, tensor_total = tensor_seconds(part, cases, positions, coefficients)
    beside = own.attention + own.launch  # a ring also travels while the device waits for the host
    context, context_total = context_seconds(part, cases, positions, beside, coefficients)
    expert, expert_total = expert_seconds(part, cases, positions, coefficients)
    return Layer(
        gemm=own.gemm,
        attention=own.attention,
        passes=own.passes,
        launch=own.launch,
        weights=own.weights,
        tensor=tensor,
        context=context,
        expert=expert,
        forward=own.forward + context / 3.0,
        backward=own.backward + context * 2.0 / 3.0,
        communication=tensor_total + context_total + expert_total,
    )


def layers_of(phase: Phase, times: PhaseTimes, cases: Cases, coefficients: Coefficients) -> Layers:
    """Every part of a phase for one micro-batch.

    Args:
        times: Of the same rows as `cases`.
    """
    inner = tuple(
        _layer(part, computing_of(part, one, cases, coefficients), cases, coefficients)
        for part, one in zip(phase.inner, times.layers, strict=True)
    )
    return Layers(inner, times.ends)


def over_layers(parts: Sequence[Part], values: Sequence[Column]) -> Column:
    """A value of one layer of each part, summed over the layers of all."""
    return np.asarray(sum((part.depth * value for part, value in zip(parts, values, strict=True)), start=0.0))
