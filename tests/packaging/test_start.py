"""What `packaging/start` does once after an installation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMON = Path(__file__).parents[2] / "packaging" / "common.sh"
PLACES = ("app", "estimators", "resources", "env/lib/python3/site-packages/thing")


@pytest.fixture
def compile_all(tmp_path: Path) -> Callable[[], str]:
    """Compiles a small project with its environment; returns what it said."""
    for place in PLACES:
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "app" / "other.py").write_text("print 'for another Python'\n", encoding="utf-8")
    (tmp_path / "env" / "bin").mkdir()
    (tmp_path / "env" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "env" / "installed").touch()

    def run() -> str:
        command = ["bash", "-euo", "pipefail", "-c", 'source "$1"; byte_code env', "bash", str(COMMON)]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPYCACHEPREFIX"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout + done.stderr

    return run


def test_that_everything_is_compiled_once_for_each_installation(
    compile_all: Callable[[], str], tmp_path: Path
) -> None:
    assert compile_all() == "nodewise: compiling\n"
    for place in PLACES:
        (compiled,) = (tmp_path / place).rglob("*.pyc")
        compiled.unlink()
    assert compile_all() == ""
    assert not list(tmp_path.rglob("*.pyc"))
    later = (tmp_path / "env" / "compiled").stat().st_mtime + 10
    os.utime(tmp_path / "env" / "installed", (later, later))
    assert compile_all() == "nodewise: compiling\n"
    assert len(list(tmp_path.rglob("*.pyc"))) == len(PLACES)
