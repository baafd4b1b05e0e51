"""The glossary: what the terms of the field are called in five languages, agreed before sentences follow."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "resources" / "translations" / "glossary.csv"
LANGUAGES = ("en", "de", "fr", "es", "it")
TERMS = 120
ADDRESS = re.compile(r"(?:(?:en|de|fr|es|it) https?://\S+)(?: (?:en|de|fr|es|it) https?://\S+)*")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_that_every_term_is_there_in_every_language_with_a_note_and_a_source(
    rows: list[dict[str, str]],
) -> None:
    assert len(rows) == TERMS
    for row in rows:
        assert tuple(row) == (*LANGUAGES, "note", "source")
        assert all(cell and cell == cell.strip() for cell in row.values()), row["en"]
        assert row["note"].endswith("."), row["en"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_that_no_term_stands_for_two(code: str, rows: list[dict[str, str]]) -> None:
    """A reader who finds one word for two things cannot tell them apart."""
    counts = Counter(row[code].casefold() for row in rows)
    assert [term for term, count in counts.items() if count > 1] == []


def test_that_a_source_is_an_address_for_a_language_or_usage(rows: list[dict[str, str]]) -> None:
    sources = [row["source"] for row in rows]
    assert [source for source in sources if source != "usage" and not ADDRESS.fullmatch(source)] == []
    assert sources.count("usage") < len(sources)


def test_that_the_terms_of_the_field_are_among_them(rows: list[dict[str, str]]) -> None:
    terms = {row["en"]: row for row in rows}
    assert terms["node-hour"]["de"] == "Knotenstunde"
    assert {"GPU-hour", "milestone", "contingency", "micro-batch", "cut-off", "checkpoint"} <= set(terms)


def test_that_apostrophes_are_those_of_the_translations(rows: list[dict[str, str]]) -> None:
    assert [row["en"] for row in rows for code in ("fr", "it") if "'" in row[code]] == []
