"""Cell formats and addresses that the sheets of the workbook share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.present.numbers import UNKNOWN
from app.present.palette import LIGHT
from app.words import text

NO_LIMIT = 1e99
"""Stands for infinity, which a cell cannot hold; shown as words."""
WHOLE = "#,##0"
NO_LIMIT_FORMAT = '[>=1E+99]"no limit";#,##0.0'
FONT = "Arial"
HEAD_POINTS = 30.0
LINE_POINTS = 13.0
LETTERS_PER_WIDTH = 1.15


class Formats:
    """Formats by purpose, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        """A format with our font and these properties."""
        whole = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def text(self, **more: Any) -> Any:
        """Words that wrap."""
        return self.get(text_wrap=True, **more)

    def title(self) -> Any:
        """Title of a sheet."""
        return self.get(bold=True, font_size=14)

    def head(self, is_right: bool = False) -> Any:
        """Head of a column."""
        align = "right" if is_right else "left"
        return self.get(
            bold=True, font_color=LIGHT.text3, bottom=1, top=1, text_wrap=True, align=align, valign="bottom"
        )

    def quiet(self) -> Any:
        """Remarks."""
        return self.get(font_color=LIGHT.text3)

    def input(self, number: str = "General") -> Any:
        """A number that the reader may change."""
        return self.get(num_format=number, font_color=LIGHT.accent, bg_color=LIGHT.soft)

    def live(self, number: str = "General", **more: Any) -> Any:
        """A computed number."""
        return self.get(num_format=number, **more)

    def total(self, number: str = WHOLE) -> Any:
        """A computed number below a line."""
        return self.get(num_format=number, bold=True, top=1, bottom=1)


def number_or_words(value: float) -> float | str:
    """What a cell holds: NaN as words, infinity as a number beyond all limits."""
    if math.isnan(value):
        return text(UNKNOWN)
    return NO_LIMIT if math.isinf(value) else value


def address(sheet: str, row: int, column: int) -> str:
    """Absolute address from another sheet: "Inputs!$D$7"."""
    return f"{sheet}!${column_letters(column)}${row + 1}"


def cell(row: int, column: int) -> str:
    """Address on the same sheet: "D7"."""
    return f"{column_letters(column)}{row + 1}"


def span(row: int, first: int, last_row: int, last: int) -> str:
    """Range on the same sheet: "B5:D9"."""
    return f"{cell(row, first)}:{cell(last_row, last)}"


def column_letters(column: int) -> str:
    """Name of a column counted from 0: "A", "Z", "AA"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def put_text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """Words as words, whatever they begin with: never a formula, a number or a link."""
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


def put_heads(sheet: Any, row: int, names: Sequence[tuple[str, float, bool]], formats: Formats) -> None:
    """Heads of columns with their widths in characters; numbers stand right."""
    sheet.set_row(row, HEAD_POINTS)
    for column, (name, width, is_right) in enumerate(names):
        sheet.set_column(column, column, width)
        sheet.write_string(row, column, name, formats.head(is_right))


def fit_row(sheet: Any, row: int, texts: Sequence[tuple[str, float]]) -> None:
    """Make a row as high as its longest text needs.

    Args:
        sheet: The sheet.
        row: Which row.
        texts: Each wrapped text with the width of its column in characters.
    """
    lines = max(math.ceil(max(1, len(words)) / (width * LETTERS_PER_WIDTH)) for words, width in texts)
    sheet.set_row(row, LINE_POINTS * lines + 2.0)


def page_setup(sheet: Any, head_row: int) -> None:
    """Print on landscape pages as wide as the table, the head on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row)
    sheet.freeze_panes(head_row + 1, 1)
