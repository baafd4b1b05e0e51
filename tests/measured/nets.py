"""Models that the measured steps train: decoder language models and vision transformers in plain PyTorch.

Written as people write them: RMSNorm, rotary positions, SwiGLU and grouped queries in separate operations,
`scaled_dot_product_attention`, cross-entropy on logits in fp32. Needs torch alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from tests.measured.runs import Run
from tests.measured.shapes import Decoder, Vision

IMAGE_CHANNELS = 3
EPSILON = 1e-5
DEVIATION = 0.02
"""Of the random first weights, as in GPT-2."""


def rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Queries or keys (batch, heads, positions, head size) turned by their position (arXiv:2104.09864)."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


def rotary_tables(positions: int, size: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines (positions, head size) in bf16."""
    rates = 1.0 / 10_000.0 ** (torch.arange(0, size, 2, dtype=torch.float32) / size)
    angles = torch.outer(torch.arange(positions, dtype=torch.float32), rates).repeat(1, 2)
    return angles.cos().bfloat16(), angles.sin().bfloat16()


def token_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy, on logits in fp32."""
    return functional.cross_entropy(logits.float().flatten(0, -2), targets.flatten())


def again(block: nn.Module, *inputs: Tensor) -> Tensor:
    """A block that keeps its inputs alone and is computed once more in the backward pass."""
    return checkpoint(block, *inputs, use_reentrant=False)


class WrittenNorm(nn.Module):
    """RMSNorm in separate operations, in fp32, as Hugging Face's decoders have it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + EPSILON)
        return self.weight * wide.to(x.dtype)


def norm_of(width: int, kind: str) -> nn.Module:
    """An RMSNorm: PyTorch's, or one in separate operations."""
    return WrittenNorm(width) if kind == "written" else nn.RMSNorm(width, eps=EPSILON)


class DecoderBlock(nn.Module):
    """Attention and a gated feed-forward network, each behind an RMSNorm, without biases."""

    def __init__(self, shape: Decoder, norm: str) -> None:
        super().__init__()
        self.shape = shape
        inner, shared = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
        self.before_attention = norm_of(shape.hidden, norm)
        self.query = nn.Linear(shape.hidden, inner, bias=False)
        self.key = nn.Linear(shape.hidden, shared, bias=False)
        self.value = nn.Linear(shape.hidden, shared, bias=False)
        self.output = nn.Linear(inner, shape.hidden, bias=False)
        self.before_ffn = norm_of(shape.hidden, norm)
        self.gate = nn.Linear(shape.hidden, shape.ffn, bias=False)
        self.up = nn.Linear(shape.hidden, shape.ffn, bias=False)
        self.down = nn.Linear(shape.ffn, shape.hidden, bias=False)

    def heads_of(self, x: Tensor, heads: int) -> Tensor:
        """(batch, positions, width) as (batch, heads, positions, head size)."""
        return x.unflatten(-1, (heads, self.shape.head_dim)).transpose(1, 2)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        shape, normed = self.shape, self.before_attention(x)
        query = rotated(self.heads_of(self.query(normed), shape.heads), cos, sin)
        key = rotated(self.heads_of(self.key(normed), shape.kv_heads), cos, sin)
        value = self.heads_of(self.value(normed), shape.kv_heads)
        grouped = shape.kv_heads != shape.heads
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=grouped)
        x = x + self.output(mixed.transpose(1, 2).flatten(2))
        normed = self.before_ffn(x)
        return x + self.down(functional.silu(self.gate(normed)) * self.up(normed))


