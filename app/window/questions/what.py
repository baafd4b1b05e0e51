"""Question 1: what do you train?"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from app.plan.amounts import format_count, parse_count
from app.plan.check_model import model_problems
from app.plan.samples import run_model
from app.present import inputs
from app.window.parts.card import column
from app.window.parts.fold import Fold
from app.window.questions.card import QuestionCard
from app.window.questions.rows import AmountRow, ChoiceRow, PlanInputs
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.words import Name, say

DEFAULT_TOKENS = 10_000_000_000
DEFAULT_IMAGES = 100_000_000


class WhatQuestion(QuestionCard):
    """Model and method; in the fold sequence, software and precision."""

    def __init__(self, document: PlanInputs, catalogue: Catalogue, run: int) -> None:
        super().__init__(text(say("What do you train?")), 1)
        self._document, self._catalogue, self._run = document, catalogue, f"runs.{run}"
        self.prediction: ChoiceRow | None = None
        self.model = ChoiceRow(
            "&Model", document, f"{self._run}.workload.model", self._models(), self._choose_model
        )
        self.method = ChoiceRow(
            text(say("Meth&od")), document, f"{self._run}.workload.method", list(inputs.METHODS)
        )
        self.fold = Fold(
            text(say("Expert settings")), text(say("sequence, software, precision")), self._expert
        )
        self.add(self.model, self.method, self.fold)
        document.changed.connect(self._show_model)
        self._show_model()

    def _models(self) -> list[inputs.Choice]:
        model = self._document.value(f"{self._run}.workload.model")
        choices = inputs.model_choices(self._catalogue)
        known = {value for _, value in choices}
        if not isinstance(model, str):
            choices.insert(0, (Name(model.name), model))
        elif model not in known:
            choices.insert(0, (Name(model), model))
        return choices

    def _show_model(self, _plan: object = None) -> None:
        run = self._document.plan.runs[int(self._run.split(".")[1])]
        model = run_model(run, self._catalogue)
        self.model.set_help(inputs.model_words(model))
        if self.prediction is not None:
            self.prediction.setVisible(model.prediction_blocks > 0)

    def _prediction_error(self) -> str:
        """Why the token-prediction block cannot be trained, or ""."""
        run = self._document.value(self._run)
        if not run.workload.multi_token_prediction:
            return ""
        card = self._catalogue.find_model(str(run.workload.model))
        found = next(model_problems(self._run, run, card, self._catalogue), None)
        return text(found.beside_field() if found is not None else "")

    def _choose_model(self, model: Any) -> str:
        """Text and images are counted apart, so a model of the other kind brings its own amount."""
        values: dict[str, Any] = {f"{self._run}.workload.model": model}
        chosen = inputs.named_model(model, self._catalogue)
        data = self._document.value(f"{self._run}.data")
        given = data.images is not None
        reads_images = given if chosen is None else inputs.reads_images(chosen)
        if reads_images != given:
            values[f"{self._run}.data.tokens"] = None if reads_images else DEFAULT_TOKENS
            values[f"{self._run}.data.sequences"] = None
            values[f"{self._run}.data.images"] = DEFAULT_IMAGES if reads_images else None
            values[f"{self._run}.data.global_batch_tokens"] = None
            values[f"{self._run}.data.global_batch_samples"] = None
            values[f"{self._run}.workload.sequence_tokens"] = None
        if chosen is None or not chosen.prediction_blocks:
            values[f"{self._run}.workload.multi_token_prediction"] = False
        return self._document.change_together(values)

    def _expert(self) -> QWidget:
        run, document = self._run, self._document
        self.sequence = AmountRow(
            text(say("Se&quence")),
            document,
            f"{run}.workload.sequence_tokens",
            parse_count,
            format_count,
            lambda _amount: "tokens",
            optional=True,
            height=28,
        )
        self.sequence.set_default(text(say("4096 or the model's")), "tokens")
        software = [(text(say("Default: Megatron class")), None), *inputs.SOFTWARE]
        self.software = ChoiceRow(text(say("Soft&ware")), document, f"{run}.software", software, height=28)
        self.precision = ChoiceRow(
            text(say("P&recision")), document, f"{run}.workload.precision", list(inputs.PRECISIONS), height=28
        )
        self.prediction = ChoiceRow(
            text(say("Predi&cts")),
            document,
            f"{run}.workload.multi_token_prediction",
            list(inputs.PREDICTIONS),
            height=28,
            judge=self._prediction_error,
        )
        self.prediction.label.setToolTip(
            text(say("Whether the model's token-prediction block is trained too"))
        )
        holder = QWidget()
        layout = column(holder, gap=6)
        for part in (self.sequence, self.software, self.precision, self.prediction):
            layout.addWidget(part)
        self._show_model()
        self.sequence.setVisible(document.value(f"{run}.data.images") is None)
        return holder
