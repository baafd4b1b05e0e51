"""A question in a dialog: what is the matter, what hangs on it, and a button for each answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QSizePolicy, QWidget

from app.window.parts.buttons import Button, Kind
from app.window.parts.card import Band, column, row
from app.window.parts.text import Text
from app.words import text
from estimators.words import Amount, say

WIDTH_PX = 540
MOST_LISTED = 5

Answer = tuple[str, str]
"""What is returned, and the words on its button."""


class Question(QDialog):
    """Asks once. The first answer has the keyboard."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str,
        answers: Sequence[Answer],
        *,
        closed: str = "",
        listed: Sequence[str] = (),
    ) -> None:
        """Make the dialog.

        Args:
            parent: What it stands over.
            title: The question or what happened, in a few words.
            sentence: What hangs on it.
            answers: The usual one first.
            closed: What closing the dialog answers; the first answer if not given.
            listed: Names below the sentence; a few of many.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setFixedWidth(WIDTH_PX)
        self.answer = closed or answers[0][0]
        self.buttons: dict[str, Button] = {}
        layout = column(self)
        body = column(None, (20, 18, 20, 16), 8)
        layout.addLayout(body, 1)
        body.addWidget(Text(title, "title", wrap=True))
        body.addWidget(Text(breakable(sentence), "body", "text2", wrap=True))
        for name in _short(listed):
            line = Text(breakable(name), "label", "text", wrap=True)
            line.setContentsMargins(12, 0, 0, 0)
            body.addWidget(line)
        layout.addWidget(self._foot(answers))
        self.buttons[answers[0][0]].setFocus(Qt.FocusReason.OtherFocusReason)
        self.resize(WIDTH_PX, layout.totalHeightForWidth(WIDTH_PX))

    def _foot(self, answers: Sequence[Answer]) -> QWidget:
        foot = Band("top", "sunken")
        line = row(foot, (20, 12, 20, 12), 10)
        line.addStretch()
        for answer, words in answers:
            kind: Kind = "secondary" if self.buttons else "primary"
            self.buttons[answer] = Button(words, kind=kind, clicked=self._giver(answer), height=32)
        for button in reversed(self.buttons.values()):
            line.addWidget(button)
        first = self.buttons[answers[0][0]]
        for button in self.buttons.values():
            button.setAutoDefault(False)  # else Qt gives the keyboard to whichever stands leftmost
        first.setDefault(True)
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return foot

    def _giver(self, answer: str) -> Callable[[], None]:
        def give() -> None:
            self.answer = answer
            self.accept()

        return give

    def ask(self) -> str:
        """Show the dialog until it is answered."""
        self.exec()
        self.deleteLater()
        return self.answer


def breakable(text: str) -> str:
    """The same words with room for a line break behind each separator of a path."""
    return text.replace(os.sep, f"{os.sep}\u200b")


def _short(names: Sequence[str]) -> list[str]:
    """The first few names, and how many more there are."""
    if len(names) <= MOST_LISTED:
        return list(names)
    return [
        *names[: MOST_LISTED - 1],
        text(say("and {names} more", names=Amount(len(names) - MOST_LISTED + 1, form="fixed"))),
    ]
