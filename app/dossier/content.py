"""Builds the dossier: sections in the order in which EuroHPC's project scope and plan asks for them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

from app.dossier.document import TEAM_ONLY, Block, Document, Heading, shown
from app.dossier.material import Material
from app.dossier.sections import annex, opening, proof, reasons, risks, running, standing, team
from app.dossier.text import long_date
from app.plan.schema import Edition
from app.present.inputs import plan_title
from app.present.machines import machine_name

Section = tuple[str, Callable[[Material], tuple[Block, ...]]]

DERIVATION = "How the hours of the main run follow"
SOURCES = "Sources"
FIRST_PAGE: tuple[Section, ...] = (("Milestones", opening.milestones), ("Why these hours", reasons.reasons))
BODY: tuple[Section, ...] = (
    ("Job types", running.jobs),
    ("Memory", running.memory),
    ("Storage", running.storage_needs),
    ("Use by month and calendar", running.monthly_use),
    ("Hours used so far", running.usage),
    ("Scaling", proof.scaling),
    ("Energy and carbon", standing.footprint),
    ("Evidence", proof.evidence),
    (DERIVATION, reasons.derivation),
    ("Assumptions", risks.assumptions),
    ("Findings", standing.findings),
    ("What could go wrong", risks.what_moves),
    ("Access mode", standing.access),
    ("Questions that reviewers ask", team.questions),
    ("Other machines", team.other_machines),
    ("Market value", standing.market_value),
    ("Facts to confirm", team.doubtful_facts),
)
ANNEX: tuple[Section, ...] = ((SOURCES, annex.sources), ("Form sheet", annex.form_sheet))
EXPENDABLE = (DERIVATION, "Memory", "Evidence", "Energy and carbon", "Storage", "Job types")
"""What a reviewer's edition leaves out where its pages do not suffice: first what is least missed, last what
the form asks for too."""


def dossier(material: Material, edition: Edition = "reviewer", without: Iterable[str] = ()) -> Document:
    """The whole justification with its annex.

    Args:
        material: What is written from.
        edition: For whom.
        without: Titles of sections to leave out.
    """
    left_out = frozenset(without)
    first = tuple(_titled(FIRST_PAGE, material, edition, left_out))
    rest = tuple(_titled(BODY, material, edition, left_out))
    annexed = tuple(_titled(ANNEX, material, edition, left_out))
    heads = _numbers((*first, *rest))
    body = [*opening.opening(material)]
    for place, (title, blocks) in enumerate((*first, *rest)):
        if place == len(first):
            body += _leads(material)
        body += [Heading(f"{heads[title]} {title}"), *blocks]
    letters = {title: chr(ord("A") + place) for place, (title, _) in enumerate(annexed)}
    tail = [b for title, blocks in annexed for b in (Heading(f"{letters[title]} {title}"), *blocks)]
    footer = _footer(material, heads.get(DERIVATION, ""), letters.get(SOURCES, ""), edition)
    return _document(material, "Justification of resources", tuple(body), tuple(tail), footer, edition)


def form_sheet(material: Material) -> Document:
    """The form sheet alone, for those who fill in the portal."""
    body = annex.form_sheet(material)
    return _document(material, "Form sheet", body, (), _footer(material, "", "", "team"), "team")


def _titled(
    sections: tuple[Section, ...], material: Material, edition: Edition, left_out: frozenset[str]
) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Sections with what the edition shows of them; those with nothing to say are left out."""
    for title, build in sections:
        if title not in left_out and (blocks := shown(build(material), edition)):
            yield title, blocks


def _numbers(sections: Iterable[tuple[str, tuple[Block, ...]]]) -> dict[str, str]:
    return {title: str(place) for place, (title, _) in enumerate(sections, start=1)}


def _leads(material: Material) -> tuple[Block, ...]:
    """Three sentences at the foot of the first page."""
    return (
        proof.lead("Evidence", proof.evidence_words(material)),
        proof.lead("Margin", risks.margin_words(material)),
        proof.lead("Energy and carbon", standing.footprint_words(material)),
    )


def _document(
    material: Material,
    eyebrow: str,
    body: tuple[Block, ...],
    annexed: tuple[Block, ...],
    footer: str,
    edition: Edition,
) -> Document:
    asked = material.plan.dossier
    is_for_team = edition == "team"
    date = long_date(material.date)
    return Document(
        head=f"dossier · {asked.acronym or material.plan.name}" if is_for_team else _head(asked.acronym),
        eyebrow=f"{eyebrow} · {TEAM_ONLY}" if is_for_team else eyebrow,
        title=plan_title(material.plan, material.catalogue),
        subtitle=_subtitle(material),
        stamp=f"{date} · scenario {material.scenario}" if is_for_team else date,
        date=material.date,
        footer=footer,
        body=body,
        annex=annexed,
        byline=_byline(asked.applicant_name, asked.acronym),
        edition=edition,
        language=asked.language or "en",
    )


def _head(acronym: str) -> str:
    return f"dossier · {acronym}" if acronym else "dossier"


def _byline(applicant: str, acronym: str) -> str:
    """Who asks, and the project's short name: "Kielipaja Oy · KIELI"."""
    return " · ".join(part for part in (applicant.strip(), acronym.strip()) if part)


def _subtitle(material: Material) -> str:
    campaign, chosen = material.campaign, material.request.doors.chosen
    parts = []
    if chosen is not None:
        name = chosen.mode.group
        group = name if name.startswith("EuroHPC") else f"EuroHPC {name}"
        parts.append(f"{group}, {chosen.mode.short_name or chosen.mode.name}")
    parts += [machine_name(campaign.machine), f"{long_date(campaign.start)} to {long_date(campaign.end)}"]
    return " · ".join(parts)


def _footer(material: Material, derived: str, sources: str, edition: Edition) -> str:
    """Where figures are derived, and how old the facts are."""
    told = [f"figures are derived in section {derived}"] if derived else []
    if sources:
        told.append(f"sources{' with confidence' if edition == 'team' else ''} in annex {sources}")
    catalogue_date = long_date(datetime.date.fromisoformat(material.comparison.catalogue_date))
    text = f"{'; '.join(told)}. " if told else ""
    return f"{text[:1].upper()}{text[1:]}Facts of {catalogue_date}."
