"""One choice of the start page: a card that opens a complete plan."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.present.start import StarterCard
from app.window.parts.buttons import DrawnButton
from app.window.parts.drawing import begin, box
from app.window.parts.range_glyph import draw_glyph
from app.window.parts.words import RIGHT, draw_at, draw_words
from app.window.theme.fonts import font
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.words import NOTHING, Name, say, together

PADDING = 17
EXAMPLE_PX = 118
"""From the caption of the example to the end of the card."""
WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class StartCard(DrawnButton):
    """Icon, title, words; below them the example and what it takes."""

    def __init__(self, card: StarterCard, clicked: Callable[[], object]) -> None:
        super().__init__(card.title, clicked)
        self.card = card
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_card(card)

    def show_card(self, card: StarterCard) -> None:
        """Show the example once it is solved."""
        self.card = card
        number, unit, foot = Name(card.number), Name(card.unit), Name(card.foot)
        example = say("Example: {number} {unit}, {foot}.", number=number, unit=unit, foot=foot)
        self.setAccessibleName(
            text(
                together(
                    say("{title}.", title=Name(card.title)),
                    say("{words}", words=Name(card.words)),
                    example if card.number else NOTHING,
                    say("Key {key}.", key=Name(card.key)),
                )
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 282)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        palette = inks()
        area = self.rect().toRectF()
        on = self.hasFocus() or self.underMouse()
        edge, width = (palette.accent, 2.0) if on else (palette.border, 1.0)
        box(painter, area, 8, QColor(palette.surface), QColor(edge), width)
        inner = area.adjusted(PADDING, 0, -PADDING, 0)
        used = self._draw_head(painter, inner)
        if self.card.number:
            self._draw_example(painter, inner, with_caption=used < inner.bottom() - EXAMPLE_PX)
        else:
            draw_glyph(painter, QRectF(inner.left(), area.bottom() - 58, inner.width(), 14), None, "accent")
        self._draw_foot(painter, inner)

    def _draw_head(self, painter: QPainter, area: QRectF) -> float:
        """Icon, key, title and, where there is room, words. Returns where they end."""
        palette = inks()
        badge = QRectF(area.left(), 15, 42, 42)
        box(painter, badge, 8, QColor(palette.soft))
        draw_icon(painter, self.card.icon, palette.accent, badge, 24)
        painter.setPen(ink("text3"))
        draw_words(painter, QRectF(area.left(), 26, area.width(), 20), self.card.key, "label-600", side=RIGHT)
        painter.setFont(font("title", tabular=False))
        painter.setPen(ink("text"))
        title = QRectF(area.left(), 63, area.width(), 60)
        used = painter.boundingRect(title, WRAPPED, self.card.title)
        painter.drawText(title, WRAPPED, self.card.title)
        painter.setFont(font("body", tabular=False))
        painter.setPen(ink("text2"))
        room = QRectF(area.left(), used.bottom() + 4, area.width(), 60)
        words = painter.boundingRect(room, WRAPPED, self.card.words)
        if words.bottom() > area.bottom() - EXAMPLE_PX:
            return used.bottom()
        painter.drawText(room, WRAPPED, self.card.words)
        return words.bottom()

    def _draw_example(self, painter: QPainter, area: QRectF, with_caption: bool) -> None:
        top = area.bottom() - EXAMPLE_PX
        painter.setPen(ink("text2"))
        if with_caption:
            draw_words(painter, QRectF(area.left(), top, area.width(), 20), text(say("Example")), "label-600")
        painter.setPen(ink("text"))
        start = QPointF(area.left(), top + 50)
        width = draw_at(painter, start, self.card.number, "start-figure")
        painter.setPen(ink("text2"))
        draw_at(painter, start + QPointF(width + 8, -3), self.card.unit, "label-500")
        glyph = QRectF(area.left(), area.bottom() - 58, area.width(), 14)
        draw_glyph(painter, glyph, self.card.glyph, "accent")

    def _draw_foot(self, painter: QPainter, area: QRectF) -> None:
        palette = inks()
        painter.fillRect(QRectF(area.left(), area.bottom() - 37, area.width(), 1), QColor(palette.border))
        foot = QRectF(area.left(), area.bottom() - 34, area.width(), 30)
        painter.setPen(ink("text2"))
        words = self.card.foot or text(say("Opens a complete plan"))
        draw_words(painter, foot.adjusted(0, 0, -26, 0), words, "label-500", elide=True)
        draw_icon(painter, "arrow-right", palette.accent, QRectF(foot.right() - 15, foot.top(), 16, 30), 16)
