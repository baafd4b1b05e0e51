"""What a reviewer may read, and what only the team does."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import zipfile
from functools import cache
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from PIL import Image

from app.dossier import pdf
from app.dossier.content import EXPENDABLE, dossier, titles_of
from app.dossier.document import (
    TEAM_ONLY,
    Block,
    Document,
    FigureBlock,
    FigureRow,
    Heading,
    Paragraph,
    Table,
    Words,
    for_team,
    words,
)
from app.dossier.docx import docx_bytes
from app.dossier.export import file_stem
from app.dossier.fitting import OWN_PAGES, fitted, page_limit, pages_words
from app.dossier.markdown import markdown_text
from app.dossier.material import Material
from app.dossier.public_sources import SET_BY_PLAN, public_name
from app.dossier.record import json_text
from app.dossier.workbook import workbook_bytes
from app.plan.edits import with_value
from app.plan.schema import DossierInput, Edition, MeasuredStepInput
from app.words import text
from estimators import Catalogue
from estimators.words import NOTHING, say
from tests.dossier.conftest import NAMES, NOW, MakeMaterial, export, material_of
from tests.dossier.pdf_text import pages_of

FORBIDDEN = (
    # second person and tasks
    r"\byou(rs?)?\b", r"\bonly you can\b", r"\byours to write\b", r"\bask the (centre|site|call)\b",
    r"\blook at the portal\b", r"\bapply by\b", r"\bconfirm (it|them)\b", r"\bto do\b", r"\bto paste\b",
    # doubt about the source of a rule
    r"third.party", r"public documents?\b", r"not an official", r"no public listing", r"judge?ment",
    r"\bunverified\b", r"repository name", r"no (page|source) ", r"general knowledge",
    # our own errors, marks and checks
    r"predicted within", r"time, error", r"\bscenario\b", r"\b[0-9A-F]{4}-[0-9A-F]{4}\b", r"\bCHECK\b",
    r"rules? pass", r"\bTEAM ONLY\b",
    # private places
    r"github", r"medium\.com", r"substack", r"\bblog\b", r"https?://", r"/(home|Users|tmp)/",
    r"mercatus", r"getdeploying", r"spheron",
)  # fmt: skip
"""What no word of a reviewer's edition matches, in any format."""
LEAST_FILL = 0.25
"""Part of a page below which it looks empty."""


