from __future__ import annotations

import math
import re
from dataclasses import replace

import msgspec
import pytest

from app.dossier import pdf
from app.dossier.content import dossier, form_sheet
from app.dossier.document import (
    Block,
    Cell,
    Document,
    FormulaBlock,
    Heading,
    KeyFigures,
    Operation,
    Paragraph,
    Table,
    Term,
)
from app.dossier.material import Material
from app.plan.project import UsedHoursInput
from app.plan.schema import EDITIONS, LayoutInput
from estimators import Catalogue
from tests.dossier.conftest import NAMES, MakeDocument, MakeMaterial, material_of

REVIEWERS = (
    "Milestones", "Why these hours", "Job types", "Memory", "Storage", "Use by month and calendar", "Scaling",
    "Energy and carbon", "Evidence", "How the hours of the main run follow", "Assumptions", "Sources",
)  # fmt: skip
TEAMS = (
    *REVIEWERS[:-1], "Findings", "What could go wrong", "Access mode", "Questions that reviewers ask",
    "Other machines", "Market value", "Facts to confirm", "Sources", "Form sheet",
)  # fmt: skip


def texts(document: Document) -> list[str]:
    """Every text of the tree."""
    found: list[str] = []

    def walk(part: object) -> None:
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, tuple):
            for one in part:
                walk(one)
        elif hasattr(part, "__dataclass_fields__"):
            for name in part.__dataclass_fields__:
                if name != "picture":
                    walk(getattr(part, name))

    walk(document)
    return found


def under(document: Document, title: str) -> list[Block]:
    """The blocks of a section."""
    blocks: list[Block] = []
    inside = False
    for block in document.blocks():
        if isinstance(block, Heading) and block.level == 1:
            inside = block.text.endswith(title)
        elif inside:
            blocks.append(block)
    return blocks


def table_under(document: Document, title: str) -> Table:
    return next(block for block in under(document, title) if isinstance(block, Table))


def digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize("name", NAMES)
def test_that_sections_stand_in_the_order_of_the_scope_and_plan(
    name: str, paper: MakeDocument, team_paper: MakeDocument
) -> None:
    for document, order in ((paper(name), REVIEWERS), (team_paper(name), TEAMS)):
        heads = [b.text.split(" ", 1) for b in document.blocks() if isinstance(b, Heading) and b.level == 1]
        assert tuple(title for _, title in heads) == order
        numbers = [number for number, _ in heads if number.isdigit()]
        assert numbers == [str(place + 1) for place in range(len(numbers))]
        assert [number for number, _ in heads if not number.isdigit()] == ["A", "B"][
            : len(heads) - len(numbers)
        ]


@pytest.mark.parametrize("name", NAMES)
def test_that_milestones_months_band_and_form_agree(
    name: str, example: MakeMaterial, team_paper: MakeDocument
) -> None:
    material = example(name)
    document, request = team_paper(name), material.campaign.request_node_hours
    milestones = table_under(document, "Milestones")
    assert milestones.total is not None
    assert digits(milestones.total[-1].text) == request
    assert sum(digits(cells[-1].text) for cells in milestones.rows) == request
    months = table_under(document, "Use by month and calendar")
    assert months.total is not None
    assert sum(digits(cell.text) for cell in months.total[1:-1]) == digits(months.total[-1].text) == request
    band = next(block for block in document.body if isinstance(block, KeyFigures))
    assert digits(band.figures[0].number) == material.campaign.units.gpu_hours
    assert digits(band.figures[1].number) == request
    form = table_under(document, "Form sheet")
    asked = next(row for row in form.rows if row[1].text.startswith("Requested resources"))
    assert asked[2].text == str(request)


def number(text: str) -> float:
    found = re.match(r"[\d\u202f.]+", text)
    assert found is not None, text
    return float(found[0].replace("\u202f", ""))


def computed(term: Term) -> float:
    if not isinstance(term, Operation):
        return number(term.text)
    parts = [computed(part) for part in term.parts]
    if term.sign == "+":
        return sum(parts)
    if term.sign == "×":
        return math.prod(parts)
    return parts[0] / parts[1]


