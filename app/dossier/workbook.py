"""Writes a request as a workbook of live sums: a reviewer changes an input and sees what follows."""

from __future__ import annotations

import datetime
import io
from typing import Any

from app.dossier.run_values import all_run_values
from app.dossier.sources import SourceLine, source_lines
from app.dossier.workbook_months import write_months
from app.dossier.workbook_request import write_milestones, write_request
from app.dossier.workbook_runs import write_runs
from app.dossier.workbook_style import Formats, fit_row, page_setup, put_heads, put_text
from estimators.catalogue.load import Catalogue
from estimators.requests.results import FormValue, Request

SHEETS = ("Request", "Milestones", "Months", "Inputs", "Run", "Form", "Sources")
HEAD_ROW = 3


def workbook_bytes(request: Request, catalogue: Catalogue, date: datetime.date) -> bytes:
    """The request as a workbook; equal requests are equal files."""
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
    book.set_properties(
        {
            "title": campaign.spec.title or campaign.spec.name,
            "author": "",
            "created": datetime.datetime(date.year, date.month, date.day),
        }
    )
    for name in SHEETS:  # in the order in which they are read, whichever is filled first
        book.add_worksheet(name)
    formats = Formats(book)
    runs, names = all_run_values(campaign, catalogue)
    write_request(book, request, formats)
    placed = write_runs(book, campaign, runs, names, formats)
    cells = write_milestones(book, request, placed, formats)
    write_months(book, campaign, cells, formats)
    _write_form(book, request.form, formats)
    _write_sources(book, source_lines(request, catalogue), formats)
    book.close()
    return out.getvalue()


def _write_form(book: Any, form: tuple[FormValue, ...], formats: Formats) -> None:
    sheet = book.get_worksheet_by_name("Form")
    sheet.write_string(0, 0, "Form sheet: portal field and value to paste", formats.title())
    heads = [
        ("Section", 16.0, False), ("Field", 42.0, False), ("Value to paste", 60.0, False),
        ("Unit", 14.0, False), ("To do", 50.0, False), ("Source", 24.0, False), ("Confidence", 13.0, False),
    ]  # fmt: skip
    put_heads(sheet, HEAD_ROW, heads, formats)
    for row, field in enumerate(form, start=HEAD_ROW + 1):
        cells = (
            field.section, field.name, field.value, field.unit, field.hint, field.source, field.confidence,
        )  # fmt: skip
        fit_row(sheet, row, [(text, width) for text, (_, width, _) in zip(cells, heads, strict=True)])
        for column, text in enumerate(cells):
            put_text(sheet, row, column, text, formats.text(bold=column == 2))
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
        fit_row(sheet, row, [(text, width) for text, (_, width, _) in zip(cells, heads, strict=True)])
        for column, text in enumerate(cells):
            put_text(sheet, row, column, text, formats.text())
    page_setup(sheet, HEAD_ROW)
