"""Writes results to standard output: JSON for programs, aligned columns for people."""

from __future__ import annotations

import json
import math
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

_NARROW_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " "})
_NUMERIC = re.compile(r"[≈<−\-]?\s?[\d.][\d ,.]*( (%|[A-Za-z][\w-]*))?|–|-|not published")


def write_json(content: Any) -> None:
    """Prints decoded JSON in UTF-8; a number that is none becomes null."""
    text = json.dumps(finite(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text)


def write_lines(*lines: str) -> None:
    """Prints lines for people, with ordinary spaces."""
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines).translate(_NARROW_SPACES))


def finite(value: Any) -> Any:
    """The same content with NaN and infinities as null, tuples as lists."""
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
    right = [all(_NUMERIC.fullmatch(cell) for cell in column[1:] if cell) for column in columns]
    lines = []
    for row in cells:
        parts = [
            " " * (width - _width(cell)) + cell if is_right else cell + " " * (width - _width(cell))
            for cell, width, is_right in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(parts).rstrip())
    return lines


def _width(text: str) -> int:
    """Columns of a terminal that the text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
