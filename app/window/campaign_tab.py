"""The tab Campaign: runs on the calendar, milestones for the form, use by month, and what can be edited."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from app.present.calendar import gantt_series, month_series
from app.present.campaign import View, overrun_words, span_words
from app.present.held import held_mark
from app.present.milestones import MilestoneTable, milestone_table
from app.window.campaign.milestone_table import MilestoneView
from app.window.campaign.project_form import ProjectForm
from app.window.campaign.run_form import RunForm
from app.window.chart_slot import SeriesSlot
from app.window.document import Document
from app.window.parts.badge import Badge
from app.window.parts.buttons import Button
from app.window.parts.card import Surface, column, hairline, row
from app.window.parts.menu import Entry, open_below
from app.window.parts.segmented import Segmented
from app.window.parts.text import ElidedText, IconLabel, Text
from app.window.run_deeds import RunDeeds
from app.window.runs_panel import role_entries
from app.window.theme.fonts import WIDE_FROM_PX
from app.words import text
from estimators.requests.results import Request
from estimators.words import Amount, say

FORMULA = say("runs × nodes × steps × seconds ÷ 3\u202f600")
SIDES = ((say("By month"), "months"), (say("Edit run"), "run"), (say("Project"), "project"))
FORMS = ((say("Edit run"), "run"), (say("Project"), "project"))
GANTT_SHARE = 0.46
"""Most of the tab's height that the calendar takes; with more rows it scrolls."""
SIDE_PX, SIDE_WIDE_PX = 500, 620
AROUND_PX = 125
"""What stands above and between calendar and milestones."""
FORMS_PX = 215
"""Height below the milestones from which the forms stand there, and the months keep their place."""


class GanttSlot(SeriesSlot):
    """The calendar; its buttons for copy and save go where the tab wants them."""

    def __init__(self, tab: CampaignTab) -> None:
        super().__init__(say("Campaign"))
        self._tab = tab

    def fill(self, view: object) -> None:
        """Put the chart in, without its own title row."""
        super().fill(view)
        self._tab.take_chart_buttons(view)


