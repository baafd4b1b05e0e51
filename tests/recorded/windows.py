"""What the window shows of every example: the words of all its parts, tab by tab, and of its dialogs."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from app.plan.files import read_plan
from app.window.document import Document
from app.window.main_window import MainWindow
from app.window.refresh import real_estimator
from app.window.tabs import TABS, TITLES
from app.window.theme import theme
from estimators import load_catalogue
from estimators.words import plain
from tests.recorded.texts import EXAMPLES, SUFFIX, still_clock

PATIENCE_MS, STEP_MS = 30_000, 20
READ = ("text", "title", "toolTip", "placeholderText", "accessibleName", "accessibleDescription", "whatsThis",
        "windowTitle", "suffix", "prefix", "currentText", "plainText")  # fmt: skip
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


def window_texts(only: str = "") -> Iterator[tuple[str, list[str]]]:
    """Name and words of the window with each example, tab by tab; of the start page and the dialogs.

    Args:
        only: A part of the names that are wanted.
    """
    application = QApplication.instance() or QApplication([])
    theme().start("light")
    catalogue = load_catalogue()
    with still_clock(), tempfile.TemporaryDirectory() as name:
        window = MainWindow(catalogue, real_estimator, Path(name))
        window.resize(1920, 1080)
        if only in "window/start/page":
            window.show_start()
            window.show()
            _wait(lambda: window.start is not None and window.start.is_solved)
            yield "window/start/page", words_of(window)
        for path in sorted(EXAMPLES.glob(f"*{SUFFIX}")):
            title = f"window/{path.name.removesuffix(SUFFIX)}"
            if any(only in f"{title}/{page}" for page in (*map(plain, TITLES.values()), "export")):
                document = Document(read_plan(path, catalogue), None, Path(name), catalogue)
                yield from _of_plan(window, document, title)
                document.close()
                window.bench = None
        window.close()
    application.processEvents()


def _of_plan(window: MainWindow, document: Document, title: str) -> Iterator[tuple[str, list[str]]]:
    window.show_document(document)
    window.show()
    bench = window.bench
    assert bench is not None
    _wait(lambda: bench.refresher.is_settled and bench.comparison is not None)
    bench.load_charts()
    bench.count_requests()
    _wait(lambda: bench.request is not None)
    for tab in TABS:
        window.show_tab(tab)
        QTest.qWait(50)
        yield f"{title}/{plain(TITLES[tab])}", words_of(window)
    window.export()
    if window.export_dialog is not None:
        yield f"{title}/export", words_of(window.export_dialog)
        window.export_dialog.reject()


def _wait(is_done: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_MS // STEP_MS):
        if is_done():
            return
        QTest.qWait(STEP_MS)
    raise TimeoutError("The window did not settle.")


def words_of(root: QWidget) -> list[str]:
    """The words of a widget and of all inside it that is not hidden on purpose, in their order; each once."""
    found: list[str] = []
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisibleTo(root):
            continue
        found += [word for name in READ if (word := _read(widget, name))]
        found += [action.text() for action in widget.actions()]
        if isinstance(widget, QTabBar):
            found += [widget.tabText(place) for place in range(widget.count())]
        model = getattr(widget, "model", None)
        if callable(model) and isinstance(table := model(), QAbstractItemModel):
            found += _of_model(table)
        figure = getattr(widget, "figure", None)
        if figure is not None and hasattr(figure, "findobj"):
            found += _of_figure(figure)
    found += [action.text() for action in root.findChildren(QAction)]
    lines = (line for text in dict.fromkeys(found) for line in text.splitlines())
    timeless = (re.sub(r"\b\d+ ms\b", "some ms", line) for line in lines)  # how long an answer took
    return [line.replace(str(Path.home()), "HOME") for line in timeless]


def _read(widget: QWidget, name: str) -> str:
    value = widget.property(name)
    return value if isinstance(value, str) else ""


def _of_model(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    parent = parent or QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for column in range(columns):
        header = model.headerData(column, Qt.Orientation.Horizontal)
        if isinstance(header, str):
            yield header
    for row in range(model.rowCount(parent)):
        for column in range(columns):
            index = model.index(row, column, parent)
            for role in ROLES:
                value: Any = model.data(index, role)
                if isinstance(value, str):
                    yield value
        first = model.index(row, 0, parent)
        if model.rowCount(first):
            yield from _of_model(model, first)


def _of_figure(figure: Any) -> Iterator[str]:
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            yield text.get_text()
