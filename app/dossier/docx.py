"""Writes a dossier as a Word document with real styles, so that an applicant can go on writing in it."""

from __future__ import annotations

import datetime
import io
from typing import Any

from app.dossier import docx_parts as parts
from app.dossier.document import (
    TEAM_MARK,
    Block,
    Bullets,
    Document,
    FigureBlock,
    FigureRow,
    FormulaBlock,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Placeholder,
    Row,
    Table,
    Words,
)
from app.dossier.formula_tree import line_text
from app.dossier.language import in_words_of, paper_code
from app.dossier.text import PROPERTY_LETTERS, shortened
from app.present.palette import LIGHT
from app.words import pieces, spoken, text
from estimators.words import Amount, Name, Strong, say

FONT = "Arial"
"""On every office machine; a document that is sent on cannot count on Inter."""
TEXT_WIDTH_MM = 174.0
BODY_POINTS = 10.0
TABLE_POINTS = 9.0
COMPACT_POINTS = 8.0
CELL_POINTS = 1.5
"""Above and below the text of a cell."""
HEAD_POINTS = 8.0
MOST_NARROW_MM = 40.0
MM_PER_LETTER, MM_PER_CAPITAL, CELL_SIDES_MM = 1.82, 2.5, 4.6
LEAST_WIDE, MOST_WIDE = 0.12, 0.45
"""Part of the page that each column with a share keeps, however long the others are, and all of them."""
CELL_MARGINS_MM = 8.0
LONG_TITLE = 400
"""Letters; a longer title is set as text, else it would take pages."""
MOST_ROWS_TOGETHER = 12
"""Shorter tables are not split over pages, but for small print."""
PAGE_OF = say(
    "Page {page} of {pages}",
    page=Strong(Name("PAGE"), "figure"),
    pages=Strong(Name("NUMPAGES"), "figure"),
)
"""The names are those of fields that the word processor fills in."""
ROWS_WITH_HEAD = 2
"""Head and first row of a table that is split stay with the row below them."""


def docx_bytes(document: Document) -> bytes:
    """The dossier as a Word document; equal dossiers are equal files."""
    with in_words_of(document.speaks):
        return _DocxWriter(document).write()


