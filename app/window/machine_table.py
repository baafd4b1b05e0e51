"""The machine table: drawn rows, a sortable head, and the machine that the plan stands on."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.present.machines import COLUMNS, MachineRow
from app.window.machine_model import NUMBERS, MachineModel, MachineOrder, RowRole
from app.window.parts.badge import TONE_ICONS
from app.window.parts.drawing import box, draw_marker
from app.window.parts.words import LEFT, RIGHT, draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.words import say

ROW_PX = 22.5
ROW_WIDE_PX = 28.0
HEAD_PX = 26
MARKER_PX = 26
PAD_PX = 8
GAP_PX = 9
WIDE_ONLY = ("memory", "energy")
"""Columns for tables from `ALL_COLUMNS_PX` on."""
ALL_COLUMNS_PX = 1000
SPARED = ("energy", "memory", "interval", "site_unit")
"""Columns that go first where the words would not fit."""
FITS_PX = 150
"""Least room for the reason; longer ones end in …"""
MOST_AIR_PX = 34.0


def cell_role(row: MachineRow, column: str) -> str:
    """Which font a cell takes."""
    bold = row.is_chosen and column in ("machine", "gpu_hours")
    strong = row.cells[column].tone == "strong" or (row.is_own and column == "machine")
    return "table-600" if bold or strong or row.cells[column].tone == "unk" else "table"


class _RowDelegate(QStyledItemDelegate):
    """Draws one cell; the row's ground is drawn by its parts, so that it reads as one band."""

    def __init__(self, table: MachineTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(40, self._table.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(RowRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        self._ground(painter, area, row, index)
        column = COLUMNS[index.column()]
        if column == "machine":
            self._machine(painter, area, row)
        elif column == "fits":
            self._fits(painter, area, row)
        else:
            self._text(painter, area.adjusted(0, 0, -GAP_PX, 0), row, column)
        painter.restore()

    def _ground(
        self, painter: QPainter, area: QRectF, row: MachineRow, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        palette = inks()
        width = self._table.viewport().width()
        whole = QRectF(0, area.top(), width, area.height())
        painter.save()
        painter.setClipRect(area)
        fill = palette.soft if row.is_chosen else palette.sunken if row.is_own else None
        hovered = self._table.hovered_row == index.row()
        if fill is None and hovered:
            fill = palette.window
        if fill is not None:
            box(painter, whole, 6, QColor(fill))
        elif not self._table.neighbour_has_ground(index.row()):
            painter.fillRect(QRectF(0, area.bottom() - 1, width, 1), QColor(palette.border))
        if self._table.hasFocus() and self._table.currentIndex().row() == index.row():
            box(painter, whole, 6, None, QColor(palette.accent), 1.5)
        painter.restore()

    def _machine(self, painter: QPainter, area: QRectF, row: MachineRow) -> None:
        size = 10.0 if not self._table.wide else 11.0
        centre = QPointF(area.left() + 13, area.center().y())
        draw_marker(painter, row.mark, inks(), centre, size)
        room = area.adjusted(MARKER_PX, 0, -2, 0)
        role = "table-600" if row.is_chosen or row.is_own else "table"
        painter.setPen(ink("text"))
        draw_words(painter, room, row.cells["machine"].text, role, self._table.wide, elide=True)

    def _fits(self, painter: QPainter, area: QRectF, row: MachineRow) -> None:
        palette = inks()
        colour = palette.tone(row.verdict)[0]
        left = area.left() + GAP_PX
        size = 14 if not self._table.wide else 15
        draw_icon(painter, TONE_ICONS[row.verdict], colour, QRectF(left, area.top(), 14, area.height()), size)
        room = area.adjusted(GAP_PX + 20, 0, -4, 0)
        unknown = row.verdict == "unk"
        painter.setPen(QColor(palette.unk if unknown else palette.text2))
        role = "table-600" if unknown else "table"
        draw_words(painter, room, row.cells["fits"].text, role, self._table.wide, elide=True)

    def _text(self, painter: QPainter, area: QRectF, row: MachineRow, column: str) -> None:
        cell = row.cells[column]
        tone = {"quiet": "text2", "unk": "unk"}.get(cell.tone, "text")
        painter.setPen(ink(tone))
        draw_words(painter, area, cell.text, cell_role(row, column), self._table.wide, RIGHT)


class _Head(QHeaderView):
    """Titles in text3; the column that sorts has an arrow."""

    def __init__(self, table: MachineTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setFixedHeight(HEAD_PX)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(text(say("Sort by column")))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        palette = inks()
        area = QRectF(rect)
        painter.fillRect(area, QColor(palette.surface))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), QColor(palette.border))
        column = COLUMNS[section]
        numbers = column in NUMBERS
        left = PAD_PX if column == "machine" else GAP_PX
        room = area.adjusted(left, 0, -GAP_PX if numbers else 0, 0)
        sorting = self._table.sort_column == section
        painter.setPen(QColor(palette.accent if sorting else palette.text3))
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        draw_words(painter, room, words, "head", self._table.wide, RIGHT if numbers else LEFT)
        if sorting:
            self._arrow(painter, room, numbers, words)
        painter.restore()

    def _arrow(self, painter: QPainter, room: QRectF, numbers: bool, text: str) -> None:
        width = text_width(text, "head", self._table.wide)
        x = room.right() - width - 14 if numbers else room.left() + width + 3
        ascending = self._table.sort_order == Qt.SortOrder.AscendingOrder
        name = "chevron-up" if ascending else "chevron-down"
        draw_icon(painter, name, inks().accent, QRectF(x, room.top(), 11, room.height()), 11)


class MachineTable(QTableView):
    """All machines; a click chooses one, a click on a title sorts, a third click restores the order."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.wide = False
        self.sort_column = -1
        self.sort_order = Qt.SortOrder.AscendingOrder
        self.hovered_row = -1
        self._chosen_id: str | None = None
        self.machines = MachineModel()
        self.order = MachineOrder(self.machines)
        self.setModel(self.order)
        self.setItemDelegate(_RowDelegate(self))
        head = _Head(self)
        self.setHorizontalHeader(head)
        head.sectionClicked.connect(self._sort_clicked)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(text(say("Machines")))
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    # ------------------------------------------------------------ content

    def show_rows(self, rows: tuple[MachineRow, ...], titles: dict[str, str]) -> None:
        """Show other rows."""
        self.machines.set_rows(rows, titles)
        self._chosen_id = next((row.machine_id for row in rows if row.is_chosen), None)
        self._size_rows()
        self._size_columns()
        place = self.order.place_of(self._chosen_id)
        if place >= 0 and self.currentIndex().row() != place and not self.hasFocus():
            self.setCurrentIndex(self.order.index(place, 0))
        self.viewport().update()

    def rows_in_order(self) -> list[MachineRow]:
        """The rows as they stand on the screen."""
        found = (self.order.row_at(i) for i in range(self.order.rowCount()))
        return [row for row in found if row is not None]

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.wide = wide
        self._size_rows()
        self._size_columns()

    def row_height(self) -> int:
        """Height of one row in pixels; the mean of the rows is `ROW_PX`."""
        return round(ROW_WIDE_PX if self.wide else ROW_PX)

    def natural_height(self) -> int:
        """Height without scrolling."""
        return HEAD_PX + sum(self.rowHeight(i) for i in range(self.order.rowCount())) + 1

    def neighbour_has_ground(self, row: int) -> bool:
        """Whether the row below has a ground of its own, so that no hairline is drawn above it."""
        below = self.order.row_at(row + 1)
        return below is None or below.is_chosen or below.is_own

    def _size_rows(self) -> None:
        size = ROW_WIDE_PX if self.wide else ROW_PX
        for row in range(self.order.rowCount()):
            self.setRowHeight(row, int((row + 1) * size) - int(row * size))

    # ------------------------------------------------------------ columns

    def _size_columns(self) -> None:
        """Every column as wide as its words; room left is shared, columns that find none are spared."""
        room = self.viewport().width()
        if not self.machines.rows or room < 60:
            return
        widths = {column: self._natural(column) for column in COLUMNS}
        widths["fits"] = min(widths["fits"], FITS_PX)
        spared = set(WIDE_ONLY) if self.width() < ALL_COLUMNS_PX else set()
        for column in SPARED:
            if sum(widths[name] for name in COLUMNS if name not in spared) > room:
                spared.add(column)
        shown = [column for column in COLUMNS if column not in spared]
        left = room - sum(widths[column] for column in shown)
        for column in shown[1:-1]:
            widths[column] += min(max(0.0, left / (len(shown) - 1)), MOST_AIR_PX)
        left = room - sum(widths[column] for column in shown)
        widths["machine"] += min(60.0, max(0.0, left - 40.0) * 0.4)
        widths["fits"] = room - sum(int(widths[column]) for column in shown[:-1])
        for place, column in enumerate(COLUMNS):
            self.setColumnHidden(place, column in spared)
            self.setColumnWidth(place, max(20, int(widths[column])))

    def _natural(self, column: str) -> float:
        head = text_width(self.machines.titles[column], "head", self.wide)
        cells = max(
            text_width(row.cells[column].text, cell_role(row, column), self.wide)
            for row in self.machines.rows
        )
        if column == "machine":
            return max(head, cells + MARKER_PX) + PAD_PX
        if column == "fits":
            return max(head, cells + 20) + GAP_PX + 4
        return max(head, cells) + GAP_PX + 6

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._size_columns()

    # ------------------------------------------------------------ choosing and sorting

    def _choose(self, index: QModelIndex) -> None:
        row = self.order.row_at(index.row())
        if row is not None and not row.is_own and row.in_service:
            self.chosen.emit(row.machine_id)

    def _sort_clicked(self, column: int) -> None:
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if self.sort_column != column:
            self.sort_by(column, ascending)
        elif self.sort_order == ascending:
            self.sort_by(column, descending)
        else:
            self.sort_by(-1, ascending)

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        """Sort by a column; -1 is the first order: what fits, cheapest first."""
        self.sort_column, self.sort_order = column, order
        self.order.sort(column, order)
        self._size_rows()
        self.viewport().update()
        self.horizontalHeader().viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hover(-1)
        super().leaveEvent(event)  # type: ignore[arg-type]

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            found = self.order.row_at(row) if row >= 0 else None
            choosable = found is not None and not found.is_own and found.in_service
            self.setCursor(Qt.CursorShape.PointingHandCursor if choosable else Qt.CursorShape.ArrowCursor)
            self.viewport().update()
