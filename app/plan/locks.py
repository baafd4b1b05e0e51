"""Locks that end with the process that holds them: who works on what, told by files in the state folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from app.plan.writing import hold

OPEN_FOLDER = "open"
SUFFIX = ".lock"


def take(path: Path) -> int | None:
    """Takes a lock.

    Returns:
        A descriptor that holds it, for `release`, or None where another window has it.

    Raises:
        OSError: The lock's file cannot be made.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not hold(descriptor):
            os.close(descriptor)
            return None
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)  # its holder took the file away meanwhile


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def is_free(path: Path) -> bool:
    """Whether nobody holds a lock. Writes nothing, so that it works in a folder that is read-only."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return True
    try:
        return hold(descriptor)
    finally:
        os.close(descriptor)


def release(descriptor: int | None, path: Path) -> None:
    """Gives a lock back; None is no lock."""
    if descriptor is None:
        return
    with contextlib.suppress(OSError):
        path.unlink()
    os.close(descriptor)


def lock_of(state_folder: Path, plan_file: Path) -> Path:
    """The lock of the window that has a plan's file open; its folder is made where it is missing.

    Raises:
        OSError: The state folder cannot be written.
    """
    folder = state_folder / OPEN_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(os.fsencode(plan_file.resolve())).hexdigest()[:32]
    return folder / f"{name}{SUFFIX}"
