"""Decoder language models as a family; their numbers stand in `language`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimators.catalogue.architectures import Decoder, Text
from estimators.words import NOTHING, Amount, Said, say
from estimators.workloads.family import EvidenceClass, Family, LauncherSupport, Setting, Unit

if TYPE_CHECKING:
    from estimators.workloads.language import DecoderShape
    from estimators.workloads.work import Part

USUAL_SEQUENCE_TOKENS = 4096
"""Where nobody names a sequence length; models trained with less keep theirs."""
LINEAR_SOME = say(
    "some of its layers have linear attention or a state space in place of attention, which is not "
    "estimated yet"
)


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


def _describe(shape: Decoder) -> Said:
    experts = shape.experts
    if experts is None:
        return say("dense decoder")
    return say(
        "{active} of {count} experts",
        active=Amount(experts.per_token, form="fixed"),
        count=Amount(experts.count, form="fixed"),
    )


def _objection(shape: Decoder) -> Said:
    """Layers that nobody computes, in words."""
    if shape.linear is None or shape.linear.share == 0.0:
        return NOTHING
    share = shape.linear.share
    if share is None:
        return LINEAR_SOME
    return say(
        "{share} % of its layers have linear attention or a state space in place of attention, which is "
        "not estimated "
        "yet",
        share=Amount(100.0 * share, form="fixed"),
    )


DENSE = EvidenceClass("dense-lm", say("Dense models"), say("dense"))
MIXTURE = EvidenceClass("moe-lm", say("Mixture of experts"), say("experts"), has_experts=True)

FAMILY = Family(
    kind="decoder-lm",
    name=say("decoder language model"),
    unit=Unit(say("sequence"), say("sequences")),
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
