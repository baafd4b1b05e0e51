"""Decoder language models as a family; their numbers stand in `language`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimators.catalogue.architectures import Decoder, Text
from estimators.workloads.family import EvidenceClass, Family, LauncherSupport, Setting, Unit

if TYPE_CHECKING:
    from estimators.workloads.language import DecoderShape
    from estimators.workloads.work import Part

USUAL_SEQUENCE_TOKENS = 4096
"""Where nobody names a sequence length; models trained with less keep theirs."""
LINEAR = "have linear attention or a state space in place of attention, which is not estimated yet"


def usual_text(shape: Decoder) -> Text:
    """The sequence that a model is trained on where nobody names one."""
    return Text(min(shape.sequence_tokens or USUAL_SEQUENCE_TOKENS, USUAL_SEQUENCE_TOKENS))


def _sizes(shape: Decoder, sample: Text, setting: Setting) -> DecoderShape:
    from estimators.workloads.language import decoder_shape

    ahead = setting.predicted_ahead
    return decoder_shape(shape, sample.tokens, setting.imbalance, setting.capacity, ahead)


def _parts(sizes: DecoderShape) -> tuple[Part, ...]:
    from estimators.workloads.language import decoder_parts

    return decoder_parts(sizes)


def _describe(shape: Decoder) -> str:
    experts = shape.experts
    return "dense decoder" if experts is None else f"{experts.per_token} of {experts.count} experts"


def _objection(shape: Decoder) -> str:
    """Layers that nobody computes, in words."""
    if shape.linear is None or shape.linear.share == 0.0:
        return ""
    share = shape.linear.share
    return f"{'some' if share is None else f'{100.0 * share:.0f} %'} of its layers {LINEAR}"


DENSE = EvidenceClass("dense-lm", "Dense models", "dense")
MIXTURE = EvidenceClass("moe-lm", "Mixture of experts", "experts", has_experts=True)

FAMILY = Family(
    kind="decoder-lm",
    name="decoder language model",
    unit=Unit("sequence", "sequences"),
    architecture=Decoder,
    sample=Text,
    usual_sample=usual_text,
    positions=lambda _, sample: sample.tokens,
    sizes=_sizes,
    parts=_parts,
    describe=_describe,
    objection=_objection,
    predicted_ahead=lambda shape: shape.predicted_ahead,
    evidence=(DENSE, MIXTURE),
    evidence_class=lambda shape: (MIXTURE if shape.experts is not None else DENSE).id,
    launchers={
        "megatron": LauncherSupport("pretrain_gpt.py"),
        "torchtitan": LauncherSupport(),
        "accelerate": LauncherSupport(),
        "deepspeed": LauncherSupport(),
    },
)
