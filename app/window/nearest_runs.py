"""The published runs nearest to the plan: a table with sources, and lines for below an explanation."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QWidget

from app.present.evidence import NearestRow
from app.present.evidence_words import nearest_text, rows_in_words
from app.present.numbers import TIMES
from app.window.held import copy_text
from app.window.parts.badge import Badge
from app.window.parts.buttons import IconButton, LinkText
from app.window.parts.card import column, hairline, row
from app.window.parts.text import ElidedText, Text
from app.words import text
from estimators.words import Name, say

TITLE = say("Nearest published runs")
EMPTY = say("No published run of this kind of model is in the evidence, so the range is wider.")
HEADS = (say("Run"), say("Measured"), say("Predicted"), say("Error"))
ERROR = 3
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MOST_LINES = 3
HEAD_PX, RUN_PX = 52, 44
"""Height of title and column heads, and of one run."""


class NearestRuns(QWidget):
    """All nearest runs, two lines each: figures and error, then software and source."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[NearestRow, ...] = ()
        self._room = 0
        self.copy = IconButton(
            "copy", text(say("Copy the nearest runs")), self.copy_table, size=14, box_px=24
        )
        self.setAccessibleName(text(TITLE))
        self._table = QWidget()
        self._column = column(self)
        head = row()
        head.addWidget(Text(text(TITLE), "panel"), 1)
        head.addWidget(self.copy)
        self._column.addLayout(head)
        self._column.addWidget(self._table)
        self._column.addStretch()
        self._show()

    def show_rows(self, rows: tuple[NearestRow, ...]) -> None:
        """Show other runs."""
        if rows != self.rows:
            self.rows = rows
            self._show()

    def copy_table(self) -> None:
        """Put the rows with their sources on the clipboard."""
        copy_text(self, nearest_text(self.rows))

    def _show(self) -> None:
        words = " ".join(f"{sentence}." for sentence in rows_in_words(self.rows))
        self.setAccessibleDescription(text(words or EMPTY))
        self.copy.setEnabled(bool(self.rows))
        fresh: QWidget = Text(text(EMPTY), "label", "text2", wrap=True)
        if self.rows:
            fresh = _table(self.rows[: self._room])
        self._column.replaceWidget(self._table, fresh)
        self._table.hide()
        self._table.deleteLater()
        self._table = fresh

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        room = max(1, (self.height() - HEAD_PX) // RUN_PX)
        if room != self._room:
            self._room = room
            self._show()

    def minimumSizeHint(self) -> QSize:
        return QSize(260, HEAD_PX + 3 * RUN_PX)


def _table(rows: tuple[NearestRow, ...]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(0)
    for place, words in enumerate(HEADS):
        head = Text(text(words), "head", "text3")
        head.setContentsMargins(0, 1, 0, 4)
        head.setToolTip(text(say("Predicted against measured time")) if place == ERROR else "")
        grid.addWidget(head, 0, place, Qt.AlignmentFlag.AlignLeft if place == 0 else RIGHT)
    for index, line in enumerate(rows):
        _add_run(grid, 3 * index + 1, line)
    grid.setColumnStretch(0, 1)
    return holder


def _add_run(grid: QGridLayout, at: int, line: NearestRow) -> None:
    grid.addWidget(hairline(), at, 0, 1, 4)
    grid.addWidget(ElidedText(line.model, "label-600"), at + 1, 0)
    grid.addWidget(Text(line.measured, "label"), at + 1, 1, RIGHT)
    grid.addWidget(Text(line.predicted, "label"), at + 1, 2, RIGHT)
    grid.addWidget(error_badge(line), at + 1, 3, RIGHT)
    below = row(margins=(0, 0, 0, 3), gap=8)
    below.addWidget(ElidedText(_configuration(line), "help", "text2"), 1)
    below.addWidget(source_of(line))
    grid.addLayout(below, at + 2, 0, 1, 4)


def _configuration(line: NearestRow) -> str:
    return f"{line.gpus} {TIMES} {line.card}, {line.unit}, {line.software}"


def error_badge(line: NearestRow) -> Badge:
    """The error of a run; whether its interval held is told by icon, tone and tooltip."""
    badge = Badge("ok" if line.inside else "warn", line.error)
    error = Name(line.error)
    if line.inside:
        badge.setToolTip(text(say("Predicted against measured time. Inside the 80 % interval.")))
        badge.setAccessibleName(text(say("{error} time, inside the 80 % interval", error=error)))
    else:
        badge.setToolTip(text(say("Predicted against measured time. Outside the 80 % interval.")))
        badge.setAccessibleName(text(say("{error} time, outside the 80 % interval", error=error)))
    return badge


def source_of(line: NearestRow) -> QWidget:
    """Where a run was published: a link where there is an address, the words otherwise."""
    if not line.link:
        words = ElidedText(line.source, "help", "text2")
        words.setToolTip(line.source)
        words.setMaximumWidth(150)
        return words
    link = LinkText(line.source, lambda: QDesktopServices.openUrl(QUrl(line.link)))
    link.setToolTip(f"{line.link}\n{line.run.source}")
    link.setAccessibleName(
        text(say("Source of {model}: {source}", model=Name(line.model), source=Name(line.source)))
    )
    return link


class NearestLines(QWidget):
    """The nearest runs below an explanation, one line each."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(text(TITLE))
        self._shown: tuple[NearestRow, ...] | None = None
        self._column = column(self, gap=2)

    def show_rows(self, rows: tuple[NearestRow, ...]) -> None:
        """Show the first of these runs."""
        rows = rows[:MOST_LINES]
        if rows == self._shown:
            return
        self._shown = rows
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._column.addWidget(Text(text(TITLE), "label-600"))
        self.setAccessibleDescription(text(" ".join(f"{words}." for words in rows_in_words(rows)) or EMPTY))
        for line in rows:
            self._column.addWidget(_line(line))
        if not rows:
            self._column.addWidget(Text(text(EMPTY), "label", "text2", wrap=True))


def _line(line: NearestRow) -> QWidget:
    holder = QWidget()
    layout = row(holder, gap=8)
    layout.addWidget(Text(line.model, "label-600"))
    layout.addWidget(ElidedText(_configuration(line), "label", "text2"), 1)
    layout.addWidget(
        Text(
            text(
                say(
                    "{measured} measured, {predicted} predicted",
                    measured=Name(line.measured),
                    predicted=Name(line.predicted),
                )
            ),
            "label-600",
        )
    )
    layout.addWidget(error_badge(line))
    return holder