class _DocxWriter:
    """Walks the tree once."""

    def __init__(self, document: Document) -> None:
        import docx

        self.document = document
        self.paper: Any = docx.Document()
        self._figures = 0

    def write(self) -> bytes:
        self._dress()
        self._opening()
        blocks = list(self.document.blocks())
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            self._block(block)
            if isinstance(block, Paragraph) and _leads_into(following):
                self.paper.paragraphs[-1].paragraph_format.keep_with_next = True
        out = io.BytesIO()
        self.paper.save(out)
        return parts.with_fixed_dates(out.getvalue())

    # ------------------------------------------------------------ page and styles

    def _dress(self) -> None:
        from docx.shared import Mm

        section = self.paper.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin, section.bottom_margin = Mm(22), Mm(20)
        self._styles()
        self._head_and_foot(section)
        day = self.document.date
        moment = datetime.datetime(day.year, day.month, day.day)
        properties = self.paper.core_properties
        properties.title = shortened(self.document.title, PROPERTY_LETTERS)
        properties.subject = shortened(self.document.subtitle, PROPERTY_LETTERS)
        properties.author, properties.comments = "", ""
        properties.language = paper_code(self.document.speaks)
        properties.created = properties.modified = moment

    def _styles(self) -> None:
        from docx.shared import Pt, RGBColor

        styles: Any = self.paper.styles
        sizes = {
            "Normal": (BODY_POINTS, 0, 5, False, LIGHT.text),
            "Title": (18.0, 0, 3, True, LIGHT.text),
            "Subtitle": (11.0, 0, 8, False, LIGHT.text2),
            "Heading 1": (13.0, 13, 4, True, LIGHT.text),
            "Heading 2": (11.0, 9, 3, True, LIGHT.text),
            "Caption": (8.5, 2, 8, False, LIGHT.text2),
            "List Bullet": (BODY_POINTS, 0, 2, False, LIGHT.text),
            "Header": (HEAD_POINTS, 0, 0, False, LIGHT.text3),
            "Footer": (HEAD_POINTS, 0, 0, False, LIGHT.text3),
        }
        for name, (size, before, after, is_bold, ink) in sizes.items():
            style = styles[name]
            style.font.name, style.font.size, style.font.bold = FONT, Pt(size), is_bold
            style.font.italic = False
            style.font.color.rgb = RGBColor.from_string(ink.lstrip("#"))
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
            parts.plain_style(style)
            _only_font(style)

    def _head_and_foot(self, section: Any) -> None:
        from docx.shared import Mm

        head = section.header.paragraphs[0]
        parts.right_tab(head, Mm(TEXT_WIDTH_MM))
        if self.document.is_for_team:
            self._run(head, f"{text(TEAM_MARK)} · ", HEAD_POINTS, LIGHT.fail, True)
        head.add_run("Nodewise").bold = True
        head.add_run(f" {self.document.head}\t{self.document.stamp}")
        foot = section.footer.paragraphs[0]
        parts.right_tab(foot, Mm(TEXT_WIDTH_MM))
        foot.add_run(f"{self.document.footer}\t")
        for stretch, mark in pieces(PAGE_OF, spoken()):
            if mark:
                parts.page_field(foot, stretch)
            else:
                foot.add_run(stretch)

    def _opening(self) -> None:
        eyebrow = self.paper.add_paragraph()
        self._run(eyebrow, self.document.eyebrow.upper(), 8.5, LIGHT.accent, True)
        is_long = len(self.document.title) > LONG_TITLE
        self.paper.add_paragraph(self.document.title, style="Normal" if is_long else "Title")
        if self.document.byline:
            self._run(self.paper.add_paragraph(), self.document.byline, BODY_POINTS, LIGHT.text, True)
        self.paper.add_paragraph(self.document.subtitle, style="Subtitle")

    # ------------------------------------------------------------ blocks

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self.paper.add_heading(block.text, block.level)
            case Paragraph():
                self._words(self.paper.add_paragraph(), block.words)
            case Bullets():
                for item in block.items:
                    self._words(self.paper.add_paragraph(style="List Bullet"), item)
            case Table():
                self._table(block)
            case FigureBlock():
                self._figure(block)
            case FigureRow():
                self._figures_beside(block)
            case FormulaBlock():
                self._formula(block)
            case KeyFigures():
                self._band(block)
            case Note():
                self._note(block)
            case Placeholder():
                self._placeholder(block)
            case PageBreak():
                self.paper.add_page_break()

    def _words(self, paragraph: Any, spans: Words) -> None:
        for span in spans:
            paragraph.add_run(span.text).bold = span.bold or None

    def _run(self, paragraph: Any, words: str, points: float, ink: str, is_bold: bool = False) -> None:
        from docx.shared import Pt, RGBColor

        run = paragraph.add_run(words)
        run.font.size, run.bold = Pt(points), is_bold
        run.font.color.rgb = RGBColor.from_string(ink.lstrip("#"))

    def _formula(self, block: FormulaBlock) -> None:
        from docx.shared import Mm

        for line in block.lines:
            paragraph = self.paper.add_paragraph(line_text(line))
            paragraph.paragraph_format.left_indent = Mm(8)

    def _figure(self, figure: FigureBlock) -> None:
        self._picture(figure, self.paper.add_paragraph(), self.paper.add_paragraph(), TEXT_WIDTH_MM)

    def _figures_beside(self, block: FigureRow) -> None:
        """Charts in the cells of a table without lines."""
        table = self.paper.add_table(rows=1, cols=len(block.figures))
        table.autofit = False
        parts.column_widths(table, [TEXT_WIDTH_MM * figure.width for figure in block.figures])
        for cell, figure in zip(table.rows[0].cells, block.figures, strict=True):
            self._picture(figure, cell.paragraphs[0], cell.add_paragraph(), TEXT_WIDTH_MM - CELL_MARGINS_MM)
        self._gap()

    def _picture(self, figure: FigureBlock, place: Any, caption: Any, width: float) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        self._figures += 1
        place.paragraph_format.keep_with_next = True
        across = Mm(width * figure.width)
        shape = place.add_run().add_picture(io.BytesIO(figure.picture("png")), width=across)
        parts.alt_text(shape, figure.alt, figure.key)
        caption.style = "Caption"
        number = Amount(self._figures, form="fixed")
        caption.add_run(text(say("Figure {number}: {caption}", number=number, caption=Name(figure.caption))))
        for paragraph in (place, caption):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _gap(self) -> None:
        """A short line that keeps what follows a table apart from it."""
        from docx.shared import Pt

        space = self.paper.add_paragraph().paragraph_format
        space.space_after, space.line_spacing = Pt(0), Pt(6)

    def _note(self, block: Note) -> None:
        ink, _ = LIGHT.tone(block.tone)
        paragraph = self.paper.add_paragraph()
        self._words(paragraph, block.words)
        parts.paragraph_box(paragraph, ("left",), "single", ink, "18")

    def _placeholder(self, block: Placeholder) -> None:
        paragraph = self.paper.add_paragraph()
        paragraph.add_run(block.title).bold = True
        self._run(paragraph, f"  {block.asks}", BODY_POINTS, LIGHT.text3)
        parts.paragraph_box(paragraph, ("top", "left", "bottom", "right"), "dashed", LIGHT.strong)

    # ------------------------------------------------------------ tables

    def _band(self, block: KeyFigures) -> None:
        table = self.paper.add_table(rows=1, cols=len(block.figures))
        for cell, figure in zip(table.rows[0].cells, block.figures, strict=True):
            parts.shade(cell, LIGHT.soft)
            self._run(cell.paragraphs[0], figure.label, 8.5, LIGHT.text2)
            ink = LIGHT.accent if figure.is_first else LIGHT.text
            below = cell.add_paragraph()
            self._run(below, figure.number, 18.0 if figure.is_first else 13.0, ink, True)
            if figure.unit:
                self._run(below, f" {figure.unit}", 9.0, LIGHT.text2)
        self._gap()

    def _table(self, block: Table) -> None:
        rows = [*block.rows, *((block.total,) if block.total is not None else ())]
        table = self.paper.add_table(rows=1, cols=len(block.columns))
        table.autofit = False
        size = COMPACT_POINTS if block.compact else TABLE_POINTS
        for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
            self._cell(cell, column.name, column.align, size - 0.5, LIGHT.text3, True)
            parts.cell_edges(cell, top="6", bottom="6")
        parts.repeat_head(table.rows[0])
        for place, values in enumerate(rows):
            is_total = block.total is not None and place == len(rows) - 1
            self._row(table, block, values, size, is_total, place == len(rows) - 1)
        parts.column_widths(table, _widths(block))
        for line in table.rows:
            parts.keep_row_whole(line)
        _keep_together(table, whole=len(rows) <= MOST_ROWS_TOGETHER and not block.compact)
        if block.note:
            self._run(self.paper.add_paragraph(), block.note, 8.5, LIGHT.text2)
        else:
            self._gap()

    def _row(self, table: Any, block: Table, values: Row, size: float, is_total: bool, is_last: bool) -> None:
        edges = ({"top": "6"} if is_total else {}) | ({"bottom": "6"} if is_last else {})
        for cell, value, column in zip(table.add_row().cells, values, block.columns, strict=True):
            ink = LIGHT.tone(value.tone)[0] if value.tone else LIGHT.text
            self._cell(cell, value.text, column.align, size, ink, is_total or bool(value.tone))
            if edges:
                parts.cell_edges(cell, **edges)

    def _cell(self, cell: Any, words: str, align: str, size: float, ink: str, is_bold: bool) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(CELL_POINTS)
        paragraph.paragraph_format.space_before = Pt(CELL_POINTS)
        if align == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._run(paragraph, words, size, ink, is_bold)


