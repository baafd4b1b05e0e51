"""Nothing that was typed is lost: saving, leaving, and what a crash leaves behind."""

import datetime
import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plan import autosave
from app.plan.autosave import recoverable
from app.plan.files import read_plan, write_plan
from app.plan.schema import SavedAnswer
from app.present.kept import kept_words
from app.window import document as document_module
from app.window.main_window import MainWindow
from app.window.refresh import real_estimator
from estimators import Catalogue
from tests.window.conftest import Answers, example

Settled = Callable[[MainWindow], None]


def edit(window: MainWindow) -> None:
    assert window.bench.document.change("runs.0.data.tokens", 200_000_000_000) == ""


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


def test_that_unsaved_work_is_kept_and_offered_again(
    window: MainWindow, catalogue: Catalogue, tmp_path: Path
) -> None:
    edit(window)
    document = window.bench.document
    document.keep_safe()
    kept = document._session.file
    text = kept.read_text()
    window.bench = None
    document.close()
    kept.write_text(text)  # as a crash would have left it
    (found,) = recoverable(tmp_path / "state")
    window.offer_recovery()
    moment = found.written.strftime("%d %b %Y, %H:%M:%S")
    assert window.bars[-1].sentence == (
        f"nordic-9b, never saved to a file, was kept as it stood on {moment}."
    )
    window._restore(found)
    assert window.bench.document.plan.runs[0].data.tokens == 200_000_000_000
    assert window.bench.document.is_edited


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


@pytest.fixture
def saved(window: MainWindow, answers: Answers, tmp_path: Path, settled: Settled) -> Path:
    """The file of the window's plan, to which somebody else writes another name."""
    answers.save = tmp_path / "mine.nodewise.json"
    edit(window)
    settled(window)
    assert window.save_plan()
    answers.asked.clear()
    return answers.save


def write_outside(path: Path, name: str = "theirs") -> bytes:
    plan = msgspec.structs.replace(read_plan(path), name=name)
    write_plan(path, plan)
    return path.read_bytes()


def edit_more(window: MainWindow) -> None:
    assert window.bench.document.change("runs.0.data.tokens", 250_000_000_000) == ""


def test_that_a_file_changed_outside_is_not_written_over_before_somebody_chose(
    window: MainWindow, answers: Answers, saved: Path
) -> None:
    edit_more(window)
    theirs = write_outside(saved)
    assert not window.save_plan()
    assert answers.asked == ["conflict mine"]
    assert saved.read_bytes() == theirs
    assert window.bench.document.is_edited


