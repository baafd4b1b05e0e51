"""Icons: Lucide outlines from the package `python-lucide`, tinted and cached as pixmaps.

The package keeps its outlines in one SQLite file; importing the package itself would cost more than
reading the handful of outlines that the window shows.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FIRST_SCREEN = (
    "waypoints", "undo-2", "redo-2", "search", "copy", "server", "house", "play", "layers",
    "circle-check", "circle-x", "circle-question-mark", "triangle-alert", "info", "chevron-down",
    "chevron-right", "chevrons-up-down", "folder-open", "sun", "save", "plus", "square-plus",
)  # fmt: skip
"""Read in one query at the start; every other icon is read when it is first shown."""

BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>'
_outlines: dict[str, str] = {}


def load_icons(names: tuple[str, ...] = FIRST_SCREEN) -> None:
    """Read outlines from the package; a missing package or name leaves the icon blank."""
    spec = importlib.util.find_spec("lucide")
    if spec is None or spec.origin is None:
        _outlines.update(dict.fromkeys(names, BLANK))
        return
    path = Path(spec.origin).parent / "data" / "lucide-icons.db"
    marks = ",".join("?" * len(names))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f"SELECT name, svg FROM icons WHERE name IN ({marks})", names)
        _outlines.update(dict(rows.fetchall()))
    for name in names:
        _outlines.setdefault(name, BLANK)


def outline(name: str) -> str:
    """The SVG text of an icon, with `currentColor` as its stroke."""
    if name not in _outlines:
        load_icons((name,))
    return _outlines[name]


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: float, ratio: float) -> QPixmap:
    """The icon in one colour at a size in pixels and a device pixel ratio."""
    stroke = 2.0 if size >= 16 else 2.3
    svg = (
        outline(name).replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{stroke}"')
    )
    result = QPixmap(round(size * ratio), round(size * ratio))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result


def draw_icon(painter: QPainter, name: str, colour: str, box: QRectF, size: float) -> None:
    """Draw the icon in the middle of a box."""
    ratio = painter.device().devicePixelRatioF()
    corner = box.center() - QPointF(size / 2, size / 2)
    snapped = QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio)
    painter.drawPixmap(snapped, pixmap(name, colour, size, ratio))


def icon(name: str, colour: str, size: float = 16.0) -> QIcon:
    """The icon for Qt's own menus and trees, sharp at 100 and 200 %."""
    result = QIcon(pixmap(name, colour, size, 1.0))
    result.addPixmap(pixmap(name, colour, size, 2.0))
    return result
