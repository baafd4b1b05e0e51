"""What is computed for one sample, in parts that the step model can spread over devices.

A family of models yields parts, a method yields phases of parts; `Work` holds the phases. Nothing here knows
a machine. All `Array` fields are floats or columns that broadcast against columns of layouts, so that one
`Work` holds one model or many measured ones side by side. Sizes are elements, costs are bytes and FLOP of a
forward pass for each layer and position unless said otherwise; a multiply-add counts 2 FLOP.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from estimators.software import EVERY_DEGREE, Degree

Array = NDArray[np.float64] | float
Split = Literal["column", "row", "none"]
Place = Literal["first", "inner", "last"]
"""Before, among or behind the layers that a pipeline spreads over its stages."""


def largest(values: Iterable[Array]) -> Array:
    """The largest of several columns, row by row; 0 for none."""
    found: Array = 0.0
    for value in values:
        found = np.maximum(found, value)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Gemm:
    """One matrix product of the forward pass, M × N × K with M the positions of a micro-batch.

    Attributes:
        n: Columns of the weight.
        k: Rows of the weight (inner size).
        split: Which side tensor parallelism divides.
        low_precision: Whether FP8 and FP4 recipes compute it in 8 or 4 bit.
        count: How often it stands in a layer; a share where only some layers have it.
    """

    n: Array
    k: Array
    split: Split
    low_precision: bool = True
    count: Array = 1.0

    @property
    def weights(self) -> Array:
        """Elements of the weight, times `count`."""
        return self.n * self.k * self.count


@dataclass(frozen=True, slots=True, eq=False)
class Attention:
    """The attention core of one layer.

    Attributes:
        heads: Query heads.
        kv_heads: Key and value heads.
        head_dim: Size of a query and key head.
        value_dim: Size of a value head.
        context: Mean number of positions that one attends to and that the kernel computes.
        full_context: The same with the full square, as model FLOPs count it.
        fused: 1 where a fused (flash) kernel is used, 0 where scores are stored.
        score_traffic: Bytes of stored scores that one position moves in a forward pass.
    """

    heads: Array
    kv_heads: Array
    head_dim: Array
    value_dim: Array
    context: Array
    full_context: Array
    fused: Array = 1.0
    score_traffic: Array = 0.0

    @property
    def flops(self) -> Array:
        """Forward FLOP that the kernel computes, for each position."""
        return 2.0 * self.context * self.heads * (self.head_dim + self.value_dim)

    @property
    def model_flops(self) -> Array:
        """Forward FLOP by the convention of model FLOPs (full square), for each position."""
        return 2.0 * self.full_context * self.heads * (self.head_dim + self.value_dim)

    @property
    def kv_bytes(self) -> Array:
        """Bytes of the keys and values of one position in 16 bit."""
        return 2.0 * self.kv_heads * (self.head_dim + self.value_dim)


@dataclass(frozen=True, slots=True, eq=False)
class Experts:
    """Routed experts of a layer. All zero but `experts` and `gemms` where a model has none.

    Attributes:
        share: Share of the layers that have experts.
        experts: Experts of one such layer, of which `chosen` serve each position.
        gemms: Products of one expert.
        parameters: Parameters of all experts, per layer of the part.
        saved_bytes: Activations kept.
        moved_bytes: Memory-bound traffic of routing, permuting and activation.
        sent_bytes: Bytes that one position sends to its experts, one way.
        load: Positions of the fullest device against the mean.
        capped: 1 where every expert takes at most a fixed number of positions and the rest is dropped.
    """

    share: Array
    experts: Array
    chosen: Array
    gemms: tuple[Gemm, ...]
    parameters: Array
    saved_bytes: Array
    moved_bytes: Array
    sent_bytes: Array
    load: Array = 1.0
    capped: Array = 0.0

    @property
    def idle_parameters(self) -> Array:
        """Parameters of experts that do not serve a position, per layer of the part."""
        return self.parameters * (1.0 - self.chosen / self.experts)


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Bytes that memory-bound kernels move, at the fused minimum.

    Attributes:
        replicated: Not divided by tensor parallelism unless sequence parallelism is on.
        split: Divided by tensor parallelism.
        fused: Of loss and logits, divided by tensor parallelism; the software's pass factor does not count.
        selective_again: What selective recomputation beside a fused attention kernel moves once more.
    """

    replicated: Array = 0.0
    split: Array = 0.0
    fused: Array = 0.0
    selective_again: Array = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """Bytes kept for the backward pass.

    Attributes:
        replicated: Not divided by tensor parallelism unless sequence parallelism is on.
        split: Divided by tensor parallelism; of a last part, its logits and their gradients.
        selective: What selective recomputation beside a fused attention kernel does not keep of `split`.
        scores: Attention scores without a fused kernel.
    """

    replicated: Array = 0.0
    split: Array = 0.0
    selective: Array = 0.0
    scores: Array = 0.0


