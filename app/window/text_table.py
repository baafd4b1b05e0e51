"""A small table of words and numbers that is made elsewhere: names left, numbers right, hairlines between."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.present.evidence_tables import TextTable
from app.window.held import copy_text
from app.window.parts.painted_table import Index, LinesModel, PaintedCells, PaintedHeads, PaintedTable
from app.window.parts.words import LEFT, RIGHT, draw_words, text_width
from app.window.theme.manager import ink

HEAD_PX = 24
GAP_PX, EDGE_PX = 16, 5
NOTHING = TextTable("", (), (), ())


class TextTableModel(LinesModel):
    """The cells of a `TextTable`."""

    def __init__(self) -> None:
        super().__init__()
        self.table = NOTHING

    def set_table(self, table: TextTable) -> None:
        """Hold another table."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def heads(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self.table.heads

    def line_count(self) -> int:
        """How many rows there are."""
        return len(self.table.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        text = self.table.rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.table.heads[index.column()]}: {text}"
        return None


class _Cells(PaintedCells):
    """The first row sums up and stands in bold."""

    radius = 5.0

    def cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        view, first = self._table, index.column() == 0
        painter.setPen(ink("text"))
        role = "table-600" if view.is_strong(index.row()) else "table"
        room = area.adjusted(0, 0, 0 if first else -EDGE_PX, 0)
        draw_words(painter, room, str(index.data()), role, view.wide, LEFT if first else RIGHT, elide=first)


class TextTableView(PaintedTable):
    """Shows a `TextTable`; the first column takes the room that numbers leave."""

    row_px = (22, 26)

    def __init__(self) -> None:
        self.cells = TextTableModel()
        super().__init__(self.cells, _Cells(), PaintedHeads(HEAD_PX, (0, EDGE_PX)))

    def show_table(self, table: TextTable) -> None:
        """Show another table."""
        self.cells.set_table(table)
        self.setAccessibleName(table.title)
        self.size_columns()

    def copy(self) -> None:
        """Put the table on the clipboard."""
        copy_text(self, self.cells.table.text())

    def is_strong(self, row: int) -> bool:
        """Whether a row sums the others up."""
        table = self.cells.table
        return row == 0 and bool(table.rows) and not table.rows[0][0][:1].isdigit()

    def size_columns(self) -> None:
        """Numbers take what they need, names the rest."""
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
