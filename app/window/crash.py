"""What happens when something goes wrong: a line in a log and a bar, never a traceback on the screen."""

from __future__ import annotations

import faulthandler
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

LOG_NAME = "window.log"
FAULT_NAME = "fault.log"
LARGEST_LOG_BYTES = 500_000
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


def catch_errors(tell: Callable[[str], object]) -> None:
    """Send what nobody caught to the log, and a sentence to the window."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("Nobody caught this", exc_info=(kind, error, trace))
        tell(f"Something went wrong inside Nodewise ({kind.__name__}). Your plan is kept; the log has more.")

    sys.excepthook = caught
