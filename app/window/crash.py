"""A fault of our own: logged, the plan kept, and one dialog. It neither ends the process nor goes unseen."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.words import text
from estimators.words import Name, say

if TYPE_CHECKING:
    from app.present.fault_report import FaultReport
    from app.window.fault_dialog import FaultDialog
    from app.window.keeping import Kept
    from app.window.main_window import MainWindow

LOG_NAME = "window.log"
FAULT_NAME = "fault.log"
LARGEST_LOG_BYTES = 500_000
MOST_DIALOGS = 3
"""In one session; after that a bar has to do."""
_log = logging.getLogger("app.window")


def start_log(folder: Path) -> None:
    """Write warnings and errors, and what a crash of the interpreter leaves, into the state folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / LOG_NAME
        if log.is_file() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        handler = logging.FileHandler(log, encoding="utf-8", delay=True)
        fault = (folder / FAULT_NAME).open("a", encoding="utf-8")
    except OSError:
        return  # a folder that cannot be written must not keep the window from opening
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    faulthandler.enable(fault)


class FaultDesk(QObject):
    """Takes every exception that nobody caught, of whatever thread, to the window's own."""

    _came = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._dialogs = 0
        self.dialog: FaultDialog | None = None
        # queued, also from this thread: a fault may come in the midst of painting
        self._came.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> Callable[[], None]:
        """Take over from Python. Returns what gives it back."""
        before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._uncaught
        threading.excepthook = lambda found: self.take(found.exc_value)
        sys.unraisablehook = lambda found: self.take(found.exc_value)

        def give_back() -> None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = before

        return give_back

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.take(error.with_traceback(trace))

    def take(self, error: BaseException | None) -> None:
        """Log a fault and have it shown; never raises."""
        if error is None or isinstance(error, SystemExit):
            return
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(type(error), error, error.__traceback__)
            return
        try:
            from app.present.fault_report import report_of  # a start without faults needs none of it

            report = report_of(error)
            with self._lock:
                self._counts[report.signature] += 1
                is_first = self._counts[report.signature] == 1
            if is_first:
                _log.error("Nobody caught this", exc_info=error)
            self._came.emit(report)
        except Exception:  # the window is gone, or the fault is in this very code
            with contextlib.suppress(Exception):
                _log.exception("A fault could not be shown")

    def _show(self, report: FaultReport) -> None:
        """Keep the plan, then say so: in the dialog that stands, in a new one, or in a bar."""
        try:
            times = self._counts[report.signature]
            if self.dialog is not None:
                self.dialog.add(report)
                return
            kept = self._window.keep_after_fault()
            if times > 1 or self._dialogs >= MOST_DIALOGS:
                words = text(
                    say(
                        "A fault of Nodewise happened again ({kind}). {sentence}",
                        kind=Name(report.kind),
                        sentence=Name(kept.sentence),
                    )
                )
                self._window.tell("fail", words)
                return
            self._dialogs += 1
            self._open(report, kept)
        except Exception:  # a second fault on the way to say the first must not start over
            _log.exception("A fault could not be shown")

    def _open(self, report: FaultReport, kept: Kept) -> None:
        from app.window.fault_dialog import FaultDialog

        self.dialog = FaultDialog(self._window, report, kept)
        self.dialog.finished.connect(self._closed)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
