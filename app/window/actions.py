"""Everything that the window can do, as named actions with their keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.plan.run_edits import ROLE_WORDS
from app.window.folders import example_files
from app.window.workbench import Workbench
from app.window.workspace import TABS

Deed = Callable[[], object]


class Deeds(Protocol):
    """What is done when an action is triggered.

    Attributes:
        bench: The open plan; None where the start page shows.
    """

    bench: Workbench | None

    def show_start(self) -> None: ...
    def ask_for_plan(self) -> None: ...
    def open_path(self, path: Path, is_own: bool = True) -> None: ...
    def save_plan(self) -> bool: ...
    def save_plan_as(self) -> bool: ...
    def export(self) -> None: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def find_action(self) -> None: ...
    def toggle_theme(self) -> None: ...
    def follow_system_theme(self) -> None: ...
    def show_tab(self, name: str) -> None: ...
    def next_pane(self) -> None: ...


def make_actions(window: QWidget, deeds: Deeds) -> dict[str, QAction]:
    """The window's actions by name; those with data "plan" need an open plan."""
    actions: dict[str, QAction] = {}

    def add(name: str, words: str, deed: Deed, keys: str = "", needs_plan: bool = False) -> None:
        action = QAction(words, window)
        action.triggered.connect(lambda _checked=False: deed())
        if keys:
            action.setShortcuts([QKeySequence(one) for one in keys.split("|")])
        if needs_plan:
            action.setData("plan")
        window.addAction(action)
        actions[name] = action

    add("start", "Show the start page", deeds.show_start, "Ctrl+N")
    add("open", "Open a plan", deeds.ask_for_plan, "Ctrl+O")
    add("save", "Save the plan", deeds.save_plan, "Ctrl+S", needs_plan=True)
    add("save-as", "Save the plan under another name", deeds.save_plan_as, "Ctrl+Shift+S", needs_plan=True)
    add("export", "Export the dossier", deeds.export, "Ctrl+E", needs_plan=True)
    add("undo", "Undo", deeds.undo, "Ctrl+Z")
    add("redo", "Redo", deeds.redo, "Ctrl+Shift+Z|Ctrl+Y")
    add("find", "Find an action", deeds.find_action, "Ctrl+K")
    add("theme", "Light or dark", deeds.toggle_theme, "Ctrl+Shift+L")
    add("theme-system", "Light or dark as the system", deeds.follow_system_theme)
    for place, tab in enumerate(TABS):
        add(f"tab-{tab}", f"Show {tab.lower()}", partial(deeds.show_tab, tab), f"Ctrl+{place + 1}", True)
    _add_run_actions(deeds, add)
    add("copy-answer", "Copy the answer", partial(_copy, deeds, "answer"), "Ctrl+Shift+C", True)
    add("copy-table", "Copy the machine table", partial(_copy, deeds, "table"), needs_plan=True)
    add("copy-milestones", "Copy the milestone table", partial(_copy, deeds, "milestones"), needs_plan=True)
    add("copy-findings", "Copy the findings", partial(_copy, deeds, "findings"), needs_plan=True)
    add("copy-why", "Copy the explanation", partial(_copy, deeds, "why"), needs_plan=True)
    add("pane", "Move to the next pane", deeds.next_pane, "F6", needs_plan=True)
    for path in example_files():
        name = path.name.split(".")[0]
        add(f"example-{name}", f"Open the example {name}", partial(deeds.open_path, path, False))
    add("quit", "Quit", window.close, "Ctrl+Q")
    return actions


def _add_run_actions(deeds: Deeds, add: Callable[..., None]) -> None:
    """What can be done with runs, under the names of the runs panel."""
    for role, words in ROLE_WORDS.items():
        add(f"add-{role}", f"Add a run: {words}", partial(_run, deeds, "add", role), needs_plan=True)
    add("duplicate-run", "Duplicate the run", partial(_run, deeds, "duplicate"), needs_plan=True)
    add("delete-run", "Delete the run", partial(_run, deeds, "delete"), needs_plan=True)
    add("run-up", "Move the run up", partial(_run, deeds, "move", -1), needs_plan=True)
    add("run-down", "Move the run down", partial(_run, deeds, "move", 1), needs_plan=True)


def _run(deeds: Deeds, deed: str, *arguments: object) -> None:
    if deeds.bench is not None:
        getattr(deeds.bench.deeds, deed)(*arguments)


def _copy(deeds: Deeds, what: str) -> None:
    if deeds.bench is None:
        return
    if what == "answer":
        deeds.bench.copy_answer()
    elif what == "table":
        deeds.bench.tabs.machines.copy_table()
    elif what == "milestones":
        deeds.show_tab("Campaign")
        deeds.bench.tabs.page("Campaign").table.copy()
    elif what == "findings":
        deeds.show_tab("Findings")
        deeds.bench.tabs.page("Findings").copy_findings()
    else:
        deeds.bench.explain()
        deeds.bench.tabs.page("Explanation").copy_text()
