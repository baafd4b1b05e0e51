"""The dialog of a fault of our own: what happened, what became of the plan, and a report to pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

from app.present.fault_report import FaultReport
from app.window.parts.badge import TONE_ICONS
from app.window.parts.buttons import Button
from app.window.parts.card import Band, column, row
from app.window.parts.question import breakable
from app.window.parts.text import IconLabel, Text
from app.window.theme.fonts import font
from app.words import text
from estimators.words import NOTHING, Amount, Name, say, together

if TYPE_CHECKING:
    from app.window.keeping import Kept
    from app.window.main_window import MainWindow

WIDTH_PX = 620
REPORT_HEIGHT_PX = 190
OUR_ERROR = 70
MOST_REPORTS = 10
"""Different ones in one dialog; a fault of every repainting is one."""

PRIVATE = say(
    "The report holds versions and the place of the fault: nothing of your plan, and "
    "no names or folders of this computer."
)


class FaultDialog(QDialog):
    """Stands over every other dialog, so that it is seen; further faults are added to it."""

    def __init__(self, window: MainWindow, report: FaultReport, kept: Kept) -> None:
        super().__init__(window)
        self._window = window
        self._reports = [report]
        self._count = 1
        self.setWindowTitle(text(say("A fault of Nodewise")))
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setFixedWidth(WIDTH_PX)
        self.happened = Text("", "body", "text2", wrap=True)
        self._plan_line = QWidget()
        self._plan_layout = row(self._plan_line, gap=8)
        self.plan = Text("", "body-500", wrap=True)
        self._icon = IconLabel(TONE_ICONS["ok"], 16, "ok")
        self._plan_layout.addWidget(self.plan, 1)
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setFont(font("label"))
        self.report.setFixedHeight(REPORT_HEIGHT_PX)
        self.report.setAccessibleName(text(say("Report of the fault")))
        self.report.setTabChangesFocus(True)
        self.copy = Button(text(say("Copy the report")), "copy", clicked=self._copy, height=32)
        self.elsewhere = Button(text(say("Save the plan elsewhere")), "save", clicked=self._save, height=32)
        self.leave = Button(text(say("Quit Nodewise")), clicked=self._quit, height=32)
        self.go_on = Button(text(say("Go on")), kind="primary", clicked=self.accept, height=32)
        self._arrange()
        self._show_reports()
        self.show_kept(kept)
        for button in (self.copy, self.elsewhere, self.leave):
            button.setAutoDefault(False)
        self.go_on.setDefault(True)
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        layout = column(self)
        body = column(None, (20, 18, 20, 16), 10)
        layout.addLayout(body)
        body.addWidget(Text(text(say("Nodewise made an error of its own")), "title", wrap=True))
        body.addWidget(self.happened)
        body.addWidget(self._plan_line)
        body.addWidget(self.report)
        body.addWidget(Text(text(PRIVATE), "help", "text3", wrap=True))
        foot = Band("top", "sunken")
        line = row(foot, (20, 12, 20, 12), 10)
        line.addWidget(self.leave)
        line.addStretch()
        for button in (self.copy, self.elsewhere, self.go_on):
            line.addWidget(button)
        layout.addWidget(foot)

    def add(self, report: FaultReport) -> None:
        """Another fault while the dialog stands."""
        self._count += 1
        known = {old.signature for old in self._reports}
        if report.signature not in known and len(self._reports) < MOST_REPORTS:
            self._reports.append(report)
        self._show_reports()

    def _show_reports(self) -> None:
        first = self._reports[0]
        kind, place = Name(first.kind), Name(first.place)
        what = say("{kind} in {place}.", kind=kind, place=place) if first.place else say("{kind}.", kind=kind)
        done = say("What you did last may not be done; the rest goes on.")
        count = Amount(self._count, form="fixed")
        again = say("By now {n} faults came together.", n=count) if self._count > 1 else NOTHING
        words = text(together(what, done, again))
        self.happened.setText(breakable(words))
        shown = "\n".join(report.text for report in self._reports)
        if self.report.toPlainText() != shown:
            self.report.setPlainText(shown)

    def show_kept(self, kept: Kept) -> None:
        """Say what became of the plan; offer to save it elsewhere where it is not safe."""
        tone = "ok" if kept.safe else "fail"
        icon = IconLabel(TONE_ICONS[tone], 16, tone)
        if self._plan_layout.count() > 1:
            self._icon.deleteLater()
        self._icon = icon
        self._plan_layout.insertWidget(0, icon)
        self.plan.setText(breakable(kept.sentence))
        self.elsewhere.setVisible(not kept.safe)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
        self.copy.setText(text(say("Copied")))
        self.copy.setAccessibleName(text(say("Copied the report")))

    def _save(self) -> None:
        if self._window.save_plan_as():
            self.show_kept(self._window.keep_after_fault())

    def _quit(self) -> None:
        """End at once: what was kept stays and is offered at the next start."""
        QApplication.exit(OUR_ERROR)
