"""The answer: the sentence, the line about the user's hardware, and three cards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.present import answer as present
from app.present.answer import Phrase, Phrases
from app.window.figure_card import FigureCardView
from app.window.parts.buttons import Button
from app.window.parts.card import Band, column, row
from app.window.parts.text import Run, RunLines
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison

HEIGHT = 129
HEIGHT_WIDE = 141
COMPACT_BELOW_PX = 720
COMPACT_HEIGHT = 54


class AnswerStrip(Band):
    """Shows one comparison; `why` opens the explanation and `copy` puts the answer on the clipboard."""

    def __init__(
        self, copy: Callable[[], object], why: Callable[[], object], machines: Callable[[], object]
    ) -> None:
        super().__init__("bottom", "window")
        self.sentence = RunLines()
        self.own_line = RunLines()
        self.copy_button = Button("Copy", "copy", "ghost", copy, height=26)
        self.why_button = Button("&Why this number", "circle-question-mark", "ghost", why, height=26)
        self.cards = (FigureCardView(why), FigureCardView(why), FigureCardView(machines))
        layout = row(self, (16, 10, 14, 10), 10)
        self._words = column(margins=(0, 6, 10, 0), gap=1)
        self._words.addWidget(self.sentence)
        self._words.addSpacing(3)
        self._words.addWidget(self.own_line)
        self._buttons = QWidget()
        buttons = row(self._buttons, gap=6)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.why_button)
        buttons.addStretch()
        self._words.addWidget(self._buttons)
        self._words.addStretch()
        layout.addLayout(self._words, 1)
        for card in self.cards:
            layout.addWidget(card)
        self._shown: tuple[Comparison, Catalogue] | None = None
        self._names_evidence = False
        self.set_size(wide=False, compact=False)

    def set_size(self, wide: bool, compact: bool) -> None:
        """Take the sizes for a wide or for a low window."""
        self.setFixedHeight(COMPACT_HEIGHT if compact else HEIGHT_WIDE if wide else HEIGHT)
        self.sentence.set_wide(wide)
        self.own_line.set_wide(wide)
        self.own_line.setVisible(not compact)
        self._buttons.setVisible(not compact)
        for card in self.cards:
            card.setFixedWidth(282 if wide else 232)
            card.setVisible(not compact)
            card.set_wide(wide)

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue) -> None:
        """Show another answer."""
        self.sentence.set_runs(runs_of(present.sentence(comparison, catalogue), "answer"))
        self._shown = (comparison, catalogue)
        self._show_own_line()
        for view, card in zip(self.cards, present.cards(comparison), strict=True):
            view.show_card(card)
        final = comparison.final
        self.copy_button.setEnabled(final)
        self.why_button.setEnabled(comparison.explanation is not None)

    def name_evidence(self) -> None:
        """Say from now on how far off the nearest published run is; reading the runs is slow."""
        self._names_evidence = True
        self._show_own_line()

    def _show_own_line(self) -> None:
        if self._shown is None:
            return
        nearest = ""
        if self._names_evidence:
            from app.present.evidence import nearest_words

            nearest = nearest_words(*self._shown)
        self.own_line.set_runs(runs_of(present.own_line(*self._shown, nearest), "answer-line"))


def runs_of(phrases: Phrases, role: str) -> list[Run]:
    """Phrases with the fonts and inks of a role."""
    return [_run(phrase, role) for phrase in phrases]


def _run(phrase: Phrase, role: str) -> Run:
    line = role == "answer-line"
    if phrase.emphasis == "figure":
        return Run(phrase.text, "answer-figure")
    if phrase.emphasis == "machine":
        return Run(phrase.text, role, "accent")
    if phrase.emphasis == "bold":
        return Run(phrase.text, "answer-line-bold", "text2")
    if phrase.emphasis == "quiet":
        return Run(phrase.text, role, "text3")
    return Run(phrase.text, role, "text2" if line else "text")
