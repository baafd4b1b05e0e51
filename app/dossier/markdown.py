"""Writes a dossier as Markdown, for a wiki or for the clipboard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

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
    Paragraph,
    Placeholder,
    Row,
    Table,
    Words,
)
from app.dossier.formula_tree import block_text
from app.dossier.language import in_words_of
from app.words import text
from estimators.words import Name, say

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_LINE_BREAKS = re.compile(r"[\r\n\t\v\f]+")


def markdown_text(document: Document, figures: Mapping[str, str] | None = None) -> str:
    """The dossier as Markdown.

    Args:
        document: The tree.
        figures: Address of the picture for each figure's key; charts without one are named with their words.
    """
    with in_words_of(document.speaks):
        return _written(document, figures or {})


def _written(document: Document, figures: Mapping[str, str]) -> str:
    lines = [f"# {escaped(document.title)}", ""]
    if document.byline:
        lines += [escaped(document.byline), ""]
    mark = f"**{text(TEAM_MARK)}** · " if document.is_for_team else ""
    lines += [
        escaped(document.subtitle),
        "",
        f"{mark}Nodewise {escaped(document.head)} · {_inside(document.stamp)}",
        "",
    ]
    for block in document.blocks():
        lines += [*_block(block, figures), ""]
    lines.append(escaped(document.footer))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def escaped(words: str) -> str:
    """Text in which nothing is markup and no line begins a list or a heading."""
    words = _inside(words)
    return re.sub(r"^(\s*)([-+]|\d+[.)])(?=\s)", lambda m: f"{m[1]}{_guarded(m[2])}", words)


def _inside(words: str) -> str:
    """The same for what does not begin a line."""
    return _SPECIAL.sub(r"\\\1", _LINE_BREAKS.sub(" ", words))


def _guarded(mark: str) -> str:
    return f"\\{mark}" if len(mark) == 1 else f"{mark[:-1]}\\{mark[-1]}"


def _block(block: Block, figures: Mapping[str, str]) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {escaped(block.text)}"
        case Paragraph():
            yield _words(block.words)
        case Bullets():
            yield from (f"- {_words(item)}" for item in block.items)
        case Table():
            yield from _table(block)
        case FigureBlock():
            yield _figure(block, figures)
        case FigureRow():
            for figure in block.figures:
                yield from (_figure(figure, figures), "")
        case FormulaBlock():
            yield from ("```", block_text(block), "```")
        case KeyFigures():
            yield from (
                f"- {escaped(figure.label)}: **{escaped(figure.number)}** {escaped(figure.unit)}".rstrip()
                for figure in block.figures
            )
        case Note():
            yield f"> {_words(block.words)}"
        case Placeholder():
            yield f"> **{escaped(block.title)}** {escaped(block.asks)}"
        case _:
            return


def _words(spans: Words) -> str:
    return "".join(f"**{escaped(span.text)}**" if span.bold else escaped(span.text) for span in spans)


def _figure(figure: FigureBlock, figures: Mapping[str, str]) -> str:
    address = figures.get(figure.key)
    if address is None:
        caption, shows = Name(escaped(figure.caption)), Name(escaped(figure.alt))
        return text(say("Figure, {caption} {shows}", caption=caption, shows=shows))
    return f"![{escaped(figure.alt)}]({address})\n\n{escaped(figure.caption)}"


def _table(block: Table) -> Iterator[str]:
    yield _line(tuple(escaped(column.name) for column in block.columns))
    yield _line(tuple("---:" if column.align == "right" else "---" for column in block.columns))
    for values in block.rows:
        yield _line(_texts(values))
    if block.total is not None:
        yield _line(tuple(f"**{words}**" if words else "" for words in _texts(block.total)))
    if block.note:
        yield from ("", escaped(block.note))


def _texts(values: Row) -> tuple[str, ...]:
    return tuple(escaped(cell.text) for cell in values)


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
