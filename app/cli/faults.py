"""What can go wrong, as one sentence and an exit status; never a traceback."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

from estimators.words import NOTHING, Name, SpokenError, say, together

BAD_INPUT = 2
OUR_ERROR = 70

LOG_NAME = "errors.log"


class UsageError(SpokenError):
    """Arguments that cannot be used; it says why in one sentence."""


def answer_for(error: Exception) -> int:
    """Says what went wrong.

    Returns:
        The exit status.
    """
    from app.words import text

    if isinstance(error, SpokenError):
        _say(text(error.said))
        return BAD_INPUT
    kept = _keep(error)
    ours = say("Nodewise made an error of its own ({error}).", error=Name(type(error).__name__))
    where = say("Details are in {file}.", file=Name(str(kept))) if kept is not None else NOTHING
    _say(text(together(ours, where, say("Please report it."))))
    return OUR_ERROR


def _say(sentence: str) -> None:
    """Prints a sentence in one line; what a name holds must not steer the terminal."""
    if sys.stderr is not None:
        words = " ".join(sentence.split())
        print("".join(_shown(char) for char in words), file=sys.stderr)


def _shown(char: str) -> str:
    """A character, or its escape where it is a control character or half of one."""
    return char if unicodedata.category(char) not in ("Cc", "Cs") else ascii(char)[1:-1]


def _keep(error: Exception) -> Path | None:
    """Writes the traceback where a person can find it; None where no folder can be written."""
    import datetime
    import tempfile
    import traceback

    words = (
        f"{datetime.datetime.now().astimezone().isoformat()}\n{''.join(traceback.format_exception(error))}\n"
    )
    for folder in (_log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / LOG_NAME).open("a", encoding="utf-8") as log:
                log.write(words)
        except OSError:
            continue
        return folder / LOG_NAME
    return None


def _log_folder() -> Path:
    from platformdirs import user_log_path

    return user_log_path("nodewise", appauthor=False)
