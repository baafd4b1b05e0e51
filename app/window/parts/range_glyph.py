"""The signature of the product: an interval as a bar with the middle and the value to plan for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.present.glyph import GlyphShape
from app.window.parts.drawing import begin
from app.window.theme.manager import inks


class RangeGlyph(QWidget):
    """A track with the bar P10 to P90, a tick at P50 and a thinner one at P80.

    A hollow outline around the bar is the range before a measured step narrowed it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(14)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shape: GlyphShape | None = None
        self._hue = "ampere"

    def show_shape(self, shape: GlyphShape | None, hue: str = "accent") -> None:
        """Show an interval in one hue, or the empty track."""
        self._shape, self._hue = shape, hue
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_glyph(begin(self), self.rect().toRectF(), self._shape, self._hue)


def draw_glyph(painter: QPainter, area: QRectF, shape: GlyphShape | None, hue: str) -> None:
    """Draw the glyph over the whole width of the area."""
    palette = inks()
    middle = area.center().y()
    colour = QColor(getattr(palette, hue))
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(QColor(palette.sunken))
    painter.drawRoundedRect(QRectF(area.left(), middle - 2, area.width(), 4), 2, 2)
    if shape is None:
        return

    def x(share: float) -> float:
        return area.left() + share * area.width()

    if shape.before is not None:
        _draw_outline(painter, x(shape.before[0]), x(shape.before[1]), middle)
    bar = QColor(colour)
    bar.setAlphaF(0.43)
    painter.setBrush(bar)
    painter.drawRoundedRect(QRectF(x(shape.p10), middle - 3.5, x(shape.p90) - x(shape.p10), 7), 3.5, 3.5)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(x(shape.p50) - 1.5, middle - 7, 3, 14), 1, 1)
    if shape.p80 is not None:
        painter.drawRoundedRect(QRectF(x(shape.p80) - 1, middle - 6, 2, 12), 0.75, 0.75)


def _draw_outline(painter: QPainter, left: float, right: float, middle: float) -> None:
    """The range before, hollow."""
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.setPen(QPen(QColor(inks().text3), 1.0))
    painter.drawRoundedRect(QRectF(left, middle - 5, right - left, 10), 5, 5)
    painter.setPen(QColor(0, 0, 0, 0))
