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
from estimators.hardware.kernels import alignment, attention_seconds, gemm_seconds, pass_seconds
from estimators.hardware.recipes import moved_bytes, scales_each_row
from estimators.parameters import Coefficients
from estimators.workloads.profile import Array, Gemm, Profile

Column = NDArray[np.float64]
PADDED_OUTPUTS = 128.0
"""Heads are padded to a multiple of 128 by every framework that cares for speed."""


@dataclass(frozen=True, slots=True, eq=False)
class ComputeTimes:
    """Seconds for one micro-batch on one device; `passes_*` are the fused minimum.

    Attributes:
        gemm_backward: Both gradients; `gemm_weight` is the part of the weights.
        selective_again: What selective recomputation runs again beside a fused attention kernel.
    """

    gemm_forward: Column
    gemm_backward: Column
    gemm_weight: Column
    attention_forward: Column
    passes_forward: Column
    selective_again: Column
    cast: Column
    experts_forward: Column
    experts_backward: Column
    experts_weight: Column
    experts_passes: Column
    ends_gemm: Column
    ends_weight: Column
    ends_passes: Column

    def take(self, rows: NDArray[np.intp]) -> ComputeTimes:
        """The given rows."""
        return ComputeTimes(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Columns that decide computing time.

    Attributes:
        recipe: Row in `RECIPES`; it counts where `bits` is below 16.
        share_16: Share of the layers that the recipe keeps in 16 bit.
    """

    devices: Devices
    tensor: Column
    tokens: Column
    bits: Column
    recipe: Column
    share_16: Column
    tuned_attention: Column
    expert: Column


def _sizes(gemm: Gemm, tensor: Column) -> tuple[Array, Array]:
    """Columns and inner size of a product on one device of a tensor-parallel group."""
    n = gemm.n / tensor if gemm.split == "column" else gemm.n
    k = gemm.k / tensor if gemm.split == "row" else gemm.k
    return n, k


@dataclass(frozen=True, slots=True, eq=False)
class _Passes:
    """Seconds of products: forward, gradient of the inputs, gradient of the weights."""

    forward: Column
    inputs: Column
    weights: Column

    def plus(self, other: _Passes, times: Array = 1.0) -> _Passes:
        """The sum with `times` as much of another."""
        return _Passes(
            np.asarray(self.forward + times * other.forward),
            np.asarray(self.inputs + times * other.inputs),
            np.asarray(self.weights + times * other.weights),
        )

    @property
    def backward(self) -> Column:
        """Both gradients."""
        return self.inputs + self.weights


def _product(
    m: Array,
    n: Array,
    k: Array,
    rate: Array,
    width: Array,
    cases: Cases,
    coefficients: Coefficients,
    groups: Array = 1.0,
) -> _Passes:
    """The three products of one linear layer: M × N × K, M × K × N and K × N × M."""
    on = (rate, cases.devices.units, cases.devices.bandwidth, coefficients, width, groups)
    return _Passes(gemm_seconds(m, n, k, *on), gemm_seconds(m, k, n, *on), gemm_seconds(k, n, m, *on))


def _nothing(cases: Cases) -> _Passes:
    none = np.zeros(cases.tokens.shape)
    return _Passes(none, none, none)


def _low_rate(cases: Cases, coefficients: Coefficients) -> tuple[Column, Column]:
    """Rate of the products that the recipe quantises, and bytes of their inputs."""
    devices = cases.devices
    eight = devices.rate_8 * np.where(scales_each_row(cases.recipe) > 0, coefficients.fp8_rowwise, 1.0)
    rate = np.where(cases.bits == 8.0, eight, devices.rate_16)
    rate = np.where(cases.bits == 4.0, devices.rate_4, rate)
    return rate, cases.bits / 8.0


def _quantised(
    m: Array, n: Array, k: Array, share: Array, cases: Cases, coefficients: Coefficients, groups: Array = 1.0
) -> _Passes:
    """A product of the layers: in the low precision but for the layers that the recipe keeps in 16 bit.

    Args:
        share: Of the rate that single products reach.
    """
    low, width = _low_rate(cases, coefficients)
    found = _product(m, n, k, low * share, width, cases, coefficients, groups)
    kept = cases.share_16
    if not np.any(kept > 0.0):
        return found
    whole = _product(m, n, k, cases.devices.rate_16 * share, 2.0, cases, coefficients, groups)
    return _nothing(cases).plus(found, 1.0 - kept).plus(whole, kept)


def _products(gemms: Sequence[Gemm], cases: Cases, coefficients: Coefficients, pad: bool) -> _Passes:
    """Seconds of a list of products."""
    total = _nothing(cases)
    for gemm in gemms:
        n, k = _sizes(gemm, cases.tensor)
        if pad:
            n = np.ceil(np.asarray(n) / PADDED_OUTPUTS) * PADDED_OUTPUTS
        if gemm.low_precision:
            one = _quantised(cases.tokens, n, k, 1.0, cases, coefficients)
        else:
            one = _product(cases.tokens, n, k, cases.devices.rate_16, 2.0, cases, coefficients)
        total = total.plus(one, gemm.count)
    return total


def _grouped_products(profile: Profile, cases: Cases, coefficients: Coefficients) -> _Passes:
    """Seconds of the routed experts: one grouped kernel over the local ones.

    Tokens of all expert-parallel ranks come together, spread over the experts; the fullest device decides.
    """
    total = _nothing(cases)
    experts = profile.experts
    if experts is None:
        return total
    local = experts.experts / cases.expert
    rows = cases.tokens / cases.tensor * experts.chosen * cases.expert / experts.experts
    rows = np.maximum(rows * experts.load, 1.0)
    for gemm in experts.gemms:
        one = _quantised(rows, gemm.n, gemm.k, coefficients.grouped_share, cases, coefficients, local)
        total = total.plus(one, experts.share)
    return total


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
    """Quantising the inputs and the output gradients of the low-precision products of one layer.

    Bytes by recipe (`recipes`), times what real kernels move against that minimum.
    """
    if not np.any(cases.bits < 16.0):
        return np.zeros(cases.tokens.shape)
    elements: Array = np.zeros(cases.tokens.shape)
    for gemm in profile.layer_gemms:
        n, k = _sizes(gemm, cases.tensor)
        if gemm.low_precision:
            elements = elements + gemm.count * cases.tokens * (np.asarray(n) + np.asarray(k))
    if profile.experts is not None:
        copies = profile.experts.share * profile.experts.chosen * cases.tokens / cases.tensor
        for gemm in profile.experts.gemms:
            elements = elements + copies * (np.asarray(gemm.n) + np.asarray(gemm.k))
    moved = coefficients.cast_passes * moved_bytes(cases.recipe) * elements * (1.0 - cases.share_16)
    return np.where(cases.bits < 16.0, pass_seconds(moved, cases.devices.bandwidth), 0.0)


def compute_times(
    profile: Profile, cases: Cases, sequence_split: Column, coefficients: Coefficients
) -> ComputeTimes:
    """Computing time of every case.

    Args:
        sequence_split: 1 where sequence parallelism divides the replicated passes.
    """
    layer = _products(profile.layer_gemms, cases, coefficients, pad=False)
    ends = _products(profile.first_gemms + profile.last_gemms, cases, coefficients, pad=True)
    experts = _grouped_products(profile, cases, coefficients)
    stream = np.where(sequence_split > 0, cases.tensor, 1.0)
    moved = profile.replicated_bytes / stream + profile.split_bytes / cases.tensor
    routed = profile.experts.moved_bytes / cases.tensor if profile.experts is not None else 0.0

    def passes(bytes_per_token: Array) -> Column:
        return pass_seconds(bytes_per_token * cases.tokens, cases.devices.bandwidth)

    return ComputeTimes(
        gemm_forward=layer.forward,
        gemm_backward=layer.backward,
        gemm_weight=layer.weights,
        attention_forward=_attention_forward(profile, cases, coefficients),
        passes_forward=passes(moved),
        selective_again=passes(profile.selective_again_bytes / cases.tensor),
        cast=_cast_seconds(profile, cases, coefficients),
        experts_forward=experts.forward,
        experts_backward=experts.backward,
        experts_weight=experts.weights,
        experts_passes=passes(routed),
        ends_gemm=ends.forward + ends.backward,
        ends_weight=ends.weights,
        ends_passes=passes(profile.last_bytes / cases.tensor),
    )
