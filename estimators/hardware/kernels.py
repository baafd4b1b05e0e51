"""Times of kernels on one device: matrix products, attention, memory-bound passes.

All functions take floats or arrays that broadcast and return seconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimators.parameters import Coefficients
from estimators.workloads.work import Array

TILE_M = 128.0
TILE_N = 256.0
ALIGNED = 64.0
FLASH_BACKWARD = 2.5
"""Fused attention computes five products in the backward pass against two in the forward pass."""

Seconds = NDArray[np.float64]


def wave_quantisation(m: Array, n: Array, units: Array, groups: Array = 1.0) -> Seconds:
    """Share of the device that works when tiles of 128 × 256 fill it in whole waves.

    A grouped product puts the tiles of all its `groups` into the same waves.

    Source: Anthony et al., arXiv:2401.14489, section 3.
    """
    tiles = groups * np.ceil(np.asarray(m) / TILE_M) * np.ceil(np.asarray(n) / TILE_N)
    padded = groups * np.asarray(m) * np.asarray(n) / (TILE_M * TILE_N)
    waves = np.ceil(tiles / units)
    return np.asarray(padded / (waves * units))


def alignment(n: Array, k: Array, coefficients: Coefficients) -> Seconds:
    """1 for sizes that are multiples of 64, less by `alignment_loss` otherwise."""
    off = (np.mod(n, ALIGNED) > 0) | (np.mod(k, ALIGNED) > 0)
    return np.where(off, 1.0 - coefficients.alignment_loss, 1.0)


def gemm_seconds(
    m: Array,
    n: Array,
    k: Array,
    rate: Array,
    units: Array,
    bandwidth: Array,
    coefficients: Coefficients,
    operand_bytes: Array = 2.0,
    groups: Array = 1.0,
) -> Seconds:
    """One matrix product M × N × K.

    The sustained rate is lowered by partly filled waves and by a short inner size; the product is never
    faster than moving its operands once.

    Args:
        rate: Sustained FLOP/s of large products.
        units: Multiprocessors.
        bandwidth: Bytes/s that passes reach.
        operand_bytes: Bytes of one input element.
        groups: Equal products in one grouped kernel.
    """
    flops = 2.0 * groups * np.asarray(m) * n * k
    filled = np.maximum(wave_quantisation(m, n, units, groups), 1e-3) ** coefficients.wave_exponent
    ramp = np.asarray(k) / (np.asarray(k) + coefficients.k_half)
    computing = flops / (rate * filled * ramp * alignment(n, k, coefficients))
    moving = (operand_bytes * (np.asarray(m) * k + np.asarray(k) * n) + 2.0 * np.asarray(m) * n) / bandwidth
    return np.asarray(np.maximum(computing, groups * moving))


def attention_seconds(flops: Array, head_dim: Array, rate: Array, coefficients: Coefficients) -> Seconds:
    """The attention core of one layer, forward.

    Args:
        flops: FLOP that the kernel computes.
        rate: FLOP/s that fused attention reaches with large heads.
    """
    head = np.asarray(head_dim)
    ramp = head / (head + coefficients.attention_head_half)
    off = np.where(np.mod(head, 16.0) > 0, 1.0 - coefficients.alignment_loss, 1.0)
    return np.asarray(np.asarray(flops) / (rate * ramp * off))


def pass_seconds(moved_bytes: Array, bandwidth: Array) -> Seconds:
    """Memory-bound work: bytes read and written once over the bandwidth that passes reach."""
    return np.asarray(np.asarray(moved_bytes) / np.asarray(bandwidth))
