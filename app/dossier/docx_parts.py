"""What python-docx has no words for: repeated heads, cell shades, borders, alt texts, fields, fixed dates."""

from __future__ import annotations

import io
import zipfile
from typing import Any

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Earliest date that a ZIP can hold: equal documents are equal files."""


def element(tag: str, **attributes: str) -> Any:
    """An XML element of the word processor's namespace."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def repeat_head(table_row: Any) -> None:
    """Repeat a row at the top of every page."""
    table_row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def keep_row_whole(table_row: Any) -> None:
    """Never split a row over two pages."""
    table_row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))


def shade(cell: Any, colour: str) -> None:
    """Fill a cell."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour.lstrip("#")))


def cell_edges(cell: Any, **edges: str) -> None:
    """Draw edges of a cell: top="8" is a line of one point."""
    borders = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in edges:
            borders.append(element(side, val="single", sz=edges[side], space="0", color="7A8796"))
    cell._tc.get_or_add_tcPr().append(borders)


def paragraph_box(paragraph: Any, sides: tuple[str, ...], line: str, colour: str, size: str = "6") -> None:
    """Draw edges around a paragraph."""
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            borders.append(element(side, val=line, sz=size, space="6", color=colour.lstrip("#")))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def alt_text(shape: Any, words: str, name: str) -> None:
    """Give a picture the words for readers who do not see it."""
    properties = shape._inline.docPr
    properties.set("descr", words)
    properties.set("name", name)


def plain_style(style: Any) -> None:
    """Take lines and wide letters, which the template's titles have, out of a style."""
    for path in ("w:pPr/w:pBdr", "w:rPr/w:spacing", "w:rPr/w:kern", "w:pPr/w:contextualSpacing"):
        for found in style.element.xpath(path):
            found.getparent().remove(found)


def column_widths(table: Any, widths: list[float]) -> None:
    """Millimetres of every column, for the grid and for each cell: programs read either."""
    from docx.shared import Mm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def page_field(paragraph: Any, instruction: str) -> None:
    """A number that the word processor fills in: "PAGE" or "NUMPAGES"."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind:
            run._r.append(element("fldChar", fldCharType=kind))
        else:
            code = element("instrText")
            code.text = text
            run._r.append(code)


def right_tab(paragraph: Any, width: Any) -> None:
    """A tab stop at the right edge of the text."""
    from docx.enum.text import WD_TAB_ALIGNMENT

    for stops in (paragraph.style.paragraph_format.tab_stops, paragraph.paragraph_format.tab_stops):
        stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)


def with_fixed_dates(content: bytes) -> bytes:
    """The same archive with one date for every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
