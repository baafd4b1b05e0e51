"""The campaign is edited where it is shown: every change counts the request anew and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.plan.templates import TEMPLATES
from app.window.campaign_tab import CampaignTab
from app.window.document import Document
from app.window.main_window import MainWindow
from app.window.parts.field import AmountField
from app.words import text
from estimators import Catalogue
from tests.present.campaigns import a_plan, too_large_plan
from tests.window.test_access import nameless

Counted = Callable[[MainWindow], None]


@pytest.fixture
def bench_window(
    empty_window: MainWindow, catalogue: Catalogue, counted: Counted, qtbot: QtBot, tmp_path: Path
) -> MainWindow:
    """A window with six runs, its request counted, on the tab Campaign."""
    empty_window.show_document(Document(a_plan(), None, tmp_path / "state", catalogue))
    empty_window.bench.load_charts = lambda: None
    empty_window.resize(1366, 768)
    empty_window.show()
    qtbot.waitExposed(empty_window)
    empty_window.show_tab("campaign")
    counted(empty_window)
    return empty_window


def tab(window: MainWindow) -> CampaignTab:
    page = window.bench.tabs.page("campaign")
    assert isinstance(page, CampaignTab)
    return page


def retype(field: AmountField, text: str, qtbot: QtBot) -> None:
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClicks(field.edit, text) if text else qtbot.keyClick(field.edit, Qt.Key.Key_Delete)


def paste(field: AmountField, text: str, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(text)
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClick(field.edit, "v", Qt.KeyboardModifier.ControlModifier)


def run_form(window: MainWindow, run_id: str = "main"):
    tab(window).open_run(run_id)
    return tab(window).run


def total(window: MainWindow) -> str:
    return window.bench.runs.total.text().splitlines()[-2]


# ------------------------------------------------------------ what shows


def test_that_the_tab_takes_the_room_of_the_questions(bench_window: MainWindow) -> None:
    bench = bench_window.bench
    assert bench.questions.isHidden()
    assert bench.answer.isHidden()
    assert bench.line.isVisible()
    bench_window.show_tab("machines")
    assert bench.questions.isVisible()
    assert bench.answer.isVisible()
    assert bench.line.isHidden()


def test_that_line_panel_table_and_status_name_one_request(bench_window: MainWindow) -> None:
    bench = bench_window.bench
    hours = bench.request.campaign.units.gpu_hours
    shown = f"{hours:,}".replace(",", "\u202f")
    assert f"Request {shown} GPU-hours on Leonardo" in bench.line.sentence.text()
    assert total(bench_window) == f"Request {shown}"
    assert f"request {shown} GPU-hours" in bench.status.plan.text()
    assert f"{shown} GPU-hours" in tab(bench_window).units.text()
    assert tab(bench_window).sum.text.startswith("Sum ")
    assert tab(bench_window).sum.tone == "ok"


def test_that_the_table_keeps_to_the_rules_of_models(
    bench_window: MainWindow, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(tab(bench_window).table.rows)


def test_that_the_plan_leaves_contingency_out(bench_window: MainWindow, qtbot: QtBot) -> None:
    page = tab(bench_window)
    rows = len(page.table.rows.table.rows)
    qtbot.mouseClick(page.view.buttons[0], Qt.MouseButton.LeftButton)
    assert len(page.table.rows.table.rows) == rows - 1
    assert page.table.rows.table.rows[-1].cells[0] == "Total at P50"
    qtbot.keyClick(page.view.buttons[0], Qt.Key.Key_Right)
    assert len(page.table.rows.table.rows) == rows


def test_that_the_table_is_copied_in_the_c_locale(bench_window: MainWindow) -> None:
    page = tab(bench_window)
    page.copy.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[0] == "Milestone"
    assert lines[-1].split("\t")[-1] == str(bench_window.bench.request.campaign.request_node_hours)
    assert "\u202f" not in "".join(lines)


def test_that_what_does_not_fit_is_said(
    empty_window: MainWindow, catalogue: Catalogue, counted: Counted, tmp_path: Path
) -> None:
    empty_window.show_document(Document(too_large_plan(), None, tmp_path / "state", catalogue))
    empty_window.show_tab("campaign")
    counted(empty_window)
    assert tab(empty_window).warning.text().startswith("Without Main run, 300 B tokens: ")
    lines = empty_window.bench.runs.list.runs.lines
    assert [line.fits for line in lines if line.run_id == "main"] == [False]


def test_that_charts_fill_and_a_click_on_a_row_selects_its_run(
    bench_window: MainWindow, counted: Counted, qtbot: QtBot
) -> None:
    bench, page = bench_window.bench, tab(bench_window)
    type(bench).load_charts(bench)
    qtbot.waitUntil(lambda: all(slot.view is not None for slot in page.charts), timeout=8000)
    counted(bench_window)
    gantt = page.gantt.view
    gantt.canvas.draw()
    assert [spot.key for spot in gantt.drawn.spots][:2] == ["smoke", "ablations"]
    gantt._select(gantt.drawn.spots[1], opens=True)
    assert bench.run_id == "ablations"
    assert page.run.scope.run_id == "ablations"
    assert [row.run_id for row in page.gantt._series.rows if row.is_chosen] == ["ablations"]
    assert "Data-mix ablations" in gantt.canvas.accessibleDescription()
    assert page.months.view.data().startswith("Month\t")


# ------------------------------------------------------------ editing


def test_that_more_runs_cost_more_and_undo_takes_them_back(
    bench_window: MainWindow, counted: Counted, qtbot: QtBot
) -> None:
    before = bench_window.bench.request.campaign.request_node_hours
    retype(run_form(bench_window, "ablations").count.field, "8", qtbot)
    assert bench_window.bench.is_refining
    assert "≈" in total(bench_window)
    assert tab(bench_window).sum.text == "refining"
    assert not tab(bench_window).copy.isEnabled()
    counted(bench_window)
    assert bench_window.bench.request.campaign.request_node_hours > before
    assert "number of runs to 8" in bench_window.deeds["undo"].text()
    bench_window.undo()
    counted(bench_window)
    assert bench_window.bench.request.campaign.request_node_hours == before


@pytest.mark.parametrize(
    ("row", "text", "field", "value"),
    [
        ("name", "Long run", "name", "Long run"),
        ("count", "3", "count", 3),
        ("at_once", "2", "at_once", 2),
        ("gpus", "64", "gpus", 64),
        ("share", "25 %", "share", 0.25),
        ("hours", "100", "fixed_hours", 100),
        ("month", "2", "earliest_month", 2),
    ],
)
def test_that_every_field_of_a_run_is_one_step_of_undo(
    bench_window: MainWindow, qtbot: QtBot, row: str, text: str, field: str, value: object
) -> None:
    form = run_form(bench_window)
    plan = bench_window.bench.document.plan
    retype(getattr(form, row).field, text, qtbot)
    assert getattr(bench_window.bench.document.plan.run("main"), field) == value
    assert bench_window.bench.document.undo_stack.count() == 1
    bench_window.undo()
    assert bench_window.bench.document.plan == plan


@pytest.mark.parametrize(
    ("row", "text", "sentence"),
    [
        ("count", "many", "Not a number"),
        ("count", "20000", "10"),
        ("share", "120 %", "More than the whole"),
        ("hours", "-1", ""),
        ("month", "99", "60"),
    ],
)
def test_that_what_cannot_be_used_is_said_at_its_field(
    bench_window: MainWindow, qtbot: QtBot, row: str, text: str, sentence: str
) -> None:
    form = run_form(bench_window)
    plan = bench_window.bench.document.plan
    paste(getattr(form, row).field, text, qtbot)
    assert sentence in getattr(form, row).error
    assert getattr(form, row).error
    assert bench_window.bench.document.plan == plan


def test_that_an_empty_field_leaves_the_choice_to_the_estimate(
    bench_window: MainWindow, qtbot: QtBot
) -> None:
    form = run_form(bench_window, "sweep")
    retype(form.gpus.field, "", qtbot)
    assert bench_window.bench.document.plan.run("sweep").gpus is None


def test_that_purpose_and_restarts_are_chosen(bench_window: MainWindow) -> None:
    form = run_form(bench_window, "tuning")
    for row, value in ((form.role, "other"), (form.checkpoints, False)):
        index = row.select.findData(value)
        row.select.setCurrentIndex(index)
        row.select.activated.emit(index)
    run = bench_window.bench.document.plan.run("tuning")
    assert (run.role, run.checkpoints) == ("other", False)


def test_that_runs_wait_for_runs_but_never_for_themselves(bench_window: MainWindow) -> None:
    form = run_form(bench_window, "smoke")
    form._toggle("main")
    assert "would wait for itself" in form.after.error
    assert bench_window.bench.document.plan.run("smoke").after == ()
    form = run_form(bench_window, "tuning")
    form._toggle("sweep")
    assert bench_window.bench.document.plan.run("tuning").after == ("main", "sweep")
    form._toggle("main")
    assert bench_window.bench.document.plan.run("tuning").after == ("sweep",)
    assert form.after_field.accessibleName() == "After: Learning-rate sweep"


def test_that_the_list_of_runs_to_wait_for_is_a_menu_of_switches(bench_window: MainWindow) -> None:
    menu = run_form(bench_window, "tuning").after_field.open()
    switched = {action.text(): action.isChecked() for action in menu.actions()}
    assert switched["Main run, 300 B tokens"]
    assert "Instruction tuning" not in switched
    menu.close()


@pytest.mark.parametrize(
    ("row", "text", "path", "value"),
    [
        ("months", "6", "campaign.months", 6),
        ("plan_at", "P40", "campaign.plan_percentile", 40),
        ("request_at", "90", "campaign.request_percentile", 90),
        ("failed", "5 %", "campaign.overhead.failed_share", 0.05),
        ("slack", "0", "campaign.queue_slack", 0),
        ("country", "de", "campaign.country", "DE"),
    ],
)
def test_that_every_field_of_the_project_is_one_step_of_undo(
    bench_window: MainWindow, qtbot: QtBot, row: str, text: str, path: str, value: object
) -> None:
    document = bench_window.bench.document
    tab(bench_window).show_side("project")
    plan = document.plan
    retype(getattr(tab(bench_window).project, row).field, text, qtbot)
    assert document.value(path) == value
    bench_window.undo()
    assert document.plan == plan


def test_that_quantiles_name_the_views_and_the_rows(bench_window: MainWindow, counted: Counted) -> None:
    bench_window.bench.document.change("campaign.request_percentile", 90)
    counted(bench_window)
    page = tab(bench_window)
    assert page.view.buttons[1].text() == "Request P90"
    assert page.table.rows.table.rows[-2].cells[0] == "Contingency to P90"


def test_that_a_day_is_typed_as_people_write_it(bench_window: MainWindow, qtbot: QtBot) -> None:
    tab(bench_window).show_side("project")
    start = tab(bench_window).project.start
    retype(start.field, "tomorrow", qtbot)
    assert start.error.startswith("Not a day")
    retype(start.field, "1 Feb 2027", qtbot)
    assert start.error == ""
    assert bench_window.bench.document.plan.target.start_date.isoformat() == "2027-02-01"


def test_that_a_published_factor_stands_for_failed_runs(bench_window: MainWindow) -> None:
    project = tab(bench_window).project
    index = project.overhead.select.findData("new-pretraining")
    project.overhead.select.setCurrentIndex(index)
    project.overhead.select.activated.emit(index)
    assert not project.failed.field.isEnabled()
    assert "published factor" in project.overhead.help.text()


# ------------------------------------------------------------ templates and roles


def actions(menu: QMenu) -> dict[str, object]:
    return {action.text(): action for action in menu.actions()}


def test_that_a_template_is_one_step_of_undo(bench_window: MainWindow, counted: Counted) -> None:
    document = bench_window.bench.document
    plan = document.plan
    menu = tab(bench_window).open_templates()
    suitable = next(template for template in TEMPLATES if template.suits(plan))
    assert all(actions(menu)[text(one.name)].isEnabled() == one.suits(plan) for one in TEMPLATES)
    actions(menu)[text(suitable.name)].trigger()
    assert document.plan.runs == suitable.apply(plan)["runs"]
    assert document.undo_stack.count() == 1
    counted(bench_window)
    bench_window.undo()
    assert document.plan == plan


def test_that_a_new_run_is_shown_and_can_be_edited(bench_window: MainWindow) -> None:
    menu = tab(bench_window).open_add_menu()
    actions(menu)["Sweep"].trigger()
    assert bench_window.bench.run_id == "sweep-2"
    assert run_form(bench_window, "sweep-2").name.field.text() == "Sweep"


def test_that_the_form_follows_the_run_on_the_screen(bench_window: MainWindow, qtbot: QtBot) -> None:
    run_form(bench_window, "main")
    bench_window.bench.deeds.choose("smoke")
    assert tab(bench_window).run.scope.run_id == "smoke"
    bench_window.bench.deeds.delete()
    assert tab(bench_window).run.scope.run_id == bench_window.bench.run_id == "ablations"
    bench_window.undo()
    form = run_form(bench_window, "smoke")
    retype(form.count.field, "5", qtbot)
    assert bench_window.bench.document.plan.run("smoke").count == 5


# ------------------------------------------------------------ access


def test_that_everything_on_the_tab_has_a_name(bench_window: MainWindow) -> None:
    for side in ("run", "project", "months"):
        tab(bench_window).show_side(side)
        assert nameless(bench_window) == []


def test_that_a_tall_window_shows_months_and_form(bench_window: MainWindow, qtbot: QtBot) -> None:
    page = tab(bench_window)
    assert not page.is_roomy
    bench_window.resize(1920, 1200)
    qtbot.waitUntil(lambda: page.is_roomy)
    assert page.months in page.charts
    assert page.run is not None
    assert page.run.isVisible()
    bench_window.resize(1366, 768)
    qtbot.waitUntil(lambda: not page.is_roomy)
    assert page.side.value == "months"


def test_that_the_keyboard_stays_when_the_questions_fold(bench_window: MainWindow) -> None:
    bench_window.show_tab("machines")
    bench_window.bench.questions.data.amount.field.setFocus()
    bench_window.show_tab("campaign")
    focus = bench_window.focusWidget()
    assert focus is not None
    assert focus.isVisible()
    assert bench_window.bench.tabs.isAncestorOf(focus)