@pytest.mark.parametrize("name", NAMES)
def test_that_every_shown_formula_computes_to_its_shown_value(name: str, paper: MakeDocument) -> None:
    blocks = [block for block in paper(name).body if isinstance(block, FormulaBlock)]
    assert blocks
    for line in (line for block in blocks for line in block.lines):
        shown = line.terms[-1].text  # type: ignore[union-attr]
        decimals = len(shown.partition(".")[2].split("\u202f")[0])
        assert abs(computed(line.terms[-2]) - number(shown)) <= 0.5 * 10.0**-decimals * 1.0001


def test_that_nothing_is_blank_never_nan_and_no_exclamation(team_paper: MakeDocument) -> None:
    said = texts(team_paper("two-languages-9b"))
    assert not [text for text in said if re.search(r"\bnan\b|\binf\b|None|!", text)]


def test_that_modelled_points_are_marked(paper: MakeDocument) -> None:
    tables = [block for block in under(paper("two-languages-9b"), "Scaling") if isinstance(block, Table)]
    assert {cells[-1].text for cells in tables[0].rows} == {"modelled"}


def test_that_a_request_without_a_fitting_run_still_has_a_dossier(
    material: Material, catalogue: Catalogue
) -> None:
    plan = material.plan
    runs = tuple(
        msgspec.structs.replace(
            run,
            workload=msgspec.structs.replace(run.workload, model="DeepSeek-V3-671B"),
            layout=LayoutInput(tensor_parallel=1, pipeline_parallel=1, zero_stage=0),
        )
        for run in plan.runs
    )
    poor = material_of(msgspec.structs.replace(plan, runs=runs), catalogue)
    assert not poor.campaign.complete
    for edition in EDITIONS:
        document = dossier(poor, edition)
        assert pdf.pdf_bytes(document).startswith(b"%PDF")
        assert any("fit" in text for text in texts(document))


def test_that_equal_plans_have_one_fingerprint_and_others_another(material: Material) -> None:
    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", material.scenario)
    other = replace_plan(material, title="Another title")
    assert other.scenario != material.scenario
    assert replace_plan(material).scenario == material.scenario


def replace_plan(material: Material, **changes: object) -> Material:
    plan = msgspec.structs.replace(material.plan, **changes)  # type: ignore[arg-type]
    return replace(material, plan=plan)


def test_that_the_first_page_says_request_range_and_own_hardware(paper: MakeDocument) -> None:
    paragraph = next(block for block in paper("two-languages-9b").body if isinstance(block, Paragraph))
    said = "".join(span.text for span in paragraph.words).replace("\u202f", " ")
    assert said.startswith("We ask for ")
    assert "80 % interval" in said
    assert "RTX 4090 the same run would take about" in said


def test_that_the_form_sheet_stands_alone(material: Material) -> None:
    document = form_sheet(material)
    assert document.eyebrow == "Form sheet · TEAM ONLY"
    rows = next(block for block in document.shown_body if isinstance(block, Table)).rows
    assert len(rows) == len(material.request.form)
    assert all(isinstance(cells[2], Cell) and cells[2].text for cells in rows)


def test_that_hours_used_stand_in_the_dossier_after_the_award(
    material: Material, catalogue: Catalogue
) -> None:
    start = material.campaign.start
    used = (UsedHoursInput(day=start, node_hours=120.0, jobs=3, failed_jobs=1, energy_kwh=310.0),)
    plan = msgspec.structs.replace(
        material.plan, campaign=msgspec.structs.replace(material.plan.campaign, used=used)
    )
    document = dossier(material_of(plan, catalogue))
    assert len(table_under(document, "Hours used so far").rows) == len(material.campaign.months)
    heads = [block.text for block in document.body if isinstance(block, Heading) and block.level == 1]
    place = next(text.split()[0] for text in heads if text.endswith("main run follow"))
    assert f"section {place};" in document.footer
