"""The profile: everything the step model needs to know of a workload, and nothing of the machine.

All fields are floats or arrays that broadcast against arrays of layouts, so that one profile may hold
one model or many measured models side by side. Sizes are elements, costs are bytes and FLOP, a
multiply-add counts 2 FLOP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64] | float
Split = Literal["column", "row", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Gemm:
    """One matrix product of the forward pass, M × N × K with M the tokens of a micro-batch.

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
        context: Mean number of positions that a token attends to and that the kernel computes.
        full_context: The same with the full square, as model FLOPs count it.
        fused: 1 where a fused (flash) kernel is used, 0 where scores are stored.
        score_traffic: Bytes of stored scores that one token moves in a forward pass.
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
    def flops_per_token(self) -> Array:
        """Forward FLOP that the kernel computes, per token and layer."""
        return 2.0 * self.context * self.heads * (self.head_dim + self.value_dim)

    @property
    def model_flops_per_token(self) -> Array:
        """Forward FLOP by the convention of model FLOPs (full square), per token and layer."""
        return 2.0 * self.full_context * self.heads * (self.head_dim + self.value_dim)

    @property
    def kv_bytes_per_token(self) -> Array:
        """Bytes of the keys and values of one token in 16 bit."""
        return 2.0 * self.kv_heads * (self.head_dim + self.value_dim)


@dataclass(frozen=True, slots=True, eq=False)
class Experts:
    """Routed experts of a layer. All zero but `experts` and `gemms` where a model has none.

    Attributes:
        share: Share of the layers that have experts.
        experts: Experts of one such layer, of which `chosen` serve each token.
        gemms: Products of one expert.
        parameters: Parameters of all experts, per layer of the model.
        saved_bytes: Activations kept per token and layer.
        moved_bytes: Memory-bound traffic of routing, permuting and activation per token and layer.
        sent_bytes: Bytes that one token sends to its experts, per layer of the model, one way.
        load: Tokens of the fullest device against the mean.
        capped: 1 where every expert takes at most a fixed number of tokens and the rest is dropped.
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


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A workload as the step model sees it.

    Attributes:
        sample_tokens: Tokens of one sample in the trunk.
        layers: Transformer blocks.
        hidden: Width of the residual stream.
        layer_gemms: Products of one layer.
        first_gemms: Products before the first layer (patch embedding).
        last_gemms: Products after the last layer (head).
        attention: The attention core of one layer.
        replicated_bytes: Memory-bound traffic of a layer's forward pass per token that tensor
            parallelism does not divide unless sequence parallelism is on.
        split_bytes: The same that tensor parallelism divides.
        last_bytes: Memory-bound traffic of loss and logits per token, divided by tensor parallelism.
        layer_parameters: Parameters of a layer that tensor parallelism divides.
        layer_replicated_parameters: Norms and biases of a layer.
        first_parameters: Embeddings (divided by tensor parallelism).
        last_parameters: Untied head and final norm.
        tied: 1 where the head shares the embedding.
        saved_replicated_bytes: Activations kept per token and layer, not divided without sequence
            parallelism.
        saved_split_bytes: Activations kept per token and layer, divided by tensor parallelism.
        selective_saved_bytes: What selective recomputation beside a fused attention kernel does not keep
            of `saved_split_bytes`.
        selective_again_bytes: Memory-bound traffic per token and layer that brings it back.
        score_bytes: Attention scores kept per token and layer without a fused kernel.
        logits_bytes: Logits and their gradient per token.
        kernels: Kernels of one layer's forward pass.
        trained_share: Share of the parameters that receive a gradient.
        experts: Routed experts, None in a dense model.
    """

    sample_tokens: Array
    layers: Array
    hidden: Array
    layer_gemms: tuple[Gemm, ...]
    first_gemms: tuple[Gemm, ...]
    last_gemms: tuple[Gemm, ...]
    attention: Attention
    replicated_bytes: Array
    split_bytes: Array
    last_bytes: Array
    layer_parameters: Array
    layer_replicated_parameters: Array
    first_parameters: Array
    last_parameters: Array
    tied: Array
    saved_replicated_bytes: Array
    saved_split_bytes: Array
    selective_saved_bytes: Array
    selective_again_bytes: Array
    score_bytes: Array
    logits_bytes: Array
    kernels: Array
    trained_share: Array = 1.0
    experts: Experts | None = None

    @property
    def expert_parameters(self) -> Array:
        """Parameters of routed experts, per layer of the model."""
        return self.experts.parameters if self.experts is not None else 0.0

    @property
    def parameters(self) -> Array:
        """All parameters of the model, each counted once."""
        per_layer = self.layer_parameters + self.layer_replicated_parameters + self.expert_parameters
        return self.layers * per_layer + self.first_parameters + self.last_parameters

    @property
    def matmul_weights(self) -> Array:
        """Weights that take part in a token's products (tied heads and chosen experts count)."""
        layer = sum((gemm.weights for gemm in self.layer_gemms), start=0.0)
        if self.experts is not None:
            layer = layer + self.experts.parameters * self.experts.chosen / self.experts.experts
        ends = sum((gemm.weights for gemm in self.first_gemms + self.last_gemms), start=0.0)
        return self.layers * layer + ends

    @property
    def model_flops_per_sample(self) -> Array:
        """Training FLOP of one sample: three times forward, full attention square, no recomputation."""
        linear = 2.0 * self.matmul_weights
        core = self.layers * self.attention.model_flops_per_token
        return 3.0 * (linear + core) * self.sample_tokens
