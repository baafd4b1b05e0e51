"""A model as a run holds it: its shape, why it cannot be computed, and what is left out of those that can."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.catalogue.architectures import Sample, Shape, missing_fields
from estimators.catalogue.records import ModelCard
from estimators.words import NOTHING, Amount, Listed, Name, Said, say
from estimators.workloads.decoder import LINEAR_SOME
from estimators.workloads.families import FAMILIES, AnyFamily, family_of

GAP = 0.02
"""Share by which the parameters of a shape may lie from the published ones before it is said: a judgement.
Nominal counts are rounded to two digits."""

NOT_YET = {
    "ssm-lm": say("its layers have a state space in place of attention, which is not estimated yet"),
    "hybrid-lm": LINEAR_SOME,
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
        fault: Why it cannot be computed, as a sentence without its end; nothing where it can.
    """

    id: str
    name: str
    kind: str
    architecture: Shape | None
    published: float | None = None
    left_out: str = ""
    fault: Said = NOTHING

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
    return Model("own", name, family.kind, shape, fault=_named(name, fault))


def why_not_computed(card: ModelCard) -> Said:
    """Why a model cannot be computed, as a sentence without its end; nothing where it can."""
    if card.architecture is not None:
        fault = _fault_of(card.architecture, card.kind)
    elif card.kind in FAMILIES:
        fault = _lacks(missing_fields(FAMILIES[card.kind].architecture, card.known_shape))
    else:
        fault = _unknown(card.kind)
    return _named(card.name, fault)


def _named(name: str, fault: Said) -> Said:
    return say("{model}: {fault}", model=Name(name), fault=fault) if fault else NOTHING


def _fault_of(shape: Shape, kind: str) -> Said:
    fault = family_of(shape).objection(shape)
    if fault:
        return fault
    if kind not in FAMILIES:
        return _unknown(kind)
    return _lacks(shape.missing) if shape.missing else NOTHING


def _unknown(kind: str) -> Said:
    return NOT_YET.get(kind, say("{kind} models are not estimated yet", kind=Name(kind)))


def _lacks(names: tuple[str, ...]) -> Said:
    fields = Listed(tuple(Name(name) for name in names), "")
    return say("the catalogue has no {fields} for this model", fields=fields)


def left_out(model: Model, parameters: float) -> tuple[Said, ...]:
    """What an estimate of a model does not count, as sentences.

    Args:
        parameters: As the shape gives them, without a token-prediction block.
    """
    if model.left_out:
        return (
            say(
                "The text part of {model} alone: its {part} is not counted.",
                model=Name(model.name),
                part=Name(model.left_out),
            ),
        )
    if model.published is not None and shape_gap(model, parameters) > GAP:
        return (
            say(
                "The shape of {model} gives {n} B parameters, {published} B are published: what differs "
                "is not counted.",
                model=Name(model.name),
                n=Amount(parameters / 1e9, form="general", digits=3),
                published=Amount(model.published / 1e9, form="general", digits=3),
            ),
        )
    return ()


def shape_gap(model: Model, parameters: float) -> float:
    """How far the parameters of a shape lie from the published ones, as a share; 0 where none are."""
    return abs(parameters / model.published - 1.0) if model.published is not None else 0.0
