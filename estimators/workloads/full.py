"""Training all weights of a model: from nothing, further on new data, or on a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimators.catalogue.architectures import Full
from estimators.words import say
from estimators.workloads.family import UsualBatch
from estimators.workloads.method import MethodRule

if TYPE_CHECKING:
    from estimators.workloads.work import Part, Phase

FINE_TUNING_BATCH = 128
"""Samples of one step in fine-tuning, the usual choice of published recipes."""


def _phases(_method: Full, parts: tuple[Part, ...]) -> tuple[Phase, ...]:
    """All parts forward and backward, once."""
    from estimators.workloads.work import Phase

    return (Phase(parts),)


RULES = (
    MethodRule(method=Full("continued-pretraining"), name=say("Continued pre-training"), phases=_phases),
    MethodRule(
        method=Full("pretraining"),
        name=say("Pre-training"),
        choice=say("Pre-training from scratch"),
        phases=_phases,
        evidence=("pretrain", ""),
        from_weights=False,
    ),
    MethodRule(
        method=Full("full-finetuning"),
        name=say("Full fine-tuning"),
        phases=_phases,
        batch=UsualBatch(FINE_TUNING_BATCH, say("usual in fine-tuning")),
        power="fine_tuning",
        evidence=("full-finetune",),
    ),
)
