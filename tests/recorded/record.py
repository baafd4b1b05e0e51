"""The committed record: how it is kept, and what differs from it."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RECORD = Path(__file__).parent / "answers.json.gz"
TEXTS = Path(__file__).parent / "texts.json.gz"
RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""How far a number may move: less than any reader sees, more than another order of a sum changes."""
DIGITS = 12
"""Significant digits that are kept of a number."""
MISSING = "(missing)"

Difference = tuple[str, Any, Any]
"""Path, what is recorded, what is answered today."""


def write(answers: dict[str, Any], path: Path = RECORD) -> None:
    """Keeps answers as compressed JSON; equal answers make an equal file."""
    text = json.dumps(_shortened(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def read(path: Path = RECORD) -> dict[str, Any]:
    """The answers that were kept."""
    answers: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return answers


def _shortened(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _shortened(part) for key, part in value.items()}
    return [_shortened(part) for part in value] if isinstance(value, list) else value


def differences(recorded: Any, today: Any, path: str = "") -> Iterator[Difference]:
    """Every place where two nested answers differ, numbers by more than `RELATIVE`."""
    if isinstance(recorded, dict) and isinstance(today, dict):
        for key in sorted({*recorded, *today}):
            yield from differences(recorded.get(key, MISSING), today.get(key, MISSING), f"{path}/{key}")
    elif isinstance(recorded, list) and isinstance(today, list):
        if len(recorded) != len(today):
            yield f"{path}/length", len(recorded), len(today)
        for i, (before, now) in enumerate(zip(recorded, today, strict=False)):
            yield from differences(before, now, f"{path}/{i}")
    elif not _same(recorded, today):
        yield path, recorded, today


def _same(recorded: Any, today: Any) -> bool:
    if not (_is_number(recorded) and _is_number(today)):
        return type(recorded) is type(today) and bool(recorded == today)
    both_unknown = math.isnan(recorded) and math.isnan(today)
    return both_unknown or math.isclose(recorded, today, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