def blank(figure: FigureBlock) -> FigureBlock:
    """The figure with an empty picture of its size: words are what is read here."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="{1000 * figure.ratio:.0f}"/>'
    file = io.BytesIO()
    Image.new("RGB", (100, max(1, round(100 * figure.ratio)))).save(file, "png")
    pictures = {"svg": svg.encode(), "png": file.getvalue()}
    return dataclasses.replace(figure, picture=lambda format_name: pictures[format_name])


def without_pictures(document: Document) -> Document:
    def bare(block: Block) -> Block:
        if isinstance(block, FigureRow):
            return dataclasses.replace(block, figures=tuple(blank(one) for one in block.figures))
        return blank(block) if isinstance(block, FigureBlock) else block

    return dataclasses.replace(
        document, body=tuple(map(bare, document.body)), annex=tuple(map(bare, document.annex))
    )


def words_of_docx(content: bytes) -> str:
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = [
        name for name in archive.namelist() if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name)
    ]
    return "\n".join(
        "".join(node.itertext())
        for name in parts
        for node in ElementTree.fromstring(archive.read(name)).iter(PARAGRAPH)
    )


def plain(spans: Words) -> str:
    return "".join(span.text for span in spans)


PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"


def words_of_xlsx(content: bytes) -> str:
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = [name for name in archive.namelist() if name.startswith("xl/") and name.endswith(".xml")]
    return "\n".join(
        text
        for name in parts
        for text in ElementTree.fromstring(archive.read(name)).itertext()
        if text.strip()
    )


def readings(material: Material, edition: Edition) -> dict[str, str]:
    """The words of each format."""
    document = without_pictures(dossier(material, edition))
    request, catalogue = material.request, material.catalogue
    return {
        "pdf": "\n".join(pages_of(pdf.pdf_bytes(document))),
        "docx": words_of_docx(docx_bytes(document)),
        "md": markdown_text(document),
        "xlsx": words_of_xlsx(workbook_bytes(request, catalogue, material.date, edition)),
        "json": json_text(material, edition),
    }


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, 0 if pattern.isupper() else re.IGNORECASE) for pattern in FORBIDDEN)


def found_in(text: str) -> list[str]:
    said = " ".join(text.replace("\\", "").split())
    return [said[max(0, m.start() - 40) : m.end() + 40] for p in _compiled() if (m := p.search(said))]


@pytest.mark.parametrize("name", NAMES)
def test_that_a_reviewer_reads_no_advice_no_doubt_and_no_private_place(
    name: str, example: MakeMaterial
) -> None:
    material = example(name)
    read = readings(material, "reviewer")
    for said in read.values():
        assert material.plan.about in " ".join(said.split()) or material.plan.about in said
    assert {kind: found for kind, text in read.items() if (found := found_in(text))} == {}
    document = without_pictures(fitted(material, "reviewer").document)
    assert pdf.layout(document).pages <= 10 - OWN_PAGES
    for picture in pdf.page_pictures(document, 20.0):
        assert used(picture) > LEAST_FILL


@pytest.mark.parametrize("seconds", [20, 200])
def test_that_a_measured_step_speaks_to_nobody_in_a_reviewers_edition(
    seconds: float, example: MakeMaterial, catalogue: Catalogue
) -> None:
    plan = example("support-8b").plan
    at = next(index for index, run in enumerate(plan.runs) if run.role == "main")
    step = {"machine": "leonardo-booster", "gpus": 4, "step_seconds": seconds, "confirmed": True}
    plan = with_value(plan, f"runs.{at}.measured_step", MeasuredStepInput(**step))
    read = readings(material_of(plan, catalogue), "reviewer")
    assert {kind: found for kind, text in read.items() if (found := found_in(text))} == {}


def used(picture: bytes) -> float:
    """Part of the page's text area that is above its last ink."""
    page = Image.open(io.BytesIO(picture)).convert("L").point(lambda value: 255 if value < 200 else 0)
    top, bottom = int(page.height * 0.065), int(page.height * 0.94)
    box = page.crop((0, top, page.width, bottom)).getbbox()
    return 0.0 if box is None else box[3] / (bottom - top)


def test_that_the_teams_edition_says_so_on_every_page_and_holds_the_rest(material: Material) -> None:
    document = without_pictures(dossier(material, "team"))
    pages = pages_of(pdf.pdf_bytes(document))
    assert len(pages) > 5
    assert all(TEAM_ONLY in page for page in pages)
    assert TEAM_ONLY in words_of_docx(docx_bytes(document))
    assert TEAM_ONLY in markdown_text(document)
    assert json.loads(json_text(material, "team"))["mark"] == TEAM_ONLY
    book = workbook_bytes(material.request, material.catalogue, material.date, "team")
    assert words_of_xlsx(book).count(f'"{TEAM_ONLY}') == 7
    assert "yours to write" in " ".join("".join(pages).split())
    reviewers = {block for block in dossier(material).blocks() if not isinstance(block, Heading)}
    assert reviewers < set(dossier(material, "team").blocks())


def test_that_writers_leave_out_what_the_edition_does_not_show(material: Material) -> None:
    secret = "Our budget is spent."
    document = without_pictures(dossier(material))
    document = dataclasses.replace(
        document, body=(*document.body, *for_team(Paragraph(words(secret)))), annex=()
    )
    for said in (
        markdown_text(document),
        words_of_docx(docx_bytes(document)),
        " ".join("".join(pages_of(pdf.pdf_bytes(document))).split()),
    ):
        assert secret not in said
    assert secret in markdown_text(dataclasses.replace(document, edition="team"))


