"""The answer: the sentence, the line about the user's hardware, and three cards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.present import answer as present
from app.present.answer import Phrase, Phrases
from app.present.held import held_card
from app.present.neighbour import neighbour_words
from app.window.figure_card import FigureCardView
from app.window.parts.buttons import Button
from app.window.parts.card import Band, column, row
from app.window.parts.text import ElidedText, Run, RunLines
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.words import NOTHING, Said, say

HEIGHT = 129
HEIGHT_WIDE = 141
COMPACT_BELOW_PX = 720
COMPACT_HEIGHT = 54
MARGINS = (16, 10, 14, 10)
GAP = 10
CARD_WIDTH = 232
CARD_WIDTH_WIDE = 282
WORDS_TOP = 6
WORDS_RIGHT = 10
OWN_LINE_GAP = 3
LINE_GAP = 1


class AnswerStrip(Band):
    """Shows one comparison; `why` opens the explanation and `copy` puts the answer on the clipboard."""

    def __init__(
        self, copy: Callable[[], object], why: Callable[[], object], machines: Callable[[], object]
    ) -> None:
        super().__init__("bottom", "window")
        self.sentence = RunLines()
        self.own_line = RunLines()
        self.copy_button = Button(text(say("Copy")), "copy", "ghost", copy, height=26)
        self.why_button = Button(
            text(say("&Why this number")), "circle-question-mark", "ghost", why, height=26
        )
        self.beside = ElidedText("", "answer-line", "text2")
        self.beside.setAccessibleName(text(say("Another number of GPUs")))
        self.cards = (FigureCardView(why), FigureCardView(why), FigureCardView(machines))
        layout = row(self, MARGINS, GAP)
        self._words = column(margins=(0, WORDS_TOP, WORDS_RIGHT, 0), gap=LINE_GAP)
        self._words.addWidget(self.sentence)
        self._words.addSpacing(OWN_LINE_GAP)
        self._words.addWidget(self.own_line)
        self._buttons = QWidget()
        buttons = row(self._buttons, gap=6)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.why_button)
        buttons.addWidget(self.beside, 1)
        self._words.addWidget(self._buttons)
        self._words.addStretch()
        layout.addLayout(self._words, 1)
        for card in self.cards:
            layout.addWidget(card)
        self._wide = self._compact = False
        self._sentence: Phrases = ()
        self._shown: tuple[Comparison, Catalogue] | None = None
        self._names_evidence = False
        self._held = ""
        self.set_size(wide=False, compact=False)

    def set_size(self, wide: bool, compact: bool) -> None:
        """Take the sizes for a wide or for a low window."""
        self._wide, self._compact = wide, compact
        self.setFixedHeight(COMPACT_HEIGHT if compact else HEIGHT_WIDE if wide else HEIGHT)
        self.own_line.set_wide(wide)
        self.beside.set_wide(wide)
        self.own_line.setVisible(not compact)
        self._buttons.setVisible(not compact)
        for card in self.cards:
            card.setFixedWidth(CARD_WIDTH_WIDE if wide else CARD_WIDTH)
            card.setVisible(not compact)
            card.set_wide(wide)
        self._fit_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        """Step the size down until sentence and line fit; at 16 pixels, end in … what still has no room."""
        width = self._words_width()
        self.own_line.set_most_lines(None)
        self.sentence.set_most_lines(None)
        for role, wide in (("answer", True), ("answer", False), ("answer-small", False)):
            if wide and not self._wide:
                continue
            self.sentence.set_wide(wide)
            self.sentence.set_runs(runs_of(self._sentence, role, faint=bool(self._held)))
            if self._words_height(width) <= self._words_room(WORDS_TOP):
                self._set_words_top(WORDS_TOP)
                return
        self._set_words_top(0)
        self.own_line.set_most_lines(1)
        own = self._words_height(width) - self.sentence.heightForWidth(width)
        lines = (self._words_room(0) - own + 0.5) // self.sentence.line_pitch()
        self.sentence.set_most_lines(max(1, int(lines)))

    def _set_words_top(self, top: int) -> None:
        self._words.setContentsMargins(0, top, WORDS_RIGHT, 0)

    def _words_width(self) -> int:
        cards = 0 if self._compact else 3 * (GAP + (CARD_WIDTH_WIDE if self._wide else CARD_WIDTH))
        return max(80, self.width() - MARGINS[0] - MARGINS[2] - cards - WORDS_RIGHT)

    def _words_room(self, top: int) -> int:
        """Pixels for sentence and line above the buttons."""
        room = self.height() - MARGINS[1] - MARGINS[3] - top
        if self._compact:
            return room - OWN_LINE_GAP
        return room - OWN_LINE_GAP - self.copy_button.height() - 3 * LINE_GAP

    def _words_height(self, width: int) -> int:
        own = 0 if self._compact else self.own_line.heightForWidth(width)
        return self.sentence.heightForWidth(width) + own

    def show_comparison(self, comparison: Comparison, catalogue: Catalogue, access: Said = NOTHING) -> None:
        """Show another answer; `access` says which mode pays for the whole request."""
        self._sentence = present.sentence(comparison, catalogue, access)
        self._shown = (comparison, catalogue)
        self._show_own_line()
        self._show_cards()
        final = comparison.final
        self.copy_button.setEnabled(final)
        self.why_button.setEnabled(comparison.explanation is not None)

    def set_held(self, words: str) -> None:
        """Mark the answer as the last good one and say why; "" takes the mark away."""
        if words != self._held:
            self._held = words
            self.setToolTip(words)  # a low window has no second line
            self._show_cards()
            self._show_own_line()

    def _show_cards(self) -> None:
        if self._shown is None:
            return
        for view, card in zip(self.cards, present.cards(self._shown[0]), strict=True):
            view.show_card(held_card(card) if self._held else card)
        self.beside.setText("" if self._held else neighbour_words(*self._shown))

    def name_evidence(self) -> None:
        """Say from now on how far off the nearest published run is; reading the runs is slow."""
        self._names_evidence = True
        self._show_own_line()

    def _show_own_line(self) -> None:
        if self._shown is None:
            return
        if self._held:
            self.own_line.set_runs([Run(self._held, "answer-line", "warn")])
            self._fit_words()
            return
        nearest = NOTHING
        if self._names_evidence:
            from app.present.evidence_words import nearest_said

            nearest = nearest_said(*self._shown)
        self.own_line.set_runs(runs_of(present.own_line(*self._shown, nearest), "answer-line"))
        self._fit_words()


def runs_of(phrases: Phrases, role: str, faint: bool = False) -> list[Run]:
    """Phrases with the fonts and inks of a role; faint ones are of an earlier answer."""
    runs = [_run(phrase, role) for phrase in phrases]
    return [Run(run.text, run.role, "text3") for run in runs] if faint else runs


def _run(phrase: Phrase, role: str) -> Run:
    line = role == "answer-line"
    if phrase.emphasis == "figure":
        return Run(phrase.text, "answer-figure-small" if role == "answer-small" else "answer-figure")
    if phrase.emphasis == "machine":
        return Run(phrase.text, role, "accent")
    if phrase.emphasis == "bold":
        return Run(phrase.text, "answer-line-bold", "text2")
    if phrase.emphasis == "quiet":
        return Run(phrase.text, role, "text3")
    return Run(phrase.text, role, "text2" if line else "text")
