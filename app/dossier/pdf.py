"""Writes a dossier as PDF: the tree as JSON into our typst template, charts as vector graphics."""

from __future__ import annotations

import dataclasses
import datetime
import json
from functools import lru_cache
from importlib import resources
from typing import Any

from app.dossier.document import Document, FigureBlock, FormulaLine
from app.dossier.formula_tree import line_text
from app.dossier.text import long_date

TEMPLATE = "dossier.typ"


def pdf_bytes(document: Document) -> bytes:
    """The dossier as a tagged PDF; equal dossiers are equal files."""
    import typst

    content = typst.compile(
        _template(),
        format="pdf",
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": document_json(document)},
        timestamp=int(_midnight(document.date).timestamp()),
        pdf_standards="ua-1",
    )
    assert isinstance(content, bytes)
    return content


def body_pages(document: Document) -> int:
    """Pages of the justification without its annex."""
    import typst

    found = typst.eval(
        _template(),
        "query(<end-of-body>).first().location().page()",
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": document_json(document)},
    )
    return int(json.loads(found))


@lru_cache(maxsize=1)
def fonts() -> Any:
    """Inter and JetBrains Mono as typst reads them; it takes weights from their variable fonts."""
    import fontpkg_inter  # type: ignore[import-untyped]
    import fontpkg_jetbrains_mono  # type: ignore[import-untyped]
    import typst

    folders = [f"{package.ROOT}/files" for package in (fontpkg_inter, fontpkg_jetbrains_mono)]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def document_json(document: Document) -> str:
    """The tree as the template reads it."""
    content = _content(document)
    day = document.date
    content["date"] = [day.year, day.month, day.day]
    content["date_words"] = long_date(day)
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _template() -> bytes:
    return resources.files("resources").joinpath("templates", TEMPLATE).read_bytes()


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)


def _content(part: Any) -> Any:
    """Blocks with their kind, charts as SVG, equations with their words."""
    if isinstance(part, tuple):
        return [_content(one) for one in part]
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    values = {f.name: getattr(part, f.name) for f in dataclasses.fields(part)}
    if isinstance(part, FigureBlock):
        values["svg"] = values.pop("picture")("svg").decode("utf-8")
    if isinstance(part, FormulaLine):
        values["alt"] = line_text(part)
    return {"kind": type(part).__name__, **{key: _content(value) for key, value in values.items()}}
