"""How the request stands: energy and carbon; for the team access modes, open findings and market value."""

from __future__ import annotations

from app.dossier.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Note,
    Paragraph,
    Span,
    Table,
    Tone,
    bold,
    for_team,
    row,
    words,
)
from app.dossier.material import Material
from app.dossier.sources import source_text
from app.dossier.text import joined, sentence, short_date, shortened, without_addresses
from app.present import numbers as n
from estimators.quantity import Range
from estimators.requests.access_results import Door
from estimators.requests.results import Finding, PhaseEnergy

_STATES: dict[str, tuple[str, Tone]] = {
    "fits": ("fits", "ok"),
    "change": ("after changes", "warn"),
    "no": ("does not fit", "fail"),
    "unknown": ("not found", "unk"),
}
_SEVERITIES: dict[str, tuple[str, Tone]] = {
    "fail": ("fails", "fail"),
    "warn": ("check", "warn"),
    "info": ("note", "info"),
    "pass": ("passes", "ok"),
}
MOST_SOURCE = 70
_ORDER = ("fail", "warn", "info", "pass")


def access(material: Material) -> tuple[Block, ...]:
    """The mode asked for, its dates, and how the others stand."""
    doors = material.request.doors
    said: list[str | Span] = [
        bold(doors.sentence),
        f" {doors.start_sentence}",
        f" {doors.fallback}" if doors.fallback else "",
    ]
    blocks: list[Block] = [Paragraph(words(*said))]
    if doors.stale:
        blocks.append(Note(words(doors.stale), "warn"))
    if doors.split:
        items = tuple(words(bold(f"{name}: "), pays) for name, pays in doors.split)
        blocks += [Paragraph(words("Split over modes:")), Bullets(items)]
    if doors.chosen is not None and doors.chosen.changes:
        blocks.append(Bullets(tuple(words(change) for change in doors.chosen.changes)))
    columns = (
        Column("Access mode"),
        Column("Size", share=1.0),
        Column("Stands"),
        Column("Verdict", share=1.0),
        Column("Cut-off"),
        Column("Earliest start"),
        Column("Offered", share=1.2),
    )
    rows = tuple(_door_row(door, door is doors.chosen) for door in doors.doors)
    if rows:
        blocks.append(Table(columns, rows, compact=True))
    return for_team(*blocks)


def _door_row(door: Door, is_chosen: bool) -> tuple[Cell, ...]:
    name = door.mode.short_name or door.mode.name
    state, tone = _STATES[door.state]
    start = n.UNKNOWN if door.earliest_start is None else short_date(door.earliest_start)
    return row(
        f"{name}, asked for" if is_chosen else name,
        door.size,
        Cell(state, tone),
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
        return for_team(Paragraph(words("No rule was checked.")))
    open_ones = sorted(
        (one for one in found if one.severity != "pass"), key=lambda one: _ORDER.index(one.severity)
    )
    passed = sum(one.severity == "pass" for one in found)
    stay = n.counted(len(open_ones), "stays", "stay")
    said = f"{n.counted(passed, 'rule passes', 'rules pass')}, {stay} open."
    blocks: list[Block] = [Paragraph(words(said))]
    if open_ones:
        columns = (
            Column("State"),
            Column("Finding", share=1.2),
            Column("Why, and what helps", share=2.0),
            Column("Source", share=1.0),
        )
        blocks.append(
            Table(columns, tuple(_finding_row(same, material) for same in _alike(open_ones)), compact=True)
        )
    return for_team(*blocks)


def _alike(found: list[Finding]) -> list[list[Finding]]:
    """Findings of one rule that differ in the run only, together."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
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
        names = [material.campaign.line(one.run_id).run.name for one in same[1:] if one.run_id]
        title = f"{title}. The same for {joined(names)}"
    source = finding.source
    if finding.fact is not None and material.catalogue.sources_behind(finding.fact):
        read = source_text(finding.fact, material.catalogue)
        source = f"{shortened(read, MOST_SOURCE)}, {finding.fact.confidence}, {finding.fact.as_of}"
    return row(Cell(state, tone), title, finding.why, without_addresses(source))


# ---------------------------------------------------------------- energy, carbon, value


def footprint(material: Material) -> tuple[Block, ...]:
    """Energy and carbon of every row."""
    foot = material.request.footprint
    columns = (
        Column("Phase", share=1.0),
        Column("Node-hours", "right"),
        Column("Energy, kWh", "right"),
        Column(f"80{n.THIN_SPACE}% interval", "right"),
        Column("Carbon, kg CO₂e", "right"),
        Column(f"80{n.THIN_SPACE}% interval", "right"),
    )
    rows = tuple(_phase_row(phase) for phase in foot.phases)
    hours = n.exact(material.campaign.request_node_hours)
    total = row("All", hours, *_middle_and_span(foot.energy_kwh), *_middle_and_span(foot.carbon_kg))
    blocks: list[Block] = [Table(columns, rows, total)]
    said = [*foot.basis]
    if foot.embodied_kg is not None:
        made = foot.embodied_kg
        span = n.span(made.p10 / 1e3, made.p90 / 1e3, 2)
        said.append(f"Making the hardware adds {n.sig2(made.p50 / 1e3)} t CO₂e ({span}) as its share of use.")
    if said:
        blocks.append(Paragraph(words(" ".join(said))))
    return tuple(blocks)


def market_value(material: Material) -> tuple[Block, ...]:
    """What the hours would cost in a cloud, and what was left out of energy and carbon."""
    foot = material.request.footprint
    blocks: list[Block] = []
    if foot.value_eur is not None:
        low, middle, high = foot.value_eur
        said = (
            f"At cloud prices the same GPU-hours are worth about {n.with_unit(n.sig2(middle), 'EUR')} "
            f"({n.span(low, high)})."
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
        return n.UNKNOWN, ""
    return n.sig3(value.p50), n.span(value.p10, value.p90)


def footprint_words(material: Material) -> str:
    """One sentence for the first page."""
    foot, machine = material.request.footprint, material.campaign.machine
    if foot.energy_kwh is None:
        return "No energy is stated: a figure behind it is not published."
    text = f"The project draws about {n.with_unit(n.sig2(foot.energy_kwh.p50 / 1e3), 'MWh')}"
    pue = machine.pue
    if pue is not None and pue.value is not None:
        assumed = "an assumed" if pue.confidence == "unverified" else "a"
        text += f" with {assumed} PUE of {pue.value:.2f}"
    if foot.carbon_kg is None:
        return f"{text}."
    tonnes = n.with_unit(n.sig2(foot.carbon_kg.p50 / 1e3), "t CO₂e")
    grid = material.catalogue.grids.get(machine.country.value or "")
    mix = f" on the consumption mix of {grid.name}" if grid is not None else ""
    return sentence(f"{text} and causes about {tonnes}{mix}")
