"""The plan that is open: edits with undo, its file, and what is kept against a crash."""

from __future__ import annotations

import contextlib
import datetime
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.plan.edits import Edit, change_together, value_at
from app.plan.errors import PlanError
from app.plan.files import NO_FILE, NOT_SEEN, fingerprint, read_plan_file, write_plan
from app.plan.schema import SUFFIX, Plan
from app.window.faults import Fault, Faults
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.words import NOTHING, Said, say

if TYPE_CHECKING:
    from app.plan.autosave import Session

AUTOSAVE_MS = 2000
MOST_AT_RISK_MS = 8000
"""The plan is kept once the hands rest, and this long after an edit at the latest."""
_log = logging.getLogger(__name__)


class _EditCommand(QUndoCommand):
    """One edit on the undo stack; edits of one gesture become one step."""

    def __init__(self, document: Document, edit: Edit, gesture: int) -> None:
        super().__init__(text(edit.label))
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
        self.setText(text(merged.label))
        self.setObsolete(merged.is_empty)  # typed and taken back: nothing to undo
        return True

    def redo(self) -> None:
        self._document._show(self.edit.apply(self._document.plan))

    def undo(self) -> None:
        self._document._show(self.edit.revert(self._document.plan))


class _TakeFileCommand(QUndoCommand):
    """What somebody else wrote to the file in place of the plan; undo brings the plan back."""

    def __init__(self, document: Document, theirs: Plan) -> None:
        super().__init__(text(say("Take the file's plan")))
        self._document, self._mine, self._theirs = document, document.plan, theirs

    def redo(self) -> None:
        self._document._show(self._theirs)

    def undo(self) -> None:
        self._document._show(self._mine)


