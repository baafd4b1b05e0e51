"""Vision transformers for image classification (Dosovitskiy et al., arXiv:2010.11929)."""

from __future__ import annotations

from estimators.catalogue.records import ModelCard
from estimators.workloads.transformer import BlockShape, blocks, outputs
from estimators.workloads.work import Gemm, Part, Weights, Work, trained

NEEDED = ("layers", "hidden", "heads", "ffn", "image_pixels", "patch_pixels")
CHANNELS = 3.0


def missing_fields(card: ModelCard) -> tuple[str, ...]:
    """Fields without which a vision transformer cannot be computed."""
    return tuple(name for name in NEEDED if getattr(card, name) is None)


def image_tokens(image_pixels: int, patch_pixels: int) -> int:
    """Patches of a square image and the class token."""
    side = image_pixels // patch_pixels
    return side * side + 1


def vision_parts(card: ModelCard, tokens: int | None = None) -> tuple[Part, ...]:
    """The parts of a vision transformer with a class token and learned positions: patches, blocks, head.

    Args:
        card: An entry with the fields of `NEEDED`.
        tokens: Tokens of an image where they differ from the card's image size.

    Raises:
        ValueError: A needed field is not known; the sentence names it.
    """
    missing = missing_fields(card)
    if missing:
        raise ValueError(f"{card.name}: the catalogue has no {', '.join(missing)} for this model")
    hidden = float(card.hidden or 1)
    heads = float(card.heads or 1)
    patch = CHANNELS * float(card.patch_pixels or 1) ** 2
    length = float(tokens or image_tokens(int(card.image_pixels or 1), int(card.patch_pixels or 1)))
    classes = float(card.classes or 1000)
    block = BlockShape(
        layers=float(card.layers or 1),
        hidden=hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden / heads,
        ffn=float(card.ffn or 1),
        gated=1.0 if card.ffn_gated else 0.0,
        tokens=length,
        linear_bias=1.0,
        norm_vectors=2.0,
        causal=0.0,
    )
    patches = Part(
        group="vision",
        place="first",
        depth=1.0,
        positions=length,
        width=hidden,
        gemms=(Gemm(n=hidden, k=patch, split="none", low_precision=False),),
        weights=Weights(split=patch * hidden + hidden + (length + 1.0) * hidden),
    )
    trunk = blocks("vision", block)
    product = Gemm(n=classes / length, k=hidden, split="none", low_precision=False)
    head = outputs("vision", trunk, product, classes / length, classes * hidden + classes + 2.0 * hidden)
    return patches, trunk, head


def vision_work(card: ModelCard, tokens: int | None = None) -> Work:
    """The work of training a vision transformer; arguments as for `vision_parts`."""
    return trained(vision_parts(card, tokens))
