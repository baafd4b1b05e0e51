"""The window: start page or an open plan, with the actions that both share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

from app.plan.errors import PlanError
from app.plan.files import name_for_files
from app.plan.schema import SUFFIX, Plan
from app.window.actions import make_actions
from app.window.document import Document, open_document
from app.window.frame import Frame
from app.window.keeping import (
    Kept,
    keep_after_fault,
    offer_recovery,
    save_or_ask,
    tell_if_changed_outside,
    tell_if_open_elsewhere,
)
from app.window.panes import focus_next
from app.window.refresh import Estimator
from app.window.saved_answer import changed_answer, saved_answer
from app.window.tabs import TabId
from app.window.tasks import finish_tasks
from app.window.theme import theme
from app.window.top_bar import TopBar
from app.window.workbench import Workbench
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.words import Name, say

if TYPE_CHECKING:  # what the first paint of a plan does not need is imported where it is used
    from app.plan.autosave import Recovery
    from app.plan.starters import Starter
    from app.window.export_dialog import ExportDialog
    from app.window.find_action import FindAction
    from app.window.prompts import Prompts
    from app.window.start_page import StartPage

TITLE = "Nodewise"


class MainWindow(Frame):
    """One window, one plan at a time."""

    def __init__(
        self,
        catalogue: Catalogue,
        estimator: Callable[[], Estimator],
        state_folder: Path,
        prompts: Prompts | None = None,
    ) -> None:
        super().__init__(prompts)
        self._catalogue, self._make_estimator = catalogue, estimator
        self._state_folder = state_folder
        self.bench: Workbench | None = None
        self.start: StartPage | None = None
        self.export_dialog: ExportDialog | None = None
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        self.setMinimumSize(1000, 600)
        self.resize(1366, 768)
        self.deeds = make_actions(self, self)
        self.top = TopBar(self.deeds)
        self.top.hide()
        self.set_top(self.top)
        self._finder: FindAction | None = None

    # ------------------------------------------------------------ pages

    def show_start(self) -> None:
        """Show the start page, if the open plan may be left."""
        if not self._may_leave():
            return
        from app.window.start_page import StartDeeds, StartPage

        self._drop_bench()
        deeds = StartDeeds(
            open_starter=self.open_starter,
            open_path=lambda path, is_own: self.open_path(path, is_own),
            ask_for_plan=self.ask_for_plan,
            toggle_theme=self.toggle_theme,
            find_action=self.find_action,
        )
        self.start = StartPage(self._catalogue, self._state_folder, deeds)
        self.top.hide()
        self.set_page(self.start)
        self.setWindowTitle(TITLE)
        self._update_actions()
        self.start.setFocus()
        self.after_paint(self.start.cards[0], self._fill_page)

    def open_starter(self, starter: Starter) -> None:
        """Open the complete plan of a choice."""
        if self._may_leave():
            self.show_document(Document(starter.plan, None, self._state_folder, self._catalogue))
            if starter.measures and self.bench is not None:
                self.bench.questions.ask_measured_step()

    def open_path(self, path: Path, is_own: bool = True) -> None:
        """Open a plan file; a sentence says what is wrong with it. An example opens as a copy."""
        if not self._may_leave():
            return
        try:
            document = open_document(path, self._state_folder, self._catalogue, is_own)
        except PlanError as error:
            self.tell("fail", text(error.said))
            if self.page is None:
                self.show_start()
            return
        self.show_document(document)

    def show_document(self, document: Document) -> None:
        """Show a plan with its answer."""
        self._drop_bench()
        bench = Workbench(document, self._catalogue, self._make_estimator())
        self.bench = bench
        self.start = None
        bench.refused.connect(self.messages.show_refused)
        bench.accepted.connect(self.messages.hide_refused)
        bench.told.connect(lambda sentence: self.tell("warn", sentence))
        bench.counted.connect(self._update_actions)
        bench.held_changed.connect(self._follow_held)
        bench.doubted.connect(partial(self.messages.show_doubt, confirm=bench.confirm_points))
        bench.accepted.connect(self._update_actions)
        document.file_changed.connect(self._show_name)
        document.at_risk.connect(self._tell_at_risk)
        document.undo_stack.indexChanged.connect(self._update_actions)
        self.top.show()
        self.set_page(bench)
        bench.answer_now()
        self._show_name()
        self._update_actions()
        tell_if_open_elsewhere(self, document)
        self._tell_changed_answer(document.plan)
        bench.questions.data.amount.field.setFocus()
        self.after_paint(bench.status, self._fill_page)

    def _drop_bench(self) -> None:
        if self.bench is not None:
            self.bench.document.undo_stack.indexChanged.disconnect(self._update_actions)
            self.bench.document.close()
            self.bench = None

    def _fill_page(self) -> None:
        """What is slow and not needed for the answer."""
        theme().dress()
        if self.bench is not None:
            QTimer.singleShot(0, self._load_rest)
        elif self.start is not None and not self.start.is_solved:
            self.start.solve_examples(self._make_estimator())

    def _load_rest(self) -> None:
        """The first chart, and after it the request: both are slow to load."""
        if self.bench is not None:
            self.bench.load_charts()
            QTimer.singleShot(0, self.bench.count_requests)

    def offer_recovery(self) -> None:
        """Offer work that a session which ended badly left behind."""
        offer_recovery(self, self._state_folder, self._restore)

    def _restore(self, kept: Recovery) -> None:
        if not self._may_leave():
            self.offer_recovery()
            return
        from app.plan.autosave import TakenError

        document = Document(kept.plan, kept.original, self._state_folder, self._catalogue, kept.seen)
        try:
            document.go_on_with(kept.file)
        except TakenError:
            self.tell("info", text(say("Another window has restored this work already.")))
            return
        self.show_document(document)
        document.mark_recovered()

    def keep_after_fault(self) -> Kept:
        """Write the plan where a crash cannot take it, and say what came of it."""
        return keep_after_fault(self.bench.document if self.bench is not None else None)

    def _tell_at_risk(self, reason: str) -> None:
        self.tell(
            "warn",
            text(
                say(
                    "Your changes cannot be kept against a crash: {reason}. Save them to a file.",
                    reason=Name(reason),
                )
            ),
        )

    def _tell_changed_answer(self, plan: Plan) -> None:
        if self.bench is None or self.bench.comparison is None:
            return
        sentence = changed_answer(plan, self.bench.comparison)
        if sentence:
            self.tell("info", sentence, ((text(say("Show why")), self.bench.explain),))

    # ------------------------------------------------------------ deeds

    def ask_for_plan(self) -> None:
        """Ask for a file and open it."""
        path = self.prompts.plan_to_open(self)
        if path is not None:
            self.open_path(path)

    def save_plan(self) -> bool:
        """Save to the plan's file, or ask where. Returns whether it was saved."""
        if self.bench is None:
            return False
        path = self.bench.document.path
        return self._save_to(path) if path is not None else self.save_plan_as()

    def save_plan_as(self) -> bool:
        """Ask where to save. Returns whether it was saved."""
        if self.bench is None:
            return False
        suggestion = f"{name_for_files(self.bench.document.plan)}{SUFFIX}"
        path = self.prompts.where_to_save(self, suggestion)
        return path is not None and self._save_to(path)

    def _save_to(self, path: Path) -> bool:
        assert self.bench is not None
        plan, held = self.bench.document.plan, self.bench.held
        answer = None if held.refusal else saved_answer(self.bench.comparison)
        if answer is not None:
            plan = msgspec.structs.replace(plan, answer_when_saved=answer)
        saved = save_or_ask(self, self.bench.document, path, plan)
        if saved and held.words_of_loss():
            self.tell(
                "warn",
                text(
                    say(
                        "Saved with the last good values: {words_of_loss}.",
                        words_of_loss=Name(held.words_of_loss()),
                    )
                ),
            )
        return saved

    def export(self) -> None:
        """Ask for kinds of files and a folder, then write them beside the window."""
        bench = self.bench
        if bench is None or bench.hold_back("exported") or bench.request is None or not bench.can_export:
            return
        from app.window.export_dialog import ExportDialog

        self.export_dialog = ExportDialog(self, bench.document, bench.request, self._state_folder)
        self.export_dialog.writing.connect(self._update_actions)
        self.export_dialog.open()

    def toggle_theme(self) -> None:
        """From light to dark or back."""
        theme().toggle()
        self.remember_theme()

    def follow_system_theme(self) -> None:
        """Take light or dark from the system."""
        theme().set_mode("system")
        self.remember_theme()

    def remember_theme(self) -> None:
        """Keep the choice for the next start."""
        from app.window.folders import settings

        settings(self._state_folder).setValue("theme", theme().mode)

    def find_action(self) -> None:
        """Open the list of actions."""
        if self._finder is None:
            from app.window.find_action import FindAction

            self._finder = FindAction(self.ground)
        self._finder.open([deed for deed in self.deeds.values() if deed.isEnabled()])

    def show_tab(self, name: TabId) -> None:
        """Bring a tab to the front."""
        if self.bench is not None:
            self.bench.tabs.show_tab(name)

    def next_pane(self) -> None:
        """Move the keyboard to the next part of the window."""
        if self.bench is None:
            return
        bench = self.bench
        answer = bench.line if bench.line is not None and bench.line.isVisible() else bench.answer
        focus_next([self.top, answer, bench.runs, bench.questions, bench.tabs], self.focusWidget())

    # ------------------------------------------------------------ state

    def _show_name(self) -> None:
        if self.bench is None:
            return
        document = self.bench.document
        self.top.show_plan(document.name, document.is_edited)
        self.setWindowTitle(f"{document.name}{' *' if document.is_edited else ''} \u2013 {TITLE}")

    def _update_actions(self, _index: int = 0) -> None:
        stack = self.bench.document.undo_stack if self.bench is not None else None
        undo, redo = Name(stack.undoText() if stack else ""), Name(stack.redoText() if stack else "")
        self.deeds["undo"].setText(text(say("Undo: {edit}", edit=undo) if undo.text else say("Undo")))
        self.deeds["redo"].setText(text(say("Redo: {edit}", edit=redo) if redo.text else say("Redo")))
        self.deeds["undo"].setEnabled(stack is not None and stack.canUndo())
        self.deeds["redo"].setEnabled(stack is not None and stack.canRedo())
        for action in self.deeds.values():
            if action.data() == "plan":
                action.setEnabled(self.bench is not None)
        writing = self.export_dialog is not None and self.export_dialog.is_writing
        answers = self.bench is not None and (self.bench.can_export or bool(self.bench.held.words_of_deed()))
        self.deeds["export"].setEnabled(answers and not writing)

    def _follow_held(self) -> None:
        """Something keeps the answer in the window, or does so no more."""
        self._update_actions()
        if self.bench is not None and not self.bench.held.words_of_deed():
            self.messages.hide_doubt()

    def undo(self) -> None:
        """Take the last edit back."""
        if self.bench is not None:
            self.bench.document.end_gesture()
            self.bench.document.undo_stack.undo()

    def redo(self) -> None:
        """Make the last edit that was taken back anew."""
        if self.bench is not None:
            self.bench.document.undo_stack.redo()

    def _may_leave(self) -> bool:
        if self.bench is None:
            return True
        lost = self.bench.held.words_of_loss()
        if not self.bench.document.is_edited and not lost:
            return True
        answer = self.prompts.leave_unsaved(self, self.bench.document.name, lost)
        if answer == "save":
            return self.save_plan()
        return answer == "discard"

    # ------------------------------------------------------------ Qt

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.bench is not None:
            tell_if_changed_outside(self, self.bench.document)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # a fault on the way must not close the window over unsaved work
        if not self._may_leave():
            return
        self._drop_bench()
        finish_tasks()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_path(paths[0])