class Document(QObject):
    """The open plan.

    `changed` follows every edit, undo and redo; `faults_changed` every text that the plan could not take, and
    its mending; `file_changed` follows what the title shows. `at_risk` says why the plan could not be kept
    against a crash.
    """

    changed = Signal(object)
    faults_changed = Signal()
    file_changed = Signal()
    at_risk = Signal(str)

    def __init__(
        self,
        plan: Plan,
        path: Path | None,
        state_folder: Path,
        catalogue: Catalogue,
        seen: str = NOT_SEEN,
    ) -> None:
        """Hold a plan.

        Args:
            plan: To edit.
            path: Its file, None where it has none.
            state_folder: Where it is kept against a crash.
            catalogue: What it names.
            seen: The fingerprint of the file when the plan was read from it.
        """
        super().__init__()
        self._seen = seen
        self._looked = _stamp(path)
        self._claim: tuple[int, Path] | None = None
        self._left_over: Path | None = None
        self._unkept = QElapsedTimer()
        self._risk = ""
        self.plan, self.path = plan, path
        self.catalogue = catalogue
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._tell_file)
        self.faults = Faults(lambda: self.plan)
        self.faults.changed.connect(self.faults_changed)
        self.unfinished: dict[str, dict[str, Any]] = {}
        """Parts of a measured step that is not complete yet, by the id of its run."""
        self._gesture = 0
        self._next_gesture = 1
        self._state_folder = state_folder
        self._session: Session | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
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

    def change_together(self, values: dict[str, Any], label: Said = NOTHING) -> str:
        """Set several inputs as one step. Returns why not, or ""."""
        try:
            edit = change_together(self.plan, values, label)
        except PlanError as error:
            return text(error.said)
        if not edit.is_empty:
            self.undo_stack.push(_EditCommand(self, edit, self._gesture))
        return ""

    def fault(self, path: str) -> Fault | None:
        """What stands in the field of an input and cannot be used."""
        return self.faults.at(path)

    def set_fault(self, path: str, name: str, text: str, sentence: str) -> None:
        """Keep a text that cannot be used until it is mended; without a sentence it is."""
        self.faults.put(path, name, text, sentence)

    # ------------------------------------------------------------ the file, which others may write too

    def claim(self) -> bool:
        """Say that this window has the file open. Returns whether no other one has."""
        from app.plan import locks

        self._give_up_claim()
        if self.path is None:
            return True
        try:
            lock = locks.lock_of(self._state_folder, self.path)
            descriptor = locks.take(lock)
        except OSError:
            return True  # without a place for locks, what others write is noticed before writing all the same
        if descriptor is not None:
            self._claim = (descriptor, lock)
        return descriptor is not None

    def _give_up_claim(self) -> None:
        if self._claim is not None:
            from app.plan import locks

            locks.release(*self._claim)
            self._claim = None

    def is_changed_outside(self) -> bool:
        """Whether somebody else has written to the file since it was read or written here, or last asked."""
        if self.path is None or (stamp := _stamp(self.path)) == self._looked:
            return False
        self._looked = stamp
        return fingerprint(self.path) not in (self._seen, NO_FILE)

    def take_file(self) -> None:
        """Take what the file holds in place of the plan, as one step of undo.

        Raises:
            PlanError: The file holds no plan.
        """
        assert self.path is not None
        theirs, self._seen = read_plan_file(self.path, self.catalogue)
        self._looked = _stamp(self.path)
        self.end_gesture()
        self.undo_stack.push(_TakeFileCommand(self, theirs))
        self.undo_stack.setClean()
        self._forget_kept()
        self.file_changed.emit()

    def save(self, path: Path, plan: Plan, over: str | None = None) -> None:
        """Write the plan, with the answer that it now has, and count it as saved.

        Args:
            path: The file. Another one than the plan's own is written over, as the person chose it.
            plan: What is written.
            over: The fingerprint of what somebody else wrote and the person gave up.

        Raises:
            ChangedOutsideError: The plan's file holds what nobody here has seen. It was not changed.
            PlanError: The file cannot be written.
        """
        is_own = self.path is not None and path.resolve() == self.path
        seen = (self._seen if over is None else over) if is_own else None
        self._seen = write_plan(path, plan, None if over == NOT_SEEN else seen)
        self.path = path.resolve()
        self._looked = _stamp(self.path)
        if not is_own:
            self.claim()
        self.undo_stack.setClean()
        self._forget_kept()
        self.file_changed.emit()
        self._remember()

    def is_as_in_file(self) -> bool:
        """Whether nothing is lost without this window: the file holds the plan, or nothing was changed."""
        if self.is_edited:
            return False
        return self.path is None or fingerprint(self.path) == self._seen

    def count_as_edited(self) -> None:
        """Take the plan for changed: its file is gone or holds something else."""
        if not self.is_edited:
            self.undo_stack.resetClean()
            self.file_changed.emit()

    def mark_recovered(self) -> None:
        """Count the plan as edited though nothing was typed yet."""
        self.count_as_edited()
        self._keep_soon()

    def go_on_with(self, left_over: Path) -> None:
        """Take over what a session that ended badly kept; the file stays until its plan is safe elsewhere.

        Raises:
            TakenError: Another window has taken it over.
        """
        from app.plan.autosave import Session, TakenError

        try:
            self._session = Session(self._state_folder, left_over)
        except TakenError:
            raise
        except OSError:
            self._left_over = left_over  # the folder cannot be written: the file alone still holds the plan

    def close(self) -> None:
        """Nothing is left to recover."""
        self._forget_kept()
        self._give_up_claim()
        if self._session is not None:
            self._session.close()
            self._session = None

    def keep_safe(self) -> str:
        """Write the autosave file now. Returns why that failed, or ""."""
        if not self.is_edited:
            self._forget_kept()
            return ""
        from app.plan.autosave import Session

        self._unkept.invalidate()
        try:
            self._session = self._session or Session(self._state_folder)
            self._session.keep(self.plan, self.path, datetime.datetime.now().astimezone(), self._seen)
        except OSError as error:
            _log.warning("The plan could not be kept against a crash: %s", error)
            reason = error.strerror or type(error).__name__
            if reason != self._risk:
                self._risk = reason
                self.at_risk.emit(reason)
            return reason
        self._risk = ""
        self._forget_left_over()
        return ""

    def _keep_soon(self) -> None:
        """Keep the plan when the hands rest, or when too much would be lost."""
        if not self._unkept.isValid():
            self._unkept.start()
        left = MOST_AT_RISK_MS - self._unkept.elapsed()
        self._timer.start(max(0, min(AUTOSAVE_MS, left)))

    def _forget_kept(self) -> None:
        self._timer.stop()
        self._unkept.invalidate()
        if self._session is not None:
            with contextlib.suppress(OSError):
                self._session.drop()
        self._forget_left_over()

    def _forget_left_over(self) -> None:
        if self._left_over is not None:
            with contextlib.suppress(OSError):
                self._left_over.unlink(missing_ok=True)
            self._left_over = None

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
        self._keep_soon()
        self.faults.prune()
        self.changed.emit(plan)


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    """What changes when a file is written, without reading it; None where there is none."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def open_document(path: Path, state_folder: Path, catalogue: Catalogue, is_own: bool = True) -> Document:
    """The plan of a file.

    An example (`is_own` False) is opened as a copy without a file.

    Raises:
        PlanError: The file is no plan; the sentence says what to do.
    """
    plan, seen = read_plan_file(path, catalogue)
    document = Document(plan, path.resolve() if is_own else None, state_folder, catalogue, seen)
    if is_own:
        document._remember()
    return document
