"""Shapes of the models that are measured. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Decoder:
    """A decoder language model with gated feed-forward network, RMSNorm and rotary positions.

    Attributes:
        key: Its entry in the product's catalogue, None for a shape of our own.
    """

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    tied: bool
    key: str | None = None

    family = "dense-lm"

    def described(self, positions: int) -> dict[str, Any]:
        """The architecture of a row."""
        return {
            "layers": self.layers,
            "hidden": self.hidden,
            "heads": self.heads,
            "kv_heads": self.kv_heads,
            "head_dim": self.head_dim,
            "ffn": self.ffn,
            "ffn_gated": True,
            "vocab": self.vocab,
            "tied_embeddings": self.tied,
            "seq_len": positions,
        }


@dataclass(frozen=True)
class Vision:
    """A vision transformer with class token, LayerNorm, GELU and biases."""

    layers: int
    hidden: int
    heads: int
    ffn: int
    image: int
    patch: int
    classes: int
    key: str | None = None

    family = "vit"

    @property
    def tokens(self) -> int:
        """Patches and the class token."""
        return (self.image // self.patch) ** 2 + 1

    def described(self, positions: int) -> dict[str, Any]:
        """The architecture of a row; an image has as many positions as its size gives."""
        return {
            "layers": self.layers,
            "hidden": self.hidden,
            "heads": self.heads,
            "ffn": self.ffn,
            "image_size": self.image,
            "patch": self.patch,
            "seq_len": self.tokens,
        }


SHAPES: dict[str, Decoder | Vision] = {
    "decoder-60M": Decoder(8, 512, 8, 8, 64, 1408, 32_000, tied=False),
    "decoder-125M": Decoder(12, 768, 12, 12, 64, 2048, 50_304, tied=True),
    "decoder-125M-vocab50257": Decoder(12, 768, 12, 12, 64, 2048, 50_257, tied=True),
    "decoder-350M": Decoder(24, 1024, 16, 16, 64, 2816, 32_000, tied=False),
    "decoder-350M-head128": Decoder(24, 1024, 8, 8, 128, 2816, 32_000, tied=False),
    "decoder-350M-vocab128k": Decoder(24, 1024, 16, 16, 64, 2816, 128_256, tied=False),
    "decoder-1.3B": Decoder(24, 2048, 16, 16, 128, 5632, 32_000, tied=False),
    "decoder-1.3B-head64": Decoder(24, 2048, 32, 32, 64, 5632, 32_000, tied=False),
    "Llama-3.2-1B": Decoder(16, 2048, 32, 8, 64, 8192, 128_256, tied=True, key="Llama-3.2-1B"),
    "Llama-3.2-3B": Decoder(28, 3072, 24, 8, 128, 8192, 128_256, tied=True, key="Llama-3.2-3B"),
    "Llama-3.1-8B": Decoder(32, 4096, 32, 8, 128, 14_336, 128_256, tied=False, key="Llama-3.1-8B"),
    "ViT-B/16": Vision(12, 768, 12, 3072, 224, 16, 1000, key="vit-base-patch16-224"),
    "ViT-L/16": Vision(24, 1024, 16, 4096, 224, 16, 1000, key="vit-large-patch16-224"),
}
REHEARSED: dict[str, Decoder | Vision] = {
    "decoder-tiny": Decoder(2, 64, 4, 2, 16, 128, 256, tied=True),
    "vit-tiny": Vision(2, 64, 4, 128, 32, 8, 10),
}
"""Shapes small enough to try every path of the program on any machine."""
