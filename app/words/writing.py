"""Writes sentences and their values in a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from app.words import pseudo
from app.words.amounts import write_amount, write_span
from app.words.catalogues import translated
from app.words.languages import Language
from estimators.words import (
    Amount,
    Cased,
    Heading,
    Listed,
    Mark,
    Name,
    Said,
    Span,
    Strong,
    Value,
    cased,
    template,
)

Piece = tuple[str, Mark | None]
"""A stretch of text and how it stands out; None for text like any other."""


def write(value: Value | str, language: Language) -> str:
    """A sentence or a value as a reader of the language has it.

    A text that is no value yet passes as it is, as long as rooms still build their sentences themselves.
    """
    return "".join(text for text, _ in pieces(value, language))


def pieces(value: Value | str, language: Language) -> tuple[Piece, ...]:
    """A sentence in stretches of text, so that what stands out does so wherever its language puts it."""
    found = (
        (mark, [text for text, _ in run]) for mark, run in groupby(_pieces(value, language), itemgetter(1))
    )
    joined = tuple((text, mark) for mark, texts in found if (text := "".join(texts)))
    return joined if language.code != "pseudo" or _is_name(value) else _in_brackets(joined)


def _pieces(value: Value | str, language: Language, ending: str = "") -> Iterator[Piece]:
    if isinstance(value, Said):
        yield from _said(value, language)
    elif isinstance(value, Strong):
        yield from ((text, mark or value.mark) for text, mark in _pieces(value.part, language, ending))
    elif isinstance(value, Cased):
        yield from _cased(value, language, ending)
    elif isinstance(value, Heading):
        yield from _heading(value, language)
    elif isinstance(value, Listed):
        yield from _listed(value, language)
    elif isinstance(value, Amount):
        yield write_amount(value, language, ending), None
    elif isinstance(value, Span):
        yield write_span(value, language, ending), None
    else:
        yield value if isinstance(value, str) else value.text, None


def _cased(value: Cased, language: Language, ending: str) -> Iterator[Piece]:
    """With another first letter; a language whose nouns have capitals makes none small."""
    found = list(_pieces(value.part, language, ending))
    place = next((place for place, (text, _) in enumerate(found) if text), None)
    if place is not None and (value.first == "capital" or not language.capital_nouns):
        text, mark = found[place]
        found[place] = cased(text, value.first), mark
    yield from found


def _heading(value: Heading, language: Language) -> Iterator[Piece]:
    found = list(_pieces(value.part, language))
    text, mark = found.pop()
    yield from (*found, (text.removesuffix("."), mark))


def _said(said: Said, language: Language) -> Iterator[Piece]:
    if not said.text:  # sentences behind each other
        yield from _between(" ", (list(_pieces(part, language)) for _, part in said.parts))
        return
    parts, before = dict(said.parts), ""
    for words, name, ending in template(translated(said, language)):
        # an abbreviation at the end of a sentence brings its full stop: "300 Mrd."
        literal = words[1:] if before.endswith(".") and words.startswith(".") else words
        yield pseudo.accented(literal) if language.code == "pseudo" else literal, None
        if name is not None:
            filled = list(_pieces(parts[name], language, ending))
            before = "".join(text for text, _ in filled)
            yield from filled


def _listed(listed: Listed, language: Language) -> Iterator[Piece]:
    """Items as "a, b and c"; where the last word would run into the next one, as the language avoids it."""
    items = [list(_pieces(item, language)) for item in listed.items]
    if not listed.last:
        yield from _between(listed.sign, items)
        return
    if len(items) > 1:
        last = "".join(text for text, _ in items[-1])
        yield from _between(listed.sign, items[:-1])
        yield f" {_last_word(language, language.last[listed.last], last)} ", None
    yield from items[-1] if items else ()


def _last_word(language: Language, word: str, following: str) -> str:
    before, instead = language.euphony.get(word, ("", word))
    if before and re.match(before, following):
        return instead
    return pseudo.accented(word) if language.code == "pseudo" else word


def _between(sign: str, runs: Iterable[list[Piece]]) -> Iterator[Piece]:
    for place, run in enumerate(runs):
        if place:
            yield sign, None
        yield from run


def _is_name(value: Value | str) -> bool:
    """Whether a value is quoted, or what a field shows and reads again: nobody translates it."""
    if isinstance(value, Strong | Cased | Heading):
        return _is_name(value.part)
    return isinstance(value, str | Name) or (isinstance(value, Amount) and value.form.startswith("field_"))


def _in_brackets(found: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces with a bracket in front of the first and one behind the last, where there is a word."""
    whole = "".join(text for text, _ in found)
    if pseudo.bracketed(whole) == whole:
        return found
    (first, mark), *rest = found
    *others, (final, final_mark) = [(pseudo.OPENING + first, mark), *rest]
    return (*others, (final + pseudo.CLOSING, final_mark))
