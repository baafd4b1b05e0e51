"""Surfaces: a card, and the hairline between parts."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

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


class Surface(QWidget):
    """A page on the surface colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def hairline(vertical: bool = False) -> QFrame:
    """A line of one pixel in the border colour."""
    line = QFrame()
    line.setObjectName("line")
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


def _plain(layout: LayoutT, margins: Margins, gap: int) -> LayoutT:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout
