"""Questions to the person behind one seam, so that tests can answer them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol, cast

from PySide6.QtWidgets import QFileDialog, QWidget

from app.plan.schema import SUFFIX
from app.window.parts.question import Question
from app.words import text
from estimators.words import NOTHING, Amount, Name, say, together

Leaving = Literal["save", "discard", "stay"]
Conflict = Literal["mine", "theirs", "beside", "stay"]
FILTER = say("Nodewise plans (*{suffix});;All files (*)", suffix=Name(SUFFIX))


class Prompts(Protocol):
    """What the window may ask."""

    def plan_to_open(self, parent: QWidget) -> Path | None:
        """A plan file, or None."""

    def where_to_save(self, parent: QWidget, suggestion: str) -> Path | None:
        """A file to write, or None; one that exists may be written over."""

    def where_to_save_figure(self, parent: QWidget, suggestion: str, ending: str) -> Path | None:
        """A file to write a chart to, or None; one that exists may be written over."""

    def folder_to_fill(self, parent: QWidget, suggestion: str) -> Path | None:
        """A folder to write into, or None."""

    def may_replace(self, parent: QWidget | None, files: Sequence[Path]) -> bool:
        """Whether files that exist may be written over; one question for all."""

    def leave_unsaved(self, parent: QWidget, name: str, lost: str = "") -> Leaving:
        """What to do with unsaved changes; `lost` says what no file can keep."""

    def changed_outside(self, parent: QWidget, name: str) -> Conflict:
        """What to do with a file that somebody else wrote meanwhile."""


class Dialogs:
    """The real prompts."""

    def plan_to_open(self, parent: QWidget) -> Path | None:
        """Ask with the system's file dialog."""
        chosen, _ = QFileDialog.getOpenFileName(parent, text(say("Open a plan")), "", text(FILTER))
        return Path(chosen) if chosen else None

    def where_to_save(self, parent: QWidget, suggestion: str) -> Path | None:
        """Ask with the system's file dialog; the suffix is added where it lacks."""
        chosen, _ = QFileDialog.getSaveFileName(parent, text(say("Save the plan")), suggestion, text(FILTER))
        return self._with_suffix(parent, chosen, "" if chosen.endswith(".json") else SUFFIX)

    def where_to_save_figure(self, parent: QWidget, suggestion: str, ending: str) -> Path | None:
        """Ask with the system's file dialog; the ending is added where it lacks."""
        kinds = f"{ending.upper()} (*.{ending})"
        chosen, _ = QFileDialog.getSaveFileName(parent, text(say("Save the chart")), suggestion, kinds)
        return self._with_suffix(parent, chosen, "" if Path(chosen).suffix else f".{ending}")

    def _with_suffix(self, parent: QWidget, chosen: str, suffix: str) -> Path | None:
        """The file that will be written; the system's dialog has asked only for the name as it was typed."""
        path = Path(chosen + suffix)
        if not chosen or (suffix and path.exists() and not self.may_replace(parent, (path,))):
            return None
        return path

    def folder_to_fill(self, parent: QWidget, suggestion: str) -> Path | None:
        """Ask with the system's folder dialog."""
        chosen = QFileDialog.getExistingDirectory(parent, text(say("Export into")), suggestion)
        return Path(chosen) if chosen else None

    def may_replace(self, parent: QWidget | None, files: Sequence[Path]) -> bool:
        """Ask once for all of the files; closing the dialog keeps them."""
        return replace_question(parent, files).ask() == "replace"

    def leave_unsaved(self, parent: QWidget, name: str, lost: str = "") -> Leaving:
        """Ask whether to save before leaving, and say what saving leaves out."""
        return cast(Leaving, leave_question(parent, name, lost).ask())

    def changed_outside(self, parent: QWidget, name: str) -> Conflict:
        """Ask whose plan to keep; closing the dialog writes nothing."""
        return cast(Conflict, conflict_question(parent, name).ask())


def replace_question(parent: QWidget | None, files: Sequence[Path]) -> Question:
    """Whether to write over files."""
    count = len(files)
    folder = Path(os.path.commonpath([path.parent for path in files]))
    return Question(
        parent,
        text(say("Replace the file?"))
        if count == 1
        else text(say("Replace {n} files?", n=Amount(count, form="fixed"))),
        text(say("What is there now in {folder} is lost:", folder=Name(str(folder)))),
        (
            ("keep", text(say("Keep it")) if count == 1 else text(say("Keep them"))),
            ("replace", text(say("Replace"))),
        ),
        listed=[str(path.relative_to(folder)) for path in files],
    )


def leave_question(parent: QWidget, name: str, lost: str = "") -> Question:
    """Whether to save before leaving; what is lost in any case stands below."""
    return Question(
        parent,
        text(say("Save your changes?")),
        text(
            together(
                say("{name} has changes that its file lacks.", name=Name(name)),
                say("No file keeps this: {lost}.", lost=Name(lost)) if lost else NOTHING,
            )
        ),
        (
            ("save", text(say("Save"))),
            ("discard", text(say("Discard the changes"))),
            ("stay", text(say("Go on editing"))),
        ),
        closed="stay",
    )


def conflict_question(parent: QWidget, name: str) -> Question:
    """Whose plan to keep."""
    return Question(
        parent,
        text(say("The file was changed by somebody else")),
        text(
            say(
                "Since you opened or saved {name}, another window or program has written to it. "
                "Nothing is written over before you choose. To save beside keeps both; if you take "
                "theirs, Undo brings yours back.",
                name=Name(name),
            )
        ),
        (
            ("beside", text(say("Save mine beside"))),
            ("theirs", text(say("Take theirs"))),
            ("mine", text(say("Keep mine"))),
            ("stay", text(say("Go on editing"))),
        ),
        closed="stay",
    )
