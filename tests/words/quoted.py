"""What stands on a screen in every language: names, facts from their sources, what a plan's author wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.tools.pseudo import bare_words

RESOURCES = Path(__file__).parents[2] / "resources"
LEAST_LETTERS = 2
SYMBOLS = (
    "Nodewise", "nodewise", "EuroHPC", "GPU", "CPU", "GiB", "GB", "TB", "MB", "kB", "PB", "MWh", "kWh", "kW",
    "MW", "ms", "µs", "TFLOP", "PFLOP", "FLOP", "FLOPs", "BF16", "FP8", "FP16", "FP32", "NVLink",
    "InfiniBand", "arXiv", "doi",
    "PDF", "CSV", "JSON", "Word", "Markdown", "Excel", "Slurm", "CO₂e", "CO₂", "kg", "ZeRO", "AdamW",
    "Ctrl", "Shift", "Alt", "Del", "Esc", "Return", "Tab", "Ins",
)  # fmt: skip
"""Units, programs, formats and keys: the same in every language."""


def quoted(plan: Path | None = None) -> frozenset[str]:
    """Every text of the catalogue and of a plan."""
    return _of_resources() | frozenset(_texts(json.loads(plan.read_text("utf-8"))) if plan else ())


def bare(lines: Iterable[str], names: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Lines with words that no translator was given, and those words."""
    found = {}
    for line in dict.fromkeys(lines):
        left = " ".join(bare_words(line))
        if left:
            inside = [name for name in names if name in line]
            words = tuple(
                word for word in bare_words(line, [*inside, *SYMBOLS]) if len(word) >= LEAST_LETTERS
            )
            if words:
                found[line] = words
    return found


@cache
def _of_resources() -> frozenset[str]:
    found: set[str] = set()
    for path in (RESOURCES / "catalogue").glob("*.json"):
        found |= set(_texts(json.loads(path.read_text("utf-8"))))
    for path in (RESOURCES / "evidence").glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            found |= set(_texts(json.loads(line)))
    return frozenset(found)


def _texts(value: Any) -> Iterator[str]:
    """The texts of a record, and each line and clause of them: a screen quotes as much as it has room for."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str) and re.search(r"[^\W\d_]", value):
        yield value
        yield from (part for part in re.split(r"[\n;,(]\s*|\. ", value) if len(part) > LEAST_LETTERS)
