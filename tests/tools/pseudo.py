"""Finds what no translator was given, in a text that was written in the pseudo-language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.words.pseudo import CLOSING, OPENING

_MARKS = re.compile(f"({re.escape(OPENING)}|{re.escape(CLOSING)})")
_WORD = re.compile(r"[^\W\d_]+")


def bare_words(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """The words outside of brackets that are no names.

    Args:
        text: As it stands on a screen, a page or a line; where it was cut, the bracket goes to its end.
        names: What stands there in every language: machines, models, files, facts quoted from sources.
    """
    outside, depth = [], 0
    for part in _MARKS.split(text):
        if part in (OPENING, CLOSING):
            depth = max(0, depth + (1 if part == OPENING else -1))
        elif not depth:
            outside.append(part)
    left = "\n".join(outside)
    for name in sorted(names, key=len, reverse=True):
        left = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", left)
    return tuple(_WORD.findall(left))