def _leads_into(following: Block | None) -> bool:
    """Whether words before a block stay on its page: a table, or a part of the same section."""
    return isinstance(following, Table) or (isinstance(following, Heading) and following.level > 1)


def _keep_together(table: Any, whole: bool) -> None:
    """Keep every row with the next one, or only the head with the first rows."""
    for line in table.rows[: -1 if whole else ROWS_WITH_HEAD]:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _widths(block: Table) -> list[float]:
    """Millimetres of every column: narrow ones by their longest text, the rest by their shares."""
    rows = [*block.rows, *((block.total,) if block.total is not None else ())]
    texts = [[values[place].text for values in rows] for place in range(len(block.columns))]
    size = COMPACT_POINTS / TABLE_POINTS if block.compact else 1.0
    narrow = [
        0.0 if column.share else size * _text_width([*column.name.split(), *texts[place]])
        for place, column in enumerate(block.columns)
    ]
    shares = sum(column.share for column in block.columns)
    wide = min(MOST_WIDE, LEAST_WIDE * sum(column.share > 0.0 for column in block.columns))
    room = TEXT_WIDTH_MM * (1.0 - wide)
    factor = room / sum(narrow) if narrow and (not shares or sum(narrow) > room) else 1.0
    left = TEXT_WIDTH_MM - factor * sum(narrow)
    return [
        left * column.share / shares if column.share else factor * width
        for column, width in zip(block.columns, narrow, strict=True)
    ]


def _text_width(texts: list[str]) -> float:
    """Millimetres that the longest of some texts takes in a cell."""
    widest = max(
        sum(MM_PER_CAPITAL if letter.isupper() else MM_PER_LETTER for letter in words) for words in texts
    )
    return min(MOST_NARROW_MM, CELL_SIDES_MM + widest)


def _only_font(style: Any) -> None:
    """Take our font for every script; the template's theme fonts would win otherwise."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
