"""The status bar: the whole plan left, how fresh the answer is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.present.runs import access_words, whole_plan
from app.window.parts.badge import Badge
from app.window.parts.card import Band, hairline, row
from app.window.parts.text import IconLabel, Run, RunLines, Text
from app.words import text
from estimators.planning.records import Comparison
from estimators.words import Amount, Name, say

if TYPE_CHECKING:
    from estimators.requests.results import Request

HEIGHT = 28


class StatusStrip(Band):
    """One row of 27 pixels below everything."""

    def __init__(self) -> None:
        super().__init__("top")
        self.setFixedHeight(HEIGHT)
        self.plan = RunLines()
        self.plan.setFixedHeight(20)
        self.mode = Badge("ok", "")
        self.icon = IconLabel("circle-check", 14, "ok")
        self.state = Text("", "label", "text2")
        self.date = Text("", "label", "text2")
        layout = row(self, (13, 1, 14, 0), 8)
        layout.addWidget(IconLabel("layers", 15, "text2"))
        layout.addWidget(self.plan)
        layout.addWidget(self.mode)
        layout.addStretch()
        layout.addWidget(self.icon)
        layout.addWidget(self.state)
        line = hairline(vertical=True)
        line.setFixedHeight(14)
        layout.addWidget(line)
        layout.addWidget(self.date)

    def show_request(self, request: Request | None, refining: bool = False, problem: str = "") -> None:
        """Show the whole plan; while it is counted anew, in grey."""
        before, bold, after = whole_plan(request)
        if problem and request is None:
            before = text(say("No request yet"))
        self.plan.setToolTip(problem)
        tone = "text3" if refining else "text"
        self.plan.set_runs([
            Run(before, "label", "text2"), Run(bold, "label-600", tone), Run(after, "label", "text2"),
        ])  # fmt: skip
        self.plan.setFixedWidth(self.plan.natural_width())
        tone, mode = access_words(request)
        self.mode.show_state(tone, mode)

    def show_state(self, comparison: Comparison, milliseconds: float, counting: bool) -> None:
        """Show how fresh the answer is."""
        if comparison.final and not counting:
            self.icon.set_icon("circle-check", "ok")
            self.state.setText(
                text(say("Final: {milliseconds} ms", milliseconds=Amount(milliseconds, form="fixed")))
            )
        else:
            self.icon.set_icon("timer", "accent")
            self.state.setText(
                text(say("Counting the request")) if comparison.final else text(say("Refining"))
            )
        self.date.setText(
            text(
                say("Catalogue {catalogue_date}", catalogue_date=Name(date_words(comparison.catalogue_date)))
            )
        )

    def show_refused(self) -> None:
        """The plan of the moment has no answer; the last one stays."""
        self.icon.set_icon("triangle-alert", "warn")
        self.state.setText(text(say("Last good answer")))


def date_words(iso: str) -> str:
    """A date as people read it: "23 Nov 2026"."""
    import datetime

    try:
        day = datetime.date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%b %Y}"
