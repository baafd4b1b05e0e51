"""Vision transformers as a family; their numbers stand in `vision`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimators.catalogue.architectures import Image, VisionTransformer
from estimators.words import say
from estimators.workloads.family import Family, LauncherSupport, Setting, Unit, UsualBatch

if TYPE_CHECKING:
    from estimators.workloads.vision import VisionSizes
    from estimators.workloads.work import Part

USUAL_BATCH = 4096
"""Images of one step, Dosovitskiy et al., arXiv:2010.11929, table 3."""


def _sizes(shape: VisionTransformer, sample: Image, _setting: Setting) -> VisionSizes:
    from estimators.workloads.vision import vision_sizes

    return vision_sizes(shape, sample.pixels)


def _parts(sizes: VisionSizes) -> tuple[Part, ...]:
    from estimators.workloads.vision import vision_parts

    return vision_parts(sizes)


FAMILY = Family(
    kind="vision-transformer",
    name=say("vision transformer"),
    unit=Unit(say("image"), say("images")),
    architecture=VisionTransformer,
    sample=Image,
    usual_sample=lambda shape: Image(shape.image_pixels),
    positions=lambda shape, sample: shape.positions(sample.pixels),
    sizes=_sizes,
    parts=_parts,
    describe=lambda _: say("vision transformer"),
    batch=UsualBatch(USUAL_BATCH, say("as the ViT paper trains")),
    evidence_class=lambda _: "vit",
    launchers={
        "megatron": LauncherSupport(
            "pretrain_vision_classify.py",
            say("Megatron's vision program takes a model's shape by options of its own; add them."),
        ),
        "torchtitan": LauncherSupport(
            objection=say("torchtitan trains language models first; see whether it knows this one.")
        ),
        "accelerate": LauncherSupport(),
        "deepspeed": LauncherSupport(),
    },
)
