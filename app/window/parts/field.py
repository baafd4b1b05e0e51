"""A field for an amount: what was typed left, how it was read right, and steps up and down."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.window.parts.card import row
from app.window.parts.drawing import begin, box
from app.window.theme.fonts import font
from app.window.theme.icons import draw_icon
from app.window.theme.manager import inks

STEPPER_PX = 26


class AmountField(QWidget):
    """A line of text with the echo of its reading; arrow keys and chevrons step the value.

    `typed` is emitted with every text that the user types, never for texts that the program sets;
    `taken_back` when Escape gives up a text that is marked as bad.
    """

    typed = Signal(str)
    finished = Signal()
    stepped = Signal(int)
    taken_back = Signal()

    def __init__(self, name: str, height: int = 30, steps: bool = True) -> None:
        super().__init__()
        self._echo = ""
        self._bad = False
        self._steps = steps
        self.edit = QLineEdit()
        self.edit.setFont(font("body-500"))
        self.edit.setAccessibleName(name)
        self.edit.setFrame(False)
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self.typed)
        self.edit.editingFinished.connect(self.finished)
        self._line = row(self, (11, 0, 8, 0))
        self._line.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What stands in the field."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Show a value, unless the user is typing another way to say it."""
        if self.edit.text() != text:
            self.edit.setText(text)
            self.edit.setCursorPosition(0)

    def set_echo(self, echo: str) -> None:
        """Show how the text was read."""
        self._echo = echo
        self.edit.setAccessibleDescription(echo)
        width = QFontMetricsF(font("label")).horizontalAdvance(echo) + 8 if echo else 0
        right = round(width) + (STEPPER_PX - 6 if self._steps else 2)
        self._line.setContentsMargins(11, 0, 8 + right, 0)
        self.update()

    def set_bad(self, bad: bool) -> None:
        """Mark the text as not understood."""
        self._bad = bad
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(140, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if event.type() == QEvent.Type.ShortcutOverride and is_undo_or_redo(event):
            event.ignore()  # undo belongs to the plan, not to the letters of one field
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._takes(event):
            return True
        return super().eventFilter(watched, event)

    def _takes(self, event: QKeyEvent) -> bool:
        """Step with the arrows, give a bad text up with Escape."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key())) if self._steps else None
        if step is not None:
            self.stepped.emit(step)
        elif self._bad and event.key() == Qt.Key.Key_Escape:
            self.taken_back.emit()
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._steps and event.position().x() > self.width() - STEPPER_PX:
            self.stepped.emit(1 if event.position().y() < self.height() / 2 else -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        palette = inks()
        area = self.rect().toRectF()
        focus = self.edit.hasFocus()
        edge = palette.fail if self._bad else palette.accent if focus else palette.strong
        box(painter, area, 6, QColor(palette.surface), QColor(edge), 2.0 if focus else 1.0)
        right = area.right() - 11
        if self._steps:
            right = area.right() - STEPPER_PX
            draw_icon(painter, "chevrons-up-down", palette.text3, QRectF(right + 3, 0, 16, area.height()), 13)
            right -= 2
        painter.setFont(font("label"))
        painter.setPen(QColor(palette.text3))
        room = QRectF(area.left(), 0, right - area.left(), area.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._echo)


def is_undo_or_redo(event: QEvent) -> bool:
    """Whether a key means undo or redo: they belong to the plan, not to the letters of one field."""
    keys = QKeySequence.StandardKey
    return isinstance(event, QKeyEvent) and (event.matches(keys.Undo) or event.matches(keys.Redo))
