"""Computing time of one layer and of the two ends for one micro-batch, without any communication.

These times depend only on the device, the degree of tensor parallelism, the tokens of a micro-batch and
the precision, so that a search computes the distinct cases once and gathers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.devices import Devices
from estimators.hardware.kernels import (
    alignment,
    attention_seconds,
    gemm_backward_seconds,
    gemm_seconds,
    pass_seconds,
)
from estimators.parameters import Coefficients
from estimators.workloads.profile import Array, Gemm, Profile

Column = NDArray[np.float64]
PADDED_OUTPUTS = 128.0
"""Heads are padded to a multiple of 128 by every framework that cares for speed."""


@dataclass(frozen=True, slots=True, eq=False)
class ComputeTimes:
    """Seconds for one micro-batch on one device; `passes_*` are the fused minimum."""

    gemm_forward: Column
    gemm_backward: Column
    attention_forward: Column
    passes_forward: Column
    cast: Column
    experts_forward: Column
    experts_backward: Column
    experts_passes: Column
    ends_gemm: Column
    ends_passes: Column

    def take(self, rows: NDArray[np.intp]) -> ComputeTimes:
        """The given rows."""
        return ComputeTimes(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Columns that decide computing time."""

    devices: Devices
    tensor: Column
    tokens: Column
    bits: Column
    rowwise: Column
    tuned_attention: Column
    expert: Column


def _sizes(gemm: Gemm, tensor: Column) -> tuple[Array, Array]:
    """Columns and inner size of a product on one device of a tensor-parallel group."""
    n = gemm.n / tensor if gemm.split == "column" else gemm.n
    k = gemm.k / tensor if gemm.split == "row" else gemm.k
    return n, k


def _low_rate(cases: Cases, coefficients: Coefficients) -> tuple[Column, Column]:
    """Rate of the products that the recipe quantises, and bytes of their inputs."""
    devices = cases.devices
    eight = devices.rate_8 * np.where(cases.rowwise > 0, coefficients.fp8_rowwise, 1.0)
    rate = np.where(cases.bits == 8.0, eight, devices.rate_16)
    rate = np.where(cases.bits == 4.0, devices.rate_4, rate)
    return rate, cases.bits / 8.0


def _products(
    gemms: Sequence[Gemm], cases: Cases, coefficients: Coefficients, pad: bool
) -> tuple[Column, Column]:
    """Forward and backward seconds of a list of products."""
    devices = cases.devices
    low, operand = _low_rate(cases, coefficients)
    forward = np.zeros(cases.tokens.shape)
    backward = np.zeros(cases.tokens.shape)
    for gemm in gemms:
        n, k = _sizes(gemm, cases.tensor)
        if pad:
            n = np.ceil(np.asarray(n) / PADDED_OUTPUTS) * PADDED_OUTPUTS
        rate = low if gemm.low_precision else devices.rate_16
        width = operand if gemm.low_precision else 2.0
        shape = (cases.tokens, n, k, rate, devices.units, devices.bandwidth, coefficients, width)
        forward = forward + gemm.count * gemm_seconds(*shape)
        backward = backward + gemm.count * gemm_backward_seconds(*shape)
    return forward, backward


def _grouped_products(profile: Profile, cases: Cases, coefficients: Coefficients) -> tuple[Column, Column]:
    """Forward and backward seconds of the routed experts: one grouped kernel over the local ones.

    Tokens of all expert-parallel ranks come together, spread over the experts; the fullest device decides.
    """
    none = np.zeros(cases.tokens.shape)
    experts = profile.experts
    if experts is None:
        return none, none
    devices = cases.devices
    low, operand = _low_rate(cases, coefficients)
    local = experts.experts / cases.expert
    rows = cases.tokens / cases.tensor * experts.chosen * cases.expert / experts.experts
    rows = np.maximum(rows * experts.imbalance, 1.0)
    forward, backward = none, none
    for gemm in experts.gemms:
        shape = (rows, gemm.n, gemm.k, low * coefficients.grouped_share, devices.units, devices.bandwidth)
        forward = forward + gemm_seconds(*shape, coefficients, operand, local)
        backward = backward + gemm_backward_seconds(*shape, coefficients, operand, local)
    return np.asarray(experts.share * forward), np.asarray(experts.share * backward)


def _attention_forward(profile: Profile, cases: Cases, coefficients: Coefficients) -> Column:
    """The attention core; without a fused kernel it is two batched products at the matrix rate."""
    flops = profile.attention.flops_per_token / cases.tensor * cases.tokens
    devices = cases.devices
    rate = np.where(cases.tuned_attention > 0, devices.attention_tuned_rate, devices.attention_rate)
    fused = attention_seconds(flops, profile.attention.head_dim, rate, coefficients)
    head = profile.attention.head_dim
    ramp = np.asarray(head) / (np.asarray(head) + coefficients.k_half)
    scores = profile.attention.score_traffic / cases.tensor * cases.tokens
    products = flops / (devices.rate_16 * ramp * alignment(head, head, coefficients))
    products = np.asarray(products + pass_seconds(scores, devices.bandwidth))
    return np.asarray(np.where(np.asarray(profile.attention.fused) > 0, fused, products))


def _cast_seconds(profile: Profile, cases: Cases, coefficients: Coefficients) -> Column:
    """Quantising the inputs, outputs and gradients of the products of one layer."""
    elements: Array = np.zeros(cases.tokens.shape)
    for gemm in profile.layer_gemms:
        n, k = _sizes(gemm, cases.tensor)
        elements = elements + gemm.count * cases.tokens * (np.asarray(n) + 2.0 * np.asarray(k))
    seconds = pass_seconds(coefficients.cast_bytes * elements, cases.devices.bandwidth)
    return np.where(cases.bits < 16.0, seconds, 0.0)


def compute_times(
    profile: Profile, cases: Cases, sequence_split: Column, coefficients: Coefficients
) -> ComputeTimes:
    """Computing time of every case.

    Args:
        sequence_split: 1 where sequence parallelism divides the replicated passes.
    """
    forward, backward = _products(profile.layer_gemms, cases, coefficients, pad=False)
    ends_forward, ends_backward = _products(
        profile.first_gemms + profile.last_gemms, cases, coefficients, pad=True
    )
    stream = np.where(sequence_split > 0, cases.tensor, 1.0)
    moved = profile.replicated_bytes / stream + profile.split_bytes / cases.tensor
    loss = profile.last_bytes / cases.tensor
    bandwidth = cases.devices.bandwidth
    experts_forward, experts_backward = _grouped_products(profile, cases, coefficients)
    routed = profile.experts.moved_bytes / cases.tensor if profile.experts is not None else 0.0
    return ComputeTimes(
        gemm_forward=forward,
        gemm_backward=backward,
        attention_forward=_attention_forward(profile, cases, coefficients),
        passes_forward=pass_seconds(moved * cases.tokens, bandwidth),
        cast=_cast_seconds(profile, cases, coefficients),
        experts_forward=experts_forward,
        experts_backward=experts_backward,
        experts_passes=pass_seconds(routed * cases.tokens, bandwidth),
        ends_gemm=ends_forward + ends_backward,
        ends_passes=pass_seconds(loss * cases.tokens, bandwidth),
    )
