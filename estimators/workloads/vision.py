"""Vision transformers for image classification (Dosovitskiy et al., arXiv:2010.11929)."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.catalogue.architectures import Image, VisionTransformer
from estimators.workloads.family import Family, LauncherSupport, Setting, Unit, UsualBatch
from estimators.workloads.transformer import BlockShape, blocks, outputs
from estimators.workloads.work import Array, Gemm, Part, Weights

CHANNELS = 3.0
USUAL_BATCH = 4096
"""Images of one step, Dosovitskiy et al., arXiv:2010.11929, table 3."""


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


def image_tokens(image_pixels: int, patch_pixels: int) -> int:
    """Patches of a square image and the class token."""
    side = image_pixels // patch_pixels
    return side * side + 1


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
        tokens=float(image_tokens(image_pixels or shape.image_pixels, shape.patch_pixels)),
        linear_bias=1.0,
        norm_vectors=2.0,
        causal=0.0,
    )
    patch = CHANNELS * float(shape.patch_pixels) ** 2
    return VisionSizes(block, patch, float(shape.classes), float(shape.learned_positions))


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


def _sizes(shape: VisionTransformer, sample: Image, setting: Setting) -> VisionSizes:
    return vision_sizes(shape, sample.pixels)


FAMILY = Family(
    kind="vision-transformer",
    name="vision transformer",
    unit=Unit("image", "images"),
    architecture=VisionTransformer,
    sample=Image,
    usual_sample=lambda shape: Image(shape.image_pixels),
    positions=lambda shape, sample: image_tokens(sample.pixels, shape.patch_pixels),
    sizes=_sizes,
    parts=vision_parts,
    describe=lambda _: "vision transformer",
    batch=UsualBatch(USUAL_BATCH, "as the ViT paper trains"),
    evidence_class=lambda _: "vit",
    launchers={
        "megatron": LauncherSupport(
            "pretrain_vision_classify.py",
            "Megatron's vision program takes a model's shape by options of its own; add them.",
        ),
        "torchtitan": LauncherSupport(
            objection="torchtitan trains language models first; see whether it knows this one."
        ),
        "accelerate": LauncherSupport(),
        "deepspeed": LauncherSupport(),
    },
)
