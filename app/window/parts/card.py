"""Surfaces: a card, and the hairline between parts."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.window.parts.drawing import begin, box
from app.window.theme.manager import inks

LayoutT = TypeVar("LayoutT", bound=QLayout)
Margins = tuple[int, int, int, int]


class Card(QWidget):
    """A rounded surface with a hairline edge."""

    def __init__(self, sunken: bool = False, radius: float = 8.0, edge: str = "border") -> None:
        super().__init__()
        self._sunken, self._radius, self._edge = sunken, radius, edge

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = inks()
        fill = palette.sunken if self._sunken else palette.surface
        edge = QColor(getattr(palette, self._edge)) if self._edge else None
        box(begin(self), self.rect().toRectF(), self._radius, QColor(fill), edge)


class Ground(QWidget):
    """A page on the window's colour."""

    role = QPalette.ColorRole.Window

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.role)


class Surface(Ground):
    """A page on the surface colour."""

    role = QPalette.ColorRole.Base


class Band(QWidget):
    """A part of the window with a hairline on one side: "top", "right" or "bottom"."""

    def __init__(self, side: str, ground: str = "surface") -> None:
        super().__init__()
        self._side, self._ground = side, ground

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        palette = inks()
        painter.fillRect(self.rect(), QColor(getattr(palette, self._ground)))
        width, height = self.width(), self.height()
        line = {
            "top": QRectF(0, 0, width, 1),
            "right": QRectF(width - 1, 0, 1, height),
            "bottom": QRectF(0, height - 1, width, 1),
        }[self._side]
        painter.fillRect(line, QColor(palette.border))


def hairline(vertical: bool = False) -> QWidget:
    """A line of one pixel in the border colour."""
    line = QWidget()
    line.setAutoFillBackground(True)
    line.setBackgroundRole(QPalette.ColorRole.Mid)
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def column(parent: QWidget | None = None, margins: Margins = (0, 0, 0, 0), gap: int = 0) -> QVBoxLayout:
    """A vertical layout with its margins and gap said in one place."""
    return _plain(QVBoxLayout(parent) if parent is not None else QVBoxLayout(), margins, gap)


def row(parent: QWidget | None = None, margins: Margins = (0, 0, 0, 0), gap: int = 0) -> QHBoxLayout:
    """A horizontal layout with its margins and gap said in one place."""
    return _plain(QHBoxLayout(parent) if parent is not None else QHBoxLayout(), margins, gap)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets go for good."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _plain(layout: LayoutT, margins: Margins, gap: int) -> LayoutT:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout
