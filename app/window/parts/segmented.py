"""A few choices side by side, one of them on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.window.parts.buttons import DrawnButton
from app.window.parts.card import row
from app.window.parts.drawing import begin, box
from app.window.parts.words import CENTRE, draw_words, text_width
from app.window.theme.manager import ink
from app.words import text
from estimators.words import Value

PAD_PX = 11


class _Segment(DrawnButton):
    def __init__(self, text: str, height: int) -> None:
        super().__init__(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self._height = height

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.words(), "button")) + 2 * PAD_PX, self._height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        holder = self.parentWidget()
        assert isinstance(holder, Segmented)
        holder.step(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        area = self.rect().toRectF()
        if self.isChecked():
            box(painter, area, 6, ink("surface"), ink("strong"))
        painter.setPen(ink("text" if self.isChecked() or self.underMouse() else "text2"))
        draw_words(painter, area, self.words(), "button", side=CENTRE)
        self.focus_ring(painter, area, 6)


class Segmented(QWidget):
    """`chosen` carries the value of the choice that a person made."""

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[tuple[Value | str, object]], height: int = 28) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._values = [value for _, value in choices]
        self.buttons = [_Segment(text(words), height) for words, _ in choices]
        layout = row(self)
        for button, value in zip(self.buttons, self._values, strict=True):
            layout.addWidget(button)
            button.setAccessibleName(f"{name}: {button.words()}")
            button.clicked.connect(lambda _on=False, value=value: self.chosen.emit(value))
        self.choose(self._values[0])

    @property
    def value(self) -> object:
        """The choice that is on."""
        return next(v for b, v in zip(self.buttons, self._values, strict=True) if b.isChecked())

    def choose(self, value: object) -> None:
        """Turn a choice on without telling anyone."""
        self.buttons[self._values.index(value)].setChecked(True)

    def set_words(self, words: Sequence[str]) -> None:
        """Say the choices in other words."""
        for button, shown in zip(self.buttons, words, strict=True):
            if button.text() != shown:
                button.setText(shown)
                button.setAccessibleName(f"{self.accessibleName()}: {shown}")
                button.updateGeometry()
                button.update()

    def step(self, places: int) -> None:
        """Go to the next choice, as the arrow keys do."""
        place = max(0, min(len(self._values) - 1, self._values.index(self.value) + places))
        self.buttons[place].setFocus()
        self.buttons[place].click()

    def paintEvent(self, event: QPaintEvent) -> None:
        box(begin(self), self.rect().toRectF(), 6, ink("sunken"))
