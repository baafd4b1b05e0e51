"""Question 3: where, and by when? And what the user has today."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.plan.amounts import Amount as ReadAmount
from app.plan.amounts import format_count, format_duration, parse_count, parse_duration
from app.plan.check_layout import layout_problems
from app.present import inputs
from app.present import numbers as n
from app.present.answer import own_hardware_words
from app.present.machines import device_noun
from app.window.parts.buttons import DrawnButton
from app.window.parts.card import column
from app.window.parts.drawing import begin, box
from app.window.parts.fold import Fold
from app.window.parts.text import IconLabel, Text
from app.window.parts.words import RIGHT, draw_words
from app.window.questions.card import QuestionCard
from app.window.questions.measured import MeasuredStepRows
from app.window.questions.rows import LABEL_PX, AmountRow, ChoiceRow, PlanInputs, Row
from app.window.theme.manager import ink
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import Amount, Name, say

SMALL_LABEL_PX = 46
PARTS = {
    "TP": say("Tensor parallel"),
    "PP": say("Pipeline parallel"),
    "Micro": say("Micro-batch"),
    "Shards": say("Data-parallel GPUs that share the states"),
}
"""Degrees of the layout that a user may fix, by their label."""


class LayoutLine(DrawnButton):
    """The layout that was found, as a field; opens the parts that can be fixed."""

    def __init__(self, clicked: Callable[[], object]) -> None:
        super().__init__(text(say("Layout")), clicked)
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._found, self._layout = "", ""

    def show_layout(self, found: str, layout: str) -> None:
        """Show how it was found, and what it is."""
        self._found, self._layout = found, layout
        self.setAccessibleName(text(say("Layout: {found}, {layout}", found=Name(found), layout=Name(layout))))
        self.setToolTip(text(say("Fix parts of the layout")))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(140, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        focus = self.hasFocus()
        box(painter, area, 6, ink("surface"), ink("accent" if focus else "strong"), 2.0 if focus else 1.0)
        room = area.adjusted(11, 0, -11, 0)
        painter.setPen(ink("text"))
        x = 12 + draw_words(painter, room, self._found, "body-500")
        painter.setPen(ink("text3"))
        draw_words(painter, room.adjusted(x, 0, 0, 0), self._layout, "label", side=RIGHT, elide=True)


class LayoutPart(AmountRow):
    """A degree of the layout in half the width; what is wrong with it is told to the line of the layout."""

    _told: Callable[[], object] | None = None
    _sentence = ""

    def tell(self, told: Callable[[], object]) -> None:
        """Call this when what is wrong changes, and now."""
        self._told = told
        told()

    def set_error(self, sentence: str) -> None:
        """Keep what is wrong for the line of the layout; the field itself is marked."""
        self._sentence = sentence
        if self._told is not None:
            self._told()

    @property
    def error(self) -> str:
        """The sentence that the line of the layout shows."""
        return self._sentence


class WhereQuestion(QuestionCard):
    """Machine and deadline; in the fold GPUs, layout and measured step. `unfolded` carries new rows."""

    unfolded = Signal(object)

    def __init__(self, document: PlanInputs, catalogue: Catalogue, run: int) -> None:
        super().__init__(text(say("Where, and by when?")), 3)
        self._document, self._catalogue, self._run = document, catalogue, f"runs.{run}"
        self.machine = _MachineRow(document, catalogue)
        self.deadline = AmountRow(
            text(say("&Done in")),
            document,
            "target.deadline_days",
            parse_duration,
            format_duration,
            self._date,
            optional=True,
        )
        self.deadline.set_default(text(say("No deadline")), "")
        self._gpus: AmountRow | None = None
        self.layout_line: LayoutLine | None = None
        self.measured: MeasuredStepRows | None = None
        self.fold = Fold(text(say("Expert settings")), text(say("GPUs, layout, measured step")), self._expert)
        self.add(self.machine, self.deadline, self.fold)
        document.changed.connect(self._unfold_errors)
        self._unfold_errors()

    def _date(self, amount: ReadAmount) -> str:
        start = self._document.plan.target.start_date
        if start is None:
            return text(amount.echo)
        end = start + datetime.timedelta(days=float(amount.value))
        return text(say("by {date}", date=Amount(end, form="day")))

    def _expert(self) -> QWidget:
        self._gpus = AmountRow(
            "&GPUs",
            self._document,
            f"{self._run}.gpus",
            lambda text: parse_count(text, noun="gpus"),
            format_count,
            lambda _amount: text(say("as you fixed")),
            optional=True,
            height=28,
        )
        holder = QWidget()
        layout = column(holder, gap=6)
        layout.addWidget(self._gpus)
        self.layout_line = LayoutLine(self._toggle_layout)
        self._layout_row = Row("&Layout", self.layout_line)
        layout.addWidget(self._layout_row)
        self._parts: list[LayoutPart] = []
        self._layout_box = self._layout_grid()
        self._layout_box.setVisible(self._is_fixed())
        layout.addWidget(self._layout_box)
        self.measured = MeasuredStepRows(self._document, self._catalogue, self._run)
        self.measured.unfolded.connect(self.unfolded)
        layout.addWidget(self.measured)
        return holder

    def _layout_error(self, path: str = "") -> str:
        """Why a fixed part of the layout, or the first one, cannot be had with the software, or ""."""
        found = layout_problems(self._run, self._document.value(self._run))
        return text(next((one.beside_field() for one in found if path in ("", one.path)), ""))

    def _unfold_errors(self, _plan: object = None) -> None:
        """A part that the chosen software lacks is not left hidden."""
        if not self._layout_error():
            return
        self.fold.set_open(True)
        self._layout_box.setVisible(True)

    def _is_fixed(self) -> bool:
        layout = self._document.value(f"{self._run}.layout")
        return any(getattr(layout, name) is not None for name in layout.__struct_fields__)

    def _toggle_layout(self) -> None:
        self._layout_box.setVisible(self._layout_box.isHidden())

    def _layout_grid(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setHorizontalSpacing(8)
        for index, (label, field) in enumerate((("TP", "tensor_parallel"), ("PP", "pipeline_parallel"))):
            grid.addWidget(self._part(label, field), 0, index)
        grid.addWidget(self._part(text(say("Micro")), "micro_batch"), 1, 0)
        self.layout_rows = (
            self._kind(text(say("Recompute")), text(say("Recomputation")), "recompute", inputs.RECOMPUTES),
            self._kind(
                text(say("Schedule")),
                text(say("Order of the pipeline's passes")),
                "schedule",
                inputs.SCHEDULES,
            ),
            self._kind(
                text(say("Context")),
                text(say("Kind of context parallelism")),
                "context_kind",
                inputs.CONTEXT_KINDS,
            ),
            self._kind(
                text(say("FP8 scales")), text(say("How 8-bit products are scaled")), "recipe", inputs.RECIPES
            ),
        )
        grid.addWidget(self._part(text(say("Shards")), "shard_group"), 1, 1)
        for line, row in enumerate(self.layout_rows, start=2):
            grid.addWidget(row, line, 0, 1, 2)
        return holder

    def _kind(self, label: str, full: str, field: str, choices: tuple[inputs.Choice, ...]) -> ChoiceRow:
        path = f"{self._run}.layout.{field}"
        row = ChoiceRow(
            label, self._document, path, list(choices), height=28, judge=lambda: self._layout_error(path)
        )
        row.label.setToolTip(full)
        return row

    def _show_part_errors(self) -> None:
        """The line of the layout says what is wrong with the first of its degrees."""
        sentence = next((part.error for part in self._parts if part.error), "")
        if sentence != self._layout_row.error:
            self._layout_row.set_error(sentence)

    def _part(self, label: str, field: str) -> Row:
        full = PARTS[label]
        path = f"{self._run}.layout.{field}"
        part = LayoutPart(
            label,
            self._document,
            path,
            lambda text: parse_count(text, noun=""),
            format_count,
            lambda _amount: "",
            optional=True,
            height=28,
            judge=lambda: self._layout_error(path),
        )
        part.label.setFixedWidth(SMALL_LABEL_PX if label in ("PP", "Shards") else LABEL_PX)
        part.label.setToolTip(text(full))
        part.field.edit.setAccessibleName(text(full))
        part.set_default(text(say("Best")), "")
        self._parts.append(part)
        part.tell(self._show_part_errors)
        return part

    def show_comparison(self, comparison: Comparison) -> None:
        """Show what was chosen where the plan leaves the choice."""
        answer = comparison.headline
        if self._gpus is not None and answer is not None and answer.gpus is not None:
            self._gpus.set_default(n.exact(answer.gpus), inputs.count_reason(answer))
            noun = device_noun(answer.machine, self._catalogue)
            self._gpus.label.setText(text(say("GCDs")) if noun else text(say("GPUs")))
        if self.layout_line is not None:
            self.layout_line.show_layout(*inputs.used_layout(comparison))
        if self.measured is not None:
            self.measured.show_comparison(comparison)

    def measured_rows(self) -> MeasuredStepRows:
        """The rows of the measured step, unfolded."""
        self.fold.set_open(True)
        assert self.measured is not None
        return self.measured


class _MachineRow(ChoiceRow):
    """The machines in service, and the coming one while the plan names it."""

    def __init__(self, document: PlanInputs, catalogue: Catalogue) -> None:
        self._catalogue, self._named = catalogue, document.plan.target.machine
        super().__init__(
            text(say("Mac&hine")), document, "target.machine", inputs.machine_choices(catalogue, self._named)
        )

    def show_plan(self, _plan: object = None) -> None:
        named = self._document.value(self._path)
        if named != self._named:
            self._named = named
            self.select.set_choices(inputs.machine_choices(self._catalogue, named), named)
        super().show_plan()


class OwnHardware(QuestionCard):
    """What the user has today: the baseline of table, charts and sentence."""

    def __init__(self, document: PlanInputs, catalogue: Catalogue) -> None:
        super().__init__(text(say("What you have today")), icon=IconLabel("house", 18, "text2"))
        self._document, self._catalogue = document, catalogue
        own = document.plan.own_hardware
        choices = inputs.hardware_choices(catalogue, own.gpu, own.gpus)
        self.hardware = _HardwareRow(document, choices)
        self.words = Text("", "label-600", "text2", wrap=True)
        self.words.setContentsMargins(LABEL_PX, 0, 0, 0)
        self.words.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.add(self.hardware, self.words)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show how long the plan would take there."""
        self.words.setText(own_hardware_words(comparison))


class _HardwareRow(ChoiceRow):
    """GPU and count as one choice."""

    def __init__(self, document: PlanInputs, choices: list[inputs.Choice]) -> None:
        self._own = document
        super().__init__(text(say("Hardwar&e")), document, "own_hardware", choices, self._set_pair)
        self.show_plan()

    def show_plan(self, _plan: object = None) -> None:
        own = self._own.plan.own_hardware
        self.select.choose((own.gpu, own.gpus))

    def _set_pair(self, pair: Any) -> str:
        gpu, gpus = pair
        return self._own.change_together({"own_hardware.gpu": gpu, "own_hardware.gpus": gpus})
