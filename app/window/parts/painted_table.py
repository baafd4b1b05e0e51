"""What tables that paint their own cells share: model of lines and heads, head line, habits of the view."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.window.parts.drawing import box
from app.window.parts.words import LEFT, RIGHT, draw_words
from app.window.theme.manager import inks

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class LinesModel(QAbstractTableModel):
    """Lines under heads; the kind of table says what a cell holds in `data`."""

    def heads(self) -> tuple[str, ...]:
        """Names of the columns."""
        raise NotImplementedError

    def line_count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self.line_count()

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.heads())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads()[section]
        return None


class PaintedTable(QTableView):
    """A table whose cells a delegate paints: hairlines, no selection, sizes for two widths of window.

    Attributes:
        wide: Whether the sizes for wide windows hold.
        row_px: Height of a row in narrow and in wide windows.
    """

    row_px = (24, 26)

    def __init__(self, model: LinesModel, cells: PaintedCells, heads: PaintedHeads) -> None:
        super().__init__()
        self.wide = False
        self.setModel(model)
        cells.setParent(self)
        heads.setParent(self)
        self.setItemDelegate(cells)
        self.setHorizontalHeader(heads)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def size_columns(self) -> None:
        """Share the room out among the columns."""
        raise NotImplementedError

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.wide = wide
        self.size_columns()

    def row_height(self) -> int:
        """Height of one row in pixels."""
        return self.row_px[self.wide]

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.size_columns()


class PaintedCells(QStyledItemDelegate):
    """Paints one cell: its ground, then what it says."""

    radius = 4.0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(30, self._table.row_height())

    @property
    def _table(self) -> Any:
        return self.parent()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, area, index)
        self.cell(painter, area, index)
        painter.restore()

    def cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Paint what the cell says."""
        raise NotImplementedError

    def fill(self, index: Index) -> str | None:
        """Colour of a row that stands out, None for others."""
        return None

    def _ground(self, painter: QPainter, area: QRectF, index: Index) -> None:
        """Fill or hairline, and the ring of the keyboard, drawn through all cells of the row."""
        palette, table = inks(), self._table
        whole = QRectF(0, area.top(), table.viewport().width(), area.height())
        painter.save()
        painter.setClipRect(area)
        fill = self.fill(index)
        if fill is not None:
            box(painter, whole, self.radius, QColor(fill))
        else:
            painter.fillRect(QRectF(0, area.bottom() - 1, whole.width(), 1), QColor(palette.border))
        if table.hasFocus() and table.currentIndex().row() == index.row():
            box(painter, whole, self.radius, None, QColor(palette.accent), 1.5)
        painter.restore()


class PaintedHeads(QHeaderView):
    """The head line: first column left, numbers right.

    Args:
        height: In pixels.
        pads: Room left and right of a head.
        numbers_right: Whether all columns but the first stand at the right.
    """

    def __init__(self, height: int, pads: tuple[int, int], numbers_right: bool = True) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._pads, self._numbers_right = pads, numbers_right
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        table: Any = self.parent()
        painter.save()
        palette, area = inks(), QRectF(rect)
        painter.fillRect(area, QColor(palette.surface))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), QColor(palette.border))
        painter.setPen(QColor(palette.text3))
        text = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        left, right = self._pads
        side = RIGHT if section and self._numbers_right else LEFT
        draw_words(painter, area.adjusted(left, 0, -right, 0), text, "head", table.wide, side)
        painter.restore()
