"""Saves a picture of the real window with its final answer; needs no screen."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.window.tabs import TABS, TITLES, TabId
from estimators.words import Listed, Name, SpokenError, say

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

PATIENCE_SECONDS = 60.0


class TabError(SpokenError):
    """A tab was asked for that the window does not have."""


def save_screenshot(
    plan_path: Path,
    output: Path,
    size: tuple[int, int] = (1366, 768),
    scale: float = 1.0,
    theme: str = "light",
    tab: str | None = None,
) -> None:
    """Open a plan in the real window, wait for the final answer and the charts, save a PNG.

    Args:
        plan_path: The plan.
        output: The picture.
        size: Width and height of the window in pixels at 100 %.
        scale: Device pixels for each pixel.
        theme: "light" or "dark".
        tab: Id of the tab to show, capitals do not matter; None leaves the first.

    Raises:
        TabError: There is no such tab.
        ValueError: There is no such theme, or the picture cannot be written.
        PlanError: The plan cannot be used.
    """
    shown = tab_of(tab) if tab is not None else None
    if theme not in ("light", "dark"):
        raise ValueError(f"There is no theme {theme!r}. Use light or dark.")
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(scale)
    with tempfile.TemporaryDirectory(prefix="nodewise-") as folder:
        _picture(plan_path, output, size, theme, shown, Path(folder))


def tab_of(name: str) -> TabId:
    """The tab of a name: its id, or its English title.

    Raises:
        TabError: There is none.
    """
    found = next((tab for tab in TABS if tab == name.lower()), None)
    if found is None:
        titles = Listed(tuple(TITLES[tab] for tab in TABS), "")
        raise TabError(say("There is no tab '{tab}'. Use one of {tabs}.", tab=Name(name), tabs=titles))
    return found


def _picture(
    plan_path: Path, output: Path, size: tuple[int, int], theme_name: str, tab: TabId | None, folder: Path
) -> None:
    from app.window.application import make_application
    from app.window.document import Document
    from app.window.main_window import MainWindow
    from app.window.refresh import real_estimator
    from app.window.theme.manager import theme

    application = make_application()
    theme().start("dark" if theme_name == "dark" else "light")
    window, document = None, None
    from app.plan.files import read_plan
    from estimators.catalogue import load_catalogue

    catalogue = load_catalogue()
    document = Document(read_plan(plan_path, catalogue), None, folder, catalogue)
    window = MainWindow(catalogue, real_estimator, folder)
    window.resize(*size)
    window.show_document(document)
    if tab is not None:
        window.show_tab(tab)
    window.show()
    bench = window.bench
    assert bench is not None
    with _uncaught_raised():
        until = time.monotonic() + PATIENCE_SECONDS
        while not bench.is_settled and time.monotonic() < until:
            application.processEvents()
            time.sleep(0.01)
        for _ in range(5):
            application.processEvents()
        picture = window.grab()
    _write(output, picture)
    document.close()
    window.close()


@contextlib.contextmanager
def _uncaught_raised() -> Iterator[None]:
    """What Qt calls and nobody catches goes on from here: a fault is no picture of the window."""
    found: list[BaseException] = []
    before = sys.excepthook
    sys.excepthook = lambda _kind, error, _trace: found.append(error)
    try:
        yield
    finally:
        sys.excepthook = before
    if found:
        raise found[0]


def _write(output: Path, picture: QPixmap) -> None:
    from PySide6.QtCore import QBuffer, QByteArray

    from app.plan.writing import write_atomically

    content = QByteArray()
    picture.save(QBuffer(content), "PNG")
    try:
        write_atomically(output, bytes(content.data()))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ValueError(f"{output} cannot be written: {reason}. Choose another place.") from None
