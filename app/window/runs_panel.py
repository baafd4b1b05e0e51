"""Left: the plan's runs with their GPU-hours, and the request that they come to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QGridLayout, QMenu

from app.plan.run_edits import ROLE_WORDS
from app.plan.schema import ROLES
from app.present.runs import RunLine, Totals, rough
from app.window.parts.buttons import Button, IconButton
from app.window.parts.card import Band, Card, column, row
from app.window.parts.text import ElidedText, Text
from app.window.run_deeds import RunDeeds
from app.window.runs_list import RunsList
from app.words import text
from estimators.words import say

if TYPE_CHECKING:  # menus are made when they are opened
    from app.window.parts.menu import Entry

WIDTH = 207
WIDTH_WIDE = 241


class RunsPanel(Band):
    """The list above with what can be done to the chosen run, the sum below."""

    def __init__(self, deeds: RunDeeds) -> None:
        super().__init__("right")
        self._deeds = deeds
        self.add = Button(text(say("Add")), "plus", "ghost", self.open_add_menu, height=26)
        self.add.setAccessibleName(text(say("Add a run")))
        self.list = RunsList()
        self.list.chosen.connect(deeds.choose)
        self.list.asked.connect(self._ask)
        self.list.customContextMenuRequested.connect(self._open_context_menu)
        self.copy = IconButton("copy", text(say("Duplicate the run")), deeds.duplicate, 14, 24)
        self.up = IconButton("arrow-up", text(say("Move the run up")), partial(deeds.move, -1), 14, 24)
        self.down = IconButton("arrow-down", text(say("Move the run down")), partial(deeds.move, 1), 14, 24)
        self.delete = IconButton("trash", text(say("Delete the run")), deeds.delete, 14, 24)
        self.total = _TotalBox()
        self._lines: tuple[RunLine, ...] = ()
        self._arrange()

    def _arrange(self) -> None:
        layout = column(self, (10, 7, 11, 11), 0)
        head = row()
        head.addWidget(Text(text(say("Runs")), "panel"))
        head.addStretch()
        head.addWidget(self.add)
        layout.addLayout(head)
        layout.addSpacing(5)
        layout.addWidget(self.list, 1)
        buttons = row(margins=(0, 2, 0, 6), gap=2)
        buttons.addStretch()
        for button in (self.copy, self.up, self.down, self.delete):
            buttons.addWidget(button)
        layout.addLayout(buttons)
        layout.addWidget(self.total)

    def show_runs(self, lines: tuple[RunLine, ...], totals: Totals, refining: bool = False) -> None:
        """Show the runs of the plan; while it is counted anew, the last figures stand in grey."""
        self._lines = lines
        self.list.show_lines(lines, refining)
        self.total.show_totals(rough(totals) if refining else totals, refining)
        place = next((place for place, line in enumerate(lines) if line.is_chosen), 0)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < len(lines) - 1)
        self.delete.setEnabled(len(lines) > 1)

    def open_add_menu(self) -> QMenu:
        """Offer the kinds of runs."""
        from app.window.parts.menu import open_below

        return open_below(self.add, text(say("Add a run")), role_entries(self._deeds))

    def _ask(self, wish: str) -> None:
        deeds = self._deeds
        wishes: dict[str, Callable[[], None]] = {
            "delete": deeds.delete,
            "duplicate": deeds.duplicate,
            "up": partial(deeds.move, -1),
            "down": partial(deeds.move, 1),
        }
        wishes[wish]()

    def _open_context_menu(self, at: QPoint) -> None:
        run_id = self.list.run_at(self.list.indexAt(at))
        if run_id is not None:
            self._deeds.choose(run_id)
        self.context_menu(self.list.viewport().mapToGlobal(at))

    def context_menu(self, at: QPoint) -> QMenu:
        """What can be done with the chosen run."""
        from app.window.parts.menu import Entry, fill_menu

        deeds = self._deeds
        menu = fill_menu(
            QMenu(self),
            (
                Entry(text(say("Duplicate")), deeds.duplicate, keys="Ctrl+D"),
                Entry(
                    text(say("Move up")), partial(deeds.move, -1), enabled=self.up.isEnabled(), keys="Alt+Up"
                ),
                Entry(
                    text(say("Move down")),
                    partial(deeds.move, 1),
                    enabled=self.down.isEnabled(),
                    keys="Alt+Down",
                ),
                Entry(""),
                Entry(text(say("Delete")), deeds.delete, enabled=self.delete.isEnabled(), keys="Del"),
            ),
        )
        menu.setAccessibleName(text(say("Run")))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
        return menu


def role_entries(deeds: RunDeeds) -> tuple[Entry, ...]:
    """Kinds of runs to add, for a menu."""
    from app.window.parts.menu import Entry

    return tuple(Entry(text(ROLE_WORDS[role]), partial(deeds.add, role)) for role in ROLES)


class _TotalBox(Card):
    """What stands beside the runs, and the request."""

    def __init__(self) -> None:
        super().__init__(sunken=True, edge="")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(9, 7, 8, 8)
        self._grid.setVerticalSpacing(2)
        self._grid.setHorizontalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._labels: list[tuple[Text, Text]] = []
        self.unit = Text("", "label", "text2")
        self._kinds: tuple[bool, ...] = ()

    def text(self) -> str:
        """What the box says, line by line."""
        lines = [f"{name.text()} {value.text()}" for name, value in self._labels]
        return "\n".join([*lines, self.unit.text()])

    def show_totals(self, totals: Totals, refining: bool) -> None:
        """Show all lines, the sum last."""
        kinds = tuple(line.is_sum for line in totals.lines)
        if kinds != self._kinds:
            self._build(kinds)
        for (name, value), line in zip(self._labels, totals.lines, strict=True):
            name.setText(line.name)
            value.setText(line.hours)
            value.set_ink("text3" if refining else "text" if line.is_sum else "text2")
        self.unit.setText(totals.unit)

    def _build(self, kinds: tuple[bool, ...]) -> None:
        self._kinds = kinds
        for pair in self._labels:
            for label in pair:
                self._grid.removeWidget(label)
                label.deleteLater()
        self._labels = []
        for place, is_sum in enumerate(kinds):
            tone = "text" if is_sum else "text2"
            name = ElidedText("", "label-700" if is_sum else "label", tone)
            value = Text("", "label-700" if is_sum else "label-600", tone)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(name, place, 0)
            self._grid.addWidget(value, place, 1)
            self._labels.append((name, value))
        self._grid.removeWidget(self.unit)
        self._grid.addWidget(self.unit, len(kinds), 0, 1, 2)
