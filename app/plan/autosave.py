"""Keeps unsaved work where a crash or a power cut cannot take it.

Each window is a session with one file in the state folder and a lock that its process holds. A file whose
lock nobody holds is left over from a session that did not end well.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.plan.errors import PlanError
from app.plan.files import SIZE_LIMIT_BYTES, plan_content, plan_from, read_plan
from app.plan.schema import Plan
from app.plan.writing import write_atomically
from estimators.reading import ReadingError, read_text

FOLDER_NAME = "autosave"
FORMAT = "nodewise-autosave"
_SUFFIX = ".autosave.json"
_LOCK_SUFFIX = ".lock"


@dataclass(frozen=True, slots=True)
class Recovery:
    """Work that a session left behind.

    Attributes:
        file: The autosave file; `discard` removes it.
        plan: As it was last.
        original: The plan's own file, None where it was never saved.
        written: When it was kept.
    """

    file: Path
    plan: Plan
    original: Path | None
    written: datetime.datetime


class Session:
    """One window's autosave file, locked for as long as its process lives."""

    def __init__(self, state_folder: Path) -> None:
        folder = state_folder / FOLDER_NAME
        folder.mkdir(parents=True, exist_ok=True)
        self._stem = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._folder = folder
        self._lock = _locked(self._lock_path)

    @property
    def file(self) -> Path:
        """Where this session keeps its plan."""
        return self._folder / f"{self._stem}{_SUFFIX}"

    @property
    def _lock_path(self) -> Path:
        return self._folder / f"{self._stem}{_LOCK_SUFFIX}"

    def keep(self, plan: Plan, original: Path | None, now: datetime.datetime) -> None:
        """Keeps the plan as it is now.

        Raises:
            OSError: The state folder cannot be written.
        """
        content = {
            "format": FORMAT,
            "version": 1,
            "original": None if original is None else str(original.resolve()),
            "written": now.isoformat(),
            "plan": plan_content(plan),
        }
        write_atomically(self.file, json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n")

    def drop(self) -> None:
        """Forgets the kept plan, after it was saved or given up."""
        self.file.unlink(missing_ok=True)

    def close(self) -> None:
        """Ends the session well: nothing is left to recover."""
        self.drop()
        _release(self._lock, self._lock_path)
        self._lock = None


def recoverable(state_folder: Path) -> tuple[Recovery, ...]:
    """Unsaved work of sessions that ended badly, newest first."""
    folder = state_folder / FOLDER_NAME
    found = []
    for file in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
        lock_path = file.with_name(file.name.removesuffix(_SUFFIX) + _LOCK_SUFFIX)
        lock = _locked(lock_path)
        if lock is None:
            continue  # another window is at work on it
        _release(lock, lock_path)
        recovery = _read(file)
        if recovery is None:
            continue
        if _differs(recovery):
            found.append(recovery)
        else:
            discard(recovery)
    return tuple(sorted(found, key=lambda recovery: recovery.written.timestamp(), reverse=True))


def discard(recovery: Recovery) -> None:
    """Removes left-over work, after it was restored or declined."""
    recovery.file.unlink(missing_ok=True)


def _read(file: Path) -> Recovery | None:
    """The work in an autosave file, None where the file is damaged."""
    try:
        raw: Any = json.loads(read_text(file, 2 * SIZE_LIMIT_BYTES))
        original = raw["original"]
        return Recovery(
            file=file,
            plan=plan_from(raw["plan"]),
            original=None if original is None else Path(original),
            written=datetime.datetime.fromisoformat(raw["written"]),
        )
    except (ReadingError, ValueError, KeyError, TypeError, RecursionError, PlanError):
        return None


def _differs(recovery: Recovery) -> bool:
    """Whether the plan's own file lacks something of the work."""
    if recovery.original is None:
        return True
    try:
        return read_plan(recovery.original) != recovery.plan
    except PlanError:
        return True


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock, or None where another process or session has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _release(descriptor: int | None, path: Path) -> None:
    if descriptor is None:
        return
    os.close(descriptor)
    with contextlib.suppress(OSError):
        path.unlink()
