"""Keeps the reviewer's edition within its access mode's pages, with room for the applicant's own text."""

from __future__ import annotations

from dataclasses import dataclass

from app.dossier.content import EXPENDABLE, SectionId, dossier, titles_of
from app.dossier.document import Document
from app.dossier.material import Material
from app.dossier.text import whole
from app.plan.schema import Edition
from app.words import text
from estimators.words import NOTHING, Listed, Name, Said, say, say_many, together

PAGES = "document_pages"
"""Fact of an access mode: the most pages of the document that is handed in."""
OWN_PAGES = 4
"""Pages that the template of the project scope and plan gives to what only the applicant can write: overview
2, validation and state of the art 1, team and confidentiality half a page each ("project-scope-and-plan" in
the catalogue)."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """An edition that keeps its pages.

    Attributes:
        left_out: Sections that were left out for that.
        limit: Most pages of the access mode's document; None where none is known.
        mode: Name of the access mode; "" where none fits.
    """

    document: Document
    left_out: tuple[SectionId, ...] = ()
    limit: int | None = None

    mode: str = ""

    def pages(self) -> int:
        """Pages of the PDF."""
        from app.dossier.pdf import layout

        return layout(self.document).pages

    def words(self) -> str:
        """How many pages are left for the applicant's own text, in a sentence."""
        return pages_words(self.pages(), self.limit, self.mode, self.left_out)


def page_limit(material: Material) -> int | None:
    """Most pages that the access mode asked for takes; None where none is known."""
    chosen = material.request.doors.chosen
    fact = chosen.mode.more.get(PAGES) if chosen is not None else None
    return int(fact.value) if fact is not None and fact.value is not None else None


def fitted(material: Material, edition: Edition) -> Fitted:
    """The edition; the reviewer's without its least missed sections where the pages do not suffice."""
    document = dossier(material, edition)
    limit, chosen = page_limit(material), material.request.doors.chosen
    mode = "" if chosen is None else chosen.mode.short_name or chosen.mode.name
    if edition == "team" or limit is None:
        return Fitted(document, (), limit, mode)
    from app.dossier.pdf import layout

    without: tuple[SectionId, ...] = ()
    while layout(document).pages > limit - OWN_PAGES and len(without) < len(EXPENDABLE):
        without = EXPENDABLE[: len(without) + 1]
        document = dossier(material, edition, without)
    return Fitted(document, without, limit, mode)


def pages_words(pages: int, limit: int | None, mode: str, left_out: tuple[SectionId, ...] = ()) -> str:
    """How many pages are left for the applicant's own text, in a sentence.

    Args:
        pages: Of the reviewer's edition.
        limit: Most pages of the mode's document, None where none is known.
        mode: Name of the access mode, "" where none fits.
        left_out: Sections that were left out.
    """
    return text(_pages(pages, limit, Name(mode), left_out))


def _pages(pages: int, limit: int | None, mode: Name, left_out: tuple[SectionId, ...]) -> Said:
    if limit is None:
        count = say_many("{n} page.", "{n} pages.", pages, n=whole(pages))
        unknown = say("No page limit is known for {mode}.", mode=mode)
        return together(count, unknown if mode.text else say("No page limit is known."))
    left = limit - pages
    if left < 0:
        return say_many(
            "{n} page, {more} more than the {limit} of {mode}: shorten the summary or join runs.",
            "{n} pages, {more} more than the {limit} of {mode}: shorten the summary or join runs.",
            pages,
            n=whole(pages),
            more=whole(-left),
            limit=whole(limit),
            mode=mode,
        )
    rest = say_many(
        "{n} is left for the text of the applicant",
        "{n} are left for the text of the applicant",
        left,
        n=whole(left),
    )
    kept = say_many(
        "{n} page of the {limit} of {mode}: {rest}.",
        "{n} pages of the {limit} of {mode}: {rest}.",
        pages,
        n=whole(pages),
        limit=whole(limit),
        mode=mode,
        rest=rest,
    )
    cut = say("Left out for that: {sections}.", sections=Listed(titles_of(left_out), ""))
    return together(kept, cut if left_out else NOTHING)
