"""Vision transformers for image classification (Dosovitskiy et al., arXiv:2010.11929)."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.catalogue.architectures import VisionTransformer
from estimators.workloads.transformer import BlockShape, blocks, outputs
from estimators.workloads.work import Array, Gemm, Part, Weights

CHANNELS = 3.0
USUAL_CLASSES = 1000
"""Classes of ImageNet, for a model that is published without a head."""


@dataclass(frozen=True, slots=True, eq=False)
class VisionSizes:
    """A vision transformer: its blocks and its ends.

    Attributes:
        patch: Values of one patch.
        classes: Outputs of the head.
        learned: 1 where a table of positions is learned.
    """

    block: BlockShape
    patch: Array
    classes: Array
    learned: Array = 1.0


def vision_sizes(shape: VisionTransformer, image_pixels: int | None = None) -> VisionSizes:
    """The sizes of a vision transformer.

    Args:
        image_pixels: Side of an image where it differs from the model's.
    """
    hidden, heads = float(shape.hidden), float(shape.heads)
    block = BlockShape(
        layers=float(shape.layers),
        hidden=hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden / heads,
        ffn=float(shape.ffn),
        gated=float(shape.ffn_gated),
        tokens=float(shape.positions(image_pixels or shape.image_pixels)),
        linear_bias=1.0,
        norm_vectors=2.0,
        causal=0.0,
    )
    patch = CHANNELS * float(shape.patch_pixels) ** 2
    return VisionSizes(block, patch, float(shape.classes or USUAL_CLASSES), float(shape.learned_positions))


def vision_parts(sizes: VisionSizes) -> tuple[Part, ...]:
    """The parts of a vision transformer with a class token: patches, blocks, head."""
    block, patch, classes = sizes.block, sizes.patch, sizes.classes
    hidden, length = block.hidden, block.tokens
    patches = Part(
        group="vision",
        place="first",
        depth=1.0,
        positions=length,
        width=hidden,
        gemms=(Gemm(n=hidden, k=patch, split="none", low_precision=False),),
        weights=Weights(split=patch * hidden + hidden + (sizes.learned * length + 1.0) * hidden),
    )
    trunk = blocks("vision", block)
    product = Gemm(n=classes / length, k=hidden, split="none", low_precision=False)
    head = outputs("vision", trunk, product, classes / length, classes * hidden + classes + 2.0 * hidden)
    return patches, trunk, head
