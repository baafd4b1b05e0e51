"""What is said of work that was kept when Nodewise ended unexpectedly."""

from __future__ import annotations

from app.plan.autosave import Recovery
from app.plan.files import NO_FILE, fingerprint
from app.plan.schema import SUFFIX
from app.words import text
from estimators.words import Amount, Name, say, together


def kept_words(kept: Recovery) -> str:
    """What was kept, as of when, and how its file stands to it."""
    moment = Amount(kept.written, form="stamp")
    if kept.original is None:
        return text(
            say(
                "{plan}, never saved to a file, was kept as it stood on {moment}.",
                plan=Name(kept.plan.name),
                moment=moment,
            )
        )
    name = kept.original.name.removesuffix(SUFFIX)
    found = fingerprint(kept.original)
    if found == NO_FILE:
        after = say("The file is gone.")
    elif found == kept.seen:
        after = say("The file is as it was.")
    else:
        after = say("The file was written by somebody else since; saving asks first.")
    unsaved = say(
        "Unsaved changes to {plan} in {folder} were kept as of {moment}.",
        plan=Name(name),
        folder=Name(str(kept.original.parent)),
        moment=moment,
    )
    return text(together(unsaved, after))
