"""A fault of our own neither ends the window nor goes unseen: the plan is kept, then one dialog says so."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.plan.autosave import _read
from app.plan.files import read_plan
from app.window.crash import MOST_DIALOGS, FaultDesk
from app.window.document import Document
from app.window.fault_dialog import FaultDialog
from app.window.main_window import MainWindow
from app.window.tasks import run_task
from tests.window.conftest import Answers, edit


class OddError(Exception):
    """A fault that only a test makes."""


def fail(*_: object) -> None:
    raise OddError("a secret of the machine room")


@pytest.fixture
def desk(window: MainWindow) -> Iterator[FaultDesk]:
    """The window with its own hooks, in place of those of the test's runner."""
    desk = FaultDesk(window)
    give_back = desk.install()
    yield desk
    give_back()
    if desk.dialog is not None:
        desk.dialog.accept()


@pytest.fixture
def shown(desk: FaultDesk, qtbot: QtBot) -> Callable[[], FaultDialog]:
    """Waits for the dialog."""

    def wait() -> FaultDialog:
        qtbot.waitUntil(lambda: desk.dialog is not None and desk.dialog.isVisible(), timeout=3000)
        return desk.dialog

    return wait


# ---------------------------------------------------------------- ways to fail


class Painter(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        fail()


class Sizer(QWidget):
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            fail()
        return super().event(event)


class Watcher(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            fail()
        return False


class Unraisable:
    def __del__(self) -> None:
        fail()


def by_slot(window: MainWindow) -> None:
    button = QPushButton(window)
    button.clicked.connect(fail)
    button.click()


def by_deed(window: MainWindow) -> None:
    action = QAction(window)
    action.triggered.connect(fail)
    action.trigger()


def by_paint(window: MainWindow) -> None:
    Painter(window).show()


def by_event(window: MainWindow) -> None:
    QApplication.postEvent(Sizer(window), QEvent(QEvent.Type.User))


def by_filter(window: MainWindow) -> None:
    window.watcher = Watcher()
    window.installEventFilter(window.watcher)
    QApplication.postEvent(window, QEvent(QEvent.Type.User))


def by_timer(window: MainWindow) -> None:
    QTimer.singleShot(0, fail)


def by_worker(window: MainWindow) -> None:
    run_task(fail, fail)


def by_receiver(window: MainWindow) -> None:
    run_task(lambda: None, fail)


def by_thread(window: MainWindow) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def by_deletion(window: MainWindow) -> None:
    Unraisable()


WAYS = [
    by_slot,
    by_deed,
    by_paint,
    by_event,
    by_filter,
    by_timer,
    by_worker,
    by_receiver,
    by_thread,
    by_deletion,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.removeprefix("by_"))
def test_that_a_fault_anywhere_keeps_the_plan_and_shows_one_dialog(
    way: Callable[[MainWindow], None],
    window: MainWindow,
    desk: FaultDesk,
    shown: Callable[[], FaultDialog],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit(window)
    kept_before: list[bool] = []
    real = FaultDesk._open

    def look_then_open(*arguments: object) -> None:
        session = window.bench.document._session
        kept_before.append(session is not None and _read(session.file).plan == window.bench.document.plan)
        real(*arguments)

    monkeypatch.setattr(FaultDesk, "_open", look_then_open)
    way(window)
    dialog = shown()
    assert kept_before == [True]
    assert "OddError" in dialog.happened.text()
    assert dialog.plan.text().startswith("Your changes are kept.")
    assert "a secret of the machine room" not in dialog.report.toPlainText()
    assert dialog.elsewhere.isHidden()


@pytest.mark.parametrize("deed", ["compare", "request"])
def test_that_a_fault_in_the_answer_is_said_beside_it_and_shown(
    deed: str, window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog]
) -> None:
    refresher = window.bench.refresher
    refresher._estimator = replace(refresher._estimator, **{deed: fail})
    refresher.count_requests()
    edit(window)
    assert "OddError" in shown().happened.text()


def test_that_a_fault_under_a_modal_dialog_is_seen_and_can_be_answered(
    window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog], qtbot: QtBot
) -> None:
    seen: list[str] = []
    modal = QDialog(window)

    def answer() -> None:
        dialog = shown()
        seen.append(dialog.happened.text())
        assert QApplication.activeModalWidget() is dialog
        qtbot.mouseClick(dialog.go_on, Qt.MouseButton.LeftButton)
        assert modal.isVisible()
        modal.accept()

    QTimer.singleShot(0, fail)
    QTimer.singleShot(50, answer)
    assert modal.exec() == QDialog.DialogCode.Accepted
    assert "OddError" in seen[0]
    assert desk.dialog is None
    assert window.isVisible()


def test_that_faults_without_end_make_one_dialog_and_then_a_bar(
    window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog], qtbot: QtBot
) -> None:
    timer = QTimer(window)
    timer.timeout.connect(fail)
    timer.start(0)
    dialog = shown()
    qtbot.waitUntil(lambda: "faults came together" in dialog.happened.text())
    assert dialog.report.toPlainText().count("most recent call last") == 1
    dialog.accept()
    qtbot.waitUntil(lambda: any("happened again" in bar.sentence for bar in window.bars))
    qtbot.wait(50)
    timer.stop()
    assert desk.dialog is None
    assert len(window.bars) == 1


