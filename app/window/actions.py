"""Everything that the window can do, as named actions with their keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from app.plan.run_edits import ROLE_WORDS
from app.window.folders import example_files
from app.window.workspace import TABS

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

Deed = Callable[[], object]


def make_actions(window: MainWindow) -> dict[str, QAction]:
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

    add("start", "Show the start page", window.show_start, "Ctrl+N")
    add("open", "Open a plan", window.ask_for_plan, "Ctrl+O")
    add("save", "Save the plan", window.save_plan, "Ctrl+S", needs_plan=True)
    add("save-as", "Save the plan under another name", window.save_plan_as, "Ctrl+Shift+S", needs_plan=True)
    add("export", "Export the dossier", window.export, "Ctrl+E", needs_plan=True)
    add("undo", "Undo", window.undo, "Ctrl+Z")
    add("redo", "Redo", window.redo, "Ctrl+Shift+Z|Ctrl+Y")
    add("find", "Find an action", window.find_action, "Ctrl+K")
    add("theme", "Light or dark", window.toggle_theme, "Ctrl+Shift+L")
    add("theme-system", "Light or dark as the system", window.follow_system_theme)
    for place, tab in enumerate(TABS):
        add(f"tab-{tab}", f"Show {tab.lower()}", partial(window.show_tab, tab), f"Ctrl+{place + 1}", True)
    _add_run_actions(window, add)
    add("copy-answer", "Copy the answer", partial(_copy, window, "answer"), "Ctrl+Shift+C", True)
    add("copy-table", "Copy the machine table", partial(_copy, window, "table"), needs_plan=True)
    add("copy-milestones", "Copy the milestone table", partial(_copy, window, "milestones"), needs_plan=True)
    add("copy-findings", "Copy the findings", partial(_copy, window, "findings"), needs_plan=True)
    add("copy-why", "Copy the explanation", partial(_copy, window, "why"), needs_plan=True)
    add("pane", "Move to the next pane", window.next_pane, "F6", needs_plan=True)
    for path in example_files():
        name = path.name.split(".")[0]
        add(f"example-{name}", f"Open the example {name}", partial(window.open_path, path, False))
    add("quit", "Quit", window.close, "Ctrl+Q")
    return actions


def _add_run_actions(window: MainWindow, add: Callable[..., None]) -> None:
    """What can be done with runs, under the names of the runs panel."""
    for role, words in ROLE_WORDS.items():
        add(f"add-{role}", f"Add a run: {words}", partial(_run, window, "add", role), needs_plan=True)
    add("duplicate-run", "Duplicate the run", partial(_run, window, "duplicate"), needs_plan=True)
    add("delete-run", "Delete the run", partial(_run, window, "delete"), needs_plan=True)
    add("run-up", "Move the run up", partial(_run, window, "move", -1), needs_plan=True)
    add("run-down", "Move the run down", partial(_run, window, "move", 1), needs_plan=True)


def _run(window: MainWindow, deed: str, *arguments: object) -> None:
    if window.bench is not None:
        getattr(window.bench.deeds, deed)(*arguments)


def _copy(window: MainWindow, what: str) -> None:
    if window.bench is None:
        return
    if what == "answer":
        window.bench.copy_answer()
    elif what == "table":
        window.bench.tabs.machines.copy_table()
    elif what == "milestones":
        window.show_tab("Campaign")
        window.bench.tabs.page("Campaign").table.copy()
    elif what == "findings":
        window.show_tab("Findings")
        window.bench.tabs.page("Findings").copy_findings()
    else:
        window.bench.explain()
        window.bench.tabs.page("Explanation").copy_text()
