"""What can be done with runs: each deed is one step of undo, refused in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.plan import run_edits
from app.plan.errors import PlanError
from app.plan.run_edits import RunEdit
from app.plan.schema import Role
from app.window.document import Document
from app.words import text
from estimators.words import Said


class RunDeeds(QObject):
    """Adds, copies, moves and deletes runs of the open plan.

    `refused` carries a sentence; `chosen` the run to show, before the plan changes and after it.
    """

    refused = Signal(str)
    chosen = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.current = document.plan.run().id

    def choose(self, run_id: str) -> None:
        """Show another run."""
        self.chosen.emit(run_id)

    def add(self, role: Role = "test") -> None:
        """Add a run of a role below the one on the screen."""
        self._do(lambda plan: run_edits.add_run(plan, role, self.current))

    def duplicate(self) -> None:
        """Copy the run on the screen."""
        self._do(lambda plan: run_edits.duplicate_run(plan, self.current))

    def delete(self) -> None:
        """Delete the run on the screen."""
        self._do(lambda plan: run_edits.delete_run(plan, self.current))

    def move(self, places: int) -> None:
        """Move the run on the screen down, or up where negative."""
        self._do(lambda plan: run_edits.move_run(plan, self.current, places))

    def set_after(self, after: tuple[str, ...]) -> str:
        """Let the run on the screen wait for others. Returns why not, or ""."""
        try:
            edit = run_edits.set_after(self._document.plan, self.current, after)
        except PlanError as error:
            return text(error.said)
        return self._document.change_together(dict(edit.values), edit.label)

    def apply(self, values: Mapping[str, Any], label: Said) -> None:
        """Make changes that something else worked out: a template, a fix."""
        error = self._document.change_together(dict(values), label)
        if error:
            self.refused.emit(error)

    def _do(self, make: Callable[[Any], RunEdit]) -> None:
        try:
            edit = make(self._document.plan)
        except PlanError as error:
            self.refused.emit(text(error.said))
            return
        before, self.current = self.current, edit.run_id
        refusal = self._document.change_together(dict(edit.values), edit.label)
        if refusal:
            self.current = before
            self.refused.emit(refusal)
        else:
            self.chosen.emit(edit.run_id)
