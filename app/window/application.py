"""Opens the window: theme, catalogue, the plan that was named, or the start page."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.window.crash import FaultDesk, start_log
from app.window.folders import settings, state_folder
from app.window.garbage import collect_in_this_thread
from app.window.main_window import MainWindow
from app.window.refresh import real_estimator
from app.window.tasks import finish_tasks
from app.window.theme.icons import icon
from app.window.theme.manager import Mode, inks, theme
from app.window.timing import quits_when_settled, report
from estimators.catalogue import load_catalogue

MODES = ("system", "light", "dark")


def make_application() -> QApplication:
    """The application with its name; the one that runs already, if there is one."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    application = QApplication(sys.argv[:1])
    application.setApplicationName("nodewise")
    application.setApplicationDisplayName("Nodewise")
    QGuiApplication.setDesktopFileName("nodewise")
    return application


def run_window(argv: list[str]) -> int:
    """Open the window and return when it is closed.

    Args:
        argv: At most one plan file.
    """
    gc.disable()  # until the window stands; nothing of the start is garbage
    report("imported")
    application = make_application()
    folder = state_folder()
    start_log(folder)
    kept = str(settings(folder).value("theme", "system"))
    theme().start(cast(Mode, kept) if kept in MODES else "system")
    application.setWindowIcon(icon("waypoints", inks().accent, 32))
    report("theme ready")
    catalogue = load_catalogue()
    report("catalogue read")
    window = MainWindow(catalogue, real_estimator, folder)
    give_back = FaultDesk(window).install()
    if argv:
        window.open_path(Path(argv[0]))
    else:
        window.show_start()
    report("answer ready")
    window.painted.connect(lambda: collect_in_this_thread(window), Qt.ConnectionType.SingleShotConnection)
    window.show()
    window.offer_recovery()
    if quits_when_settled:
        _quit_when_settled(window)
    try:
        return application.exec()
    finally:
        give_back()
        finish_tasks()


def _quit_when_settled(window: MainWindow) -> None:
    if window.bench is not None:
        settled = window.bench.is_settled
    else:
        settled = window.start is None or window.start.is_solved
    if settled:
        window.close()
    else:
        QTimer.singleShot(5, lambda: _quit_when_settled(window))
