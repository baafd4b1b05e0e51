"""The ways to train that are computed: each is a module here and its rules in this list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from estimators.catalogue.architectures import Method, Sample, Shape
from estimators.workloads import full
from estimators.workloads.families import family_of
from estimators.workloads.family import PLAIN, Setting
from estimators.workloads.method import MethodRule

if TYPE_CHECKING:
    from estimators.workloads.work import Work

METHODS: Mapping[str, MethodRule] = {
    rule.id: rule
    for rule in (
        *full.RULES,
    )
}  # fmt: skip
"""By the name that plans give them, in the order of menus."""

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
    from estimators.workloads.work import Work

    family = family_of(shape)
    parts = family.parts(family.sizes(shape, sample, setting))
    return Work(rule_of(method).phases(method, parts), family.splits)
