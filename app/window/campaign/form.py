"""What the forms of the campaign's tab share: rows in two columns, and fields that only they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QScrollArea, QSizePolicy, QWidget

from app.plan.project_amounts import format_share, parse_share
from app.window.parts.buttons import DrawnButton
from app.window.parts.drawing import begin, box
from app.window.parts.menu import Entry, open_below
from app.window.parts.words import draw_words
from app.window.questions.rows import AmountRow, Inputs, Row
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks

FIELD_PX = 28
Part = Row | tuple[Row, Row]


class Form(QScrollArea):
    """Rows in two columns, scrolled where errors need more room."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)

    def arrange(self, parts: Sequence[Part]) -> None:
        """Put rows below each other, pairs side by side."""
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 2, 4, 2)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        for place, part in enumerate(parts):
            if isinstance(part, tuple):
                grid.addWidget(part[0], place, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(part[1], place, 1, Qt.AlignmentFlag.AlignTop)
            else:
                grid.addWidget(part, place, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(len(parts), 1)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


def amount_row(
    label: str,
    name: str,
    inputs: Inputs,
    path: str,
    read: Callable[[str], Any],
    write: Callable[[Any], str],
    echo: str = "",
    default: str = "",
    steps: bool = True,
) -> AmountRow:
    """A row of a form; with a default, an empty field means it.

    Args:
        label: Left of the field.
        name: For assistive tools and the tooltip of the label.
        echo: Right in the field; "" says how the text was read.
        default: What stands in the empty field.
    """
    says = (lambda _amount: echo) if echo else None
    row = AmountRow(label, inputs, path, read, write, says, bool(default), FIELD_PX, steps)
    if default:
        row.set_default(default, echo)
    named(row, row.field.edit, name)
    return row


def share_row(label: str, name: str, inputs: Inputs, path: str, echo: str, default: str = "") -> AmountRow:
    """A part of a whole, in per cent."""
    return amount_row(label, name, inputs, path, parse_share, format_share, echo, default, steps=False)


def named(row: Row, control: QWidget, name: str) -> None:
    """Give a row's control and label their full name."""
    control.setAccessibleName(name)
    row.label.setToolTip(name)


class ManyField(DrawnButton):
    """A field that shows several chosen things and opens a list of switches."""

    def __init__(self, name: str, entries: Callable[[], Sequence[Entry]]) -> None:
        super().__init__(name, self.open)
        self._name, self._entries, self._shown = name, entries, ""
        self.setFixedHeight(FIELD_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str) -> None:
        """Say what is chosen."""
        self._shown = words
        self.setAccessibleName(f"{self._name}: {words}")
        self.setToolTip(words)
        self.update()

    def open(self) -> QMenu:
        """Open the list."""
        return open_below(self, self._name, self._entries())

    def sizeHint(self) -> QSize:
        return QSize(120, FIELD_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, FIELD_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area, focus = self.rect().toRectF(), self.hasFocus()
        box(painter, area, 6, ink("surface"), ink("accent" if focus else "strong"), 2.0 if focus else 1.0)
        painter.setPen(ink("text"))
        draw_words(painter, area.adjusted(11, 0, -30, 0), self._shown, "body-500", elide=True)
        place = area.adjusted(area.width() - 28, 0, -6, 0)
        draw_icon(painter, "chevron-down", inks().text2, place, 14)
