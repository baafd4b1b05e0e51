"""The middle panel: three questions and the user's hardware, scrolled where the window is low."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.window.parts.card import column
from app.window.questions.data import DataQuestion
from app.window.questions.rows import PlanInputs
from app.window.questions.what import WhatQuestion
from app.window.questions.where import OwnHardware, WhereQuestion
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison

WIDTH = 344
WIDTH_WIDE = 401
REVEAL_PX = 14
"""Seen below rows that unfold."""
REVEAL_AFTER_MS = (20, 120)
"""Twice: a sentence that wraps finds its height only in the second round of the layout."""


class QuestionsPanel(QScrollArea):
    """All inputs of one run."""

    def __init__(self, document: PlanInputs, catalogue: Catalogue, run: int) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.what = WhatQuestion(document, catalogue, run)
        self.data = DataQuestion(document, run)
        self.where = WhereQuestion(document, catalogue, run)
        self.own = OwnHardware(document, catalogue)
        self._comparison: Comparison | None = None
        for question in (self.what, self.data, self.where):
            question.fold.opened.connect(self._show_again)
        self.where.unfolded.connect(self._reveal)
        self._inside = inside = QWidget()
        layout = column(inside, (10, 10, 10, 8), 8)
        for card in (self.what, self.data, self.where, self.own):
            layout.addWidget(card)
        layout.addStretch()
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def open_folds(self, open_them: bool) -> None:
        """Open or close all expert settings."""
        for question in (self.what, self.data, self.where):
            question.fold.set_open(open_them)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show what the answer says about the inputs."""
        self._comparison = comparison
        self.data.show_comparison(comparison)
        self.where.show_comparison(comparison)
        self.own.show_comparison(comparison)

    def show_measured_error(self, sentence: str, may_be_confirmed: bool) -> None:
        """Say beside the measured step why it is not used, and offer to confirm it where that helps."""
        self.where.measured_rows().show_error(sentence, may_be_confirmed)

    def ask_measured_step(self) -> None:
        """Put the keyboard where the time of a step is typed."""
        rows = self.where.measured_rows()
        rows.seconds.field.edit.setFocus()
        self._reveal(rows)

    def _reveal(self, rows: QWidget) -> None:
        """Scroll until the rows show, once they have their places."""
        inside = self._inside

        def scroll() -> None:
            bottom = rows.mapTo(inside, QPoint(0, rows.height()))
            self.ensureVisible(0, bottom.y(), 0, REVEAL_PX)

        for milliseconds in REVEAL_AFTER_MS:
            QTimer.singleShot(milliseconds, rows, scroll)

    def _show_again(self) -> None:
        """A fold that opens shows what the last answer chose."""
        if self._comparison is not None:
            self.show_comparison(self._comparison)
