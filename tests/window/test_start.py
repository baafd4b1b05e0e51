"""The first thirty seconds: from the start page to an answer."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow
from tests.window.conftest import Answers, example


def test_that_one_click_leads_to_an_answer(start_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(start_window.start.cards[1], Qt.MouseButton.LeftButton)
    assert start_window.bench.answer.sentence.text().startswith("About ")
    assert start_window.bench.comparison.final


def test_that_a_digit_chooses_a_card(start_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(start_window.start, "4")
    assert start_window.bench.document.plan.runs[0].data.images is not None


def test_that_the_examples_of_the_cards_are_solved(start_window: MainWindow, qtbot: QtBot) -> None:
    page = start_window.start
    qtbot.waitUntil(lambda: page.is_solved, timeout=10_000)
    assert all(card.card.number and "GPU" in card.card.foot for card in page.cards)
    assert "%" in page.cards[4].card.number
    assert page.cards[4].card.unit.startswith("instead of ±")


def test_that_a_measured_run_asks_for_its_step(start_window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(start_window.start, "5")
    rows = start_window.bench.questions.where.measured
    assert start_window.bench.questions.where.fold.is_open
    assert start_window.focusWidget() is rows.seconds.field.edit
    assert not start_window.bench.document.is_edited


def test_that_a_plan_file_opens_and_counts_as_saved(start_window: MainWindow, answers: Answers) -> None:
    answers.open = example("support-8b")
    start_window.ask_for_plan()
    assert start_window.bench.document.path == example("support-8b").resolve()
    assert not start_window.bench.document.is_edited


def test_that_a_broken_file_is_a_sentence_and_not_a_traceback(
    start_window: MainWindow, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.nodewise.json"
    broken.write_text("{")
    start_window.open_path(broken)
    assert start_window.bench is None
    assert [bar.tone for bar in start_window.bars] == ["fail"]
    assert "broken.nodewise.json" in start_window.bars[0].sentence
    assert "Traceback" not in start_window.bars[0].sentence


def test_that_a_dropped_plan_opens(start_window: MainWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(example("scratch-1.7b")))])
    event = QDropEvent(
        QPointF(QPoint(20, 20)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    start_window.dropEvent(event)
    assert start_window.bench.document.name == "scratch-1.7b"


def test_that_every_example_has_an_answer(
    start_window: MainWindow, settled: Callable[[MainWindow], None]
) -> None:
    for name in ("nordic-9b", "scratch-1.7b", "support-8b", "satellite-vit-l"):
        start_window.open_path(example(name), is_own=False)
        settled(start_window)
        assert "GPU-hours" in start_window.bench.answer.sentence.text()
