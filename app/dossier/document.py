"""The dossier as a neutral tree: what it says, without how a file format says it.

Every writer (PDF, DOCX, Markdown) walks the same blocks, so that all formats say the same. There are two
editions: each block says whether a reviewer reads it too, and a document gives its writers only what its
edition shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from app.plan.schema import Edition
from app.words import pieces, spoken, text
from estimators import words as said

Audience = Literal["all", "team"]
"""Who reads a block: everybody, or only the people who write the request."""
TEAM_ONLY = "TEAM ONLY"
"""How names of files, workbooks and records mark the team's edition, in every language."""
TEAM_MARK = said.say("TEAM ONLY")
"""What every page of the team's edition says."""
Align = Literal["left", "right"]
Tone = Literal["", "ok", "warn", "fail", "unk", "info"]
PictureFormat = Literal["svg", "pdf", "png"]
Picture = Callable[[PictureFormat], bytes]
"""Draws a figure as the bytes of a file; always in the light theme."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one weight."""

    text: str
    bold: bool = False


Words = tuple[Span, ...]


def words(*parts: str | Span | said.Value) -> Words:
    """Spans from text, sentences and spans, in the language of the reader; empty ones are dropped."""
    return tuple(span for part in parts for span in _spans(part) if span.text)


def _spans(part: str | Span | said.Value) -> Iterator[Span]:
    if isinstance(part, Span):
        yield part
    else:
        yield from (Span(stretch, mark == "bold") for stretch, mark in pieces(part, spoken()))


def bold(part: str | said.Value) -> Span:
    """Words that stand out."""
    return Span(text(part), bold=True)


@dataclass(frozen=True, slots=True)
class Heading:
    """Title of a section; the number is part of the text."""

    text: str
    level: int = 1
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text.

    Attributes:
        language: ISO 639 code of a language other than that of the document, "" for its own.
    """

    words: Words
    language: str = ""
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[Words, ...]
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        share: Width as a share of what the narrow columns leave; 0 for as narrow as its text.
    """

    name: str
    align: Align = "left"
    share: float = 0.0


def column(name: str | said.Value, align: Align = "left", share: float = 0.0) -> Column:
    """A column with its title in the language of the reader."""
    return Column(text(name), align, share)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and the tone of a verdict."""

    text: str
    tone: Tone = ""


Row = tuple[Cell, ...]


def toned(words: str | said.Value, tone: Tone) -> Cell:
    """A cell with the tone of a verdict."""
    return Cell(text(words), tone)


def row(*cells: str | Cell | said.Value) -> Row:
    """A row from texts, values and cells."""
    return tuple(cell if isinstance(cell, Cell) else Cell(text(cell)) for cell in cells)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head that is repeated on every page.

    Attributes:
        total: Last row, set apart from the others.
        note: Small print below.
        compact: Smaller text, for long lists.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""
    compact: bool = False
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A chart.

    Attributes:
        key: Name of its file.
        alt: What it shows, for readers who do not see it.
        picture: Draws it.
        width: Share of the text's width.
        ratio: Height over width.
    """

    key: str
    caption: str
    alt: str
    picture: Picture = field(compare=False)
    width: float = 1.0
    ratio: float = 0.5
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """Charts side by side."""

    figures: tuple[FigureBlock, ...]
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class Value:
    """A number or name in a formula, with what it is below it."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a formula: "+", "−", "×", "÷", or a function by name ("√", "larger of")."""

    sign: str
    parts: tuple[Term, ...]
    label: str = ""


Term = Value | Operation


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """One equation: the result, its formula in words or with values, and the value."""

    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class FormulaBlock:
    """Equations below each other.

    Attributes:
        alt: The same in words.
    """

    lines: tuple[FormulaLine, ...]
    alt: str
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure of the band on the first page."""

    label: str
    number: str
    unit: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The band of figures on the first page."""

    figures: tuple[KeyFigure, ...]
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark set apart from the text."""

    words: Words
    tone: Tone = "info"
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Text that only the applicant can write.

    Attributes:
        asks: What is asked, with its limit.
    """

    title: str
    asks: str
    audience: Audience = field(default="all", kw_only=True)


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""

    audience: Audience = field(default="all", kw_only=True)


Block = (
    Heading
    | Paragraph
    | Bullets
    | Table
    | FigureBlock
    | FigureRow
    | FormulaBlock
    | KeyFigures
    | Note
    | Placeholder
    | PageBreak
)


def shown(blocks: Iterable[Block], edition: Edition) -> tuple[Block, ...]:
    """The blocks that an edition shows: the team's edition has all of them."""
    return tuple(block for block in blocks if edition == "team" or block.audience == "all")


def for_team(*blocks: Block) -> tuple[Block, ...]:
    """The same blocks for the team's edition alone."""
    return tuple(replace(block, audience="team") for block in blocks)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole dossier.

    Attributes:
        head: Left part of the line at the top of every page, behind the name of the program.
        eyebrow: What kind of document this is, above the title.
        byline: Who asks and under which acronym, "" where the plan does not say.
        stamp: Right part of the line at the top of every page.
        date: Day for which it was computed.
        footer: Left part of the line at the foot of every page.
        body: The justification.
        annex: What follows it.
        language: ISO 639 code of the title's language.
        speaks: Code of the language that everything else is in.
    """

    head: str
    eyebrow: str
    title: str
    subtitle: str
    stamp: str
    date: datetime.date
    footer: str
    body: tuple[Block, ...]
    annex: tuple[Block, ...] = ()
    byline: str = ""
    edition: Edition = "reviewer"
    language: str = "en"
    speaks: str = "en"

    @property
    def shown_body(self) -> tuple[Block, ...]:
        """The blocks of the body that the edition shows; writers read no others."""
        return shown(self.body, self.edition)

    @property
    def shown_annex(self) -> tuple[Block, ...]:
        """The same of the annex."""
        return shown(self.annex, self.edition)

    @property
    def is_for_team(self) -> bool:
        """Whether every page says that it is not to be handed in."""
        return self.edition == "team"

    def blocks(self) -> Iterator[Block]:
        """What is shown of body and annex."""
        yield from self.shown_body
        yield from self.shown_annex

    def figures(self) -> Iterator[FigureBlock]:
        """Every chart, in order."""
        for block in self.blocks():
            if isinstance(block, FigureBlock):
                yield block
            elif isinstance(block, FigureRow):
                yield from block.figures
