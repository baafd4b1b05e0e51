"""The frame of a question: number, title, rows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from app.window.parts.card import Card, column, row
from app.window.parts.drawing import begin
from app.window.parts.fold import Fold
from app.window.parts.text import Text
from app.window.theme.fonts import font
from app.window.theme.manager import ink


class _Number(QWidget):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink("accent"))
        painter.drawEllipse(self.rect())
        painter.setPen(ink("on_accent"))
        painter.setFont(font("number"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), str(self._number))


class QuestionCard(Card):
    """A card with a numbered title, or with an icon in its place."""

    def __init__(self, title: str, number: int | None = None, icon: QWidget | None = None) -> None:
        super().__init__(sunken=number is None)
        self.body = column(self, (13, 10, 13, 5), 0)
        head = row(gap=7)
        head.addWidget(_Number(number) if number is not None else icon or QWidget())
        head.addWidget(Text(title, "question"))
        head.addStretch()
        self.body.addLayout(head)

    def add(self, *rows: QWidget) -> None:
        """Put rows below the title."""
        for part in rows:
            self.body.addSpacing(3 if isinstance(part, Fold) else 6)
            self.body.addWidget(part)
