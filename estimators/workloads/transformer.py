"""The transformer block, of which decoder language models and vision transformers are built.

Sources: parameter and FLOP counts after Narayanan et al. (arXiv:2104.04473) and Korthikanti et al.
(arXiv:2205.05198), recounted operator by operator for grouped queries, gated feed-forward layers and
fused attention.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimators.workloads.experts import (
    ExpertShape,
    LatentShape,
    latent_gemms,
    routed_experts,
    shared_gemms,
)
from estimators.workloads.work import Array, Attention, Gemm, Part, Saved, Traffic, Weights

BYTES_16 = 2.0
BYTES_32 = 4.0
PACKED_SHARE = 0.25
"""Attention left when instruction samples are packed: documents of about a quarter of the sequence."""


@dataclass(frozen=True, slots=True, eq=False)
class BlockShape:
    """Sizes of a transformer; floats or arrays of many models.

    Attributes:
        gated: 1 for three feed-forward matrices (SwiGLU), 0 for two.
        linear_bias: 1 where every linear layer has a bias.
        qkv_bias: 1 where query, key and value have one.
        norm_vectors: Vectors of `hidden` elements in one norm: 1 RMSNorm, 2 LayerNorm.
        norms: Norms in one layer.
        qk_norm: 1 where queries and keys are normalised for each head.
        causal: 1 where a token sees only those before it.
        window: Positions that a token may look back; infinity for all.
        fused_attention: 1 where scores are never written to memory.
        packed: 1 where several documents share a sequence and do not see each other.
        windowed_share: Share of the layers that have the window.
        experts: Routed experts, None in a dense model.
        latent: Ranks of latent attention, None where keys and values are projected directly.
    """

    layers: Array
    hidden: Array
    heads: Array
    kv_heads: Array
    head_dim: Array
    ffn: Array
    gated: Array
    tokens: Array
    linear_bias: Array = 0.0
    qkv_bias: Array = 0.0
    norm_vectors: Array = 1.0
    norms: Array = 2.0
    qk_norm: Array = 0.0
    causal: Array = 1.0
    window: Array = float("inf")
    fused_attention: Array = 1.0
    packed: Array = 0.0
    windowed_share: Array = 1.0
    experts: ExpertShape | None = None
    latent: LatentShape | None = None

    @property
    def dense_share(self) -> Array:
        """Share of the layers with a dense feed-forward part."""
        return 1.0 - self.experts.share if self.experts is not None else 1.0

    @property
    def query(self) -> Array:
        """Elements of all query heads."""
        return self.heads * self.head_dim

    @property
    def key_value(self) -> Array:
        """Elements of all key heads (and of all value heads)."""
        return self.kv_heads * self.head_dim


def block_gemms(shape: BlockShape) -> tuple[Gemm, ...]:
    """Products of one block: query-key-value, output, feed-forward up (and gate), feed-forward down.

    Latent attention and experts add theirs; see `experts`.
    """
    direct = 1.0 - shape.latent.used if shape.latent is not None else 1.0
    dense = shape.dense_share
    gemms: tuple[Gemm, ...] = (
        Gemm(n=shape.query + 2.0 * shape.key_value, k=shape.hidden, split="column", count=direct),
        Gemm(n=shape.hidden, k=shape.heads * value_dim(shape), split="row"),
        Gemm(n=(1.0 + shape.gated) * shape.ffn, k=shape.hidden, split="column", count=dense),
        Gemm(n=shape.hidden, k=shape.ffn, split="row", count=dense),
    )
    if shape.latent is not None:
        gemms += latent_gemms(shape.latent, shape.hidden, shape.heads)
    if shape.experts is not None:
        gemms += shared_gemms(shape.experts, shape.hidden)
    return gemms


def value_dim(shape: BlockShape) -> Array:
    """Size of a value head: that of a query head but in latent attention."""
    if shape.latent is None:
        return shape.head_dim
    return np.where(np.asarray(shape.latent.used) > 0, shape.latent.value_dim, shape.head_dim)


def block_vectors(shape: BlockShape) -> Array:
    """Parameters of one block that are no matrices: norms and biases."""
    norms = shape.norms * shape.norm_vectors * shape.hidden + 2.0 * shape.qk_norm * shape.head_dim
    qkv = shape.query + 2.0 * shape.key_value
    others = 2.0 * shape.hidden + shape.dense_share * (1.0 + shape.gated) * shape.ffn
    return norms + shape.linear_bias * others + np.maximum(shape.linear_bias, shape.qkv_bias) * qkv


def mean_context(tokens: Array, causal: Array, window: Array) -> Array:
    """Mean positions that a token attends to.

    Full mask s; causal (s + 1) / 2; causal with window w < s: w − w² / (2 s).
    """
    tokens = np.asarray(tokens, dtype=float)
    reach = np.minimum(window, tokens)
    windowed = reach - reach**2 / (2.0 * tokens)
    triangle = np.where(reach < tokens, windowed, (tokens + 1.0) / 2.0)
    return np.where(np.asarray(causal) > 0, triangle, tokens)


def block_attention(shape: BlockShape) -> Attention:
    """The attention core. A kernel that stores scores computes the full square."""
    limited = mean_context(shape.tokens, shape.causal, shape.window)
    whole = mean_context(shape.tokens, shape.causal, np.inf)
    skipped = shape.windowed_share * limited + (1.0 - shape.windowed_share) * whole
    skipped = skipped * np.where(np.asarray(shape.packed) > 0, PACKED_SHARE, 1.0)
    reach = np.minimum(np.asarray(shape.window, dtype=float), shape.tokens)
    full = shape.windowed_share * reach + (1.0 - shape.windowed_share) * shape.tokens
    return Attention(
        heads=shape.heads,
        kv_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        value_dim=value_dim(shape),
        context=np.where(np.asarray(shape.fused_attention) > 0, skipped, shape.tokens),
        full_context=full,
        fused=shape.fused_attention,
        score_traffic=BYTES_16 * score_bytes(shape),
    )


def replicated_traffic(shape: BlockShape) -> Array:
    """Bytes per token of norms and residual additions in one forward pass.

    Each norm reads and writes the stream; each of two additions reads twice and writes once.
    """
    return BYTES_16 * shape.hidden * (2.0 * shape.norms + 6.0)


def split_traffic(shape: BlockShape) -> Array:
    """Bytes per token of rotary embedding and activation function in one forward pass."""
    rotary = 2.0 * (shape.query + shape.key_value)
    return BYTES_16 * rotary + activation_traffic(shape)


def activation_traffic(shape: BlockShape) -> Array:
    """Bytes per token of the activation function: one or two inputs read, one output written."""
    return BYTES_16 * shape.dense_share * (2.0 + shape.gated) * shape.ffn


def saved_replicated(shape: BlockShape) -> Array:
    """Activation bytes kept per token: inputs of the norms and of the linear layers after them."""
    return BYTES_16 * shape.hidden * 2.0 * shape.norms


def saved_split(shape: BlockShape) -> Array:
    """Activation bytes kept per token: queries, keys, values, attention output, feed-forward."""
    attention = 2.0 * shape.query + 2.0 * shape.key_value
    feed_forward = shape.dense_share * (2.0 + shape.gated) * shape.ffn
    return BYTES_16 * (attention + feed_forward)


def score_bytes(shape: BlockShape) -> Array:
    """Bytes kept per token for stored scores: 5·a·s of Korthikanti et al.; 0 for fused kernels."""
    return (1.0 - shape.fused_attention) * 5.0 * shape.heads * shape.tokens


def outputs(group: str, block: Part, gemm: Gemm, per_position: Array, parameters: Array) -> Part:
    """The part behind the blocks: one product, then the loss over its outputs.

    Args:
        per_position: Outputs for each position of the blocks (vocabulary; classes over patches).
        parameters: What the head holds beside the blocks: none of a table that it shares.
    """
    return Part(
        group=group,
        place="last",
        depth=1.0,
        positions=block.positions,
        width=block.width,
        gemms=(gemm,),
        traffic=Traffic(fused=per_position * (2.0 * BYTES_16 + 3.0 * BYTES_32)),
        saved=Saved(split=per_position * (BYTES_16 + 2.0 * BYTES_32)),
        weights=Weights(split=parameters),
    )


def blocks(group: str, shape: BlockShape) -> Part:
    """The part of `layers` equal blocks."""
    gemms = block_gemms(shape)
    return Part(
        group=group,
        place="inner",
        depth=shape.layers,
        positions=shape.tokens,
        width=shape.hidden,
        gemms=gemms,
        mixers=(block_attention(shape),),
        experts=routed_experts(shape.experts, shape.hidden) if shape.experts is not None else None,
        traffic=Traffic(
            replicated=replicated_traffic(shape),
            split=split_traffic(shape),
            selective_again=activation_traffic(shape),
        ),
        saved=Saved(
            replicated=saved_replicated(shape),
            split=saved_split(shape),
            selective=BYTES_16 * shape.ffn * shape.dense_share,
            scores=score_bytes(shape),
        ),
        weights=Weights(sum((gemm.weights for gemm in gemms), start=0.0), block_vectors(shape)),
        kernels=12.0 + 2.0 * shape.norms + 3.0 * (1.0 - shape.fused_attention),
    )
