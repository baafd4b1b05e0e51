"""Find an action: a list of everything that the window can do, by a few letters of its name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from shiboken6 import isValid

from app.window.parts.card import column, hairline
from app.window.parts.drawing import begin, box
from app.window.parts.words import RIGHT, draw_words
from app.window.theme.fonts import font
from app.window.theme.manager import ink
from app.words import text
from estimators.words import say

WIDTH, ROW_PX, MOST_ROWS = 440, 30, 10
ActionRole = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


def score(letters: str, name: str) -> float | None:
    """How well letters, in their order, are found in a name; None where they are not. Lower is better."""
    position, cost, lowered = 0, 0.0, name.lower()
    for letter in letters.lower().replace(" ", ""):
        found = lowered.find(letter, position)
        if found < 0:
            return None
        starts_word = found == 0 or lowered[found - 1] == " "
        cost += (found - position) * (0.2 if starts_word else 1.0)
        position = found + 1
    return cost + 0.01 * len(name)


class _ActionDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH - 20, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        action: QAction = index.data(ActionRole)
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self.parent()
        if isinstance(view, QListWidget) and view.currentIndex() == index:
            box(painter, area, 5, ink("soft"))
        painter.setPen(ink("text" if action.isEnabled() else "text3"))
        room = area.adjusted(10, 0, -10, 0)
        draw_words(
            painter, room.adjusted(0, 0, -90, 0), action.text().replace("&", ""), "body-500", elide=True
        )
        painter.setPen(ink("text3"))
        draw_words(painter, room, action.shortcut().toString().replace("+", " "), "help", side=RIGHT)
        painter.restore()


class FindAction(QFrame):
    """Opens over the window; Escape closes it and changes nothing, Enter runs the chosen action."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self._actions: list[QAction] = []
        self._before: QWidget | None = None
        self.edit = QLineEdit()
        self.edit.setFont(font("body-500"))
        self.edit.setFrame(False)
        self.edit.setPlaceholderText(text(say("Find an action")))
        self.edit.setAccessibleName(text(say("Find an action")))
        self.edit.setFixedHeight(38)
        self.edit.setTextMargins(10, 0, 10, 0)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(_ActionDelegate(self.list))
        self.list.setAccessibleName(text(say("Actions")))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = column(self, (6, 4, 6, 6), 4)
        layout.addWidget(self.edit)
        layout.addWidget(hairline())
        layout.addWidget(self.list)
        self.edit.textChanged.connect(self._search)
        self.edit.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._run())
        self.hide()

    def open(self, actions: list[QAction]) -> None:
        """Show the list with everything in it."""
        self._actions = actions
        self._before = self._under.window().focusWidget()
        self.edit.clear()
        self._search("")
        self.setFixedWidth(WIDTH)
        self.move((self._under.width() - WIDTH) // 2, 40)
        self.show()
        self.raise_()
        self.edit.setFocus()

    def _search(self, letters: str) -> None:
        ranked = [(score(letters, action.text().replace("&", "")), action) for action in self._actions]
        found = sorted(
            ((cost, action) for cost, action in ranked if cost is not None), key=lambda pair: pair[0]
        )
        if not letters:
            found = [(0.0, action) for action in self._actions]
        self.list.clear()
        for _, action in found:
            item = QListWidgetItem()
            item.setData(ActionRole, action)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, action.text().replace("&", ""))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(min(MOST_ROWS, max(1, len(found))) * ROW_PX + 2)
        self.setFixedHeight(38 + 1 + 8 + 12 + self.list.height() - 2)

    def _run(self) -> None:
        item = self.list.currentItem()
        self._leave()
        if item is not None:
            item.data(ActionRole).trigger()

    def _leave(self) -> None:
        """Give the keyboard back to where it was."""
        self.hide()
        if self._before is not None and isValid(self._before):
            self._before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
        if step is not None:
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self._leave()
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = begin(self)
        box(painter, self.rect().toRectF(), 8, ink("surface"), ink("strong"))
        if not self.list.count():
            painter.setFont(font("body"))
            painter.setPen(ink("text3"))
            room = QRectF(16, 44, 300, 30)
            painter.drawText(
                room, int(Qt.AlignmentFlag.AlignVCenter), text(say("No action has these letters."))
            )
