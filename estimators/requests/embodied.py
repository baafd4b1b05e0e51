"""The share of making the hardware, where a figure was published."""

from __future__ import annotations

import math
from dataclasses import dataclass

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.quantity import Range
from estimators.requests.market import card_name, generation
from estimators.requests.results import Facts
from estimators.words import Name, Said, say

COVERED = "h100"
"""Generation whose making is published; no figure was found for any other."""


@dataclass(frozen=True, slots=True)
class Embodied:
    """Carbon of making the hardware, in kg CO₂e of the hours asked for; None where no figure fits."""

    kilograms: Range | None
    facts: Facts
    note: Said


def embodied(machine: Machine, gpu_hours: float, catalogue: Catalogue) -> Embodied:
    """GPU-hours × grams for each, between the two published ways to write hardware off.

    The two ways (short life fully used, long life partly idle) are the ends of the range; its middle is
    their geometric mean.
    """
    gpu = catalogue.gpu_of(machine)
    if generation(gpu.id) != COVERED:
        return Embodied(
            None,
            (),
            say(
                "No published figure was found for making {gpu}: embodied carbon is left out.",
                gpu=Name(card_name(gpu)),
            ),
        )
    fact = catalogue.energy["embodied"].facts["grams_per_gpu_hour"]
    grams: list[float] = sorted(float(value) for value in (fact.value or {}).values())
    middle = math.sqrt(grams[0] * grams[-1])
    upper = middle * (grams[-1] / middle) ** 0.66
    kilograms = Range(grams[0], middle, upper, grams[-1]).scaled(gpu_hours / 1000.0)
    note = say(
        "Embodied carbon is inferred from nodes of eight H100 written off over 3 to 5 years; nodes of "
        "{machine} "
        "differ.",
        machine=Name(machine.short_name or machine.name),
    )
    return Embodied(kilograms, ((say("Making of an H100 node, g for each GPU-hour"), fact),), note)
