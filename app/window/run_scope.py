"""The document as the fields of one run see it: by the run's place, as long as the run stands there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.plan.schema import Plan
from app.window.document import Document
from app.window.faults import Fault
from estimators.catalogue.load import Catalogue
from estimators.words import NOTHING, Said


class RunScope(QObject):
    """Passes changes on to fields whose paths name the run's place.

    Once runs come, go or move, another run may stand there: then nothing is passed on, and whoever holds the
    fields makes new ones.
    """

    changed = Signal(object)
    faults_changed = Signal()

    def __init__(self, document: Document, run_id: str) -> None:
        super().__init__()
        self._document, self.run_id = document, run_id
        self.place = place_of(document.plan, run_id)
        document.changed.connect(self._pass_on)
        document.faults_changed.connect(self._pass_faults_on)

    @property
    def is_current(self) -> bool:
        """Whether the run still stands in its place."""
        runs = self._document.plan.runs
        return self.place < len(runs) and runs[self.place].id == self.run_id

    def _pass_on(self, plan: object) -> None:
        if self.is_current:
            self.changed.emit(plan)

    def _pass_faults_on(self) -> None:
        if self.is_current:
            self.faults_changed.emit()

    def fault(self, path: str) -> Fault | None:
        """What stands in the field of an input and cannot be used."""
        return self._document.fault(path) if self.is_current else None

    def set_fault(self, path: str, name: str, text: str, sentence: str) -> None:
        """Keep a text that cannot be used until it is mended; without a sentence it is."""
        if self.is_current:
            self._document.set_fault(path, name, text, sentence)

    @property
    def unfinished(self) -> dict[str, dict[str, Any]]:
        """Parts of measured steps that are not complete yet, by run."""
        return self._document.unfinished

    @property
    def plan(self) -> Plan:
        """The open plan."""
        return self._document.plan

    @property
    def catalogue(self) -> Catalogue:
        """Where names are looked up."""
        return self._document.catalogue

    def value(self, path: str) -> Any:
        """The present value of an input."""
        return self._document.value(path)

    def change(self, path: str, value: Any) -> str:
        """Set one input. Returns why not, or ""."""
        return self._document.change(path, value) if self.is_current else ""

    def change_together(self, values: dict[str, Any], label: Said = NOTHING) -> str:
        """Set several inputs as one step. Returns why not, or ""."""
        return self._document.change_together(values, label) if self.is_current else ""

    def begin_gesture(self) -> None:
        """Edits of the same input from here on are one step of undo."""
        self._document.begin_gesture()

    def end_gesture(self) -> None:
        """The next edit is a step of its own."""
        self._document.end_gesture()


def place_of(plan: Plan, run_id: str) -> int:
    """Where a run stands in the plan, or 0."""
    return next((place for place, run in enumerate(plan.runs) if run.id == run_id), 0)
