"""The two trees that `tests.benchmarks.ratios` compares, and how each is made to work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WARM = (ROOT / "tests" / "benchmarks" / "warm.py").read_text(encoding="utf-8")
HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
NOT_GIVEN = (
    "MPLCONFIGDIR",
    "OPENBLAS_NUM_THREADS",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "PYTHONPYCACHEPREFIX",
)
"""Of the environment: a person's own settings, which would hide what the program sets, finds or keeps."""


@dataclass(frozen=True)
class Times:
    """Milliseconds of one measure in each run: on the clock, and of the processor, user and system."""

    wall: list[float]
    cpu: list[float]

    def __add__(self, other: Times) -> Times:
        return Times(self.wall + other.wall, self.cpu + other.cpu)


@dataclass(frozen=True)
class Side:
    """One tree, in its folder."""

    folder: Path

    def example(self, name: str) -> Path:
        """The file of an example plan."""
        return self.folder / "resources" / "examples" / f"{name}.nodewise.json"

    def environment(self, home: Path) -> dict[str, str]:
        """The environment of a user with this home; no screen."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_GIVEN}
        folders = dict.fromkeys(HOMES, str(home))
        return {**kept, **folders, "QT_QPA_PLATFORM": "offscreen"}

    def run(self, *arguments: str) -> tuple[Times, str]:
        """Run Python in the tree as a user of whom nothing is kept; times and what it printed.

        Raises:
            RuntimeError: It failed.
        """
        with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile("w+") as said:
            start = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.folder, env=self.environment(Path(home)), stdout=said, stderr=subprocess.STDOUT,
            )  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            wall = 1e3 * (time.perf_counter() - start)
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            text = said.read()
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed in {self.folder}:\n{text}")
        return Times([wall], [1e3 * (used.ru_utime + used.ru_stime)]), text


class Worker:
    """A warm process of a side that times comparisons."""

    def __init__(self, side: Side, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WARM], cwd=side.folder, env=side.environment(home),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def models(self) -> list[str]:
        """Names of all models of the catalogue."""
        return self._ask({"models": True})

    def times(self, plan: Path, repeats: int) -> Times | None:
        """Times of comparing the plan's main run; None where it cannot be estimated."""
        answer = self._ask({"plan": str(plan), "repeats": repeats})
        return None if "refused" in answer else Times(answer["wall"], answer["cpu"])

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("a process that times comparisons has ended")
        return json.loads(answer)

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


@contextmanager
def two_sides(commit: str) -> Iterator[tuple[Side, Side, Path]]:
    """The tree of a commit, this tree as it lies here, and a folder for files; all goes afterwards.

    Raises:
        RuntimeError: There is no such commit here.
    """
    with tempfile.TemporaryDirectory(prefix="nodewise-ratios-") as name:
        folder = Path(name)
        before = folder / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        done = subprocess.run(
            [*git, "add", "--detach", "--quiet", str(before), commit],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"The commit {commit} cannot be laid out: {done.stderr.strip()}")
        try:
            yield Side(before), Side(ROOT), folder
        finally:
            subprocess.run([*git, "remove", "--force", str(before)], check=False)
