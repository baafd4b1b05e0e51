"""The tab Machines: the table, and below it the chart of GPU-hours against days."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.present import machines as present
from app.window.chart_slot import ChartSlot
from app.window.held import copy_text
from app.window.machine_table import MachineTable
from app.window.parts.buttons import IconButton, LinkText
from app.window.parts.card import Surface, column, row
from app.window.parts.text import ElidedText
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import say

BOTH_CHARTS_FROM_PX = 1100
LEAST_CHART_PX = 190


class MachinesTab(Surface):
    """Table and charts of one comparison."""

    machine_selected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self._catalogue: Catalogue | None = None
        self._with_coming = False
        self.table = MachineTable()
        self.table.chosen.connect(self.machine_selected)
        self.note = ElidedText("", "label", "text3")
        self.show_all = LinkText(text(say("Show all")), self._toggle_coming)
        self.copy = IconButton("copy", text(say("Copy the table")), self.copy_table, size=14, box_px=24)
        self.hours = ChartSlot(say("GPU-hours against days"))
        self.time = ChartSlot(say("Time against GPUs"))
        self.charts = (self.hours, self.time)
        for chart in self.charts:
            chart.machine_selected.connect(self.machine_selected)
        self._arrange()

    def _arrange(self) -> None:
        layout = column(self, (12, 0, 12, 8), 0)
        layout.addWidget(self.table)
        foot = row(margins=(8, 1, 0, 3), gap=8)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.copy)
        foot.addWidget(self.show_all)
        layout.addLayout(foot)
        below = row(gap=24)
        below.addWidget(self.hours, 59)
        below.addWidget(self.time, 41)
        layout.addLayout(below, 1)
        self.time.hide()

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Show another result in table and charts."""
        self._comparison, self._catalogue = comparison, catalogue
        self._show_table()
        chosen = present.chosen_id(comparison)
        for chart in self.charts:
            if not chart.isHidden() or chart.view is None:
                chart.show_comparison(comparison, chosen, catalogue)

    def show_mode(self, mode_id: str | None) -> None:
        """Mark the access mode of the whole request in the charts."""
        for chart in self.charts:
            chart.show_mode(mode_id)

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self.table.set_wide(wide)
        self._fit_table()

    def copy_table(self) -> None:
        """Put the rows, in the order of the screen, on the clipboard."""
        if self._comparison is None:
            return
        date = self._comparison.catalogue_date
        copy_text(self, present.table_text(self.table.rows_in_order(), self.table.machines.titles, date))

    def _toggle_coming(self) -> None:
        self._with_coming = not self._with_coming
        self._show_table()

    def _show_table(self) -> None:
        if self._comparison is None or self._catalogue is None:
            return
        rows = present.rows(self._comparison, self._catalogue, self._with_coming)
        self.table.show_rows(rows, present.heads(self._comparison))
        self.note.setText(present.hidden_sentence(self._comparison, self._with_coming))
        words = text(say("In service only")) if self._with_coming else text(say("Show all"))
        self.show_all.setText(words)
        self.show_all.setAccessibleName(words)
        self.show_all.updateGeometry()
        self._fit_table()

    def _fit_table(self) -> None:
        room = self.height() - LEAST_CHART_PX - 30
        self.table.setFixedHeight(max(120, min(self.table.natural_height(), room)))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit_table()
        both = self.width() >= BOTH_CHARTS_FROM_PX
        if both == self.time.isHidden():
            self.time.setVisible(both)
            if both and self._comparison is not None and self._catalogue is not None:
                chosen = present.chosen_id(self._comparison)
                self.time.show_comparison(self._comparison, chosen, self._catalogue)
