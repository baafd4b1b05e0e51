"""Deeds of the window that keep work: saving where others write too, and what a crash left behind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.plan.errors import ChangedOutsideError, PlanError
from app.plan.files import path_beside
from app.plan.schema import Plan
from app.window.document import Document
from app.window.frame import Frame
from app.words import text
from estimators.words import Amount, Name, say

if TYPE_CHECKING:
    from app.plan.autosave import Recovery

MOST_OFFERED = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the plan when a fault happened.

    Attributes:
        safe: Whether it has been written, or had nothing to lose.
        sentence: The same for people.
    """

    safe: bool
    sentence: str


def save_or_ask(window: Frame, document: Document, path: Path, plan: Plan) -> bool:
    """Save; where somebody else wrote to the file, do what the person chooses.

    Returns:
        Whether the plan was saved; to take what the other wrote is not to save.
    """
    over: str | None = None
    own = path
    while True:
        try:
            document.save(path, plan, over)
        except ChangedOutsideError as error:
            answer = window.prompts.changed_outside(window, document.name)
            if answer == "beside":
                path = path_beside(own)
            elif answer == "mine":
                over = error.fingerprint
            else:
                if answer == "theirs":
                    take_theirs(window, document)
                return False
        except PlanError as error:
            window.tell("fail", text(error.said))
            return False
        else:
            if path != own:
                window.tell(
                    "ok",
                    text(
                        say(
                            "Saved beside as {path}; {own} is as the other left it.",
                            path=Name(path.name),
                            own=Name(own.name),
                        )
                    ),
                )
            return True


def take_theirs(window: Frame, document: Document) -> bool:
    """Show what somebody else wrote to the plan's file. Returns whether it holds a plan."""
    try:
        document.take_file()
    except PlanError as error:
        window.tell("fail", text(say("{error} Your plan is as it was.", error=error.said)))
        return False
    return True


def tell_if_changed_outside(window: Frame, document: Document) -> None:
    """Say that somebody else wrote to the plan's file, once for each time."""
    if document.is_changed_outside():
        words = text(
            say(
                "{document} was changed by another window or program. Saving asks before it writes.",
                document=Name(document.name),
            )
        )
        window.tell("warn", words, ((text(say("Take theirs")), lambda: take_theirs(window, document)),))


def tell_if_open_elsewhere(window: Frame, document: Document) -> None:
    """Say that another window has the same file open."""
    if not document.claim():
        words = text(
            say(
                "{document} is open in another window too. Saving asks first if that one has saved.",
                document=Name(document.name),
            )
        )
        window.tell("warn", words)


def offer_recovery(window: Frame, state_folder: Path, restore: Callable[[Recovery], object]) -> None:
    """Offer work that sessions which ended badly left behind, the newest on top."""
    from app.plan.autosave import recoverable
    from app.present.kept import kept_words

    def discard(kept: Recovery) -> None:
        from app.plan import autosave

        try:
            autosave.discard(kept)
        except OSError as error:
            window.tell(
                "fail",
                text(
                    say(
                        "{file} cannot be removed: {strerror}.",
                        file=Name(str(kept.file)),
                        strerror=Name(error.strerror or type(error).__name__),
                    )
                ),
            )

    found = recoverable(state_folder)
    for kept in reversed(found[:MOST_OFFERED]):
        ways = (
            (text(say("Restore it")), partial(restore, kept)),
            (text(say("Discard it")), partial(discard, kept)),
        )
        window.tell("info", kept_words(kept), ways)
    if len(found) > MOST_OFFERED:
        window.tell(
            "info",
            text(
                say(
                    "{found} more kept plans are offered at later starts.",
                    found=Amount(len(found) - MOST_OFFERED, form="fixed"),
                )
            ),
        )


def keep_after_fault(document: Document | None) -> Kept:
    """Write the plan where a crash cannot take it; only then say that it is kept."""
    if document is None:
        return Kept(True, text(say("No plan was open.")))
    if document.is_as_in_file():
        there = (
            text(say("in {path}", path=Name(document.path.name)))
            if document.path is not None
            else text(say("as it was made, without changes"))
        )
        return Kept(True, text(say("Your plan is safe {there}.", there=Name(there))))
    document.count_as_edited()
    try:
        reason = document.keep_safe()
    except Exception:  # the fault may be in the plan itself, or in the writing
        _log.exception("The plan could not be kept after a fault")
        reason = text(say("the same or another fault"))
    if reason:
        return Kept(
            False,
            text(
                say(
                    "Your changes could not be kept: {reason}. Save them elsewhere before you go on.",
                    reason=Name(reason),
                )
            ),
        )
    return Kept(
        True, text(say("Your changes are kept. Should Nodewise end now, it offers them at the next start."))
    )
