"""English is read as the product reads it today, with the same echo or the same refusal.

The test goes with the readers of `app/plan`, when the fields of the window ask these.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan import amounts as today
from app.plan import project_amounts
from app.plan.schema import FIRST_YEAR, LAST_YEAR
from app.words import language, write
from app.words.reading import (
    Reading,
    ReadingError,
    parse_bytes,
    parse_count,
    parse_day,
    parse_duration,
    parse_number,
    parse_seconds,
    parse_share,
)

ENGLISH = language("en")
YEARS = (FIRST_YEAR, LAST_YEAR)

COUNTS = [
    "300B", "300 B", "300\u202fB", "300\u00a0b tokens", "300 billion tokens", "+1.4e12", "1,4 T", "3*10^11",
    "300 × 10⁹", "10^12", "300 000", "300.000", "1,400", "1,234,567", "1.234,5 M", "1,234.5 M", "1'000'000",
    "1_000", "9.150 B", "1 Billion", "1,5 million", "7 mln", "2 billion", "2 billions of tokens",
    "1.5 trillion tokens", "300 thousand", "2 thousand million", "2 thousand billion", "", "abc", "nan",
    "inf", "1 2", "1.2.3", "1..2", "0", "-5 B", "−5 B", "2.5", "1e400", "1e19", "1,400 B", "300 GB",
    "5 images", "3 parsecs", "9" * 61, "1,5 billion", "2 billions", "2 trillions", "300 mil", "1,500 billion",
    "5 tokens each",
]  # fmt: skip


@pytest.mark.parametrize("text", COUNTS)
def test_that_english_counts_are_read_as_today(text: str) -> None:
    assert outcome(lambda: parse_count(text, ENGLISH)) == outcome_today(lambda: today.parse_count(text))


OTHERS: list[tuple[Callable[[str], Reading], Callable[[str], today.Amount], list[str]]] = [
    (lambda text: parse_duration(text, ENGLISH), today.parse_duration,
     ["2 weeks", "11 days", "14", "6 months", "36 h", "90 min", "1 week 3 days", "2 weeks and 3 days",
      "1d 12h", "1,5 d", "1 day", "", "x", "0 d", "-3 days", "3 parsecs", "2 weeks x", "1 d 1", "1,500 d",
      "1e6 d"]),
    (lambda text: parse_bytes(text, ENGLISH), today.parse_bytes,
     ["300 GB", "1.2 TiB", "5 gigabytes", "300 GB of text", "3 bytes", "300", "", "0 GB", "5 GB of images"]),
    (lambda text: parse_seconds(text, ENGLISH), today.parse_seconds,
     ["12.3", "12,3 s", "850 ms", "2 min", "7 seconds a step", "", "x", "0 s", "-3", "3 days", "12 it/s",
      "2 min 3 s", "25e3 min"]),
    (lambda text: parse_number(text, ENGLISH), today.parse_number,
     ["1", "2.5", "2,5 passes", "3 epochs", "", "0", "1e19", "5 images", "2 passes more"]),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "texts"), OTHERS, ids=["times", "sizes", "steps", "numbers"])
def test_that_other_english_amounts_are_read_as_today(
    ours: Callable[[str], Reading], theirs: Callable[[str], today.Amount], texts: list[str]
) -> None:
    for text in texts:
        assert outcome(lambda text=text: ours(text)) == outcome_today(lambda text=text: theirs(text)), text


@pytest.mark.parametrize("text", ["2 %", "0.02", "1/50", "100 %", "1", "0,5 %", "0", "2 per cent", "", "many",
                                  "120 %", "3/2", "1/0", "-1"])  # fmt: skip
def test_that_english_parts_are_read_as_today(text: str) -> None:
    assert outcome(lambda: parse_share(text, ENGLISH)) == outcome_today(
        lambda: project_amounts.parse_share(text)
    )


@pytest.mark.parametrize("text", ["2027-02-01", "1 Feb 2027", "1. February 2027", "1 feb, 2027",
                                  "01.02.2027", "1st of February 2027", "", "2027-13-01", "30 Feb 2027",
                                  "tomorrow", "1/2/2027", "1 Feb 1999"])  # fmt: skip
def test_that_english_days_are_read_as_today(text: str) -> None:
    found: object
    try:
        reading = parse_day(text, ENGLISH, YEARS)
        found = (reading.day, write(reading.echo, ENGLISH))
    except ReadingError as error:
        found = write(error.said, ENGLISH)
    assert found == outcome_today(lambda: project_amounts.parse_date(text))


def outcome(read: Callable[[], Reading]) -> object:
    try:
        reading = read()
    except ReadingError as error:
        return write(error.said, ENGLISH)
    return reading.value, write(reading.echo, ENGLISH)


def outcome_today(read: Callable[[], today.Amount | project_amounts.Reading]) -> object:
    try:
        reading = read()
    except today.AmountError as error:
        return str(error).replace("gpus", "GPUs")
    return reading.value, reading.echo


@given(
    digits=st.from_regex(r"[1-9][0-9]{0,3}([.,][0-9]{1,4})?", fullmatch=True),
    word=st.sampled_from(
        ["", "k", "M", "B", "T", "thousand", "million", "billion", "trillion", "tokens", "M tokens"]
    ),
)
def test_that_english_numbers_are_read_as_today(digits: str, word: str) -> None:
    text = f"{digits} {word}"
    assert outcome(lambda: parse_count(text, ENGLISH)) == outcome_today(lambda: today.parse_count(text))
