"""What the figures rest on: energy with its PUE, and facts that nobody confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from estimators.quantity import Fact
from estimators.requests.doors.words import CONFIDENCE
from estimators.requests.findings.case import (
    NOT_IN_CATALOGUE,
    Case,
    Passed,
    Rule,
    count,
    host_words,
    short,
    source_words,
    uncertain,
)
from estimators.requests.jobs import queue_of
from estimators.requests.results import Finding
from estimators.words import Amount, Listed, Name, Said, Value, say, say_many

PUE_SPAN = (1.05, 1.20)
"""PUE of liquid-cooled sites that were seen; stands for what an unverified one may be: a judgement."""
NAMES_SHOWN = 5


def energy(case: Case) -> Iterator[Finding]:
    """Energy and carbon can be stated, as the final report asks."""
    if case.footprint.energy_kwh is not None or not case.fitting:
        return
    missing = say("the PUE") if case.machine.pue is None else say("a figure behind it")
    yield Finding(
        rule="energy",
        severity="warn",
        title=say(
            "Energy on {machine} cannot be stated: {missing} is not published",
            machine=Name(case.machine_name),
            missing=missing,
        ),
        why=say("Reports ask for energy. Ask {host} for its PUE.", host=host_words(case)),
        figure=say("not stated"),
        limit=say("energy in kWh"),
        source=NOT_IN_CATALOGUE,
    )


def _energy_passed(case: Case) -> Passed | None:
    kwh, carbon = case.footprint.energy_kwh, case.footprint.carbon_kg
    if kwh is None:
        return None
    words = say(
        "{energy} ({low} to {high})",
        energy=_energy_words(kwh.p50),
        low=_energy_words(kwh.p10),
        high=_energy_words(kwh.p90),
    )
    if carbon is not None:
        words = say("{energy}, {carbon}", energy=words, carbon=short(carbon.p50 / 1000.0, unit="t CO₂e"))
    return Passed(words, words, fact=case.machine.pue)


def _energy_words(kwh: float) -> Value:
    return short(kwh / 1000.0, unit="MWh") if kwh >= 1000.0 else short(kwh, unit="kWh")


def pue(case: Case) -> Iterator[Finding]:
    """Energy rests on a PUE that the site confirmed."""
    fact, kwh = case.machine.pue, case.footprint.energy_kwh
    if fact is None or kwh is None or not uncertain(fact):
        return
    low, high = (kwh.p50 / fact.si * value for value in PUE_SPAN)
    yield Finding(
        rule="pue",
        severity="warn",
        title=say("Energy rests on an unverified PUE of {pue}", pue=Amount(fact.si, form="fixed", digits=2)),
        why=say(
            "{energy} would be {low} to {high} with a PUE from {least} to {most}. Ask {host}.",
            energy=_energy_words(kwh.p50),
            low=_energy_words(low),
            high=_energy_words(high),
            least=Amount(PUE_SPAN[0], form="fixed", digits=2),
            most=Amount(PUE_SPAN[1], form="fixed", digits=2),
            host=host_words(case),
        ),
        figure=say(
            "PUE {pue}, {confidence}",
            pue=Amount(fact.si, form="fixed", digits=2),
            confidence=CONFIDENCE[fact.confidence],
        ),
        limit=say("a figure of the site"),
        source=source_words(fact),
        fact=fact,
    )


def _pue_passed(case: Case) -> Passed | None:
    fact = case.machine.pue
    return (
        None
        if fact is None
        else Passed(
            say(
                "PUE {pue}, {confidence}",
                pue=Amount(fact.si, form="fixed", digits=2),
                confidence=CONFIDENCE[fact.confidence],
            ),
            fact=fact,
        )
    )


def used_facts(case: Case) -> dict[Said, Fact[Any]]:
    """Facts that the request rests on, by what they say."""
    found: dict[Said, Fact[Any]] = {}
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        if queue is not None:
            found[say("nodes of {queue}", queue=Name(queue.name))] = queue.max_nodes
            found[say("wall-clock of {queue}", queue=Name(queue.name))] = queue.max_walltime
    for area in case.machine.storage:
        name = Name(area.name)
        for words, fact in (
            (say("quota of {area}", area=name), area.quota),
            (say("files of {area}", area=name), area.files),
            (say("removal of {area}", area=name), area.purge),
        ):
            if fact is not None:
                found[words] = fact
    if case.machine.site_unit is not None:
        found[say("rate of the site's unit")] = case.machine.site_unit.per_gpu_hour
    found[say("network of a node")] = case.machine.network_per_node
    if case.machine.pue is not None:
        found[say("PUE")] = case.machine.pue
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
    shown: Value = Listed(tuple(names[:NAMES_SHOWN]), "", "; ")
    if len(names) > NAMES_SHOWN:
        shown = say("{facts} and {n} more", facts=shown, n=count(len(names) - NAMES_SHOWN))
    yield Finding(
        rule="uncertain-facts",
        severity="info",
        title=say_many(
            "{n} fact is unverified or inferred",
            "{n} facts are unverified or inferred",
            len(names),
            n=count(len(names)),
        ),
        why=say("{facts}. Confirm them with the site before you file.", facts=shown),
        figure=say_many("{n} fact", "{n} facts", len(names), n=count(len(names))),
        limit=say("facts read at their source"),
        source=source_words(next(iter(doubtful.values()))),
        fact=next(iter(doubtful.values())),
    )


def _uncertain_passed(case: Case) -> Passed | None:
    return Passed(
        say("All {n} facts were read at a source", n=count(len(used_facts(case)))), source=say("Catalogue")
    )


RULES = (
    Rule("energy", say("Energy"), energy, _energy_passed),
    Rule("pue", say("PUE"), pue, _pue_passed),
    Rule("uncertain-facts", say("Certain facts"), uncertain_facts, _uncertain_passed),
)
