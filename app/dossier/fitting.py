"""Keeps the reviewer's edition within its access mode's pages, with room for the applicant's own text."""

from __future__ import annotations

from dataclasses import dataclass

from app.dossier.content import EXPENDABLE, dossier
from app.dossier.document import Document
from app.dossier.material import Material
from app.plan.schema import Edition

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
    left_out: tuple[str, ...] = ()
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

    without: tuple[str, ...] = ()
    while layout(document).pages > limit - OWN_PAGES and len(without) < len(EXPENDABLE):
        without = EXPENDABLE[: len(without) + 1]
        document = dossier(material, edition, without)
    return Fitted(document, without, limit, mode)


def pages_words(pages: int, limit: int | None, mode: str, left_out: tuple[str, ...] = ()) -> str:
    """How many pages are left for the applicant's own text, in a sentence.

    Args:
        pages: Of the reviewer's edition.
        limit: Most pages of the mode's document, None where none is known.
        mode: Name of the access mode, "" where none fits.
        left_out: Sections that were left out.
    """
    count = f"{pages} page" if pages == 1 else f"{pages} pages"
    if limit is None:
        return f"{count}. No page limit is known{f' for {mode}' if mode else ''}."
    left = limit - pages
    if left < 0:
        return f"{count}, {-left} more than the {limit} of {mode}: shorten the summary or join runs."
    rest = f"{left} {'is' if left == 1 else 'are'} left for the text of the applicant"
    cut = f" Left out for that: {', '.join(left_out)}." if left_out else ""
    return f"{count} of the {limit} of {mode}: {rest}.{cut}"
