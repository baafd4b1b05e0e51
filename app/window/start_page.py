"""The start page: choices in plain words, recent plans, examples, and a place to drop a plan."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget
from shiboken6 import isValid

from app.plan.errors import PlanError
from app.plan.files import read_plan
from app.plan.recent import RecentPlan, recent_plans
from app.plan.resolve import run_spec
from app.plan.starters import Starter, starters
from app.present import start as present
from app.window.folders import example_files
from app.window.parts.buttons import Button, DrawnButton
from app.window.parts.card import Card, Ground, column, empty, hairline, row
from app.window.parts.drawing import begin, box
from app.window.parts.text import IconLabel, Text
from app.window.parts.words import draw_words
from app.window.refresh import Estimator
from app.window.start_card import StartCard
from app.window.status_strip import date_words
from app.window.tasks import run_task
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.words import Amount, say

MOST_RECENT = 4
COLUMNS = 3
SIDE_PX = 292
SIDE_NARROW_PX, NARROW_BELOW_PX = 220, 1200
SIDE_WIDE_PX, WIDE_FROM_PX = 340, 1600


@dataclass(frozen=True, slots=True)
class StartDeeds:
    """What the page can make the window do."""

    open_starter: Callable[[Starter], object]
    open_path: Callable[[Path, bool], object]
    ask_for_plan: Callable[[], object]
    toggle_theme: Callable[[], object]
    find_action: Callable[[], object]


class PlanItem(DrawnButton):
    """One plan of the lists: name and what it takes."""

    def __init__(self, icon: str, line: present.PlanLine, clicked: Callable[[], object]) -> None:
        super().__init__(line.name, clicked)
        self._icon, self._line = icon, line
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(38)
        self.setAccessibleName(f"{line.name}, {line.words}")

    def sizeHint(self) -> QSize:
        return QSize(200, 38)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        if self.underMouse():
            box(painter, area, 6, ink("sunken"))
        draw_icon(painter, self._icon, inks().text2, QRectF(0, 0, 18, area.height()), 17)
        painter.setPen(ink("text"))
        room = QRectF(27, 2, area.width() - 31, 17)
        draw_words(painter, room, self._line.name, "body-600", elide=True)
        painter.setPen(ink("text2"))
        draw_words(painter, room.translated(0, 17), self._line.words, "label", elide=True)
        self.focus_ring(painter, area, 6)


class StartPage(Ground):
    """Digits choose a card; its examples are solved after the page stands."""

    solved = Signal()

    def __init__(self, catalogue: Catalogue, state_folder: Path, deeds: StartDeeds) -> None:
        super().__init__()
        self._catalogue, self._deeds = catalogue, deeds
        self._state_folder = state_folder
        self._starters = starters(datetime.date.fromisoformat(catalogue.date))
        self._to_solve = len(self._starters)
        self.cards: list[StartCard] = []
        layout = column(self, (32, 19, 32, 14), 0)
        layout.addLayout(self._head())
        layout.addSpacing(16)
        layout.addWidget(Text(text(say("What do you want to train?")), "heading"))
        layout.addSpacing(3)
        layout.addWidget(Text(
            text(say(
                "Pick one. You get a complete plan with sensible defaults and an answer in "
                "GPU-hours, days and machines. Change anything after."
            )), "lead", "text2", wrap=True,
        ))  # fmt: skip
        layout.addSpacing(14)
        body = row(gap=20)
        body.addLayout(self._grid(), 1)
        self._side = Card()
        self._side.setFixedWidth(SIDE_PX)
        self._fill_side()
        body.addWidget(self._side)
        layout.addLayout(body, 1)
        layout.addSpacing(14)
        layout.addLayout(self._foot())

    @property
    def is_solved(self) -> bool:
        """Whether every card shows its example."""
        return self._to_solve == 0

    def _head(self) -> Any:
        head = row(gap=12)
        head.addWidget(IconLabel("waypoints", 24, "accent"))
        head.addWidget(Text("Nodewise", "start-brand"))
        head.addStretch()
        head.addWidget(IconLabel("wifi-off", 15, "text2"))
        head.addWidget(
            Text(text(say("Works offline. Nothing you type leaves this computer.")), "label", "text2")
        )
        line = hairline(vertical=True)
        line.setFixedHeight(14)
        head.addWidget(line)
        words = present.catalogue_line(self._catalogue, date_words(self._catalogue.date))
        head.addWidget(Text(words, "label", "text2"))
        return head

    def _grid(self) -> Any:
        grid = QGridLayout()
        grid.setSpacing(14)
        for column_place in range(COLUMNS):
            grid.setColumnStretch(column_place, 1)
        for place, starter in enumerate(self._starters):
            shown = present.starter_card(starter, place + 1, None, self._catalogue)
            card = StartCard(shown, partial(self._deeds.open_starter, starter))
            grid.addWidget(card, place // COLUMNS, place % COLUMNS)
            self.cards.append(card)
        return grid

    def _fill_side(self) -> None:
        side = column(self._side, (16, 16, 16, 16), 0)
        opener = row()
        opener.addWidget(
            Button(
                text(say("Open a plan")),
                "folder-open",
                "secondary",
                self._deeds.ask_for_plan,
                "Ctrl O",
                height=34,
            )
        )
        opener.addStretch()
        side.addLayout(opener)
        self._recent_box = QWidget()
        self._recent = column(self._recent_box, (0, 12, 0, 8), 2)
        side.addWidget(self._recent_box)
        self.show_recent()
        side.addSpacing(10)
        side.addWidget(Text(text(say("Examples")), "label-600", "text2"))
        side.addSpacing(6)
        for path in example_files():
            self._add_example(side, path)
        side.addStretch()
        side.addWidget(_DropHint())

    def _add_example(self, side: Any, path: Path) -> None:
        try:
            line = present.example_line(read_plan(path), self._catalogue)
        except PlanError:
            return
        side.addWidget(PlanItem("square-play", line, partial(self._deeds.open_path, path, False)))
        side.addSpacing(2)

    def show_recent(self) -> None:
        """Read the list of recent plans anew."""
        empty(self._recent)
        found: tuple[RecentPlan, ...] = recent_plans(self._state_folder)[:MOST_RECENT]
        self.recent_lines = [present.recent_line(recent, self._catalogue) for recent in found]
        self._recent_box.setVisible(bool(found))
        if not found:
            return
        self._recent.addWidget(Text(text(say("Recent")), "label-600", "text2"))
        for recent, line in zip(found, self.recent_lines, strict=True):
            self._recent.addWidget(
                PlanItem("file-text", line, partial(self._deeds.open_path, recent.path, True))
            )
        self._recent.addWidget(hairline())

    def _foot(self) -> Any:
        foot = row(gap=8)
        foot.addWidget(
            Text(
                text(
                    say(
                        "Press 1 to {cards}, or Ctrl K for any action",
                        cards=Amount(len(self.cards), form="fixed"),
                    )
                ),
                "label",
                "text2",
            )
        )
        foot.addStretch()
        foot.addWidget(Button(text(say("Light or dark")), "sun", "ghost", self._deeds.toggle_theme))
        return foot

    def solve_examples(self, estimator: Estimator) -> None:
        """Compute the examples beside the window's thread, one after the other."""
        for place, starter in enumerate(self._starters):
            run_task(
                partial(_solved_card, estimator, starter, place + 1, self._catalogue),
                partial(self._show_example, place),
                self._pass_example,
            )

    def _show_example(self, place: int, card: present.StarterCard) -> None:
        if isValid(self):  # no plan was opened meanwhile
            self.cards[place].show_card(card)
            self._count_solved()

    def _pass_example(self, error: Exception) -> None:
        if isValid(self):
            self._count_solved()
            raise error  # the example is ours, and so is its fault

    def _count_solved(self) -> None:
        self._to_solve -= 1
        if self._to_solve == 0:
            self.solved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.text()
        if number.isdigit() and 1 <= int(number) <= len(self.cards):
            self.cards[int(number) - 1].click()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow, wide = self.width() < NARROW_BELOW_PX, self.width() >= WIDE_FROM_PX
        self._side.setFixedWidth(SIDE_NARROW_PX if narrow else SIDE_WIDE_PX if wide else SIDE_PX)


def _solved_card(
    estimator: Estimator, starter: Starter, place: int, catalogue: Catalogue
) -> present.StarterCard:
    """The card of a choice with its example; computed beside the window's thread."""
    spec = run_spec(starter.plan, catalogue)
    comparison = estimator.compare(spec, catalogue)
    step = present.predicted_step(comparison)
    if not starter.measures or step is None:
        return present.starter_card(starter, place, comparison, catalogue)
    after = estimator.compare(replace(spec, measured=step), catalogue)
    return present.measured_card(starter, place, comparison, after, catalogue)


class _DropHint(Card):
    def __init__(self) -> None:
        super().__init__(sunken=True, edge="strong")
        layout = column(self, (13, 9, 12, 10), 2)
        head = row(gap=8)
        head.addWidget(IconLabel("download", 15, "text2"))
        head.addWidget(Text(text(say("Drop a plan here")), "label-600"))
        head.addStretch()
        layout.addLayout(head)
        layout.addWidget(
            Text(text(say("A .nodewise.json file, anywhere on this window")), "label", "text2", wrap=True)
        )
