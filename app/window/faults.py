"""Text in fields that the plan could not take: it stays where it was typed until it is mended.

A field that goes and comes back, as with another run or another tab, shows its text again. The plan keeps the
last good value meanwhile, and nothing that hangs on the field leaves the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.plan.edits import value_at
from app.plan.errors import PlanError
from app.plan.schema import Plan

BESIDE_THE_ANSWER = (
    "name",
    "role",
    "count",
    "at_once",
    "after",
    "earliest_month",
    "fixed_hours",
    "checkpoints",
)
"""Inputs of a run on which its own estimate does not hang; the request does."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One text that cannot be used.

    Attributes:
        run_id: Whose input it is; "" for one of the whole plan.
        path: Of the input, inside the run where it has one.
        name: What the field is called.
        text: As typed.
        sentence: What is wrong with it and what to type.
        value: What the plan holds there; None where it holds nothing.
    """

    run_id: str
    path: str
    name: str
    text: str
    sentence: str
    value: Any

    def touches_answer(self, run_id: str) -> bool:
        """Whether the estimate of a run hangs on it."""
        if self.run_id:
            return self.run_id == run_id and self.path not in BESIDE_THE_ANSWER
        return self.path.startswith(("target.", "own_hardware"))


class Faults(QObject):
    """All faults of a plan, by run and input. `changed` follows every one that comes or goes."""

    changed = Signal()

    def __init__(self, plan: Callable[[], Plan]) -> None:
        super().__init__()
        self._plan = plan
        self._found: dict[tuple[str, str], Fault] = {}

    def at(self, path: str) -> Fault | None:
        """The fault of the field at a path of the plan."""
        return self._found.get(self._key(path))

    def put(self, path: str, name: str, text: str, sentence: str) -> None:
        """Keep a text that cannot be used; without a sentence nothing is wrong any more."""
        key = self._key(path)
        if sentence:
            fault = Fault(*key, name, text, sentence, self._value(path))
            if self._found.get(key) != fault:
                self._found[key] = fault
                self.changed.emit()
        elif self._found.pop(key, None) is not None:
            self.changed.emit()

    def prune(self) -> None:
        """Drop what another change of the same input has overtaken, and what went with its run."""
        kept = {key: fault for key, fault in self._found.items() if self._still_stands(fault)}
        if len(kept) < len(self._found):
            self._found = kept
            self.changed.emit()

    def all(self) -> tuple[Fault, ...]:
        """Every fault, in the order in which they came."""
        return tuple(self._found.values())

    def _key(self, path: str) -> tuple[str, str]:
        head, _, rest = path.partition(".")
        place, _, inside = rest.partition(".")
        if head == "runs" and place.isdigit() and int(place) < len(self._plan().runs):
            return self._plan().runs[int(place)].id, inside
        return "", path

    def _still_stands(self, fault: Fault) -> bool:
        path = fault.path
        if fault.run_id:
            places = [place for place, run in enumerate(self._plan().runs) if run.id == fault.run_id]
            if not places:
                return False
            path = f"runs.{places[0]}.{path}"
        return bool(self._value(path) == fault.value)

    def _value(self, path: str) -> Any:
        try:
            return value_at(self._plan(), path)
        except PlanError:  # a part of a measured step that is not complete yet
            return None
