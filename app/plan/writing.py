"""Writes files so that nothing is lost: whole or not at all, and none is written over unasked."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from estimators.words import Amount, Name, Said, SpokenError, say, say_many

Content = bytes | str
"""Text is written in UTF-8."""

PART_SUFFIX = ".nodewise.part"
ABANDONED_AFTER_SECONDS = 600.0
"""No write takes as long; what is older and held by nobody was left by a crash."""
_NAME_CHARACTERS = 40
"""Of the file's name in that of its part, so that a long name stays one that a folder takes."""


class WritingError(SpokenError):
    """A place that cannot be written; it says why."""


class FilesExistError(WritingError):
    """Files stand where others would be written, and nobody has agreed to lose them.

    Attributes:
        files: Those that are there.
    """

    def __init__(self, files: tuple[Path, ...]) -> None:
        super().__init__(say("{files} already. Nothing was written.", files=existing_words(files)))
        self.files = files


def existing_words(files: Sequence[Path]) -> Said:
    """What is there, without the full stop: "report.pdf and 3 other files exist"."""
    first, *others = files
    if not others:
        return say("{file} exists", file=Name(str(first)))
    return say_many(
        "{file} and {n} other file exist",
        "{file} and {n} other files exist",
        len(others),
        file=Name(str(first)),
        n=Amount(len(others), form="fixed"),
    )


def write_files(
    files: Sequence[tuple[Path, Content]], force: bool, make_folders: bool = True, never: Path | None = None
) -> tuple[Path, ...]:
    """Writes all of several files; none where one of them exists and `force` is not set.

    Args:
        files: Each with its content.
        force: Whether files that exist may be written over.
        make_folders: Whether folders that are missing are made.
        never: A file that is not written over in any case, such as the plan itself.

    Returns:
        Their paths.

    Raises:
        FilesExistError: Some exist.
        WritingError: One cannot be written.
    """
    paths = tuple(path for path, _ in files)
    if never is not None:
        _spare(paths, never)
    there = tuple(path for path in paths if os.path.lexists(path))
    if there and not force:
        raise FilesExistError(there)
    for path, content in files:
        try:
            if make_folders:
                path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        except OSError as error:
            raise WritingError(_why(path, error)) from None
    return paths


def _spare(paths: Sequence[Path], never: Path) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            if path.samefile(never):
                raise WritingError(
                    say("{file} is the plan itself. Choose another name or folder.", file=Name(str(path)))
                )


def _why(path: Path, error: OSError) -> Said:
    """Why a place cannot be written, in a sentence."""
    if isinstance(error, FileNotFoundError):
        return say("{folder} does not exist. Choose another folder.", folder=Name(str(path.parent)))
    in_the_way = next((one for one in path.parents if one.exists() and not one.is_dir()), None)
    if in_the_way is not None:
        return say(
            "{file} cannot be written: {other} is no folder. Choose another place.",
            file=Name(str(path)),
            other=Name(str(in_the_way)),
        )
    return say(
        "{file} cannot be written: {reason}. Choose another place.",
        file=Name(str(path)),
        reason=Name(error.strerror or type(error).__name__),
    )


def write_atomically(path: Path, content: Content, last_look: Callable[[], None] | None = None) -> None:
    """Replaces a file by new content in one step, flushed to the disk before.

    Args:
        path: The file; a link stays a link.
        content: What it will hold.
        last_look: Called when all is ready, just before the old file goes; what it raises keeps the old one.

    Raises:
        OSError: The folder does not allow it, or what stands there is no ordinary file.
    """
    import tempfile  # with all kinds of archives: what only reads need not wait for it

    target = path.resolve()
    _refuse_all_but_files(target)
    remove_abandoned_parts(target.parent)
    prefix = f".{target.name[:_NAME_CHARACTERS]}."
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=PART_SUFFIX)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            hold(descriptor)
            stream.write(content.encode("utf-8") if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(_mode_for(target))
        if last_look is not None:
            last_look()
        part.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _refuse_all_but_files(target: Path) -> None:
    """A pipe or a device keeps its place: what is written would take its name, not go through it."""
    with contextlib.suppress(FileNotFoundError):
        mode = target.stat().st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(None, "It is a folder")
        if not stat.S_ISREG(mode):
            raise OSError(None, "It is no ordinary file")


def _mode_for(target: Path) -> int:
    """Permissions of the file that is replaced, or what the user's mask leaves of rw-rw-rw-."""
    with contextlib.suppress(OSError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


# ---------------------------------------------------------------- what a crash leaves


def remove_abandoned_parts(folder: Path) -> None:
    """Removes the unfinished files of writes that a crash ended: ours, old, and held by no process."""
    with contextlib.suppress(OSError):
        latest = time.time() - ABANDONED_AFTER_SECONDS
        for entry in os.scandir(folder):
            if entry.name.startswith(".") and entry.name.endswith(PART_SUFFIX):
                _remove_if_abandoned(entry, latest)


def _remove_if_abandoned(entry: os.DirEntry[str], latest: float) -> None:
    with contextlib.suppress(OSError):
        if not entry.is_file(follow_symlinks=False) or entry.stat(follow_symlinks=False).st_mtime > latest:
            return
        descriptor = os.open(entry.path, os.O_RDONLY)
        try:
            is_free = hold(descriptor)
        finally:
            os.close(descriptor)
        if is_free:
            Path(entry.path).unlink()


def hold(descriptor: int) -> bool:
    """Takes the lock of an open file until it is closed. Returns whether nobody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
