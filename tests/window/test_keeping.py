"""Nothing that was typed is lost: saving, leaving, and one file that several write to."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plan.files import read_plan, write_plan
from app.plan.schema import SavedAnswer
from app.window.main_window import MainWindow
from app.window.refresh import real_estimator
from estimators import Catalogue
from tests.window.conftest import Answers, edit, example, write_outside

Settled = Callable[[MainWindow], None]


def test_that_saving_asks_once_and_clears_the_mark(
    window: MainWindow, answers: Answers, tmp_path: Path, settled: Settled
) -> None:
    edit(window)
    settled(window)
    assert not window.top.edited.isHidden()
    answers.save = tmp_path / "mine.nodewise.json"
    assert window.save_plan()
    assert window.top.edited.isHidden()
    assert answers.asked == ["save nordic-9b.nodewise.json"]
    saved = read_plan(answers.save)
    assert saved.runs[0].data.tokens == 200_000_000_000
    assert saved.answer_when_saved is not None
    assert window.save_plan()
    assert len(answers.asked) == 1


def test_that_an_unwritable_place_is_a_sentence(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    answers.save = tmp_path / "missing" / "mine.nodewise.json"
    assert not window.save_plan()
    assert window.bars[0].tone == "fail"


def test_that_leaving_asks_only_for_unsaved_work(window: MainWindow, answers: Answers) -> None:
    window.show_start()
    assert answers.asked == []
    window.open_path(example("nordic-9b"), is_own=False)
    edit(window)
    answers.leave = "stay"
    window.show_start()
    assert window.bench is not None
    assert answers.asked == ["leave nordic-9b"]
    answers.leave = "discard"
    window.show_start()
    assert window.bench is None


def test_that_a_changed_answer_is_said(
    empty_window: MainWindow, catalogue: Catalogue, tmp_path: Path
) -> None:
    plan = read_plan(example("nordic-9b"))
    old = SavedAnswer(gpu_hours_p50=1000.0, catalogue_date=datetime.date(2025, 1, 1))
    path = tmp_path / "old.nodewise.json"
    write_plan(path, msgspec.structs.replace(plan, answer_when_saved=old))
    empty_window.open_path(path)
    assert "changes this answer" in empty_window.bars[-1].sentence


def test_that_recent_plans_stand_on_the_start_page(
    window: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    answers.save = tmp_path / "mine.nodewise.json"
    window.save_plan()
    window.show_start()
    names = [line.name for line in window.start.recent_lines]
    assert names == ["nordic-9b"]


# ---------------------------------------------------------------- one file, several writers


def test_that_a_file_changed_outside_is_not_written_over_before_somebody_chose(
    window: MainWindow, answers: Answers, saved: Path
) -> None:
    edit(window, 250_000_000_000)
    theirs = write_outside(saved)
    assert not window.save_plan()
    assert answers.asked == ["conflict mine"]
    assert saved.read_bytes() == theirs
    assert window.bench.document.is_edited


def test_that_keeping_mine_writes_over_what_was_seen_and_nothing_newer(
    window: MainWindow, answers: Answers, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(window, 250_000_000_000)
    write_outside(saved)
    answers.conflict = "mine"
    real = Answers.changed_outside

    def write_again_meanwhile(self: Answers, parent: object, name: str) -> str:
        if len(answers.asked) == 0:
            write_outside(saved, "theirs again")
        return real(self, parent, name)

    monkeypatch.setattr(Answers, "changed_outside", write_again_meanwhile)
    assert window.save_plan()
    assert answers.asked == ["conflict mine", "conflict mine"]
    assert read_plan(saved).runs[0].data.tokens == 250_000_000_000
    assert window.save_plan()
    assert len(answers.asked) == 2


def test_that_taking_theirs_shows_it_and_undo_brings_mine_back(
    window: MainWindow, answers: Answers, saved: Path, settled: Settled
) -> None:
    edit(window, 250_000_000_000)
    mine = window.bench.document.plan
    theirs = write_outside(saved)
    answers.conflict = "theirs"
    assert not window.save_plan()
    document = window.bench.document
    assert document.plan.name == "theirs"
    assert not document.is_edited
    assert saved.read_bytes() == theirs
    document.undo_stack.undo()
    assert document.plan == mine
    assert document.is_edited
    settled(window)


def test_that_saving_beside_keeps_both(window: MainWindow, answers: Answers, saved: Path) -> None:
    edit(window, 250_000_000_000)
    theirs = write_outside(saved)
    answers.conflict = "beside"
    assert window.save_plan()
    assert saved.read_bytes() == theirs
    beside = saved.with_name("mine (2).nodewise.json")
    assert read_plan(beside).runs[0].data.tokens == 250_000_000_000
    assert window.bench.document.path == beside
    assert "mine (2).nodewise.json" in window.bars[-1].sentence


def test_that_theirs_that_is_no_plan_leaves_mine(window: MainWindow, answers: Answers, saved: Path) -> None:
    edit(window, 250_000_000_000)
    mine = window.bench.document.plan
    saved.write_text("noise")
    answers.conflict = "theirs"
    assert not window.save_plan()
    assert window.bench.document.plan == mine
    assert window.bench.document.is_edited
    assert "is not valid JSON" in window.bars[-1].sentence


def test_that_leaving_does_not_lose_mine_where_theirs_was_taken(
    window: MainWindow, answers: Answers, saved: Path
) -> None:
    edit(window, 250_000_000_000)
    write_outside(saved)
    answers.leave, answers.conflict = "save", "theirs"
    window.show_start()
    assert window.bench is not None
    assert window.bench.document.undo_stack.canUndo()


def test_that_coming_back_to_the_window_tells_of_a_changed_file_once(
    window: MainWindow, answers: Answers, saved: Path, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    come_back = QEvent(QEvent.Type.ActivationChange)
    QApplication.sendEvent(window, come_back)
    assert window.bars == []
    write_outside(saved)
    QApplication.sendEvent(window, come_back)
    (bar,) = window.bars
    assert "changed by another window or program" in bar.sentence
    bar.close_bar()
    QApplication.sendEvent(window, come_back)
    assert window.bars == []


def test_that_a_file_that_was_only_touched_or_removed_is_saved_without_a_question(
    window: MainWindow, answers: Answers, saved: Path
) -> None:
    saved.touch()
    edit(window, 250_000_000_000)
    assert window.save_plan()
    saved.unlink()
    assert window.save_plan()
    assert answers.asked == []
    assert saved.exists()


@pytest.fixture
def second(
    window: MainWindow, saved: Path, catalogue: Catalogue, tmp_path: Path, qtbot: QtBot
) -> Iterator[tuple[MainWindow, Answers]]:
    """Another window on the same file."""
    answers = Answers()
    other = MainWindow(catalogue, real_estimator, tmp_path / "state", answers)
    qtbot.addWidget(other)
    other.open_path(saved)
    yield other, answers
    answers.leave = "discard"
    other.close()


def test_that_two_windows_on_one_file_notice_each_other(
    window: MainWindow, answers: Answers, second: tuple[MainWindow, Answers], saved: Path
) -> None:
    other, others_answers = second
    assert "is open in another window too" in other.bars[-1].sentence
    edit(window, 250_000_000_000)
    assert window.save_plan()
    mine = saved.read_bytes()
    assert other.bench.document.change("campaign.months", 7) == ""
    assert not other.save_plan()
    assert others_answers.asked == ["conflict mine"]
    assert saved.read_bytes() == mine


def test_that_a_closed_window_has_nothing_open(
    window: MainWindow, answers: Answers, saved: Path, catalogue: Catalogue, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_path(saved)
    assert not window.bars
    window.show_start()
    other = MainWindow(catalogue, real_estimator, tmp_path / "state", answers)
    qtbot.addWidget(other)
    other.open_path(saved)
    assert not other.bars
    other.close()
