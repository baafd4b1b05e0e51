"""The rooms stay apart at run time, not only on paper: what an import really loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 400
TO_BE_PARTED: set[str] = set()
"""Longer files of today: whoever parts one takes it off."""
WITHOUT_SCREEN = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "matplotlib"}:
            raise ImportError(f"{name} is blocked in this test")

sys.meta_path.insert(0, Blocker())
sys.argv = ["nodewise", *sys.argv[1:]]
from app.__main__ import main
sys.exit(main())
"""


WHOLE_ROOM = """
import importlib, pkgutil, sys
room = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
    importlib.import_module(module.name)
print(*sys.modules)
"""


def loaded_by(room: str) -> set[str]:
    """All modules that are there once every module of a room was imported."""
    done = run_python("-c", WHOLE_ROOM, room)
    assert f"{room}." in done.stdout, done.stderr
    return set(done.stdout.split())


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a new interpreter in the project's root."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("room", ["estimators", "app.plan", "app.present", "app.cli"])
def test_no_module_of_a_room_loads_qt_or_matplotlib(room: str) -> None:
    assert not {"PySide6", "shiboken6", "matplotlib"} & loaded_by(room)


def test_estimators_do_not_load_the_application() -> None:
    assert not [name for name in loaded_by("estimators") if name.startswith("app")]


@pytest.mark.parametrize("arguments", [["--help"], ["machines"], ["models"]])
def test_command_line_works_without_qt(arguments: list[str]) -> None:
    done = run_python("-c", WITHOUT_SCREEN, *arguments)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 5
    assert not done.stderr


def test_window_keeps_charts_and_exports_for_after_the_first_paint() -> None:
    late = {"matplotlib", "docx", "lxml", "typst", "xlsxwriter"}
    code = f"import sys, app.window.application; print(sorted({late} & set(sys.modules)))"
    done = run_python("-c", code)
    assert done.stdout.strip() == "[]", done.stderr


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without __init__.py is left out of the room checks without a word."""
    folders = {path.parent for room in ("app", "estimators") for path in (ROOT / room).rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_that_no_file_of_code_is_longer_than_one_subject_needs() -> None:
    paths = [
        path for room in ("app", "estimators", "tests", "packaging") for path in (ROOT / room).rglob("*.py")
    ]
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert len(lines) > 100
    assert {name for name, count in lines.items() if count > MOST_LINES} == TO_BE_PARTED
