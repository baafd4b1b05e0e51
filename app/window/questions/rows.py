"""Rows of the questions: a label, a control bound to one input of the plan, and a line below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QWidget

from app.plan.amounts import Amount, AmountError
from app.plan.schema import Plan
from app.window.faults import Fault
from app.window.parts.card import column, row
from app.window.parts.field import AmountField
from app.window.parts.select import Select
from app.window.parts.text import ElidedText, IconLabel, Text
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.words import NOTHING, Said, Value

LABEL_PX = 82

Read = Callable[[str], Amount]
Write = Callable[[Any], str]
Echo = Callable[[Amount], str]


class Inputs(Protocol):
    """What a row reads from and writes to: a document, or a part of one that is being filled in."""

    @property
    def changed(self) -> SignalInstance:
        """Follows every change."""

    @property
    def faults_changed(self) -> SignalInstance:
        """Follows every text that could not be taken, and its mending."""

    def value(self, path: str) -> Any:
        """The present value of an input."""

    def fault(self, path: str) -> Fault | None:
        """What stands in the field of an input and cannot be used."""

    def set_fault(self, path: str, name: str, text: str, sentence: str) -> None:
        """Keep a text that cannot be used until it is mended; without a sentence it is."""

    def change(self, path: str, value: Any) -> str:
        """Set one input. Returns why not, or ""."""

    def begin_gesture(self) -> None:
        """Edits of the same input from here on are one step of undo."""

    def end_gesture(self) -> None:
        """The next edit is a step of its own."""


class PlanInputs(Inputs, Protocol):
    """Inputs with the whole plan around them: the document, or the document as one run's fields see it."""

    @property
    def plan(self) -> Plan:
        """The open plan."""

    @property
    def unfinished(self) -> dict[str, dict[str, Any]]:
        """Parts of measured steps that are not complete yet, by run."""

    @property
    def catalogue(self) -> Catalogue:
        """Where names are looked up."""

    def change_together(self, values: dict[str, Any], label: Said = NOTHING) -> str:
        """Set several inputs as one step. Returns why not, or ""."""


class Row(QWidget):
    """A label with a mnemonic, a control, and below it help or an error sentence."""

    def __init__(self, label: str, control: QWidget) -> None:
        super().__init__()
        self._layout = column(self, gap=2)
        line = row(gap=0)
        self.label = Text(label, "label", "text2")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setFixedWidth(LABEL_PX)
        self.label.setBuddy(control)
        line.addWidget(self.label)
        line.addWidget(control, 1)
        self._layout.addLayout(line)
        self.help: Text | None = None
        self._help_line: QWidget | None = None
        self._error: QWidget | None = None

    def set_help(self, words: str) -> None:
        """Show a line of help; "" takes it away."""
        if self.help is None and words:
            self.help = ElidedText("", "label", "text3")
            self.help.setContentsMargins(LABEL_PX, 0, 0, 0)
            self._help_line = _indented(self.help)
            self._layout.addWidget(self._help_line)
        if self.help is not None and self._help_line is not None:
            self.help.setText(words)
            self._help_line.setVisible(bool(words))

    def set_error(self, sentence: str) -> None:
        """Show what is wrong and what to type; "" takes it away."""
        if self._error is not None:
            self._layout.removeWidget(self._error)
            self._error.hide()
            self._error.deleteLater()
            self._error = None
        if sentence:
            self._error = _error_line(sentence)
            self._layout.addWidget(self._error)

    @property
    def error(self) -> str:
        """The sentence that shows now."""
        return self._error.accessibleName() if self._error is not None else ""


def _indented(widget: QWidget) -> QWidget:
    holder = QWidget()
    layout = row(holder, (LABEL_PX, 0, 0, 0))
    widget.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widget)
    return holder


def _error_line(sentence: str) -> QWidget:
    holder = QWidget()
    holder.setAccessibleName(sentence)
    layout = row(holder, (LABEL_PX, 1, 0, 1), 5)
    icon = IconLabel("circle-x", 14, "fail")
    layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(Text(sentence, "help", "fail", wrap=True), 1)
    return holder


