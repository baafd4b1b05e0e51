"""What is said of work that was kept when Nodewise ended unexpectedly."""

from __future__ import annotations

from app.plan.autosave import Recovery
from app.plan.files import NO_FILE, fingerprint
from app.plan.schema import SUFFIX

DATE_AND_TIME = "%d %b %Y, %H:%M:%S"


def kept_words(kept: Recovery) -> str:
    """What was kept, as of when, and how its file stands to it."""
    moment = kept.written.strftime(DATE_AND_TIME)
    if kept.original is None:
        return f"{kept.plan.name}, never saved to a file, was kept as it stood on {moment}."
    name = kept.original.name.removesuffix(SUFFIX)
    found = fingerprint(kept.original)
    if found == NO_FILE:
        after = "The file is gone."
    elif found == kept.seen:
        after = "The file is as it was."
    else:
        after = "The file was written by somebody else since; saving asks first."
    return f"Unsaved changes to {name} in {kept.original.parent} were kept as of {moment}. {after}"
