"""The machine table for Qt: rows as a model, sorted by a proxy that keeps the user's hardware last."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from app.present.machines import COLUMNS, MachineRow
from app.words import text
from estimators.words import Name, say

RowRole = Qt.ItemDataRole.UserRole + 1
NUMBERS = {"gpus", "days", "gpu_hours", "interval", "site_unit", "memory", "energy"}
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class MachineModel(QAbstractTableModel):
    """Rows as `app.present.machines` makes them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[MachineRow, ...] = ()
        self.titles: dict[str, str] = dict.fromkeys(COLUMNS, "")

    def set_rows(self, rows: tuple[MachineRow, ...], titles: dict[str, str]) -> None:
        """Show other rows; the same machines in the same order keep selection and scroll."""
        same = [row.machine_id for row in rows] == [row.machine_id for row in self.rows]
        if same:
            self.rows, self.titles = rows, titles
            last = self.index(len(rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
            return
        self.beginResetModel()
        self.rows, self.titles = rows, titles
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[column].text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tooltip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.titles[column]}: {row.cells[column].text}"
        return row if role == RowRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.titles[COLUMNS[section]]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section] in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _tooltip(row: MachineRow, column: str) -> str:
    if column == "fits":
        return row.sentence
    if column == "machine":
        return row.answer.machine.name if not row.is_own else row.name
    if column == "gpus" and "GCD" in row.cells["gpus"].text:
        return text(
            say("A GCD is what software sees; two make one module, and the access modes count modules.")
        )
    units = row.answer.site_units
    if column == "site_unit" and units is not None and units.per_gpu_hour is not None:
        fact = units.per_gpu_hour
        return text(
            say(
                "{fact} {units} for each GPU-hour. {source}",
                fact=Name(fact.value) if fact.value else say("Not published"),
                units=Name(units.name),
                source=Name(fact.source),
            )
        ).strip()
    return ""


class MachineOrder(QSortFilterProxyModel):
    """Sorts by the keys of the cells; unknown values come last, the user's hardware last of all."""

    def __init__(self, model: MachineModel) -> None:
        super().__init__()
        self.setSourceModel(model)
        self._model = model

    def row_at(self, row: int) -> MachineRow | None:
        """The row that stands at this place on the screen."""
        found = self.index(row, 0).data(RowRole)
        return found if isinstance(found, MachineRow) else None

    def place_of(self, machine_id: str | None) -> int:
        """Where a machine stands on the screen, or -1."""
        places = (i for i in range(self.rowCount()) if self._at(i).machine_id == machine_id)
        return next(places, -1)

    def _at(self, row: int) -> MachineRow:
        found = self.row_at(row)
        assert found is not None
        return found

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = self._model.rows[left.row()], self._model.rows[right.row()]
        descending = self.sortOrder() == Qt.SortOrder.DescendingOrder
        if one.is_own != other.is_own:
            return other.is_own != descending
        column = COLUMNS[left.column()]
        first, second = one.cells[column].sort, other.cells[column].sort
        unknown = _is_unknown(first), _is_unknown(second)
        if unknown[0] != unknown[1]:
            return unknown[1] != descending
        if unknown[0] or first == second:
            return left.row() < right.row()
        return first < second  # type: ignore[operator]


def _is_unknown(key: float | str) -> bool:
    return isinstance(key, float) and math.isnan(key)
