"""The language that is spoken here and now: a command, a window or an export chooses it once.

What a room hands out as a value is written by `text` where a person reads it. An export may speak another
language than the window: `speaking` holds for what runs inside it, in its own thread and task.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from app.words.languages import Language
from app.words.records import language
from app.words.writing import write
from estimators.words import Value

ENGLISH = "en"
_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def spoken() -> Language:
    """The language of the reader: English where nobody chose another."""
    return _spoken.get() or language(ENGLISH)


def speak(chosen: Language) -> None:
    """Writes everything from now on in a language, in this thread: a window whose reader chose."""
    _spoken.set(chosen)


@contextlib.contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Writes everything inside in a language."""
    before = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(before)


def text(value: Value | str) -> str:
    """A sentence or a value as the reader has it; a text that is no value yet passes as it is."""
    return write(value, spoken())
