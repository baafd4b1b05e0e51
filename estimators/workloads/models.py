"""A model as a run holds it: its shape, why it cannot be computed, and what is left out of those that can."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.catalogue.architectures import Sample, Shape, missing_fields
from estimators.catalogue.records import ModelCard
from estimators.workloads.decoder import LINEAR
from estimators.workloads.families import FAMILIES, AnyFamily, family_of

GAP = 0.02
"""Share by which the parameters of a shape may lie from the published ones before it is said: a judgement.
Nominal counts are rounded to two digits."""

NOT_YET = {
    "ssm-lm": "its layers have a state space in place of attention, which is not estimated yet",
    "hybrid-lm": f"some of its layers {LINEAR}",
}
"""Why kinds of models without a family are not computed, where more can be said than that."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a run trains.

    Attributes:
        kind: What sort of model it is, in the catalogue's word.
        architecture: None where it is not known in full or no family has such models.
        published: Parameters as published; None for a model of one's own.
        left_out: What the shape does not hold of the published model, "" for nothing.
        fault: Why it cannot be computed, as a sentence without its end; "" where it can.
    """

    id: str
    name: str
    kind: str
    architecture: Shape | None
    published: float | None = None
    left_out: str = ""
    fault: str = ""

    @property
    def family(self) -> AnyFamily | None:
        """The family that computes such models; None where none does."""
        found = FAMILIES.get(self.kind)
        return found if found is not None and isinstance(self.architecture, found.architecture) else None

    @property
    def prediction_blocks(self) -> int:
        """Further tokens that its published token-prediction blocks are trained on; 0 for none."""
        return 0 if self.family is None else self.family.predicted_ahead(self.architecture)

    def positions(self, sample: Sample) -> int:
        """Positions of a sample; of a model that nobody computes, the tokens of a text."""
        return (
            sample.tokens_of_text if self.family is None else self.family.positions(self.architecture, sample)
        )


def model_of(card: ModelCard) -> Model:
    """A model of the catalogue."""
    left_out = card.more.get("left_out")
    published = card.parameters.si
    return Model(
        id=card.id,
        name=card.name,
        kind=card.kind,
        architecture=card.architecture,
        published=published if published == published else None,
        left_out=str(left_out.value or "") if left_out is not None else "",
        fault=why_not_computed(card),
    )


def own_model(name: str, shape: Shape) -> Model:
    """A model of the user's own; its parameters are counted from the shape."""
    family = family_of(shape)
    fault = _fault_of(shape, family.kind)
    return Model("own", name, family.kind, shape, fault=f"{name}: {fault}" if fault else "")


def why_not_computed(card: ModelCard) -> str:
    """Why a model cannot be computed, as a sentence without its end; "" where it can."""
    if card.architecture is not None:
        fault = _fault_of(card.architecture, card.kind)
    elif card.kind in FAMILIES:
        fault = _lacks(missing_fields(FAMILIES[card.kind].architecture, card.known_shape))
    else:
        fault = _unknown(card.kind)
    return f"{card.name}: {fault}" if fault else ""


def _fault_of(shape: Shape, kind: str) -> str:
    fault = family_of(shape).objection(shape)
    if fault:
        return fault
    if kind not in FAMILIES:
        return _unknown(kind)
    return _lacks(shape.missing) if shape.missing else ""


def _unknown(kind: str) -> str:
    return NOT_YET.get(kind, f"{kind} models are not estimated yet")


def _lacks(names: tuple[str, ...]) -> str:
    return f"the catalogue has no {', '.join(names)} for this model"


def left_out(model: Model, parameters: float) -> tuple[str, ...]:
    """What an estimate of a model does not count, as sentences.

    Args:
        parameters: As the shape gives them, without a token-prediction block.
    """
    if model.left_out:
        return (f"The text part of {model.name} alone: its {model.left_out} is not counted.",)
    if model.published is not None and shape_gap(model, parameters) > GAP:
        counted = f"The shape of {model.name} gives {parameters / 1e9:.3g} B parameters"
        return (f"{counted}, {model.published / 1e9:.3g} B are published: what differs is not counted.",)
    return ()


def shape_gap(model: Model, parameters: float) -> float:
    """How far the parameters of a shape lie from the published ones, as a share; 0 where none are."""
    return abs(parameters / model.published - 1.0) if model.published is not None else 0.0
