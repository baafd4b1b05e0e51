"""Words on a painter: tabular figures, and hyphens that stay hyphens.

Inter's tabular feature also widens the hyphen, which tears "GPU-hours" apart. Words with a hyphen are
therefore set without it, all other words with it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from app.window.theme.fonts import font

_HYPHENATED = re.compile(r"(\S*[^\W\d]-\w\S*)")
ELLIPSIS = "\u2026"
LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
CENTRE = Qt.AlignmentFlag.AlignHCenter


def is_tabular(text: str) -> bool:
    """Whether a text as a whole is set with tabular figures."""
    return _HYPHENATED.search(text) is None


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """Stretches of the text, and whether each takes tabular figures."""
    split = _HYPHENATED.split(text)
    return tuple((part, place % 2 == 0) for place, part in enumerate(split) if part)


@lru_cache(maxsize=256)
def metrics(role: str, wide: bool, tabular: bool) -> QFontMetricsF:
    """Measures of a role's font."""
    return QFontMetricsF(font(role, wide, tabular))


@lru_cache(maxsize=4096)
def text_width(text: str, role: str, wide: bool = False) -> float:
    """Width of a text in pixels."""
    return sum(metrics(role, wide, tabular).horizontalAdvance(part) for part, tabular in pieces(text))


def elided(text: str, role: str, room: float, wide: bool = False) -> str:
    """The text, ended by … where there is no room for all of it."""
    if text_width(text, role, wide) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + ELLIPSIS, role, wide) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def draw_words(
    painter: QPainter,
    area: QRectF,
    text: str,
    role: str,
    wide: bool = False,
    side: Qt.AlignmentFlag = LEFT,
    elide: bool = False,
) -> float:
    """Draw one line in the middle of an area's height, in the pen of the painter.

    Returns:
        Width of what was drawn, in pixels.
    """
    shown = elided(text, role, area.width(), wide) if elide else text
    width = text_width(shown, role, wide)
    x = area.left()
    if side == RIGHT:
        x = area.right() - width
    elif side == CENTRE:
        x = area.center().x() - width / 2
    measures = metrics(role, wide, True)
    baseline = area.center().y() + (measures.ascent() - measures.descent()) / 2
    draw_at(painter, QPointF(x, baseline), shown, role, wide)
    return width


def draw_at(painter: QPainter, start: QPointF, text: str, role: str, wide: bool = False) -> float:
    """Draw one line from a point on the baseline. Returns the width in pixels."""
    x = start.x()
    for part, tabular in pieces(text):
        painter.setFont(font(role, wide, tabular))
        painter.drawText(QPointF(x, start.y()), part)
        x += metrics(role, wide, tabular).horizontalAdvance(part)
    return x - start.x()
