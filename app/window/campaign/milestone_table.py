"""The milestone table: rows as the form wants them, the sum last."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.present.milestones import MILESTONE_HEADS, MilestoneRow, MilestoneTable
from app.window.parts.drawing import box
from app.window.parts.words import LEFT, RIGHT, draw_words, text_width
from app.window.theme.manager import ink, inks

ROW_PX, ROW_WIDE_PX, HEAD_PX = 24, 26, 26
PAD_PX, GAP_PX = 8, 20
LAST = len(MILESTONE_HEADS) - 1
SPARED = (4, 3, 2)
"""Columns that go first where names have no room: seconds, steps, nodes. A copy has them all."""
NAMES_PX = 120
NOTHING = MilestoneTable((), "", True, ())
RowRole = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class MilestoneModel(QAbstractTableModel):
    """Rows as `app.present.milestones` makes them."""

    def __init__(self) -> None:
        super().__init__()
        self.table = NOTHING

    def set_table(self, table: MilestoneTable) -> None:
        """Hold another table; the same rows keep scroll and keyboard."""
        same = [row.run_id for row in table.rows] == [row.run_id for row in self.table.rows]
        if same and table.rows:
            self.table = table
            self.dataChanged.emit(self.index(0, 0), self.index(len(table.rows) - 1, LAST))
            return
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(MILESTONE_HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.table.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tooltip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{MILESTONE_HEADS[index.column()]}: {row.cells[index.column()]}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return row if role == RowRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return MILESTONE_HEADS[section]
        return None


class _Rows(QStyledItemDelegate):
    def __init__(self, view: MilestoneView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(30, self._view.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: MilestoneRow = index.data(RowRole)
        area, view = QRectF(option.rect), self._view  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, area, row, index)
        total, last = row.kind == "total", index.column() == LAST
        tone = "text3" if view.is_refining and index.column() else "text"
        painter.setPen(ink(tone))
        role = "table-600" if total or last or (row.is_chosen and not index.column()) else "table"
        room = area.adjusted(PAD_PX, 0, -PAD_PX, 0)
        side = RIGHT if index.column() else LEFT
        draw_words(painter, room, str(index.data()), role, view.wide, side, elide=not index.column())
        painter.restore()

    def _ground(self, painter: QPainter, area: QRectF, row: MilestoneRow, index: Index) -> None:
        palette, view = inks(), self._view
        whole = QRectF(0, area.top(), view.viewport().width(), area.height())
        painter.save()
        painter.setClipRect(area)
        fill = palette.soft if row.is_chosen else palette.sunken if row.kind == "total" else None
        if fill is not None:
            box(painter, whole, 4, QColor(fill))
        else:
            painter.fillRect(QRectF(0, area.bottom() - 1, whole.width(), 1), QColor(palette.border))
        if view.hasFocus() and view.currentIndex().row() == index.row():
            box(painter, whole, 4, None, QColor(palette.accent), 1.5)
        painter.restore()


class _Heads(QHeaderView):
    def __init__(self, view: MilestoneView) -> None:
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
        room = area.adjusted(PAD_PX, 0, -PAD_PX, 0)
        side = RIGHT if section else LEFT
        draw_words(painter, room, MILESTONE_HEADS[section], "head", self._view.wide, side)
        painter.restore()


class MilestoneView(QTableView):
    """A click or Enter on a row selects its run, a double click opens it."""

    run_selected = Signal(str)
    run_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.wide = self.is_refining = False
        self.rows = MilestoneModel()
        self.setModel(self.rows)
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
        self.setAccessibleName("Milestones for the form")
        self.clicked.connect(lambda index: self._select(index, self.run_selected))
        self.activated.connect(lambda index: self._select(index, self.run_opened))

    def show_table(self, table: MilestoneTable) -> None:
        """Show another table."""
        self.rows.set_table(table)
        self._size()
        self.viewport().update()

    def set_refining(self, refining: bool) -> None:
        """Show the figures as those of an earlier plan."""
        if refining != self.is_refining:
            self.is_refining = refining
            self.viewport().update()

    def copy(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.rows.table.text())

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.wide = wide
        self._size()

    def row_height(self) -> int:
        """Height of one row in pixels."""
        return ROW_WIDE_PX if self.wide else ROW_PX

    def natural_height(self) -> int:
        """Height without scrolling."""
        return HEAD_PX + self.row_height() * len(self.rows.table.rows)

    def _select(self, index: QModelIndex, signal: Any) -> None:
        row = index.data(RowRole)
        if row is not None and row.run_id is not None:
            signal.emit(row.run_id)

    def _size(self) -> None:
        table, room = self.rows.table, self.viewport().width()
        for place in range(len(table.rows)):
            self.setRowHeight(place, self.row_height())
        widths = [0, *(self._width(column) for column in range(1, LAST + 1))]
        spared: set[int] = set()
        for column in SPARED:
            if room - sum(w for k, w in enumerate(widths) if k not in spared) < NAMES_PX:
                spared.add(column)
        for column in range(1, LAST + 1):
            self.setColumnHidden(column, column in spared)
            self.setColumnWidth(column, widths[column])
        self.setColumnWidth(0, max(60, room - sum(w for k, w in enumerate(widths) if k not in spared)))

    def _width(self, column: int) -> int:
        cells = (text_width(row.cells[column], "table-600", self.wide) for row in self.rows.table.rows)
        return round(max([text_width(MILESTONE_HEADS[column], "head", self.wide), *cells]) + GAP_PX)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._size()
