"""Question 2: on how much data?"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.plan.amounts import format_count, format_number, parse_count, parse_number
from app.plan.check import batch_problems
from app.present import inputs
from app.present import numbers as n
from app.window.parts.card import column, empty, row
from app.window.parts.fold import Fold
from app.window.parts.slider import LogSlider
from app.window.parts.text import Text
from app.window.questions.card import QuestionCard
from app.window.questions.rows import LABEL_PX, AmountRow, PlanInputs
from app.words import text
from estimators.planning.records import Comparison
from estimators.words import say

SPANS = {"tokens": (1e9, 1e13), "sequences": (1e3, 1e9), "images": (1e6, 1e11)}
LABELS = {"tokens": say("&Tokens"), "sequences": say("&Sequences"), "images": say("&Images")}
SLIDERS = {
    "tokens": say("Tokens, as a slider"),
    "sequences": say("Sequences, as a slider"),
    "images": say("Images, as a slider"),
}
A_STEP = {
    "tokens": say("tokens a step"),
    "samples": say("samples a step"),
    "images": say("images a step"),
}
SMALL_SPANS = {"tokens": (1e6, 1e10), "sequences": (1e2, 1e6), "images": (1e4, 1e8)}


class DataQuestion(QuestionCard):
    """The amount as text and as a slider; in the fold batch and passes."""

    def __init__(self, document: PlanInputs, run: int) -> None:
        super().__init__(text(say("On how much data?")), 2)
        self._document, self._run = document, f"runs.{run}"
        self.amount: AmountRow
        self.slider: LogSlider
        self.noun = ""
        self._holder = QWidget()
        self._layout = column(self._holder, gap=4)
        self._batch_row: AmountRow | None = None
        self.fold = Fold(text(say("Expert settings")), text(say("batch, passes")), self._expert)
        self.add(self._holder, self.fold)
        document.changed.connect(self._show)
        self._show()

    def _given(self) -> str:
        data = self._document.value(f"{self._run}.data")
        return next(noun for noun in SPANS if getattr(data, noun) is not None)

    def _show(self, _plan: object = None) -> None:
        noun = self._given()
        if noun != self.noun:
            self._build(noun)
        self.slider.show_amount(float(self._document.value(f"{self._run}.data.{noun}")))
        if self._batch_error() and not self.fold.is_open:
            self.fold.set_open(True)

    def _batch_error(self) -> str:
        """Why the batch cannot be used beside this amount of data, or ""."""
        run = self._document.value(self._run)
        found = next(batch_problems(self._run, run, self._document.catalogue), None)
        return text(found.beside_field() if found is not None else "")

    def _build(self, noun: str) -> None:
        """The amount counts tokens, sequences or images; another noun needs another field."""
        rebuilt = bool(self.noun)
        self.noun = noun
        empty(self._layout)
        label = text(LABELS[noun])
        path = f"{self._run}.data.{noun}"
        self.amount = AmountRow(label, self._document, path, partial(parse_count, noun=noun), format_count)
        low, high = SPANS[noun]
        if self._document.value(path) < low:
            low, high = SMALL_SPANS[noun]
        self.slider = LogSlider(text(SLIDERS[noun]), low, high)
        self.slider.dragged.connect(self._dragged)
        self.slider.sliderPressed.connect(self._document.begin_gesture)
        self.slider.sliderReleased.connect(self._document.end_gesture)
        self._layout.addWidget(self.amount)
        self._layout.addWidget(self._slider_box(low, high))
        if rebuilt and self.fold.content is not None:
            self._renew_fold()

    def _renew_fold(self) -> None:
        is_open = self.fold.is_open
        content = self.fold.content
        self.fold.content = None
        if content is not None:
            content.deleteLater()
        self.fold.set_open(is_open)

    def _slider_box(self, low: float, high: float) -> QWidget:
        holder = QWidget()
        box = column(holder, (LABEL_PX, 2, 0, 0), 0)
        box.addWidget(self.slider)
        ends = row()
        ends.addWidget(Text(n.large(low), "help", "text3"))
        right = Text(n.large(high), "help", "text3")
        right.setAlignment(Qt.AlignmentFlag.AlignRight)
        ends.addWidget(right)
        box.addLayout(ends)
        return holder

    def _dragged(self, amount: float) -> None:
        error = self._document.change(f"{self._run}.data.{self.noun}", round(amount))
        self.amount.set_error(error)

    def _expert(self) -> QWidget:
        run = self._run
        words = self._given() == "tokens"
        noun = "tokens" if words else "images" if self.noun == "images" else "samples"
        path = f"{run}.data.global_batch_tokens" if words else f"{run}.data.global_batch_samples"
        self._batch_row = AmountRow(
            "&Batch",
            self._document,
            path,
            partial(parse_count, noun=noun),
            format_count,
            lambda _amount: text(A_STEP[noun]),
            optional=True,
            height=28,
            judge=self._batch_error,
        )
        self._batch_row.set_default(text(say("Default")), text(A_STEP[noun]))
        self.passes = AmountRow(
            "&Passes",
            self._document,
            f"{run}.data.passes",
            parse_number,
            format_number,
            lambda _amount: text(say("over the data")),
            height=28,
        )
        holder = QWidget()
        layout = column(holder, gap=6)
        layout.addWidget(self._batch_row)
        layout.addWidget(self.passes)
        return holder

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the batch that the default gave."""
        tokens = inputs.used_batch_tokens(comparison)
        if self._batch_row is None or tokens is None:
            return
        per_sample = 1 if self._given() == "tokens" else comparison.spec.positions
        noun = text(say("tokens a step")) if per_sample == 1 else text(say("samples a step"))
        self._batch_row.set_default(n.large(tokens / per_sample), noun)
        is_default = not self._batch_row.field.text()
        self._batch_row.set_help(text(say("Default for this amount of data")) if is_default else "")