def test_that_keeping_mine_writes_over_what_was_seen_and_nothing_newer(
    window: MainWindow, answers: Answers, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_more(window)
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
    edit_more(window)
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
    edit_more(window)
    theirs = write_outside(saved)
    answers.conflict = "beside"
    assert window.save_plan()
    assert saved.read_bytes() == theirs
    beside = saved.with_name("mine (2).nodewise.json")
    assert read_plan(beside).runs[0].data.tokens == 250_000_000_000
    assert window.bench.document.path == beside
    assert "mine (2).nodewise.json" in window.bars[-1].sentence


def test_that_theirs_that_is_no_plan_leaves_mine(window: MainWindow, answers: Answers, saved: Path) -> None:
    edit_more(window)
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
    edit_more(window)
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
    edit_more(window)
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
    edit_more(window)
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


# ---------------------------------------------------------------- what is kept, and when


def test_that_work_is_kept_while_somebody_edits_without_pause(window: MainWindow) -> None:
    """A minute of a person who changes something every 0.3 s, by a clock of the test."""
    document = window.bench.document
    document.changed.disconnect()  # the answer is not what is tested
    now, kept = 0, []

    class Clock:
        started: int | None = None

        def isValid(self) -> bool:
            return self.started is not None

        def start(self) -> None:
            self.started = now

        def elapsed(self) -> int:
            return now - self.started

        def invalidate(self) -> None:
            self.started = None

    document._unkept = Clock()
    for change in range(200):
        document.change("runs.0.data.tokens", 200_000_000_000 + change)
        due = now + document._timer.interval()
        now += 300
        if due <= now:
            assert document.keep_safe() == ""
            kept.append(due)
            (on_disk,) = (window._state_folder / "autosave").glob("*.json")
            assert autosave._read(on_disk).plan == document.plan
    assert max(later - earlier for earlier, later in pairwise([0, *kept, now])) < 10_000


def test_that_work_is_kept_soon_after_the_hands_rest(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_module, "AUTOSAVE_MS", 20)
    edit(window)
    document = window.bench.document
    qtbot.waitUntil(lambda: document._session is not None and document._session.file.exists())


def crashed(window: MainWindow) -> autosave.Recovery:
    """The window's work as a crash leaves it."""
    document = window.bench.document
    assert document.keep_safe() == ""
    kept = document._session.file
    text = kept.read_bytes()
    document.undo_stack.setClean()
    window.show_start()
    kept.write_bytes(text)
    (found,) = autosave.recoverable(window._state_folder)
    return found


@pytest.mark.parametrize("errno", [28, 30], ids=["full disk", "read-only folder"])
def test_that_restoring_where_nothing_can_be_written_loses_nothing(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errno: int
) -> None:
    edit(window)
    found = crashed(window)
    content = found.file.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno, os.strerror(errno))

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", refuse)
        if errno == 30:
            real = os.open
            patch.setattr(
                os, "open", lambda path, flags, *mode: refuse() if flags & os.O_CREAT else real(path, flags)
            )
            patch.setattr(Path, "unlink", refuse)
        window.offer_recovery()
        (offered,) = autosave.recoverable(tmp_path / "state")
        window._restore(offered)
        document = window.bench.document
        assert document.plan.runs[0].data.tokens == 200_000_000_000
        assert os.strerror(errno) in document.keep_safe()
        assert "cannot be kept against a crash" in window.bars[-1].sentence
        assert found.file.read_bytes() == content
    assert document.keep_safe() == ""
    assert document.save(tmp_path / "safe.nodewise.json", document.plan) is None
    assert autosave.recoverable(tmp_path / "state") == ()
    assert not found.file.exists()


def test_that_what_was_kept_is_said_with_its_file_and_how_that_stands(
    window: MainWindow, saved: Path
) -> None:
    edit_more(window)
    found = crashed(window)
    moment = found.written.strftime("%d %b %Y, %H:%M:%S")
    start = f"Unsaved changes to mine in {saved.parent} were kept as of {moment}."
    assert kept_words(found) == f"{start} The file is as it was."
    theirs = write_outside(saved)
    assert kept_words(found) == f"{start} The file was written by somebody else since; saving asks first."
    window._restore(found)
    assert not window.save_plan()
    assert saved.read_bytes() == theirs
    saved.unlink()
    assert kept_words(found) == f"{start} The file is gone."


def test_that_all_left_over_work_is_offered(window: MainWindow, tmp_path: Path) -> None:
    edit(window)
    first = crashed(window)
    text = first.file.read_text()
    (first.file.parent / "1-a.autosave.json").write_text(text.replace("nordic-9b", "second"))
    window.offer_recovery()
    assert len(window.bars) == 2
    for number in range(9):
        (first.file.parent / f"2-{number}.autosave.json").write_text(text.replace("nordic-9b", f"x{number}"))
    window.offer_recovery()
    assert "more kept plans are offered at later starts." in window.bars[-1].sentence


def test_that_work_restored_by_one_window_is_not_restored_by_another(
    window: MainWindow, catalogue: Catalogue, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    edit(window)
    found = crashed(window)
    other = MainWindow(catalogue, real_estimator, tmp_path / "state", Answers())
    qtbot.addWidget(other)
    window._restore(found)
    other._restore(found)
    assert other.bench is None
    assert "Another window has restored this work already." in [bar.sentence for bar in other.bars]
    window.bench.document.keep_safe()
    assert found.file.exists()
    other.close()
