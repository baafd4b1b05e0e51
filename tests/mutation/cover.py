"""Which tests call which functions of the product, and which of them pass: learnt in a copied process."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType

import pytest
from _pytest.runner import runtestprotocol

Called = tuple[str, str]
"""File and function."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What a test calls of the product, the seconds it takes, and whether it passes."""

    calls: frozenset[Called]
    seconds: float
    passed: bool


def covered(items: Sequence[pytest.Item], root: Path) -> dict[str, Covered]:
    """Run tests once and look what each calls."""
    found: dict[str, Covered] = {}
    codes: set[CodeType] = set()

    def enter(frame: FrameType, _event: str, _argument: object) -> None:
        codes.add(frame.f_code)

    for place, item in enumerate(items):
        codes.clear()
        start = time.process_time()
        sys.settrace(enter)
        following = items[place + 1] if place + 1 < len(items) else None
        reports = runtestprotocol(item, nextitem=following, log=False)
        sys.settrace(None)
        seconds = time.process_time() - start
        calls = {called for code in codes if (called := _function(code, root)) is not None}
        passed = not any(report.failed for report in reports)
        found[item.nodeid] = Covered(frozenset(calls), seconds, passed)
    return found


def passing(items: Sequence[pytest.Item]) -> dict[str, bool]:
    """Which tests pass today: one that fails without a fault would seem to notice every fault."""
    found = {}
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        reports = runtestprotocol(item, nextitem=following, log=False)
        found[item.nodeid] = not any(report.failed for report in reports)
    return found


def _function(code: CodeType, root: Path) -> Called | None:
    """The function of the product that a piece of code belongs to."""
    folder = f"{root}/"
    if not code.co_filename.startswith((f"{folder}app/", f"{folder}estimators/")):
        return None
    return code.co_filename.removeprefix(folder), code.co_qualname.replace(".<locals>", "")
