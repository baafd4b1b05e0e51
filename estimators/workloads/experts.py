"""Parts of mixture-of-experts decoders: routed and shared experts, and latent attention.

Counts after DeepSeek-V2 and V3 (arXiv:2405.04434, arXiv:2412.19437) and Megatron Core's MoE layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimators.workloads.work import Array, Experts, Gemm

BYTES_16 = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class ExpertShape:
    """Sizes of the experts of a model; floats or arrays of many models.

    Attributes:
        share: Share of the layers that have experts; 0 in a dense model.
        experts: Routed experts of one layer.
        chosen: Experts that serve one token.
        ffn: Inner size of one routed expert.
        shared_ffn: Inner size of all shared experts together; 0 for none.
        gated: 1 for three matrices, 0 for two.
        imbalance: Load of the fullest device against the mean where no token is dropped.
        capacity: Most tokens that an expert takes, against the mean; infinity where no token is dropped.
    """

    share: Array
    experts: Array
    chosen: Array
    ffn: Array
    shared_ffn: Array = 0.0
    gated: Array = 1.0
    imbalance: Array = 1.0
    capacity: Array = float("inf")

    @classmethod
    def absent(cls) -> ExpertShape:
        """Those of a model without experts."""
        return cls(share=0.0, experts=1.0, chosen=0.0, ffn=1.0)

    @property
    def load(self) -> Array:
        """Tokens of the fullest device against the mean.

        Dropless routing waits for the fullest expert. A capacity factor bounds it, since tokens beyond the
        capacity are dropped (Switch Transformer, arXiv:2101.03961, section 2.2; GShard, arXiv:2006.16668).
        """
        return np.minimum(self.imbalance, self.capacity)


@dataclass(frozen=True, slots=True, eq=False)
class LatentShape:
    """Ranks and head sizes of multi-head latent attention; floats or arrays of many models.

    Attributes:
        used: 1 where the model has latent attention.
        query_rank: Rank of the query path; 0 where queries are projected directly.
        key_value_rank: Rank of the joint key and value path.
        plain_dim: Part of a query head without rotary embedding.
        rotary_dim: Part of a query head with rotary embedding, shared by all heads on the key side.
        value_dim: Size of a value head.
    """

    used: Array
    query_rank: Array
    key_value_rank: Array
    plain_dim: Array
    rotary_dim: Array
    value_dim: Array

    @classmethod
    def absent(cls) -> LatentShape:
        """Those of a model without latent attention."""
        return cls(0.0, 1.0, 1.0, 1.0, 1.0, 1.0)


def _present(size: Array) -> Array:
    """1 where a size is positive, 0 where a part is missing."""
    return np.where(np.asarray(size) > 0, 1.0, 0.0)


def latent_gemms(latent: LatentShape, hidden: Array, heads: Array) -> tuple[Gemm, ...]:
    """Products of latent attention in place of query-key-value (the query path through its rank)."""
    query = heads * (latent.plain_dim + latent.rotary_dim)
    narrow = latent.key_value_rank + latent.rotary_dim
    wide = heads * (latent.plain_dim + latent.value_dim)
    low_rank = latent.used * _present(latent.query_rank)
    direct = latent.used - low_rank
    rank = latent.query_rank + direct
    return (
        Gemm(n=rank, k=hidden, split="none", count=low_rank),
        Gemm(n=query, k=rank, split="column", count=low_rank),
        Gemm(n=query, k=hidden, split="column", count=direct),
        Gemm(n=narrow, k=hidden, split="none", count=latent.used),
        Gemm(n=wide, k=latent.key_value_rank, split="column", count=latent.used),
    )


def shared_gemms(shape: ExpertShape, hidden: Array) -> tuple[Gemm, ...]:
    """Products of the shared experts and of the router, for the share of layers that have them."""
    used = shape.share * _present(shape.shared_ffn)
    inner = shape.shared_ffn + 1.0 - _present(shape.shared_ffn)
    return (
        Gemm(n=(1.0 + shape.gated) * inner, k=hidden, split="column", count=used),
        Gemm(n=hidden, k=inner, split="row", count=used),
        Gemm(n=shape.experts, k=hidden, split="none", low_precision=False, count=shape.share),
    )


def routed_experts(shape: ExpertShape, hidden: Array) -> Experts:
    """The routed experts as the step model sees them.

    A token is copied to each chosen expert, permuted there and back, and summed with its weights.
    """
    matrices = (2.0 + shape.gated) * hidden * shape.ffn
    inner = (2.0 + shape.gated) * shape.ffn
    copies = shape.share * shape.chosen
    return Experts(
        share=shape.share,
        experts=shape.experts,
        chosen=shape.chosen,
        gemms=(
            Gemm(n=(1.0 + shape.gated) * shape.ffn, k=hidden, split="none"),
            Gemm(n=hidden, k=shape.ffn, split="none"),
        ),
        parameters=shape.share * shape.experts * matrices,
        saved_bytes=BYTES_16 * copies * (hidden + inner),
        moved_bytes=BYTES_16 * copies * (5.0 * hidden + inner),
        sent_bytes=BYTES_16 * copies * hidden,
        load=shape.load,
        capped=np.where(np.isfinite(shape.capacity), 1.0, 0.0),
    )
