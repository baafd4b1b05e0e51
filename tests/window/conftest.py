"""Real windows on the offscreen platform, with prompts that tests answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.plan.files import read_plan, write_plan
from app.window.document import Document
from app.window.folders import example_files
from app.window.main_window import MainWindow
from app.window.prompts import Conflict, Leaving
from app.window.refresh import real_estimator
from app.window.theme import theme
from estimators import Catalogue, load_catalogue


class Answers:
    """Prompts whose answers a test sets beforehand; what was asked is kept."""

    def __init__(self) -> None:
        self.open: Path | None = None
        self.save: Path | None = None
        self.folder: Path | None = None
        self.figure: Path | None = None
        self.replace = False
        self.leave: Leaving = "discard"
        self.conflict: Conflict = "stay"
        self.asked: list[str] = []

    def plan_to_open(self, parent: QWidget) -> Path | None:
        self.asked.append("open")
        return self.open

    def where_to_save(self, parent: QWidget, suggestion: str) -> Path | None:
        self.asked.append(f"save {suggestion}")
        return self.save

    def where_to_save_figure(self, parent: QWidget, suggestion: str, ending: str) -> Path | None:
        self.asked.append(f"figure {suggestion}")
        return self.figure

    def may_replace(self, parent: QWidget | None, files: Sequence[Path]) -> bool:
        self.asked.append(f"replace {len(files)}")
        return self.replace

    def changed_outside(self, parent: QWidget, name: str) -> Conflict:
        self.asked.append(f"conflict {name}")
        return self.conflict

    def folder_to_fill(self, parent: QWidget, suggestion: str) -> Path | None:
        self.asked.append(f"folder {suggestion}")
        return self.folder

    def leave_unsaved(self, parent: QWidget, name: str, lost: str = "") -> Leaving:
        self.asked.append(f"leave {name}: {lost}" if lost else f"leave {name}")
        return self.leave


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def empty_window(
    qtbot: QtBot, catalogue: Catalogue, answers: Answers, tmp_path: Path
) -> Iterator[MainWindow]:
    """A window that shows nothing yet."""
    theme().start("light")
    window = MainWindow(catalogue, real_estimator, tmp_path / "state", answers)
    qtbot.addWidget(window)
    yield window
    answers.leave = "discard"
    window.close()


@pytest.fixture
def start_window(empty_window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window with the start page."""
    empty_window.show_start()
    empty_window.show()
    qtbot.waitExposed(empty_window)
    return empty_window


@pytest.fixture
def window(empty_window: MainWindow, catalogue: Catalogue, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window with the first example, its final answer and no charts."""
    plan = read_plan(example("nordic-9b"), catalogue)
    empty_window.show_document(Document(plan, None, tmp_path / "state", catalogue))
    empty_window.bench.load_charts = lambda: None  # charts have tests of their own
    empty_window.show()
    qtbot.waitExposed(empty_window)
    return empty_window


def example(name: str) -> Path:
    """The file of an example plan."""
    return next(path for path in example_files() if path.name.startswith(name))


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[[MainWindow], None]:
    """Waits for the final answer."""

    def wait(window: MainWindow) -> None:
        qtbot.waitUntil(
            lambda: window.bench.refresher.is_settled and window.bench.comparison.final, timeout=5000
        )

    return wait


@pytest.fixture
def counted(qtbot: QtBot) -> Callable[[MainWindow], None]:
    """Waits for the final answer and the request of the present plan."""

    def wait(window: MainWindow) -> None:
        bench = window.bench
        bench.count_requests()
        qtbot.waitUntil(lambda: bench.refresher.is_settled and bench.refresher.is_counted, timeout=20000)

    return wait


@pytest.fixture
def saved(
    window: MainWindow, answers: Answers, tmp_path: Path, settled: Callable[[MainWindow], None]
) -> Path:
    """The file of the window's plan, edited once and saved."""
    answers.save = tmp_path / "mine.nodewise.json"
    edit(window)
    settled(window)
    assert window.save_plan()
    answers.asked.clear()
    return answers.save


def edit(window: MainWindow, tokens: int = 200_000_000_000) -> None:
    """Change the plan on the screen."""
    assert window.bench.document.change("runs.0.data.tokens", tokens) == ""


def write_outside(path: Path, name: str = "theirs") -> bytes:
    """Write another name into a plan's file, as somebody else would. Returns what then stands there."""
    plan = msgspec.structs.replace(read_plan(path), name=name)
    write_plan(path, plan)
    return path.read_bytes()
