"""The table of access modes: what fits, the next date, and a tick for what is offered today."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter

from app.present.access import HEADS, AccessRow, table_text, tick_help
from app.window.held import copy_text
from app.window.parts.badge import TONE_ICONS
from app.window.parts.drawing import box
from app.window.parts.painted_table import Index, LinesModel, PaintedCells, PaintedHeads, PaintedTable
from app.window.parts.words import LEFT, draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.words import say

HEAD_PX = 23
EDGE_PX, GAP_PX, ICON_PX = 6, 6, 19
TICK = len(HEADS) - 1
VERDICT = 2
TICK_PX = 14
_CHECKS = {
    True: Qt.CheckState.Checked,
    False: Qt.CheckState.Unchecked,
    None: Qt.CheckState.PartiallyChecked,
}


class AccessModel(LinesModel):
    """One row for each mode."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[AccessRow, ...] = ()

    def set_rows(self, rows: tuple[AccessRow, ...]) -> None:
        """Hold other rows; the place of the keyboard stays while the modes do."""
        if [row.mode_id for row in rows] == [row.mode_id for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, TICK))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def heads(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(map(text, HEADS))

    def line_count(self) -> int:
        """How many modes there are."""
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        is_tick = index.column() == TICK
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if is_tick else row.cells[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole and is_tick:
            return _CHECKS[row.offered]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tick_help(row) if is_tick else "\n".join((row.verdict, *map(text, row.door.changes)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{text(HEADS[index.column()])}: {row.cells[index.column()]}"
        return None


class _Cells(PaintedCells):
    radius = 6.0

    def fill(self, index: Index) -> str | None:
        return inks().soft if index.row() == self._table.shown_row() else None

    def cell(self, painter: QPainter, area: QRectF, index: Index) -> None:
        row = self._table.modes.rows[index.row()]
        if index.column() == TICK:
            self._tick(painter, area, row)
        elif index.column() == VERDICT:
            self._verdict(painter, area, row)
        else:
            self._words(painter, area, row, index.column())

    def _words(self, painter: QPainter, area: QRectF, row: AccessRow, column: int) -> None:
        role = "table-600" if column == 0 else "table"
        unknown = row.cells[column] in ("not found", "not published")
        painter.setPen(ink("unk" if unknown else "text" if column == 0 else "text2"))
        room = area.adjusted(EDGE_PX, 0, -2, 0)
        draw_words(painter, room, row.cells[column], role, self._table.wide, LEFT, elide=True)

    def _verdict(self, painter: QPainter, area: QRectF, row: AccessRow) -> None:
        colour = inks().tone(row.tone)[0]
        place = QRectF(area.left() + EDGE_PX, area.top(), 14, area.height())
        draw_icon(painter, TONE_ICONS[row.tone], colour, place, 14)
        painter.setPen(ink("text" if row.is_chosen else "text2"))
        role = "table-600" if row.is_chosen else "table"
        room = area.adjusted(EDGE_PX + ICON_PX, 0, -2, 0)
        draw_words(painter, room, row.verdict, role, self._table.wide, LEFT, elide=True)

    def _tick(self, painter: QPainter, area: QRectF, row: AccessRow) -> None:
        """The user's own tick in accent; what the catalogue last saw in grey, dashed where it saw nothing."""
        palette = inks()
        top = area.center().y() - TICK_PX / 2
        square = QRectF(area.left() + EDGE_PX + 2, round(top), TICK_PX, TICK_PX)
        edge = QColor(palette.accent if row.by_user else palette.strong)
        box(painter, square, 3, None, edge, 1.3, dashed=row.offered is None)
        if row.offered:
            colour = palette.accent if row.by_user else palette.text3
            draw_icon(painter, "check", colour, square, 11)


class AccessTable(PaintedTable):
    """All modes; a click shows one in full, a click on its tick says whether it is offered today."""

    mode_shown = Signal(str)
    tick_clicked = Signal(str)

    row_px = (24, 28)

    def __init__(self) -> None:
        self._shown = ""
        self.modes = AccessModel()
        heads = PaintedHeads(HEAD_PX, (EDGE_PX, 0), numbers_right=False)
        super().__init__(self.modes, _Cells(), heads)
        self.setAccessibleName(text(say("Access modes")))

    # ------------------------------------------------------------ content

    def show_rows(self, rows: tuple[AccessRow, ...], shown: str) -> None:
        """Show other rows, one of them as the one in full."""
        self._shown = shown
        self.modes.set_rows(rows)
        self.size_columns()
        self.viewport().update()

    def shown_row(self) -> int:
        """Place of the mode that is shown in full; -1 for none."""
        return next((i for i, row in enumerate(self.modes.rows) if row.mode_id == self._shown), -1)

    def copy(self) -> None:
        """Put the table on the clipboard."""
        copy_text(self, table_text(self.modes.rows))

    def natural_height(self) -> int:
        """Height without scrolling."""
        return HEAD_PX + len(self.modes.rows) * self.row_height() + 1

    def size_columns(self) -> None:
        """All columns share what is left; without room the verdict gives way."""
        rows, room = self.modes.rows, self.viewport().width()
        if not rows or room < 60:
            return
        for place in range(len(rows)):
            self.setRowHeight(place, self.row_height())
        widths = [self._natural(column) for column in range(len(HEADS))]
        left = room - sum(widths)
        if left < 0:  # the verdict gives way, its tooltip says it all
            widths[VERDICT] = max(90, widths[VERDICT] + left)
        else:
            widths = [width + left // len(widths) for width in widths]
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def _natural(self, column: int) -> int:
        role = "table-600" if column in (0, VERDICT) else "table"
        cells = (text_width(row.cells[column], role, self.wide) for row in self.modes.rows)
        words = max(cells) if column != TICK else TICK_PX + 4
        extra = ICON_PX if column == VERDICT else 0
        gap = GAP_PX if column != TICK else 0
        return round(max(text_width(text(HEADS[column]), "head", self.wide), words + extra) + EDGE_PX + gap)

    # ------------------------------------------------------------ pointer and keyboard

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._take(index.row(), index.column() == TICK)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if event.key() == Qt.Key.Key_Space and row >= 0:
            self._take(row, ticks=True)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._take(row, ticks=False)
        else:
            super().keyPressEvent(event)

    def _take(self, row: int, ticks: bool) -> None:
        mode = self.modes.rows[row].mode_id
        (self.tick_clicked if ticks else self.mode_shown).emit(mode)
