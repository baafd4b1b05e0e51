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


@dataclass(frozen=True, slots=True)
class Gemm:
    """One matrix product of the forward pass, M × N × K with M the tokens of a micro-batch.

    Attributes:
        n: Columns of the weight.
        k: Rows of the weight (inner size).
        split: Which side tensor parallelism divides.
        low_precision: Whether FP8 and FP4 recipes compute it in 8 or 4 bit.
    """

    n: Array
    k: Array
    split: Split
    low_precision: bool = True

    @property
    def weights(self) -> Array:
        """Elements of the weight."""
        return self.n * self.k


@dataclass(frozen=True, slots=True)
class Attention:
    """The attention core of one layer.

    Attributes:
        heads: Query heads.
        kv_heads: Key and value heads.
        head_dim: Size of a head.
        context: Mean number of positions that a token attends to and that the kernel computes.
        full_context: The same with the full square, as model FLOPs count it.
        fused: 1 where a fused (flash) kernel is used, 0 where scores are stored.
        score_traffic: Bytes of stored scores that one token moves in a forward pass.
    """

    heads: Array
    kv_heads: Array
    head_dim: Array
    context: Array
    full_context: Array
    fused: Array = 1.0
    score_traffic: Array = 0.0

    @property
    def flops_per_token(self) -> Array:
        """Forward FLOP that the kernel computes, per token and layer."""
        return 4.0 * self.context * self.heads * self.head_dim

    @property
    def model_flops_per_token(self) -> Array:
        """Forward FLOP by the convention of model FLOPs (full square), per token and layer."""
        return 4.0 * self.full_context * self.heads * self.head_dim


@dataclass(frozen=True, slots=True)
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
        selective_saved_bytes: What selective recomputation does not keep of `saved_split_bytes`.
        score_bytes: Attention scores kept per token and layer without a fused kernel.
        logits_bytes: Logits and their gradient per token.
        kernels: Kernels of one layer's forward pass.
        trained_share: Share of the parameters that receive a gradient.
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
    score_bytes: Array
    logits_bytes: Array
    kernels: Array
    trained_share: Array = 1.0

    @property
    def parameters(self) -> Array:
        """All parameters of the model, each counted once."""
        per_layer = self.layer_parameters + self.layer_replicated_parameters
        return self.layers * per_layer + self.first_parameters + self.last_parameters

    @property
    def matmul_weights(self) -> Array:
        """Weights that take part in matrix products (a tied head counts, a lookup does not)."""
        layer = sum((gemm.weights for gemm in self.layer_gemms), start=0.0)
        ends = sum((gemm.weights for gemm in self.first_gemms + self.last_gemms), start=0.0)
        return self.layers * layer + ends

    @property
    def model_flops_per_sample(self) -> Array:
        """Training FLOP of one sample: three times forward, full attention square, no recomputation."""
        linear = 2.0 * self.matmul_weights
        core = self.layers * self.attention.model_flops_per_token
        return 3.0 * (linear + core) * self.sample_tokens
