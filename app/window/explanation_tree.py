"""The tree of the explanation: from the headline figure down to facts and inputs."""

from __future__ import annotations

from collections.abc import Set

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from app.present.explanation import badge_of, name_of, parts_of, value_text
from app.window.parts.drawing import box
from app.window.parts.words import draw_words, text_width
from app.window.theme.icons import draw_icon
from app.window.theme.manager import ink, inks
from app.words import text
from estimators.quantity import Figure

FigureRole = Qt.ItemDataRole.UserRole + 1
PathRole = Qt.ItemDataRole.UserRole + 2
ROW_PX = 26
INDENT_PX = 15
OPEN_LEVELS = 3
Index = QModelIndex | QPersistentModelIndex


class _FigureDelegate(QStyledItemDelegate):
    """Draws name, value and, for leaves, where the value comes from."""

    def __init__(self, tree: ExplanationTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        figure: Figure = index.data(FigureRole)
        current = self._tree.currentIndex() == index
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = self._tree.viewport().width() - 8.0
        if not figure.inputs:
            right -= 20
            colour = inks().text2
            draw_icon(
                painter, badge_of(figure).icon, colour, QRectF(right + 5, area.top(), 15, area.height()), 13
            )
        value = value_text(figure)
        width = text_width(value, "label-600")
        painter.setPen(ink("text"))
        draw_words(painter, QRectF(right - width, area.top(), width, area.height()), value, "label-600")
        room = QRectF(area.left() + 4, area.top(), right - width - 10 - area.left(), area.height())
        painter.setPen(ink("accent" if current else "text"))
        draw_words(painter, room, name_of(figure), "label-600" if current else "label-500", elide=True)
        painter.restore()


class ExplanationTree(QTreeWidget):
    """Arrow keys walk through it; `figure_chosen` follows the current row."""

    figure_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setColumnCount(1)
        self.setIndentation(INDENT_PX)
        self.setItemDelegate(_FigureDelegate(self))
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.setExpandsOnDoubleClick(True)
        self.setAccessibleName("From the answer down to facts")
        self.currentItemChanged.connect(self._moved)
        self.itemExpanded.connect(self._fill)

    def show_figure(self, figure: Figure | None) -> None:
        """Show another tree; the open rows and the current one stay where the tree has them.

        A tree of another figure opens as at first.
        """
        opened, current = self._state()
        root = self.topLevelItem(0)
        if root is not None and figure is not None and root.data(0, PathRole) != f"/{figure.key}":
            opened, current = None, ""
        self.blockSignals(True)
        self.clear()
        if figure is not None:
            self._add(None, figure, "", opened)
        self.blockSignals(False)
        if figure is not None:
            self._make_current(self._find(current) or self.topLevelItem(0))

    def go_to(self, figure: Figure) -> None:
        """Make an input of the current figure the current one."""
        here = self.currentItem()
        if here is None:
            return
        here.setExpanded(True)
        self._make_current(next((part for part in _below(here) if part.data(0, FigureRole) is figure), None))

    def _make_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.setCurrentItem(item)

    def _add(
        self, parent: QTreeWidgetItem | None, figure: Figure, path: str, opened: Set[str] | None
    ) -> None:
        item = QTreeWidgetItem()
        here = f"{path}/{figure.key}"
        item.setData(0, FigureRole, figure)
        item.setData(0, PathRole, here)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{name_of(figure)}, {value_text(figure)}")
        item.setToolTip(0, text(figure.words or figure.note))
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)
        if not figure.inputs:
            return
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        if here in opened if opened is not None else here.count("/") < OPEN_LEVELS:
            self._fill(item, opened)
            item.setExpanded(True)

    def _fill(self, item: QTreeWidgetItem, opened: Set[str] | None = frozenset()) -> None:
        """Add the rows below one; only when it opens, for branches recur and the tree is large."""
        if item.childCount() == 0:
            for part in parts_of(item.data(0, FigureRole)):
                self._add(item, part, str(item.data(0, PathRole)), opened)

    def _state(self) -> tuple[set[str] | None, str]:
        items = self._items()
        if not items:
            return None, ""
        current = self.currentItem()
        here = str(current.data(0, PathRole)) if current is not None else ""
        return {str(item.data(0, PathRole)) for item in items if item.isExpanded()}, here

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        stack = _below(self.invisibleRootItem())
        while stack:
            item = stack.pop()
            found.append(item)
            stack += _below(item)
        return found

    def _find(self, path: str) -> QTreeWidgetItem | None:
        return next((item for item in self._items() if item.data(0, PathRole) == path), None)

    def _moved(self, current: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if current is not None:
            self.figure_chosen.emit(current.data(0, FigureRole))
        self.viewport().update()

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if self.currentIndex() == index:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = QRectF(option.rect)
            box(painter, rect.adjusted(0, 0.5, 0, -0.5), 5, ink("soft"), ink("accent"))
            painter.restore()
        super().drawRow(painter, option, index)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        item = self.itemFromIndex(index)
        box_area = QRectF(rect.right() - INDENT_PX + 1, rect.top(), INDENT_PX, rect.height())
        if item is not None and item.data(0, FigureRole).inputs:
            name = "chevron-down" if item.isExpanded() else "chevron-right"
            draw_icon(painter, name, inks().text2, box_area, 12)
        else:
            y = round(box_area.center().y())
            painter.fillRect(QRectF(box_area.left() + 3, y, 8, 1.4), QColor(inks().text3))


def _below(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    """The rows under one; Qt would say "or None" of each."""
    return [child for place in range(item.childCount()) if (child := item.child(place)) is not None]
