"""The top bar: which plan, undo and redo, find an action, open, save."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from app.window.parts.buttons import Button, DrawnButton, IconButton
from app.window.parts.card import Band, hairline, row
from app.window.parts.drawing import begin, box
from app.window.parts.text import ElidedText, Text
from app.window.theme.fonts import font
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.words import say

HEIGHT = 45


class FindButton(DrawnButton):
    """Looks like a search field; opens the list of actions."""

    def __init__(self, clicked: Callable[[], object]) -> None:
        super().__init__(text(say("Find an action")), clicked)
        self.setFixedSize(200, 28)
        self.setAccessibleName(text(say("Find an action, Control K")))

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        box(painter, area, 6, ink("sunken"), ink("strong" if self.underMouse() else "border"))
        draw_icon(painter, "search", inks().text3, QRectF(9, 0, 14, area.height()), 14)
        painter.setFont(font("label"))
        painter.setPen(ink("text3"))
        painter.drawText(area.adjusted(30, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self.words())
        painter.setFont(font("help-600"))
        painter.drawText(
            area.adjusted(0, 0, -12, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            "Ctrl K",
        )
        self.focus_ring(painter, area, 6)


class HomeButton(DrawnButton):
    """The mark and the name; leads back to the start page."""

    def __init__(self, clicked: Callable[[], object]) -> None:
        super().__init__("Nodewise", clicked)
        self.setAccessibleName(text(say("Start page")))
        self.setToolTip(text(say("Start page")))
        self.setFixedSize(108, 32)

    def sizeHint(self) -> QSize:
        return QSize(108, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        draw_icon(painter, "waypoints", inks().accent, QRectF(4, 0, 20, area.height()), 20)
        painter.setFont(font("brand"))
        painter.setPen(ink("text"))
        painter.drawText(area.adjusted(31, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), "Nodewise")
        self.focus_ring(painter, area, 6)


class ActionButton(IconButton):
    """An icon that is named, enabled and run by an action."""

    def __init__(self, icon: str, action: QAction) -> None:
        super().__init__(icon, action.text(), action.trigger)
        self._action = action
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.text())
        self.setAccessibleName(self._action.text())


class TopBar(Band):
    """One row of 44 pixels; its buttons trigger the window's actions."""

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__("bottom")
        self.setFixedHeight(HEIGHT)
        self.name = ElidedText("", "plan")
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.edited = Text("edited", "label", "text3")
        self.undo = ActionButton("undo-2", actions["undo"])
        self.redo = ActionButton("redo-2", actions["redo"])
        layout = row(self, (10, 0, 14, 1), 8)
        left = row(gap=8)
        left.addWidget(HomeButton(actions["start"].trigger))
        line = hairline(vertical=True)
        line.setFixedHeight(20)
        left.addWidget(line)
        left.addWidget(self.name)
        left.addWidget(self.edited)
        left.addSpacing(4)
        left.addWidget(self.undo)
        left.addWidget(self.redo)
        left.addStretch()
        layout.addLayout(left, 1)
        layout.addWidget(FindButton(actions["find"].trigger))
        layout.addLayout(self._right(actions), 1)

    def _right(self, actions: dict[str, QAction]) -> QHBoxLayout:
        right = row(gap=10)
        right.addStretch()
        right.addWidget(IconButton("sun", text(say("Light or dark")), actions["theme"].trigger, box_px=28))
        right.addWidget(Button(text(say("Open")), "folder-open", "secondary", actions["open"].trigger))
        self.save = Button(text(say("Save plan")), "save", "secondary", actions["save"].trigger)
        right.addWidget(self.save)
        self.export = Button(text(say("Export dossier")), "file-output", "primary", actions["export"].trigger)
        actions["export"].changed.connect(lambda: self.export.setEnabled(actions["export"].isEnabled()))
        self.export.setEnabled(actions["export"].isEnabled())
        right.addWidget(self.export)
        return right

    def show_plan(self, name: str, edited: bool) -> None:
        """Show the name and whether the file lacks something."""
        self.name.setText(name)
        self.edited.setVisible(edited)
