"""Buttons: primary, secondary and ghost, an icon alone, and a tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from app.window.parts.drawing import begin, box
from app.window.parts.words import CENTRE, LEFT, draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks

Kind = Literal["primary", "secondary", "ghost"]


class DrawnButton(QPushButton):
    """A button that draws itself, repaints under the pointer and takes Enter like a click."""

    def __init__(self, text: str, clicked: Callable[[], object] | None = None) -> None:
        super().__init__(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text.replace("&", ""))
        if clicked is not None:
            self.clicked.connect(lambda: clicked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def words(self) -> str:
        """The text without its mnemonic mark."""
        return self.text().replace("&", "")

    def focus_ring(self, painter: QPainter, area: QRectF, radius: float) -> None:
        """The accent edge of the widget that has the keyboard."""
        if self.hasFocus():
            box(painter, area, radius, None, ink("accent"), 2.0)


class Button(DrawnButton):
    """A verb with an icon; the shortcut stands in text3."""

    def __init__(
        self,
        text: str,
        icon: str = "",
        kind: Kind = "secondary",
        clicked: Callable[[], object] | None = None,
        shortcut: str = "",
        height: int = 28,
    ) -> None:
        super().__init__(text, clicked)
        self.kind, self.icon_name, self.shortcut_text = kind, icon, shortcut
        self._height = height

    def sizeHint(self) -> QSize:
        width = text_width(self.words(), "button") + 2 * self._padding()
        if self.icon_name:
            width += 16 + 7
        if self.shortcut_text:
            width += text_width(self.shortcut_text, "help") + 7
        return QSize(round(width), self._height)

    def _padding(self) -> int:
        return 6 if self.kind == "ghost" else 13

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        colour = self._ground(painter, area)
        x = float(self._padding())
        if self.icon_name:
            size = 16 if self.kind != "ghost" else 15
            draw_icon(painter, self.icon_name, colour.name(), QRectF(x, 0, 16, area.height()), size)
            x += 16 + 7
        painter.setPen(colour)
        x += 7 + draw_words(painter, area.adjusted(x, 0, 0, 0), self.words(), "button")
        if self.shortcut_text:
            painter.setPen(ink("text3"))
            draw_words(painter, area.adjusted(x, 0, 0, 0), self.shortcut_text, "help")
        self.focus_ring(painter, area, 6)

    def _ground(self, painter: QPainter, area: QRectF) -> QColor:
        palette = inks()
        enabled = self.isEnabled()
        if self.kind == "primary":
            fill = QColor(palette.accent)
            if self.underMouse():
                fill = fill.lighter(112) if not palette.is_dark else fill.darker(108)
            box(painter, area, 6, fill if enabled else QColor(palette.sunken))
            return QColor(palette.on_accent if enabled else palette.text3)
        if self.kind == "secondary":
            fill = QColor(palette.sunken if self.underMouse() and enabled else palette.surface)
            box(painter, area, 6, fill, QColor(palette.strong if enabled else palette.border))
            return QColor(palette.text if enabled else palette.text3)
        if self.underMouse() and enabled:
            box(painter, area, 6, QColor(palette.soft))
        return QColor(palette.accent if enabled else palette.text3)


class IconButton(DrawnButton):
    """An icon that says its name in the tooltip and to assistive tools."""

    def __init__(
        self,
        icon: str,
        name: str,
        clicked: Callable[[], object] | None = None,
        size: int = 16,
        box_px: int = 26,
    ) -> None:
        super().__init__("", clicked)
        self.icon_name, self._size = icon, size
        self.setFixedSize(box_px, box_px)
        self.setAccessibleName(name)
        self.setToolTip(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        palette = inks()
        if self.underMouse() and self.isEnabled():
            box(painter, area, 6, QColor(palette.soft))
        colour = palette.accent if self.isEnabled() else palette.strong
        draw_icon(painter, self.icon_name, colour, area, self._size)
        self.focus_ring(painter, area, 6)


class TabButton(DrawnButton):
    """One tab: words with an accent underline when it is chosen."""

    def __init__(self, text: str, clicked: Callable[[], object] | None = None) -> None:
        super().__init__(text, clicked)
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def sizeHint(self) -> QSize:
        width = text_width(self.words(), "tab-on")
        return QSize(round(width) + 4, 37)

    def words_area(self) -> QRectF:
        """Where the words stand."""
        return self.rect().toRectF().adjusted(0, -2, 0, -2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        on = self.isChecked()
        painter.setPen(ink("accent" if on else "text" if self.underMouse() else "text2"))
        draw_words(painter, self.words_area(), self.words(), "tab-on" if on else "tab", side=CENTRE)
        if on:
            painter.fillRect(QRectF(0, area.height() - 3, area.width(), 3), ink("accent"))
        if self.hasFocus():
            box(painter, area.adjusted(0, 5, 0, -7), 4, None, ink("accent"), 1.5)


class LinkText(DrawnButton):
    """Accent words without a box, for "Show all"; ended by … where there is no room."""

    def __init__(self, text: str, clicked: Callable[[], object] | None = None, fills: bool = False) -> None:
        super().__init__(text, clicked)
        self._side = LEFT if fills else CENTRE
        policy = QSizePolicy.Policy.Ignored if fills else QSizePolicy.Policy.Maximum
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 20)

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.words(), "button")) + 6, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        painter.setPen(ink("accent"))
        area = self.rect().toRectF()
        draw_words(painter, area.adjusted(2, 0, -2, 0), self.words(), "button", side=self._side, elide=True)
        if self.underMouse():
            y = area.height() - 3
            end = min(area.width() - 3, 2 + text_width(self.words(), "button"))
            painter.drawLine(QPointF(2, y), QPointF(end, y))
        self.focus_ring(painter, area, 4)
