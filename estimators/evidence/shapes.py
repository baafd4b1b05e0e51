"""Shapes of measured decoders: as published, from the catalogue, or typical for the size."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from estimators.catalogue.architectures import Decoder
from estimators.catalogue.records import ModelCard
from estimators.evidence.rows import Row
from estimators.workloads.experts import ExpertShape
from estimators.workloads.families import EVIDENCE
from estimators.workloads.language import DecoderShape, decoder_shape
from estimators.workloads.transformer import BlockShape

DEFAULT_SEQUENCE, USUAL_SEQUENCE = 2048, 4096
TYPICAL_CHOSEN, ACTIVE_EXPERT_SHARE = 8, 0.7
DEFAULT_VOCABULARY = 50_000.0
TOKEN_DROP_CAPACITY = 1.0
PLAIN_NAMES = (
    "gpt",
    "mpt",
    "bloom",
    "opt",
    "pythia",
    "megatron",
    "mt-nlg",
    "starcoder",
    "falcon",
    "nemotron",
)
"""Name parts of models with two feed-forward matrices."""


def typical_layers(parameters: float) -> tuple[float, float]:
    """Layers and width that are usual for a dense decoder of this size.

    Width grows with the cube root of the size at about 128 channels a layer (GPT-3, Llama).
    """
    layers = round((parameters / (12.0 * 128.0**2)) ** (1.0 / 3.0))
    width = round((parameters / (12.0 * max(layers, 1))) ** 0.5 / 128.0) * 128.0
    return float(max(layers, 1)), float(max(width, 128.0))


def _first(*values: Any) -> float | None:
    for value in values:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            return float(value)
    return None


def _card_shape(card: ModelCard | None, sequence: float) -> DecoderShape | None:
    """Sizes of a card that complete a row. One row is of a hybrid; it stands with full attention."""
    shape = card.architecture if card is not None else None
    if not isinstance(shape, Decoder):
        return None
    return decoder_shape(shape, int(sequence), predicted_ahead=shape.predicted_ahead)


def _gated(row: Row, hidden: float, ffn: float) -> float:
    """Whether a published shape has three feed-forward matrices: by its ratio, else by its name."""
    name = row.model.lower()
    if any(part in name for part in PLAIN_NAMES):
        return 0.0
    return 0.0 if abs(ffn / hidden - 4.0) < 1e-6 and "llama" not in name else 1.0


def decoder_of(row: Row, card: ModelCard | None, fused: float) -> tuple[DecoderShape, bool] | None:
    """The sizes of a row's decoder and whether they were published; None where not even a count is known.

    Args:
        card: What the catalogue has under the row's name.
        fused: 1 where its attention runs in a fused kernel.
    """
    published = row.architecture
    usual = min(card.sequence_tokens, USUAL_SEQUENCE) if card and card.sequence_tokens else DEFAULT_SEQUENCE
    sequence = _first(published.get("seq_len"), row.number("seq_len")) or float(usual)
    base = _card_shape(card, sequence)
    hidden = _first(published.get("hidden"), base.block.hidden if base else None)
    layers = _first(published.get("layers"), base.block.layers if base else None)
    known = hidden is not None and layers is not None
    if hidden is None or layers is None:
        active = row.params.active if _has_experts(row) else row.params.total
        total = active or row.params.total or row.params.active
        if not total:
            return None
        layers, hidden = typical_layers(total)
    block, ends = _blocks(row, base, layers, hidden, sequence, fused), _ends(row, base)
    return DecoderShape(block=block, **ends), known


def _has_experts(row: Row) -> bool:
    return EVIDENCE[row.family][1].has_experts


def _blocks(
    row: Row, base: DecoderShape | None, layers: float, hidden: float, sequence: float, fused: float
) -> BlockShape:
    """The blocks: published fields first, then the catalogue's, then the usual ones."""
    published = row.architecture
    old = base.block if base else None
    heads = _first(published.get("heads"), old.heads if old else None) or max(round(hidden / 128.0), 1.0)
    ffn = _first(published.get("ffn"), old.ffn if old else None) or 4.0 * hidden
    gated = float(old.gated) if old and not published.get("ffn") else _gated(row, hidden, ffn)
    if old and published.get("ffn") == old.ffn:
        gated = float(old.gated)
    return BlockShape(
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=_first(published.get("kv_heads"), old.kv_heads if old else None) or heads,
        head_dim=_first(published.get("head_dim"), old.head_dim if old else None) or hidden / heads,
        ffn=ffn,
        gated=gated,
        tokens=sequence,
        linear_bias=old.linear_bias if old else 1.0 - gated,
        norm_vectors=2.0 - gated,
        window=old.window if old else float("inf"),
        windowed_share=old.windowed_share if old else 1.0,
        packed=float(row.layout.get("packed") is True),
        fused_attention=fused,
        experts=_experts(row, old, layers, hidden),
        latent=old.latent if old else None,
    )


