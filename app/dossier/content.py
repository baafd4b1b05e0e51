"""Builds the dossier: sections in the order in which EuroHPC's project scope and plan asks for them."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from app.dossier.document import Block, Document, Heading, PageBreak
from app.dossier.material import Material
from app.dossier.sections import annex, opening, proof, reasons, running, standing
from app.dossier.text import long_date
from app.present.machines import machine_name

Section = tuple[str, Callable[[Material], tuple[Block, ...]]]

DERIVATION = "How the hours of the main run follow"
FIRST_PAGE: tuple[Section, ...] = (("Milestones", opening.milestones), ("Why these hours", reasons.reasons))
BODY: tuple[Section, ...] = (
    ("Job types", running.jobs),
    ("Memory", running.memory),
    ("Storage", running.storage_needs),
    ("Use by month and calendar", running.monthly_use),
    ("Hours used so far", running.usage),
    ("Scaling", proof.scaling),
    ("Energy, carbon and value", standing.footprint),
    ("Access mode", standing.access),
    ("Findings", standing.findings),
    ("What could move it", proof.what_moves),
    ("Evidence", proof.evidence),
    (DERIVATION, reasons.derivation),
    ("Assumptions", proof.assumptions),
)
ANNEX: tuple[Section, ...] = (("Form sheet", annex.form_sheet), ("Sources", annex.sources))


def dossier(material: Material) -> Document:
    """The whole justification with its annex."""
    first = numbered(FIRST_PAGE, material, 1)
    rest = numbered(BODY, material, len(FIRST_PAGE) + 1)
    body = (*opening.opening(material), *first, *_leads(material), PageBreak(), *rest)
    return _document(material, "Justification of resources", body, _annex(material, ANNEX))


def form_sheet(material: Material) -> Document:
    """The form sheet alone."""
    return _document(material, "Form sheet", annex.form_sheet(material), ())


def numbered(sections: tuple[Section, ...], material: Material, first: int) -> tuple[Block, ...]:
    """Sections under numbered headings; those with nothing to say are left out."""
    blocks: list[Block] = []
    for title, build in sections:
        section = build(material)
        if section:
            blocks += [Heading(f"{first} {title}"), *section]
            first += 1
    return tuple(blocks)


def _annex(material: Material, sections: tuple[Section, ...]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for place, (title, build) in enumerate(sections):
        blocks += [Heading(f"{chr(ord('A') + place)} {title}"), *build(material)]
    return tuple(blocks)


def _leads(material: Material) -> tuple[Block, ...]:
    """Three sentences at the foot of the first page."""
    return (
        proof.lead("Evidence", proof.evidence_words(material)),
        proof.lead("What could move it", proof.moves_words(material)),
        proof.lead("Energy and carbon", standing.footprint_words(material)),
    )


def _document(
    material: Material, eyebrow: str, body: tuple[Block, ...], annexed: tuple[Block, ...]
) -> Document:
    spec = material.campaign.spec
    catalogue_date = datetime.date.fromisoformat(material.comparison.catalogue_date)
    return Document(
        name=spec.name,
        eyebrow=eyebrow,
        title=spec.title or spec.name,
        subtitle=_subtitle(material),
        scenario=material.scenario,
        date=material.date,
        footer=_footer(body, catalogue_date),
        body=body,
        annex=annexed,
    )


def _subtitle(material: Material) -> str:
    campaign, chosen = material.campaign, material.request.doors.chosen
    door = "No access mode fits"
    if chosen is not None:
        group = (
            chosen.mode.group if chosen.mode.group.startswith("EuroHPC") else f"EuroHPC {chosen.mode.group}"
        )
        door = f"{group}, {chosen.mode.short_name or chosen.mode.name}"
    when = f"{long_date(campaign.start)} to {long_date(campaign.end)}"
    return f"{door} · {machine_name(campaign.machine)} · {when}"


def _footer(body: tuple[Block, ...], catalogue_date: datetime.date) -> str:
    """Where figures are derived, and how old the facts are."""
    heads = [block.text for block in body if isinstance(block, Heading)]
    place = next((text.split()[0] for text in heads if text.endswith(DERIVATION)), "")
    derived = (
        f"Every figure is derived in section {place}; sources with confidence in annex B. " if place else ""
    )
    return f"{derived}Catalogue of {long_date(catalogue_date)}."
