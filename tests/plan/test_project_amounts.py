"""What people type for parts, days and quantiles is read, or refused with what to type instead."""

import datetime

import pytest

from app.plan import project_amounts as p
from app.plan.amounts import AmountError
from tests.spoken import refused


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("2 %", 0.02),
        ("0.02", 0.02),
        ("1/50", 0.02),
        ("100 %", 1),
        ("1", 1),
        ("0,5 %", 0.005),
        ("0", 0),
    ],
)
def test_that_parts_are_read(text: str, share: float) -> None:
    assert p.parse_share(text).value == share


@pytest.mark.parametrize("share", [0.002, 0.05, 1 / 3, 1, 0.1, 0.00012345, 0])
def test_that_a_shown_part_reads_back_the_same(share: float) -> None:
    assert p.parse_share(p.format_share(share)).value == pytest.approx(share, rel=1e-11)


@pytest.mark.parametrize("text", ["", "many", "120 %", "3/2", "1/0", "-1"])
def test_that_other_texts_are_no_parts(text: str) -> None:
    with refused(AmountError, match="Try"):
        p.parse_share(text)


@pytest.mark.parametrize(
    "text",
    ["2027-02-01", "1 Feb 2027", "1. February 2027", "1 feb, 2027",
     "1st of February 2027"],
)  # fmt: skip
def test_that_days_are_read(text: str) -> None:
    assert p.parse_date(text).value == datetime.date(2027, 2, 1)


def test_that_a_shown_day_reads_back_the_same() -> None:
    day = datetime.date(2026, 12, 31)
    assert p.parse_date(p.format_date(day)).value == day


@pytest.mark.parametrize("text", ["", "2027-13-01", "30 Feb 2027", "tomorrow", "1/2/2027"])
def test_that_other_texts_are_no_days(text: str) -> None:
    with refused(AmountError, match="Try"):
        p.parse_date(text)


@pytest.mark.parametrize("text", ["P80", "80", "80 %", "p80"])
def test_that_quantiles_are_read(text: str) -> None:
    assert p.parse_percentile(text).value == 80


@pytest.mark.parametrize("text", ["", "P5", "99", "80.5", "half"])
def test_that_other_texts_are_no_quantiles(text: str) -> None:
    with refused(AmountError, match="P10 to P95"):
        p.parse_percentile(text)


def test_that_names_and_countries_are_read() -> None:
    assert p.parse_name("  Main   run ").value == "Main run"
    assert p.parse_country(" fi ").value == "FI"
    for text in ("", " ", "x" * 121):
        with pytest.raises(AmountError):
            p.parse_name(text)
    for text in ("", "Finland", "F1"):
        with pytest.raises(AmountError):
            p.parse_country(text)
