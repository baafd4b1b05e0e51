"""The report of a fault: where in our code, with versions, and nothing of the person or the plan."""

from __future__ import annotations

import getpass
import platform
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.present.fault_report import report_of, shown_file
from app.window.main_window import MainWindow


def a_plugin(folder: Path) -> Callable[[], None]:
    """A function of a file outside the product, whose name, place and code tell of its owner."""
    file = folder / "anna-weber-private.py"
    file.write_text(
        "def anna_webers_function():\n    raise PermissionError(13, 'no', '/home/anna/plan.json')\n"
    )
    place: dict[str, Callable[[], None]] = {}
    exec(compile(file.read_text(), str(file), "exec"), place)
    return place["anna_webers_function"]


def test_that_the_report_holds_no_personal_data(window: MainWindow, tmp_path: Path) -> None:
    secret = "our-unpublished-model"
    assert window.bench.document.change("name", secret) == ""
    plugin = a_plugin(tmp_path)

    def through_ours() -> None:
        try:
            plugin()
        except PermissionError as error:
            error.add_note(f"while {secret} was open")
            raise KeyError(secret) from error

    unnamed = type("AnnaWeberError", (Exception,), {})

    def both() -> None:
        try:
            through_ours()
        except KeyError:
            raise unnamed(f"{Path.home()} {socket.gethostname()} {getpass.getuser()}") from None

    texts = []
    for function in (through_ours, both):
        try:
            function()
        except Exception as error:
            texts.append(report_of(error).text)
    private = (secret, "anna", "weber", str(Path.home()), str(tmp_path), "/home", "/tmp", str(Path.cwd()))
    for text in texts:
        lines = text.lower()
        for word in (*private, socket.gethostname(), platform.node(), platform.release()):
            assert word.lower() not in lines, word
        assert getpass.getuser() not in lines.replace("runtime", "").split()
        assert "elsewhere, line" in text
    assert "PermissionError" in texts[0]
    assert "an exception of its own kind" in texts[1]


def test_that_the_report_says_where_in_our_code_with_versions(window: MainWindow) -> None:
    try:
        window.bench.document.value("runs.0.nothing")
    except Exception as error:
        report = report_of(error)
    assert "app/window/document.py, line " in report.text
    assert "return value_at(self.plan, path)" in report.text
    assert report.place.startswith("app/plan/edits.py, line ")
    assert f"Python {sys.version_info[0]}.{sys.version_info[1]}" in report.text
    assert "PySide6 6." in report.text


def test_that_files_are_named_as_the_product_and_its_libraries_name_them() -> None:
    assert shown_file("app/window/crash.py") == ("app/window/crash.py", True)
    assert shown_file(threading.__file__) == ("threading.py", False)
    assert shown_file(pytest.__file__) == ("pytest/__init__.py", False)
    assert shown_file("/home/anna/app/window/x.py") == ("elsewhere", False)
    assert shown_file("<string>") == ("elsewhere", False)


def test_that_endless_recursion_makes_a_report_of_readable_length() -> None:
    def deeper() -> None:
        deeper()

    try:
        deeper()
    except RecursionError as error:
        text = report_of(error).text
    assert "lines left out" in text
    assert len(text.splitlines()) < 200
