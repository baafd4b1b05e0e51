"""Shapes of models of one's own, as version 1 of a plan writes them: one record for each family.

A family has its architecture's fields with a name before them; the two of the first version have fewer and
flat ones, as their files do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Union

import msgspec

from app.plan.bounds import Label, PlanRecord
from estimators.catalogue.architectures import Count, Decoder, Problem, Shape, VisionTransformer, Window
from estimators.words import Name, plain, say
from estimators.workloads.families import FAMILIES, AnyFamily


class OwnShape(PlanRecord, frozen=True, kw_only=True, tag_field="family"):
    """Shape of a model that the catalogue does not have."""

    name: Label = "Your model"

    def architecture(self) -> Shape:
        """The same in the terms of the science."""
        record = FAMILIES[str(self.__struct_config__.tag)].architecture
        made: Shape = record(**{name: getattr(self, name) for name in record.__struct_fields__})
        return made

    def problems(self) -> Iterator[Problem]:
        """Sizes that do not go together, by field."""
        yield from self.architecture().problems()


class DecoderShape(OwnShape, frozen=True, kw_only=True, tag="decoder-lm"):
    """Shape of a language model that the catalogue does not have."""

    layers: Count
    hidden: Count
    heads: Count
    kv_heads: Count | None = None
    head_dim: Count | None = None
    ffn: Count
    ffn_gated: bool = True
    vocab: Count
    tied_embeddings: bool = False
    sliding_window: Count | None = None

    def architecture(self) -> Decoder:
        """The same in the terms of the science."""
        window = self.sliding_window
        return Decoder(
            layers=self.layers,
            hidden=self.hidden,
            heads=self.heads,
            kv_heads=self.kv_heads or self.heads,
            head_dim=self.head_dim or self.hidden // self.heads,
            ffn=self.ffn,
            ffn_gated=self.ffn_gated,
            vocab=self.vocab,
            tied_embeddings=self.tied_embeddings,
            window=None if window is None else Window(tokens=window),
        )

    def problems(self) -> Iterator[Problem]:
        """Heads that do not divide the width or into groups."""
        if self.head_dim is None and self.hidden % self.heads:
            yield from _undivided(self.hidden, self.heads)
        if self.heads % (self.kv_heads or self.heads):
            yield (
                "kv_heads",
                say(
                    "must divide heads ({heads}), not be {kv_heads}.",
                    heads=_n(self.heads),
                    kv_heads=_n(self.kv_heads),
                ),
            )


class VisionShape(OwnShape, frozen=True, kw_only=True, tag="vision-transformer"):
    """Shape of an image classifier that the catalogue does not have."""

    layers: Count
    hidden: Count
    heads: Count
    ffn: Count
    image_pixels: Count = 224
    patch_pixels: Count = 16
    classes: Count = 1000

    def architecture(self) -> VisionTransformer:
        """The same in the terms of the science."""
        return VisionTransformer(**{name: getattr(self, name) for name in VisionShape.__struct_fields__[1:]})

    def problems(self) -> Iterator[Problem]:
        """Heads that do not divide the width, patches that do not divide the image."""
        if self.hidden % self.heads:
            yield from _undivided(self.hidden, self.heads)
        if self.image_pixels % self.patch_pixels:
            words = say(
                "must divide image_pixels ({image_pixels}), not be {patch_pixels}.",
                image_pixels=_n(self.image_pixels),
                patch_pixels=_n(self.patch_pixels),
            )
            yield "patch_pixels", words


def _undivided(hidden: int, heads: int) -> Iterator[Problem]:
    yield (
        "heads",
        say(
            "must divide hidden ({hidden}), or head_dim must be given; it is {heads}.",
            hidden=_n(hidden),
            heads=_n(heads),
        ),
    )


_FIRST: tuple[type[OwnShape], ...] = (DecoderShape, VisionShape)


def _shape_of(family: AnyFamily) -> type[OwnShape]:
    """The record of a family's own shapes, made of its architecture where version 1 has no older one."""
    for record in _FIRST:
        if record.__struct_config__.tag == family.kind:
            return record
    fields: list[Any] = [
        (field.name, field.type) if field.required else (field.name, field.type, field.default)
        for field in msgspec.structs.fields(family.architecture)
    ]
    words = f"Shape of a {plain(family.name)} that the catalogue does not have."
    made: Any = msgspec.defstruct(
        f"{family.architecture.__name__}Shape",
        fields,
        bases=(OwnShape,),
        namespace={"__doc__": words},
        tag_field="family",
        tag=family.kind,
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )
    shape: type[OwnShape] = made
    return shape


SHAPES: tuple[type[OwnShape], ...] = tuple(_shape_of(family) for family in FAMILIES.values())

if TYPE_CHECKING:
    ModelShape = OwnShape
else:
    ModelShape = Union[SHAPES]  # noqa: UP007  (as many as there are families)


def _n(value: object) -> Name:
    """A size of a shape as the file has it."""
    return Name(str(value))
