"""Writes a dossier as PDF: the tree as JSON into our typst template, charts as vector graphics."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from functools import lru_cache
from importlib import resources
from typing import Any

from app.dossier.document import TEAM_MARK, Document, FigureBlock, FormulaLine
from app.dossier.formula_tree import line_text
from app.dossier.language import in_words_of, paper_code
from app.words import text
from estimators.words import Name, say

TEMPLATE = "dossier.typ"
_LONG_WORD = re.compile(r"\S{41,}")
"""typst lets it run out of its column, so it gets places to break, of no width."""
_PIECE = re.compile(r"(\S{12})(?=\S)")
SCALES = (1.0, 0.975, 0.95, 1.03, 1.06)
"""Sizes of the text that are tried in turn, none of them hard to read."""
LEAST_FILL = 0.3
"""Part of the last page below which it looks empty."""
PAGE, PAGES = "<page>", "<pages>"
"""Where the template puts numbers into the words at the foot of a page."""
TOP_MM, BOTTOM_MM = 20.0, 279.0
"""Where text begins and ends on a page."""


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """How a dossier falls on its pages.

    Attributes:
        scale: Of the text, against the template's.
        last_fill: Part of the last page that is used.
    """

    pages: int
    scale: float
    last_fill: float


def pdf_bytes(document: Document) -> bytes:
    """The dossier as a tagged PDF; equal dossiers are equal files."""
    import typst

    content = typst.compile(
        _template(),
        format="pdf",
        timestamp=int(_midnight(document.date).timestamp()),
        pdf_standards="ua-1",
        **_given(document, layout(document).scale),
    )
    assert isinstance(content, bytes)
    return content


def page_pictures(document: Document, pixels_per_inch: float = 110.0) -> list[bytes]:
    """Every page as PNG, to be looked at."""
    import typst

    given = _given(document, layout(document).scale)
    pages: Any = typst.compile(_template(), format="png", ppi=pixels_per_inch, **given)
    return pages if isinstance(pages, list) else [pages]


@lru_cache(maxsize=8)
def layout(document: Document) -> Layout:
    """The layout of a dossier: a little smaller or larger where a few lines would stand on a page alone."""
    found = []
    for scale in SCALES:
        found.append(_layout(document, scale))
        if found[-1].pages == 1 or found[-1].last_fill >= LEAST_FILL:
            return found[-1]
    return max(found, key=lambda one: one.last_fill)


def _layout(document: Document, scale: float) -> Layout:
    import typst

    place = "query(<end>).first().location()"
    expression = f"(page: {place}.page(), y: {place}.position().y / 1mm)"
    found = json.loads(typst.eval(_template(), expression, **_given(document, scale)))
    return Layout(int(found["page"]), scale, (float(found["y"]) - TOP_MM) / (BOTTOM_MM - TOP_MM))


def _given(document: Document, scale: float) -> dict[str, Any]:
    """What every call of typst is given."""
    return {
        "font_paths": fonts(),
        "ignore_system_fonts": True,
        "sys_inputs": {"document": document_json(document), "scale": f"{scale:g}"},
    }


@lru_cache(maxsize=1)
def fonts() -> Any:
    """Inter and JetBrains Mono as typst reads them; it takes weights from their variable fonts.

    matplotlib's fonts stand behind them: DejaVu Sans for more scripts, and the last resort, which has a box
    with the sign of its script for every other character. The words themselves are in the file either way.
    """
    import fontpkg_inter  # type: ignore[import-untyped]
    import fontpkg_jetbrains_mono  # type: ignore[import-untyped]
    import matplotlib
    import typst

    folders = [f"{package.ROOT}/files" for package in (fontpkg_inter, fontpkg_jetbrains_mono)]
    folders.append(f"{matplotlib.get_data_path()}/fonts/ttf")
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def document_json(document: Document) -> str:
    """The tree as the template reads it."""
    content = _content(dataclasses.replace(document, body=document.shown_body, annex=document.shown_annex))
    with in_words_of(document.speaks):
        content["mark"] = text(TEAM_MARK) if document.is_for_team else ""
        content["page_of"] = text(say("Page {page} of {pages}", page=Name(PAGE), pages=Name(PAGES)))
        content["figure"] = text(say("Figure"))
    content["speaks"] = paper_code(document.speaks)
    content["language"] = paper_code(document.language)
    day = document.date
    content["date"] = [day.year, day.month, day.day]
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _template() -> bytes:
    return resources.files("resources").joinpath("templates", TEMPLATE).read_bytes()


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)


def _content(part: Any) -> Any:
    """Blocks with their kind, charts as SVG, equations with their words."""
    if isinstance(part, tuple):
        return [_content(one) for one in part]
    if isinstance(part, str):
        return _LONG_WORD.sub(lambda word: _PIECE.sub("\\1\u200b", word[0]), part)
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    values = {f.name: getattr(part, f.name) for f in dataclasses.fields(part)}
    drawn = {}
    if isinstance(part, FigureBlock):
        drawn["svg"] = values.pop("picture")("svg").decode("utf-8")
    if isinstance(part, FormulaLine):
        values["alt"] = line_text(part)
    return {"kind": type(part).__name__, **{key: _content(value) for key, value in values.items()}, **drawn}
