"""Energy, carbon and market value in words, and the series of energy and carbon by machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.present import numbers as n
from app.present.machines import machine_name, own_name
from app.present.palette import Mark, mark_of
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, MachineAnswer
from estimators.quantity import Range
from estimators.requests.results import Footprint, PhaseEnergy
from estimators.words import Amount, Name, Span, say

PHASE_HEADS = (
    say("Milestone"),
    say("Node-hours"),
    say("Energy, kWh"),
    say("Range, kWh"),
    say("Carbon, kg CO₂e"),
    say("Range, kg"),
)
LARGE = 10_000.0
"""From here on MWh and tonnes are easier to read than kWh and kilograms."""
STRIKING = 2.0
"""Factor between two grids that is worth a sentence."""


@dataclass(frozen=True, slots=True)
class FootprintTable:
    """Energy and carbon by milestone, sum last.

    Attributes:
        rows: Cells as shown.
        plain: The same in the C locale.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plain: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Tab-separated for the clipboard."""
        return "\n".join("\t".join(line) for line in (self.heads, *self.plain)) + "\n"


@dataclass(frozen=True, slots=True)
class EnergyRow:
    """One machine; None where a figure is not published."""

    label: str
    mark: Mark
    energy_kwh: Range | None
    carbon_kg: Range | None
    is_chosen: bool
    is_own: bool
    machine_id: str


@dataclass(frozen=True, slots=True)
class EnergySeries:
    """Energy and carbon of one run on every machine, least carbon first, the user's hardware last."""

    rows: tuple[EnergyRow, ...]
    subtitle: str

    @property
    def energy_unit(self) -> tuple[float, str]:
        """Size of the unit in kWh, and its name."""
        return _unit((row.energy_kwh for row in self.rows), "kWh", "MWh")

    @property
    def carbon_unit(self) -> tuple[float, str]:
        """Size of the unit in kg, and its name."""
        return _unit((row.carbon_kg for row in self.rows), "kg CO₂e", "t CO₂e")


def _unit(values: Iterable[Range | None], small: str, large: str) -> tuple[float, str]:
    highest = max((value.p90 for value in values if value is not None), default=0.0)
    return (1000.0, large) if highest >= LARGE else (1.0, small)


def footprint_table(footprint: Footprint) -> FootprintTable:
    """Every milestone with its energy and carbon, and their sum."""
    hours = sum(phase.node_hours for phase in footprint.phases)
    total = PhaseEnergy(say("Total"), hours, footprint.energy_kwh, footprint.carbon_kg)
    rows = (*footprint.phases, total)
    return FootprintTable(tuple(map(text, PHASE_HEADS)), tuple(map(_cells, rows)), tuple(map(_plain, rows)))


def _cells(row: PhaseEnergy) -> tuple[str, ...]:
    return (text(row.name), n.exact(row.node_hours), *_shown(row.energy_kwh), *_shown(row.carbon_kg))


def _shown(value: Range | None) -> tuple[str, str]:
    if value is None:
        return text(n.UNKNOWN), n.EMPTY
    return n.sig3(value.p50), n.span(value.p10, value.p90, 3)


def _plain(row: PhaseEnergy) -> tuple[str, ...]:
    cells = [text(row.name), str(row.node_hours)]
    for value in (row.energy_kwh, row.carbon_kg):
        middle = "" if value is None else n.plain(value.p50)
        cells += [
            middle,
            "" if value is None else text(Span(value.p10, value.p90, form="plain")),
        ]
    return tuple(cells)


def energy_words(footprint: Footprint) -> str:
    """Energy and carbon of the whole request in a sentence."""
    energy, carbon = footprint.energy_kwh, footprint.carbon_kg
    if energy is None:
        return text(say("Energy is not stated: a figure that it needs is not published."))
    about = Name(amount_words(energy, "kWh", "MWh"))
    if carbon is None:
        return text(say("About {energy}.", energy=about))
    return text(
        say(
            "About {energy}, which is {carbon} with the mix that the country consumes.",
            energy=about,
            carbon=Name(amount_words(carbon, "kg CO₂e", "t CO₂e")),
        )
    )


def amount_words(value: Range, small: str, large: str) -> str:
    """A range with its unit: "19 MWh (15 to 25)"."""
    size, unit = _unit((value,), small, large)
    middle = n.with_unit(n.sig2(value.p50 / size), unit)
    return f"{middle} ({n.span(value.p10 / size, value.p90 / size)})"


