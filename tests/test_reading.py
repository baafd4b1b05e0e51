"""What a person names is read only where it is an ordinary file, and never without end."""

from __future__ import annotations

import ast
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.cli.guard import guarded
from app.cli.projects import text_of
from app.plan.errors import PlanError
from app.plan.files import read_plan
from app.plan.sacct import read_sacct
from estimators import load_catalogue
from estimators.evidence.rows import read_rows
from estimators.reading import ReadingError, read_file

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 2.0
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")

READERS: dict[str, Callable[[Path], object]] = {
    "plan": read_plan,
    "import": text_of,
    "evidence": read_rows,
    "overlay": lambda path: load_catalogue(overlay=path),
}


@pytest.fixture
def in_time() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < MOST_SECONDS


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def huge(folder: Path) -> Path:
    path = folder / "huge"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)  # a hole: it takes no room
    return path


ODD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "pipe": (pipe, "is a pipe, not a file."),
    "link to a pipe": (lambda folder: link(pipe(folder)), "is a pipe, not a file."),
    "device without end": (lambda _: Path("/dev/zero"), "is a device, not a file."),
    "folder": (lambda folder: folder, "is a folder."),
    "ten gigabytes": (huge, "is larger than"),
}


def link(target: Path) -> Path:
    found = target.with_name("link")
    found.symlink_to(target)
    return found


@POSIX
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("reader", READERS)
def test_that_what_is_no_file_is_refused_in_time(
    reader: str, odd: str, tmp_path: Path, in_time: None
) -> None:
    make, words = ODD[odd]
    with pytest.raises(Exception, match=words) as caught:
        READERS[reader](make(tmp_path))
    assert str(caught.value).endswith(".")


COMMANDS = (
    ["compare", "PIPE"],
    ["evidence", "PIPE"],
    ["usage", "PLAN", "--sacct", "PIPE"],
    ["scaling", "PLAN", "--import", "PIPE"],
)


@POSIX
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_that_every_command_refuses_a_pipe(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"PIPE": str(pipe(tmp_path)), "PLAN": str(ROOT / "resources/examples/nordic-9b.nodewise.json")}
    assert guarded([places.get(word, word) for word in arguments]) == 2
    said = capsys.readouterr().err
    assert "is a pipe, not a file." in said
    assert len(said.splitlines()) == 1


def test_that_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_time: None
) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"x")
    real_read = os.read

    def read_as_it_grows(descriptor: int, count: int) -> bytes:
        with path.open("ab") as file:
            file.write(b"x" * 1_000_000)
        return real_read(descriptor, count)

    monkeypatch.setattr(os, "read", read_as_it_grows)
    with pytest.raises(ReadingError, match="is larger than 20 MB"):
        read_file(path, 20_000_000)
    assert path.stat().st_size < 30_000_000


def test_that_a_file_of_the_very_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "whole"
    path.write_bytes(b"x" * 3_000_000)
    assert len(read_file(path, 3_000_000)) == 3_000_000
    with pytest.raises(ReadingError, match="is larger than 2 MB"):
        read_file(path, 2_999_999)


def test_that_accounting_of_other_lines_ends_with_the_first_of_them() -> None:
    machine = load_catalogue().machine("lumi-g")
    text = "JobID|State|Elapsed|End|AllocNodes\n" + "noise\n" * 2_000_000
    started = time.perf_counter()
    with pytest.raises(PlanError, match=r"lines have other columns\. Line 2 has 1 columns"):
        read_sacct(text, machine)
    assert time.perf_counter() - started < MOST_SECONDS


# ---------------------------------------------------------------- nobody reads by another way

OWN_FILES = {
    "app/dossier/pdf.py",  # the shipped template
    "app/window/timing.py",  # the kernel's clock
    "app/words/catalogues.py",  # shipped
    "estimators/calibration.py",  # shipped
    "estimators/evidence/published.py",  # shipped
}
"""Modules that read what comes with the product or the system, never what a person names."""

NO_FILES = ("os.open", "_dialog.open", "_finder.open")
"""What is opened there is a descriptor to lock, or part of the window."""


def _reads(tree: ast.AST) -> Iterator[int]:
    """Lines that read a file."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of_module = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name in ("read_text", "read_bytes") and of_module is not None:
            yield node.lineno
        elif name == "open" and not ast.unparse(node.func).endswith(NO_FILES):
            modes = [a.value for a in node.args if isinstance(a, ast.Constant)]
            mode = modes[0] if modes else "r"
            if isinstance(mode, str) and not set(mode) & set("wax"):
                yield node.lineno


def test_that_files_are_read_in_one_place_only() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ("app", "estimators")
        for path in sorted((ROOT / room).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in {*OWN_FILES, "estimators/reading.py"}
        for line in _reads(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["Path(name).read_text('utf-8')", "path.open('rb')", "open(name)", "path.read_bytes()", "p.open()"],
)
def test_that_the_search_for_other_ways_finds_them(text: str) -> None:
    assert list(_reads(ast.parse(text))) == [1]


@pytest.mark.parametrize(
    "text", ["path.open('a')", "read_text(path, 5)", "os.open(path, 0)", "open(name, 'wb')"]
)
def test_that_the_search_for_other_ways_takes_no_other_call_for_one(text: str) -> None:
    assert list(_reads(ast.parse(text))) == []
