"""Keeps unsaved work where a crash or a power cut cannot take it.

Each window is a session with one file in the state folder and a lock that its process holds. A file whose
lock nobody holds is left over from a session that did not end well.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.plan import locks
from app.plan.errors import PlanError
from app.plan.files import NOT_SEEN, SIZE_LIMIT_BYTES, plan_content, plan_from, read_plan
from app.plan.schema import Plan
from app.plan.writing import write_atomically
from estimators.reading import ReadingError, read_text

FOLDER_NAME = "autosave"
FORMAT = "nodewise-autosave"
_SUFFIX = ".autosave.json"


@dataclass(frozen=True, slots=True)
class Recovery:
    """Work that a session left behind.

    Attributes:
        file: The autosave file; `discard` removes it, a session can go on with it.
        plan: As it was last.
        original: The plan's own file, None where it was never saved.
        written: When it was kept.
        seen: What the plan's own file held when it was last read or written.
    """

    file: Path
    plan: Plan
    original: Path | None
    written: datetime.datetime
    seen: str = NOT_SEEN


class TakenError(OSError):
    """Another window goes on with what was left over."""


class Session:
    """One window's autosave file, locked for as long as its process lives."""

    def __init__(self, state_folder: Path, left_over: Path | None = None) -> None:
        """Begin a session.

        Args:
            state_folder: Where all sessions keep their plans.
            left_over: The file of a session that ended badly; this one goes on with it.

        Raises:
            TakenError: Another session has the file.
            OSError: The state folder cannot be written.
        """
        folder = state_folder / FOLDER_NAME
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{os.getpid()}-{os.urandom(4).hex()}{_SUFFIX}"
        self.file = left_over or fresh
        self._lock = locks.take(_lock_path(self.file))
        if self._lock is None:
            raise TakenError(None, "Another window has it")

    def keep(self, plan: Plan, original: Path | None, now: datetime.datetime, seen: str = NOT_SEEN) -> None:
        """Keeps the plan as it is now.

        Args:
            plan: To keep.
            original: Its own file, None where it was never saved.
            now: With a time zone.
            seen: What its file held when it was last read or written, as `files.fingerprint` says it.

        Raises:
            OSError: The state folder cannot be written.
        """
        content = {
            "format": FORMAT,
            "version": 1,
            "original": None if original is None else str(original.resolve()),
            "seen": seen,
            "written": now.isoformat(),
            "plan": plan_content(plan),
        }
        write_atomically(self.file, json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n")

    def drop(self) -> None:
        """Forgets the kept plan, after it was saved or given up.

        Raises:
            OSError: The state folder cannot be written.
        """
        self.file.unlink(missing_ok=True)

    def close(self) -> None:
        """Ends the session well: nothing is left to recover."""
        with contextlib.suppress(OSError):
            self.drop()
        locks.release(self._lock, _lock_path(self.file))
        self._lock = None


def _lock_path(file: Path) -> Path:
    return file.with_name(file.name.removesuffix(_SUFFIX) + locks.SUFFIX)


def recoverable(state_folder: Path) -> tuple[Recovery, ...]:
    """Unsaved work of sessions that ended badly, newest first."""
    folder = state_folder / FOLDER_NAME
    found = []
    for file in sorted(folder.glob(f"*{_SUFFIX}")):
        if not locks.is_free(_lock_path(file)):
            continue  # another window is at work on it
        recovery = _read(file)
        if recovery is None:
            continue
        if _differs(recovery):
            found.append(recovery)
        else:
            with contextlib.suppress(OSError):
                discard(recovery)
    return tuple(sorted(found, key=lambda recovery: recovery.written.timestamp(), reverse=True))


def discard(recovery: Recovery) -> None:
    """Removes left-over work, after it was declined.

    Raises:
        OSError: The state folder cannot be written.
    """
    recovery.file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        _lock_path(recovery.file).unlink()


def _read(file: Path) -> Recovery | None:
    """The work in an autosave file, None where the file is damaged."""
    try:
        raw: Any = json.loads(read_text(file, 2 * SIZE_LIMIT_BYTES))
        original = raw["original"]
        return Recovery(
            file=file,
            plan=plan_from(raw["plan"]),
            original=None if original is None else Path(original),
            written=datetime.datetime.fromisoformat(raw["written"]).astimezone(),
            seen=str(raw.get("seen", NOT_SEEN)),
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
