"""The main page: one open plan with its answer, its inputs and the tabs."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.plan.schema import Plan
from app.present import answer as present
from app.present.runs import run_lines, totals
from app.window import runs_panel
from app.window.answer_strip import COMPACT_BELOW_PX, AnswerStrip
from app.window.chart_slot import ChartSlot
from app.window.document import Document
from app.window.parts.card import column, hairline, row
from app.window.questions import panel
from app.window.questions.panel import QuestionsPanel
from app.window.refresh import Estimator, Refresher
from app.window.runs_panel import RunsPanel
from app.window.status_strip import StatusStrip
from app.window.theme.fonts import WIDE_FROM_PX
from app.window.timing import report
from app.window.workspace import Workspace
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison

FOLDS_OPEN_FROM_PX = 940
"""Height from which all expert settings find room."""


class Workbench(QWidget):
    """Everything about one document.

    `refused` carries a sentence when the plan of the moment has no answer.
    """

    refused = Signal(str)
    accepted = Signal()
    chart_drawn = Signal()

    def __init__(self, document: Document, catalogue: Catalogue, estimator: Estimator) -> None:
        super().__init__()
        self.document = document
        self._catalogue = catalogue
        self.run_id = document.plan.runs[0].id
        self.comparison: Comparison | None = None
        self.refresher = Refresher(catalogue, estimator)
        self.refresher.answered.connect(self._show)
        self.refresher.refused.connect(self._refused)
        self.refresher.measured_refused.connect(self._measured_refused)
        self._wide = self._folds_open = False
        self._charts_loaded = False
        self.answer = AnswerStrip(self.copy_answer, self.explain, self.show_machines)
        self.runs = RunsPanel(self.choose_run)
        self.questions = QuestionsPanel(document, catalogue, 0)
        self.tabs = Workspace()
        self.status = StatusStrip()
        self._arrange()
        self.tabs.machine_selected.connect(self.choose_machine)
        self.tabs.tab_shown.connect(self.fill_charts)
        document.changed.connect(self._ask)

    def _arrange(self) -> None:
        layout = column(self)
        layout.addWidget(self.answer)
        body = row()
        self.runs.setFixedWidth(runs_panel.WIDTH)
        self.questions.setFixedWidth(panel.WIDTH)
        body.addWidget(self.runs)
        body.addWidget(self.questions)
        body.addWidget(hairline(vertical=True))
        body.addWidget(self.tabs, 1)
        layout.addLayout(body, 1)
        layout.addWidget(self.status)
        self._body = body

    # ------------------------------------------------------------ answers

    def answer_now(self) -> None:
        """The full answer before the first paint."""
        self.refresher.answer_now(self.document.plan, self.run_id)

    def _ask(self, plan: Plan) -> None:
        self.refresher.request(plan, self.run_id)

    @property
    def is_settled(self) -> bool:
        """Whether the answer is final and the charts that show are drawn."""
        final = self.comparison is not None and self.comparison.final
        waiting = [slot for slot in self.visible_slots() if slot.view is None]
        return final and self.refresher.is_settled and not waiting

    def _show(self, comparison: Comparison, milliseconds: float) -> None:
        self.comparison = comparison
        self.answer.show_comparison(comparison, self._catalogue)
        lines = run_lines(self.document.plan, self.run_id, comparison, self._catalogue)
        self.runs.show_runs(lines, totals(comparison))
        self.questions.show_comparison(comparison)
        self.tabs.show_comparison(comparison, self._catalogue)
        self.status.show_comparison(comparison, self._catalogue, milliseconds)
        self.accepted.emit()

    def _refused(self, sentence: str) -> None:
        self.status.show_refused()
        self.refused.emit(sentence)

    def _measured_refused(self, sentence: str) -> None:
        self.status.show_refused()
        self.questions.show_measured_error(sentence)

    # ------------------------------------------------------------ deeds

    def choose_machine(self, machine_id: str) -> None:
        """Make a machine the plan's own; a GPU count that was named for another goes with it."""
        if machine_id == self.document.plan.target.machine:
            return
        index = [run.id for run in self.document.plan.runs].index(self.run_id)
        self.document.change_together({"target.machine": machine_id, f"runs.{index}.gpus": None})

    def choose_run(self, run_id: str) -> None:
        """Show another run of the plan."""
        if run_id == self.run_id:
            return
        self.run_id = run_id
        index = [run.id for run in self.document.plan.runs].index(run_id)
        fresh = QuestionsPanel(self.document, self._catalogue, index)
        fresh.setFixedWidth(self.questions.width())
        fresh.open_folds(self._folds_open)
        self._body.replaceWidget(self.questions, fresh)
        self.questions.deleteLater()
        self.questions = fresh
        self.answer_now()

    def copy_answer(self) -> None:
        """Put the answer on the clipboard, in words; only a final one."""
        if self.comparison is not None and self.comparison.final:
            QGuiApplication.clipboard().setText(present.answer_text(self.comparison, self._catalogue))

    def explain(self) -> None:
        """Show where the headline comes from."""
        self.tabs.show_tab("Explanation")
        self.tabs.page("Explanation").tree.setFocus()

    def show_machines(self) -> None:
        """Show the table."""
        self.tabs.show_tab("Machines")
        self.tabs.machines.table.setFocus()

    # ------------------------------------------------------------ charts

    def visible_slots(self) -> list[ChartSlot]:
        """Places for charts on the front tab."""
        slots: tuple[ChartSlot, ...] = getattr(self.tabs.page(self.tabs.tab), "charts", ())
        return [slot for slot in slots if not slot.isHidden()]

    def load_charts(self) -> None:
        """Import matplotlib, which is slow, then draw; call after the first paint."""
        self._charts_loaded = True
        self.answer.name_evidence()
        self.fill_charts()

    def fill_charts(self, _tab: str = "") -> None:
        """Make the charts that show and are not made yet, one for each turn of the event loop."""
        if not self._charts_loaded or not self.isVisible():
            return
        empty = [slot for slot in self.visible_slots() if slot.view is None]
        if not empty:
            return
        from app import charts

        kinds = {kind.title: kind for kind in (getattr(charts, name) for name in charts.__all__)}
        empty[0].fill(kinds[empty[0].title]())
        QTimer.singleShot(0, self._after_chart)

    def _after_chart(self) -> None:
        report("first chart")
        self.chart_drawn.emit()
        self.fill_charts()

    # ------------------------------------------------------------ sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        window = self.window()
        wide = window.width() >= WIDE_FROM_PX
        self.answer.set_size(wide, compact=window.height() < COMPACT_BELOW_PX)
        if wide != self._wide:
            self._wide = wide
            self.runs.setFixedWidth(runs_panel.WIDTH_WIDE if wide else runs_panel.WIDTH)
            self.questions.setFixedWidth(panel.WIDTH_WIDE if wide else panel.WIDTH)
            self.tabs.set_wide(wide)
        opened = wide and window.height() >= FOLDS_OPEN_FROM_PX
        if opened != self._folds_open:
            self._folds_open = opened
            self.questions.open_folds(opened)
        if self._charts_loaded:
            QTimer.singleShot(0, self.fill_charts)
