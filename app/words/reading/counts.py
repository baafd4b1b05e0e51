"""Reads the words behind a count: the scale, and what is counted.

Large numbers have two scales: a billion is 10⁹ in English and 10¹² in German, French, Spanish and Italian. A
word of the language that only one scale has is read as it is meant ("Billionen", "milliards", "bilioni").
"Billion" and "trillion" are English in English; in the other languages they are refused, unless the words
around them are of the language. A word of another language is refused with the number that it means there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.words.digits import raised
from app.words.reading.digits import refuse_two_ways
from app.words.reading.refusals import LANGUAGES, Asked, ReadingError
from app.words.reading.vocabulary import ENGLISH, power_elsewhere
from estimators.words import Name, say

_DECIMAL_COMMA = re.compile(r"\d+,(?!\d{3}$)\d+")
_LETTERS = {3: "k", 6: "M", 9: "B", 12: "T"}


@dataclass(frozen=True, slots=True)
class Counted:
    """What stands behind the digits of a count.

    Attributes:
        factor: What the digits are multiplied by; None where no word scales them.
        own: Whether a word is one that the language has and English has not.
    """

    factor: int | None
    own: bool


def read_count_words(words: Sequence[str], digits: str, asked: Asked) -> Counted:
    """The factor in the words behind a number, once they name nothing but what the field counts.

    Args:
        words: In small letters without accents.
        digits: The number before them; a decimal comma is not English.
        asked: For language, noun and example.

    Raises:
        ReadingError: A word may mean two numbers, is of another language, or names something else.
    """
    plain = [part for word in words for part in _apart(word)]
    scales, rest = _scales(plain, digits.strip(), asked)
    link = rest[0] if scales and rest and rest[0] in asked.known.links.of else ""
    nouns = rest[1:] if link else rest
    check_noun(nouns, asked)
    own = any(word in asked.known.own for word in (*scales, link, *nouns))
    if not scales:
        return Counted(None, own)
    last = scales[-1]
    before = 3 if len(scales) > 1 else 0
    factor = asked.known.scales[last]
    if last in asked.known.doubtful and link != "of":
        factor = _one_of_two(last, before, own, digits.strip(), asked)
    return Counted(factor * 10**before, own)


def check_noun(words: Sequence[str], asked: Asked) -> None:
    """Lets pass what the field counts.

    Raises:
        ReadingError: Something else is counted, or nobody knows the word.
    """
    if not words:
        return
    word = asked.known.nouns.get(words[0])
    if word is None:
        foreign = asked.foreign(words[0])
        if foreign is not None:
            raise foreign
        said = say(
            '"{word}" is not known after a number. Use k, M, B or T, as in 300 B.', word=asked.typed(words[0])
        )
        raise ReadingError(said)
    same = word == asked.noun or {word, asked.noun} <= {"passes", "epochs"}
    if len(words) > 1 or not same:
        raise asked.of_other_things()


def _apart(word: str) -> tuple[str, ...]:
    """A word without its elided article: "d'images" counts images."""
    head, mark, tail = word.replace("’", "'").partition("d'")
    return ("de", tail) if mark and not head else (word,)


def _scales(words: list[str], number: str, asked: Asked) -> tuple[list[str], list[str]]:
    """The scale in front, of two words where a thousand of something is meant, and the other words."""
    known = asked.known.scales
    if not words or words[0] not in known:
        _refuse_another(words, number, asked)
        return [], words
    of_thousands = known[words[0]] == 1000 and len(words) > 1 and known.get(words[1], 0) > 1000
    return (words[:2], words[2:]) if of_thousands else (words[:1], words[1:])


def _refuse_another(words: list[str], number: str, asked: Asked) -> None:
    """Refuses a number word of another language with the number that it is there."""
    power = power_elsewhere(words[0], asked.known) if words and words[0] not in asked.known.nouns else None
    if power is None:
        return
    more = power_elsewhere(words[1], asked.known) if power == 3 and len(words) > 1 else None
    if words[0] == "mil" and more is None:
        said = say(
            '"mil" is a thousand in Spanish and often a million in English. Write {thousand} or {million}.',
            thousand=_with_letter(number, 3, asked),
            million=_with_letter(number, 6, asked),
        )
        raise ReadingError(said)
    said = say(
        '"{word}" is not understood in {language}. Write {number}.',
        word=asked.typed(words[0]),
        language=LANGUAGES[asked.known.code],
        number=_with_letter(number, power + (more or 0), asked),
    )
    raise ReadingError(said)


def _one_of_two(word: str, before: int, own: bool, number: str, asked: Asked) -> int:
    """What a word for two numbers is worth here: English in English, else what the words around it say.

    Args:
        word: The word.
        before: The power of ten of a word before it.
        own: Whether a word around it is one that the language has and English has not.
        number: The digits, for the sentence that refuses.
        asked: For language and example.
    """
    english, other = asked.known.doubtful[word]
    if own:
        return int(10**other)
    if asked.known.code != ENGLISH or word.endswith("s") or _DECIMAL_COMMA.fullmatch(number):
        said = say(
            '"{word}" is {english} in English and {other} in French and German. Write {one} or {two}.',
            word=asked.typed(word),
            english=Name(f"10{raised(english)}"),
            other=Name(f"10{raised(other)}"),
            one=_with_letter(number, english + before, asked),
            two=_with_letter(number, other + before, asked),
        )
        raise ReadingError(said)
    return int(10**english)


def _with_letter(number: str, power: int, asked: Asked) -> Name:
    """A number as everybody reads it: "2 T", "2e18".

    Raises:
        ReadingError: Its one mark may stand for thousands or for a fraction, depending on whose number it is.
    """
    refuse_two_ways(number, asked)
    return Name(f"{number} {_LETTERS[power]}" if power in _LETTERS else f"{number}e{power}")
