"""The model of a measured run: what its family computes, from what the row and the catalogue say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from estimators.catalogue.architectures import Decoder, Shape, Text
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import ModelCard
from estimators.evidence.rows import Row
from estimators.evidence.shapes import decoder_of
from estimators.workloads.families import EVIDENCE, AnyFamily
from estimators.workloads.family import PLAIN
from estimators.workloads.method import MethodRule
from estimators.workloads.methods import PUBLISHED_AS
from estimators.workloads.work import Work


@dataclass(frozen=True)
class KnownShape:
    """A model that was measured.

    Attributes:
        shape: Sizes that its family computes parts from.
        published: Whether they were published, rather than taken typical for the size.
        sequence: Positions of one sample.
        has_biases: Whether its linear layers have biases.
    """

    family: AnyFamily
    rule: MethodRule
    shape: Any
    published: bool
    sequence: float
    has_biases: bool = False

    @cached_property
    def work(self) -> Work:
        """What one step computes for one sample."""
        return work_of_sizes(self.family, self.rule, self.shape)

    @property
    def hidden(self) -> float:
        """Width of the model."""
        return float(np.asarray(self.work.train.inner[0].width))


def work_of_sizes(family: AnyFamily, rule: MethodRule, shape: Any) -> Work:
    """The work of sizes of one model, or of columns of many."""
    return Work(rule.phases(rule.method, family.parts(shape)), family.splits)


def known_of(row: Row, catalogue: Catalogue, fused: float) -> KnownShape | None:
    """The model of a row of a family and a method that are computed; None where its sizes are not known.

    Args:
        fused: 1 where its attention runs in a fused kernel.
    """
    family, rule = EVIDENCE[row.family][0], PUBLISHED_AS[row.method or ""]
    card = catalogue.models.get(row.model_key or "") or _card_by_name(row.model, catalogue)
    if family.architecture in _PUBLISHED_IN_ROWS:
        return _PUBLISHED_IN_ROWS[family.architecture](row, family, rule, card, fused)
    return _of_card(row, family, rule, card)


def _of_row(
    row: Row, family: AnyFamily, rule: MethodRule, card: ModelCard | None, fused: float
) -> KnownShape | None:
    found = decoder_of(row, card, fused)
    if found is None:
        return None
    shape, published = found
    biased = float(np.asarray(shape.block.linear_bias)) > 0
    return KnownShape(family, rule, shape, published, float(np.asarray(shape.block.tokens)), biased)


_PUBLISHED_IN_ROWS: Mapping[type[Shape], Callable[..., KnownShape | None]] = {Decoder: _of_row}
"""Families whose rows publish sizes beside, or in place of, the name of a model."""


def _of_card(row: Row, family: AnyFamily, rule: MethodRule, card: ModelCard | None) -> KnownShape | None:
    """The catalogue's model on the row's sample, else on its usual one."""
    shape = card.architecture if card is not None else None
    if not isinstance(shape, family.architecture):
        return None
    sample, length = family.usual_sample(shape), row.number("seq_len")
    if isinstance(sample, Text) and length:
        sample = Text(int(length))
    sizes = family.sizes(shape, sample, PLAIN)
    return KnownShape(family, rule, sizes, True, float(family.positions(shape, sample)))


def _card_by_name(name: str, catalogue: Catalogue) -> ModelCard | None:
    """The catalogue model of the same letters and digits as a published name."""
    wanted = _letters(name)
    return next((card for key, card in catalogue.models.items() if _letters(key) == wanted), None)


def _letters(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
