"""The list of runs: a model, and rows that are drawn by hand."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem

from app.present.runs import RunLine
from app.window.parts.drawing import box
from app.window.parts.words import RIGHT, draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.words import say

ROW_PX, GAP_PX = 42, 2
LineRole = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
KEYS = {
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier): "delete",
    (Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier): "duplicate",
    (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier): "up",
    (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier): "down",
}


class RunsModel(QAbstractListModel):
    """Lines as `app.present.runs` makes them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[RunLine, ...] = ()

    def set_lines(self, lines: tuple[RunLine, ...]) -> None:
        """Show other lines; the same runs in the same order keep scroll and keyboard."""
        if [line.run_id for line in lines] == [line.run_id for line in self.lines]:
            self.lines = lines
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, 0))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.name}\n{line.words}"
        return line if role == LineRole else None


class _Rows(QStyledItemDelegate):
    def __init__(self, view: RunsList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, ROW_PX + GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: RunLine = index.data(LineRole)
        area = QRectF(option.rect).adjusted(0, 0, 0, -GAP_PX)
        palette = inks()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.is_chosen:
            box(painter, area, 6, QColor(palette.soft), QColor(palette.accent))
        elif self._view.hovered == index.row():
            box(painter, area, 6, QColor(palette.sunken))
        self._draw(painter, area, line)
        if self._view.hasFocus() and self._view.currentIndex().row() == index.row():
            box(painter, area, 6, None, QColor(palette.accent), 2.0)
        painter.restore()

    def _draw(self, painter: QPainter, area: QRectF, line: RunLine) -> None:
        palette = inks()
        colour = palette.accent if line.is_chosen else palette.text3
        draw_icon(painter, line.icon, colour, QRectF(area.left() + 10, area.top(), 16, area.height()), 16)
        room = QRectF(area.left() + 33, area.top() + 5, area.width() - 44, 16)
        painter.setPen(ink("text"))
        role = "label-600" if line.is_chosen else "label-500"
        draw_words(painter, room, line.name, role, elide=True)
        below = room.translated(0, 16)
        hours = text(say("does not fit")) if line.fits is False else line.hours
        tone = "fail" if line.fits is False else "text3" if self._view.is_refining else "text2"
        room_left = below.width() - text_width(hours, "label-600") - 6
        words = line.words if text_width(line.words, "label") <= room_left else line.words.split(", ")[-1]
        painter.setPen(ink("text2"))
        draw_words(painter, below.adjusted(0, 0, room_left - below.width(), 0), words, "label", elide=True)
        painter.setPen(ink(tone))
        draw_words(painter, below, hours, "label-600", side=RIGHT)


class RunsList(QListView):
    """A click, Enter or Space chooses a run; `asked` carries what else the keyboard wants of it."""

    chosen = Signal(str)
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.runs = RunsModel()
        self.hovered = -1
        self.is_refining = False
        self.setModel(self.runs)
        self.setItemDelegate(_Rows(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(text(say("Runs")))
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._choose)

    def show_lines(self, lines: tuple[RunLine, ...], refining: bool) -> None:
        """Show other lines."""
        before = next((line.run_id for line in self.runs.lines if line.is_chosen), None)
        self.is_refining = refining
        self.runs.set_lines(lines)
        place = next((place for place, line in enumerate(lines) if line.is_chosen), -1)
        moved = place >= 0 and (lines[place].run_id != before or not self.currentIndex().isValid())
        if moved or (place >= 0 and not self.hasFocus() and self.currentIndex().row() != place):
            self.setCurrentIndex(self.runs.index(place, 0))
        self.viewport().update()

    def run_at(self, index: Index) -> str | None:
        """The run of a row."""
        return self.runs.lines[index.row()].run_id if index.isValid() else None

    def _choose(self, index: QModelIndex) -> None:
        run_id = self.run_at(index)
        if run_id is not None:
            self.chosen.emit(run_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        wish = KEYS.get((key, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier))
        if wish is not None:
            self._choose(self.currentIndex())
            self.asked.emit(wish)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: Any) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: Any) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            over = Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(over)
            self.viewport().update()
