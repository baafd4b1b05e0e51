"""Which language a dossier speaks: that asked for by name, else the plan's own, else that of the reader."""

from __future__ import annotations

from contextlib import AbstractContextManager

from app.plan.schema import Plan
from app.words import Language, UnknownLanguageError, language, speaking, spoken


def language_of(plan: Plan, asked: Language | None = None) -> Language:
    """The language that everything written from a plan is in.

    Args:
        plan: Says in which language its title and summary are, if not in English.
        asked: A language that was named for this export alone, as on the command line.
    """
    if asked is not None:
        return asked
    try:
        return language(plan.dossier.language) if plan.dossier.language else spoken()
    except UnknownLanguageError:  # a title may be in any language of the world
        return spoken()


def in_language(plan: Plan, asked: Language | None = None) -> AbstractContextManager[None]:
    """Writes everything inside in the language of the plan's dossier."""
    return speaking(language_of(plan, asked))


def in_words_of(code: str) -> AbstractContextManager[None]:
    """Writes what a writer adds (page numbers, marks) in the language of its document.

    Args:
        code: As the document has it.
    """
    return speaking(language(code))


def paper_code(code: str) -> str:
    """A language as files name it; the pseudo-language passes for English there."""
    return code if len(code) == len("en") else "en"
