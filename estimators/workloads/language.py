"""Decoder language models: dense, with grouped queries, gated feed-forward layers, tied or untied head."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from estimators.catalogue.architectures import Decoder, Latent
from estimators.workloads.experts import ExpertShape, LatentShape
from estimators.workloads.transformer import BlockShape, blocks, outputs
from estimators.workloads.work import Array, Gemm, Part, Weights


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


def decoder_shape(
    shape: Decoder,
    sequence_tokens: int,
    imbalance: float = 1.0,
    capacity: float | None = None,
    predicted_ahead: int = 0,
) -> DecoderShape:
    """The sizes of a decoder at a sequence length.

    Args:
        sequence_tokens: Tokens of one sequence.
        imbalance: Load of the fullest device against the mean, for routed experts.
        capacity: Most tokens that an expert takes, against the mean; None where no token is dropped.
        predicted_ahead: Further tokens that a token-prediction block is trained on.
    """
    window = shape.window
    block = BlockShape(
        layers=float(shape.layers),
        hidden=float(shape.hidden),
        heads=float(shape.heads),
        kv_heads=float(shape.kv_heads or shape.heads),
        head_dim=head_dim_of(shape),
        ffn=float(shape.ffn),
        gated=float(shape.ffn_gated),
        tokens=float(sequence_tokens),
        linear_bias=float(shape.linear_bias),
        qkv_bias=float(shape.qkv_bias),
        norm_vectors=1.0 if shape.norm == "rmsnorm" else 2.0,
        norms=float(shape.norms_per_layer),
        qk_norm=float(shape.qk_norm),
        window=float("inf") if window is None else float(window.tokens),
        windowed_share=1.0 if window is None else float(window.share),
        experts=expert_shape(shape, imbalance, capacity),
        latent=latent_shape(shape),
    )
    return DecoderShape(
        block=block,
        vocab=float(shape.vocab),
        tied=float(bool(shape.tied_embeddings)),
        positions=float(shape.sequence_tokens or 0) if shape.learned_positions else 0.0,
        extra_norms=2.0 if shape.embedding_norm else 1.0,
        predicted_ahead=float(predicted_ahead),
    )


def head_dim_of(shape: Decoder) -> float:
    """Size of a query head: as given, that of latent attention, else hidden ÷ heads."""
    latent = latent_shape(shape)
    if latent is not None:
        return float(np.asarray(latent.plain_dim) + np.asarray(latent.rotary_dim))
    return float(shape.head_dim or shape.hidden / shape.heads)


def expert_shape(shape: Decoder, imbalance: float = 1.0, capacity: float | None = None) -> ExpertShape | None:
    """The experts of a decoder, None for a dense one."""
    experts = shape.experts
    if experts is None:
        return None
    inner = float(experts.ffn or shape.ffn)
    return ExpertShape(
        share=1.0 - experts.first_dense_layers / shape.layers,
        experts=float(experts.count),
        chosen=float(experts.per_token),
        ffn=inner,
        shared_ffn=float(experts.shared) * inner,
        gated=float(shape.ffn_gated),
        imbalance=imbalance,
        capacity=float("inf") if capacity is None else capacity,
    )


def latent_shape(shape: Decoder) -> LatentShape | None:
    """Latent attention of a decoder, None where all its ranks are not known."""
    if shape.latent is None:
        return None
    ranks = [getattr(shape.latent, name) for name in Latent.__struct_fields__]
    if None in ranks:
        return None
    query, key_value, plain, rotary, value = map(float, ranks)
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
