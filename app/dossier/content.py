"""Builds the dossier: sections in the order in which EuroHPC's project scope and plan asks for them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.dossier.document import TEAM_MARK, Block, Document, Heading, shown
from app.dossier.material import Material
from app.dossier.sections import annex, opening, proof, reasons, risks, running, standing, team
from app.plan.schema import Edition
from app.present.inputs import plan_title
from app.present.machines import machine_name
from app.words import spoken, text
from estimators.words import NOTHING, Amount, Name, Said, say, together

SectionId = Literal[
    "milestones", "reasons",
    "jobs", "memory", "storage", "months", "usage", "scaling", "footprint", "evidence", "derivation",
    "assumptions", "findings", "what-moves", "access", "questions", "other-machines", "market-value",
    "doubtful-facts",
    "sources", "form",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the dossier under a title of its own."""

    id: SectionId
    title: Said
    build: Callable[[Material], tuple[Block, ...]]


FIRST_PAGE: tuple[Section, ...] = (
    Section("milestones", say("Milestones"), opening.milestones),
    Section("reasons", say("Why these hours"), reasons.reasons),
)
BODY: tuple[Section, ...] = (
    Section("jobs", say("Job types"), running.jobs),
    Section("memory", say("Memory"), running.memory),
    Section("storage", say("Storage"), running.storage_needs),
    Section("months", say("Use by month and calendar"), running.monthly_use),
    Section("usage", say("Hours used so far"), running.usage),
    Section("scaling", say("Scaling"), proof.scaling),
    Section("footprint", say("Energy and carbon"), standing.footprint),
    Section("evidence", say("Evidence"), proof.evidence),
    Section("derivation", say("How the hours of the main run follow"), reasons.derivation),
    Section("assumptions", say("Assumptions"), risks.assumptions),
    Section("findings", say("Findings"), standing.findings),
    Section("what-moves", say("What could go wrong"), risks.what_moves),
    Section("access", say("Access mode"), standing.access),
    Section("questions", say("Questions that reviewers ask"), team.questions),
    Section("other-machines", say("Other machines"), team.other_machines),
    Section("market-value", say("Market value"), standing.market_value),
    Section("doubtful-facts", say("Facts to confirm"), team.doubtful_facts),
)
ANNEX: tuple[Section, ...] = (
    Section("sources", say("Sources"), annex.sources),
    Section("form", say("Form sheet"), annex.form_sheet),
)
EXPENDABLE: tuple[SectionId, ...] = ("derivation", "memory", "evidence", "footprint", "storage", "jobs")
"""What a reviewer's edition leaves out where its pages do not suffice: first what is least missed, last what
the form asks for too."""


def dossier(material: Material, edition: Edition = "reviewer", without: Iterable[SectionId] = ()) -> Document:
    """The whole justification with its annex.

    Args:
        material: What is written from.
        edition: For whom.
        without: Sections to leave out.
    """
    left_out = frozenset(without)
    first = tuple(_titled(FIRST_PAGE, material, edition, left_out))
    rest = tuple(_titled(BODY, material, edition, left_out))
    annexed = tuple(_titled(ANNEX, material, edition, left_out))
    heads: dict[SectionId, str] = {
        section.id: str(place) for place, (section, _) in enumerate((*first, *rest), start=1)
    }
    body = [*opening.opening(material)]
    for place, (section, blocks) in enumerate((*first, *rest)):
        if place == len(first):
            body += _leads(material)
        body += [_heading(heads[section.id], section), *blocks]
    letters: dict[SectionId, str] = {
        section.id: chr(ord("A") + place) for place, (section, _) in enumerate(annexed)
    }
    tail = [
        block for section, blocks in annexed for block in (_heading(letters[section.id], section), *blocks)
    ]
    footer = _footer(material, heads.get("derivation", ""), letters.get("sources", ""), edition)
    eyebrow = say("Justification of resources")
    return _document(material, eyebrow, tuple(body), tuple(tail), footer, edition)


def titles_of(ids: Iterable[SectionId]) -> tuple[Said, ...]:
    """What sections are called."""
    known = {section.id: section.title for section in (*FIRST_PAGE, *BODY, *ANNEX)}
    return tuple(known[one] for one in ids)


def form_sheet(material: Material) -> Document:
    """The form sheet alone, for those who fill in the portal."""
    body = annex.form_sheet(material)
    return _document(material, say("Form sheet"), body, (), _footer(material, "", "", "team"), "team")


def _titled(
    sections: tuple[Section, ...], material: Material, edition: Edition, left_out: frozenset[SectionId]
) -> Iterator[tuple[Section, tuple[Block, ...]]]:
    """Sections with what the edition shows of them; those with nothing to say are left out."""
    for section in sections:
        if section.id not in left_out and (blocks := shown(section.build(material), edition)):
            yield section, blocks


def _heading(number: str, section: Section) -> Heading:
    return Heading(f"{number} {text(section.title)}")


def _leads(material: Material) -> tuple[Block, ...]:
    """Three sentences at the foot of the first page."""
    return (
        proof.lead(say("Evidence."), proof.evidence_said(material)),
        proof.lead(say("Margin."), risks.margin(material)),
        proof.lead(say("Energy and carbon."), standing.footprint_said(material)),
    )


def _document(
    material: Material,
    eyebrow: Said,
    body: tuple[Block, ...],
    annexed: tuple[Block, ...],
    footer: str,
    edition: Edition,
) -> Document:
    asked = material.plan.dossier
    is_for_team = edition == "team"
    date = _long(material.date)
    stamp = say("{date} · scenario {fingerprint}", date=date, fingerprint=Name(material.scenario))
    return Document(
        head=_head(asked.acronym or (material.plan.name if is_for_team else "")),
        eyebrow=f"{text(eyebrow)} · {text(TEAM_MARK)}" if is_for_team else text(eyebrow),
        title=plan_title(material.plan, material.catalogue),
        subtitle=_subtitle(material),
        stamp=text(stamp if is_for_team else date),
        date=material.date,
        footer=footer,
        body=body,
        annex=annexed,
        byline=_byline(asked.applicant_name, asked.acronym),
        edition=edition,
        language=asked.language or spoken().code,
        speaks=spoken().code,
    )


def _head(name: str) -> str:
    return text(say("dossier · {name}", name=Name(name)) if name else say("dossier"))


def _long(day: datetime.date) -> Amount:
    return Amount(day, form="long_day")


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
    span = say("{start} to {end}", start=_long(campaign.start), end=_long(campaign.end))
    parts += [machine_name(campaign.machine), text(span)]
    return " · ".join(parts)


def _footer(material: Material, derived: str, sources: str, edition: Edition) -> str:
    """Where figures are derived, and how old the facts are."""
    section, annexed = Name(derived), Name(sources)
    told = NOTHING
    if sources and edition == "team":
        told = (
            say(
                "Figures are derived in section {section}; sources with confidence in annex {annex}.",
                section=section,
                annex=annexed,
            )
            if derived
            else say("Sources with confidence in annex {annex}.", annex=annexed)
        )
    elif sources:
        told = (
            say(
                "Figures are derived in section {section}; sources in annex {annex}.",
                section=section,
                annex=annexed,
            )
            if derived
            else say("Sources in annex {annex}.", annex=annexed)
        )
    elif derived:
        told = say("Figures are derived in section {section}.", section=section)
    day = datetime.date.fromisoformat(material.comparison.catalogue_date)
    return text(together(told, say("Facts of {day}.", day=_long(day))))
