"""Recipes of 8- and 4-bit training: what quantising moves, and what stays in 16 bit.

Every recipe computes the products of the layers in the low precision and keeps the attention core, embedding
and head, the router, norms and activation functions in 16 bit (Transformer Engine; Megatron Core).
Quantising costs memory-bound passes over the inputs and the output gradients of those products. Each of these
tensors is needed in two orientations: along the inner size of the forward product or of the input gradient,
and across it for the weight gradient. Weights are quantised once a step and kept, which is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

READ_16, WRITE_8, WRITE_4 = 2.0, 1.0, 0.5
"""Bytes of one element."""
BLOCK_SCALES, MX_SCALES, NV_SCALES = 4.0 / 128.0, 1.0 / 32.0, 1.0 / 16.0
"""Bytes of scales for one element: fp32 for 128, E8M0 for 32, E4M3 for 16 elements."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one recipe scales what it quantises.

    Attributes:
        name: As a plan names it.
        bytes: Bytes moved for one element of a quantised tensor, both orientations together.
        scale_each_row: Whether every row of a product has its own scale, applied in the product itself.
        source: Where the passes are described.
    """

    name: str
    bytes: float
    scale_each_row: bool
    source: str


RECIPES = (
    Recipe(
        "delayed",
        READ_16 + 2.0 * WRITE_8,
        False,
        "the scale of earlier steps is used and the maximum is found while casting; "
        "Transformer Engine, DelayedScaling (arXiv:2209.05433)",
    ),
    Recipe(
        "current",
        2.0 * READ_16 + 2.0 * WRITE_8,
        False,
        "a pass finds the tensor's maximum before the cast; Transformer Engine, Float8CurrentScaling",
    ),
    Recipe(
        "row-wise",
        3.0 * READ_16 + 2.0 * WRITE_8,
        True,
        "rows are scaled while casting, columns need a pass for their maxima and another cast; "
        "torchao float8",
    ),
    Recipe(
        "block-wise",
        READ_16 + 2.0 * (WRITE_8 + BLOCK_SCALES),
        False,
        "1 × 128 for activations, 128 × 128 for weights, both orientations in one pass over tiles; "
        "DeepSeek-V3, arXiv:2412.19437, section 3.3",
    ),
    Recipe(
        "mxfp8",
        READ_16 + 2.0 * (WRITE_8 + MX_SCALES),
        False,
        "blocks of 32 with a power of two each, both orientations in one pass; arXiv:2506.08027",
    ),
    Recipe(
        "nvfp4",
        2.0 * READ_16 + 2.0 * (WRITE_4 + NV_SCALES),
        False,
        "a pass finds the tensor's maximum for the outer scale; the Hadamard transform runs inside the cast; "
        "arXiv:2509.25149, section 4",
    ),
)
NAMES = tuple(recipe.name for recipe in RECIPES)
"""Recipes that a plan may choose for plain FP8; the other two are precisions of their own."""
QUANTISED_BYTES = np.array([recipe.bytes for recipe in RECIPES])
SCALES_EACH_ROW = np.array([float(recipe.scale_each_row) for recipe in RECIPES])
NVFP4_LAYERS_16 = 0.15
"""Share of the layers that NVFP4 training keeps in bf16, most of them at the end (arXiv:2509.25149)."""
CURRENT_LAYERS_16 = 2.0
"""First and last layer in bf16, as Megatron Bridge's recipe of current scaling trains
(training/mixed_precision.py, bf16_with_fp8_current_scaling_mixed)."""


def recipe_row(precision: str, bits: float, chosen: str | None = None) -> int:
    """Row in `RECIPES` of the products on one card.

    Args:
        precision: As the plan wants it.
        bits: Width that the card computes in after a fall-back.
        chosen: Recipe that the user named for 8 bit; None takes current scaling, the recipe that
            Megatron Bridge and torchao train with unless told otherwise.
    """
    if bits == 4.0:
        return NAMES.index("nvfp4")
    if precision == "mxfp8":
        return NAMES.index("mxfp8")
    return NAMES.index(chosen or "current")


def layers_in_16_bit(recipe: int, bits: float, layers: float, software: str) -> float:
    """Layers that a training run keeps in 16 bit beside those in low precision.

    Published benchmarks switch them off (Megatron Bridge, scripts/performance, sets
    first_last_layers_bf16 to False), which is why the evidence counts none.
    """
    if bits >= 16.0:
        return 0.0
    if NAMES[recipe] == "nvfp4":
        return float(np.ceil(NVFP4_LAYERS_16 * layers))
    megatron = NAMES[recipe] == "current" and software == "megatron"
    return min(CURRENT_LAYERS_16, layers) if megatron else 0.0


def moved_bytes(recipe: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bytes moved for one quantised element by the recipe of every row."""
    return np.asarray(QUANTISED_BYTES[recipe.astype(np.intp)])


def scales_each_row(recipe: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where every row of a product has its own scale."""
    return np.asarray(SCALES_EACH_ROW[recipe.astype(np.intp)])
