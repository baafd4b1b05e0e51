"""Every question of the window goes through one seam, and none writes over a file unasked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.window import prompts
from app.window.main_window import MainWindow
from app.window.parts.question import Question
from app.window.prompts import Dialogs, conflict_question, leave_question, replace_question
from tests.window.conftest import Answers

ROOT = Path(__file__).parents[2]
ASKING = ("QFileDialog", "QMessageBox", "QInputDialog", "QErrorMessage", "QColorDialog", "QFontDialog")


def asked_for(tree: ast.AST) -> Iterator[str]:
    """Names of Qt's own dialogs that a module imports or reaches through a module."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        names += [node.attr] if isinstance(node, ast.Attribute) else []
        yield from (name for name in names if name in ASKING)


def test_that_only_the_seam_opens_dialogs_of_the_system() -> None:
    found = {
        str(path.relative_to(ROOT)): set(asked_for(ast.parse(path.read_text("utf-8"))))
        for path in sorted((ROOT / "app").rglob("*.py"))
    }
    assert {path: names for path, names in found.items() if names} == {
        "app/window/prompts.py": {"QFileDialog"}
    }


@pytest.mark.parametrize("text", ["from PySide6.QtWidgets import QMessageBox", "QtWidgets.QFileDialog(None)"])
def test_that_the_search_for_dialogs_finds_them(text: str) -> None:
    assert list(asked_for(ast.parse(text)))


@pytest.mark.parametrize("typed", ["plan", "chart"])
@pytest.mark.parametrize("answer", ["keep", "replace"])
def test_that_a_name_without_ending_is_asked_about_where_the_file_with_ending_exists(
    typed: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / ("plan.nodewise.json" if typed == "plan" else "chart.svg")
    there.write_text("an earlier one")
    asked: list[Path] = []

    def replace(self: Dialogs, parent: object, files: tuple[Path, ...]) -> bool:
        asked.extend(files)
        return answer == "replace"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / typed), ""))
    monkeypatch.setattr(Dialogs, "may_replace", replace)
    dialogs = Dialogs()
    is_plan = typed == "plan"
    found = dialogs.where_to_save(None, "x") if is_plan else dialogs.where_to_save_figure(None, "x", "svg")
    assert asked == [there]
    assert found == (there if answer == "replace" else None)


def test_that_a_name_with_ending_was_asked_about_by_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "plan.nodewise.json"
    there.write_text("an earlier one")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(there), ""))
    monkeypatch.setattr(prompts, "replace_question", lambda *_: pytest.fail("asked twice"))
    assert Dialogs().where_to_save(None, "x") == there


def questions() -> list[Question]:
    files = [Path(f"/home/somebody/out/figures/{number}.svg") for number in range(9)]
    return [
        replace_question(None, files[:1]),
        replace_question(None, files),
        leave_question(None, "nordic-9b"),
        conflict_question(None, "nordic-9b"),
    ]


def test_that_closing_a_question_loses_nothing(qtbot: QtBot) -> None:
    for question, safe in zip(questions(), ("keep", "keep", "stay", "stay"), strict=True):
        qtbot.addWidget(question)
        question.show()
        qtbot.keyClick(question, Qt.Key.Key_Escape)
        assert question.answer == safe


def test_that_the_first_answer_has_the_keyboard(qtbot: QtBot) -> None:
    for question in questions():
        qtbot.addWidget(question)
        question.show()
        qtbot.waitExposed(question)
        first = next(iter(question.buttons))
        question.answer = "none"
        qtbot.waitUntil(lambda question=question: question.focusWidget() is not None)
        qtbot.keyClick(question.focusWidget(), Qt.Key.Key_Return)
        assert question.answer == first


def test_that_every_button_gives_its_answer_and_fits_the_dialog(qtbot: QtBot) -> None:
    for question in questions():
        qtbot.addWidget(question)
        for answer, button in question.buttons.items():
            question.show()
            qtbot.waitExposed(question)
            corner = button.mapTo(question, button.rect().bottomRight())
            assert question.rect().contains(corner)
            assert button.mapTo(question, button.rect().topLeft()).x() >= 16
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
            assert question.answer == answer
            assert question.isHidden()


def test_that_a_chart_of_the_window_asks_the_window_where_to_save(
    window: MainWindow, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    type(window.bench).load_charts(window.bench)
    qtbot.waitUntil(lambda: window.bench.tabs.machines.findChildren(object) != [], timeout=1000)
    views = [slot.view for slot in window.findChildren(prompts_slot()) if slot.view is not None]
    assert views
    answers.figure = tmp_path / "chart.svg"
    views[0]._save_as("svg")
    assert answers.asked[-1].startswith("figure ")
    assert answers.figure.read_bytes().startswith(b"<?xml")


def prompts_slot() -> type:
    from app.window.chart_slot import ChartSlot

    return ChartSlot
