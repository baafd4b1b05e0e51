"""Many plans through everything in one process, and what was found, each kind of fault once."""

from __future__ import annotations

import os
import re
import resource
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis

from estimators import load_catalogue
from tests.everything.plans import plans
from tests.everything.walk import walk

MOST_BYTES = 8 * 2**30
"""Memory of one process; a plan that wants more has found a fault."""


@dataclass
class Tally:
    """What was seen.

    Attributes:
        statuses: How often each command ended how.
        faults: How often, and the first plan, by command, fault and place.
        refused: Plans that no command accepts, by the sentence's kind.
    """

    plans: int = 0
    refused: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: dict[tuple[str, str, str], tuple[int, dict[str, Any], str]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, other: Tally) -> None:
        """Join what another process saw."""
        self.plans += other.plans
        self.refused += other.refused
        self.statuses += other.statuses
        self.refusals += other.refusals
        self.slowest = max(self.slowest, other.slowest)
        for key, (count, raw, where) in other.faults.items():
            known = self.faults.get(key)
            self.faults[key] = (count, raw, where) if known is None else (known[0] + count, *known[1:])


def prepare() -> None:
    """A process of its own folders, warnings as errors, and bounded memory."""
    warnings.simplefilter("error")
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="nodewise-everything-")
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def drawn(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Plans of one seed, the same each time."""
    found: list[dict[str, Any]] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        derandomize=False,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(plans(load_catalogue()))
    def draw(raw: dict[str, Any]) -> None:
        found.append(raw)

    draw()
    return iter(found)


def walk_many(seed: int, count: int) -> Tally:
    """Every command on every plan of a seed."""
    tally = Tally()
    for raw in drawn(seed, count):
        tally.plans += 1
        with tempfile.TemporaryDirectory() as folder:
            done = walk(raw, Path(folder))
        if all(outcome.status == 2 for outcome in done):
            tally.refused += 1
            tally.refusals[f"everything: {_kind(done[0].said)}"] += 1
        for outcome in done:
            tally.statuses[outcome.command, outcome.status] += 1
            if outcome.status == 2 and any(other.status != 2 for other in done):
                tally.refusals[f"some commands: {_kind(outcome.said)}"] += 1
            tally.slowest = max(tally.slowest, (outcome.seconds, outcome.command))
            if outcome.fault:
                key = (outcome.command.split()[0], outcome.fault, _place(outcome.where))
                count, first, where = tally.faults.get(key, (0, raw, outcome.where or outcome.said))
                tally.faults[key] = (count + 1, first, where)
    return tally


def _kind(said: str) -> str:
    """A sentence without its names and numbers."""
    words = said.partition(".json: ")[2] or said
    words = re.sub(r'"[^"]*"', '"..."', words)
    return re.sub(r"\d[\d,.  ]*", "0", words)[:160].strip()


def _place(where: str) -> str:
    """The error and the last line of the program in a traceback."""
    lines = where.strip().splitlines()
    frames = [line.strip() for line in lines if line.startswith("  File")]
    ours = [line for line in frames if "/app/" in line or "/estimators/" in line]
    last = ours[-1].partition('File "')[2] if ours else ""
    words = lines[-1][:150] if lines else ""
    return f"{words} | {last}"
