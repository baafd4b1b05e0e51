"""The card at the pointer: value, range, and the limit that binds."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.charts.header import text_font
from app.present.palette import Palette


class HoverCard(QFrame):
    """A small frame over the chart that never takes the pointer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chart = parent
        self.setObjectName("hover-card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._head = QLabel(self)
        self._body = QLabel(self)
        self._limit = QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(2)
        for label in (self._head, self._body, self._limit):
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        self.hide()

    def dress(self, palette: Palette, scale: float) -> None:
        """Take colours and sizes."""
        self.setStyleSheet(
            f"#hover-card {{ background: {palette.surface}; border: 1px solid {palette.strong};"
            " border-radius: 6px; }"
        )
        self._head.setFont(text_font(12.5 * scale, 700))
        self._body.setFont(text_font(12.0 * scale, 400))
        self._limit.setFont(text_font(11.5 * scale, 400))
        self._head.setStyleSheet(f"color: {palette.text}; background: transparent;")
        self._body.setStyleSheet(f"color: {palette.text}; background: transparent;")
        self._limit.setStyleSheet(f"color: {palette.text2}; background: transparent;")

    def show_at(self, at: QPoint, head: str, body: str, limit: str) -> None:
        """Show the texts beside a point, wholly inside the parent.

        Args:
            at: The point in the parent's coordinates.
            head: Machine and GPU count.
            body: Values with their ranges, one a line.
            limit: What binds, or "".
        """
        self._head.setText(head)
        self._body.setText(body)
        self._limit.setText(limit)
        self._limit.setVisible(bool(limit))
        self.adjustSize()
        room = self._chart.size()
        x = at.x() + 14 if at.x() + 14 + self.width() <= room.width() else at.x() - 14 - self.width()
        y = at.y() - self.height() - 10
        if y < 0:
            y = at.y() + 14
        self.move(max(0, min(x, room.width() - self.width())), max(0, min(y, room.height() - self.height())))
        self.show()
        self.raise_()

    @property
    def texts(self) -> tuple[str, str, str]:
        """Head, body and limit as shown."""
        return self._head.text(), self._body.text(), self._limit.text()
