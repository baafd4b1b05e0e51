"""A text that cannot be used stays in its field; what hangs on it is marked and leaves the window nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.plan.amounts import AmountError, format_count, parse_count
from app.plan.files import read_plan
from app.window.document import Document
from app.window.main_window import MainWindow
from app.window.questions.rows import AmountRow
from app.words import language, speaking
from estimators import Catalogue
from tests.window.conftest import Answers, example

Settled = Callable[[MainWindow], None]
BEFORE = "what was on the clipboard"
MARK = ("warn", "not current")
TOKENS = 'Tokens holds "2 Foo", which cannot be used'


def retype(qtbot: QtBot, edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)


def tokens(window: MainWindow) -> AmountRow:
    return window.bench.questions.data.amount


def spoil(window: MainWindow, qtbot: QtBot, text: str = "2 Foo") -> None:
    retype(qtbot, tokens(window).field.edit, text)


def badges(window: MainWindow) -> list[tuple[str, str] | None]:
    return [view._card.badge for view in window.bench.answer.cards]


def told(window: MainWindow) -> list[str]:
    return [bar.sentence for bar in window.bars]


@pytest.fixture
def six(empty_window: MainWindow, catalogue: Catalogue, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window with a plan of six runs and its request."""
    plan = read_plan(example("two-languages-9b"), catalogue)
    empty_window.show_document(Document(plan, None, tmp_path / "state", catalogue))
    empty_window.bench.load_charts = lambda: None
    empty_window.show()
    qtbot.waitExposed(empty_window)
    return empty_window


# ---------------------------------------------------------------- the field


def test_that_the_plan_keeps_what_it_had_before_the_typing(window: MainWindow, qtbot: QtBot) -> None:
    """The "2" of "2 Foo" could be read, but was never meant."""
    spoil(window, qtbot)
    assert tokens(window).error.startswith('"Foo" is not known')
    assert window.bench.document.plan.runs[0].data.tokens == 300_000_000_000
    assert not window.bench.document.is_edited
    assert not window.bench.document.undo_stack.canUndo()


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [("de", "2 Billionen", 2 * 10**12), ("de", "1,5 Mio", 1_500_000), ("es", "300 mil millones", 3 * 10**11)],
)
def test_that_words_of_its_language_are_taken_by_the_field(
    code: str, text: str, value: int, window: MainWindow, qtbot: QtBot
) -> None:
    spoil(window, qtbot, text)
    assert "is not understood in English" in tokens(window).error
    with speaking(language(code)):
        spoil(window, qtbot, text)
    assert tokens(window).error == ""
    assert window.bench.document.plan.runs[0].data.tokens == value
    assert window.bench.document.undo_stack.count() <= 1


def test_that_a_deadline_in_another_language_is_taken(window: MainWindow, qtbot: QtBot) -> None:
    with speaking(language("de")):
        retype(qtbot, window.bench.questions.where.deadline.field.edit, "3 Wochen")
    assert window.bench.document.plan.target.deadline_days == 21


def test_that_another_edit_does_not_take_the_text_away(
    window: MainWindow, qtbot: QtBot, settled: Settled
) -> None:
    spoil(window, qtbot)
    retype(qtbot, window.bench.questions.where.deadline.field.edit, "8 weeks")
    settled(window)
    assert tokens(window).field.text() == "2 Foo"
    assert tokens(window).error
    assert TOKENS in window.bench.answer.own_line.text()
    window.undo()
    settled(window)
    assert tokens(window).field.text() == "2 Foo"


def test_that_escape_takes_the_text_back(window: MainWindow, qtbot: QtBot, settled: Settled) -> None:
    spoil(window, qtbot)
    qtbot.keyClick(tokens(window).field.edit, Qt.Key.Key_Escape)
    settled(window)
    assert (tokens(window).field.text(), tokens(window).error) == ("300\u202fB", "")
    assert MARK not in badges(window)
    assert window.bench.held.words_of_deed() == ""


def test_that_the_slider_overtakes_the_text(window: MainWindow, qtbot: QtBot, settled: Settled) -> None:
    spoil(window, qtbot)
    window.bench.questions.data.slider.dragged.emit(5e11)
    settled(window)
    assert (tokens(window).field.text(), tokens(window).error) == ("500\u202fB", "")
    assert MARK not in badges(window)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text("0123456789 ,.eEkMBTMiliardenFo-", max_size=12))
