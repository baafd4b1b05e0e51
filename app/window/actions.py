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
from app.window.tabs import TABS, TITLES, TabId
from app.window.workbench import Workbench
from app.words import text
from estimators.words import Cased, Name, say

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
    def show_tab(self, name: TabId) -> None: ...
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

    add("start", text(say("Show the start page")), deeds.show_start, "Ctrl+N")
    add("open", text(say("Open a plan")), deeds.ask_for_plan, "Ctrl+O")
    add("save", text(say("Save the plan")), deeds.save_plan, "Ctrl+S", needs_plan=True)
    add(
        "save-as",
        text(say("Save the plan under another name")),
        deeds.save_plan_as,
        "Ctrl+Shift+S",
        needs_plan=True,
    )
    add("export", text(say("Export the dossier")), deeds.export, "Ctrl+E", needs_plan=True)
    add("undo", text(say("Undo")), deeds.undo, "Ctrl+Z")
    add("redo", text(say("Redo")), deeds.redo, "Ctrl+Shift+Z|Ctrl+Y")
    add("find", text(say("Find an action")), deeds.find_action, "Ctrl+K")
    add("theme", text(say("Light or dark")), deeds.toggle_theme, "Ctrl+Shift+L")
    add("theme-system", text(say("Light or dark as the system")), deeds.follow_system_theme)
    for place, tab in enumerate(TABS):
        add(
            f"tab-{tab}",
            text(say("Show {tab}", tab=Cased(TITLES[tab], "small"))),
            partial(deeds.show_tab, tab),
            f"Ctrl+{place + 1}",
            True,
        )
    _add_run_actions(deeds, add)
    add("copy-answer", text(say("Copy the answer")), partial(_copy, deeds, "answer"), "Ctrl+Shift+C", True)
    add("copy-table", text(say("Copy the machine table")), partial(_copy, deeds, "table"), needs_plan=True)
    add(
        "copy-milestones",
        text(say("Copy the milestone table")),
        partial(_copy, deeds, "milestones"),
        needs_plan=True,
    )
    add("copy-findings", text(say("Copy the findings")), partial(_copy, deeds, "findings"), needs_plan=True)
    add("copy-why", text(say("Copy the explanation")), partial(_copy, deeds, "why"), needs_plan=True)
    add("pane", text(say("Move to the next pane")), deeds.next_pane, "F6", needs_plan=True)
    for path in example_files():
        name = path.name.split(".")[0]
        add(
            f"example-{name}",
            text(say("Open the example {name}", name=Name(name))),
            partial(deeds.open_path, path, False),
        )
    add("quit", text(say("Quit")), window.close, "Ctrl+Q")
    return actions


def _add_run_actions(deeds: Deeds, add: Callable[..., None]) -> None:
    """What can be done with runs, under the names of the runs panel."""
    for role, words in ROLE_WORDS.items():
        add(
            f"add-{role}",
            text(say("Add a run: {words}", words=words)),
            partial(_run, deeds, "add", role),
            needs_plan=True,
        )
    add("duplicate-run", text(say("Duplicate the run")), partial(_run, deeds, "duplicate"), needs_plan=True)
    add("delete-run", text(say("Delete the run")), partial(_run, deeds, "delete"), needs_plan=True)
    add("run-up", text(say("Move the run up")), partial(_run, deeds, "move", -1), needs_plan=True)
    add("run-down", text(say("Move the run down")), partial(_run, deeds, "move", 1), needs_plan=True)


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
        deeds.show_tab("campaign")
        deeds.bench.tabs.page("campaign").table.copy()
    elif what == "findings":
        deeds.show_tab("findings")
        deeds.bench.tabs.page("findings").copy_findings()
    else:
        deeds.bench.explain()
        deeds.bench.tabs.page("explanation").copy_text()
