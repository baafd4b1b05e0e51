"""Work that a crash cannot take: what is kept, when, and how it is offered at the next start."""

import os
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.plan import autosave
from app.plan.autosave import recoverable
from app.present.kept import kept_words
from app.window import document as document_module
from app.window.main_window import MainWindow
from app.window.refresh import real_estimator
from estimators import Catalogue
from tests.window.conftest import Answers, edit, write_outside


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
    edit(window, 250_000_000_000)
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