class CampaignTab(Surface):
    """Shows one request; every input of its runs and of the project is edited here."""

    def __init__(self, document: Document, deeds: RunDeeds) -> None:
        super().__init__()
        self._document, self._deeds = document, deeds
        self._request: Request | None = None
        self._refining, self._problem = False, ""
        self._view: View = "request"
        self.span = ElidedText("", "label", "text2")
        self.view = Segmented(
            text(say("Show")), ((text(say("Plan P50")), "plan"), (text(say("Request P80")), "request"))
        )
        self.view.choose("request")
        self.view.chosen.connect(self._choose_view)
        self.template = Button(text(say("Template")), "layout-template", "secondary", self.open_templates)
        self.add = Button(text(say("Add run")), "plus", "secondary", self.open_add_menu)
        self.gantt = GanttSlot(self)
        self.months = SeriesSlot(say("Use by month"))
        self.table = MilestoneView()
        self.table.run_selected.connect(deeds.choose)
        self.table.run_opened.connect(self.open_run)
        self.sum = Badge("ok", "")
        self.units = ElidedText("", "label", "text2")
        self.copy = Button(text(say("Copy table")), "copy", "ghost", self.table.copy, height=26)
        self.warning = ElidedText("", "label-600", "warn")
        self.warning_icon = IconLabel("triangle-alert", 14, "warn")
        self.side = Segmented(text(say("Beside the milestones")), SIDES, height=26)
        self.side.chosen.connect(self._ask_side)
        self.project = ProjectForm(document)
        self.run: RunForm | None = None
        self.below = Segmented(text(say("Below the milestones")), FORMS, height=26)
        self.below.chosen.connect(self._ask_side)
        self.is_roomy = False
        self._asked: object = "months"
        self.stack = QStackedWidget()
        self.forms = QStackedWidget()
        self._arrange()
        self._show()

    # ------------------------------------------------------------ layout

    def _arrange(self) -> None:
        layout = column(self, (14, 9, 14, 8), 0)
        self._head = row(gap=10)
        self._head.addWidget(Text(text(say("Campaign")), "title"))
        self._head.addWidget(self.span, 1)
        for part in (self.view, self.template, self.add):
            self._head.addWidget(part)
        layout.addLayout(self._head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.gantt)
        self._scroll.viewport().setAutoFillBackground(False)
        self.gantt.setAutoFillBackground(False)
        layout.addSpacing(5)
        layout.addWidget(self._scroll)
        warning = row(margins=(0, 2, 0, 4), gap=6)
        warning.addWidget(self.warning_icon)
        warning.addWidget(self.warning, 1)
        layout.addLayout(warning)
        layout.addWidget(hairline())
        layout.addSpacing(8)
        below = row(gap=18)
        below.addWidget(self._milestones(), 1)
        below.addWidget(self._beside())
        layout.addLayout(below, 1)

    def _milestones(self) -> QWidget:
        panel = QWidget()
        layout = column(panel, gap=2)
        head = row(gap=10)
        head.addWidget(Text(text(say("Milestones for the form")), "panel"))
        head.addWidget(ElidedText(text(FORMULA), "label", "text2"), 1)
        layout.addLayout(head)
        layout.addWidget(self.table)
        foot = row(margins=(0, 4, 0, 0), gap=10)
        foot.addWidget(self.sum)
        foot.addWidget(self.units, 1)
        foot.addWidget(self.copy)
        layout.addLayout(foot)
        self._forms_place = QWidget()
        place = self._forms_below = column(self._forms_place, (0, 12, 0, 0), 8)
        place.addWidget(self.below, 0, Qt.AlignmentFlag.AlignLeft)
        self._forms_place.hide()
        layout.addWidget(self._forms_place, 1000)
        layout.addStretch(1)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        layout.setStretchFactor(self.table, 100)
        return panel

    def _beside(self) -> QWidget:
        self._side_panel = QWidget()
        layout = column(self._side_panel, gap=6)
        head = row()
        head.addWidget(self.side)
        head.addStretch()
        layout.addLayout(head)
        self.stack.addWidget(self.months)
        self.forms.addWidget(self.project)
        self.stack.addWidget(self.forms)
        layout.addWidget(self.stack, 1)
        self._side_panel.setFixedWidth(SIDE_PX)
        return self._side_panel

    def take_chart_buttons(self, view: object) -> None:
        """Put the calendar's copy and save beside the tab's title, and hide its own."""
        header = view.header  # type: ignore[attr-defined]
        for button in (header.download, header.copy):
            self._head.insertWidget(2, button)
        header.hide()
        view.run_selected.connect(self._deeds.choose)  # type: ignore[attr-defined]
        view.run_opened.connect(self.open_run)  # type: ignore[attr-defined]

    @property
    def charts(self) -> tuple[SeriesSlot, ...]:
        """Places for charts that show."""
        shows_months = self.is_roomy or self.side.value == "months"
        return (self.gantt, self.months) if shows_months else (self.gantt,)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        wide = self.window().width() >= WIDE_FROM_PX
        self._side_panel.setFixedWidth(
            SIDE_WIDE_PX if wide else min(SIDE_PX, max(360, self.width() * 2 // 5))
        )
        if wide != self.table.wide:
            self.table.set_wide(wide)
        self._fit_heights()

    def _fit_heights(self) -> None:
        """The calendar takes what its rows need, up to its share of the tab; the table likewise."""
        rows = 1
        if self._request is not None:
            rows = len(self._request.campaign.lines) + 2
        wanted, least = 42 + 24.5 * min(rows, 60), 42 + 16 * min(rows, 60)
        room = max(120.0, GANTT_SHARE * self.height())
        self._scroll.setFixedHeight(round(min(wanted, room)))
        self.gantt.setMinimumHeight(round(min(least, wanted)))
        table = self.table.natural_height() + 2
        self.table.setMaximumHeight(table)
        if self._request is not None:
            self._set_roomy(self.height() - self._scroll.height() - table - AROUND_PX >= FORMS_PX)
        self.table.setMinimumHeight(table if self.is_roomy else 60)

    def _set_roomy(self, roomy: bool) -> None:
        """Move the forms below the milestones where there is room for both, and back."""
        if roomy == self.is_roomy:
            return
        self.is_roomy = roomy
        self.side.setVisible(not roomy)
        self._forms_place.setVisible(roomy)
        if roomy:
            self._forms_below.addWidget(self.forms)
            self.forms.show()
        else:
            self.stack.addWidget(self.forms)
        self.show_side("run" if roomy and self._asked == "months" else self._asked)

    # ------------------------------------------------------------ content

    def show_request(self, request: Request) -> None:
        """Show another request."""
        self._request = request
        self._show()

    def set_refining(self, refining: bool, run_id: str, problem: str) -> None:
        """Mark the figures as those of an earlier plan; follow the run on the screen."""
        changed = (refining, problem) != (self._refining, self._problem)
        self._refining, self._problem = refining, problem
        if self.run is not None and (self.run.scope.run_id != run_id or not self.run.scope.is_current):
            self._drop_run_form()
            if self.side.value == "run" or (self.is_roomy and self.below.value == "run"):
                self.show_side("run")
        if changed or not self._shows(run_id):
            self._show()

    def _shows(self, run_id: str) -> bool:
        chosen = next((row.run_id for row in self.table.rows.table.rows if row.is_chosen), None)
        return chosen == run_id

    def _show(self) -> None:
        self._name_views()
        problem = self._problem
        request = self._request
        if request is not None:
            campaign, chosen = request.campaign, self._deeds.current
            self.span.setText(span_words(campaign, self._view))
            self.gantt.show_series(gantt_series(campaign, chosen, self._view))
            self.months.show_series(month_series(campaign, self._view))
            self._show_table(milestone_table(campaign, chosen, self._view))
            self.project.show_campaign(campaign)
            if self.run is not None:
                self.run.show_campaign(campaign)
            problem = problem or overrun_words(campaign)
        else:
            self.span.setText(text(say("Counting the request.")))
        self.warning.setText(problem)
        self.warning.setVisible(bool(problem))
        self.warning_icon.setVisible(bool(problem))
        self._fit_heights()

    def _name_views(self) -> None:
        asked = self._document.plan.campaign
        self.view.set_words(
            (
                text(
                    say(
                        "Plan P{plan_percentile}", plan_percentile=Amount(asked.plan_percentile, form="fixed")
                    )
                ),
                text(
                    say(
                        "Request P{request_percentile}",
                        request_percentile=Amount(asked.request_percentile, form="fixed"),
                    )
                ),
            )
        )

    def _show_table(self, table: MilestoneTable) -> None:
        self.table.show_table(table)
        self.table.set_refining(self._refining)
        if self._refining:
            self.sum.show_state(*(held_mark() if self._problem else ("info", "refining")))
            self.units.setText("")
        else:
            self.sum.show_state("ok" if table.agrees else "fail", table.sum_words)
            self.units.setText("   ".join(table.units))
        self.copy.setEnabled(bool(self._problem) or not self._refining)  # a problem is said on the click

    def _choose_view(self, view: View) -> None:
        self._view = view
        self._show()

    # ------------------------------------------------------------ editing

    def _ask_side(self, side: object) -> None:
        self._asked = side
        self.show_side(side)

    def show_side(self, side: object) -> None:
        """Show use by month, the run on the screen, or the project, where each has its place."""
        self.side.choose(side)
        if side != "months":
            self.below.choose(side)
            self.forms.setCurrentWidget(self._run_form() if side == "run" else self.project)
        beside = self.months if side == "months" or self.is_roomy else self.forms
        self.stack.setCurrentWidget(beside)

    def _run_form(self) -> RunForm:
        """The form of the run on the screen; made when it is first wanted."""
        if self.run is None:
            self.run = RunForm(self._document, self._deeds, self._deeds.current)
            self.forms.addWidget(self.run)
            if self._request is not None:
                self.run.show_campaign(self._request.campaign)
        return self.run

    def open_run(self, run_id: str) -> None:
        """Edit a run."""
        self._deeds.choose(run_id)
        self._ask_side("run")
        if self.run is not None:
            self.run.name.field.setFocus()

    def _drop_run_form(self) -> None:
        if self.run is not None:
            self.forms.removeWidget(self.run)
            self.run.hide()
            self.run.deleteLater()
            self.run = None

    def open_add_menu(self) -> QMenu:
        """Offer the kinds of runs."""
        return open_below(self.add, text(say("Add a run")), role_entries(self._deeds))

    def open_templates(self) -> QMenu:
        """Offer common campaigns; those for other kinds of main runs come last and are not offered."""
        from app.plan.templates import TEMPLATES

        plan = self._document.plan
        entries = [
            Entry(
                text(template.name),
                partial(
                    self._deeds.apply,
                    template.apply(plan),
                    say("Use the template {template}", template=template.name),
                ),
                text(template.words),
                enabled=template.suits(plan),
            )
            for template in TEMPLATES
        ]
        return open_below(
            self.template, text(say("Templates")), sorted(entries, key=lambda entry: not entry.enabled)
        )
