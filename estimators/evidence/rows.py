"""Rows of an evidence file: published measurements of training runs, one JSON object a line.

A prediction may read everything of a row but `measured.value` and `measured.also`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from estimators.reading import ReadingError, read_text
from estimators.words import Name, SpokenError, say

MOST_BYTES = 50_000_000
"""Of one evidence file: about thirty thousand rows."""


class EvidenceError(SpokenError, ValueError):
    """An evidence file cannot be used; the text is a sentence for the user."""


class Params(msgspec.Struct, frozen=True):
    """Published parameter counts."""

    total: float | None = None
    active: float | None = None


class Hardware(msgspec.Struct, frozen=True):
    """Devices of a measured run as published."""

    gpu: str | None = None
    gpu_as_published: str | None = None
    gpus: float | None = None
    gpus_per_node: float | None = None
    machine: str | None = None
    interconnect: str | None = None


class Measured(msgspec.Struct, frozen=True):
    """What was measured; `value` and `also` are for comparison only."""

    quantity: str
    unit: str | None = None
    value: float | None = None
    convention: str | None = None
    also: dict[str, Any] = {}


class RowHead(msgspec.Struct, frozen=True):
    """What makes a line an evidence row, whatever else it says."""

    id: str
    family: str


class Row(msgspec.Struct, frozen=True):
    """One published measurement.

    Attributes:
        fault: Why the row cannot be read, "" for a row that can.
    """

    id: str
    family: str
    measured: Measured
    hardware: Hardware = Hardware()
    params: Params = Params()
    architecture: dict[str, Any] = {}
    layout: dict[str, Any] = {}
    work: dict[str, Any] = {}
    group: str = ""
    model: str = ""
    model_key: str | None = None
    method: str | None = None
    precision: str | None = None
    precision_as_published: str | None = None
    software: str | None = None
    year: int | None = None
    quality: str = "C"
    source: str = ""
    notes: str | None = None
    fault: str = ""

    @property
    def producer(self) -> str:
        """The publication that a row comes from: its repository, paper or page."""
        return producer_of(self.source, self.software or "")

    def number(self, name: str) -> float | None:
        """A numeric entry of the layout, None where it is missing."""
        value = self.layout.get(name)
        if isinstance(value, str) and value.strip().isdigit():
            return float(value)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    @property
    def work_tokens(self) -> float:
        """Tokens of a whole run, NaN where they are not published."""
        value = self.work.get("total_tokens")
        return float(value) if isinstance(value, (int, float)) and value > 0 else float("nan")


def producer_of(source: str, software: str) -> str:
    """Names the publication behind a source string.

    Repositories count whole, whatever the file or revision; papers by arXiv number; compilations that
    quote several primary sources count by the software that they describe.
    """
    repository = re.search(r"github(?:\.com)?[ :/]+([\w.-]+/[\w.-]+)", source)
    if source.startswith("secondary"):
        return f"compilation: {software or 'unnamed software'}"
    if repository:
        return repository.group(1).split("@")[0].lower()
    paper = re.search(r"(\d{4}\.\d{4,5})", source)
    if paper:
        return f"arXiv:{paper.group(1)}"
    return source[:40].strip().lower() or "unknown"


def _without_nulls(value: dict[str, Any]) -> dict[str, Any]:
    """The object without its null fields, so that a missing field and a null one read alike."""
    return {
        key: _without_nulls(item) if isinstance(item, dict) else item
        for key, item in value.items()
        if item is not None
    }


def _row_of(published: dict[str, Any]) -> Row:
    """One row. A line with an id and a family whose other fields are odd becomes a row with that fault."""
    try:
        return msgspec.convert(_readable(published), type=Row, strict=False)
    except msgspec.ValidationError as error:
        head = msgspec.convert(published, type=RowHead, strict=False)
        return Row(id=head.id, family=head.family, measured=Measured(quantity="unknown"), fault=str(error))


def _readable(published: dict[str, Any]) -> dict[str, Any]:
    """The object without a measured value that is no number; a prediction never reads it."""
    measured = published.get("measured")
    if isinstance(measured, dict) and not isinstance(measured.get("value", 0), (int, float)):
        measured = {key: value for key, value in measured.items() if key != "value"}
        return published | {"measured": measured}
    return published


def read_rows(path: Path) -> tuple[Row, ...]:
    """Reads an evidence file.

    Raises:
        EvidenceError: The file cannot be read or a line is no evidence row; the sentence names the line.
    """
    try:
        text = read_text(path, MOST_BYTES, say("an evidence file"))
    except ReadingError as error:
        raise EvidenceError(say("{file}: {problem}", file=Name(str(path)), problem=error.said)) from None
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row_of(_without_nulls(msgspec.json.decode(line, type=dict[str, Any]))))
        except msgspec.MsgspecError as error:
            raise EvidenceError(
                say(
                    "{file}, line {line}: not an evidence row ({reason}).",
                    file=Name(str(path)),
                    line=Name(str(number)),
                    reason=Name(str(error)),
                )
            ) from error
    if not rows:
        raise EvidenceError(say("{file}: the file holds no evidence rows.", file=Name(str(path))))
    return tuple(rows)
