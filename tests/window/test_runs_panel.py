"""The list of runs by mouse, menu and keyboard; whatever is done there is one step of undo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.window.document import Document
from app.window.main_window import MainWindow
from estimators import Catalogue
from tests.present.campaigns import a_plan

Counted = Callable[[MainWindow], None]
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
ALL = ["smoke", "ablations", "sweep", "main", "tuning", "evaluation"]


@pytest.fixture
def six(empty_window: MainWindow, catalogue: Catalogue, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window with six runs on the tab Machines; the request is not counted yet."""
    empty_window.show_document(Document(a_plan(), None, tmp_path / "state", catalogue))
    empty_window.bench.load_charts = lambda: None
    empty_window.show()
    qtbot.waitExposed(empty_window)
    return empty_window


def ids(window: MainWindow) -> list[str]:
    return [run.id for run in window.bench.document.plan.runs]


def click(window: MainWindow, run_id: str, qtbot: QtBot) -> None:
    view = window.bench.runs.list
    place = [line.run_id for line in view.runs.lines].index(run_id)
    area = view.visualRect(view.runs.index(place, 0))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())


def test_that_the_main_run_is_on_the_screen_first(six: MainWindow) -> None:
    assert six.bench.run_id == "main"
    assert [line.run_id for line in six.bench.runs.list.runs.lines] == ALL


def test_that_the_list_keeps_to_the_rules_of_models(six: MainWindow, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(six.bench.runs.list.runs)


def test_that_a_click_shows_a_run_with_its_questions(six: MainWindow, qtbot: QtBot) -> None:
    click(six, "ablations", qtbot)
    assert six.bench.run_id == "ablations"
    assert six.bench.questions.data.amount.field.text().startswith("20")
    assert six.bench.comparison.spec.model.id == "EuroLLM-1.7B"
    assert six.bench.document.undo_stack.count() == 0


def test_that_enter_shows_the_run_that_the_keyboard_is_on(six: MainWindow, qtbot: QtBot) -> None:
    view = six.bench.runs.list
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert six.bench.run_id == "main"
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert six.bench.run_id == "sweep"


def test_that_keys_move_copy_and_delete(six: MainWindow, qtbot: QtBot) -> None:
    view = six.bench.runs.list
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Up, ALT)
    assert ids(six) == ["smoke", "ablations", "main", "sweep", "tuning", "evaluation"]
    qtbot.keyClick(view, Qt.Key.Key_Down, ALT)
    assert ids(six) == ALL
    qtbot.keyClick(view, Qt.Key.Key_D, CTRL)
    assert six.bench.run_id == "main-300-b-tokens-2" or len(ids(six)) == 7
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert ids(six) == ALL
    assert six.bench.document.undo_stack.count() == 4


def test_that_buttons_do_the_same_for_the_run_on_the_screen(six: MainWindow, qtbot: QtBot) -> None:
    runs = six.bench.runs
    click(six, "smoke", qtbot)
    assert not runs.up.isEnabled()
    runs.down.click()
    assert ids(six)[:2] == ["ablations", "smoke"]
    assert runs.up.isEnabled()
    runs.delete.click()
    assert "smoke" not in ids(six)
    assert six.bench.document.plan.run("ablations").after == ()
    runs.copy.click()
    assert len(ids(six)) == 6


def test_that_fields_write_into_the_run_that_they_show_after_a_move(six: MainWindow, qtbot: QtBot) -> None:
    click(six, "ablations", qtbot)
    six.bench.runs.up.click()
    edit = six.bench.questions.data.amount.field.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "40B")
    assert six.bench.document.plan.run("ablations").data.tokens == 40 * 10**9
    assert six.bench.document.plan.run("smoke").data.tokens == 3 * 10**11


def test_that_undo_of_every_deed_leads_back(six: MainWindow, qtbot: QtBot) -> None:
    plan, deeds = six.bench.document.plan, six.bench.deeds
    deeds.add("sweep")
    deeds.duplicate()
    deeds.move(-2)
    deeds.delete()
    assert six.bench.document.undo_stack.count() == 4
    for _ in range(4):
        six.undo()
    assert six.bench.document.plan == plan
    assert six.bench.run_id in ids(six)
    for _ in range(4):
        six.redo()
    assert len(ids(six)) == 7


def test_that_the_run_on_the_screen_may_vanish_by_undo(six: MainWindow) -> None:
    six.bench.deeds.add("ablation")
    assert six.bench.run_id == "ablations-2"
    six.undo()
    assert six.bench.run_id in ids(six)
    assert six.bench.questions.data.amount.field.text()


def test_that_the_last_run_stays_and_a_sentence_says_why(window: MainWindow) -> None:
    assert not window.bench.runs.delete.isEnabled()
    window.deeds["delete-run"].trigger()
    assert [bar.tone for bar in window.bars] == ["warn"]
    assert "at least one run" in window.bars[0].sentence


def test_that_the_context_menu_offers_what_the_keys_do(six: MainWindow) -> None:
    menu = six.bench.runs.context_menu(QPoint(20, 20))
    words = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    assert words == ["Duplicate", "Move up", "Move down", "Delete"]
    menu.actions()[0].trigger()
    assert len(ids(six)) == 7
    menu.close()


def test_that_add_offers_every_kind(six: MainWindow) -> None:
    menu = six.bench.runs.open_add_menu()
    assert len(menu.actions()) == 7
    menu.actions()[1].trigger()
    assert ids(six)[4] == "ablations-2"
    menu.close()


def test_that_all_runs_have_figures_once_the_request_is_counted(six: MainWindow, counted: Counted) -> None:
    counted(six)
    assert all(line.hours != "–" for line in six.bench.runs.list.runs.lines)
    assert "8 lines" in six.bench.runs.total.text()


def test_that_a_drag_keeps_the_last_request_marked(six: MainWindow, counted: Counted) -> None:
    counted(six)
    last = six.bench.request
    six.bench.document.change("runs.3.data.tokens", 4 * 10**11)
    assert six.bench.request is last
    assert six.bench.runs.list.is_refining
    assert "≈" in six.bench.runs.total.text()
    counted(six)
    assert six.bench.request is not last
    assert "≈" not in six.bench.runs.total.text()


def test_that_a_plan_without_a_request_says_why(
    six: MainWindow, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise ValueError("The main run cannot be estimated.")

    monkeypatch.setattr(six.bench.refresher, "_estimator", _with_request(six, refuse))
    counted(six)
    assert six.bench.held.problem == "The main run cannot be estimated."
    assert "No request yet" in six.bench.status.plan.text()
    six.deeds["export"].trigger()
    assert six.export_dialog is None
    assert six.bars[-1].sentence == "Not exported: The main run cannot be estimated."


def _with_request(window: MainWindow, request: object) -> object:
    from dataclasses import replace

    return replace(window.bench.refresher._estimator, request=request)


def test_that_a_late_request_is_dropped(six: MainWindow, counted: Counted, qtbot: QtBot) -> None:
    six.bench.count_requests()
    six.bench.document.change("campaign.months", 6)
    counted(six)
    assert len(six.bench.request.campaign.months) == 6
