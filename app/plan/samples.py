"""What a run's model reads: its shape, and the tokens of one sample."""

from __future__ import annotations

from app.plan.schema import DecoderShape, RunInput, VisionShape
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import ModelCard
from estimators.quantity import Fact
from estimators.workloads.vision import image_tokens

DEFAULT_SEQUENCE_TOKENS = 4096
"""Where a plan names no sequence length; models trained with less keep theirs."""


def model_card(run: RunInput, catalogue: Catalogue) -> ModelCard:
    """The catalogue's model, or the user's own shape as one.

    Raises:
        KeyError: The catalogue has no such model.
    """
    model = run.workload.model
    if not isinstance(model, str):
        return own_card(model)
    found = catalogue.find_model(model)
    return found if found is not None else catalogue.models[model]


def own_card(shape: DecoderShape | VisionShape) -> ModelCard:
    """A model of the user's own; its parameters are counted from the shape."""
    unknown: Fact[float] = Fact(value=None, unit="parameters", source="counted from the shape in the plan")
    if isinstance(shape, VisionShape):
        return ModelCard(
            id="own",
            name=shape.name,
            family="your model",
            kind="vision-transformer",
            layers=shape.layers,
            hidden=shape.hidden,
            heads=shape.heads,
            ffn=shape.ffn,
            ffn_gated=False,
            image_pixels=shape.image_pixels,
            patch_pixels=shape.patch_pixels,
            classes=shape.classes,
            norm="layernorm",
            parameters=unknown,
        )
    return ModelCard(
        id="own",
        name=shape.name,
        family="your model",
        kind="decoder-lm",
        layers=shape.layers,
        hidden=shape.hidden,
        heads=shape.heads,
        kv_heads=shape.kv_heads or shape.heads,
        head_dim=shape.head_dim or shape.hidden // shape.heads,
        ffn=shape.ffn,
        ffn_gated=shape.ffn_gated,
        vocab=shape.vocab,
        tied_embeddings=shape.tied_embeddings,
        sliding_window=shape.sliding_window,
        parameters=unknown,
    )


def tokens_of_sample(run: RunInput, card: ModelCard) -> int:
    """Tokens of one sequence, or patches and class token of one image."""
    if card.patch_pixels is not None:
        return image_tokens(card.image_pixels or 224, card.patch_pixels)
    if run.workload.sequence_tokens is not None:
        return run.workload.sequence_tokens
    return min(card.sequence_tokens or DEFAULT_SEQUENCE_TOKENS, DEFAULT_SEQUENCE_TOKENS)
