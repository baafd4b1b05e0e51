"""Matrix products of one part for one micro-batch: forward and both gradients, by precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.kernels import gemm_seconds, pass_seconds
from estimators.hardware.recipes import moved_bytes, scales_each_row
from estimators.parallel.cases import Cases
from estimators.parameters import Coefficients
from estimators.workloads.work import Array, Gemm, Part

Column = NDArray[np.float64]
PADDED_OUTPUTS = 128.0
"""Heads are padded to a multiple of 128 by every framework that cares for speed."""


def _sizes(gemm: Gemm, tensor: Column) -> tuple[Array, Array]:
    """Columns and inner size of a product on one device of a tensor-parallel group."""
    n = gemm.n / tensor if gemm.split == "column" else gemm.n
    k = gemm.k / tensor if gemm.split == "row" else gemm.k
    return n, k


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """Seconds of products: forward, gradient of the inputs, gradient of the weights."""

    forward: Column
    inputs: Column
    weights: Column

    def plus(self, other: Products, times: Array = 1.0) -> Products:
        """The sum with `times` as much of another."""
        return Products(
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
) -> Products:
    """The three products of one linear layer: M × N × K, M × K × N and K × N × M."""
    on = (rate, cases.devices.units, cases.devices.bandwidth, coefficients, width, groups)
    return Products(gemm_seconds(m, n, k, *on), gemm_seconds(m, k, n, *on), gemm_seconds(k, n, m, *on))


def _nothing(cases: Cases) -> Products:
    none = np.zeros(cases.tensor.shape)
    return Products(none, none, none)


def _low_rate(cases: Cases, coefficients: Coefficients) -> tuple[Column, Column]:
    """Rate of the products that the recipe quantises, and bytes of their inputs."""
    devices = cases.devices
    eight = devices.rate_8 * np.where(scales_each_row(cases.recipe) > 0, coefficients.fp8_rowwise, 1.0)
    rate = np.where(cases.bits == 8.0, eight, devices.rate_16)
    rate = np.where(cases.bits == 4.0, devices.rate_4, rate)
    return rate, cases.bits / 8.0


def _quantised(
    m: Array, n: Array, k: Array, share: Array, cases: Cases, coefficients: Coefficients, groups: Array = 1.0
) -> Products:
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


def products(
    gemms: Sequence[Gemm], positions: Column, cases: Cases, coefficients: Coefficients, pad: bool
) -> Products:
    """Seconds of a list of products."""
    total = _nothing(cases)
    for gemm in gemms:
        n, k = _sizes(gemm, cases.tensor)
        if pad:
            n = np.ceil(np.asarray(n) / PADDED_OUTPUTS) * PADDED_OUTPUTS
        if gemm.low_precision:
            one = _quantised(positions, n, k, 1.0, cases, coefficients)
        else:
            one = _product(positions, n, k, cases.devices.rate_16, 2.0, cases, coefficients)
        total = total.plus(one, gemm.count)
    return total


def grouped_products(part: Part, positions: Column, cases: Cases, coefficients: Coefficients) -> Products:
    """Seconds of the routed experts: one grouped kernel over the local ones.

    Positions of all expert-parallel ranks come together, spread over the experts; the fullest device decides.
    """
    total = _nothing(cases)
    experts = part.experts
    if experts is None:
        return total
    local = experts.experts / cases.expert
    rows = positions / cases.tensor * experts.chosen * cases.expert / experts.experts
    rows = np.maximum(rows * experts.load, 1.0)
    for gemm in experts.gemms:
        one = _quantised(rows, gemm.n, gemm.k, coefficients.grouped_share, cases, coefficients, local)
        total = total.plus(one, experts.share)
    return total


def cast_seconds(part: Part, positions: Column, cases: Cases, coefficients: Coefficients) -> Column:
    """Quantising the inputs and the output gradients of the low-precision products of one layer.

    Bytes by recipe (`recipes`), times what real kernels move against that minimum.
    """
    if not np.any(cases.bits < 16.0):
        return np.zeros(positions.shape)
    elements: Array = np.zeros(positions.shape)
    for gemm in part.gemms:
        n, k = _sizes(gemm, cases.tensor)
        if gemm.low_precision:
            elements = elements + gemm.count * positions * (np.asarray(n) + np.asarray(k))
    if part.experts is not None:
        copies = part.experts.share * part.experts.chosen * positions / cases.tensor
        for gemm in part.experts.gemms:
            elements = elements + copies * (np.asarray(gemm.n) + np.asarray(gemm.k))
    moved = coefficients.cast_passes * moved_bytes(cases.recipe) * elements * (1.0 - cases.share_16)
    return np.where(cases.bits < 16.0, pass_seconds(moved, cases.devices.bandwidth), 0.0)
