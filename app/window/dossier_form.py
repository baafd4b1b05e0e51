"""What the dossier says in the applicant's own words: fields of the plan's `dossier`, and its edition."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from app.plan.schema import Edition
from app.present.inputs import plan_title
from app.window.document import Document
from app.window.parts.card import Card, column, row
from app.window.parts.drawing import begin, box
from app.window.parts.field import AmountField, is_undo_or_redo
from app.window.parts.text import IconLabel, Text
from app.window.theme.fonts import font
from app.window.theme.manager import inks
from app.words import text
from estimators.words import Said, say

SUMMARY_PX = 76
FIELDS = (
    ("title", say("Title of the dossier")),
    ("applicant_name", say("Applicant")),
    ("acronym", say("Acronym")),
    ("software_version", say("Release of the software")),
)
EDITIONS: tuple[tuple[Edition, Said, Said, tuple[tuple[bool, Said], ...]], ...] = (
    (
        "reviewer",
        say("Reviewer's edition"),
        say("What you hand in."),
        (
            (True, say("Request, milestones, months, scaling")),
            (True, say("Every figure with its range and publisher")),
            (False, say("No findings, doubts or prices")),
            (False, say("No other machines, modes or addresses")),
        ),
    ),
    (
        "team",
        say("Team's edition"),
        say("For you and your team."),
        (
            (True, say("All of the reviewer's edition")),
            (True, say("Findings, what could go wrong, questions")),
            (True, say("Form sheet, doubtful facts, other machines")),
            (True, say("TEAM ONLY on pages and in file names")),
        ),
    ),
)


def _written(holds: tuple[tuple[bool, Said], ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((there, text(words)) for there, words in holds)


class SummaryField(QPlainTextEdit):
    """Some sentences; undo belongs to the plan."""

    typed = Signal(str)
    finished = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(font("body-500"))
        self.setFrameStyle(0)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._tell)
        self._is_set = False

    def _tell(self) -> None:
        if not self._is_set:
            self.typed.emit(self.toPlainText())

    def set_text(self, text: str) -> None:
        """Show a value, unless it stands there already."""
        if self.toPlainText() != text:
            self._is_set = True
            self.setPlainText(text)
            self._is_set = False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_undo_or_redo(event):
            event.ignore()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self.finished.emit()
        return super().event(event)


class _Framed(QWidget):
    """The edge of a field around a control, which shows where the focus is and what is wrong."""

    def __init__(self, control: QWidget, height: int) -> None:
        super().__init__()
        self.bad = False
        self._control = control
        row(self, (7, 3, 4, 3)).addWidget(control)
        self.setFixedHeight(height)
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = inks()
        focus = self._control.hasFocus()
        edge = palette.fail if self.bad else palette.accent if focus else palette.strong
        box(
            begin(self),
            self.rect().toRectF(),
            6,
            QColor(palette.surface),
            QColor(edge),
            2.0 if focus else 1.0,
        )


class TextRow(QWidget):
    """A label above a field of words, bound to one input of the plan; below it what is wrong.

    Args:
        older: A path of earlier plans whose words hold where the input has none; the next edit moves them.
    """

    judged = Signal()

    def __init__(
        self, label: str, document: Document, path: str, is_long: bool = False, older: str = ""
    ) -> None:
        super().__init__()
        self._document, self._path, self._older = document, path, older
        self._typing = False
        layout = column(self, gap=3)
        self.label = Text(label, "label", "text2")
        layout.addWidget(self.label)
        self.field: AmountField | SummaryField
        self._frame: AmountField | _Framed
        if is_long:
            self.field = SummaryField(label)
            self._frame = _Framed(self.field, SUMMARY_PX)
        else:
            self.field = self._frame = AmountField(label, steps=False)
        self.label.setBuddy(self.field)
        layout.addWidget(self._frame)
        self._problem = Text("", "help", "fail", wrap=True)
        self._problem.setVisible(False)
        layout.addWidget(self._problem)
        self.field.typed.connect(self._typed)
        self.field.finished.connect(self._finished)
        document.changed.connect(self.show_plan)
        self.show_plan()

    @property
    def error(self) -> str:
        """The sentence that shows now."""
        return self._problem.text()

    def show_plan(self, _plan: object = None) -> None:
        """Show the plan's words, unless others are being typed that it refused."""
        if not (self._typing and self.error):
            words = self._document.value(self._path)
            self.field.set_text(words or (self._document.value(self._older) if self._older else ""))

    def _typed(self, text: str) -> None:
        if not self._typing:
            self._typing = True
            self._document.begin_gesture()
        values = {self._path: text} | ({self._older: ""} if self._older else {})
        self._show_error(self._document.change_together(values))

    def _finished(self) -> None:
        if self._typing and not self.error:
            self._typing = False
            self._document.end_gesture()

    def _show_error(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if isinstance(self._frame, _Framed):
            self._frame.bad = bool(sentence)
            self._frame.update()
        else:
            self._frame.set_bad(bool(sentence))
        self.judged.emit()


class DossierForm(QWidget):
    """Title, applicant, acronym, release and summary of a dossier."""

    judged = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.rows = {
            key: TextRow(text(label), document, f"dossier.{key}", older="title" if key == "title" else "")
            for key, label in FIELDS
        }
        self.rows["summary"] = TextRow(
            text(say("Summary, up to 200 words")), document, "dossier.summary", is_long=True
        )
        self._line("software_version").setPlaceholderText(text(say("as core 0.14")))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(7)
        grid.addWidget(self.rows["title"], 0, 0, 1, 3)
        for place, key in enumerate(("applicant_name", "acronym", "software_version")):
            grid.addWidget(self.rows[key], 1, place)
        grid.addWidget(self.rows["summary"], 2, 0, 1, 3)
        for one in self.rows.values():
            one.judged.connect(self.judged)
        document.changed.connect(self._show_title)
        self._show_title()

    def _line(self, key: str) -> QLineEdit:
        field = self.rows[key].field
        assert isinstance(field, AmountField)
        return field.edit

    def _show_title(self, _plan: object = None) -> None:
        """What stands above the dossier where the plan does not say."""
        plan = self._document.plan
        self._line("title").setPlaceholderText(plan_title(plan, self._document.catalogue))

    @property
    def error(self) -> str:
        """What keeps the plan from holding a field's words; "" where nothing does."""
        return next((one.error for one in self.rows.values() if one.error), "")


class EditionCard(Card):
    """One edition: what it holds, and what it lacks."""

    def __init__(self, edition: Edition, title: str, words: str, holds: tuple[tuple[bool, str], ...]) -> None:
        super().__init__()
        self.edition = edition
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = column(self, (12, 9, 10, 10), 3)
        self.button = QRadioButton(title)
        self.button.setFont(font("body-600"))
        self.button.setAccessibleDescription(f"{words} {'. '.join(said for _, said in holds)}.")
        layout.addWidget(self.button)
        layout.addWidget(Text(words, "help", "text2"))
        for is_held, said in holds:
            line = row(gap=7)
            ink = "ok" if is_held else "text3"
            line.addWidget(IconLabel("check" if is_held else "minus", 14, ink), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Text(said, "label", "text" if is_held else "text2", wrap=True), 1)
            layout.addLayout(line)
        layout.addStretch()
        self.button.toggled.connect(self._mark)

    def _mark(self, is_on: bool) -> None:
        self._edge = "accent" if is_on else "border"
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.button.click()


class EditionChoice(QWidget):
    """The two editions side by side, bound to the plan.

    Args:
        with_lists: Whether the cards list what each edition holds.
    """

    def __init__(self, document: Document, with_lists: bool = True) -> None:
        super().__init__()
        self._document = document
        layout = row(self, gap=12)
        self.cards = [
            EditionCard(edition, text(title), text(words), _written(holds) if with_lists else ())
            for edition, title, words, holds in EDITIONS
        ]
        for card in self.cards:
            layout.addWidget(card, 1)
            card.button.setAutoExclusive(False)
            card.button.clicked.connect(lambda _on=False, edition=card.edition: self.choose(edition))
        document.changed.connect(self._show)
        self._show()

    @property
    def edition(self) -> Edition:
        """The edition of the plan."""
        return self._document.plan.dossier.edition

    def choose(self, edition: Edition) -> None:
        """Take an edition; the plan keeps it."""
        self._document.change("dossier.edition", edition)
        self._show()

    def _show(self, _plan: object = None) -> None:
        for card in self.cards:
            card.button.setChecked(card.edition == self.edition)
