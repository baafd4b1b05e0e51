"""One access mode in full: what would have to change, its dates, and the facts behind the verdict."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.present.access import AccessRow
from app.present.access_facts import FactLine, detail_lines, fact_lines
from app.window.parts.badge import Badge
from app.window.parts.buttons import Button
from app.window.parts.card import Surface, column, row
from app.window.parts.text import ElidedText, IconLabel, Text
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.requests.doors.words import NOT_FOUND
from estimators.words import Name, say

CONFIDENCE = {
    "official": ("ok", "shield-check"),
    "secondary": ("info", "file-check"),
    "inferred": ("warn", "square-function"),
    "unverified": ("unk", "circle-dashed"),
}


class AccessDetail(QWidget):
    """The mode that was clicked, else the one that fits."""

    def __init__(self, ask: Callable[[str], object]) -> None:
        super().__init__()
        self._ask = ask
        self._mode = ""
        self._last: tuple[AccessRow, str | None] | None = None
        self.title = Text("", "title")
        self.state = Badge()
        self.choose = Button(text(say("Ask for this mode")), "play", clicked=lambda: self._ask(self._mode))
        layout = column(self, gap=8)
        head = row(margins=(0, 0, 10, 0), gap=8)
        head.addWidget(self.title, 1)
        head.addWidget(self.state)
        layout.addLayout(head)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName(text(say("About the mode")))
        layout.addWidget(self._area, 1)
        foot = row(margins=(0, 0, 10, 0))
        foot.addWidget(self.choose)
        foot.addStretch()
        layout.addLayout(foot)

    def show_row(
        self, shown: AccessRow, asked_mode: str | None, now: datetime.datetime, catalogue: Catalogue
    ) -> None:
        """Show a mode; `asked_mode` is the one that the plan names."""
        if self._last == (shown, asked_mode):
            return
        self._last, self._mode = (shown, asked_mode), shown.mode_id
        self.title.setText(shown.door.mode.name)
        self.state.show_state(shown.tone, shown.verdict)
        words = (
            text(say("Take the smallest that fits"))
            if asked_mode == shown.mode_id
            else text(say("Ask for this mode"))
        )
        self.choose.setText(words)
        self.choose.setAccessibleName(words)
        self.choose.updateGeometry()
        self._area.setAccessibleName(
            text(say("{mode}: dates, conditions and facts", mode=Name(shown.door.mode.name)))
        )
        self._area.setWidget(_page(shown, now, catalogue))


def _page(shown: AccessRow, now: datetime.datetime, catalogue: Catalogue) -> QWidget:
    page = Surface()
    layout = column(page, (0, 0, 10, 4), 12)
    layout.addLayout(_lines(detail_lines(shown, now)))
    if shown.door.changes:
        title = (
            text(say("Conditions")) if shown.door.state == "fits" else text(say("What would have to change"))
        )
        layout.addLayout(_changes(title, tuple(map(text, shown.door.changes))))
    facts = column(gap=8)
    facts.addWidget(Text(text(say("Where that comes from")), "panel"))
    for line in fact_lines(shown, catalogue):
        facts.addLayout(_fact(line))
    layout.addLayout(facts)
    layout.addStretch()
    return page


def _lines(lines: tuple[tuple[str, str], ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for place, (name, value) in enumerate(lines):
        grid.addWidget(Text(name, "label", "text3"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(
            Text(value, "label-500", "unk" if value == text(NOT_FOUND) else "text", wrap=True), place, 1
        )
    return grid


def _changes(title: str, changes: tuple[str, ...]) -> QVBoxLayout:
    layout = column(gap=5)
    layout.addWidget(Text(title, "panel"))
    for sentence in changes:
        line = row(gap=7)
        line.addWidget(IconLabel("chevron-right", 14, "text3"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Text(sentence, "label", wrap=True), 1)
        layout.addLayout(line)
    return layout


def _fact(line: FactLine) -> QVBoxLayout:
    layout = column(gap=2)
    head = row(gap=8)
    head.addWidget(Text(line.name, "label-500"), 1)
    tone, icon = CONFIDENCE[line.confidence]
    head.addWidget(Badge(tone, line.confidence, outlined=True, icon=icon))
    layout.addLayout(head)
    layout.addWidget(Text(line.value, "label", wrap=True))
    source = ElidedText(line.source, "help", "text3")
    source.setAccessibleDescription(line.addresses)
    layout.addWidget(source)
    if line.note:
        layout.addWidget(Text(line.note, "help", "text3", wrap=True))
    return layout
