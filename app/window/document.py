"""The plan that is open: edits with undo, its file, and what is kept against a crash."""

from __future__ import annotations

import datetime
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.plan.edits import Edit, change_together, value_at
from app.plan.errors import PlanError
from app.plan.files import read_plan, write_plan
from app.plan.schema import SUFFIX, Plan
from estimators.catalogue.load import Catalogue

if TYPE_CHECKING:
    from app.plan.autosave import Session

AUTOSAVE_MS = 2000
_log = logging.getLogger(__name__)


class _EditCommand(QUndoCommand):
    """One edit on the undo stack; edits of one gesture become one step."""

    def __init__(self, document: Document, edit: Edit, gesture: int) -> None:
        super().__init__(edit.label)
        self._document, self.edit, self.gesture = document, edit, gesture

    def id(self) -> int:
        return 1 if self.gesture else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _EditCommand) or other.gesture != self.gesture:
            return False
        merged = self.edit.merged_with(other.edit)
        if merged is None:
            return False
        self.edit = merged
        self.setText(merged.label)
        return True

    def redo(self) -> None:
        self._document._show(self.edit.apply(self._document.plan))

    def undo(self) -> None:
        self._document._show(self.edit.revert(self._document.plan))


class Document(QObject):
    """The open plan.

    `changed` follows every edit, undo and redo; `file_changed` follows what the title shows.
    """

    changed = Signal(object)
    file_changed = Signal()

    def __init__(self, plan: Plan, path: Path | None, state_folder: Path, catalogue: Catalogue) -> None:
        super().__init__()
        self.plan, self.path = plan, path
        self.catalogue = catalogue
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._tell_file)
        self._gesture = 0
        self._next_gesture = 1
        self._state_folder = state_folder
        self._session: Session | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.keep_safe)

    def _tell_file(self, _clean: bool = True) -> None:
        self.file_changed.emit()

    @property
    def is_edited(self) -> bool:
        """Whether the file lacks something."""
        return not self.undo_stack.isClean()

    @property
    def name(self) -> str:
        """What the title shows."""
        return self.path.name.removesuffix(SUFFIX).removesuffix(".json") if self.path else self.plan.name

    def value(self, path: str) -> Any:
        """The present value of an input."""
        return value_at(self.plan, path)

    def begin_gesture(self) -> None:
        """Edits of the same input from here on are one step of undo."""
        self._gesture = self._next_gesture
        self._next_gesture += 1

    def end_gesture(self) -> None:
        """The next edit is a step of its own."""
        self._gesture = 0

    def change(self, path: str, value: Any) -> str:
        """Set one input. Returns why not, or ""."""
        return self.change_together({path: value})

    def change_together(self, values: dict[str, Any], label: str = "") -> str:
        """Set several inputs as one step. Returns why not, or ""."""
        try:
            edit = change_together(self.plan, values, label)
        except PlanError as error:
            return str(error)
        if not edit.is_empty:
            self.undo_stack.push(_EditCommand(self, edit, self._gesture))
        return ""

    def save(self, path: Path, plan: Plan) -> None:
        """Write the plan, with the answer that it now has, and count it as saved.

        Raises:
            PlanError: The file cannot be written.
        """
        write_plan(path, plan)
        self.path = path.resolve()
        self.undo_stack.setClean()
        self._forget_kept()
        self.file_changed.emit()
        self._remember()

    def mark_recovered(self) -> None:
        """Count the plan as edited though nothing was typed yet."""
        self.undo_stack.resetClean()
        self._timer.start()
        self.file_changed.emit()

    def close(self) -> None:
        """Nothing is left to recover."""
        self._timer.stop()
        if self._session is not None:
            self._session.close()
            self._session = None

    def keep_safe(self) -> None:
        """Write the autosave file now."""
        if not self.is_edited:
            self._forget_kept()
            return
        from app.plan.autosave import Session

        try:
            self._session = self._session or Session(self._state_folder)
            self._session.keep(self.plan, self.path, datetime.datetime.now().astimezone())
        except OSError as error:
            _log.warning("The plan could not be kept against a crash: %s", error)

    def _forget_kept(self) -> None:
        self._timer.stop()
        if self._session is not None:
            self._session.drop()

    def _remember(self) -> None:
        if self.path is None:
            return
        from app.plan.recent import remember

        try:
            remember(self._state_folder, self.path)
        except OSError as error:
            _log.warning("The list of recent plans could not be written: %s", error)

    def _show(self, plan: Plan) -> None:
        self.plan = plan
        self._timer.start()
        self.changed.emit(plan)


def open_document(path: Path, state_folder: Path, catalogue: Catalogue, is_own: bool = True) -> Document:
    """The plan of a file.

    An example (`is_own` False) is opened as a copy without a file.

    Raises:
        PlanError: The file is no plan; the sentence says what to do.
    """
    plan = read_plan(path, catalogue)
    document = Document(plan, path.resolve() if is_own else None, state_folder, catalogue)
    if is_own:
        document._remember()
    return document
