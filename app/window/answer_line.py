"""The answer in one line, for tabs that need the room: the request, why, and two figures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from app.present.answer import Phrase, Phrases
from app.present.campaign import SmallFigure, sentence, small_figures
from app.present.held import held_mark
from app.window.answer_strip import runs_of
from app.window.parts.badge import Badge
from app.window.parts.buttons import Button, DrawnButton
from app.window.parts.card import Band, row
from app.window.parts.drawing import begin
from app.window.parts.range_glyph import draw_glyph
from app.window.parts.text import RunLines
from app.window.parts.words import draw_words, text_width
from app.window.theme.manager import ink
from app.words import text
from estimators.requests.results import Request
from estimators.words import say

HEIGHT = 54
GLYPH_PX = 108
FIGURES_FROM_PX = 1150
ROLES = (("answer", True), ("answer", False), ("answer-small", False))
COUNTING: Phrases = (Phrase(text(say("Counting the request."))),)


class SmallFigureView(DrawnButton):
    """Title over number, the range beside them; opens where the number comes from."""

    def __init__(self, clicked: Callable[[], object]) -> None:
        super().__init__("", clicked)
        self._figure: SmallFigure | None = None
        self._refining = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_figure(self, figure: SmallFigure | None, refining: bool) -> None:
        """Show another figure; None takes the place away."""
        self._figure, self._refining = figure, refining
        if figure is not None:
            self.setAccessibleName(f"{figure.title}: {figure.number}. {figure.words}")
            self.setToolTip(figure.words)
        self.updateGeometry()
        self.update()

    @property
    def has_figure(self) -> bool:
        """Whether there is something to show."""
        return self._figure is not None

    def _words_width(self) -> float:
        figure = self._figure
        if figure is None:
            return 0.0
        return max(text_width(figure.title, "label"), text_width(figure.number, "label-700"))

    def sizeHint(self) -> QSize:
        return QSize(round(self._words_width()) + 12 + GLYPH_PX + 8, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        figure = self._figure
        if figure is None:
            return
        painter = begin(self)
        area = self.rect().toRectF()
        painter.setPen(ink("text2"))
        draw_words(painter, QRectF(4, 3, area.width(), 18), figure.title, "label")
        painter.setPen(ink("text3" if self._refining else "text"))
        draw_words(painter, QRectF(4, 22, area.width(), 20), figure.number, "label-700")
        left = 4 + self._words_width() + 10
        hue = "context" if self._refining else "accent"
        draw_glyph(painter, QRectF(left, 6, area.width() - left - 4, 14), figure.glyph, hue)
        self.focus_ring(painter, area, 6)


class AnswerLine(Band):
    """Shows one request."""

    def __init__(self, why: Callable[[], object]) -> None:
        super().__init__("bottom", "window")
        self.setFixedHeight(HEIGHT)
        self.sentence = RunLines()
        self.sentence.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.sentence.set_most_lines(1)
        self.why = Button(text(say("Why")), "circle-question-mark", "ghost", why, height=26)
        self.why.setAccessibleName(text(say("Why this number")))
        self.badge = Badge()
        self.figures = (SmallFigureView(why), SmallFigureView(why))
        layout = self._line = row(self, (16, 4, 14, 4), 14)
        layout.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.badge)
        layout.addWidget(self.why)
        layout.addStretch()
        for figure in self.figures:
            layout.addWidget(figure)
        self._wide = self._faint = False
        self._phrases: Phrases = COUNTING
        self._fit()

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self._wide = wide
        self._fit()

    def show_request(self, request: Request | None, refining: bool, problem: str = "") -> None:
        """Show another request, or why there is none."""
        self._phrases = sentence(request) if request is not None else COUNTING
        if problem and request is None:
            self._phrases = (Phrase(problem),)
        self._faint = bool(problem) and request is not None
        self.badge.show_state(*(held_mark() if self._faint else ("warn", "")))
        self.badge.setToolTip(problem)
        figures = small_figures(request) if request is not None else ()
        for place, view in enumerate(self.figures):
            view.show_figure(figures[place] if place < len(figures) else None, refining)
        self._fit()

    def _fit(self) -> None:
        """The largest size in which the sentence has room; cut with … where none has."""
        for view in self.figures:
            view.setVisible(view.has_figure and self.width() >= FIGURES_FROM_PX)
        taken = sum(view.sizeHint().width() + 14 for view in self.figures if not view.isHidden())
        if not self.badge.isHidden():
            taken += self.badge.sizeHint().width() + 14
        room = self.width() - 30 - taken - self.why.sizeHint().width() - 30
        for role, wide in ROLES:
            if wide and not self._wide:
                continue
            self.sentence.set_wide(wide)
            self.sentence.set_runs(runs_of(self._phrases, role, self._faint))
            if self.sentence.natural_width() <= room:
                break
        self.sentence.setFixedWidth(max(120, min(room, self.sentence.natural_width())))
        self._line.activate()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()
