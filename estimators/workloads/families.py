"""The families of models that are computed: each is a module here and its name in this list.

They are known before anything is computed: what needs numpy is imported inside their functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from estimators.catalogue.architectures import Shape
from estimators.workloads import decoder, vision_transformer
from estimators.workloads.family import EvidenceClass, Family

AnyFamily = Family[Any, Any]

FAMILIES: Mapping[str, AnyFamily] = {
    family.kind: family
    for family in (
        decoder.FAMILY,
        vision_transformer.FAMILY,
    )
}
"""By kind, in the order of menus."""


def family_of(shape: Shape) -> AnyFamily:
    """The family whose record a shape is."""
    return FAMILIES[str(shape.__struct_config__.tag)]


EVIDENCE: Mapping[str, tuple[AnyFamily, EvidenceClass]] = {
    one.id: (family, one) for family in FAMILIES.values() for one in family.evidence
}
"""Classes of published runs that are predicted, with their family."""
