"""How the request stands: energy and carbon; for the team access modes, open findings and market value."""

from __future__ import annotations

from typing import Any

from app.dossier.document import (
    Block,
    Bullets,
    Cell,
    Note,
    Paragraph,
    Table,
    Tone,
    bold,
    column,
    for_team,
    row,
    toned,
    words,
)
from app.dossier.material import Material
from app.dossier.sources import source_text
from app.dossier.text import INTERVAL, shortened, whole, without_addresses
from app.present import numbers as n
from app.words import text
from estimators.quantity import Fact, Range
from estimators.requests.access_results import Door
from estimators.requests.results import Finding, PhaseEnergy
from estimators.words import Amount, Listed, Name, Said, Span, say, say_many, together

_STATES: dict[str, tuple[Said, Tone]] = {
    "fits": (say("fits"), "ok"),
    "change": (say("after changes"), "warn"),
    "no": (say("does not fit"), "fail"),
    "unknown": (say("not found"), "unk"),
}
_SEVERITIES: dict[str, tuple[Said, Tone]] = {
    "fail": (say("fails"), "fail"),
    "warn": (say("check"), "warn"),
    "info": (say("note"), "info"),
    "pass": (say("passes"), "ok"),
}
MOST_SOURCE = 70
_ORDER = ("fail", "warn", "info", "pass")


def access(material: Material) -> tuple[Block, ...]:
    """The mode asked for, its dates, and how the others stand."""
    doors = material.request.doors
    rest = together(doors.start_sentence, doors.fallback)
    blocks: list[Block] = [Paragraph(words(bold(doors.sentence), " ", rest))]
    if doors.stale:
        blocks.append(Note(words(doors.stale), "warn"))
    if doors.split:
        items = tuple(words(bold(f"{name}: "), pays) for name, pays in doors.split)
        blocks += [Paragraph(words(say("Split over modes:"))), Bullets(items)]
    if doors.chosen is not None and doors.chosen.changes:
        blocks.append(Bullets(tuple(words(change) for change in doors.chosen.changes)))
    columns = (
        column(say("Access mode")),
        column(say("Size"), share=1.0),
        column(say("Stands")),
        column(say("Verdict"), share=1.0),
        column(say("Cut-off")),
        column(say("Earliest start")),
        column(say("Offered"), share=1.2),
    )
    rows = tuple(_door_row(door, door is doors.chosen) for door in doors.doors)
    if rows:
        blocks.append(Table(columns, rows, compact=True))
    return for_team(*blocks)


def _door_row(door: Door, is_chosen: bool) -> tuple[Cell, ...]:
    name = Name(door.mode.short_name or door.mode.name)
    state, tone = _STATES[door.state]
    start = n.UNKNOWN if door.earliest_start is None else Amount(door.earliest_start, form="day")
    return row(
        say("{mode}, asked for", mode=name) if is_chosen else name,
        door.size,
        toned(state, tone),
        door.verdict,
        door.cutoff_words,
        start,
        door.offered_words,
    )


# ---------------------------------------------------------------- findings


def findings(material: Material) -> tuple[Block, ...]:
    """What a technical reviewer would say, worst first; what passes is counted."""
    found = material.request.findings
    if not found:
        return for_team(Paragraph(words(say("No rule was checked."))))
    open_ones = sorted(
        (one for one in found if one.severity != "pass"), key=lambda one: _ORDER.index(one.severity)
    )
    passed = sum(one.severity == "pass" for one in found)
    said = say(
        "{passed}, {open}.",
        passed=say_many("{n} rule passes", "{n} rules pass", passed, n=whole(passed)),
        open=say_many("{n} stays open", "{n} stay open", len(open_ones), n=whole(len(open_ones))),
    )
    blocks: list[Block] = [Paragraph(words(said))]
    if open_ones:
        columns = (
            column(say("State")),
            column(say("Finding"), share=1.2),
            column(say("Why, and what helps"), share=2.0),
            column(say("Source"), share=1.0),
        )
        blocks.append(
            Table(columns, tuple(_finding_row(same, material) for same in _alike(open_ones)), compact=True)
        )
    return for_team(*blocks)