NOTHING_SAVED = Saved()


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Elements of the weights of one layer, those of experts apart: divided by tensor parallelism or not."""

    split: Array = 0.0
    replicated: Array = 0.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Part:
    """Equal layers with one number of positions.

    Attributes:
        group: What it belongs to, such as "text" or "vision".
        depth: Layers.
        positions: For one sample: tokens, patches.
        width: Elements of the stream, which tensor parallelism reduces, a pipeline sends and full
            recomputation keeps.
        kernels: Kernels of one layer's forward pass.
        reductions: Tensor-parallel all-reduces of the stream in one forward pass.
    """

    group: str
    place: Place
    depth: Array
    positions: Array
    width: Array
    gemms: tuple[Gemm, ...] = ()
    mixers: tuple[Attention, ...] = ()
    experts: Experts | None = None
    traffic: Traffic = Traffic()
    saved: Saved = NOTHING_SAVED
    weights: Weights = Weights()
    kernels: Array = 0.0
    reductions: Array = 2.0

    @property
    def expert_parameters(self) -> Array:
        """Parameters of the routed experts of one layer."""
        return self.experts.parameters if self.experts is not None else 0.0

    @property
    def parameters(self) -> Array:
        """All parameters."""
        return self.depth * (self.weights.split + self.weights.replicated + self.expert_parameters)

    @property
    def layer_products(self) -> Array:
        """Weights of one layer that take part in the products of a position (tied heads, chosen experts)."""
        found = sum((gemm.weights for gemm in self.gemms), start=0.0)
        return (
            found if self.experts is None else found + self.expert_parameters - self.experts.idle_parameters
        )

    @property
    def attention_model_flops(self) -> Array:
        """Forward FLOP of the attention of one layer for each position, with the full square."""
        return sum((mixer.model_flops for mixer in self.mixers), start=0.0)

    @property
    def kv_bytes(self) -> Array:
        """Bytes of the keys and values of one position and layer in 16 bit."""
        return sum((mixer.kv_bytes for mixer in self.mixers), start=0.0)

    @property
    def stores_scores(self) -> Array:
        """1 where an attention kernel stores its scores."""
        return largest(1.0 - np.minimum(mixer.fused, 1.0) for mixer in self.mixers)

    @property
    def forward_flops(self) -> Array:
        """Forward FLOP of one sample by the convention of model FLOPs: full attention square."""
        each = 2.0 * self.layer_products + self.attention_model_flops
        return self.depth * self.positions * each


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """Parts that one optimiser step runs forward and backward, one after another.

    Attributes:
        samples: Passes for one sample of the batch.
    """

    parts: tuple[Part, ...]
    samples: Array = 1.0

    @property
    def inner(self) -> tuple[Part, ...]:
        """Parts that a pipeline spreads."""
        return tuple(part for part in self.parts if part.place == "inner")

    @property
    def ends(self) -> tuple[Part, ...]:
        """Parts before and behind them."""
        return tuple(part for part in self.parts if part.place != "inner")

    @property
    def depth(self) -> Array:
        """Layers that a pipeline spreads."""
        return sum((part.depth for part in self.inner), start=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A workload as the step model sees it.

    Attributes:
        phases: One after another in one optimiser step; they train the same weights, those of the first.
        splits: What programs of this family can divide, data parallelism and its sharding aside.
    """

    phases: tuple[Phase, ...]
    splits: frozenset[Degree] = EVERY_DEGREE

    @property
    def train(self) -> Phase:
        """The phase whose weights are trained."""
        return self.phases[0]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Parts that hold the weights."""
        return self.train.parts

    @property
    def depth(self) -> Array:
        """Layers that a pipeline spreads."""
        return self.train.depth

    @property
    def parameters(self) -> Array:
        """All parameters of the model, each counted once."""
        return sum((part.parameters for part in self.parts), start=0.0)

    @property
    def product_positions(self) -> Array:
        """Weights times the positions that meet them, of one sample; 2 FLOP each in a forward pass."""
        each = [
            phase.samples * part.positions * part.depth * part.layer_products
            for phase in self.phases
            for part in phase.parts
        ]
        return sum(each, start=0.0)

    @property
    def attention_flops(self) -> Array:
        """Forward FLOP of one sample that attention kernels compute."""
        each = [
            phase.samples * part.positions * part.depth * mixer.flops
            for phase in self.phases
            for part in phase.parts
            for mixer in part.mixers
        ]
        return sum(each, start=0.0)

    @property
    def attention_model_flops(self) -> Array:
        """Forward FLOP of the attention of one sample, with the full square."""
        each = [
            phase.samples * part.positions * part.depth * part.attention_model_flops
            for phase in self.phases
            for part in phase.parts
        ]
        return sum(each, start=0.0)

    @property
    def recomputed_flops(self) -> Array:
        """Forward FLOP of one sample that full recomputation runs again: those of the inner parts."""
        each = [phase.samples * part.forward_flops for phase in self.phases for part in phase.inner]
        return sum(each, start=0.0)

    @property
    def idle_parameters(self) -> Array:
        """Parameters of experts that do not serve a position."""
        routed = [(part.depth, part.experts) for part in self.parts if part.experts is not None]
        return sum((depth * experts.idle_parameters for depth, experts in routed), start=0.0)

    @property
    def has_experts(self) -> bool:
        """Whether some part routes its positions to experts."""
        return any(part.experts is not None for part in self.parts)

    @property
    def positions(self) -> Array:
        """Positions of one sample in the longest inner part: tokens of a sequence, patches of an image."""
        return largest([part.positions for part in self.train.inner])

    @property
    def heads(self) -> tuple[tuple[Array, Array], ...]:
        """Query heads and key-value heads of every attention core; parallelism has to divide them all."""
        return tuple((mixer.heads, mixer.kv_heads) for part in self.parts for mixer in part.mixers)

    @property
    def model_flops_per_sample(self) -> Array:
        """Training FLOP of one sample: three times forward, full attention square, no recomputation."""
        forward = [phase.samples * part.forward_flops for phase in self.phases for part in phase.parts]
        return 3.0 * sum(forward, start=0.0)
