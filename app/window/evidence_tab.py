"""The tab Evidence: published runs against their predictions, those nearest to the plan, and the errors."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QSizePolicy, QWidget

from app.present import evidence as present
from app.present import evidence_tables as tables
from app.present.evidence import EvidenceFilter
from app.window.chart_slot import SeriesSlot
from app.window.nearest_runs import NearestRuns
from app.window.parts.buttons import IconButton
from app.window.parts.card import Surface, column, row
from app.window.parts.select import Select
from app.window.parts.text import ElidedText
from app.window.text_table import TextTableView
from app.window.theme.fonts import WIDE_FROM_PX
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import say


class EvidenceTab(Surface):
    """Charts left, tables right; the filters above hold for all of them but the nearest runs."""

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self._catalogue: Catalogue | None = None
        self.models = _select(text(say("Models shown")), present.MODELS, self._show)
        self.gpus = _select(text(say("GPUs shown")), present.gpu_choices(None, None), self._show)
        self.grouping = _select(text(say("Table shown")), tables.GROUPINGS, self._show_table)
        self.note = ElidedText(text(present.HELD_OUT), "label", "text2")
        self.ratio = SeriesSlot(say("Predicted against measured"))
        self.reliability = SeriesSlot(say("Reliability of the intervals"))
        self.reliability.setToolTip(text(tables.METHOD))
        self.charts = (self.ratio, self.reliability)
        self.nearest = NearestRuns()
        self.table = TextTableView()
        self.copy = IconButton("copy", text(say("Copy the table")), self.table.copy, size=14, box_px=24)
        self._arrange()

    def _arrange(self) -> None:
        layout = column(self, (12, 8, 12, 8), 8)
        head = row(gap=8)
        for select, width in ((self.models, 176), (self.gpus, 216)):
            select.setFixedWidth(width)
            head.addWidget(select)
        head.addWidget(self.note, 1)
        layout.addLayout(head)
        free = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        panels = (self.ratio, self.nearest, self.reliability, self._table_panel())
        for panel in panels:  # only the stretch below shares the room, whatever they hold
            panel.setSizePolicy(free)
        above, below = row(gap=20), row(gap=20)
        for line, left, right in ((above, *panels[:2]), (below, *panels[2:])):
            line.addWidget(left, 57)
            line.addWidget(right, 43)
        layout.addLayout(above, 58)
        layout.addLayout(below, 42)

    def _table_panel(self) -> QWidget:
        panel = QWidget()
        layout = column(panel, gap=2)
        head = row(gap=6)
        head.addWidget(self.grouping, 1)
        head.addWidget(self.copy)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        panel.setMinimumWidth(200)
        return panel

    # ------------------------------------------------------------ content

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Stand another plan among the runs; nothing moves while values are dragged."""
        if not comparison.final and self._comparison is not None:
            return
        self._comparison, self._catalogue = comparison, catalogue
        choices = [(words, key) for words, key in present.gpu_choices(comparison, catalogue)]
        keys = [key for _, key in choices]
        chosen = self.gpus.currentData()
        self.gpus.set_choices(list(choices), chosen if chosen in keys else present.ALL)
        self.nearest.show_rows(present.nearest_rows(comparison, catalogue))
        self._show()

    def filter(self) -> EvidenceFilter:
        """What the fields ask for."""
        return EvidenceFilter(str(self.models.currentData()), str(self.gpus.currentData()))

    def _show(self) -> None:
        series = present.evidence_series(self._comparison, self._catalogue, self.filter())
        self.ratio.show_series(series)
        self.reliability.show_series(tables.reliability_series(self._runs()))
        self._show_table()

    def _show_table(self) -> None:
        self.table.show_table(tables.table_of(self.grouping.currentData(), self._runs()))

    def _runs(self) -> tuple[Any, ...]:
        return present.shown_runs(self.filter(), self._comparison, self._catalogue)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        wide = self.window().width() >= WIDE_FROM_PX
        if wide != self.table.wide:
            self.table.set_wide(wide)


def _select(name: str, choices: Any, changed: Any) -> Select:
    select = Select(height=28)
    select.setAccessibleName(name)
    select.setToolTip(name)
    select.set_choices(list(choices), choices[0][1])
    select.currentIndexChanged.connect(lambda _index: changed())
    return select
