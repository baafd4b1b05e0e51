from __future__ import annotations

import math
from functools import lru_cache

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dossier.material import Material
from app.dossier.run_values import all_run_values
from app.dossier.workbook import FORM, SHEETS, workbook_bytes
from app.dossier.workbook_runs import FIRST_RUN
from app.dossier.workbook_style import column_letters
from estimators import Catalogue
from estimators.requests.calendar import largest_remainder
from tests.dossier.conftest import NAMES, NOW, MakeMaterial, material_of
from tests.dossier.sheets import Book, read_book

DATE = NOW.date()


@lru_cache(maxsize=16)
def file_of(material: Material) -> bytes:
    return workbook_bytes(material.request, material.catalogue, DATE)


def book_of(material: Material) -> Book:
    return read_book(file_of(material))


def same(found: object, wanted: object) -> bool:
    if isinstance(found, float) and isinstance(wanted, float):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)
    return found == wanted


@pytest.mark.parametrize("name", NAMES)
def test_that_every_formula_gives_the_shown_value(name: str, example: MakeMaterial) -> None:
    book = book_of(example(name))
    assert tuple(book.cells) == tuple(name for name in SHEETS if name != FORM)
    formulas = book.formulas()
    assert len(formulas) > 50
    wrong = [
        (sheet, address, book.value(sheet, address), book.cached(sheet, address))
        for sheet, address in formulas
        if not same(book.value(sheet, address), book.cached(sheet, address))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_that_totals_are_those_of_the_request(name: str, example: MakeMaterial) -> None:
    material = example(name)
    book, units = book_of(material), material.campaign.units
    assert book.named("request_node_hours") == units.node_hours
    assert book.named("request_gpu_hours") == units.gpu_hours
    assert book.named("milestones_total") == book.named("months_total") == units.node_hours
    assert book.value("Request", f"B{book.find('Request', 'Sum of the milestones = request')}") == "yes"
    if units.site_units is not None:
        assert book.named("request_site_units") == float(units.site_units)
    for place, month in enumerate(material.campaign.months, start=1):
        total = f"{column_letters(place)}{book.find('Months', 'All')}"
        assert book.value("Months", total) == month.node_hours


@pytest.mark.parametrize("name", NAMES)
def test_that_every_run_is_computed_from_its_inputs(name: str, example: MakeMaterial) -> None:
    material = example(name)
    runs, names = all_run_values(material.campaign, material.catalogue)
    assert len(runs) == len(material.campaign.lines)
    assert all(run.is_computed for run in runs)
    assert all(names[key].name != key for run in runs for key in run.values if key in names)


def test_that_a_longer_step_changes_everything_that_follows(material: Material) -> None:
    book = book_of(material)
    runs = [line.run.id for line in material.campaign.lines]
    column = column_letters(FIRST_RUN + runs.index("main"))
    row = book.find("Inputs", "Step time")
    before = {name: book.named(name) for name in book.names}
    book.set("Inputs", f"{column}{row}", 1.5 * book.value("Inputs", f"{column}{row}"))

    hours = book.value("Milestones", f"F{book.find('Milestones', 'Main run')}")
    main = next(row for row in material.campaign.milestones if row.run_id == "main")
    assert hours == pytest.approx(1.5 * main.node_hours, rel=0.02)
    assert book.named("request_node_hours") > before["request_node_hours"]
    assert book.named("milestones_total") == book.named("request_node_hours")
    assert book.named("months_total") == book.named("request_node_hours")
    assert book.named("request_gpu_hours") == book.named("request_node_hours") * book.named("gpus_per_node")


def test_that_each_row_recomputes_from_its_columns_after_a_change(material: Material) -> None:
    book = book_of(material)
    column, row = column_letters(FIRST_RUN), book.find("Inputs", "Sequences")
    book.set("Inputs", f"{column}{row}", 3.0 * book.value("Inputs", f"{column}{row}"))
    first = book.find("Milestones", "Smoke and scaling tests")
    assert book.value("Milestones", f"F{first}") == book.value("Milestones", f"H{first}")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_months_follow_the_rule_of_the_plan(data: st.DataObject, material: Material) -> None:
    book = book_of(material)
    months = len(material.campaign.months)
    row = book.find("Months", "Shares of the calendar (inputs)") + 1
    shares = data.draw(st.lists(st.integers(0, 40), min_size=months, max_size=months))
    for place, share in enumerate(shares, start=1):
        book.set("Months", f"{column_letters(place)}{row}", float(share))
    total = int(book.value("Milestones", f"F{book.find('Milestones', 'Smoke and scaling tests')}"))
    at = book.find("Months", "Smoke and scaling tests")
    found = tuple(int(book.value("Months", f"{column_letters(place)}{at}")) for place in range(1, months + 1))
    assert found == largest_remainder(total, shares)


def test_that_hours_named_by_the_user_are_an_input(material: Material, catalogue: Catalogue) -> None:
    plan = material.plan
    fixed = msgspec.structs.replace(plan.runs[0], fixed_hours=7.25)
    named = material_of(msgspec.structs.replace(plan, runs=(fixed, *plan.runs[1:])), catalogue)
    book = book_of(named)
    column, row = column_letters(FIRST_RUN), book.find("Run", "Wall-clock")
    assert book.cells["Run"][f"{column}{row}"].formula is None
    assert book.value("Run", f"{column}{row}") == 7.25
    assert book.named("milestones_total") == named.campaign.request_node_hours


def test_that_a_published_factor_replaces_failed_runs(material: Material, catalogue: Catalogue) -> None:
    from estimators.requests.overheads import overheads

    campaign = material.plan.campaign
    overhead = msgspec.structs.replace(campaign.overhead, factor=next(iter(overheads(catalogue))))
    plan = msgspec.structs.replace(
        material.plan, campaign=msgspec.structs.replace(campaign, overhead=overhead)
    )
    other = material_of(plan, catalogue)
    book = book_of(other)
    assert book.named("request_node_hours") == other.campaign.request_node_hours
    assert all(same(book.value(*at), book.cached(*at)) for at in book.formulas())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "=HYPERLINK(", "=cmd|'/C calc'!A0", "https://"])
def test_that_words_of_the_user_are_never_a_formula(
    start: str, material: Material, catalogue: Catalogue
) -> None:
    plan = material.plan
    bad = f"{start}1+1"
    runs = (msgspec.structs.replace(plan.runs[0], name=bad), *plan.runs[1:])
    book = book_of(material_of(msgspec.structs.replace(plan, title=bad, name=bad, runs=runs), catalogue))
    said = [
        cell
        for cells in book.cells.values()
        for cell in cells.values()
        if isinstance(cell.value, str) and cell.value.strip() == bad.strip()
    ]
    assert len(said) > 3
    assert all(cell.formula is None for cell in said)


def test_that_equal_requests_are_equal_files(material: Material) -> None:
    first = workbook_bytes(material.request, material.catalogue, DATE)
    assert first == workbook_bytes(material.request, material.catalogue, DATE)
