"""Left: the plan's runs with their GPU-hours, and the sum to plan for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout

from app.present import numbers as n
from app.present.runs import RunLine, Totals
from app.window.parts.buttons import DrawnButton
from app.window.parts.card import Band, Card, column
from app.window.parts.drawing import begin, box
from app.window.parts.text import Text
from app.window.parts.words import RIGHT, draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks

WIDTH = 207
WIDTH_WIDE = 241


class RunItem(DrawnButton):
    """One run: name, what it takes, and its GPU-hours."""

    def __init__(self, line: RunLine, clicked: Callable[[], object]) -> None:
        super().__init__(line.name, clicked)
        self.line = line
        self.setFixedHeight(42)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{line.name}, {line.words}, {n.of_gpu_hours(line.hours)}")

    def sizeHint(self) -> QSize:
        return QSize(180, 42)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        palette = inks()
        line = self.line
        if line.is_chosen:
            box(painter, area, 6, QColor(palette.soft), QColor(palette.accent))
        elif self.underMouse():
            box(painter, area, 6, QColor(palette.sunken))
        colour = palette.accent if line.is_chosen else palette.text3
        draw_icon(painter, "play", colour, QRectF(10, 0, 16, area.height()), 16)
        room = QRectF(33, 5, area.width() - 44, 16)
        painter.setPen(ink("text"))
        role = "label-600" if line.is_chosen else "label-500"
        draw_words(painter, room, line.name, role, elide=True)
        below = room.translated(0, 16)
        painter.setPen(ink("text2"))
        room_left = below.width() - text_width(line.hours, "label-600") - 6
        words = line.words if text_width(line.words, "label") <= room_left else line.words.split(", ")[-1]
        draw_words(painter, below.adjusted(0, 0, room_left - below.width(), 0), words, "label", elide=True)
        draw_words(painter, below, line.hours, "label-600", side=RIGHT)
        self.focus_ring(painter, area, 6)


class RunsPanel(Band):
    """The list above, the sum below."""

    def __init__(self, choose: Callable[[str], object]) -> None:
        super().__init__("right")
        self._choose = choose
        layout = column(self, (10, 11, 11, 11), 0)
        layout.addWidget(Text("Runs", "panel"))
        layout.addSpacing(10)
        self._list: QVBoxLayout = column(gap=2)
        layout.addLayout(self._list)
        layout.addStretch()
        self._total = _TotalBox()
        layout.addWidget(self._total)
        self._items: list[RunItem] = []

    def show_runs(self, lines: tuple[RunLine, ...], totals: Totals) -> None:
        """Show the runs of the plan."""
        self._total.show_totals(totals)
        if len(lines) == len(self._items):
            for item, line in zip(self._items, lines, strict=True):
                item.line = line
                item.setAccessibleName(f"{line.name}, {line.words}, {n.of_gpu_hours(line.hours)}")
                item.update()
            return
        for item in self._items:
            item.deleteLater()
        self._items = [RunItem(line, lambda run_id=line.run_id: self._choose(run_id)) for line in lines]
        for item in self._items:
            self._list.addWidget(item)


class _TotalBox(Card):
    def __init__(self) -> None:
        super().__init__(sunken=True, edge="")
        grid = QGridLayout(self)
        grid.setContentsMargins(9, 7, 8, 8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        self._labels = {}
        specs = (
            ("middle", "label", "text2", 0),
            ("middle_value", "label-600", "text2", 0),
            ("margin", "label", "text2", 1),
            ("margin_value", "label-600", "text2", 1),
            ("sum", "label-700", "text", 2),
            ("sum_value", "label-700", "text", 2),
        )
        for name, role, tone, line in specs:
            label = Text("", role, tone)
            is_value = name.endswith("_value")
            if is_value:
                label.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, line, 1 if is_value else 0)
            self._labels[name] = label
        self._unit = Text("", "label", "text2")
        grid.addWidget(self._unit, 3, 0, 1, 2)

    def show_totals(self, totals: Totals) -> None:
        """Show middle, margin and sum."""
        self._labels["middle"].setText("Middle, P50")
        self._labels["middle_value"].setText(totals.middle)
        self._labels["margin"].setText(totals.margin_words)
        self._labels["margin_value"].setText(totals.margin)
        self._labels["sum"].setText("Plan for")
        self._labels["sum_value"].setText(totals.total)
        self._unit.setText(totals.unit)
