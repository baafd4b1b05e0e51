"""Qt objects in cycles go in the window's thread, and late results find no page that is gone."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from app.window.garbage import collect_in_this_thread
from app.window.main_window import MainWindow


class Knot:
    """Refers to itself, so that only the collector frees it; tells in which thread that was."""

    def __init__(self, ends: list[str]) -> None:
        self.itself, self.ends = self, ends

    def __del__(self) -> None:
        self.ends.append(threading.current_thread().name)


def test_that_garbage_is_collected_in_the_windows_thread(qtbot: QtBot) -> None:
    parent = QObject()
    ends: list[str] = []
    gc.enable()
    try:
        collect_in_this_thread(parent)
        Knot(ends)
        worker = threading.Thread(target=lambda: [[number] for number in range(100_000)])
        worker.start()
        worker.join()
        assert ends == []
        kept = [[number] for number in range(1000)]  # more than a generation holds
        qtbot.waitUntil(lambda: bool(ends), timeout=5000)
        assert ends == [threading.main_thread().name]
        assert len(kept) == 1000
    finally:
        gc.unfreeze()


def test_that_a_page_may_go_before_its_examples_are_solved(start_window: MainWindow, qtbot: QtBot) -> None:
    page = start_window.start
    card = page.cards[0]
    start_window.show_start()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    page._show_example(0, card.card)
    page._pass_example(ValueError("late"))  # neither raises
