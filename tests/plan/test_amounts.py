"""Amounts as people type them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan.amounts import (
    AmountError,
    format_count,
    format_duration,
    format_number,
    parse_count,
    parse_duration,
    parse_number,
    parse_seconds,
)
from app.words import language, speaking
from app.words import text as written_words
from app.words.reading.amounts import LARGEST_COUNT
from tests.spoken import refused

COUNTS = [
    ("300B", 300 * 10**9, "= 300 × 10⁹"),
    ("300 B", 300 * 10**9, "= 300 × 10⁹"),
    ("300\u202fB", 300 * 10**9, "= 300 × 10⁹"),
    ("300\u00a0b tokens", 300 * 10**9, "= 300 × 10⁹"),
    ("300 billion tokens", 300 * 10**9, "= 300 × 10⁹"),
    ("+1.4e12", 14 * 10**11, "= 1.4 × 10¹²"),
    ("1,4 T", 14 * 10**11, "= 1.4 × 10¹²"),
    ("3*10^11", 3 * 10**11, "= 300 × 10⁹"),
    ("300 × 10⁹", 3 * 10**11, "= 300 × 10⁹"),
    ("10^12", 10**12, "= 1 × 10¹²"),
    ("300 000", 300_000, "= 300\u202f000"),
    ("300.000", 300_000, "= 300\u202f000"),
    ("1,400", 1_400, "= 1\u202f400"),
    ("1,234,567", 1_234_567, "≈ 1.23457 × 10⁶"),
    ("1.234,5 M", 1_234_500_000, "= 1.2345 × 10⁹"),
    ("1,234.5 M", 1_234_500_000, "= 1.2345 × 10⁹"),
    ("1'000'000", 10**6, "= 1 × 10⁶"),
    ("1_000", 1_000, "= 1\u202f000"),
    ("9.150 B", 9_150_000_000, "= 9.15 × 10⁹"),
]


@pytest.mark.parametrize(("text", "value", "echo"), COUNTS)
def test_that_counts_are_read_and_echoed(text: str, value: int, echo: str) -> None:
    amount = parse_count(text)
    assert (amount.value, written_words(amount.echo)) == (value, echo)


ENGLISH_WORDS = [
    ("1,5 million", 1_500_000), ("2 billion", 2 * 10**9), ("2 billions of tokens", 2 * 10**9),
    ("2 thousand billion", 2 * 10**12), ("1.5 trillion tokens", 15 * 10**11), ("300 thousand", 300_000),
    ("2 thousand million", 2 * 10**9),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), ENGLISH_WORDS)
def test_that_counts_are_understood_in_words(text: str, value: int) -> None:
    assert parse_count(text).value == value


def test_that_a_field_reads_the_language_that_is_spoken() -> None:
    with speaking(language("de")):
        assert parse_count("2 Billionen").value == 2 * 10**12
        assert parse_count("1,5 Mio.").value == 1_500_000
        assert parse_duration("3 Wochen").value == 21
        assert parse_number("36 Stunden", "hours").value == 36
        assert parse_seconds("12,3 s pro Schritt").value == 12.3
        assert format_number(2.5) == "2,5"
    with refused(AmountError, match='"Mio" is not understood in English. Write 1,5 M.'):
        parse_count("1,5 Mio.")


TWO_WAYS = [
    ("1,5 billion", '"billion" is 10⁹ in English and 10¹² in French and German. Write 1,5 B or 1,5 T.'),
    ("2 billions", '"billions" is 10⁹ in English and 10¹² in French and German. Write 2 B or 2 T.'),
    ("2 trillions", '"trillions" is 10¹² in English and 10¹⁸ in French and German. Write 2 T or 2e18.'),
    ("2 thousand billions", '"billions" is 10⁹ in English and 10¹² in French and German. Write 2 T or 2e15.'),
    ("1,500 billion", "1,500 can be read in two ways. Write 1500 or 1.500."),
]


@pytest.mark.parametrize(("text", "message"), TWO_WAYS)
def test_that_a_count_of_two_meanings_is_refused_with_both(text: str, message: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_count(text)
    assert written_words(caught.value.said) == message


SCALES = [
    (3, "k thousand Tausend Tsd. mille mila"),
    (6, "M Mio Mio. million Million Millionen millions millón millones milione milioni mln"),
    (9, "B bn Mrd Mrd. Milliarde Milliarden milliard milliards Mds miliardo miliardi mld Mia. millardos"),
    (12, "T Billionen Bio billón billones bilione bilioni"),
]
WORDS = [(power, word) for power, words in SCALES for word in words.split()]


@given(
    scale=st.sampled_from(WORDS),
    thousandths=st.integers(1, 999_999),
    mark=st.sampled_from(".,"),
    upper=st.booleans(),
    noun=st.sampled_from(["", " tokens", " Tokens", " de tokens", " di token"]),
)
def test_that_every_word_multiplies_as_written_or_says_that_it_has_two_readings(
    scale: tuple[int, str], thousandths: int, mark: str, upper: bool, noun: str
) -> None:
    """The value is exact, or the text is refused: never another power of ten."""
    power, word = scale
    whole, rest = divmod(thousandths, 1000)
    digits = f"{whole}{mark}{rest:03}".rstrip("0").rstrip(mark)
    text = f"{digits} {word.upper() if upper else word}{noun}"
    with contextlib.suppress(AmountError):
        assert parse_count(text).value == round(thousandths * 10**power / 1000)


BAD_COUNTS = [
    ("", "Not a number. Try 300 B or 3e11."),
    ("abc", "Not a number. Try 300 B or 3e11."),
    ("nan", "Not a number. Try 300 B or 3e11."),
    ("inf", "Not a number. Try 300 B or 3e11."),
    ("1 2", "Not a number. Try 300 B or 3e11."),
    ("1.2.3", "Not a number. Try 300 B or 3e11."),
    ("1..2", "Not a number. Try 300 B or 3e11."),
    ("0", "Must be more than 0. Try 300 B or 3e11."),
    ("-5 B", "Must be more than 0. Try 300 B or 3e11."),
    ("−5 B", "Must be more than 0. Try 300 B or 3e11."),
    ("2.5", "Must be a whole number of tokens. Try 300 B or 3e11."),
    ("1e400", "Too large or too small. Try 300 B or 3e11."),
    ("1e19", "More tokens than any data set holds. Try 300 B or 3e11."),
    ("1,400 B", "1,400 can be read in two ways. Write 1400 or 1.400."),
    ("1,5 00", "Not a number. Try 300 B or 3e11."),
    ("1.5 00 M", "Not a number. Try 300 B or 3e11."),
    ("300 GB", "300 GB is a size, not a count. Try a number of tokens, such as 300 B."),
    ("5 images", "This field counts tokens. Try 300 B or 3e11."),
    ("3 parsecs", '"parsecs" is not known after a number. Use k, M, B or T, as in 300 B.'),
    ("9" * 61, "Too long for an amount. Try a shorter number, such as 300 B or 3e11."),
]


@pytest.mark.parametrize(("text", "message"), BAD_COUNTS)
def test_that_what_is_no_count_is_refused_with_a_remedy(text: str, message: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_count(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["", "x", "0", "1.5", "5 images", "2 GB"])
@pytest.mark.parametrize("noun", ["gpus", "months", "samples", "sequences"])
def test_that_a_field_of_few_things_proposes_few(text: str, noun: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_count(text, noun)
    assert "300 B" not in str(caught.value)


def test_that_images_are_counted_as_images() -> None:
    assert parse_count("100 M images", "images").value == 100_000_000


DURATIONS = [
    ("2 weeks", 14, "= 14 days"),
    ("11 days", 11, "= 11 days"),
    ("14", 14, "= 14 days"),
    ("6 months", 182.625, "≈ 182.6 days"),
    ("36 h", 1.5, "= 1.5 days"),
    ("90 min", 0.0625, "= 1.5 hours"),
    ("1 week 3 days", 10, "= 10 days"),
    ("2 weeks and 3 days", 17, "= 17 days"),
    ("1d 12h", 1.5, "= 1.5 days"),
    ("1,5 d", 1.5, "= 1.5 days"),
    ("1 day", 1, "= 1 day"),
]


@pytest.mark.parametrize(("text", "days", "echo"), DURATIONS)
def test_that_durations_are_read_and_echoed(text: str, days: float, echo: str) -> None:
    amount = parse_duration(text)
    assert (amount.value, written_words(amount.echo)) == (days, echo)


@pytest.mark.parametrize(
    "text", ["", "x", "0 d", "-3 days", "3 parsecs", "2 weeks x", "1 d 1", "1,500 d", "1e6 d"]
)
def test_that_what_is_no_time_is_refused(text: str) -> None:
    with refused(AmountError, match=r"\.$"):
        parse_duration(text)


SECONDS = [
    ("12.3", 12.3, "= 12.3 s"),
    ("12,3 s", 12.3, "= 12.3 s"),
    ("850 ms", 0.85, "= 0.85 s"),
    ("2 min", 120, "= 120 s"),
    ("7 seconds a step", 7, "= 7 s"),
]


@pytest.mark.parametrize(("text", "seconds", "echo"), SECONDS)
def test_that_the_time_of_a_step_is_read_and_echoed(text: str, seconds: float, echo: str) -> None:
    amount = parse_seconds(text)
    assert (amount.value, written_words(amount.echo)) == (seconds, echo)
    assert parse_seconds(format_number(amount.value)).value == seconds


@pytest.mark.parametrize("text", ["", "x", "0 s", "-3", "3 days", "12 it/s", "2 min 3 s", "25e3 min"])
def test_that_what_is_no_time_of_a_step_is_refused(text: str) -> None:
    with refused(AmountError, match=r"Try 12\.3 or 850 ms\.$"):
        parse_seconds(text)


def test_that_formats_take_the_largest_whole_unit() -> None:
    assert format_count(300_000_000_000) == "300\u202fB"
    assert format_count(44_800) == "44\u202f800"
    assert format_count(1_234_567) == "1\u202f234\u202f567"
    assert [format_duration(days) for days in (14, 11, 42, 182.625, 365.25, 1.5, 1, 0.0625)] == [
        "2 weeks", "11 days", "6 weeks", "6 months", "1 year", "36 hours", "24 hours", "90 minutes",
    ]  # fmt: skip


@given(st.integers(1, LARGEST_COUNT) | st.integers(1, 9999).map(lambda n: n * 10**9))
def test_that_a_formatted_count_reads_back_as_itself(value: int) -> None:
    assert parse_count(format_count(value)).value == value


@given(st.floats(1e-4, 36_525) | st.integers(1, 36_525) | st.integers(1, 500).map(lambda n: n / 24))
def test_that_a_formatted_duration_reads_back_as_itself(days: float) -> None:
    assert parse_duration(format_duration(days)).value == days


@given(st.floats(1e-3, 1e6) | st.integers(1, 1000))
def test_that_a_formatted_number_reads_back_as_itself(value: float) -> None:
    assert parse_number(format_number(value)).value == value


@given(st.text(max_size=80) | st.from_regex(r"[0-9., ']{1,9} ?[kMBTGdhw]{0,2}", fullmatch=True))
def test_that_any_text_is_read_as_more_than_nothing_or_refused(text: str) -> None:
    for parse in (parse_count, parse_duration, parse_number, parse_seconds):
        with contextlib.suppress(AmountError):
            assert parse(text).value > 0