class DecoderModel(nn.Module):
    """A decoder language model; its forward pass is the loss of a micro-batch."""

    def __init__(self, shape: Decoder, run: Run) -> None:
        super().__init__()
        self.recompute, norm = run.recompute, run.norm
        self.embedding = nn.Embedding(shape.vocab, shape.hidden)
        self.blocks = nn.ModuleList(DecoderBlock(shape, norm) for _ in range(shape.layers))
        self.norm = norm_of(shape.hidden, norm)
        self.head = nn.Linear(shape.hidden, shape.vocab, bias=False)
        if shape.tied:
            self.head.weight = self.embedding.weight
        cos, sin = rotary_tables(run.positions, shape.head_dim)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.loss = token_loss

    def forward(self, tokens: Tensor, targets: Tensor) -> Tensor:
        x, length = self.embedding(tokens), tokens.shape[1]
        cos, sin = self.cos[:length], self.sin[:length]
        for block in self.blocks:
            x = again(block, x, cos, sin) if self.recompute else block(x, cos, sin)
        return self.loss(self.head(self.norm(x)), targets)


class VisionBlock(nn.Module):
    """Attention and a feed-forward network with GELU, each behind a LayerNorm, with biases."""

    def __init__(self, shape: Vision) -> None:
        super().__init__()
        self.heads = shape.heads
        self.before_attention = nn.LayerNorm(shape.hidden)
        self.inputs = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.output = nn.Linear(shape.hidden, shape.hidden)
        self.before_ffn = nn.LayerNorm(shape.hidden)
        self.up = nn.Linear(shape.hidden, shape.ffn)
        self.down = nn.Linear(shape.ffn, shape.hidden)

    def forward(self, x: Tensor) -> Tensor:
        parts = self.inputs(self.before_attention(x)).chunk(3, dim=-1)
        query, key, value = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        x = x + self.output(mixed.transpose(1, 2).flatten(2))
        return x + self.down(functional.gelu(self.up(self.before_ffn(x))))


class VisionModel(nn.Module):
    """A vision transformer with a class token (arXiv:2010.11929); its forward pass is the loss."""

    def __init__(self, shape: Vision, recompute: bool) -> None:
        super().__init__()
        self.recompute = recompute
        self.patches = nn.Conv2d(IMAGE_CHANNELS, shape.hidden, shape.patch, stride=shape.patch)
        self.first = nn.Parameter(torch.zeros(1, 1, shape.hidden))
        self.places = nn.Parameter(torch.zeros(1, shape.tokens, shape.hidden))
        self.blocks = nn.ModuleList(VisionBlock(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.hidden)
        self.head = nn.Linear(shape.hidden, shape.classes)
        self.loss = token_loss

    def forward(self, images: Tensor, targets: Tensor) -> Tensor:
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat((self.first.expand(x.shape[0], -1, -1), x), dim=1) + self.places
        for block in self.blocks:
            x = again(block, x) if self.recompute else block(x)
        return self.loss(self.head(self.norm(x[:, 0])), targets)


def model_of(run: Run, device: str) -> nn.Module:
    """The model of a run with random weights, made on its device in the width that it keeps."""
    shape, usual = run.shape, torch.get_default_dtype()
    torch.set_default_dtype(torch.float32 if run.states == "autocast" else torch.bfloat16)
    try:
        with torch.device(device):
            if isinstance(shape, Decoder):
                model: nn.Module = DecoderModel(shape, run)
            else:
                model = VisionModel(shape, run.recompute)
    finally:
        torch.set_default_dtype(usual)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                weight.normal_(std=DEVIATION)
    return model


def samples_of(run: Run, device: str) -> tuple[Tensor, Tensor]:
    """A micro-batch of random tokens or images on the device, and what to predict."""
    shape, count = run.shape, run.micro_batch
    if isinstance(shape, Decoder):
        tokens = torch.randint(shape.vocab, (count, run.positions + 1), device=device)
        return tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
    images = torch.randn(count, IMAGE_CHANNELS, shape.image, shape.image, device=device)
    return images, torch.randint(shape.classes, (count,), device=device)


def compile_model(model: nn.Module, scope: str) -> None:
    """Compiles the whole model, or its blocks and the loss, as torchtitan does.

    All blocks share the code of one; the embedding, the last norm and the head then stay as they are.
    """
    if scope == "model":
        model.compile(dynamic=False)
        return
    for block in model.blocks:
        block.compile(dynamic=False)
    model.loss = torch.compile(token_loss, dynamic=False)
