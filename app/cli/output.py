"""Writes results to standard output: JSON for programs, aligned columns for people."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.words import text
from estimators.words import Value, say

if TYPE_CHECKING:
    from app.plan.writing import Content

_NARROW_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " "})
UNKNOWN = say("not published")
_NUMERIC = re.compile(r"[≈<−\-]?\s?[\d.][\d ,.’]*( (%|[A-Za-z][\w-]*))?|–|-")


def write_json(content: Any) -> None:
    """Prints decoded JSON in UTF-8; a number that is none becomes null."""
    written = json.dumps(finite(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(written)


def write_lines(*lines: str) -> None:
    """Prints lines for people, with ordinary spaces."""
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines).translate(_NARROW_SPACES))


def add_force(parser: argparse.ArgumentParser) -> None:
    """Declares the leave to write over files that exist."""
    parser.add_argument("--force", action="store_true", help="write over files that exist")


def place(name: str) -> Path:
    """Where to write, as `-o` names it; a name that is empty, as of a shell variable without value, is none.

    Raises:
        ArgumentTypeError: The name is empty.
    """
    if not name.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(name)


def write_files(
    files: Sequence[tuple[Path, Content]], force: bool, make_folders: bool = True, never: Path | None = None
) -> None:
    """Writes files and prints their names, as `app.plan.writing` does.

    Raises:
        UsageError: One cannot be written, or some exist and `force` is not set. None was written then.
    """
    from app.cli.faults import UsageError
    from app.plan import writing

    try:
        written = writing.write_files(files, force, make_folders, never)
    except writing.FilesExistError as error:
        there = writing.existing_words(error.files)
        raise UsageError(
            say("{files} already. Choose another place, or write over it with --force.", files=there)
        ) from None
    except writing.WritingError as error:
        raise UsageError(error.said) from None
    write_lines(*map(str, written))


def finite(value: Any) -> Any:
    """The same content with NaN and infinities as null, tuples as lists, sentences in words."""
    if isinstance(value, Value):
        return text(value)
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [finite(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: words left, columns of numbers right.

    Args:
        head: Column titles.
        rows: Cells, as many as titles in each row.
    """
    cells = [[cell.translate(_NARROW_SPACES) for cell in row] for row in (head, *rows)]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(_width, column)) for column in columns]
    unknown = text(UNKNOWN)
    right = [
        all(cell == unknown or _NUMERIC.fullmatch(cell) for cell in column[1:] if cell) for column in columns
    ]
    lines = []
    for row in cells:
        parts = [
            " " * (width - _width(cell)) + cell if is_right else cell + " " * (width - _width(cell))
            for cell, width, is_right in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(parts).rstrip())
    return lines


def _width(cell: str) -> int:
    """Columns of a terminal that the text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in cell)
