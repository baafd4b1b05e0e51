"""A step that the user measured: its time, its machine, its GPUs and its batch."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.plan.amounts import format_count, format_number, parse_count, parse_seconds
from app.plan.schema import MeasuredStepInput
from app.present import inputs
from app.present.measured import confirmed_words, elsewhere_words
from app.window.faults import Fault
from app.window.parts.buttons import Button
from app.window.parts.card import column, row
from app.window.questions.rows import LABEL_PX, AmountRow, ChoiceRow, PlanInputs
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import say

ROW_PX = 28


class MeasuredDraft(QObject):
    """The measured step while it is filled in: it enters the plan once time and GPUs are known.

    Until then the document keeps its parts, so that they stand there again when another run was shown.

    Rows edit it as they edit the document, so every change of a complete step can be undone.
    """

    changed = Signal(object)
    faults_changed = Signal()

    def __init__(self, document: PlanInputs, path: str) -> None:
        super().__init__()
        self._document, self._path = document, path
        machine = document.plan.target.machine
        self._machine_chosen = machine is not None
        self._values: dict[str, Any] = {
            "machine": machine or "own",
            "gpus": None,
            "step_seconds": None,
            "batch_samples": None,
            "confirmed": False,
        }
        self._run_id = document.plan.runs[int(path.split(".")[1])].id
        self._values |= document.unfinished.get(self._run_id, {})
        document.changed.connect(self._follow)
        document.faults_changed.connect(self.faults_changed)
        self._follow()

    def value(self, path: str) -> Any:
        """One part of the step, None where it is not known."""
        return self._values[path]

    def change(self, path: str, value: Any) -> str:
        """Set one part; a step that was confirmed is another one then. Returns why not, or ""."""
        before, self._values = self._values, {**self._values, "confirmed": False, path: value}
        self._machine_chosen |= path == "machine"
        step = self._step()
        if step is None:
            self._document.unfinished[self._run_id] = self._values
        else:
            self._document.unfinished.pop(self._run_id, None)
        if step == self._document.value(self._path):
            self.changed.emit(None)
            return ""
        error = self._document.change(self._path, step)
        if error:
            self._values = before
        return error

    def fault(self, path: str) -> Fault | None:
        """What stands in the field of a part and cannot be used."""
        return self._document.fault(f"{self._path}.{path}")

    def set_fault(self, path: str, name: str, text: str, sentence: str) -> None:
        """Keep a text that cannot be used until it is mended; without a sentence it is."""
        self._document.set_fault(f"{self._path}.{path}", name, text, sentence)

    def confirm(self) -> str:
        """Say that the step is right though it lies far from the prediction. Returns why not, or ""."""
        return self.change("confirmed", True)

    def suggest_machine(self, machine: str) -> None:
        """The machine of the answer, until the user names one."""
        if not self._machine_chosen and machine != self._values["machine"]:
            self._values["machine"] = machine
            self.changed.emit(None)

    def begin_gesture(self) -> None:
        """Edits from here on are one step of undo."""
        self._document.begin_gesture()

    def end_gesture(self) -> None:
        """The next edit is a step of its own."""
        self._document.end_gesture()

    def _step(self) -> MeasuredStepInput | None:
        if self._values["gpus"] is None or self._values["step_seconds"] is None:
            return None
        return MeasuredStepInput(**self._values)

    def _follow(self, _plan: object = None) -> None:
        step = self._document.value(self._path)
        if step is not None:
            self._values = msgspec.structs.asdict(step)
            self._machine_chosen = True
        elif self._step() is not None:  # taken back
            self._values = {**self._values, "step_seconds": None}
        self.changed.emit(None)


class MeasuredStepRows(QWidget):
    """The time of a step; once it is typed, where and with how many GPUs it was measured.

    `unfolded` carries the rows when more of them show.
    """

    unfolded = Signal(object)

    def __init__(self, document: PlanInputs, catalogue: Catalogue, run: str) -> None:
        super().__init__()
        self._refused = ""
        self.draft = MeasuredDraft(document, f"{run}.measured_step")
        self.seconds = AmountRow(
            text(say("Measured")),
            self.draft,
            "step_seconds",
            parse_seconds,
            format_number,
            lambda _amount: text(say("seconds a step")),
            optional=True,
            height=ROW_PX,
            steps=False,
        )
        self.seconds.set_default(text(say("I have none")), text(say("seconds a step")))
        self.seconds.label.setToolTip(text(say("The mean time of a step in your log, after warm-up")))
        machines = inputs.measured_machine_choices(catalogue, self.draft.value("machine"))
        self.machine = ChoiceRow(text(say("On")), self.draft, "machine", machines, height=ROW_PX)
        self.gpus = self._count(text(say("With")), "gpus", "gpus", text(say("GPUs")))
        self.batch = self._count(text(say("Batch")), "batch_samples", "samples", text(say("samples a step")))
        self.batch.set_default(text(say("The plan's")), text(say("samples a step")))
        for one, name in (
            (self.seconds, text(say("Measured seconds a step"))),
            (self.gpus, text(say("GPUs of the measured step"))),
            (self.batch, text(say("Samples of the measured step"))),
        ):
            one.field.edit.setAccessibleName(name)
        self.machine.select.setAccessibleName(text(say("Machine of the measured step")))
        self.confirm = Button(
            text(say("It is right: take it")), "check", "secondary", self._confirm, height=ROW_PX
        )
        self.confirm.setAccessibleName(
            text(say("Take the measured step though it lies far from the prediction"))
        )
        self.confirm.hide()
        self.details = self._below()
        layout = column(self, gap=6)
        layout.addWidget(self.seconds)
        layout.addWidget(self.details)
        self.draft.changed.connect(self._show)
        self._show()

    def _below(self) -> QWidget:
        """What is asked once there is a time, and the button that takes a step far from its prediction."""
        details = QWidget()
        below = column(details, gap=6)
        for part in (self.machine, self.gpus, self.batch):
            below.addWidget(part)
        line = row(margins=(LABEL_PX, 0, 0, 0))
        line.addWidget(self.confirm)
        line.addStretch()
        below.addLayout(line)
        return details

    def _count(self, label: str, path: str, noun: str, echo: str) -> AmountRow:
        return AmountRow(
            label,
            self.draft,
            path,
            lambda text: parse_count(text, noun=noun),
            format_count,
            lambda _amount: echo,
            optional=path == "batch_samples",
            height=ROW_PX,
            steps=False,
        )

    def _show(self, _plan: object = None) -> None:
        has_time = self.draft.value("step_seconds") is not None
        if has_time and self.details.isHidden():
            self.unfolded.emit(self)
        self.details.setVisible(has_time)
        lacks_gpus = has_time and self.draft.value("gpus") is None
        self.gpus.set_help(text(say("Say how many; then the range narrows")) if lacks_gpus else "")

    def show_comparison(self, comparison: Comparison) -> None:
        """An answer came: the step can be used, and the machine of the answer is suggested."""
        self.show_error("")
        self.seconds.set_help(confirmed_words(comparison))
        self.machine.set_help(elsewhere_words(comparison))
        if comparison.headline is not None:
            self.draft.suggest_machine(comparison.headline.machine.id)

    def show_error(self, sentence: str, may_be_confirmed: bool = False) -> None:
        """Why the step is not used; "" takes it away. One that may be confirmed comes with the button."""
        self.confirm.setVisible(may_be_confirmed)
        if sentence != self._refused:
            self._refused = sentence
            self.batch.set_error(sentence)
            self.unfolded.emit(self)

    def _confirm(self) -> None:
        error = self.draft.confirm()
        if error:
            self.show_error(error)
