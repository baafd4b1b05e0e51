"""Reads a file that somebody named: an ordinary one, and never more of it than it may hold.

A name can stand for a pipe that nobody writes to, a device without end or a disk image. Reading these must
end in a sentence, not in waiting or in a full memory, so nothing else reads what a person names.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from estimators.words import Amount, Name, Said, SpokenError, say

_CHUNK_BYTES = 1 << 20
_OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)
"""A pipe without a writer opens at once instead of waiting, should one stand there after all."""

A_FILE, A_TEXT_FILE = say("a file"), say("a text file")


class ReadingError(SpokenError):
    """A file that cannot be read; it says why in a sentence whose subject, the file, is left out."""


class MissingFileError(ReadingError):
    """There is no such file."""


def read_file(path: Path, most_bytes: int, wanted: Said = A_FILE) -> bytes:
    """The content of an ordinary file.

    Args:
        path: The file; links are followed.
        most_bytes: The longest that is taken.
        wanted: What it should be, with its article, for the sentence.

    Raises:
        MissingFileError: There is none.
        ReadingError: It is a folder, a pipe or a device, is longer, or may not be read.
    """
    try:
        _refuse_all_but_files(path.stat(), wanted)  # before opening: to open some devices is to start them
        descriptor = os.open(path, _OPEN_FLAGS)
        try:
            found = os.fstat(descriptor)
            _refuse_all_but_files(found, wanted)  # another thing may stand there since
            content = b"" if found.st_size > most_bytes else _read(descriptor, most_bytes)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise MissingFileError(say("does not exist. Check the name and the folder.")) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or str(error)
        raise ReadingError(
            say("cannot be read: {reason}. Check that you may read it.", reason=Name(reason))
        ) from None
    if max(found.st_size, len(content)) > most_bytes:
        raise ReadingError(
            say(
                "is larger than {n} MB, so it is not {wanted}.",
                n=Amount(most_bytes // 1_000_000, form="fixed"),
                wanted=wanted,
            )
        )
    return content


def read_text(path: Path, most_bytes: int, wanted: Said = A_TEXT_FILE) -> str:
    """The text of an ordinary file in UTF-8, with or without a byte order mark.

    Raises:
        MissingFileError: There is none.
        ReadingError: As of `read_file`, or the content is no text.
    """
    try:
        return read_file(path, most_bytes, wanted).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReadingError(say("is not text in UTF-8, so it is not {wanted}.", wanted=wanted)) from None


def _read(descriptor: int, most_bytes: int) -> bytes:
    """The content, or one byte more than the limit: a file may grow while it is read."""
    parts: list[bytes] = []
    left = most_bytes + 1
    while left > 0 and (part := os.read(descriptor, min(left, _CHUNK_BYTES))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _refuse_all_but_files(found: os.stat_result, wanted: Said) -> None:
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise ReadingError(say("is a folder. Name {wanted} in it.", wanted=wanted))
    if stat.S_ISFIFO(mode):
        raise ReadingError(say("is a pipe, not a file. Write what it carries to a file, and name that."))
    if stat.S_ISSOCK(mode):
        raise ReadingError(say("is a socket, not a file. Name {wanted}.", wanted=wanted))
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise ReadingError(say("is a device, not a file. Name {wanted}.", wanted=wanted))
    raise ReadingError(say("is no ordinary file. Name {wanted}.", wanted=wanted))
