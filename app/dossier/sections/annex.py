"""What follows the justification: the sources, and for the team the form sheet."""

from __future__ import annotations

from app.dossier.document import Block, Cell, Paragraph, Table, column, for_team, row, toned, words
from app.dossier.material import Material
from app.dossier.sources import source_lines
from estimators.requests.form.inputs import ONLY_YOU
from estimators.requests.results import FormValue
from estimators.words import NOTHING, say

OWN_WORDS = say("yours to write")


def form_sheet(material: Material) -> tuple[Block, ...]:
    """Every field of the portal with the value to paste."""
    said = say("Paste the values as they stand: plain digits, no thousands signs. Units as the portal asks.")
    columns = (
        column(say("Section")),
        column(say("Field"), share=1.1),
        column(say("Value to paste"), share=1.5),
        column(say("To do or check"), share=1.1),
    )
    rows = []
    for section, fields in by_section(material.request.form):
        for place, field in enumerate(fields):
            rows.append(_form_row("" if place else section, field))
    return for_team(Paragraph(words(said)), Table(columns, tuple(rows), compact=True))


def by_section(form: tuple[FormValue, ...]) -> list[tuple[str, list[FormValue]]]:
    """Fields by section, sections in the order of their first field."""
    sections: dict[str, list[FormValue]] = {}
    for field in form:
        sections.setdefault(field.section, []).append(field)
    return list(sections.items())


def _form_row(section: str, field: FormValue) -> tuple[Cell, ...]:
    name = f"{field.name} [{field.unit}]" if field.unit and field.unit not in field.name else field.name
    value = Cell(field.value) if field.filled else toned(OWN_WORDS, "info")
    hint = NOTHING if not field.filled and field.hint == ONLY_YOU else field.hint
    return row(section, name, value, hint)


def sources(material: Material) -> tuple[Block, ...]:
    """The facts behind the hours with their publishers; for the team every fact with its address."""
    lines = source_lines(material.request, material.catalogue)
    cited = tuple(
        row(line.name, line.value, line.publisher, line.date)
        for line in lines
        if line.is_behind_hours and line.publisher
    )
    columns = (
        column(say("Fact"), share=1.0),
        column(say("Value"), share=0.8),
        column(say("Source"), share=1.0),
        column(say("Date")),
    )
    blocks: tuple[Block, ...] = (Table(columns, cited, compact=True),) if cited else ()
    whole = (
        column(say("Fact"), share=1.0),
        column(say("Value"), share=0.9),
        column(say("Where it was read"), share=1.7),
        column(say("Confidence")),
        column(say("Date")),
    )
    rows = tuple(row(line.name, line.value, line.source, line.confidence, line.date) for line in lines)
    said = say("Every fact with its address. Facts are official, secondary, inferred or unverified.")
    return (*blocks, *for_team(Paragraph(words(said)), Table(whole, rows, compact=True)))
