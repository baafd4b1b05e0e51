"""How models are trained: each rule says which phases a method makes of a model's parts.

A method whose rule does not fit in here has a module of its own and its line in the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from estimators.catalogue.architectures import Full, Method, Sample, Shape
from estimators.workloads.families import family_of
from estimators.workloads.family import PLAIN, Setting, UsualBatch
from estimators.workloads.work import Part, Phase, Work

PowerPhase = Literal["pretraining", "fine_tuning"]
FINE_TUNING_BATCH = 128
"""Samples of one step in fine-tuning, the usual choice of published recipes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRule:
    """A way to train.

    Attributes:
        method: What a run holds where a plan names the rule alone.
        name: As a title begins, "Continued pre-training".
        choice: As a menu offers it; "" for the name.
        phases: What one step computes, from the parts of the model.
        batch: Usual samples of a step where the family says none; None: by the amount of data.
        power: Which published share of the maximum power holds.
        intervals: Class of held-out residuals; None for the family's.
        evidence: What published runs call it; "" for those that name no method.
        from_weights: Whether it goes on from a published model.
    """

    method: Method
    name: str
    choice: str = ""
    phases: Callable[[Any, tuple[Part, ...]], tuple[Phase, ...]]
    batch: UsualBatch | None = None
    power: PowerPhase = "pretraining"
    intervals: str | None = None
    evidence: tuple[str, ...] = ()
    from_weights: bool = True

    @property
    def id(self) -> str:
        """As plans name it."""
        return self.method.rule

    @property
    def words(self) -> str:
        """Inside a sentence: "continued pre-training"."""
        return self.name[:1].lower() + self.name[1:]


def whole(_method: Method, parts: tuple[Part, ...]) -> tuple[Phase, ...]:
    """All parts forward and backward, once."""
    return (Phase(parts),)


METHODS: Mapping[str, MethodRule] = {
    rule.id: rule
    for rule in (
        MethodRule(method=Full("continued-pretraining"), name="Continued pre-training", phases=whole),
        MethodRule(
            method=Full("pretraining"),
            name="Pre-training",
            choice="Pre-training from scratch",
            phases=whole,
            evidence=("pretrain", ""),
            from_weights=False,
        ),
        MethodRule(
            method=Full("full-finetuning"),
            name="Full fine-tuning",
            phases=whole,
            batch=UsualBatch(FINE_TUNING_BATCH, "usual in fine-tuning"),
            power="fine_tuning",
            evidence=("full-finetune",),
        ),
    )
}

PUBLISHED_AS: Mapping[str, MethodRule] = {name: rule for rule in METHODS.values() for name in rule.evidence}
"""Rules by what published runs call their method."""


def rule_of(method: Method) -> MethodRule:
    """The rule of a method."""
    return METHODS[method.rule]


def work_of(shape: Shape, sample: Sample, method: Method, setting: Setting = PLAIN) -> Work:
    """What one step of training computes for one sample.

    Raises:
        ValueError: The shape does not suffice; the text is a sentence without its end.
    """
    family = family_of(shape)
    parts = family.parts(family.sizes(shape, sample, setting))
    return Work(rule_of(method).phases(method, parts), family.splits)
