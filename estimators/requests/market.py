"""What the same GPU-hours cost on the market: the centre's own price list, else the cloud."""

from __future__ import annotations

import re
from dataclasses import dataclass

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu, Machine
from estimators.catalogue.reference import FactTable
from estimators.planning.targets import gpu_label
from estimators.requests.results import Facts
from estimators.words import Amount, Name, Said, say

NO_COST_CLAIM = say("The market value is no eligible cost unless the text of the call says so.")
SOLD_IN_TWOS = "gb200"
"""The one listing of this card is for a superchip of two GPUs."""


@dataclass(frozen=True, slots=True)
class MarketValue:
    """Low, median and high value in euros; None where no price fits."""

    euros: tuple[float, float, float] | None
    facts: Facts
    notes: tuple[Said, ...]


def generation(gpu: str) -> str:
    """The card's generation: the first word of its id ("h100-64-mn5" is an h100)."""
    return gpu.partition("-")[0]


def card_name(gpu: Gpu) -> str:
    """A card's name without what stands behind it in brackets or after a comma."""
    return re.split(r",| custom| \(", gpu_label(gpu))[0]


def market_value(machine: Machine, gpu_hours: float, catalogue: Catalogue) -> MarketValue:
    """Price × GPU-hours as the access modes count them (LUMI: a module's price for module hours)."""
    own = _own_price_list(machine, catalogue)
    if own is not None:
        return _at_centre(own, machine, gpu_hours)
    gpu = catalogue.gpu_of(machine)
    table = cloud_price(gpu, catalogue)
    if table is None:
        return MarketValue(None, (), (say("No cloud price was found for {gpu}.", gpu=Name(card_name(gpu))),))
    return _in_cloud(table, gpu, gpu_hours, catalogue)


def _own_price_list(machine: Machine, catalogue: Catalogue) -> FactTable | None:
    """The host centre's price list that names this machine and a price."""
    for table in catalogue.prices.values():
        named = table.facts.get("machine")
        price = table.facts.get("gpu_hour")
        if named is not None and named.value == machine.id and price is not None and price.value is not None:
            return table
    return None


def _at_centre(table: FactTable, machine: Machine, gpu_hours: float) -> MarketValue:
    price = table.facts["gpu_hour"]
    value = price.si * gpu_hours
    note = say(
        "Market value by the centre's own commercial price list ({table}), without VAT: "
        "one price, so no range.",
        table=Name(table.name),
    )
    named = (
        (say("Price of a GPU-hour on {machine}", machine=Name(machine.short_name or machine.name)), price),
    )
    return MarketValue((value, value, value), named, (note, NO_COST_CLAIM))


def cloud_price(gpu: Gpu, catalogue: Catalogue) -> FactTable | None:
    """The cloud price of this card, else of another one of its generation."""
    clouds = [table for key, table in catalogue.prices.items() if key.startswith("cloud-")]
    priced = {str(table.facts["gpu"].value): table for table in clouds}
    same = (table for card, table in priced.items() if generation(card) == generation(gpu.id))
    return priced.get(gpu.id) or next(same, None)


def _in_cloud(table: FactTable, gpu: Gpu, gpu_hours: float, catalogue: Catalogue) -> MarketValue:
    """The three prices of a listing; one without low and high stands for all three."""
    parts = 2.0 if generation(gpu.id) == SOLD_IN_TWOS else 1.0
    median = table.facts["median"]
    known = [
        table.facts[key] if table.facts[key].value is not None else median
        for key in ("low", "median", "high")
    ]
    low, middle, high = (fact.si / parts * gpu_hours for fact in known)
    name = Name(table.name)
    names = (say("{list} low", list=name), say("{list} median", list=name), say("{list} high", list=name))
    facts = tuple(zip(names if known[0] is not median else (say("{list}", list=name),), known, strict=False))
    rate = catalogue.prices["exchange-rate"].facts["usd_per_eur"]
    extras = catalogue.prices["extras"].facts["hidden_cost_uplift"]
    notes = (
        *_stand_in(table, gpu),
        say("Beside the GPU-hour a cloud charges more: {extras}.", extras=Name(str(extras.value))),
        NO_COST_CLAIM,
    )
    return MarketValue((low, middle, high), (*facts, (say("US dollars for one euro"), rate)), notes)


def _stand_in(table: FactTable, gpu: Gpu) -> tuple[Said, ...]:
    """Says so where the price is not that of this card, or rests on little."""
    listed = table.facts["gpu"]
    subject = Name(table.name.removeprefix("Cloud price of "))
    notes = []
    if gpu.devices_per_module > 1:
        notes.append(
            say(
                "The market value is for hours of a module of {n} devices.",
                n=Amount(gpu.devices_per_module, form="fixed"),
            )
        )
    elif listed.value != gpu.id:
        notes.append(
            say(
                "No cloud price of {gpu} was found: {price} stands in.",
                gpu=Name(card_name(gpu)),
                price=subject,
            )
        )
    if listed.source.startswith("no public listing"):
        notes.append(say("{price}: {source}.", price=subject, source=Name(listed.source)))
    if table.facts["low"].value is None:
        notes.append(say("One listing of {price}: no range.", price=subject))
    return tuple(notes)
