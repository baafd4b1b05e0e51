"""Faults that no test notices, with the reason why none needs to."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mutation.trial import Outcome

Key = tuple[str, str, str]
FILE = "tests/mutation/accepted.toml"


def accepted(root: Path) -> dict[Key, str]:
    """The reasons by file, function and change.

    Raises:
        ValueError: An entry has no reason, or stands twice.
    """
    entries = tomllib.loads((root / FILE).read_text(encoding="utf-8")).get("accepted", [])
    found: dict[Key, str] = {}
    for entry in entries:
        for change in entry["changes"]:
            key = (entry["file"], entry["where"], change)
            if not entry["why"].strip() or key in found:
                raise ValueError(f"{FILE}: {key} needs one reason")
            found[key] = entry["why"]
    return found


def judged(
    outcomes: Sequence[Outcome], reasons: Mapping[Key, str], files: Sequence[str]
) -> tuple[list[str], int]:
    """What to say about a run, and its exit status."""
    survivors = {one.mutant.key: one for one in outcomes if not one.noticed}
    unexplained = [one for key, one in survivors.items() if key not in reasons]
    idle = [key for key in reasons if key[0] in files and key not in survivors]
    said = [f"line {one.mutant.line}: {one.line()}" for one in unexplained]
    said += [f"{file}, {where or 'module'}: {change} is accepted, and noticed or gone: take it out of {FILE}"
             for file, where, change in idle]  # fmt: skip
    counts = Counter(one.noticed for one in outcomes)
    explained = len(survivors) - len(unexplained)
    said.append(
        f"{len(outcomes)} faults: {counts[True]} noticed, {explained} accepted with a reason,"
        f" {len(unexplained)} that no test notices and nobody explains."
    )
    return said, 1 if unexplained or idle else 0
