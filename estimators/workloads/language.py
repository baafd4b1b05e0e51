"""Decoder language models: dense, with grouped queries, gated feed-forward layers, tied or untied head."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.catalogue.records import ModelCard
from estimators.workloads.profile import Array, Gemm, Profile
from estimators.workloads.transformer import BlockShape, trunk_profile

NEEDED = ("layers", "hidden", "heads", "ffn", "vocab")


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """A decoder: its blocks and its ends.

    Attributes:
        positions: Rows of a learned position table; 0 for rotary or ALiBi.
        tied: 1 where the head shares the embedding.
        extra_norms: Norms outside the blocks (1 final; 2 with an embedding norm).
    """

    block: BlockShape
    vocab: Array
    tied: Array
    positions: Array = 0.0
    extra_norms: Array = 1.0


def missing_fields(card: ModelCard) -> tuple[str, ...]:
    """Fields without which a decoder cannot be computed."""
    return tuple(name for name in NEEDED if getattr(card, name) is None)


def decoder_shape(card: ModelCard, sequence_tokens: int) -> DecoderShape:
    """The shape of a catalogue model at a sequence length.

    Args:
        card: A decoder with the fields of `NEEDED`.
        sequence_tokens: Tokens of one sequence.

    Raises:
        ValueError: A needed field is not known; the sentence names it.
    """
    missing = missing_fields(card)
    if missing:
        raise ValueError(f"{card.name}: the catalogue has no {', '.join(missing)} for this model")
    heads = float(card.heads or 1)
    hidden = float(card.hidden or 1)
    block = BlockShape(
        layers=float(card.layers or 1),
        hidden=hidden,
        heads=heads,
        kv_heads=float(card.kv_heads or heads),
        head_dim=float(card.head_dim or hidden / heads),
        ffn=float(card.ffn or 1),
        gated=1.0 if card.ffn_gated is not False else 0.0,
        tokens=float(sequence_tokens),
        linear_bias=float(card.linear_bias),
        qkv_bias=float(card.qkv_bias),
        norm_vectors=1.0 if card.norm == "rmsnorm" else 2.0,
        norms=float(card.norms_per_layer),
        qk_norm=float(card.qk_norm),
        window=float(card.sliding_window or float("inf")),
    )
    return DecoderShape(
        block=block,
        vocab=float(card.vocab or 1),
        tied=float(bool(card.tied_embeddings)),
        positions=float(card.sequence_tokens or 0) if card.learned_positions else 0.0,
        extra_norms=2.0 if card.embedding_norm else 1.0,
    )


def decoder_profile(shape: DecoderShape) -> Profile:
    """The profile of a dense decoder language model.

    Parameters: blocks as in `transformer`; embedding V·h, an untied head V·h again, learned positions
    s·h, the norms outside the blocks. The lookup has no FLOP, the head has 2·h·V a token.
    """
    hidden = shape.block.hidden
    table = shape.vocab * hidden
    norm = shape.extra_norms * shape.block.norm_vectors * hidden
    return trunk_profile(
        shape.block,
        first_gemms=(),
        last_gemms=(Gemm(n=shape.vocab, k=hidden, split="column", low_precision=False),),
        first_parameters=table + shape.positions * hidden,
        last_parameters=(1.0 - shape.tied) * table + norm,
        tied=shape.tied,
        outputs_per_token=shape.vocab,
    )
