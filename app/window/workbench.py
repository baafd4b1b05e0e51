"""The main page: one open plan with its answer, its inputs and the tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.plan.schema import Plan
from app.present import answer as present
from app.present.runs import run_lines, totals
from app.window import runs_panel
from app.window.answer_strip import COMPACT_BELOW_PX, AnswerStrip
from app.window.chart_slot import ChartSlot
from app.window.document import Document
from app.window.held import Held, copy_text
from app.window.parts.card import column, hairline, row
from app.window.questions import panel
from app.window.questions.panel import QuestionsPanel
from app.window.refresh import Estimator, Refresher
from app.window.run_deeds import RunDeeds
from app.window.run_scope import RunScope
from app.window.runs_panel import RunsPanel
from app.window.status_strip import StatusStrip
from app.window.tabs import FOLDS_QUESTIONS, TAKES_ONE_LINE, TabId
from app.window.theme.fonts import WIDE_FROM_PX
from app.window.timing import report
from app.window.workspace import Workspace
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import NOTHING, Name, Said, say

if TYPE_CHECKING:  # neither is there before the first paint
    from app.window.answer_line import AnswerLine
    from estimators.requests.results import Request

FOLDS_OPEN_FROM_PX = 940
"""Height from which all expert settings find room."""


class Workbench(QWidget):
    """Everything about one document.

    `refused` carries a sentence when the plan of the moment has no answer, `told` one about a deed that was
    not done; `held_changed` follows what keeps the answer from leaving the window; `doubted` says which
    scaling point waits to be confirmed.
    """

    refused = Signal(str)
    told = Signal(str)
    accepted = Signal()
    chart_drawn = Signal()
    counted = Signal()
    held_changed = Signal()
    doubted = Signal(str)

    def __init__(self, document: Document, catalogue: Catalogue, estimator: Estimator) -> None:
        super().__init__()
        self.document = document
        self._catalogue = catalogue
        self.deeds = RunDeeds(document)
        self.deeds.chosen.connect(self.choose_run)
        self.deeds.refused.connect(self.told)
        self.held = Held(document, lambda: self.run_id)
        self.comparison: Comparison | None = None
        self.request: Request | None = None
        self._told_held = ""
        self._milliseconds = 0.0
        self.refresher = Refresher(catalogue, estimator)
        self.refresher.answered.connect(self._show)
        self.refresher.refused.connect(self._refused)
        self.refresher.measured_refused.connect(self._measured_refused)
        self.refresher.requested.connect(self._show_request)
        self.refresher.request_refused.connect(self._request_refused)
        self._wide = self._folds_open = False
        self._charts_loaded = False
        self.answer = AnswerStrip(self.copy_answer, self.explain, self.show_machines)
        self.line: AnswerLine | None = None
        self.runs = RunsPanel(self.deeds)
        self.questions, self._scope = self._make_questions()
        self.tabs = Workspace(self._makers())
        self.status = StatusStrip()
        self._arrange()
        self.tabs.machine_selected.connect(self.choose_machine)
        self.tabs.tab_shown.connect(self._tab_shown)
        document.changed.connect(self._ask)
        document.faults_changed.connect(self._show_whole)

    def _arrange(self) -> None:
        self._layout = column(self)
        self._layout.addWidget(self.answer)
        body = row()
        self.runs.setFixedWidth(runs_panel.WIDTH)
        self.questions.setFixedWidth(panel.WIDTH)
        body.addWidget(self.runs)
        body.addWidget(self.questions)
        self._questions_edge = hairline(vertical=True)
        body.addWidget(self._questions_edge)
        body.addWidget(self.tabs, 1)
        self._layout.addLayout(body, 1)
        self._layout.addWidget(self.status)
        self._body = body

    @property
    def run_id(self) -> str:
        """The run on the screen."""
        return self.deeds.current

    def _makers(self) -> Mapping[TabId, Callable[[], QWidget]]:
        from app.window import request_tabs

        return request_tabs.makers(self.document, self.deeds)

    # ------------------------------------------------------------ answers

    def answer_now(self) -> None:
        """The full answer before the first paint."""
        self.refresher.answer_now(self.document.plan, self.run_id)

    def count_requests(self) -> None:
        """Count the whole plan from now on; call after the first paint."""
        self.refresher.count_requests()

    def _ask(self, plan: Plan) -> None:
        self._follow_runs(plan)
        self.refresher.request(plan, self.run_id)
        self._show_whole()

    @property
    def is_settled(self) -> bool:
        """Whether answer and request are final and the charts that show are drawn."""
        final = self.comparison is not None and self.comparison.final
        waiting = [slot for slot in self.visible_slots() if slot.view is None]
        return final and self.refresher.is_settled and self.refresher.is_counted and not waiting

    @property
    def can_export(self) -> bool:
        """Whether the request is final: nothing is exported while the plan is counted anew."""
        return self._is_counted and not self.held.words_of_deed()

    @property
    def _is_counted(self) -> bool:
        """Whether the request is that of the present plan."""
        return self.request is not None and self.refresher.is_counted and not self.held.problem

    @property
    def is_refining(self) -> bool:
        """Whether what shows of the request is that of an earlier plan."""
        if self.request is None:
            return False
        return not self.refresher.is_counted or bool(self.held.words_of_request())

    def hold_back(self, deed: str) -> bool:
        """Whether nothing may leave the window now; a sentence then says why the deed was not done."""
        words = self.held.words_of_deed()
        if words:
            self.told.emit(text(say("Not {deed}: {words}", deed=Name(deed), words=Name(words))))
        return bool(words)

    def _show(self, comparison: Comparison, milliseconds: float) -> None:
        self.comparison, self._milliseconds = comparison, milliseconds
        self.held.refuse("", "")
        self._show_answer()
        self.questions.show_comparison(comparison)
        self.tabs.show_comparison(comparison, self._catalogue)
        self._show_whole()
        self.accepted.emit()

    def _show_answer(self) -> None:
        """The run on the screen, and the access mode of the whole request."""
        if self.comparison is not None:
            self.answer.show_comparison(self.comparison, self._catalogue, self._access_said())

    def _access_said(self) -> Said:
        """Which access mode pays for the whole request; nothing while that is not counted."""
        if not self._is_counted:
            return NOTHING
        from app.present.access import answer_said

        return answer_said(self.request)

    def _show_request(self, request: Request) -> None:
        self.request, self.held.problem = request, ""
        self._show_answer()
        self.tabs.show_request(request)
        self._show_whole()
        self.counted.emit()

    def _request_refused(self, sentence: str, is_point_to_confirm: bool) -> None:
        self.held.problem = sentence
        self._show_whole()
        if is_point_to_confirm:
            self.doubted.emit(sentence)
        self.counted.emit()

    def _show_whole(self) -> None:
        """Show what is known of the whole plan: runs, sums, status, the answer in one line."""
        plan, request, refining = self.document.plan, self.request, self.is_refining
        of_answer, of_request = self.held.words_of_answer(), self.held.words_of_request()
        self.answer.set_held(of_answer)
        lines = run_lines(plan, self.run_id, request, self.comparison, self._catalogue)
        self.runs.show_runs(lines, totals(request), refining)
        self.status.show_request(request, refining, of_request)
        if of_answer or of_request:
            self.status.show_refused()
        elif self.comparison is not None:
            self.status.show_state(self.comparison, self._milliseconds, not self.refresher.is_counted)
        if self.line is not None:
            self.line.show_request(request, refining, of_request)
        self.tabs.set_held(of_answer, of_request or of_answer)
        self.tabs.set_refining(refining, self.run_id, of_request)
        if self.held.words_of_deed() != self._told_held:
            self._told_held = self.held.words_of_deed()
            self.held_changed.emit()

    def _refused(self, sentence: str) -> None:
        self.held.refuse(sentence, text(say("the plan of the moment has none")))
        self._show_whole()
        self.refused.emit(sentence)

    def _measured_refused(self, sentence: str, may_be_confirmed: bool) -> None:
        is_point = self.document.plan.run(self.run_id).measured_step is None
        self.held.refuse(
            sentence,
            text(
                say(
                    "the {value} is not used",
                    value=say("scaling point") if is_point else say("measured step"),
                )
            ),
        )
        self._show_whole()
        if not is_point:
            self.questions.show_measured_error(sentence, may_be_confirmed)
        elif may_be_confirmed:
            self.doubted.emit(sentence)
        else:
            self.refused.emit(sentence)

    # ------------------------------------------------------------ deeds

    def confirm_points(self) -> None:
        """Say that the measured scaling points are right though they lie far from the prediction."""
        from app.plan.scaling_import import all_confirmed  # few plans have any

        points = all_confirmed(self.document.plan.campaign.scaling)
        self.document.change_together({"campaign.scaling": points}, say("Confirm the scaling points"))

    def choose_machine(self, machine_id: str) -> None:
        """Make a machine the plan's own; a GPU count that was named for another goes with it."""
        if machine_id == self.document.plan.target.machine:
            return
        index = [run.id for run in self.document.plan.runs].index(self.run_id)
        self.document.change_together({"target.machine": machine_id, f"runs.{index}.gpus": None})

    def choose_run(self, run_id: str) -> None:
        """Show another run of the plan."""
        if run_id == self._scope.run_id and self._scope.is_current:
            return
        self.deeds.current = run_id
        self._renew_questions()
        self.answer_now()
        self._show_whole()

    def _follow_runs(self, plan: Plan) -> None:
        """Another run may stand where the fields point, and the one on the screen may be gone."""
        known = [run.id for run in plan.runs]
        if self.run_id not in known:
            self.deeds.current = known[min(self._scope.place, len(known) - 1)]
        if self.run_id != self._scope.run_id or not self._scope.is_current:
            self._renew_questions()

    def _make_questions(self) -> tuple[QuestionsPanel, RunScope]:
        scope = RunScope(self.document, self.run_id)
        made = QuestionsPanel(scope, self._catalogue, scope.place)
        scope.setParent(made)
        return made, scope

    def _renew_questions(self) -> None:
        old = self.questions
        self.questions, self._scope = self._make_questions()
        self.questions.setFixedWidth(old.width())
        self.questions.open_folds(self._folds_open)
        self._body.replaceWidget(old, self.questions)
        self.questions.setVisible(self.tabs.tab not in FOLDS_QUESTIONS)
        old.hide()
        old.deleteLater()

    def copy_answer(self) -> None:
        """Put the answer on the clipboard, in words; only a final one."""
        if self.comparison is not None and not self.hold_back("copied") and self.comparison.final:
            copy_text(self, present.answer_text(self.comparison, self._catalogue, self._access_said()))

    def explain(self) -> None:
        """Show where the headline comes from."""
        self.tabs.show_tab("explanation")
        self.tabs.page("explanation").tree.setFocus()

    def explain_request(self) -> None:
        """Show where the request comes from, down to the figures of every run."""
        self.tabs.show_tab("explanation")
        page = self.tabs.page("explanation")
        if self.request is not None and self.request.campaign.milestones:
            from app.present.access import conditions
            from estimators.requests.explain import explain_request

            page.show_other(explain_request(self.request.campaign), conditions(self.request))
        page.tree.setFocus()

    def show_machines(self) -> None:
        """Show the table."""
        self.tabs.show_tab("machines")
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

    def fill_charts(self) -> None:
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

    def _tab_shown(self, tab: TabId) -> None:
        """Give the tab the room that it needs, then its charts."""
        self._fit_tab(tab)
        self.fill_charts()

    def _fit_tab(self, tab: TabId) -> None:
        folded, one_line = tab in FOLDS_QUESTIONS, tab in TAKES_ONE_LINE
        focus = self.window().focusWidget()
        if folded and focus is not None and self.questions.isAncestorOf(focus):
            self.tabs.focus_tab()
        self.questions.setVisible(not folded)
        self._questions_edge.setVisible(not folded)
        if one_line and self.line is None:
            from app.window.answer_line import AnswerLine

            self.line = AnswerLine(self.explain_request)
            self.line.set_wide(self._wide)
            self._layout.insertWidget(1, self.line)
            self.line.show_request(self.request, self.is_refining, self.held.words_of_request())
        if self.line is not None:
            self.line.setVisible(one_line)
        self.answer.setVisible(not one_line)

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
            if self.line is not None:
                self.line.set_wide(wide)
        opened = wide and window.height() >= FOLDS_OPEN_FROM_PX
        if opened != self._folds_open:
            self._folds_open = opened
            self.questions.open_folds(opened)
        if self._charts_loaded:
            QTimer.singleShot(0, partial(self.fill_charts))
