"""The row above a chart: title, what is seen, and small buttons for copy and download."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.present.palette import Palette
from app.words import text
from estimators.words import say

GRID = 24.0
"""Glyphs are drawn on the same 24 px grid as the icons of the window."""
SIDE = 16.0


def text_font(pixels: float, weight: int) -> QFont:
    """Inter in a weight, from the variable font if the application has loaded it."""
    font = QFont(["Inter", "DejaVu Sans"])
    font.setPixelSize(max(1, round(pixels)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # said outright, for a widget's font inherits what it leaves open: tabular hyphens are too wide
    font.setFeature(QFont.Tag("tnum"), 0)
    if "Inter" in QFontDatabase.families():
        font.setVariableAxis(QFont.Tag("wght"), weight)
    else:
        font.setWeight(QFont.Weight(weight))
    return font


class ElidedLabel(QLabel):
    """A label that ends in … where there is no room, and shows the whole text as its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_whole_text(self, text: str) -> None:
        """Show a text, shortened to the room there is."""
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def whole_width(self) -> int:
        """Pixels that the whole text takes."""
        return self.fontMetrics().horizontalAdvance(self._whole) if self._whole else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class GlyphButton(QToolButton):
    """A button without edge that draws "copy" or "download" in the accent colour."""

    def __init__(self, glyph: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self._palette: Palette | None = None
        self.setFixedSize(QSize(26, 24))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setAutoRaise(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def dress(self, palette: Palette) -> None:
        """Take colours."""
        self._palette = palette
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the glyph; a soft ground under the pointer, an accent edge with the keyboard."""
        if self._palette is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().toRectF().adjusted(1, 1, -1, -1)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._palette.soft))
            painter.drawRoundedRect(area, 6, 6)
        accent = QColor(self._palette.accent)
        if self.hasFocus():
            painter.setPen(QPen(accent, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)
        painter.translate(area.center() - QPointF(SIDE / 2.0, SIDE / 2.0))
        painter.scale(SIDE / GRID, SIDE / GRID)
        pen = QPen(accent, 2.1)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _draw_copy(painter) if self._glyph == "copy" else _draw_download(painter)
        painter.end()


def _draw_copy(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(8.5, 8.5, 13.0, 13.0), 2.0, 2.0)
    painter.drawPolyline([QPointF(4.5, 15.5), QPointF(2.5, 14.0), QPointF(2.5, 4.0)])
    painter.drawPolyline([QPointF(2.5, 4.0), QPointF(4.0, 2.5), QPointF(14.0, 2.5), QPointF(15.5, 4.5)])


def _draw_download(painter: QPainter) -> None:
    painter.drawLine(QPointF(12.0, 3.0), QPointF(12.0, 15.0))
    painter.drawPolyline([QPointF(7.0, 10.0), QPointF(12.0, 15.0), QPointF(17.0, 10.0)])
    painter.drawPolyline(
        [QPointF(3.0, 15.0), QPointF(3.0, 20.0), QPointF(4.0, 21.0), QPointF(20.0, 21.0),
         QPointF(21.0, 20.0), QPointF(21.0, 15.0)]
    )  # fmt: skip


class ChartHeader(QWidget):
    """Title, subtitle and the buttons of one chart."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(title, self)
        self.subtitle = ElidedLabel(self)
        self.copy = GlyphButton("copy", text(say("Copy chart")), self)
        self.download = GlyphButton("download", text(say("Save chart")), self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.title)
        self._row.addStretch(1)
        self._row.addWidget(self.copy)
        self._row.addWidget(self.download)
        self._column.addLayout(self._row)
        self._is_below = False
        self._row.insertWidget(1, self.subtitle, 1000)

    def set_subtitle(self, text: str) -> None:
        """Say what is seen: beside the title, or below it where there is no room."""
        self.subtitle.set_whole_text(text)
        self._place_subtitle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the subtitle below the title in a narrow chart."""
        super().resizeEvent(event)
        self._place_subtitle()

    def _place_subtitle(self) -> None:
        taken = self.title.sizeHint().width() + self.copy.width() + self.download.width() + 32
        below = taken + self.subtitle.whole_width() > self.width()
        if below == self._is_below:
            return
        self._is_below = below
        if below:
            self._row.removeWidget(self.subtitle)
            self._column.addWidget(self.subtitle)
        else:
            self._column.removeWidget(self.subtitle)
            self._row.insertWidget(1, self.subtitle, 1000)

    def dress(self, palette: Palette) -> None:
        """Take colours, and the font once it is there."""
        self.title.setFont(text_font(13.0, 700))
        self.subtitle.setFont(text_font(12.0, 400))
        self.title.setStyleSheet(f"color: {palette.text}; background: transparent;")
        self.subtitle.setStyleSheet(f"color: {palette.text2}; background: transparent;")
        for button in (self.copy, self.download):
            button.dress(palette)
        self._place_subtitle()