def test_that_ever_new_faults_make_few_dialogs(window: MainWindow, desk: FaultDesk, qtbot: QtBot) -> None:
    kinds = (ZeroDivisionError, KeyError, OSError, TypeError, IndexError, LookupError)
    opened = 0
    for kind in kinds:
        desk.take(kind("x"))
        QApplication.processEvents()
        if desk.dialog is not None:
            opened += 1
            desk.dialog.accept()
    assert opened == MOST_DIALOGS
    assert window.bars


def test_that_a_fault_in_showing_a_fault_does_not_start_over(
    window: MainWindow, desk: FaultDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FaultDesk, "_open", fail)
    desk.take(OddError())
    QApplication.processEvents()
    assert desk.dialog is None


def refuse_to_write(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_that_a_plan_that_cannot_be_kept_is_said_to_be_and_can_be_saved_elsewhere(
    window: MainWindow,
    desk: FaultDesk,
    shown: Callable[[], FaultDialog],
    answers: Answers,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    edit(window)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", refuse_to_write)
        by_timer(window)
        dialog = shown()
    assert dialog.plan.text().startswith("Your changes could not be kept: No space left on device.")
    assert dialog.elsewhere.isVisible()
    answers.save = tmp_path / "elsewhere.nodewise.json"
    qtbot.mouseClick(dialog.elsewhere, Qt.MouseButton.LeftButton)
    assert read_plan(answers.save).runs[0].data.tokens == 200_000_000_000
    assert dialog.plan.text() == "Your plan is safe in elsewhere.nodewise.json."
    assert dialog.elsewhere.isHidden()


def test_that_a_fault_in_keeping_the_plan_is_said_too(
    window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(window)
    monkeypatch.setattr(Document, "keep_safe", fail)
    by_timer(window)
    assert "could not be kept" in shown().plan.text()


def test_that_a_plan_whose_file_is_gone_is_kept_not_said_to_be_safe(
    window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog], answers: Answers, tmp_path: Path
) -> None:
    answers.save = tmp_path / "mine.nodewise.json"
    assert window.save_plan()
    by_timer(window)
    dialog = shown()
    assert dialog.plan.text() == "Your plan is safe in mine.nodewise.json."
    dialog.accept()
    answers.save.unlink()
    desk.take(ZeroDivisionError())
    assert shown().plan.text().startswith("Your changes are kept.")
    assert _read(window.bench.document._session.file).plan == window.bench.document.plan


def test_that_quitting_after_a_fault_leaves_the_plan_to_the_next_start(
    window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    monkeypatch.setattr(QApplication, "exit", ended.append)
    edit(window)
    by_timer(window)
    shown().leave.click()
    assert ended == [70]
    assert window.bench.document._session.file.exists()


def test_that_a_fault_while_closing_leaves_the_window_open(
    window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(window)
    with monkeypatch.context() as patch:
        patch.setattr(MainWindow, "_may_leave", fail)
        QMetaObject.invokeMethod(window, "close", Qt.ConnectionType.QueuedConnection)
        assert shown().isVisible()
    assert window.isVisible()
    assert window.bench.document.is_edited


def test_that_an_interrupt_is_none_of_our_faults(
    window: MainWindow, desk: FaultDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.take(KeyboardInterrupt())
    desk.take(SystemExit())
    QApplication.processEvents()
    assert desk.dialog is None
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_that_the_report_can_be_copied(
    window: MainWindow, desk: FaultDesk, shown: Callable[[], FaultDialog], qtbot: QtBot
) -> None:
    by_timer(window)
    dialog = shown()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == dialog.report.toPlainText()
    assert "OddError, most recent call last" in QGuiApplication.clipboard().text()
