"""The sentences of each language: catalogues made by `packaging/translations.py`, read by gettext."""

from __future__ import annotations

import gettext
from functools import cache

from app.words.languages import Language
from estimators.shipped import shipped
from estimators.words import Said

CATALOGUE = "nodewise.mo"


def translated(said: Said, language: Language) -> str:
    """The text of a sentence, English where the language has none; places are still in braces."""
    one = said.count is None or _is_one(said.count, language)
    if language.code in _IN_ENGLISH:
        return said.text if one else said.many
    texts, count = _texts(language.code), 1 if one else 2
    if said.context:
        if said.many:
            return texts.npgettext(said.context, said.text, said.many, count)
        return texts.pgettext(said.context, said.text)
    return texts.ngettext(said.text, said.many, count) if said.many else texts.gettext(said.text)


_IN_ENGLISH = ("en", "pseudo")


def _is_one(count: float, language: Language) -> bool:
    return abs(count) < 2.0 if language.one_below_two else count == 1


@cache
def _texts(code: str) -> gettext.NullTranslations:
    path = shipped("translations", code, CATALOGUE)
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)
