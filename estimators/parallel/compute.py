"""Computing time of the parts of a work for one micro-batch, without any communication.

These times depend only on the device, the software, the precision, the recomputation and the degrees that
divide one layer, so that a search computes the distinct cases once and gathers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.kernels import FLASH_BACKWARD, alignment, attention_seconds, pass_seconds
from estimators.parallel.cases import Cases
from estimators.parallel.products import Products, cast_seconds, grouped_products, products
from estimators.parameters import Coefficients
from estimators.workloads.work import Array, Attention, Part, Phase

Column = NDArray[np.float64]
Index = NDArray[np.intp]
BACKWARD_PASSES = 2.0
"""A backward pass reads and writes gradients beside the saved values."""
STORED_BACKWARD = 2.0
"""An attention core that stored its scores has twice as many products backward as forward."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerTimes:
    """Seconds of one layer of a part on one device, before recomputation; `passes` are the fused minimum.

    Attributes:
        gemm_backward: Both gradients; `gemm_weight` is the part of the weights.
        attention_stored: What of `attention_forward` stores its scores.
        selective_again: What selective recomputation runs again beside a fused attention kernel.
    """

    gemm_forward: Column
    gemm_backward: Column
    gemm_weight: Column
    attention_forward: Column
    attention_backward: Column
    attention_stored: Column
    passes: Column
    selective_again: Column
    cast: Column
    experts_forward: Column
    experts_backward: Column
    experts_weight: Column
    experts_passes: Column

    def take(self, rows: Index) -> LayerTimes:
        """The given rows."""
        return LayerTimes(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class EndTimes:
    """Seconds of the first and the last parts together, forward and backward; they are not recomputed.

    Attributes:
        weight: The part of `gemm` that computes gradients of the weights.
    """

    gemm: Column
    weight: Column
    passes: Column

    def take(self, rows: Index) -> EndTimes:
        """The given rows."""
        return EndTimes(self.gemm[rows], self.weight[rows], self.passes[rows])


@dataclass(frozen=True, slots=True, eq=False)
class PhaseTimes:
    """Seconds of the inner parts of a phase, one layer each, and of its ends."""

    layers: tuple[LayerTimes, ...]
    ends: EndTimes

    def take(self, rows: Index) -> PhaseTimes:
        """The given rows."""
        return PhaseTimes(tuple(one.take(rows) for one in self.layers), self.ends.take(rows))


@dataclass(frozen=True, slots=True, eq=False)
class Computing:
    """What one layer computes for one micro-batch, recomputation included, and what of it each pass takes.

    Attributes:
        weights: The part of `gemm` that computes gradients of the weights.
    """

    gemm: Column
    attention: Column
    passes: Column
    launch: Column
    weights: Column
    forward: Column
    backward: Column


def _attention_seconds(
    mixer: Attention, positions: Column, cases: Cases, coefficients: Coefficients
) -> tuple[Column, Column]:
    """One attention core forward: by a fused kernel, and by one that stores scores.

    Without a fused kernel it is two batched products at the matrix rate.
    """
    flops = mixer.flops / cases.tensor * positions
    devices, head = cases.devices, mixer.head_dim
    rate = np.where(cases.tuned_attention > 0, devices.attention_tuned_rate, devices.attention_rate)
    fused = attention_seconds(flops, head, rate, coefficients)
    is_fused = np.asarray(mixer.fused) > 0
    if np.all(is_fused):
        return fused, np.zeros(fused.shape)
    ramp = np.asarray(head) / (np.asarray(head) + coefficients.k_half)
    scores = mixer.score_traffic / cases.tensor * positions
    stored = flops / (devices.rate_16 * ramp * alignment(head, head, coefficients))
    stored = np.asarray(stored + pass_seconds(scores, devices.bandwidth))
    return np.where(is_fused, fused, 0.0), np.where(is_fused, 0.0, stored)


def _layer_times(part: Part, cases: Cases, coefficients: Coefficients) -> LayerTimes:
    """One layer of an inner part."""
    positions = cases.positions(part)
    layer = products(part.gemms, positions, cases, coefficients, pad=False)
    experts = grouped_products(part, positions, cases, coefficients)
    stream = np.where(cases.sequence_parallel > 0, cases.tensor, 1.0)
    moved = part.traffic.replicated / stream + part.traffic.split / cases.tensor
    routed = part.experts.moved_bytes / cases.tensor if part.experts is not None else 0.0
    fused, stored = np.zeros(positions.shape), np.zeros(positions.shape)
    for mixer in part.mixers:
        one, other = _attention_seconds(mixer, positions, cases, coefficients)
        fused, stored = fused + one, stored + other

    def passes(bytes_each: Array) -> Column:
        return pass_seconds(bytes_each * positions, cases.devices.bandwidth)

    return LayerTimes(
        gemm_forward=layer.forward,
        gemm_backward=layer.backward,
        gemm_weight=layer.weights,
        attention_forward=fused + stored,
        attention_backward=FLASH_BACKWARD * fused + STORED_BACKWARD * stored,
        attention_stored=stored,
        passes=passes(moved),
        selective_again=passes((1.0 - part.stores_scores) * part.traffic.selective_again / cases.tensor),
        cast=cast_seconds(part, positions, cases, coefficients),
        experts_forward=experts.forward,
        experts_backward=experts.backward,
        experts_weight=experts.weights,
        experts_passes=passes(routed),
    )


def _end_times(phase: Phase, cases: Cases, coefficients: Coefficients) -> EndTimes:
    """The first and the last parts, whose outputs are padded."""
    none = np.zeros(cases.tensor.shape)
    total, moved = Products(none, none, none), none
    for part in phase.ends:
        positions = cases.positions(part)
        total = total.plus(products(part.gemms, positions, cases, coefficients, pad=True), part.depth)
        bytes_each = part.depth * part.traffic.fused / cases.tensor
        moved = moved + pass_seconds(bytes_each * positions, cases.devices.bandwidth)
    return EndTimes(total.forward + total.backward, total.weights, moved)


def phase_times(phase: Phase, cases: Cases, coefficients: Coefficients) -> PhaseTimes:
    """Computing time of every part of a phase before recomputation, one row for each case."""
    layers = tuple(_layer_times(part, cases, coefficients) for part in phase.inner)
    return PhaseTimes(layers, _end_times(phase, cases, coefficients))


def _expert_host(part: Part, cases: Cases, coefficients: Coefficients) -> Array:
    """Host time that experts add to a layer: routing, and the launches of each local expert.

    With a fixed capacity all experts take equally many tokens, known beforehand: one batched kernel.
    """
    if part.experts is None:
        return 0.0
    local = (1.0 - part.experts.capped) * part.experts.experts / cases.expert
    return part.experts.share * (coefficients.host_experts + coefficients.host_each_expert * local)


def computing_of(part: Part, times: LayerTimes, cases: Cases, coefficients: Coefficients) -> Computing:
    """What one layer computes for one micro-batch.

    Selective recomputation runs the attention core again only where scores were stored. A fused kernel keeps
    no scores and computes them anew inside its own backward pass (FLASH_BACKWARD; Dao et al.,
    arXiv:2205.14135), so that there recomputing the core would save nothing. What selective recomputation
    drops then is the output of the activation function, and it pays one memory-bound pass for it. No dropout
    masks are kept or drawn again.
    """
    again = np.where(cases.recompute == 2.0, 1.0, 0.0)
    selective = cases.recompute == 1.0
    faster = np.where(cases.fused_experts > 0, coefficients.experts_fused, 1.0)
    passes = times.passes * cases.passes
    passes = passes + faster * times.experts_passes * coefficients.passes_experts
    gemm = (times.gemm_forward + faster * times.experts_forward) * (1.0 + again)
    gemm = gemm + times.gemm_backward + faster * times.experts_backward
    attention = times.attention_forward * (1.0 + again) + times.attention_backward
    attention = attention + np.where(selective, times.attention_stored, 0.0)
    moved = passes * (1.0 + BACKWARD_PASSES + again) + times.cast * (1.0 + again / 3.0)
    moved = moved + np.where(selective, times.selective_again * cases.passes, 0.0)
    fixed = coefficients.kernel_seconds * part.kernels * (3.0 + again)
    host = (cases.host + faster * _expert_host(part, cases, coefficients)) * (1.0 + again / 3.0)
    launch = fixed + np.maximum(host - (gemm + attention + moved + fixed), 0.0)
    whole = gemm + attention + moved + launch
    forward = whole / (3.0 + again)
    weights = times.gemm_weight + faster * times.experts_weight
    return Computing(gemm, attention, moved, launch, weights, forward, whole - forward)
