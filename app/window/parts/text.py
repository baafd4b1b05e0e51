"""Words: a label with a role and an ink, and a wrapped line of words in several weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.window.parts.drawing import begin
from app.window.parts.words import ELLIPSIS, LEFT, RIGHT, draw_at, draw_words, is_tabular, text_width
from app.window.theme.fonts import font
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks


class Text(QLabel):
    """A plain label; its role gives the font, its ink the colour token."""

    def __init__(self, text: str = "", role: str = "body", ink: str = "text", wrap: bool = False) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.role = role
        self._wide = False
        self.ink = ink
        self.setFont(font(role, False, is_tabular(text)))
        self.setWordWrap(wrap)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self._take_ink()

    def set_ink(self, name: str) -> None:
        """Change the colour token."""
        if self.ink != name:
            self.ink = name
            self._take_ink()

    def _take_ink(self) -> None:
        colour = ink(self.ink)
        palette = self.palette()
        if palette.color(QPalette.ColorRole.WindowText) != colour:
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ApplicationPaletteChange, QEvent.Type.PaletteChange):
            self._take_ink()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setFont(font(self.role, self._wide, is_tabular(text)))

    def set_wide(self, wide: bool) -> None:
        """Take the size of the role for wide windows."""
        self._wide = wide
        self.setFont(font(self.role, wide, is_tabular(self.text())))


class ElidedText(Text):
    """A label that ends in … where there is no room, and says all of it in its tooltip."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        painter.setPen(ink(self.ink))
        area = self.contentsRect().toRectF()
        side = RIGHT if self.alignment() & RIGHT else LEFT
        draw_words(painter, area, self.text(), self.role, self._wide, side, elide=True)
        cut = text_width(self.text(), self.role, self._wide) > area.width()
        self.setToolTip(self.text() if cut else self.toolTip() if self.toolTip() != self.text() else "")

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one role and ink."""

    text: str
    role: str
    ink: str = "text"


class RunLines(QWidget):
    """Runs of words in several weights, wrapped; Qt's rich text cannot set a variable weight."""

    def __init__(self, line_height: float = 1.28) -> None:
        super().__init__()
        self._runs: tuple[Run, ...] = ()
        self._wide = False
        self._line_height = line_height
        self._most_lines: int | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Show these words; the accessible name is the plain sentence."""
        self._runs = tuple(runs)
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def set_wide(self, wide: bool) -> None:
        """Take the sizes for wide windows."""
        self._wide = wide
        self.updateGeometry()
        self.update()

    def set_most_lines(self, count: int | None) -> None:
        """End in … after so many lines, and say all of it in the tooltip; None shows every line."""
        if count != self._most_lines:
            self._most_lines = count
            self.updateGeometry()
            self.update()

    def line_pitch(self) -> float:
        """Pixels from line to line."""
        return self._pitch()

    def line_count(self, width: int) -> int:
        """Lines that all words take at a width."""
        return max(1, len(self._wrapped(width)))

    def is_cut(self) -> bool:
        """Whether words are left out at the present width."""
        return self._most_lines is not None and self.line_count(self.width()) > self._most_lines

    def text(self) -> str:
        """The plain sentence."""
        return "".join(run.text for run in self._runs)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return round(max(1, len(lines)) * self._pitch())

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(self.width() or 320))

    def natural_width(self) -> int:
        """Width of all words on one line."""
        return 2 + round(sum(text_width(run.text, run.role, self._wide) for run in self._runs))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, round(self._pitch()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def _pitch(self) -> float:
        role = self._runs[0].role if self._runs else "body"
        metrics = QFontMetricsF(font(role, self._wide))
        return (metrics.ascent() + metrics.descent()) * self._line_height / 1.21

    def _lines(self, width: float) -> list[list[tuple[str, Run, float]]]:
        lines = self._wrapped(width)
        if self._most_lines is None or len(lines) <= self._most_lines:
            return lines
        shown = lines[: self._most_lines]
        shown[-1] = self._ended(shown[-1], width)
        return shown

    def _ended(self, line: list[tuple[str, Run, float]], width: float) -> list[tuple[str, Run, float]]:
        """The line with … at its end, and without the words for which that leaves no room."""
        kept = list(line)
        while kept:
            piece, run, x = kept.pop()
            last = piece.rstrip(" ,;:") + ELLIPSIS
            if not kept or x + text_width(last, run.role, self._wide) <= width:
                return [*kept, (last, run, x)]
        return kept

    def _wrapped(self, width: float) -> list[list[tuple[str, Run, float]]]:
        lines: list[list[tuple[str, Run, float]]] = [[]]
        x = 0.0
        for word in _words(self._runs):
            advance = [text_width(piece, run.role, self._wide) for piece, run in word]
            solid = sum(text_width(piece.rstrip(" "), run.role, self._wide) for piece, run in word)
            if x + solid > width and lines[-1]:
                lines.append([])
                x = 0.0
            for (piece, run), step in zip(word, advance, strict=True):
                lines[-1].append((piece, run, x))
                x += step
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        self.setToolTip(self.text() if self.is_cut() else "")
        painter = begin(self)
        pitch = self._pitch()
        role = self._runs[0].role if self._runs else "body"
        metrics = QFontMetricsF(font(role, self._wide))
        baseline = (pitch - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
        for line in self._lines(self.width()):
            for piece, run, x in line:
                painter.setPen(ink(run.ink))
                draw_at(painter, QPointF(x, baseline), piece, run.role, self._wide)
            baseline += pitch


def _words(runs: Sequence[Run]) -> list[list[tuple[str, Run]]]:
    """Pieces that stay together: a word may change its role in its middle."""
    words: list[list[tuple[str, Run]]] = [[]]
    for run in runs:
        rest = run.text
        while rest:
            head, space, tail = rest.partition(" ")
            if head or space:
                words[-1].append((head + space, run))
            if space:
                words.append([])
            rest = tail
    return [word for word in words if word]


class IconLabel(QWidget):
    """One icon in an ink."""

    def __init__(self, name: str, size: float = 16, ink: str = "text2") -> None:
        super().__init__()
        self.name, self.size_px, self.ink = name, size, ink
        self.setFixedSize(round(size), round(size))

    def set_icon(self, name: str, ink: str) -> None:
        """Show another icon or ink."""
        self.name, self.ink = name, ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_icon(begin(self), self.name, getattr(inks(), self.ink), self.rect().toRectF(), self.size_px)
