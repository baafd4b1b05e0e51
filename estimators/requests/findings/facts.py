"""What the figures rest on: energy with its PUE, and facts that nobody confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from estimators.quantity import Fact
from estimators.requests.findings.case import (
    SPACE,
    Case,
    Passed,
    Rule,
    counted,
    short,
    source_words,
    uncertain,
)
from estimators.requests.jobs import queue_of
from estimators.requests.results import Finding

PUE_SPAN = (1.05, 1.20)
"""PUE of liquid-cooled sites that were seen; stands for what an unverified one may be: a judgement."""
NAMES_SHOWN = 5


def energy(case: Case) -> Iterator[Finding]:
    """Energy and carbon can be stated, as the final report asks."""
    if case.footprint.energy_kwh is not None or not case.fitting:
        return
    missing = "the PUE" if case.machine.pue is None else "a figure behind it"
    yield Finding(
        rule="energy",
        severity="warn",
        title=f"Energy on {case.machine_name} cannot be stated: {missing} is not published",
        why=f"Reports ask for energy. Ask {case.machine.host.value or 'the site'} for its PUE.",
        figure="not stated",
        limit="energy in kWh",
        source="Not found in the catalogue",
    )


def _energy_passed(case: Case) -> Passed | None:
    kwh, carbon = case.footprint.energy_kwh, case.footprint.carbon_kg
    if kwh is None:
        return None
    words = f"{_energy_words(kwh.p50)} ({_energy_words(kwh.p10)} to {_energy_words(kwh.p90)})"
    if carbon is not None:
        words += f", {short(carbon.p50 / 1000.0)}{SPACE}t CO₂e"
    return Passed(words, words, fact=case.machine.pue)


def _energy_words(kwh: float) -> str:
    return f"{short(kwh / 1000.0)}{SPACE}MWh" if kwh >= 1000.0 else f"{short(kwh)}{SPACE}kWh"


def pue(case: Case) -> Iterator[Finding]:
    """Energy rests on a PUE that the site confirmed."""
    fact, kwh = case.machine.pue, case.footprint.energy_kwh
    if fact is None or kwh is None or not uncertain(fact):
        return
    low, high = (kwh.p50 / fact.si * value for value in PUE_SPAN)
    yield Finding(
        rule="pue",
        severity="warn",
        title=f"Energy rests on an unverified PUE of {fact.si:.2f}",
        why=(
            f"{_energy_words(kwh.p50)} would be {_energy_words(low)} to {_energy_words(high)} with a PUE "
            f"from {PUE_SPAN[0]:.2f} to {PUE_SPAN[1]:.2f}. Ask {case.machine.host.value or 'the site'}."
        ),
        figure=f"PUE {fact.si:.2f}, {fact.confidence}",
        limit="a figure of the site",
        source=source_words(fact),
        fact=fact,
    )


def _pue_passed(case: Case) -> Passed | None:
    fact = case.machine.pue
    return None if fact is None else Passed(f"PUE {fact.si:.2f}, {fact.confidence}", fact=fact)


def used_facts(case: Case) -> dict[str, Fact[Any]]:
    """Facts that the request rests on, by what they say."""
    found: dict[str, Fact[Any]] = {}
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        if queue is not None:
            found[f"nodes of {queue.name}"] = queue.max_nodes
            found[f"wall-clock of {queue.name}"] = queue.max_walltime
    for area in case.machine.storage:
        for name, fact in (("quota", area.quota), ("files", area.files), ("removal", area.purge)):
            if fact is not None:
                found[f"{name} of {area.name}"] = fact
    if case.machine.site_unit is not None:
        found["rate of the site's unit"] = case.machine.site_unit.per_gpu_hour
    found["network of a node"] = case.machine.network_per_node
    if case.machine.pue is not None:
        found["PUE"] = case.machine.pue
    found.update(case.footprint.facts)
    if case.door is not None:
        found.update(case.door.facts)
    return found


def uncertain_facts(case: Case) -> Iterator[Finding]:
    """Every fact behind the request was read somewhere; what was only inferred is listed."""
    doubtful = {name: fact for name, fact in used_facts(case).items() if uncertain(fact)}
    if not doubtful:
        return
    names = list(doubtful)
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    yield Finding(
        rule="uncertain-facts",
        severity="info",
        title=f"{counted(len(names), 'fact is', 'facts are')} unverified or inferred",
        why=f"{'; '.join(names[:NAMES_SHOWN])}{more}. Confirm them with the site before you file.",
        figure=counted(len(names), "fact", "facts"),
        limit="facts read at their source",
        source=source_words(next(iter(doubtful.values()))),
        fact=next(iter(doubtful.values())),
    )


def _uncertain_passed(case: Case) -> Passed | None:
    return Passed(f"All {len(used_facts(case))} facts were read at a source", source="Catalogue")


RULES = (
    Rule("energy", "Energy", energy, _energy_passed),
    Rule("pue", "PUE", pue, _pue_passed),
    Rule("uncertain-facts", "Certain facts", uncertain_facts, _uncertain_passed),
)
