"""The table of access modes: what fits, the next date, and a tick for what is offered today."""

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
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.present.access import HEADS, AccessRow, table_text, tick_help
from app.window.parts.badge import TONE_ICONS
from app.window.parts.drawing import box
from app.window.parts.words import LEFT, draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks

ROW_PX, ROW_WIDE_PX, HEAD_PX = 24, 28, 23
EDGE_PX, GAP_PX, ICON_PX = 6, 6, 19
TICK = len(HEADS) - 1
VERDICT = 2
TICK_PX = 14
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
_CHECKS = {
    True: Qt.CheckState.Checked,
    False: Qt.CheckState.Unchecked,
    None: Qt.CheckState.PartiallyChecked,
}


class AccessModel(QAbstractTableModel):
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

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADS)

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
            return tick_help(row) if is_tick else "\n".join((row.verdict, *row.door.changes))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{HEADS[index.column()]}: {row.cells[index.column()]}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None


class _Rows(QStyledItemDelegate):
    """Draws one cell; the ground of a row is drawn by its parts."""

    def __init__(self, table: AccessTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, self._table.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, area = self._table.modes.rows[index.row()], QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, area, index)
        if index.column() == TICK:
            self._tick(painter, area, row)
        elif index.column() == VERDICT:
            self._verdict(painter, area, row)
        else:
            self._words(painter, area, row, index.column())
        painter.restore()

    def _ground(self, painter: QPainter, area: QRectF, index: Index) -> None:
        palette, table = inks(), self._table
        whole = QRectF(0, area.top(), table.viewport().width(), area.height())
        painter.save()
        painter.setClipRect(area)
        if index.row() == table.shown_row():
            box(painter, whole.adjusted(0, 1, 0, -1), 6, QColor(palette.soft))
        painter.fillRect(QRectF(0, area.bottom() - 1, whole.width(), 1), QColor(palette.border))
        if table.hasFocus() and table.currentIndex().row() == index.row():
            box(painter, whole, 6, None, QColor(palette.accent), 1.5)
        painter.restore()

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


class _Heads(QHeaderView):
    def __init__(self, table: AccessTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
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
        draw_words(painter, area.adjusted(EDGE_PX, 0, 0, 0), text, "head", self._table.wide, LEFT)
        painter.restore()


class AccessTable(QTableView):
    """All modes; a click shows one in full, a click on its tick says whether it is offered today."""

    mode_shown = Signal(str)
    tick_clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.wide = False
        self._shown = ""
        self.modes = AccessModel()
        self.setModel(self.modes)
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
        self.setAccessibleName("Access modes")

    # ------------------------------------------------------------ content

    def show_rows(self, rows: tuple[AccessRow, ...], shown: str) -> None:
        """Show other rows, one of them as the one in full."""
        self._shown = shown
        self.modes.set_rows(rows)
        self._size()
        self.viewport().update()

    def shown_row(self) -> int:
        """Place of the mode that is shown in full; -1 for none."""
        return next((i for i, row in enumerate(self.modes.rows) if row.mode_id == self._shown), -1)

    def copy(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(table_text(self.modes.rows))

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.wide = wide
        self._size()

    def row_height(self) -> int:
        """Height of one row in pixels."""
        return ROW_WIDE_PX if self.wide else ROW_PX

    def natural_height(self) -> int:
        """Height without scrolling."""
        return HEAD_PX + len(self.modes.rows) * self.row_height() + 1

    def _size(self) -> None:
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
        return round(max(text_width(HEADS[column], "head", self.wide), words + extra) + EDGE_PX + gap)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._size()

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
