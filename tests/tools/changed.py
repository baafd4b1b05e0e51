"""Runs the tests that a change can break, nearest first, for as long as there is time.

    python -m tests.tools.changed [--base REVISION] [--seconds 45] [-- ARGUMENTS of pytest]

Which tests a change can break follows from who imports whom (see `imports.py`). What found no time is named
in one sentence: the whole suite, `packaging/test`, has the last word.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.tools import hurry
from tests.tools.imports import Imports

ROOT = Path(__file__).parents[2]
MAIN = "main"
MOST_FILES = 50
"""Test files that are run at most; what lies further away would be collected only to find no time."""


class RevisionError(Exception):
    """Git does not know what to compare with; the message is a sentence."""


def git(*arguments: str, root: Path = ROOT) -> str:
    """What git prints.

    Raises:
        RevisionError: It refused.
    """
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RevisionError(f"git {' '.join(arguments)} says: {done.stderr.strip()}")
    return done.stdout.strip()


def usual_base(root: Path = ROOT) -> str:
    """Where this branch left main; on main itself HEAD, or the commit before it where nothing is open."""
    try:
        base = git("merge-base", "HEAD", MAIN, root=root)
    except RevisionError:  # a clone of one branch
        base = "HEAD"
    if git("rev-parse", base, root=root) != git("rev-parse", "HEAD", root=root):
        return base
    return "HEAD" if git("status", "--porcelain", root=root) else "HEAD~1"


def changed_files(base: str, root: Path = ROOT) -> list[str]:
    """Files that differ from a revision, new ones too."""
    differing = git("diff", "--name-only", "--no-renames", base, "--", root=root).splitlines()
    return sorted({*differing, *git("ls-files", "--others", "--exclude-standard", root=root).splitlines()})


def reached_tests(changed: Sequence[str], root: Path = ROOT) -> list[str]:
    """Test files that a change can break, the nearest first."""
    distances = Imports(root).distances(changed)
    tests = [path for path in distances if path.startswith("tests/") and Path(path).name.startswith("test_")]
    return sorted(tests, key=lambda path: (distances[path], path))


def main() -> int:
    """The exit status of pytest; 2 with a sentence where git knows no such revision."""
    parser = argparse.ArgumentParser(description="Run the tests that a change can break.")
    parser.add_argument("--base", help="the revision to compare with (where this branch left main)")
    parser.add_argument("--seconds", type=float, default=45.0, help="the time for tests (45)")
    parser.add_argument("pytest", nargs="*", help="arguments of pytest, after --")
    asked = parser.parse_args()
    try:
        base = asked.base or usual_base()
        tests = reached_tests(changed_files(base))
    except RevisionError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not tests:
        sys.stderr.write(f"No test reaches what changed since {base}.\n")
        return 0
    if len(tests) > MOST_FILES:
        sys.stderr.write(f"{len(tests)} test files reach what changed; the nearest {MOST_FILES} are run.\n")
    command = [sys.executable, "-m", "pytest", "-p", hurry.__name__, "-n", "2", "-q"]
    command += [*asked.pytest, *tests[:MOST_FILES]]
    environment = {**os.environ, hurry.END: str(time.time() + asked.seconds)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
