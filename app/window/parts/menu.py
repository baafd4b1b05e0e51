"""A menu below a button, made when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu; `checked` None where it is no switch.

    Attributes:
        words: "" draws a line between entries.
        hint: Shown in the tooltip.
    """

    words: str
    deed: Callable[[], object] = lambda: None
    hint: str = ""
    enabled: bool = True
    checked: bool | None = None
    keys: str = ""


def fill_menu(menu: QMenu, entries: Sequence[Entry]) -> QMenu:
    """Put the entries into a menu."""
    for entry in entries:
        if not entry.words:
            menu.addSeparator()
            continue
        action = menu.addAction(entry.words + (f"\t{entry.keys}" if entry.keys else ""))
        action.setEnabled(entry.enabled)
        action.setToolTip(entry.hint)
        if entry.checked is not None:
            action.setCheckable(True)
            action.setChecked(entry.checked)
        action.triggered.connect(lambda _checked=False, deed=entry.deed: deed())
    menu.setToolTipsVisible(any(entry.hint for entry in entries))
    return menu


def open_below(button: QWidget, name: str, entries: Sequence[Entry]) -> QMenu:
    """Open a menu at a button's lower edge; it goes when it is closed."""
    menu = fill_menu(QMenu(button), entries)
    menu.setAccessibleName(name)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))
    return menu
