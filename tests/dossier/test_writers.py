"""What each writer makes of the same tree."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest

from app.dossier import pdf
from app.dossier.document import (
    Bullets,
    Cell,
    Column,
    Document,
    FigureBlock,
    FigureRow,
    Heading,
    Note,
    Paragraph,
    Placeholder,
    Table,
    bold,
    row,
    words,
)
from app.dossier.docx import docx_bytes
from app.dossier.form_csv import form_csv, guarded
from app.dossier.markdown import markdown_text
from app.dossier.material import Material
from app.dossier.record import json_text
from estimators.requests.results import FormValue
from estimators.words import Said
from tests.dossier.conftest import NOW, MakeDocument

ODD = "#set page() $x$ *b* _i_ `c` <tag> \\ @ref | \u202e =1+1 " + "w" * 80


@pytest.fixture
def odd() -> Document:
    """Everything a user can write, everywhere it can stand."""
    table = Table(
        (Column(ODD, share=1.0), Column("n", "right")), (row(ODD, Cell("1", "fail")),) * 40, note=ODD
    )
    return Document(
        head=ODD,
        eyebrow="Test",
        title=ODD,
        subtitle=ODD,
        stamp=ODD,
        byline=ODD,
        date=NOW.date(),
        footer=ODD,
        body=(
            Heading(f"1 {ODD}"),
            Paragraph(words(ODD, bold(ODD))),
            Bullets((words(ODD),)),
            table,
            Note(words(ODD), "warn"),
            Placeholder(ODD, ODD),
        ),
    )


# ---------------------------------------------------------------- PDF


def test_that_a_pdf_is_tagged_titled_and_always_the_same(paper: MakeDocument) -> None:
    document = paper("support-8b")
    content = pdf.pdf_bytes(document)
    assert content.startswith(b"%PDF-1.")
    assert b"/StructTreeRoot" in content
    assert b"pdfuaid" in content
    assert content == pdf.pdf_bytes(document)


def test_that_no_words_of_the_user_are_markup_in_a_pdf(odd: Document) -> None:
    content = pdf.pdf_bytes(odd)
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", content)) >= 2


# ---------------------------------------------------------------- DOCX


def test_that_a_document_has_styles_heads_and_alt_texts(paper: MakeDocument) -> None:
    import docx

    document = paper("support-8b")
    content = docx_bytes(document)
    read = docx.Document(io.BytesIO(content))
    styles = [paragraph.style.name for paragraph in read.paragraphs if paragraph.style is not None]
    heads = [block for block in document.blocks() if isinstance(block, Heading)]
    assert sum(name.startswith("Heading") for name in styles) == len(heads)
    assert styles[1:3] == ["Title", "Subtitle"]
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    tables = sum(isinstance(block, Table) for block in document.blocks())
    assert xml.count("<w:tblHeader") == tables
    figures = list(document.figures())
    assert [figure.alt for figure in figures] == [
        shape._inline.docPr.get("descr") for shape in _pictures(read)
    ]
    assert read.core_properties.created.date() == document.date
    assert read.core_properties.author == ""


def _pictures(read: object) -> list[object]:
    from docx.shape import InlineShape

    return [InlineShape(inline) for inline in read.element.body.iter(INLINE)]  # type: ignore[attr-defined]


INLINE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"


def test_that_tables_of_a_document_are_as_wide_as_the_text(paper: MakeDocument) -> None:
    from app.dossier.docx import TEXT_WIDTH_MM, _widths

    for block in paper("three-sizes").blocks():
        if isinstance(block, Table):
            assert sum(_widths(block)) == pytest.approx(TEXT_WIDTH_MM)
            assert min(_widths(block)) > 5.0


def test_that_equal_documents_are_equal_files(paper: MakeDocument, odd: Document) -> None:
    assert docx_bytes(odd) == docx_bytes(odd)
    assert docx_bytes(paper("support-8b")) == docx_bytes(paper("support-8b"))


# ---------------------------------------------------------------- Markdown


def test_that_markdown_tables_keep_their_columns(odd: Document, paper: MakeDocument) -> None:
    for document in (odd, paper("support-8b")):
        for line in markdown_text(document).splitlines():
            if line.startswith("|"):
                cells = re.split(r"(?<!\\)\|", line)
                assert cells[0] == cells[-1] == ""
        tables = [block for block in document.blocks() if isinstance(block, Table)]
        text = markdown_text(document)
        assert text.count("---") >= sum(len(table.columns) for table in tables)


def test_that_no_words_of_the_user_are_markup_in_markdown(odd: Document) -> None:
    text = markdown_text(odd)
    assert not re.search(r"(?<!\\)<tag", text)
    assert not re.search(r"(?m)^\s*=1", text)
    assert r"\*b\*" in text


def test_that_markdown_names_its_pictures(paper: MakeDocument) -> None:
    document = paper("support-8b")
    addresses = {figure.key: f"figures/{figure.key}.svg" for figure in document.figures()}
    text = markdown_text(document, addresses)
    assert all(f"]({address})" in text for address in addresses.values())
    assert "](figures/" not in markdown_text(document)


# ---------------------------------------------------------------- JSON and CSV


def test_that_json_says_everything_in_plain_values(material: Material) -> None:
    record = json.loads(json_text(material, "team"))
    assert record["format"] == "nodewise-request"
    assert sum(row["node_hours"] for row in record["milestones"]) == record["request"]["node_hours"]
    assert sum(month["node_hours"] for month in record["months"]) == record["request"]["node_hours"]
    assert {
        "plan",
        "runs",
        "jobs",
        "storage",
        "scaling",
        "footprint",
        "access",
        "findings",
        "form",
        "sources",
    } <= set(record)
    assert record["plan"]["name"] == material.plan.name
    assert all(source["confidence"] for source in record["sources"])
    assert len(record["form"]) == len(material.request.form)


def test_that_every_fact_behind_the_request_has_a_source(material: Material) -> None:
    for source in json.loads(json_text(material, "team"))["sources"]:
        assert source["source"]
        assert source["date"]


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n+1", "\uff1d1", "\ufeff=1"]
)
def test_that_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert guarded(text).startswith("'")
    field = FormValue("id", text, text, text, text, True, Said(text), text, text)
    cells = list(csv.reader(io.StringIO(form_csv((field,)))))[1]
    assert [cell for cell in cells if not cell.startswith("'")] == ["yes"]


def test_that_plain_values_stand_as_they_are() -> None:
    assert guarded("13420") == "13420"
    assert guarded("EuroLLM = good") == "EuroLLM = good"
    assert guarded("") == ""


# ---------------------------------------------------------------- figures


def test_that_figures_are_files_of_each_format_and_always_the_same(paper: MakeDocument) -> None:
    signs = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
    figures = list(paper("support-8b").figures())
    assert [figure.key for figure in figures][:3] == ["gpu-hours-against-days", "use-by-month", "calendar"]
    for figure in figures:
        assert figure.alt.endswith(".")
        for name, sign in signs.items():
            assert figure.picture(name).startswith(sign)  # type: ignore[arg-type]


def test_that_charts_beside_each_other_are_equally_high(paper: MakeDocument) -> None:
    beside = next(block for block in paper("support-8b").body if isinstance(block, FigureRow))
    heights = {round(figure.width * figure.ratio, 6) for figure in beside.figures}
    assert len(heights) == 1
    assert all(isinstance(figure, FigureBlock) for figure in beside.figures)
