"""The milestone table: rows as the form wants them, the sum last."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from app.present.milestones import MILESTONE_HEADS, MilestoneRow, MilestoneTable
from app.window.held import copy_text
from app.window.parts.painted_table import Index, LinesModel, PaintedCells, PaintedHeads, PaintedTable
from app.window.parts.words import LEFT, RIGHT, draw_words, text_width
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.words import say

HEAD_PX = 26
PAD_PX, GAP_PX = 8, 20
LAST = len(MILESTONE_HEADS) - 1
SPARED = (4, 3, 2)
"""Columns that go first where names have no room: seconds, steps, nodes. A copy has them all."""
NAMES_PX = 120
NOTHING = MilestoneTable((), "", True, ())
RowRole = Qt.ItemDataRole.UserRole + 1


class MilestoneModel(LinesModel):
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

    def heads(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(map(text, MILESTONE_HEADS))

    def line_count(self) -> int:
        """How many rows there are, the sum among them."""
        return len(self.table.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.table.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tooltip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{text(MILESTONE_HEADS[index.column()])}: {row.cells[index.column()]}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return row if role == RowRole else None


class _Cells(PaintedCells):
    def fill(self, index: Index) -> str | None:
        row: MilestoneRow = index.data(RowRole)
        palette = inks()
        return palette.soft if row.is_chosen else palette.sunken if row.kind == "total" else None

    def cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        row: MilestoneRow = index.data(RowRole)
        view = self._table
        total, last = row.kind == "total", index.column() == LAST
        tone = "text3" if view.is_refining and index.column() else "text"
        painter.setPen(ink(tone))
        role = "table-600" if total or last or (row.is_chosen and not index.column()) else "table"
        room = area.adjusted(PAD_PX, 0, -PAD_PX, 0)
        side = RIGHT if index.column() else LEFT
        draw_words(painter, room, str(index.data()), role, view.wide, side, elide=not index.column())


class MilestoneView(PaintedTable):
    """A click or Enter on a row selects its run, a double click opens it."""

    run_selected = Signal(str)
    run_opened = Signal(str)

    def __init__(self) -> None:
        self.rows = MilestoneModel()
        self.is_refining = False
        super().__init__(self.rows, _Cells(), PaintedHeads(HEAD_PX, (PAD_PX, PAD_PX)))
        self.setAccessibleName(text(say("Milestones for the form")))
        self.clicked.connect(lambda index: self._select(index, self.run_selected))
        self.activated.connect(lambda index: self._select(index, self.run_opened))

    def show_table(self, table: MilestoneTable) -> None:
        """Show another table."""
        self.rows.set_table(table)
        self.size_columns()
        self.viewport().update()

    def set_refining(self, refining: bool) -> None:
        """Show the figures as those of an earlier plan."""
        if refining != self.is_refining:
            self.is_refining = refining
            self.viewport().update()

    def copy(self) -> None:
        """Put the table on the clipboard."""
        copy_text(self, self.rows.table.text())

    def natural_height(self) -> int:
        """Height without scrolling."""
        return HEAD_PX + self.row_height() * len(self.rows.table.rows)

    def _select(self, index: QModelIndex, signal: Any) -> None:
        row = index.data(RowRole)
        if row is not None and row.run_id is not None:
            signal.emit(row.run_id)

    def size_columns(self) -> None:
        """Numbers take what they need, names the rest; columns go where names have no room."""
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
        return round(max([text_width(text(MILESTONE_HEADS[column]), "head", self.wide), *cells]) + GAP_PX)
