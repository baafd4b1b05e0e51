"""The form sheet as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from app.dossier.sources import NO, YES
from app.words import text
from estimators.requests.results import FormValue
from estimators.words import say

HEADS = (
    say("Section"), say("Field"), say("Value to paste"), say("Unit"), say("Filled"), say("To do"),
    say("Source"), say("Confidence"),
)  # fmt: skip
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


def form_csv(form: tuple[FormValue, ...]) -> str:
    """One line for each field of the portal."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([text(head) for head in HEADS])
    for field in form:
        cells = (
            field.section, field.name, field.value, field.unit, text(YES if field.filled else NO), field.hint,
            field.source, field.confidence,
        )  # fmt: skip
        writer.writerow([guarded(text(cell)) for cell in cells])
    return out.getvalue()


def guarded(words: str) -> str:
    """The text with a mark before what a spreadsheet takes for a formula, and with one kind of line end."""
    start = words.lstrip(" \n\v\f\x00\ufeff")
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{words}" if start.startswith((*_DANGEROUS, *_FULL_WIDTH)) else words
