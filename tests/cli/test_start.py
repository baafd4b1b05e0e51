"""How the program starts: what a command loads, and what it sets before numpy is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STARTED = """
import os, sys
import app.__main__
assert "numpy" not in sys.modules
sys.stdout = open(os.devnull, "w")
app.__main__.main()
threads = len(os.listdir("/proc/self/task"))
print(os.environ["OPENBLAS_NUM_THREADS"], threads, *sorted(sys.modules), file=sys.stderr)
"""
LATE = {"PySide6", "matplotlib", "docx", "lxml", "typst", "xlsxwriter"}
"""What shows and what writes documents."""
PAPERS = {
    f"estimators.requests.{name}" for name in ("findings", "footprint", "form", "plan", "results", "scaling")
}


def started(*arguments: str, **environment: str) -> tuple[str, str, set[str]]:
    """OpenBLAS's number of threads as set, threads that run, modules that are loaded, after a command."""
    given = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", STARTED, *arguments],
        cwd=ROOT, env={**given, **environment}, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    wanted, running, *modules = done.stderr.split()
    return wanted, running, set(modules)


def roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("command", ["estimate", "compare"])
def test_that_an_answer_loads_neither_documents_nor_other_commands_nor_papers(
    command: str, examples: Path
) -> None:
    _, threads, modules = started(command, str(examples / "nordic-9b.nodewise.json"))
    assert not roots(modules) & LATE
    assert not modules & PAPERS
    assert "numpy.ma" not in modules
    shared = {"faults", "guard", "measured", "output", "plans", "program"}
    assert {name.removeprefix("app.cli.") for name in modules if name.startswith("app.cli.")} == {
        command,
        *shared,
    }
    assert not [name for name in modules if name.startswith(("app.dossier", "app.charts", "app.window"))]
    assert threads == "1"


def test_that_lists_load_no_numpy(examples: Path) -> None:
    """They are facts; help and mistakes are quicker still."""
    for arguments in (["--help"], ["machines"]):
        assert not {"numpy", *LATE} & roots(started(*arguments)[2])


def test_that_the_users_own_number_of_threads_stays() -> None:
    assert started("--help", OPENBLAS_NUM_THREADS="2")[0] == "2"
    assert started("--help")[0] == "1"
