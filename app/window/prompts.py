"""Questions to the person behind one seam, so that tests can answer them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.plan.schema import SUFFIX

Leaving = Literal["save", "discard", "stay"]
FILTER = f"Nodewise plans (*{SUFFIX});;All files (*)"


class Prompts(Protocol):
    """What the window may ask."""

    def plan_to_open(self, parent: QWidget) -> Path | None:
        """A plan file, or None."""

    def where_to_save(self, parent: QWidget, suggestion: str) -> Path | None:
        """A file to write, or None."""

    def folder_to_fill(self, parent: QWidget, suggestion: str) -> Path | None:
        """A folder to write into, or None."""

    def leave_unsaved(self, parent: QWidget, name: str) -> Leaving:
        """What to do with unsaved changes."""


class Dialogs:
    """The real prompts."""

    def plan_to_open(self, parent: QWidget) -> Path | None:
        """Ask with the system's file dialog."""
        chosen, _ = QFileDialog.getOpenFileName(parent, "Open a plan", "", FILTER)
        return Path(chosen) if chosen else None

    def where_to_save(self, parent: QWidget, suggestion: str) -> Path | None:
        """Ask with the system's file dialog; the suffix is added where it lacks."""
        chosen, _ = QFileDialog.getSaveFileName(parent, "Save the plan", suggestion, FILTER)
        if not chosen:
            return None
        return Path(chosen if chosen.endswith(".json") else chosen + SUFFIX)

    def folder_to_fill(self, parent: QWidget, suggestion: str) -> Path | None:
        """Ask with the system's folder dialog."""
        chosen = QFileDialog.getExistingDirectory(parent, "Export into", suggestion)
        return Path(chosen) if chosen else None

    def leave_unsaved(self, parent: QWidget, name: str) -> Leaving:
        """Ask whether to save before leaving."""
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            parent,
            "Unsaved changes",
            f"Save the changes to {name}?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        return {buttons.Save: "save", buttons.Discard: "discard"}.get(answer, "stay")  # type: ignore[return-value]
