"""A list to choose from that looks like the other fields."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy

from app.window.parts.drawing import begin, box
from app.window.parts.words import RIGHT, draw_words
from app.window.theme.fonts import font
from app.window.theme.icons import draw_icon
from app.window.theme.manager import inks
from app.words import text
from estimators.words import Value


class Select(QComboBox):
    """A combo box that draws itself; `note` stands in text3 before the chevron."""

    def __init__(self, height: int = 30) -> None:
        super().__init__()
        self.note = ""
        self.setFont(font("body-500"))
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)

    def set_choices(self, choices: Sequence[tuple[Value | str, object]], chosen: object) -> None:
        """Fill the list with (words, value) and choose a value without telling anyone."""
        self.blockSignals(True)
        self.clear()
        for words, value in choices:
            self.addItem(text(words), value)
        self.choose(chosen)
        self.blockSignals(False)

    def choose(self, value: object) -> None:
        """Show the entry with this value, or nothing where the list lacks it."""
        blocked = self.blockSignals(True)
        found = (i for i in range(self.count()) if self.itemData(i) == value)
        self.setCurrentIndex(next(found, -1))
        self.blockSignals(blocked)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def sizeHint(self) -> QSize:
        return QSize(140, self.height())

    def showPopup(self) -> None:
        self.view().setAccessibleName(self.accessibleName())
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the panel scrolls; a wheel over a field must not change the plan

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        palette = inks()
        area = self.rect().toRectF()
        focus = self.hasFocus()
        edge = palette.accent if focus else palette.strong
        box(painter, area, 6, QColor(palette.surface), QColor(edge), 2.0 if focus else 1.0)
        draw_icon(painter, "chevron-down", palette.text3, QRectF(area.right() - 23, 0, 16, area.height()), 14)
        room = area.adjusted(10, 0, -28, 0)
        if self.note:
            painter.setPen(QColor(palette.text3))
            room.setRight(room.right() - draw_words(painter, room, self.note, "label", side=RIGHT) - 8)
        painter.setPen(QColor(palette.text if self.currentIndex() >= 0 else palette.text3))
        draw_words(painter, room, self.currentText() or self.placeholderText(), "body-500", elide=True)
