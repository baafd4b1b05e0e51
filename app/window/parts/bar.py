"""A bar under the top bar: one sentence in a tone, with at most two ways on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.window.parts.badge import TONE_ICONS
from app.window.parts.buttons import Button, IconButton
from app.window.parts.card import row
from app.window.parts.drawing import begin
from app.window.parts.text import IconLabel, Text
from app.window.theme.manager import inks
from app.words import text
from estimators.words import say

Action = tuple[str, Callable[[], object]]


class MessageBar(QWidget):
    """Says what happened and what can be done; closes by its cross. Never a dialog."""

    closed = Signal(object)

    def __init__(self, tone: str, sentence: str, actions: tuple[Action, ...] = ()) -> None:
        super().__init__()
        self.tone, self.sentence = tone, sentence
        self.setAccessibleName(sentence)
        layout = row(self, (16, 5, 10, 5), 10)
        layout.addWidget(IconLabel(TONE_ICONS[tone], 16, tone if tone != "info" else "accent"))
        words = Text(sentence, "body-500", wrap=True)
        layout.addWidget(words, 1)
        for way, action in actions:
            layout.addWidget(Button(way, kind="secondary", clicked=self._then_close(action)))
        layout.addWidget(IconButton("x", text(say("Close this message")), self.close_bar))

    def close_bar(self) -> None:
        """Take the bar away."""
        self.hide()
        self.closed.emit(self)
        self.deleteLater()

    def _then_close(self, action: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            self.close_bar()
            action()

        return run

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        colour, soft = inks().tone(self.tone)
        painter.fillRect(self.rect(), QColor(soft))
        painter.fillRect(0, 0, 3, self.height(), QColor(colour))
