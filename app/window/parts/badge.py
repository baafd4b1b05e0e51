"""Pills: an icon and a word in a tone; filled for states, outlined for where a value comes from."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.window.parts.drawing import begin, box
from app.window.parts.words import draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import inks

TONE_ICONS = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "fail": "circle-x",
    "unk": "circle-question-mark",
    "info": "info",
    "wait": "timer",
}


def badge_width(text: str, icon: str) -> float:
    """Width of a pill in pixels."""
    return text_width(text, "badge") + 16 + (16 if icon else 0)


def draw_badge(painter: QPainter, area: QRectF, text: str, icon: str, tone: str, outlined: bool) -> None:
    """A pill that fills the area."""
    palette = inks()
    colour, soft = palette.tone(tone)
    if tone == "plain":
        colour, soft = palette.text2, palette.sunken
    box(
        painter,
        area,
        area.height() / 2,
        QColor(palette.surface if outlined else soft),
        QColor(colour) if outlined else None,
    )
    x = area.left() + 8
    if icon:
        draw_icon(painter, icon, colour, QRectF(x, area.top(), 12, area.height()), 12)
        x += 16
    painter.setPen(QColor(colour))
    draw_words(painter, QRectF(x, area.top(), area.right() - x, area.height()), text, "badge")


class Badge(QWidget):
    """A pill in a layout; empty text takes no room."""

    def __init__(
        self, tone: str = "info", text: str = "", outlined: bool = False, icon: str | None = None
    ) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._outlined = outlined
        self.show_state(tone, text, icon)

    def show_state(self, tone: str, text: str, icon: str | None = None) -> None:
        """Say another thing in another tone."""
        self.tone, self.text = tone, text
        self.icon = TONE_ICONS.get(tone, "") if icon is None else icon
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(badge_width(self.text, self.icon)) + 1, 19)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_badge(begin(self), self.rect().toRectF(), self.text, self.icon, self.tone, self._outlined)
