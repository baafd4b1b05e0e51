"""A fold: a line that opens and closes what lies below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.window.parts.buttons import DrawnButton
from app.window.parts.card import column
from app.window.parts.drawing import begin, box
from app.window.parts.words import draw_words
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks


class FoldLine(DrawnButton):
    """Chevron, title and what the fold holds."""

    def __init__(self, title: str, holds: str, clicked: Callable[[], object]) -> None:
        super().__init__(title, clicked)
        self.setCheckable(True)
        self.setFixedHeight(22)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{title}: {holds}")
        self._holds = holds

    def sizeHint(self) -> QSize:
        return QSize(200, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        chevron = "chevron-down" if self.isChecked() else "chevron-right"
        draw_icon(painter, chevron, inks().text2, QRectF(0, 0, 14, area.height()), 14)
        painter.setPen(ink("accent" if self.underMouse() else "text2"))
        x = 25 + draw_words(painter, area.adjusted(19, 0, 0, 0), self.words(), "label-600")
        painter.setPen(ink("text3"))
        draw_words(painter, area.adjusted(x, 0, 0, 0), self._holds, "label", elide=True)
        if self.hasFocus():
            box(painter, area, 4, None, ink("accent"), 1.5)


class Fold(QWidget):
    """A fold line over its content; the content is built when it is first opened."""

    opened = Signal()

    def __init__(self, title: str, holds: str, build: Callable[[], QWidget]) -> None:
        super().__init__()
        self._build = build
        self.content: QWidget | None = None
        self._layout = column(self, gap=6)
        self.line = FoldLine(title, holds, self._toggle)
        self._layout.addWidget(self.line)

    @property
    def is_open(self) -> bool:
        """Whether the content shows."""
        return self.content is not None and not self.content.isHidden()

    def set_open(self, open_it: bool) -> None:
        """Open or close."""
        if open_it and self.content is None:
            self.content = self._build()
            self._layout.addWidget(self.content)
        if self.content is not None:
            self.content.setVisible(open_it)
        self.line.setChecked(open_it)
        self.line.update()
        if open_it:
            self.opened.emit()

    def _toggle(self) -> None:
        self.set_open(self.line.isChecked())
