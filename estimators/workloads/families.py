"""Which models can be computed, why the others cannot, and what is left out of those that can."""

from __future__ import annotations

from estimators.catalogue.records import ModelCard
from estimators.workloads import language, vision

COMPUTED = ("decoder-lm", "vision-transformer")
LATENT_RANKS = language.LATENT_RANKS
LINEAR = "have linear attention or a state space in place of attention, which is not estimated yet"
GAP = 0.02
"""Share by which the parameters of a shape may lie from the published ones before it is said: a judgement.
Nominal counts are rounded to two digits."""


def why_not_computed(card: ModelCard) -> str:
    """Why a model cannot be computed, as a sentence without its end; "" where it can."""
    foreign = _foreign_parts(card)
    if foreign:
        return f"{card.name}: {foreign}"
    if card.kind not in COMPUTED:
        return f"{card.name}: {card.kind} models are not estimated yet"
    family = language if card.kind == "decoder-lm" else vision
    missing = [*family.missing_fields(card), *_missing_of_experts(card), *_missing_ranks(card)]
    if missing:
        return f"{card.name}: the catalogue has no {', '.join(missing)} for this model"
    return ""


def _foreign_parts(card: ModelCard) -> str:
    """Layers that no family computes, in words."""
    if card.kind == "ssm-lm":
        return "its layers have a state space in place of attention, which is not estimated yet"
    share = linear_share(card)
    if share:
        return f"{100.0 * share:.0f} % of its layers {LINEAR}"
    if card.kind == "hybrid-lm":
        return f"some of its layers {LINEAR}"
    return ""


def linear_share(card: ModelCard) -> float:
    """Share of the layers with linear attention or a state space in place of attention; 0 where not known."""
    fact = card.more.get("linear_attention_share")
    return float(fact.value) if fact is not None and fact.value is not None else 0.0


def _missing_of_experts(card: ModelCard) -> tuple[str, ...]:
    return ("experts_per_token",) if card.experts and not card.experts_per_token else ()


def _missing_ranks(card: ModelCard) -> tuple[str, ...]:
    """Ranks of a latent attention that the card names and does not give in full."""
    fact = card.more.get("latent_attention")
    if fact is None:
        return ()
    return tuple(name for name in LATENT_RANKS if name not in (fact.value or {}))


def left_out(card: ModelCard, parameters: float) -> tuple[str, ...]:
    """What an estimate of a model does not count, as sentences.

    Args:
        parameters: As the shape gives them, without a token-prediction block.
    """
    found = []
    fact = card.more.get("left_out")
    if fact is not None and fact.value:
        found.append(f"The text part of {card.name} alone: its {fact.value} is not counted.")
    elif shape_gap(card, parameters) > GAP:
        found.append(
            f"The shape of {card.name} gives {parameters / 1e9:.3g} B parameters, "
            f"{card.parameters.si / 1e9:.3g} B are published: what differs is not counted."
        )
    return tuple(found)


def shape_gap(card: ModelCard, parameters: float) -> float:
    """How far the parameters of a shape lie from the published ones, as a share; 0 where none are."""
    published = card.parameters.si
    return abs(parameters / published - 1.0) if published == published else 0.0
