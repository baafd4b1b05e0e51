"""A language that shows what no language would reach: English with accents, in brackets and longer.

Whoever opens the program in it sees at once which text was never given to a translator, since it has no
brackets, and which place is too small for German.
"""

from __future__ import annotations

import math
import re

OPENING, CLOSING = "[!", "!]"
LONGER = 0.4
"""Share of its letters by which each word grows: what German needs beyond English."""

_ACCENTED = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpRrSsTtUuWwYyZz",
    "ÅåƁƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀṁÑñÖöÞþŔŕŠšŢţÛûŴŵÝýŽž",
)
_WORD = re.compile(r"[^\W\d_]+")


def accented(text: str) -> str:
    """The words of a text with accents, each longer by two fifths; numbers and signs stay."""
    return _WORD.sub(lambda word: _grown(word[0]).translate(_ACCENTED), text)


def bracketed(text: str) -> str:
    """The text between brackets, where it has letters."""
    return f"{OPENING}{text}{CLOSING}" if _WORD.search(text) else text


def _grown(word: str) -> str:
    return word + word[-1] * math.ceil(LONGER * len(word))