def embodied_words(footprint: Footprint) -> str:
    """The share of making the hardware; the notes say why there is none."""
    if footprint.embodied_kg is None:
        return text(say("Making of the hardware: no published figure fits."))
    return text(
        say(
            "Making of the hardware: {embodied_kg}, inferred.",
            embodied_kg=Name(amount_words(footprint.embodied_kg, "kg CO₂e", "t CO₂e")),
        )
    )


def value_words(footprint: Footprint) -> str:
    """Market value of the same GPU-hours; one price is shown as one."""
    if footprint.value_eur is None:
        return text(say("Market value: no price was found that fits."))
    low, median, high = footprint.value_eur
    if low == high:
        return text(say("Market value: {median}.", median=Amount(median, form="three", unit="EUR")))
    return text(
        say(
            "Market value: {median} ({span}).",
            median=Amount(median, form="three", unit="EUR"),
            span=Span(low, high, digits=3),
        )
    )


def energy_series(comparison: Comparison, chosen: str | None, catalogue: Catalogue) -> EnergySeries:
    """Machines in service that the run fits, and the user's hardware.

    Args:
        chosen: The machine to emphasise; None takes that of the headline.
    """
    if chosen is None and comparison.headline is not None:
        chosen = comparison.headline.machine.id
    shown = [a for a in comparison.answers if a.fits and a.machine.status == "in service"]
    rows = [_energy_row(answer, machine_name(answer.machine), chosen, catalogue) for answer in shown]
    rows.sort(key=_carbon_first)
    own = comparison.own
    if own.fits:
        rows.append(
            _energy_row(
                own,
                text(say("Your {hardware}", hardware=Name(own_name(comparison, catalogue)))),
                None,
                catalogue,
            )
        )
    return EnergySeries(tuple(rows), energy_subtitle(rows))


def _energy_row(answer: MachineAnswer, label: str, chosen: str | None, catalogue: Catalogue) -> EnergyRow:
    machine = answer.machine
    gpu = catalogue.gpus.get(machine.gpu or "")
    mark = mark_of(machine.id, gpu.family if gpu is not None else None, True, answer.is_own)
    is_chosen = machine.id == chosen and not answer.is_own
    return EnergyRow(label, mark, answer.energy_kwh, answer.carbon_kg, is_chosen, answer.is_own, machine.id)


def _carbon_first(row: EnergyRow) -> tuple[bool, float]:
    """Least carbon first; machines without a figure last."""
    carbon = row.carbon_kg
    return carbon is None, carbon.p50 if carbon is not None else 0.0


def energy_subtitle(rows: Iterable[EnergyRow]) -> str:
    """What the chart shows, where the grids differ more than the machines do."""
    known = [
        row for row in rows if row.energy_kwh is not None and row.carbon_kg is not None and not row.is_own
    ]
    if len(known) < 2:
        return ""
    energies = [row.energy_kwh.p50 for row in known if row.energy_kwh is not None]
    carbons = [row.carbon_kg.p50 for row in known if row.carbon_kg is not None]
    grids = [carbon / energy for carbon, energy in zip(carbons, energies, strict=True)]
    by_machine, by_grid = max(energies) / min(energies), max(grids) / min(grids)
    if by_grid > STRIKING * by_machine:
        return text(say("The grid matters more than the machine"))
    return text(say("Least carbon on {machine}", machine=Name(known[0].label)))


def row_words(row: EnergyRow) -> tuple[str, str, str]:
    """Head, body and foot of a machine's card."""
    energy = text(n.UNKNOWN) if row.energy_kwh is None else amount_words(row.energy_kwh, "kWh", "MWh")
    carbon = text(n.UNKNOWN) if row.carbon_kg is None else amount_words(row.carbon_kg, "kg CO₂e", "t CO₂e")
    return (
        row.label,
        "\n".join(
            (
                text(say("Energy: {energy}", energy=Name(energy))),
                text(say("Carbon: {carbon}", carbon=Name(carbon))),
            )
        ),
        "",
    )


def energy_summary(series: EnergySeries) -> str:
    """The chart in sentences, for screen readers."""
    return " ".join(
        f"{head}: {body.replace(chr(10), ', ')}." for head, body, _ in map(row_words, series.rows)
    )


def energy_text(series: EnergySeries) -> str:
    """Energy and carbon by machine, tab-separated in the C locale."""
    heads = (
        text(say("Machine")),
        *(f"{what} {q}" for what in ("kWh", "kg CO2e") for q in ("P10", "P50", "P90")),
    )
    lines = ["\t".join(heads)]
    for row in series.rows:
        cells = [row.label]
        for value in (row.energy_kwh, row.carbon_kg):
            numbers = ("", "", "") if value is None else (value.p10, value.p50, value.p90)
            cells += [number if isinstance(number, str) else n.plain(number) for number in numbers]
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"
