"""Words that every part of a dossier shares: counts, places, sources."""

from __future__ import annotations

import re

from estimators.words import Amount, Said, say, say_many

PROPERTY_LETTERS = 255
"""Most that Word and Excel keep of a title among the properties of a file."""

BAND = Amount(0.8, form="percent")
"""Cases that the interval of a table or chart holds."""
INTERVAL = say("{share} interval", share=BAND)
_REPOSITORY = re.compile(
    r"https?://github\.com/([\w.-]+/[\w.-]+)[^\s,;)]*( @\w+)?( \([^)]*\))?( path [^\s,;]+)?"
)
_ADDRESS = re.compile(r"https?://([^\s/,;)]+)[^\s,;)]*")


def whole(value: float) -> Amount:
    """A count with every digit: "44 800"."""
    return Amount(value, form="fixed")


def node_hours(value: float) -> Said:
    """A count with its noun: "1 node-hour", "1 204 node-hours"."""
    return say_many("{hours} node-hour", "{hours} node-hours", round(value), hours=whole(value))


def capital(text: str) -> str:
    """The text with a capital."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: a capital in front, a full stop at the end."""
    text = capital(text.strip())
    return text if text.endswith((".", "?", ":")) or not text else f"{text}."


def shortened(text: str, most: int) -> str:
    """The text cut at a word, with an ellipsis where something is missing."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[most // 2 :] else cut}…"


def without_addresses(text: str) -> str:
    """The text with repositories and hosts in place of whole addresses, for narrow columns."""
    return _ADDRESS.sub(r"\1", _REPOSITORY.sub(r"\1", text))
