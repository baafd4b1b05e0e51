"""Why what shows is not current: a field in error, or a plan without an answer.

Then the last good answer stays on the screen, marked, and nothing leaves the window: neither a file nor what
a copy would put on the clipboard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.plan.amounts import format_number
from app.present.held import MEND, fault_words, still_words
from app.window.document import Document
from app.window.faults import Fault
from app.words import text
from estimators.words import Name, say


@runtime_checkable
class Holder(Protocol):
    """A part of the window that knows whether what it shows may leave it."""

    def hold_back(self, deed: str) -> bool:
        """Whether nothing may leave; a sentence then says why the deed was not done."""


class Held:
    """What keeps an open plan's answer from being current.

    Attributes:
        refusal: Why the plan of the moment has no answer; "" where it has one.
        cause: The same in few words.
        problem: Why the whole plan has no request; "" where it has one, or is being counted.
    """

    def __init__(self, document: Document, run_id: Callable[[], str]) -> None:
        self._document, self._run_id = document, run_id
        self.refusal = self.cause = self.problem = ""

    def refuse(self, sentence: str, cause: str) -> None:
        """The plan of the moment has no answer; "" takes that back."""
        self.refusal, self.cause = sentence, cause

    def words_of_answer(self) -> str:
        """Why the answer for the run on the screen is not current, and what it is for; "" where it is."""
        faults = [fault for fault in self._document.faults.all() if fault.touches_answer(self._run_id())]
        if faults:
            return text(
                say(
                    "{faults}. This answer is {path}.",
                    faults=Name(self._words(faults[0])),
                    path=Name(still_words(faults[0].path, faults[0].value)),
                )
            )
        return (
            text(say("This is the last good answer: {cause}.", cause=Name(self.cause)))
            if self.refusal
            else ""
        )

    def words_of_request(self) -> str:
        """Why the request is not current; "" where it is."""
        faults = self._document.faults.all()
        if faults:
            return text(
                say("{faults}. These are the last good figures.", faults=Name(self._words(faults[0])))
            )
        return self.problem

    def words_of_deed(self) -> str:
        """Why nothing may leave the window, and the remedy; "" where it may."""
        faults = self._document.faults.all()
        return f"{self._words(faults[0])}. {text(MEND)}" if faults else self.refusal or self.problem

    def words_of_loss(self) -> str:
        """What a saved file does not hold; "" where it holds everything."""
        lost = [self._words(fault) for fault in self._document.faults.all()]
        for run in self._document.plan.runs:
            seconds = self._document.unfinished.get(run.id, {}).get("step_seconds")
            if seconds is not None:
                lost.append(
                    text(
                        say(
                            "the measured step of {seconds} s of {run} lacks its GPUs",
                            seconds=Name(format_number(seconds)),
                            run=Name(run.name),
                        )
                    )
                )
        return "; ".join(lost)

    def _words(self, fault: Fault) -> str:
        other = fault.run_id and fault.run_id != self._run_id()
        run_name = self._document.plan.run(fault.run_id).name if other else ""
        return fault_words(fault.name, fault.text, run_name)


def holds_back(part: QWidget, deed: str) -> bool:
    """Whether what a part of the window shows may not leave it; the window says why.

    Args:
        deed: What was asked for: "copied", "saved".
    """
    above: QWidget | None = part
    while above is not None:
        if isinstance(above, Holder):
            return above.hold_back(deed)
        above = above.parentWidget()
    return False


def copy_text(part: QWidget, text: str) -> None:
    """Put text on the clipboard, unless what the part shows is not current."""
    if not holds_back(part, "copied"):
        QGuiApplication.clipboard().setText(text)