def _alike(found: list[Finding]) -> list[list[Finding]]:
    """Findings of one rule that differ in the run only, together."""
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    for one in found:
        key = (
            (one.rule, one.severity, one.why, one.source)
            if one.run_id
            else (one.rule, one.title, one.why, "")
        )
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _finding_row(same: list[Finding], material: Material) -> tuple[Cell, ...]:
    finding = same[0]
    state, tone = _SEVERITIES[finding.severity]
    title = finding.title
    if len(same) > 1:
        runs = (material.campaign.line(one.run_id).run.name for one in same[1:] if one.run_id)
        title = say(
            "{title}. The same for {runs}",
            title=finding.title,
            runs=Listed(tuple(Name(name) for name in runs)),
        )
    source = text(finding.source)
    if finding.fact is not None and material.catalogue.sources_behind(finding.fact):
        read = source_text(finding.fact, material.catalogue)
        source = f"{shortened(read, MOST_SOURCE)}, {finding.fact.confidence}, {finding.fact.as_of}"
    return row(toned(state, tone), title, finding.why, without_addresses(source))


# ---------------------------------------------------------------- energy, carbon, value


def footprint(material: Material) -> tuple[Block, ...]:
    """Energy and carbon of every row."""
    foot = material.request.footprint
    columns = (
        column(say("Phase"), share=1.0),
        column(say("Node-hours"), "right"),
        column(say("Energy, kWh"), "right"),
        column(INTERVAL, "right"),
        column(say("Carbon, kg CO₂e"), "right"),
        column(INTERVAL, "right"),
    )
    rows = tuple(_phase_row(phase) for phase in foot.phases)
    hours = n.exact(material.campaign.request_node_hours)
    total = row(say("All"), hours, *_middle_and_span(foot.energy_kwh), *_middle_and_span(foot.carbon_kg))
    blocks: list[Block] = [Table(columns, rows, total)]
    said = [*foot.basis]
    if foot.embodied_kg is not None:
        made = foot.embodied_kg
        said.append(
            say(
                "Making the hardware adds {tonnes} t CO₂e ({range}) as its share of use.",
                tonnes=Amount(made.p50 / 1e3, form="two"),
                range=Span(made.p10 / 1e3, made.p90 / 1e3),
            )
        )
    if said:
        blocks.append(Paragraph(words(together(*said))))
    return tuple(blocks)


def market_value(material: Material) -> tuple[Block, ...]:
    """What the hours would cost in a cloud, and what was left out of energy and carbon."""
    foot = material.request.footprint
    blocks: list[Block] = []
    if foot.value_eur is not None:
        low, middle, high = foot.value_eur
        said = say(
            "At cloud prices the same GPU-hours are worth about {value} ({range}).",
            value=Amount(middle, "EUR", "two"),
            range=Span(low, high),
        )
        blocks.append(Paragraph(words(said)))
    notes = [note for note in foot.notes if note not in foot.basis]
    if notes:
        blocks.append(Bullets(tuple(words(note) for note in notes)))
    return for_team(*blocks)


def _phase_row(phase: PhaseEnergy) -> tuple[Cell, ...]:
    return row(
        phase.name,
        n.exact(phase.node_hours),
        *_middle_and_span(phase.energy_kwh),
        *_middle_and_span(phase.carbon_kg),
    )


def _middle_and_span(value: Range | None) -> tuple[str, str]:
    if value is None:
        return text(n.UNKNOWN), ""
    return n.sig3(value.p50), n.span(value.p10, value.p90)


def footprint_said(material: Material) -> Said:
    """One sentence for the first page."""
    foot = material.request.footprint
    if foot.energy_kwh is None:
        return say("No energy is stated: a figure behind it is not published.")
    drawn = _energy(Amount(foot.energy_kwh.p50 / 1e3, "MWh", "two"), material.campaign.machine.pue)
    if foot.carbon_kg is None:
        return say("{sentence}.", sentence=drawn)
    tonnes = Amount(foot.carbon_kg.p50 / 1e3, "t CO₂e", "two")
    grid = material.catalogue.grids.get(material.campaign.machine.country.value or "")
    if grid is None:
        return say("{sentence} and causes about {tonnes}.", sentence=drawn, tonnes=tonnes)
    return say(
        "{sentence} and causes about {tonnes} on the consumption mix of {grid}.",
        sentence=drawn,
        tonnes=tonnes,
        grid=Name(grid.name),
    )


def _energy(energy: Amount, pue: Fact[float] | None) -> Said:
    if pue is None or pue.value is None:
        return say("The project draws about {energy}", energy=energy)
    value = Amount(pue.value, form="fixed", digits=2)
    if pue.confidence == "unverified":
        return say("The project draws about {energy} with an assumed PUE of {pue}", energy=energy, pue=value)
    return say("The project draws about {energy} with a PUE of {pue}", energy=energy, pue=value)
