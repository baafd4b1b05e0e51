"""A small table of words and numbers that is made elsewhere: names left, numbers right, hairlines between."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.present.evidence_tables import TextTable
from app.window.parts.drawing import box
from app.window.parts.words import LEFT, RIGHT, draw_words, text_width
from app.window.theme.manager import ink, inks

ROW_PX, ROW_WIDE_PX, HEAD_PX = 22, 26, 24
GAP_PX, EDGE_PX = 16, 5
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
NOTHING = TextTable("", (), (), ())


class TextTableModel(QAbstractTableModel):
    """The cells of a `TextTable`."""

    def __init__(self) -> None:
        super().__init__()
        self.table = NOTHING

    def set_table(self, table: TextTable) -> None:
        """Hold another table."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        text = self.table.rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.table.heads[index.column()]}: {text}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.table.heads[section]
        return None


class _Rows(QStyledItemDelegate):
    """Draws one cell; the first row sums up and stands in bold."""

    def __init__(self, view: TextTableView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(30, self._view.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        view, palette = self._view, inks()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), QColor(palette.border))
        if view.hasFocus() and view.currentIndex().row() == index.row():
            painter.setClipRect(area)
            whole = QRectF(0, area.top(), view.viewport().width(), area.height())
            box(painter, whole, 5, None, QColor(palette.accent), 1.5)
        first = index.column() == 0
        painter.setPen(ink("text"))
        role = "table-600" if view.is_strong(index.row()) else "table"
        room = area.adjusted(0, 0, 0 if first else -EDGE_PX, 0)
        draw_words(painter, room, str(index.data()), role, view.wide, LEFT if first else RIGHT, elide=first)
        painter.restore()


class _Heads(QHeaderView):
    def __init__(self, view: TextTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setFixedHeight(HEAD_PX)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        palette, area = inks(), QRectF(rect)
        painter.fillRect(area, QColor(palette.surface))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), QColor(palette.border))
        painter.setPen(QColor(palette.text3))
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        room = area.adjusted(0, 0, -EDGE_PX if section else 0, 0)
        draw_words(painter, room, text, "head", self._view.wide, RIGHT if section else LEFT)
        painter.restore()


class TextTableView(QTableView):
    """Shows a `TextTable`; the first column takes the room that numbers leave."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = False
        self.cells = TextTableModel()
        self.setModel(self.cells)
        self.setItemDelegate(_Rows(self))
        self.setHorizontalHeader(_Heads(self))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def show_table(self, table: TextTable) -> None:
        """Show another table."""
        self.cells.set_table(table)
        self.setAccessibleName(table.title)
        self._size()

    def copy(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.cells.table.text())

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.wide = wide
        self._size()

    def row_height(self) -> int:
        """Height of one row in pixels."""
        return ROW_WIDE_PX if self.wide else ROW_PX

    def is_strong(self, row: int) -> bool:
        """Whether a row sums the others up."""
        table = self.cells.table
        return row == 0 and bool(table.rows) and not table.rows[0][0][:1].isdigit()

    def _size(self) -> None:
        table, room = self.cells.table, self.viewport().width()
        for row in range(len(table.rows)):
            self.setRowHeight(row, self.row_height())
        for place in range(1, len(table.heads)):
            cells = (text_width(line[place], "table-600", self.wide) for line in table.rows)
            width = max([text_width(table.heads[place], "head", self.wide), *cells]) + GAP_PX
            self.setColumnWidth(place, round(width))
            room -= round(width)
        if table.heads:
            self.setColumnWidth(0, max(80, room))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._size()
