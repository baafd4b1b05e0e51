"""Decoder language models: dense, with grouped queries, gated feed-forward layers, tied or untied head."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from estimators.catalogue.records import ModelCard
from estimators.workloads.experts import ExpertShape, LatentShape
from estimators.workloads.transformer import BlockShape, blocks, outputs
from estimators.workloads.work import Array, Gemm, Part, Weights, Work, trained

NEEDED = ("layers", "hidden", "heads", "ffn", "vocab")
LATENT_RANKS = ("q_lora_rank", "kv_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim")
"""Ranks and head sizes of latent attention, as configurations name them."""


@dataclass(frozen=True, slots=True, eq=False)
class DecoderShape:
    """A decoder: its blocks and its ends.

    Attributes:
        positions: Rows of a learned position table; 0 for rotary or ALiBi.
        tied: 1 where the head shares the embedding.
        predicted_ahead: Further tokens that multi-token prediction trains, each with a block and a head.
        extra_norms: Norms outside the blocks (1 final; 2 with an embedding norm).
    """

    block: BlockShape
    vocab: Array
    tied: Array
    positions: Array = 0.0
    extra_norms: Array = 1.0
    predicted_ahead: Array = 0.0


def missing_fields(card: ModelCard) -> tuple[str, ...]:
    """Fields without which a decoder cannot be computed."""
    return tuple(name for name in NEEDED if getattr(card, name) is None)


def decoder_shape(
    card: ModelCard,
    sequence_tokens: int,
    imbalance: float = 1.0,
    capacity: float | None = None,
    predicted_ahead: int = 0,
) -> DecoderShape:
    """The shape of a catalogue model at a sequence length.

    Args:
        card: A decoder with the fields of `NEEDED`.
        sequence_tokens: Tokens of one sequence.
        imbalance: Load of the fullest device against the mean, for routed experts.
        capacity: Most tokens that an expert takes, against the mean; None where no token is dropped.
        predicted_ahead: Further tokens that a token-prediction block is trained on.

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
        head_dim=head_dim_of(card),
        ffn=float(card.ffn or 1),
        gated=1.0 if card.ffn_gated is not False else 0.0,
        tokens=float(sequence_tokens),
        linear_bias=float(card.linear_bias),
        qkv_bias=float(card.qkv_bias),
        norm_vectors=1.0 if card.norm == "rmsnorm" else 2.0,
        norms=float(card.norms_per_layer),
        qk_norm=float(card.qk_norm),
        window=float(card.sliding_window or float("inf")),
        windowed_share=_fact_number(card, "windowed_share", 1.0),
        experts=expert_shape(card, imbalance, capacity),
        latent=latent_shape(card),
    )
    return DecoderShape(
        block=block,
        vocab=float(card.vocab or 1),
        tied=float(bool(card.tied_embeddings)),
        positions=float(card.sequence_tokens or 0) if card.learned_positions else 0.0,
        extra_norms=2.0 if card.embedding_norm else 1.0,
        predicted_ahead=float(predicted_ahead),
    )


def prediction_blocks(card: ModelCard) -> int:
    """Further tokens that the model's published token-prediction blocks are trained on; 0 for none."""
    return int(_fact_number(card, "multi_token_prediction", 0.0))


def _fact_number(card: ModelCard, name: str, default: float) -> float:
    fact = card.more.get(name)
    return float(fact.value) if fact is not None and fact.value is not None else default


def head_dim_of(card: ModelCard) -> float:
    """Size of a query head: the card's, that of latent attention, else hidden ÷ heads."""
    latent = latent_shape(card)
    if latent is not None:
        return float(np.asarray(latent.plain_dim) + np.asarray(latent.rotary_dim))
    return float(card.head_dim or (card.hidden or 1) / (card.heads or 1))


def expert_shape(
    card: ModelCard, imbalance: float = 1.0, capacity: float | None = None
) -> ExpertShape | None:
    """The experts of a card, None for a dense model."""
    if not card.experts or not card.experts_per_token or not card.layers:
        return None
    inner = float(card.moe_ffn or card.ffn or 1)
    return ExpertShape(
        share=1.0 - (card.first_dense_layers or 0) / card.layers,
        experts=float(card.experts),
        chosen=float(card.experts_per_token),
        ffn=inner,
        shared_ffn=float(card.shared_experts or 0) * inner,
        gated=1.0 if card.ffn_gated is not False else 0.0,
        imbalance=imbalance,
        capacity=float("inf") if capacity is None else capacity,
    )


def latent_shape(card: ModelCard) -> LatentShape | None:
    """Latent attention of a card, None where all its ranks are not known."""
    fact = card.more.get("latent_attention")
    ranks: dict[str, float] = fact.value or {} if fact is not None else {}
    if any(name not in ranks for name in LATENT_RANKS):
        return None
    query, key_value, plain, rotary, value = (float(ranks[name]) for name in LATENT_RANKS)
    return LatentShape(1.0, query, key_value, plain, rotary, value)


def _with_prediction(block: BlockShape, ahead: Array) -> BlockShape:
    """The blocks with those of token prediction, which have experts where the model has them.

    Left out is what joins a block to the embedding (DeepSeek-V3: 0.1 of its 11.5 billion parameters).
    """
    layers = block.layers + ahead
    if block.experts is None:
        return replace(block, layers=layers)
    routed = np.where(np.asarray(block.experts.share) > 0.0, ahead, 0.0)
    share = (block.experts.share * block.layers + routed) / layers
    return replace(block, layers=layers, experts=replace(block.experts, share=share))


def decoder_parts(shape: DecoderShape) -> tuple[Part, ...]:
    """The parts of a decoder language model: embedding, blocks, head.

    Parameters: blocks as in `transformer`; embedding V·h, an untied head V·h again, learned positions
    s·h, the norms outside the blocks. The lookup has no FLOP, the head has 2·h·V a token.
    """
    hidden = shape.block.hidden
    table = shape.vocab * hidden
    norm = shape.extra_norms * shape.block.norm_vectors * hidden
    heads = 1.0 + shape.predicted_ahead
    trunk = blocks("text", _with_prediction(shape.block, shape.predicted_ahead))
    embedding = Part(
        group="text",
        place="first",
        depth=1.0,
        positions=shape.block.tokens,
        width=hidden,
        weights=Weights(split=table + shape.positions * hidden),
    )
    product = Gemm(n=shape.vocab, k=hidden, split="column", low_precision=False, count=heads)
    head = outputs("text", trunk, product, shape.vocab * heads, (1.0 - shape.tied) * table + norm)
    return embedding, trunk, head


def decoder_work(shape: DecoderShape) -> Work:
    """The work of training a decoder language model."""
    return trained(decoder_parts(shape))
