"""One figure taken apart: formula in words and in values, range, and every input with its source."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from app.present.explanation import Detail, InputRow, detail
from app.window.nearest_runs import NearestLines
from app.window.parts.badge import Badge
from app.window.parts.buttons import Button, LinkText
from app.window.parts.card import Card, column, hairline, row
from app.window.parts.range_glyph import RangeGlyph
from app.window.parts.text import ElidedText, Text
from estimators.quantity import Figure

NAME_PX = 160
Go = Callable[[Figure], object]


class ExplanationDetail(QScrollArea):
    """The right side of the explanation."""

    def __init__(self, copy: Callable[[], object], go: Go) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._go = go
        self.copy = Button("Text", "copy", "secondary", copy, height=26)
        self.copy.setAccessibleName("Copy the explanation as text")
        self.title = ElidedText("", "explain-title")
        self.subtitle = Text("", "label", "text2", wrap=True)
        inside = QWidget()
        layout = column(inside, (14, 10, 12, 12), 0)
        head = row(gap=10)
        words = column(gap=1)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        head.addLayout(words, 1)
        head.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addSpacing(9)
        self._body = QWidget()
        self._body_layout = column(self._body, gap=8)
        layout.addWidget(self._body)
        layout.addStretch()
        self.nearest = NearestLines()
        self._inside = layout
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def show_figure(self, figure: Figure) -> None:
        """Take another figure apart."""
        shown = detail(figure)
        self.title.setText(shown.title)
        self.subtitle.setText(shown.subtitle)
        fresh = QWidget()
        layout = column(fresh, gap=8)
        for name, words, values, result in shown.formulas:
            layout.addWidget(FormulaBlock(name, words, values, result))
        if shown.glyph is not None:
            layout.addWidget(_range_line(shown))
        layout.addWidget(_inputs("Input", shown.inputs, self._go))
        layout.addWidget(self.nearest)
        if shown.leaves:
            layout.addWidget(_inputs("Rests on", shown.leaves, self._go))
        self._inside.replaceWidget(self._body, fresh)
        self._body.hide()
        self._body.deleteLater()
        self._body = fresh


class FormulaBlock(Card):
    """Name = formula in words; below the same with values, and the result."""

    def __init__(self, name: str, words: str, values: str, result: str) -> None:
        super().__init__(sunken=True, radius=6, edge="")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 7)
        grid.setVerticalSpacing(2)
        grid.setHorizontalSpacing(6)
        head = row(gap=6)
        head.addWidget(Text(name, "label-600", "text"))
        head.addWidget(Text(f"= {words}", "label", "text2", wrap=True), 1)
        grid.addLayout(head, 0, 0, 1, 2)
        formula = Text(values, "mono", wrap=True)
        formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(formula, 1, 0)
        value = Text(f"= {result}", "label-700")
        grid.addWidget(value, 1, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        grid.setColumnStretch(0, 1)


def _range_line(shown: Detail) -> QWidget:
    holder = QWidget()
    layout = row(holder, (0, 0, 0, 0), 12)
    layout.addWidget(Text("Range", "label-600"))
    glyph = RangeGlyph()
    glyph.show_shape(shown.glyph)
    layout.addWidget(glyph, 1)
    layout.addWidget(Text(shown.range_words, "label", "text2"))
    return holder


def _inputs(title: str, rows: tuple[InputRow, ...], go: Go) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(0)
    for place, words in enumerate((title, "Value", "Source", "Confidence")):
        head = Text(words, "head", "text3")
        head.setContentsMargins(4 if place == 0 else 0, 4, 0, 5)
        if words == "Value":
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(head, 0, place)
    for index, line in enumerate(rows):
        _add_input(grid, 2 * index + 1, line, go)
    grid.setColumnMinimumWidth(0, NAME_PX)
    grid.setColumnMinimumWidth(1, 90)
    grid.setColumnMinimumWidth(3, 104)
    grid.setColumnStretch(2, 1)
    return holder


def _add_input(grid: QGridLayout, at: int, line: InputRow, go: Go) -> None:
    grid.addWidget(hairline(), at, 0, 1, 4)
    name: QWidget
    if line.figure.inputs:
        name = LinkText(line.name, partial(go, line.figure))
    else:
        name = ElidedText(line.name, "label-600")
        name.setContentsMargins(4, 0, 0, 0)
        name.setFixedWidth(NAME_PX)
    name.setMinimumHeight(27)
    grid.addWidget(name, at + 1, 0)
    value = Text(line.value, "label-600")
    grid.addWidget(value, at + 1, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    grid.addWidget(_source(line), at + 1, 2)
    badge = Badge(line.badge.tone, line.badge.word, outlined=True, icon=line.badge.icon)
    grid.addWidget(badge, at + 1, 3, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def _source(line: InputRow) -> QWidget:
    if not line.link:
        words = ElidedText(line.source, "label", "text2")
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words.setToolTip(line.note)
        return words
    link = LinkText(line.source, lambda: QDesktopServices.openUrl(QUrl(line.link)), fills=True)
    link.setToolTip(f"{line.link}\n{line.note}".strip())
    link.setAccessibleName(f"Source of {line.name}: {line.source}")
    return link
