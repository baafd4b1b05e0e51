"""A slider over orders of magnitude."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from app.window.parts.drawing import begin, box
from app.window.theme.manager import inks

TICKS_PER_DECADE = 20
KNOB_PX = 16


class LogSlider(QSlider):
    """A horizontal slider whose position is the logarithm of an amount.

    `dragged` carries the amount, rounded to two digits; it is emitted only for what the user does.
    """

    dragged = Signal(float)

    def __init__(self, name: str, low: float, high: float) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._low = math.log10(low)
        self.setRange(0, round((math.log10(high) - self._low) * TICKS_PER_DECADE))
        self.setPageStep(TICKS_PER_DECADE // 2)
        self.setAccessibleName(name)
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(self._moved)

    def _moved(self, tick: int) -> None:
        self.dragged.emit(self._amount(tick))

    def _amount(self, tick: int) -> float:
        return float(f"{10.0 ** (self._low + tick / TICKS_PER_DECADE):.1e}")

    def show_amount(self, amount: float) -> None:
        """Move the knob without telling anyone."""
        blocked = self.blockSignals(True)
        self.setValue(round((math.log10(max(amount, 1.0)) - self._low) * TICKS_PER_DECADE))
        self.blockSignals(blocked)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 20)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(True)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.update()

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - KNOB_PX / 2) / max(1.0, self.width() - KNOB_PX)
        self.setValue(round(min(1.0, max(0.0, share)) * self.maximum()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        palette = inks()
        middle = self.height() / 2
        share = self.value() / max(1, self.maximum())
        x = KNOB_PX / 2 + share * (self.width() - KNOB_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.border))
        painter.drawRoundedRect(QRectF(7, middle - 2, self.width() - 14, 4), 2, 2)
        painter.setBrush(QColor(palette.accent))
        painter.drawRoundedRect(QRectF(7, middle - 2, x - 7, 4), 2, 2)
        if self.hasFocus():
            halo = QColor(palette.accent)
            halo.setAlphaF(0.25)
            painter.setBrush(halo)
            painter.drawEllipse(QRectF(x - 10, middle - 10, 20, 20))
        knob = QRectF(x - KNOB_PX / 2, middle - KNOB_PX / 2, KNOB_PX, KNOB_PX)
        box(painter, knob, KNOB_PX / 2, QColor(palette.surface), QColor(palette.accent), 2.0)
