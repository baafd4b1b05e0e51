"""F6: the keyboard goes from part to part of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focus_next(panes: Sequence[QWidget], focus: QWidget | None) -> None:
    """Give the keyboard to the next part that takes it; hidden parts are passed over."""
    at = next((i for i, pane in enumerate(panes) if focus is not None and pane.isAncestorOf(focus)), -1)
    for step in range(1, len(panes) + 1):
        if _focus_first(panes[(at + step) % len(panes)]):
            return


def _focus_first(pane: QWidget) -> bool:
    for child in pane.findChildren(QWidget):
        if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus:
            child.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
    return False