class AmountRow(Row):
    """An amount of the plan: read while typing.

    What cannot be read leaves the last good value and stays in the field, until it is mended, Escape takes it
    back, or the same input is changed in another way.
    """

    def __init__(
        self,
        label: str,
        document: Inputs,
        path: str,
        read: Read,
        write: Write,
        echo: Echo | None = None,
        optional: bool = False,
        height: int = 30,
        steps: bool = True,
        judge: Callable[[], str] | None = None,
    ) -> None:
        name = label.replace("&", "")
        self.field = AmountField(name, height, steps)
        super().__init__(label, self.field)
        self._document, self._path = document, path
        self._read, self._write, self._optional = read, write, optional
        self._echo = echo or (lambda amount: text(amount.echo))
        self._judge = judge or (lambda: "")
        self.default_echo = ""
        self.field.typed.connect(self._typed)
        self.field.finished.connect(self._finished)
        self.field.stepped.connect(self._stepped)
        self.field.taken_back.connect(self._take_back)
        self._typing = self._is_giving = False
        self._typed_value: Any = None
        self._before: Any = None
        document.changed.connect(self.show_plan)
        document.faults_changed.connect(self.show_plan)
        self.show_plan()

    def show_plan(self, _plan: object = None) -> None:
        """Show the plan's value, unless the text says it already or cannot be used."""
        if self._is_giving:
            return
        fault = self._document.fault(self._path)
        if fault is not None:
            self.field.set_text(fault.text)
            self.field.set_echo("")
            self._show_error(fault.sentence)
            return
        value = self._document.value(self._path)
        if self._typing and value == self._typed_value:
            return
        self._typing = False
        if value is None:
            self.field.set_text("")
            self.field.set_echo(self.default_echo)
        else:
            self.field.set_text(self._write(value))
            self.field.set_echo(text(self._echo(self._read(self._write(value)))))
        self._show_error(self._judge())

    def set_default(self, placeholder: str, echo: str) -> None:
        """What stands in the empty field: the value that the default gives, and why."""
        self.field.edit.setPlaceholderText(placeholder)
        self.default_echo = echo
        if self._document.value(self._path) is None and not self.field.text():
            self.field.set_echo(echo)

    def _typed(self, typed: str) -> None:
        if not self._typing:
            self._typing = True
            self._typed_value = self._before = self._document.value(self._path)
            self._document.begin_gesture()
        if not typed.strip() and self._optional:
            self._set(None, typed)
            return
        try:
            amount = self._read(typed)
        except AmountError as error:
            self._refuse(typed, text(error.said))
            return
        self.field.set_echo(text(self._echo(amount)))
        self._set(amount.value, typed)

    def _set(self, value: Any, typed: str) -> None:
        """Give the plan a value; what it refuses stays in the field with the reason."""
        refused = self._give(value)
        if refused:
            self._refuse(typed, refused)
            return
        self._keep("", "")
        self._show_error(self._judge())

    def _give(self, value: Any) -> str:
        """Change the plan, which does not change the field. Returns why not, or ""."""
        self._typed_value = value
        self._is_giving = True
        refused = self._document.change(self._path, value)
        self._is_giving = False
        return refused

    def _refuse(self, text: str, sentence: str) -> None:
        """Keep the text beside the value from before the typing: the "2" of "2 Foo" was never meant."""
        if self._typing:
            self._give(self._before)
        self._keep(text, sentence)
        self._show_error(sentence)

    def _keep(self, text: str, sentence: str) -> None:
        """Let a text stand that cannot be used; "" as the sentence says that it is mended."""
        self._is_giving = True
        self._document.set_fault(self._path, self.field.edit.accessibleName(), text, sentence)
        self._is_giving = False
        if sentence:
            self.field.set_echo("")

    def _take_back(self) -> None:
        """Show the last good value again."""
        self._typing = False
        self._document.end_gesture()
        self._keep("", "")
        self.show_plan()

    def _finished(self) -> None:
        if not self._typing:
            return
        self._typing = False
        self._document.end_gesture()
        if not self.error:
            self.show_plan()

    def _show_error(self, sentence: str) -> None:
        self.field.set_bad(bool(sentence))
        if sentence != self.error:
            self.set_error(sentence)

    def _stepped(self, step: int) -> None:
        value = self._document.value(self._path)
        if value is None:
            return
        self._typing = False
        self._set(stepped(value, step), "")
        self.show_plan()


def stepped(value: float, step: int) -> int | float:
    """The next of 1, 2, 5, 10, ... above or below; small whole numbers step by one."""
    if value < 10 and float(value).is_integer():
        return max(1, int(value) + step)
    size = 1
    while size * 10 <= value * (1.0 + 1e-9):
        size *= 10
    ladder = sorted({round(factor * size / scale) for factor in (1, 2, 5, 10, 20) for scale in (1, 10)})
    if step > 0:
        return next(rung for rung in ladder if rung > value * (1 + 1e-9))
    return max(1, next((rung for rung in reversed(ladder) if rung < value * (1 - 1e-9)), 1))


class ChoiceRow(Row):
    """One input of the plan that is chosen from a list."""

    def __init__(
        self,
        label: str,
        document: Inputs,
        path: str,
        choices: Sequence[tuple[Value | str, object]],
        set_value: Callable[[Any], str] | None = None,
        height: int = 30,
        judge: Callable[[], str] | None = None,
    ) -> None:
        self.select = Select(height)
        super().__init__(label, self.select)
        self._document, self._path = document, path
        self._set = set_value or (lambda value: document.change(path, value))
        self._judge = judge
        self.select.setAccessibleName(label.replace("&", ""))
        self.select.set_choices(choices, document.value(path))
        self.select.activated.connect(self._chosen)
        document.changed.connect(self.show_plan)
        if judge is not None:
            self.show_plan()

    def show_plan(self, _plan: object = None) -> None:
        """Show the plan's value, and what is wrong with it beside the others."""
        self.select.choose(self._document.value(self._path))
        if self._judge is not None and (sentence := self._judge()) != self.error:
            self.set_error(sentence)

    def _chosen(self, index: int) -> None:
        error = self._set(self.select.itemData(index))
        if error:
            self.show_plan()  # the plan keeps what it had
        self.set_error(error or (self._judge() if self._judge else ""))