def test_that_a_field_either_gives_its_value_or_says_why_not(
    text: str, catalogue: Catalogue, qtbot: QtBot, tmp_path: Path
) -> None:
    """Typed letter by letter: the plan holds the reading of the whole text, or what it held before."""
    document = Document(read_plan(example("nordic-9b"), catalogue), None, tmp_path, catalogue)
    row = AmountRow("Tokens", document, "runs.0.data.tokens", parse_count, format_count)
    qtbot.addWidget(row)
    for end in range(len(text) + 1):
        row.field.edit.setText(text[:end])
        row.field.edit.textEdited.emit(text[:end])
    row.field.edit.editingFinished.emit()
    try:
        wanted, is_good = parse_count(text).value, True
    except AmountError:
        wanted, is_good = 300_000_000_000, False
    assert document.value("runs.0.data.tokens") == wanted
    assert (document.faults.all() == ()) == is_good
    assert (row.error == "") == is_good
    assert is_good or row.field.text() == text
    assert is_good or not document.is_edited
    document.close()


def test_that_every_field_of_the_window_holds_what_hangs_on_it(six: MainWindow, counted: Settled) -> None:
    """Questions with all folds, the measured step, and both forms of the campaign."""
    counted(six)
    bench = six.bench
    bench.questions.open_folds(True)
    bench.questions.where.measured_rows().draft.change("step_seconds", 50.0)
    six.show_tab("campaign")
    for side in ("run", "project"):
        bench.tabs.page("campaign").show_side(side)
    rows = [row for row in six.findChildren(AmountRow) if not row.isHidden()]
    assert len(rows) >= 22
    for row in rows:
        edit = row.field.edit
        bad = "" if edit.accessibleName() == "Name of the run" else "\u00bf?"
        good = edit.text()
        edit.setText(bad)
        edit.textEdited.emit(bad)
        edit.editingFinished.emit()
        assert row.error, edit.accessibleName()
        assert bench.held.words_of_deed().startswith(edit.accessibleName())
        assert bench.held.words_of_request()
        assert not bench.can_export
        assert bench.tabs.mark.text == "not current"
        row.field.taken_back.emit()
        assert (edit.text(), bench.held.words_of_deed()) == (good, ""), edit.accessibleName()
    assert bench.tabs.mark.text == ""


# ---------------------------------------------------------------- the answer


def test_that_the_answer_is_marked_as_the_last_good_one(
    window: MainWindow, qtbot: QtBot, settled: Settled
) -> None:
    sentence = window.bench.answer.sentence.text()
    spoil(window, qtbot)
    assert badges(window) == [MARK] * 3
    assert {view._card.state for view in window.bench.answer.cards} == {"held"}
    assert window.bench.answer.own_line.text() == f"{TOKENS}. This answer is for 300\u202fB."
    settled(window)
    assert window.bench.answer.sentence.text() == sentence
    assert badges(window) == [MARK] * 3
    assert window.bench.tabs.mark.text == "not current"
    assert window.bench.status.state.text() == "Last good answer"
    spoil(window, qtbot, "300 B")
    settled(window)
    assert MARK not in badges(window)
    assert window.bench.tabs.mark.text == ""
    assert window.bench.status.state.text() != "Last good answer"


