"""Energy, carbon and market value of a request.

Energy follows the hours that are asked for, so rows sum to the whole: each run draws for a node-hour what its
estimate states; failed runs, overhead and contingency draw the mean of the runs. The range is that of power
alone, since the hours of a row are fixed; all rows share it, so quantiles add.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from estimators.catalogue.load import Catalogue
from estimators.planning.power import power_range
from estimators.quantity import SECONDS_PER_HOUR, Fact, Range
from estimators.requests.campaign_results import Campaign, Milestone, RunLine
from estimators.requests.embodied import embodied
from estimators.requests.market import market_value
from estimators.requests.results import Facts, Footprint, PhaseEnergy
from estimators.words import Amount, Listed, Name, Said, say, together
from estimators.workloads.methods import rule_of

CIRCULAR = re.compile(r"^basis: (GPU-hours x|TDP x|peak power x)")
"""Published energies that are hours times board power: the formula again, no measurement of it."""
PHASES: dict[str, Said] = {"pretraining": say("pretraining"), "fine_tuning": say("fine-tuning")}
"""What a run is, by the share of the maximum power that holds for it."""


def footprint(campaign: Campaign, catalogue: Catalogue) -> Footprint:
    """Energy and carbon of every row of the plan and of all, embodied share and market value.

    Where PUE or grid are not published the figures that need them are None, and a note says so.
    """
    machine = campaign.machine
    by_run = {line.run.id: range_ for line in campaign.lines if (range_ := kwh_of_node_hour(line, catalogue))}
    mean = _mean_of_runs(campaign.milestones, by_run)
    rows = [row for row in campaign.milestones if row.kind != "package"]
    energies = [_energy_of(row, by_run, mean) for row in rows]
    intensity = catalogue.grid_intensity(machine)
    phases = tuple(
        PhaseEnergy(row.name, row.node_hours, energy, _carbon(energy, intensity))
        for row, energy in zip(rows, energies, strict=True)
    )
    total = sum_of(energies)
    made = embodied(machine, campaign.needed_node_hours * campaign.gpus_per_node, catalogue)
    market = market_value(machine, campaign.units.gpu_hours, catalogue)
    basis = _basis(campaign, total, catalogue)
    return Footprint(
        phases=phases,
        energy_kwh=total,
        carbon_kg=_carbon(total, intensity),
        embodied_kg=made.kilograms,
        value_eur=market.euros,
        facts=(*energy_facts(campaign, catalogue), *made.facts, *market.facts),
        notes=(*basis, *_circular_notes(catalogue), made.note, *market.notes),
        basis=basis,
        value_facts=market.facts,
    )


def kwh_of_node_hour(line: RunLine, catalogue: Catalogue) -> Range | None:
    """Energy of one node-hour of a run; None where the estimate states none."""
    answer = line.answer
    if answer.energy_kwh is None or answer.seconds is None or not line.nodes:
        return None
    middle = answer.energy_kwh.p50 / (answer.seconds.p50 / SECONDS_PER_HOUR * float(line.nodes))
    pue = answer.machine.pue
    return power_range(phase_of(line), 1.0 if pue is None else pue.si, catalogue).scaled(middle)


def phase_of(line: RunLine) -> str:
    """Which share of the maximum power holds for a run."""
    return rule_of(line.run.spec.method).power


def _mean_of_runs(rows: Iterable[Milestone], by_run: dict[str, Range]) -> Range | None:
    """Energy of a mean node-hour of the runs, weighted by their hours."""
    known = [(row.node_hours, by_run[row.run_id]) for row in rows if row.run_id in by_run]
    hours = sum(node_hours for node_hours, _ in known)
    total = sum_of(each.scaled(float(node_hours)) for node_hours, each in known)
    return total.scaled(1.0 / hours) if total is not None and hours else None


def _energy_of(row: Milestone, by_run: dict[str, Range], mean: Range | None) -> Range | None:
    each = by_run.get(row.run_id) if row.run_id is not None else mean
    return each.scaled(float(row.node_hours)) if each is not None else None


def sum_of(parts: Iterable[Range | None]) -> Range | None:
    """The sum of parts that err alike; None where a part is not known or there is none."""
    ranges = list(parts)
    known = [part for part in ranges if part is not None]
    if not known or len(known) < len(ranges):
        return None
    return Range(
        sum(part.p10 for part in known),
        sum(part.p50 for part in known),
        sum(part.p80 for part in known),
        sum(part.p90 for part in known),
    )


def _carbon(energy: Range | None, grams_per_kwh: float) -> Range | None:
    if energy is None or math.isnan(grams_per_kwh):
        return None
    return energy.scaled(grams_per_kwh / 1000.0)


def energy_facts(campaign: Campaign, catalogue: Catalogue) -> Facts:
    """Facts behind energy and carbon."""
    machine = campaign.machine
    gpu = catalogue.gpu_of(machine)
    shares = catalogue.energy["power-share"].facts
    phases = dict.fromkeys(phase_of(line) for line in campaign.lines)
    facts: list[tuple[Said, Fact[Any]]] = [(say("Power of {gpu}", gpu=Name(gpu.name)), gpu.power)]
    facts += [
        (
            say("Share of the power in {phase}, middle", phase=PHASES.get(phase, Name(phase))),
            shares[f"{phase}_p50"],
        )
        for phase in phases
    ]
    facts.append((say("Node over GPU power, middle"), catalogue.energy["node-overhead"].facts["p50"]))
    if machine.pue is not None:
        facts.append((say("PUE"), machine.pue))
    grid = catalogue.grids.get(machine.country.value or "")
    if grid is not None:
        facts.append((say("Consumption mix of {grid}", grid=Name(grid.name)), grid.consumption_lifecycle))
    return tuple(facts)


def _basis(campaign: Campaign, total: Range | None, catalogue: Catalogue) -> tuple[Said, ...]:
    """How energy and carbon are counted, or what is missing to count them."""
    machine = campaign.machine
    name = machine.short_name or machine.name
    notes = []
    rest = campaign.request_node_hours - campaign.needed_node_hours
    if rest:
        notes.append(
            say(
                "The {n} node-hours left of the package are not counted: no run is planned in them.",
                n=Amount(rest, form="general", digits=15),
            )
        )
    if machine.pue is None or machine.pue.value is None:
        notes.append(say("The PUE of {machine} is not published: no energy is stated.", machine=Name(name)))
    elif total is None:
        notes.append(say("A run has no estimate on this machine: the sum of the energy is not stated."))
    grid = catalogue.grids.get(machine.country.value or "")
    if grid is None or grid.consumption_lifecycle.value is None:
        notes.append(
            say(
                "The carbon intensity of the grid of {machine} is not known: no carbon is stated.",
                machine=Name(name),
            )
        )
    else:
        notes.append(_location_note(grid.name, grid.production_lifecycle))
    return tuple(notes)


def _circular_notes(catalogue: Catalogue) -> tuple[Said, ...]:
    """What was left out as evidence."""
    circular = [t.name for t in catalogue.energy.values() if CIRCULAR.match(t.note)]
    if not circular:
        return ()
    return (
        say(
            "Left out as evidence because they are hours × board power, not measured: {runs}.",
            runs=Listed(tuple(Name(one) for one in circular), ""),
        ),
    )


def _location_note(country: str, production: Fact[float]) -> Said:
    """Which of the views of a grid was taken."""
    taken = say("Carbon is location-based, with the mix consumed in the country over its life cycle.")
    if production.value is not None:
        taken = say(
            "Carbon is location-based, with the mix consumed in the country over its life cycle; the "
            "mix produced in "
            "{country} would give {grams}.",
            country=Name(country),
            grams=Amount(production.value, "g/kWh", "fixed"),
        )
    return together(taken, say("Contracts for green electricity (market-based) are not counted."))
