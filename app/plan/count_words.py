"""Reads the words behind a count: the scale, and what is counted.

Large numbers have two scales: a billion is 10⁹ in English and 10¹² in German, French, Spanish and Italian.
A word that only one scale has is read as it is meant ("Billionen", "milliards", "mil millones", "bilioni").
An English "billion" stays 10⁹; where it may be either, as in "1,5 billion" or "2 billions", it is refused,
and so is a "mil" alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.plan.number_text import AmountError, superscript
from app.plan.unit_words import BOTH_SCALES, ENGLISH, LONG_SCALE, NOUNS, OF, SHORT_SCALE, unaccented

_SCALES = {**SHORT_SCALE, **LONG_SCALE}
_DECIMAL_COMMA = re.compile(r"\d+,(?!\d{3}$)\d+")


@dataclass(frozen=True, slots=True)
class Counted:
    """What stands behind the digits of a count.

    Attributes:
        factor: What the digits are multiplied by; None where no word scales them.
        nouns: The words that are left: what is counted.
        is_continental: Whether a word is of a language that writes 1.500 for fifteen hundred.
    """

    factor: int | None
    nouns: tuple[str, ...]
    is_continental: bool


def read_count_words(words: Iterable[str], digits: str) -> Counted:
    """The factor and the nouns in the words behind a number.

    Args:
        words: In small letters.
        digits: The number before them; a decimal comma is not English.

    Raises:
        AmountError: A word may mean two things.
    """
    plain = [part for word in words for part in _apart(unaccented(word))]
    scales, rest = _scales(plain)
    link = rest[0] if rest and rest[0] in OF else ""
    nouns = tuple(rest[1:] if link else rest)
    if not scales:
        return Counted(None, tuple(plain), any(_is_foreign(noun) for noun in plain))
    foreign = link not in ("", "of") or any(_is_foreign(noun) for noun in nouns)
    continental = foreign or any(word in LONG_SCALE for word in scales)
    number = digits.strip()
    if scales == ["mil"] and not foreign:
        raise AmountError(
            f'"mil" is a thousand in Spanish and often a million in English. Write {number} k or {number} M.'
        )
    before, last = 3 if len(scales) > 1 else 0, scales[-1]
    factor = _SCALES[last]
    if last in BOTH_SCALES and link != "of":
        factor = _one_of_two(last, before, foreign, number)
    return Counted(factor * 10**before, nouns, continental)


def _apart(word: str) -> tuple[str, ...]:
    """A word without its elided article: "d'images" counts images."""
    head, mark, tail = word.replace("’", "'").partition("d'")
    return ("de", tail) if mark and not head else (word,)


def _scales(words: list[str]) -> tuple[list[str], list[str]]:
    """The scale in front, of two words where a thousand of something is meant, and the other words."""
    if not words or words[0] not in _SCALES:
        return [], words
    of_thousands = _SCALES[words[0]] == 1000 and len(words) > 1 and _SCALES.get(words[1], 0) > 1000
    return (words[:2], words[2:]) if of_thousands else (words[:1], words[1:])


def _is_foreign(noun: str) -> bool:
    return noun in NOUNS and noun not in ENGLISH


def _one_of_two(word: str, before: int, foreign: bool, number: str) -> int:
    """What a word of both scales is worth: English after a plain number, else what the noun says.

    Args:
        word: The word.
        before: The power of ten of a word before it, for the sentence that refuses.
        foreign: Whether the noun is of a language with long scales.
        number: The digits, likewise.
    """
    english, other = BOTH_SCALES[word]
    if foreign:
        return int(10**other)
    if word.endswith("s") or _DECIMAL_COMMA.fullmatch(number):
        short = {9: "B", 12: "T"}
        powers = (english + before, other + before)
        ways = [f"{number} {short[p]}" if p in short else f"{number}e{p}" for p in powers]
        raise AmountError(
            f'"{word}" is 10{superscript(english)} in English and 10{superscript(other)} in French and '
            f"German. Write {ways[0]} or {ways[1]}."
        )
    return int(10**english)
