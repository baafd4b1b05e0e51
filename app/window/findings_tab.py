"""The tab Findings: what a technical reviewer would say, with fixes; beside it, which door fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.present import numbers as n
from app.present.finding_groups import FindingGroup, open_groups
from app.present.findings import counts, lines
from app.window.chart_slot import ChartSlot
from app.window.document import Document
from app.window.finding_card import FindingCard, PassedCard
from app.window.held import copy_text
from app.window.parts.badge import Badge
from app.window.parts.buttons import Button
from app.window.parts.card import Card, Ground, column, empty, row
from app.window.parts.segmented import Segmented
from app.window.parts.text import Text
from app.window.run_deeds import RunDeeds
from app.words import text
from estimators.requests.results import Finding, Request
from estimators.words import say, say_many

if TYPE_CHECKING:  # made where the tab is wide enough
    from app.window.access_tab import AccessTab

FILTERS = ((say("All"), "all"), (say("Open"), "open"), (say("Passed"), "passed"))
DOORS_FROM_PX = 880
DOORS_PX, DOORS_WIDE_PX = 505, 640
WIDE_FROM_PX = 1400


class FindingsTab(Ground):
    """Cards left, the access modes right where there is room for both."""

    def __init__(self, document: Document, deeds: RunDeeds) -> None:
        super().__init__()
        self._document, self._deeds = document, deeds
        self._findings: tuple[Finding, ...] | None = None
        self._request: Request | None = None
        self._refining = self._all_passed = False
        self._problem = ""
        self.fails, self.warnings, self.passed = Badge("fail"), Badge("warn"), Badge("ok")
        self.filter = Segmented(text(say("Findings shown")), FILTERS)
        self.filter.chosen.connect(lambda _value: self._show())
        self.copy = Button(text(say("Copy")), "copy", "secondary", self.copy_findings)
        self.copy.setAccessibleName(text(say("Copy the findings")))
        self.cards: list[FindingCard] = []
        self._holder = QWidget()
        self._list = column(self._holder, (0, 0, 6, 0), 9)
        self.doors: AccessTab | None = None
        self._doors_card = Card()
        self._doors_place = column(self._doors_card, (1, 1, 1, 1))
        self._arrange()

    def _arrange(self) -> None:
        layout = row(self, (14, 9, 14, 8), 9)
        left = column(gap=9)
        head = row(gap=8)
        head.addWidget(Text(text(say("Findings")), "title"))
        for badge in (self.fails, self.warnings, self.passed):
            head.addWidget(badge)
        head.addStretch()
        head.addWidget(self.filter)
        head.addWidget(self.copy)
        left.addLayout(head)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._holder)
        scroll.viewport().setAutoFillBackground(False)
        self._holder.setAutoFillBackground(False)
        left.addWidget(scroll, 1)
        layout.addLayout(left, 1)
        layout.addWidget(self._doors_card)
        self._doors_card.hide()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        room = self.width() >= DOORS_FROM_PX
        if room and self.doors is None:
            self._make_doors()
        self._doors_card.setFixedWidth(DOORS_WIDE_PX if self.width() >= WIDE_FROM_PX else DOORS_PX)
        self._doors_card.setVisible(room)

    def _make_doors(self) -> None:
        from app.window.access_tab import AccessTab

        self.doors = AccessTab(self._document.change_together)
        self._doors_place.addWidget(self.doors)
        if self._request is not None:
            self.doors.show_request(self._request)

    @property
    def charts(self) -> tuple[ChartSlot, ...]:
        """Places for charts that show."""
        return self.doors.charts if self.doors is not None and self._doors_card.isVisible() else ()

    # ------------------------------------------------------------ content

    def show_request(self, request: Request) -> None:
        """Show what is found in another request."""
        self._request = request
        if self.doors is not None:
            self.doors.show_request(request)
        if request.findings != self._findings:
            self._findings = request.findings
            self._show()

    def set_refining(self, refining: bool, _run_id: str, problem: str) -> None:
        """What was found in an earlier plan is fixed by nobody."""
        if (refining, problem) != (self._refining, self._problem):
            self._refining, self._problem = refining, problem
            self._enable()

    def _enable(self) -> None:
        for card in self.cards:
            if card.button is not None:
                card.button.setEnabled(not self._refining)
        answers = bool(self._problem) or not self._refining  # a problem is said on the click
        self.copy.setEnabled(self._findings is not None and answers)

    def _show(self) -> None:
        found = self._findings or ()
        passed = tuple(finding for finding in found if finding.severity == "pass")
        opened = open_groups(found, self._document.plan)
        self._count(found)
        wanted = self.filter.value
        empty(self._list)
        self.cards = []
        if wanted != "passed":
            first = next((group for group in opened if group.fix_label), None)
            self.cards = [FindingCard(group, self._fix, group is first) for group in opened]
            for card in self.cards:
                self._list.addWidget(card)
            if not opened and self._findings is not None:
                nothing = text(say("Nothing is open: every rule that was checked holds."))
                self._list.addWidget(Text(nothing, "body", "text2"))
        if wanted != "open" and passed:
            show_all = self._all_passed or wanted == "passed"
            self._list.addWidget(PassedCard(passed, show_all, self._toggle_passed))
        self._list.addStretch(1)
        self._enable()

    def _count(self, found: tuple[Finding, ...]) -> None:
        counted = counts(found)
        fails, warnings, passed = (counted[kind] for kind in ("fail", "warn", "pass"))
        for badge, tone, count, words in (
            (self.fails, "fail", fails, say_many("{n} fail", "{n} fail", fails, n=n.counts(fails))),
            (
                self.warnings,
                "warn",
                warnings,
                say_many("{n} warning", "{n} warnings", warnings, n=n.counts(warnings)),
            ),
            (self.passed, "ok", passed, say("{n} passed", n=n.counts(passed))),
        ):
            badge.show_state(tone, text(words) if count else "")

    def _toggle_passed(self) -> None:
        self._all_passed = not self._all_passed
        self._show()

    def _fix(self, group: FindingGroup) -> None:
        """Make the changes of a fix as one step of undo."""
        self._deeds.apply(group.changes(self._document.plan), group.fix_label)

    def copy_findings(self) -> None:
        """Put all findings on the clipboard, in words."""
        words = "\n".join(lines(self._findings or ())) + "\n"
        copy_text(self, words.replace(n.THIN_SPACE, " "))