@pytest.mark.parametrize(("width", "shown"), [(1366, "not current"), (1000, "")])
def test_that_the_mark_beside_the_tabs_takes_no_letter_from_them(
    width: int, shown: str, window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(width, 600)
    spoil(window, qtbot)
    assert window.bench.tabs.mark.text == shown
    assert window.bench.status.state.text() == "Last good answer"
    assert window.bench.answer.toolTip().startswith(TOKENS)


def test_that_a_field_of_the_project_marks_the_request_but_not_the_run(
    six: MainWindow, counted: Settled, qtbot: QtBot
) -> None:
    counted(six)
    six.show_tab("campaign")
    page = six.bench.tabs.page("campaign")
    page.show_side("project")
    retype(qtbot, page.project.country.field.edit, "Finland")
    assert MARK not in badges(six)
    assert six.bench.line.badge.text == "not current"
    assert 'Country of the applicant holds "Finland"' in page.warning.text()
    assert page.sum.text == "not current"
    six.show_tab("machines")
    assert six.bench.tabs.mark.text == ""
    six.show_tab("access")
    assert six.bench.tabs.mark.text == "not current"


# ---------------------------------------------------------------- what leaves the window


def test_that_nothing_is_exported_and_the_field_is_named(
    window: MainWindow, counted: Settled, qtbot: QtBot
) -> None:
    counted(window)
    spoil(window, qtbot)
    assert window.deeds["export"].isEnabled()
    window.deeds["export"].trigger()
    assert window.export_dialog is None
    assert told(window) == [f"Not exported: {TOKENS}. Correct it, or press Escape in the field."]
    qtbot.keyClick(tokens(window).field.edit, Qt.Key.Key_Escape)
    counted(window)
    window.export()
    assert window.export_dialog is not None
    window.export_dialog.reject()


def test_that_nothing_is_copied_and_the_field_is_named(
    six: MainWindow, counted: Settled, qtbot: QtBot
) -> None:
    counted(six)
    clipboard = QGuiApplication.clipboard()
    spoil(six, qtbot)
    counted(six)
    names = [name for name in six.deeds if name.startswith("copy-")]
    assert len(names) == 5
    copies = [six.deeds[name].trigger for name in names]
    six.show_tab("access")
    six.show_tab("evidence")
    copies += [six.bench.tabs.page("access").table.copy, six.bench.answer.copy_button.click]
    copies += [six.bench.tabs.page("evidence").table.copy, six.bench.tabs.page("findings").copy.click]
    for copy in copies:
        clipboard.setText(BEFORE)
        for bar in tuple(six.bars):
            bar.close_bar()
        copy()
        assert clipboard.text() == BEFORE
        assert told(six) == [f"Not copied: {TOKENS}. Correct it, or press Escape in the field."]
    tokens(six).field.taken_back.emit()
    for copy in copies:
        clipboard.setText(BEFORE)
        copy()
        assert clipboard.text() != BEFORE


def test_that_no_picture_of_a_chart_leaves(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    from app import charts

    slot = window.bench.tabs.machines.hours
    kinds = {kind.title: kind for kind in (getattr(charts, name) for name in charts.__all__)}
    slot.fill(kinds[slot.title]())
    view, clipboard = slot.view, QGuiApplication.clipboard()
    asked: list[str] = []
    view.ask_path = lambda suggestion, _kind: asked.append(suggestion) or ""
    spoil(window, qtbot)
    for copy in (view.copy_chart, view.copy_picture, view.copy_data):
        clipboard.setText(BEFORE)
        copy()
        assert clipboard.text() == BEFORE
    view._save_as("png")
    assert asked == []
    assert f"Not saved: {TOKENS}. Correct it, or press Escape in the field." in told(window)
    tokens(window).field.taken_back.emit()
    view.copy_data()
    assert clipboard.text() != BEFORE


# ---------------------------------------------------------------- nothing is lost unsaid


def test_that_the_text_waits_while_another_run_is_shown(
    six: MainWindow, counted: Settled, qtbot: QtBot
) -> None:
    counted(six)
    main = six.bench.run_id
    spoil(six, qtbot)
    six.bench.choose_run(six.bench.document.plan.runs[0].id)
    assert tokens(six).error == ""
    assert MARK not in badges(six), "the run on the screen has no fault"
    six.export()
    assert told(six)[-1].startswith('Not exported: Tokens of Main run holds "2 Foo", which cannot be used.')
    six.bench.choose_run(main)
    assert (tokens(six).field.text(), bool(tokens(six).error)) == ("2 Foo", True)
    assert badges(six) == [MARK] * 3
    six.bench.deeds.delete()
    counted(six)
    assert six.bench.held.words_of_deed() == ""


def test_that_a_text_follows_its_run_when_runs_are_moved(six: MainWindow, qtbot: QtBot) -> None:
    main = six.bench.run_id
    spoil(six, qtbot)
    six.bench.deeds.move(-1)
    assert six.bench.run_id == main
    assert tokens(six).field.text() == "2 Foo"
    assert six.bench.document.faults.all()[0].run_id == main


def test_that_saving_keeps_the_last_good_value_and_says_so(
    window: MainWindow, qtbot: QtBot, answers: Answers, tmp_path: Path
) -> None:
    answers.save = tmp_path / "kept.nodewise.json"
    spoil(window, qtbot)
    assert window.save_plan()
    assert told(window) == [f"Saved with the last good values: {TOKENS}."]
    kept = json.loads(answers.save.read_text("utf-8"))
    assert kept["runs"][0]["data"]["tokens"] == 300_000_000_000
    assert tokens(window).field.text() == "2 Foo"


def test_that_leaving_asks_though_no_value_was_changed(
    window: MainWindow, qtbot: QtBot, answers: Answers
) -> None:
    spoil(window, qtbot)
    answers.leave = "stay"
    window.show_start()
    assert answers.asked == [f"leave nordic-9b: {TOKENS}"]
    assert window.bench is not None
    assert tokens(window).field.text() == "2 Foo"
