"""Writes a request as a workbook of live sums: a reviewer changes an input and sees what follows."""

from __future__ import annotations

import datetime
import io
from typing import Any

from app.dossier.document import TEAM_ONLY
from app.dossier.public_sources import SET_BY_PLAN, public_note, public_source
from app.dossier.run_values import Input, all_run_values
from app.dossier.sources import SourceLine, source_lines
from app.dossier.text import PROPERTY_LETTERS, shortened
from app.dossier.workbook_months import write_months
from app.dossier.workbook_request import write_milestones, write_request
from app.dossier.workbook_runs import write_runs
from app.dossier.workbook_style import Formats, fit_row, page_setup, put_heads, put_text
from app.plan.schema import Edition
from app.present.palette import LIGHT
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.requests.results import FormValue, Request

FORM = "Form"
SHEETS = ("Request", "Milestones", "Months", "Inputs", "Run", FORM, "Sources")
HEAD_ROW = 3


def workbook_bytes(
    request: Request,
    catalogue: Catalogue,
    date: datetime.date,
    edition: Edition = "reviewer",
    title: str = "",
) -> bytes:
    """The request as a workbook; equal requests are equal files.

    Args:
        request: The whole request.
        catalogue: Names and sources.
        date: Day for which it was computed.
        edition: For whom; the form sheet and addresses of sources are the team's alone.
        title: What the project is about; "" takes that of the request.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    campaign = request.campaign
    is_for_team = edition == "team"
    title = title or campaign.spec.title or campaign.spec.name
    book.set_properties(
        {
            "title": shortened(title, PROPERTY_LETTERS),
            "author": "",
            "created": datetime.datetime(date.year, date.month, date.day),
        }
    )
    for name in SHEETS:  # in the order in which they are read, whichever is filled first
        if is_for_team or name != FORM:
            _marked(book.add_worksheet(name), is_for_team)
    formats = Formats(book)
    runs, names = all_run_values(campaign, catalogue)
    write_request(book, request, title, formats)
    placed = write_runs(book, campaign, runs, names, formats, _whole_source if is_for_team else _publisher)
    cells = write_milestones(book, request, placed, formats)
    write_months(book, campaign, cells, formats)
    lines = source_lines(request, catalogue)
    if is_for_team:
        _write_form(book, request.form, formats)
        _write_sources(book, lines, formats)
    else:
        _write_publishers(book, lines, formats)
    book.close()
    return out.getvalue()


def _marked(sheet: Any, is_for_team: bool) -> None:
    """A sheet; the team's says on every printed page that it is not to be handed in."""
    if is_for_team:
        sheet.set_header(f'&L&"Arial,Bold"{TEAM_ONLY}&R&A')
        sheet.set_tab_color(LIGHT.fail)


def _whole_source(named: Input) -> str:
    """Where an input comes from, in one line."""
    if named.fact is None:
        return text(named.note)
    parts = (named.fact.source, named.fact.confidence, named.fact.as_of)
    return ", ".join(part for part in parts if part)


def _publisher(named: Input) -> str:
    """The same as a reviewer reads it."""
    if named.fact is None:
        return public_note(named.note)
    name = public_source(named.fact)
    return f"{name}, {named.fact.as_of}" if name and named.fact.as_of else name or text(SET_BY_PLAN)


def _write_form(book: Any, form: tuple[FormValue, ...], formats: Formats) -> None:
    sheet = book.get_worksheet_by_name(FORM)
    sheet.write_string(0, 0, "Form sheet: portal field and value to paste", formats.title())
    heads = [
        ("Section", 16.0, False), ("Field", 42.0, False), ("Value to paste", 60.0, False),
        ("Unit", 14.0, False), ("To do", 50.0, False), ("Source", 24.0, False), ("Confidence", 13.0, False),
    ]  # fmt: skip
    put_heads(sheet, HEAD_ROW, heads, formats)
    for row, field in enumerate(form, start=HEAD_ROW + 1):
        cells = (
            field.section, field.name, field.value, field.unit, text(field.hint),
            field.source, field.confidence,
        )  # fmt: skip
        fit_row(sheet, row, [(cell, width) for cell, (_, width, _) in zip(cells, heads, strict=True)])
        for column, cell in enumerate(cells):
            put_text(sheet, row, column, cell, formats.text(bold=column == 2))
    page_setup(sheet, HEAD_ROW)


def _write_sources(book: Any, lines: tuple[SourceLine, ...], formats: Formats) -> None:
    sheet = book.get_worksheet_by_name("Sources")
    sheet.write_string(0, 0, "Facts behind the request", formats.title())
    heads = [
        ("Fact", 44.0, False), ("Value", 26.0, False), ("Source", 60.0, False), ("Confidence", 13.0, False),
        ("Date", 16.0, False), ("Note", 60.0, False),
    ]  # fmt: skip
    put_heads(sheet, HEAD_ROW, heads, formats)
    for row, line in enumerate(lines, start=HEAD_ROW + 1):
        cells = (line.name, line.value, line.source, line.confidence, line.date, line.note)
        fit_row(sheet, row, [(cell, width) for cell, (_, width, _) in zip(cells, heads, strict=True)])
        for column, cell in enumerate(cells):
            put_text(sheet, row, column, cell, formats.text())
    page_setup(sheet, HEAD_ROW)


def _write_publishers(book: Any, lines: tuple[SourceLine, ...], formats: Formats) -> None:
    """The facts behind the hours with who published them; what the plan itself sets says so."""
    sheet = book.get_worksheet_by_name("Sources")
    sheet.write_string(0, 0, "Facts behind the request", formats.title())
    heads = [("Fact", 44.0, False), ("Value", 26.0, False), ("Source", 60.0, False), ("Date", 16.0, False)]
    put_heads(sheet, HEAD_ROW, heads, formats)
    shown = [line for line in lines if line.is_behind_hours]
    for row, line in enumerate(shown, start=HEAD_ROW + 1):
        cells = (
            line.name,
            line.value,
            line.publisher or text(SET_BY_PLAN),
            line.date if line.publisher else "",
        )
        fit_row(sheet, row, [(cell, width) for cell, (_, width, _) in zip(cells, heads, strict=True)])
        for column, cell in enumerate(cells):
            put_text(sheet, row, column, cell, formats.text())
    page_setup(sheet, HEAD_ROW)