def test_that_charts_of_a_reviewer_show_no_other_machine_and_no_own_hardware(
    material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.charts import gpu_hours_against_days

    seen: list[Any] = []
    draw = gpu_hours_against_days.draw

    def watched(figure: Any, series: Any, look: Any) -> object:
        seen.append(series)
        return draw(figure, series, look)

    monkeypatch.setattr(gpu_hours_against_days, "draw", watched)
    figures = {figure.key: figure for figure in dossier(material).figures()}
    assert "all-machines" not in figures
    assert figures["gpu-hours-against-days"].picture("svg").startswith(b"<?xml")
    (series,) = seen
    assert [one.machine_id for one in series.machines] == [material.campaign.machine.id]
    assert series.own is None
    assert series.modes == ()


# ---------------------------------------------------------------- the applicant's own words


def told(material: Material, **said: Any) -> Material:
    """The same request with what the plan says of its dossier."""
    plan = msgspec.structs.replace(material.plan, dossier=DossierInput(**said))
    return dataclasses.replace(material, plan=plan)


def test_that_title_applicant_acronym_and_summary_stand_on_the_first_page(material: Material) -> None:
    own = told(
        material,
        title="Kieli",
        applicant_name="Kielipaja Oy",
        acronym="KIELI",
        summary="Ensimmäinen kappale.\n\nToinen kappale.",
        language="fi",
    )
    document = dossier(own)
    assert (document.title, document.byline) == ("Kieli", "Kielipaja Oy · KIELI")
    assert document.head == "dossier · KIELI"
    paragraphs = [block for block in document.body if isinstance(block, Paragraph) and block.language == "fi"]
    assert [plain(one.words) for one in paragraphs] == ["Ensimmäinen kappale.", "Toinen kappale."]
    page = " ".join(pages_of(pdf.pdf_bytes(without_pictures(document)))[0].split())
    for words_ in ("Kieli Kielipaja Oy · KIELI", "Ensimmäinen kappale. Toinen kappale."):
        assert words_ in page


def test_that_a_plan_without_a_title_is_named_by_its_main_run(material: Material) -> None:
    bare = dataclasses.replace(material, plan=msgspec.structs.replace(material.plan, title=""))
    assert dossier(bare).title == "Continued pre-training of EuroLLM-9B on 300\u202fB tokens"


def test_that_tables_name_the_program_of_each_run_with_its_release(
    material: Material, catalogue: Catalogue
) -> None:
    first, *others = material.plan.runs
    runs = (msgspec.structs.replace(first, software="fsdp"), *others)
    plan = msgspec.structs.replace(
        material.plan, runs=runs, dossier=DossierInput(software_version="Megatron-LM core 0.14")
    )
    document = dossier(material_of(plan, catalogue))
    tables = [
        block for block in document.body if isinstance(block, Table) and block.columns[1].name == "Code"
    ]
    assert [table.columns[0].name for table in tables] == ["Run type", "Job"]
    for table in tables:
        assert table.rows[0][1].text == "FSDP or DeepSpeed"
        assert {cells[1].text for cells in table.rows[1:]} - {""} == {"Megatron-LM core 0.14"}
    said = [plain(block.words) for block in document.body if isinstance(block, Paragraph)]
    assert any("Code: Megatron-LM core 0.14." in one for one in said)
    named = dossier(told(material, software_version="core 0.14"))
    table = next(block for block in named.body if isinstance(block, Table))
    assert table.rows[0][1].text == "Megatron class, tuned, core 0.14"


def test_that_the_form_is_filled_with_the_words_of_the_dossier(
    material: Material, catalogue: Catalogue
) -> None:
    said = DossierInput(
        applicant_name="Kielipaja Oy", summary="New for schools.", software_version="core 0.14"
    )
    form = material_of(msgspec.structs.replace(material.plan, dossier=said), catalogue).request.form
    values = {field.id.split("-", 1)[0] + "-" + field.name.split(",")[0]: field for field in form}
    assert values["project-Summary (abstract)"].value == "New for schools."
    assert values["organisation-Name"].value == "Kielipaja Oy"
    assert values["organisation-Name"].hint == say("The name; the rest only you can say.")
    assert values["partition-Codes used"].value == "Megatron-LM class training program, core 0.14"
    assert values["partition-Codes used"].hint == NOTHING
    before = {field.id: field for field in material.request.form}
    assert not before["project-summary-abstract"].filled


# ---------------------------------------------------------------- files and pages


def test_that_the_plan_chooses_the_edition_unless_it_is_named(material: Material, tmp_path: Any) -> None:
    own = told(material, edition="team")
    given = (own.request, own.comparison, own.plan, own.catalogue, tmp_path / "x.json")
    export(*given)
    assert json.loads((tmp_path / "x.json").read_text())["edition"] == "team"
    export(*given, edition="reviewer", force=True)
    assert json.loads((tmp_path / "x.json").read_text())["edition"] == "reviewer"
    assert file_stem(own.plan, "team") == "two-languages-9b-TEAM-ONLY"
    assert file_stem(own.plan, "reviewer") == "two-languages-9b"


def test_that_too_many_pages_cost_the_least_missed_sections_and_are_told(
    catalogue: Catalogue, example: MakeMaterial, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = example("two-languages-9b")
    assert page_limit(material) is None
    assert pages_words(5, None, "Large Scale") == "5 pages. No page limit is known for Large Scale."
    mode = catalogue.access_modes["ai_science"]
    assert mode.more["document_pages"].value == 10
    chosen = dataclasses.replace(material.request.doors.chosen, mode=mode)  # type: ignore[type-var]
    doors = dataclasses.replace(material.request.doors, chosen=chosen)
    long = dataclasses.replace(material, request=dataclasses.replace(material.request, doors=doors))
    long = told(long, summary="\n\n".join(["Words of the applicant. " * 40] * 2))
    monkeypatch.setattr("app.dossier.fitting.dossier", lambda *args: without_pictures(dossier(*args)))
    monkeypatch.setattr("app.dossier.fitting.OWN_PAGES", 6)
    found = fitted(long, "reviewer")
    assert found.limit == 10
    assert found.left_out
    assert found.left_out == EXPENDABLE[: len(found.left_out)]
    assert found.pages() <= 4
    heads = [
        block.text for block in found.document.blocks() if isinstance(block, Heading) and block.level == 1
    ]
    titles = [text(title) for title in titles_of(found.left_out)]
    assert not [head for head in heads if head.split(" ", 1)[1] in titles]
    said = pages_words(found.pages(), 10, "AI for Science", found.left_out)
    assert said.startswith(f"{found.pages()} pages of the 10 of AI for Science: ")
    assert said.endswith(f"Left out for that: {', '.join(titles)}.")
    assert "shorten" in pages_words(12, 10, "AI for Science")


def test_that_a_word_document_has_no_empty_rest_of_a_page_and_no_head_without_rows(
    material: Material,
) -> None:
    content = docx_bytes(without_pictures(dossier(material, "team")))
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    w = PARAGRAPH[:-1]
    assert not [node for node in root.iter(f"{w}br") if node.get(f"{w}type") == "page"]
    tables = [table for table in root.iter(f"{w}tbl") if table.find(f".//{w}tblHeader") is not None]
    assert tables
    for table in tables:
        rows = list(table.iter(f"{w}tr"))
        assert rows[0].find(f"{w}trPr/{w}tblHeader") is not None
        assert all(row.find(f"{w}trPr/{w}cantSplit") is not None for row in rows)
        assert all(paragraph.find(f"{w}pPr/{w}keepNext") is not None for paragraph in rows[0].iter(PARAGRAPH))


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://github.com/office233/ilaria (docs/funding)", ""),
        ("Limes Labs eligibility matrix, https://github.com/Limes-Labs/compute-access-notes", ""),
        ("mercatus-ai.com May 2026", ""),
        ("databricks.com/blog/mpt-7b", ""),
        ("arXiv:2503.05804 and judgement", ""),
        (
            "https://github.com/Lumi-supercomputer/lumi-userguide path docs/storage/index.md",
            "LUMI documentation",
        ),
        ("Llama 3, arXiv:2407.21783 (3.8)", "arXiv:2407.21783"),
        ("github mlcommons/training_results_v5.1@HEAD NVIDIA/results", "MLPerf Training v5.1"),
    ],
)
def test_that_only_publishers_are_cited(source: str, name: str) -> None:
    assert public_name(source) == name


def test_that_a_value_without_a_publisher_is_said_to_be_set_by_the_plan(material: Material) -> None:
    sources = {one["name"]: one for one in json.loads(json_text(material))["sources"]}
    assert sources["Detection and restart"]["source"] == text(SET_BY_PLAN)
    assert "date" not in sources["Detection and restart"]
    assert sources["Quota of SCRATCH"]["source"] == "LUMI documentation"
    assert sources["Quota of SCRATCH"]["date"]
    assert material.date == NOW.date()
