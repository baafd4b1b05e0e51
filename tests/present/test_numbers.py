"""Numbers read as the visual language writes them."""

import math

import pytest

from app.present import numbers as n

DAY = 86400.0
T = n.THIN_SPACE


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (33_812, f"33{T}800"),
        (11.0, "11.0"),
        (9.153, "9.15"),
        (999.6, f"1{T}000"),
        (0.0, "0"),
        (0.0712, "0.0712"),
    ],
)
def test_that_cards_show_three_digits(value: float, expected: str) -> None:
    assert n.sig3(value) == expected


def test_that_sentences_show_two_digits() -> None:
    assert n.sig2(33_812) == f"34{T}000"
    assert n.span(28_123, 44_900) == f"28{T}000 to 45{T}000"


def test_that_exact_numbers_keep_every_digit() -> None:
    assert n.exact(44_800) == f"44{T}800"
    assert n.exact(-44_800.2) == f"{n.MINUS}44{T}800"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (20.0, "under 1 minute"),
        (60.0, "1 minute"),
        (119 * 60, "120 minutes"),
        (31 * 3600, "31 hours"),
        (11.02 * DAY, "11 days"),
        (7.0 * DAY, "7 days"),
        (8.9 * DAY, "8.9 days"),
        (425 * DAY, "14 months"),
        (3.1 * 365.25 * DAY, "3.1 years"),
        (3.0 * 365.25 * DAY, "3.0 years"),
    ],
)
def test_that_times_use_the_unit_people_say(seconds: float, expected: str) -> None:
    assert n.duration(seconds) == expected


def test_that_a_card_keeps_zeros_after_the_point() -> None:
    assert n.duration_parts(11.0 * DAY) == ("11.0", "days")


def test_that_a_time_span_shares_its_unit() -> None:
    assert n.duration_span(9 * DAY, 15 * DAY) == "9 to 15 days"
    assert n.duration_span(50 * DAY, 80 * DAY) == "1.6 to 2.6 months"


def test_that_parameters_and_tokens_use_letters() -> None:
    assert n.large(300e9) == f"300{T}B"
    assert n.large(9.15e9) == f"9.15{T}B"
    assert n.large(1e12) == f"1{T}T"
    assert n.large(999) == "999"


def test_that_the_echo_reads_the_number_back() -> None:
    assert n.power_of_ten(300e9) == "300 × 10⁹"
    assert n.power_of_ten(1.5e12) == "1.5 × 10¹²"


def test_that_memory_reads_used_of_limit() -> None:
    assert n.memory_of(51 * 2**30, 63 * 2**30) == "51 of 63"


def test_that_nothing_known_is_a_dash() -> None:
    assert n.sig3(math.nan) == n.EMPTY
    assert n.duration(math.inf) == n.EMPTY