def _experts(row: Row, old: BlockShape | None, layers: float, hidden: float) -> ExpertShape | None:
    """Routed experts: as published, else the catalogue's; None for a dense model.

    Published throughput runs force the same load on every expert; their notes say so.
    """
    published = row.architecture
    count = _first(published.get("experts"))
    if count is None:
        found = old.experts if old else _typical_experts(row, layers, hidden)
        return replace(found, capacity=capacity_of(row)) if found is not None else None
    inner = _first(published.get("moe_ffn"), published.get("ffn")) or 1.0
    first = _first(published.get("first_dense_layers")) or 0.0
    return ExpertShape(
        share=1.0 - first / layers,
        experts=count,
        chosen=_first(published.get("top_k"), published.get("experts_per_token")) or 1.0,
        ffn=inner,
        shared_ffn=(_first(published.get("shared_experts")) or 0.0) * inner,
        capacity=capacity_of(row),
    )


def capacity_of(row: Row) -> float:
    """Most tokens that an expert takes, against the mean; infinity where no token is dropped.

    Megatron Bridge's rows of 25.09 are labelled "tokendrop" or "dropless"; for dropping its recipes set a
    capacity factor of 1 and pad every expert to it (apply_moe_token_drop, moe_utils.py). Rows without a label
    drop nothing.
    """
    return TOKEN_DROP_CAPACITY if "(tokendrop)" in (row.notes or "") else math.inf


def _typical_experts(row: Row, layers: float, hidden: float) -> ExpertShape | None:
    """Experts of a model known by its total and active parameters only: eight serve each token.

    About seven tenths of the active parameters lie in experts, as in DeepSeek-V3 and Qwen3; their number is a
    power of two.
    """
    total, active = row.params.total, row.params.active
    if not _has_experts(row) or not total or not active or active >= total:
        return None
    working = ACTIVE_EXPERT_SHARE * active
    ratio = TYPICAL_CHOSEN * (total - active + working) / working
    count = max(2 ** round(math.log2(ratio)), TYPICAL_CHOSEN)
    inner = working / (TYPICAL_CHOSEN * 3.0 * hidden * layers)
    return ExpertShape(share=1.0, experts=float(count), chosen=float(TYPICAL_CHOSEN), ffn=max(inner, 64.0))


def _ends(row: Row, base: DecoderShape | None) -> dict[str, float]:
    """Vocabulary and whether the head is tied."""
    vocab = _first(row.architecture.get("vocab"), base.vocab if base else None) or DEFAULT_VOCABULARY
    tied = row.architecture.get("tied_embeddings")
    if tied is None:
        tied = bool(base.tied) if base else any(part in row.model.lower() for part in PLAIN_NAMES)
    ahead = float(np.asarray(base.predicted_ahead)) if base else 0.0
    return {"vocab": vocab, "tied": float(bool(tied)), "predicted_ahead": ahead}
