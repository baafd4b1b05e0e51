"""Names and titles of any kind in every format: drawn or boxed, never a failed export, never markup."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.dossier import pdf
from app.dossier.document import Cell, Column, Document, Heading, Paragraph, Table, bold, row, words
from app.dossier.docx import docx_bytes
from app.dossier.material import Material
from app.dossier.workbook import workbook_bytes
from tests.dossier.conftest import NOW, export
from tests.everything.texts import SYNTAX

SCRIPTS = (
    "😀 👩‍👩‍👧‍👦", "漢字かな", "مرحبا", "हिन्दी", "\u0616", "\U00100a13", "\ue000", "\u0378", "\U0010ffff",
)  # fmt: skip


def paper_of(text: str) -> Document:
    table = Table((Column(text, share=1.0), Column("n", "right")), (row(text, Cell("1", "fail")),), note=text)
    body = (Heading(f"1 {text}"), Paragraph(words(text, bold(text))), table)
    return Document(
        head=text, eyebrow="Test", title=text, subtitle=text, stamp=text, byline=text, date=NOW.date(),
        footer=text, body=body,
    )  # fmt: skip


@pytest.mark.parametrize("text", SCRIPTS, ids=ascii)
def test_that_a_pdf_draws_every_script_or_a_box_for_it(text: str) -> None:
    assert pdf.pdf_bytes(paper_of(text)).startswith(b"%PDF")
    plain, shown = pdf.page_pictures(paper_of(" "), 30.0), pdf.page_pictures(paper_of(text), 30.0)
    assert plain != shown


def test_that_all_syntax_at_once_is_plain_in_a_pdf() -> None:
    assert pdf.pdf_bytes(paper_of(" ".join(SYNTAX))).startswith(b"%PDF")


def test_that_a_word_without_end_stays_on_the_page() -> None:
    text = pdf.document_json(paper_of("W" * 400))
    assert "W" * 12 in text
    assert "W" * 13 not in text


NAMES = ("é" * 120, "😀" * 120, "a/b\\c:d", "..", " . ", "=1+1", "-rf", "#x")
LONG = ("=cmd|' /C calc'!A0 #panic() $(reboot) Zweisprachige Modelle " * 90)[:5000]


def test_that_the_longest_title_stands_in_a_document() -> None:
    import docx

    content = docx_bytes(replace(paper_of("x"), title=LONG))
    read = docx.Document(io.BytesIO(content))
    shown = [paragraph for paragraph in read.paragraphs if paragraph.text == LONG]
    assert len(shown) == 1
    assert shown[0].style is not None
    assert shown[0].style.name == "Normal"
    assert len(read.core_properties.title) <= 255


def test_that_the_longest_title_leaves_room_on_the_first_page_of_a_pdf() -> None:
    document = replace(paper_of("x"), title=LONG)
    assert len(pdf.page_pictures(document, 20.0)) == 1


def test_that_the_longest_title_is_text_over_the_columns_of_a_workbook(material: Material) -> None:
    content = workbook_bytes(material.request, material.catalogue, material.date, title=LONG)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        properties = parts.read("docProps/core.xml").decode()
    assert '<mergeCell ref="A1:D1"/>' in sheet
    first = re.search(r'<c r="A1"[^>]*>(.*?)</c>', sheet)
    assert first is not None
    assert "<f>" not in first[1]
    named = re.search(r"<dc:title>(.*?)</dc:title>", properties)
    assert named is not None
    assert len(html.unescape(named[1])) <= 255


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_that_any_name_of_a_plan_names_files(name: str, material: Material, tmp_path: Path) -> None:
    plan = msgspec.structs.replace(material.plan, name=name)
    written = export(material.request, material.comparison, plan, material.catalogue, tmp_path, "form")
    assert len({path.name for path in written}) == len(written) == 2
    assert all(path.parent == tmp_path and path.is_file() for path in written)
