"""The form sheet as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from estimators.requests.results import FormValue

HEADS = ("Section", "Field", "Value to paste", "Unit", "Filled", "To do", "Source", "Confidence")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


def form_csv(form: tuple[FormValue, ...]) -> str:
    """One line for each field of the portal."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for field in form:
        cells = (
            field.section, field.name, field.value, field.unit, "yes" if field.filled else "no", field.hint,
            field.source, field.confidence,
        )  # fmt: skip
        writer.writerow([guarded(cell) for cell in cells])
    return out.getvalue()


def guarded(text: str) -> str:
    """The text with a mark before what a spreadsheet takes for a formula, and with one kind of line end."""
    start = text.lstrip(" \n\v\f\x00\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if start.startswith((*_DANGEROUS, *_FULL_WIDTH)) else text
