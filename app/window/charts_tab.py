"""The tab Charts: both charts of the comparison, large."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.present.machines import chosen_id
from app.window.chart_slot import ChartSlot
from app.window.parts.card import Surface, row
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import say


class ChartsTab(Surface):
    """Side by side; each as large as the panel allows."""

    machine_selected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.charts = (
            ChartSlot(say("GPU-hours against days")),
            ChartSlot(say("Time against GPUs")),
        )
        layout = row(self, (12, 10, 12, 10), 20)
        for chart in self.charts:
            layout.addWidget(chart, 1)
            chart.machine_selected.connect(self.machine_selected)

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Show another result in both."""
        for chart in self.charts:
            chart.show_comparison(comparison, chosen_id(comparison), catalogue)
