"""Shapes of models by family, what one sample is, and how a model is trained.

All are frozen records that can be hashed. The shape of a family is declared once: it stands in `models.json`,
in what a plan says of an own model, and in the run that is estimated. A family whose record stands beside its
formulas derives it from `Shape`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from estimators.words import Amount, Said, say

LARGEST_COUNT = 10**9
Count = Annotated[int, Meta(ge=1, le=LARGEST_COUNT)]
Number = Annotated[int, Meta(ge=0, le=LARGEST_COUNT)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]

Problem = tuple[str, Said]
"""Field and what is wrong with it."""


class Sizes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Sizes that stand together; inside a shape, those that only some models of a family have."""


class Shape(Sizes, frozen=True, kw_only=True, tag_field="kind"):
    """Sizes of a model; the tag of a family's record is the family's kind.

    A field without a default is one without which a model of the family cannot be computed.
    """

    @property
    def missing(self) -> tuple[str, ...]:
        """Optional sizes that this model needs all the same, and lacks."""
        return ()

    @property
    def vocabulary(self) -> int | None:
        """Different tokens that a sample may hold; None where samples are no text."""
        return None

    def problems(self) -> Iterator[Problem]:
        """Sizes that do not go together."""
        yield from ()


class RoutedExperts(Sizes, frozen=True, kw_only=True):
    """Experts in place of feed-forward layers.

    Attributes:
        count: Routed experts of one layer.
        per_token: Of them, those that serve one token.
        ffn: Inner size of one expert; None for that of the dense layers.
        shared: Experts that serve every token.
        first_dense_layers: Layers at the start that have no experts.
    """

    count: Count
    per_token: Count
    ffn: Count | None = None
    shared: Number = 0
    first_dense_layers: Number = 0


class Latent(Sizes, frozen=True, kw_only=True):
    """Ranks and head sizes of multi-head latent attention, as configurations name them; None where not known.

    Attributes:
        q_lora_rank: Rank of the query path; 0 where queries are projected directly.
    """

    q_lora_rank: Number | None = None
    kv_lora_rank: Count | None = None
    qk_nope_head_dim: Count | None = None
    qk_rope_head_dim: Count | None = None
    v_head_dim: Count | None = None


class Window(Sizes, frozen=True, kw_only=True):
    """A sliding window of attention.

    Attributes:
        tokens: How far back a token sees.
        share: Share of the layers with the window; the others see the whole context.
    """

    tokens: Count
    share: Share = 1.0


class LinearAttention(Sizes, frozen=True, kw_only=True):
    """Layers with linear attention or a state space in place of attention.

    Attributes:
        share: Share of the layers; None where not known.
    """

    share: Share | None = None


class Decoder(Shape, frozen=True, kw_only=True, tag="decoder-lm"):
    """A decoder language model.

    Attributes:
        kv_heads: Key and value heads; None for as many as query heads.
        head_dim: Size of a query head; None for hidden ÷ heads, or what latent attention says.
        sequence_tokens: Longest sequence that the model was trained for.
        tied_embeddings: Whether the head shares the embedding; None where not known, which counts as untied.
        learned_positions: Whether a table of `sequence_tokens` positions is learned.
        qkv_bias: Bias on the query, key and value projections.
        linear_bias: Bias on every linear layer of a block, query, key and value included.
        norm: A layernorm has a bias beside its weight.
        embedding_norm: One more norm after the token embedding (BLOOM).
        predicted_ahead: Further tokens that published token-prediction blocks are trained on.
    """

    layers: Count
    hidden: Count
    heads: Count
    kv_heads: Count | None = None
    head_dim: Count | None = None
    ffn: Count
    ffn_gated: bool = True
    vocab: Count
    sequence_tokens: Count | None = None
    tied_embeddings: bool | None = None
    learned_positions: bool = False
    qkv_bias: bool = False
    linear_bias: bool = False
    norm: Literal["rmsnorm", "layernorm"] = "rmsnorm"
    embedding_norm: bool = False
    qk_norm: bool = False
    norms_per_layer: Number = 2
    window: Window | None = None
    experts: RoutedExperts | None = None
    latent: Latent | None = None
    linear: LinearAttention | None = None
    predicted_ahead: Number = 0

    @property
    def missing(self) -> tuple[str, ...]:
        """Ranks of a latent attention that is not known in full."""
        if self.latent is None:
            return ()
        return tuple(name for name in Latent.__struct_fields__ if getattr(self.latent, name) is None)

    @property
    def vocabulary(self) -> int | None:
        """Rows of the embedding."""
        return self.vocab

    def problems(self) -> Iterator[Problem]:
        """Heads that do not divide into groups."""
        if self.kv_heads and self.heads % self.kv_heads:
            words = say(
                "{heads} heads are no multiple of {groups}",
                heads=Amount(self.heads, form="general", digits=15),
                groups=Amount(self.kv_heads, form="general", digits=15),
            )
            yield "kv_heads", words


class VisionTransformer(Shape, frozen=True, kw_only=True, tag="vision-transformer"):
    """A vision transformer on square images: class token, biases everywhere, layer norms.

    Attributes:
        image_pixels: Side of the image.
        patch_pixels: Side of a patch.
        classes: Outputs of the head; 0 for none.
        learned_positions: Whether a table of positions is learned.
    """

    layers: Count
    hidden: Count
    heads: Count
    ffn: Count
    ffn_gated: bool = False
    image_pixels: Count
    patch_pixels: Count
    classes: Number = 1000
    learned_positions: bool = True

    def positions(self, image_pixels: int) -> int:
        """Patches of a square image and the class token."""
        side = image_pixels // self.patch_pixels
        return side * side + 1


def architectures() -> Mapping[str, type[Shape]]:
    """The records of all families by kind; those of families are known once `estimators` is imported."""
    return {str(record.__struct_config__.tag): record for record in Shape.__subclasses__()}


def needed_fields(record: type[msgspec.Struct]) -> tuple[str, ...]:
    """Fields without which a record cannot be."""
    return tuple(field.name for field in msgspec.structs.fields(record) if field.required)


def missing_fields(record: type[Shape], known: Mapping[str, Any]) -> tuple[str, ...]:
    """Needed sizes of a family's record that are not among those known."""
    return tuple(name for name in needed_fields(record) if known.get(name) is None)


class Sample(msgspec.Struct, frozen=True, tag_field="type"):
    """What one sample is, whatever model reads it."""

    @property
    def tokens_of_text(self) -> int:
        """Tokens that a tokeniser has to write for it; 0 where it is no text."""
        return 0


class Text(Sample, frozen=True, tag="text"):
    """A sequence of text tokens."""

    tokens: Count

    @property
    def tokens_of_text(self) -> int:
        """All of them."""
        return self.tokens


class Image(Sample, frozen=True, tag="image"):
    """A square image: pixels of its side."""

    pixels: Count


class Method(msgspec.Struct, frozen=True, tag_field="type"):
    """How a model is trained."""

    @property
    def rule(self) -> str:
        """Name of the rule that says what the method computes: the tag, unless a record has several."""
        return str(self.__struct_config__.tag)


FullKind = Literal["pretraining", "continued-pretraining", "full-finetuning"]


class Full(Method, frozen=True, tag="full"):
    """All weights are trained: from nothing, further on new data, or on a task."""

    kind: FullKind

    @property
    def rule(self) -> str:
        """Each kind has a rule of its own."""
        return self.kind
