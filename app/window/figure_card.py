"""One card of the answer strip: figure, range glyph, one line of words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.present.answer import FigureCard
from app.window.parts.badge import TONE_ICONS, badge_width, draw_badge
from app.window.parts.buttons import DrawnButton
from app.window.parts.drawing import begin, box
from app.window.parts.range_glyph import draw_glyph
from app.window.parts.words import draw_at, draw_words, text_width
from app.window.theme.fonts import font
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.words import say

PADDING = 15
BADGE_GAP = 5
WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class FigureCardView(DrawnButton):
    """The whole card is a button that opens where its number comes from."""

    def __init__(self, clicked: Callable[[], object]) -> None:
        super().__init__("", clicked)
        self._card: FigureCard | None = None
        self._wide = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_card(self, card: FigureCard) -> None:
        """Show another figure; what counts machines keeps its last count while layouts are refined."""
        if card.fits and card.state == "refining" and self._card is not None:
            card = replace(self._card, state="refining")
        self._card = card
        badge = f", {card.badge[1]}" if card.badge else ""
        self.setAccessibleName(f"{card.title}: {card.number} {card.unit}{badge}. {card.words}")
        self.setToolTip("" if card.fits else text(say("Shows where this number comes from")))
        self.update()

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self._wide = wide
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(232, 108)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        palette = inks()
        card = self._card
        refining = card is not None and card.state in ("refining", "held")
        edge = palette.strong if refining or self.underMouse() else palette.border
        box(painter, area, 8, QColor(palette.surface), QColor(edge), 1.0, dashed=refining)
        if card is not None:
            inner = area.adjusted(PADDING, 0, -PADDING, 0)
            self._draw_head(painter, inner, card)
            self._draw_figure(painter, inner, card)
            self._draw_range(painter, inner, card)
        self.focus_ring(painter, area, 8)

    def _draw_head(self, painter: QPainter, area: QRectF, card: FigureCard) -> None:
        painter.setPen(ink("text2"))
        draw_words(painter, QRectF(area.left(), 9, area.width(), 19), card.title, "label-600")
        if card.badge is not None:
            tone, words = card.badge
            icon = "" if card.state == "refining" else TONE_ICONS[tone]
            room = area.width() - text_width(card.title, "label-600") - BADGE_GAP
            icon = icon if badge_width(words, icon) <= room else ""
            width = badge_width(words, icon)
            draw_badge(painter, QRectF(area.right() - width, 9, width, 19), words, icon, tone, outlined=False)

    def _draw_figure(self, painter: QPainter, area: QRectF, card: FigureCard) -> None:
        baseline = 57.0 if not self._wide else 62.0
        faint = card.state in ("refining", "held", "none")
        painter.setPen(ink("text3" if faint else "text"))
        start = QPointF(area.left(), baseline)
        width = draw_at(painter, start, card.number, "figure", self._wide)
        painter.setPen(ink("text2"))
        draw_at(painter, start + QPointF(width + 7, 0), card.unit, "unit", self._wide)

    def _draw_range(self, painter: QPainter, area: QRectF, card: FigureCard) -> None:
        top = 65.0 if not self._wide else 73.0
        if card.fits:
            self._draw_servers(painter, area, card.fits, top)
        elif card.state != "none":
            hue = {"refining": "context", "held": "context", "far": "warn"}.get(card.state, "accent")
            draw_glyph(painter, QRectF(area.left(), top, area.width(), 14), card.glyph, hue)
        painter.setPen(ink("text2"))
        if card.state == "none" and not card.fits:
            painter.setFont(font("label", tabular=False))
            painter.drawText(QRectF(area.left(), top - 2, area.width(), 40), WRAPPED, card.words)
            return
        draw_words(painter, QRectF(area.left(), top + 15, area.width(), 20), card.words, "label", elide=True)

    def _draw_servers(self, painter: QPainter, area: QRectF, fits: tuple[bool, ...], top: float) -> None:
        palette = inks()
        for index, fit in enumerate(fits[: int(area.width() // 20)]):
            colour = palette.ok if fit else palette.strong
            draw_icon(painter, "server", colour, QRectF(area.left() + 20 * index, top - 1, 16, 16), 16)
