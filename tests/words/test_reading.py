"""What people type is read in their language, or refused in a sentence that says what to type."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.plan.schema import FIRST_YEAR, LAST_YEAR
from app.words import language, write
from app.words.reading import (
    ReadingError,
    is_size,
    parse_amount,
    parse_bytes,
    parse_count,
    parse_day,
    parse_duration,
    parse_month,
    parse_number,
    parse_seconds,
    parse_share,
)
from app.words.reading import vocabulary as v
from estimators.words import Amount, Form

CODES = ("en", "de", "fr", "es", "it")
ENGLISH = language("en")
YEARS = (FIRST_YEAR, LAST_YEAR)


def refusal(read: Callable[[], object], code: str = "en") -> str:
    with pytest.raises(ReadingError) as caught:
        read()
    return write(caught.value.said, language(code))


UNDERSTOOD = [
    ("de", "2 Billionen", 2 * 10**12), ("de", "1,5 Mio.", 1_500_000), ("de", "1.5 Mrd", 1_500_000_000),
    ("de", "2 Milliarden Tokens", 2 * 10**9), ("de", "300 Mrd. Tokens", 3 * 10**11),
    ("de", "3 Bio.", 3 * 10**12), ("de", "250 Tsd.", 250_000), ("de", "12 Tausend", 12_000),
    ("de", "2 Billiarden", 2 * 10**15), ("de", "1.500 Mio", 1_500_000_000),
    ("de", "1.234 Mio. Tokens", 1_234_000_000), ("de", "9,150 Mrd.", 9_150_000_000),
    ("de", "5 Mia.", 5 * 10**9), ("de", "300.000", 300_000), ("de", "1.234,5 M", 1_234_500_000),
    ("de", "300 B", 3 * 10**11), ("de", "300 thousand", 300_000), ("de", "9,150 B", 9_150_000_000),
    ("fr", "2 milliards", 2 * 10**9), ("fr", "2 milliards de tokens", 2 * 10**9),
    ("fr", "1,5 million", 1_500_000), ("fr", "300 mille", 300_000), ("fr", "2 mille milliards", 2 * 10**12),
    ("fr", "5 Mds", 5 * 10**9), ("fr", "2 billions de jetons", 2 * 10**12), ("fr", "1 billiard", 10**15),
    ("fr", "15 000 milliards", 15 * 10**12), ("es", "300 mil millones", 3 * 10**11),
    ("es", "2 billones", 2 * 10**12), ("es", "1 billón", 10**12),
    ("es", "1,5 millones de tokens", 1_500_000), ("es", "2 mil billones", 2 * 10**15),
    ("es", "300 mil", 300_000), ("es", "300.000 millones", 3 * 10**11), ("es", "3 millardos", 3 * 10**9),
    ("it", "2 miliardi", 2 * 10**9), ("it", "2 bilioni", 2 * 10**12), ("it", "300 mila", 300_000),
    ("it", "300mila", 300_000), ("it", "1 milione di token", 10**6), ("it", "4 mila miliardi", 4 * 10**12),
    ("it", "15.000 miliardi di token", 15 * 10**12), ("it", "2 mld", 2 * 10**9), ("it", "7 mln", 7 * 10**6),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "value"), UNDERSTOOD)
def test_that_counts_are_read_in_their_language(code: str, text: str, value: int) -> None:
    assert parse_count(text, language(code)).value == value


REFUSED = [
    ("en", "2 Billionen", '"Billionen" is not understood in English. Write 2 T.'),
    ("en", "1,5 Mio.", '"Mio" is not understood in English. Write 1,5 M.'),
    ("en", "300 mil millones", '"mil" is not understood in English. Write 300 B.'),
    ("en", "4 mila miliardi", '"mila" is not understood in English. Write 4 T.'),
    ("en", "2 Billiarden", '"Billiarden" is not understood in English. Write 2e15.'),
    ("en", "15.000 miliardi", "15.000 can be read in two ways. Write 15000 or 15.000."),
    ("en", "5 Bilder", '"Bilder" is not understood in English. Try 300 B or 3e11.'),
    ("en", "2 milliards d’images", '"milliards" is not understood in English. Write 2 B.'),
    ("en", "300 Go", '"Go" is not understood in English. Try 300 B or 3e11.'),
    ("en", "2 billion de tokens", '"de" is not known after a number. Use k, M, B or T, as in 300 B.'),
    ("de", "2 milliards", '"milliards" is not understood in German. Write 2 B.'),
    ("de", "300 mil", '"mil" is a thousand in Spanish and often a million in English. Write 300 k or 300 M.'),
    ("de", "1 Billion", '"Billion" is 10⁹ in English and 10¹² in French and German. Write 1 B or 1 T.'),
    ("de", "2 thousand billion",
     '"billion" is 10⁹ in English and 10¹² in French and German. Write 2 T or 2e15.'),
    ("de", "1.234 B", "1.234 can be read in two ways. Write 1234 or 1,234."),
    ("de", "2 Billion Bilder", "This field counts tokens. Try 300 B oder 3e11."),
    ("fr", "2 billions", '"billions" is 10⁹ in English and 10¹² in French and German. Write 2 B or 2 T.'),
    ("fr", "5 Bn", '"Bn" is 10⁹ in English and 10¹² in French and German. Write 5 B or 5 T.'),
    ("fr", "1.500 milliards", "1.500 can be read in two ways. Write 1500 or 1,500."),
    ("es", "1,5 billion", '"billion" is 10⁹ in English and 10¹² in French and German. Write 1,5 B or 1,5 T.'),
    ("it", "3 Mio", '"Mio" is not understood in Italian. Write 3 M.'),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "sentence"), REFUSED)
def test_that_a_word_of_another_language_is_refused_with_what_to_type(
    code: str, text: str, sentence: str
) -> None:
    with pytest.raises(ReadingError) as caught:
        parse_count(text, language(code))
    assert write(caught.value.said, replace(language(code), code="en")) == sentence


def test_that_a_size_in_octets_is_french() -> None:
    french = language("fr")
    assert parse_bytes("300 Go", french).value == 300 * 10**9
    assert parse_bytes("1,5 To de texte", french).value == 15 * 10**11
    assert parse_bytes("2 Mio", french).value == 2 * 2**20
    assert parse_bytes("300 gigaoctets", french).value == 300 * 10**9
    assert '"Go" is not understood in English' in refusal(lambda: parse_bytes("300 Go", ENGLISH))
    assert is_size("300 Go", french)
    assert not is_size("300 Mrd.", language("de"))
    assert [parse_bytes("3 Terabyte", language(code)).value for code in CODES] == [3 * 10**12] * 5


TIMES = [
    ("de", "3 Wochen", 21), ("de", "2 Monate", 60.875), ("de", "1 Jahr", 365.25), ("de", "36 Std.", 1.5),
    ("de", "1 Woche und 3 Tage", 10), ("de", "1,5 Wochen", 10.5), ("de", "1.500 Tage", 1500),
    ("de", "2 weeks", 14), ("fr", "2 semaines", 14), ("fr", "11 jours", 11), ("fr", "6 mois", 182.625),
    ("fr", "1 année", 365.25), ("fr", "1 semaine et 2 jours", 9), ("fr", "3 j", 3), ("es", "10 días", 10),
    ("es", "2 años", 730.5), ("es", "1 semana y 1 día", 8), ("it", "3 settimane", 21), ("it", "24 ore", 1),
    ("it", "1 settimana e 3 giorni", 10),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "days"), TIMES)
def test_that_times_are_read_in_their_language(code: str, text: str, days: float) -> None:
    assert parse_duration(text, language(code)).value == days


def test_that_times_of_another_language_are_refused() -> None:
    assert refusal(lambda: parse_duration("2 Wochen", ENGLISH)) == (
        '"Wochen" is not understood in English. Try 2 weeks or 11 days.'
    )
    with pytest.raises(ReadingError):
        parse_duration("1 semaine et 3 jours", language("it"))
    with pytest.raises(ReadingError, match=r"1\.500 can be read in two ways"):
        parse_duration("1.500 weeks", language("de"))


def test_that_fields_take_their_own_noun_in_their_language() -> None:
    assert parse_number("36 Stunden", language("de"), "hours").value == 36
    assert parse_count("12 meses", language("es"), "months").value == 12
    assert parse_count("100 Mio Bilder", language("de"), "images").value == 100_000_000
    assert parse_number("3 Durchläufe", language("de")).value == 3
    assert parse_number("2 époques", language("fr")).value == 2
    assert parse_seconds("12,3 s pro Schritt", language("de")).value == 12.3
    assert parse_seconds("2 minutes par pas", language("fr")).value == 120
    assert [parse_share(text, language(code)).value for code, text in (
        ("de", "2 Prozent"), ("fr", "2 pour cent"), ("es", "2,5 por ciento"), ("it", "2 per cento"))
    ] == [0.02, 0.02, 0.025, 0.02]  # fmt: skip


@pytest.mark.parametrize("noun", ["", "gpus", "months", "samples", "sequences"])
@pytest.mark.parametrize("text", ["", "x", "0", "1.5", "5 images", "2 GB", "1e19"])
def test_that_a_field_of_few_things_proposes_few(text: str, noun: str) -> None:
    sentence = refusal(lambda: parse_count(text, ENGLISH, noun))
    assert noun == "" or "300 B" not in sentence
    assert "  " not in sentence
    assert " ." not in sentence


DAYS = [
    ("en", "1st of February 2027"), ("de", "1. Februar 2027"), ("de", "01.02.2027"), ("de", "1. Feb. 2027"),
    ("fr", "1er février 2027"), ("fr", "01/02/2027"), ("es", "1 de febrero de 2027"), ("es", "1/2/2027"),
    ("it", "1º febbraio 2027"), ("it", "1 feb 2027"), ("de", "1 February 2027"), ("fr", "2027-02-01"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), DAYS)
def test_that_days_are_read_in_their_language(code: str, text: str) -> None:
    reading = parse_day(text, language(code), YEARS)
    assert reading.day == datetime.date(2027, 2, 1)
    assert write(reading.echo, language(code)) == language(code).weekdays[0]


@pytest.mark.parametrize(
    ("code", "text", "sentence"),
    [
        ("en", "1. März 2027", '"März" is not understood in English'),
        ("en", "1 enero 2027", '"enero" is not understood in English'),
        ("de", "1/2/2027", "Not a day"),
        ("fr", "1. Dezember 2027", '"Dezember" is not understood in French'),
        ("fr", "30 février 2027", "Not a day"),
        ("it", "1 feb 1999", "Must lie in the years 2000 to 2100"),
    ],
)
def test_that_days_of_another_language_are_refused(code: str, text: str, sentence: str) -> None:
    with pytest.raises(ReadingError, match=sentence):
        parse_day(text, language(code), YEARS)


MONTHS = [
    ("en", "Feb 2027"), ("en", "2027-02"), ("en", "02/2027"), ("de", "Februar 2027"), ("de", "2.2027"),
    ("fr", "févr. 2027"), ("es", "febrero de 2027"), ("it", "febbraio 2027"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), MONTHS)
def test_that_months_are_read_in_their_language(code: str, text: str) -> None:
    reading = parse_month(text, language(code), YEARS)
    assert reading.day == datetime.date(2027, 2, 1)
    assert write(reading.echo, language(code)) == write(Amount(reading.day, form="month"), language(code))


@pytest.mark.parametrize("text", ["März 2027", "2027-13", "Feb", "Feb 1999", "13/2027", ""])
def test_that_what_is_no_month_is_refused(text: str) -> None:
    assert "Feb 2027" in refusal(lambda: parse_month(text, ENGLISH, YEARS))


# ---------------------------------------------------------------- what is written can be read

FIELDS: dict[Form, st.SearchStrategy[float]] = {
    "field_count": st.integers(1, 10**18) | st.integers(1, 9999).map(lambda k: k * 10**9),
    "field_bytes": st.integers(1, 10**18) | st.integers(1, 9999).map(lambda k: k * 10**12),
    "field_number": st.floats(1e-3, 1e6)
    | st.integers(1, 1000)
    | st.integers(1, 10**7).map(lambda k: k / 1000),
    "field_days": st.floats(1e-4, 36_525)
    | st.integers(1, 36_525)
    | st.integers(1, 500).map(lambda k: k / 24),
    "field_share": st.integers(0, 10_000).map(lambda k: k / 10_000),
}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("form", FIELDS)
@given(data=st.data())
def test_that_what_a_field_shows_reads_back_as_itself(form: Form, code: str, data: st.DataObject) -> None:
    value = data.draw(FIELDS[form])
    shown = write(Amount(value, form=form), language(code))
    assert parse_amount(shown, form, language(code)).value == pytest.approx(value, rel=1e-11, abs=0)
    if form != "field_share":
        assert parse_amount(shown, form, language(code)).value == value


@pytest.mark.parametrize("code", CODES)
@given(day=st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)))
@example(day=datetime.date(2027, 9, 1))
def test_that_a_shown_day_reads_back_as_itself(code: str, day: datetime.date) -> None:
    forms: tuple[Form, ...] = ("day", "long_day", "plain")
    for form in forms:
        assert parse_day(write(Amount(day, form=form), language(code)), language(code), YEARS).day == day
    month = write(Amount(day, form="month"), language(code))
    assert parse_month(month, language(code), YEARS).day == day.replace(day=1)


@given(
    text=st.text(max_size=80) | st.from_regex(r"[0-9., ']{1,9} ?[kMBTGdhw]{0,2}", fullmatch=True),
    code=st.sampled_from(CODES),
)
def test_that_any_text_is_read_as_more_than_nothing_or_refused(text: str, code: str) -> None:
    for parse in (parse_count, parse_bytes, parse_duration, parse_number, parse_seconds):
        with contextlib.suppress(ReadingError):
            assert parse(text, language(code)).value > 0
    for read in (parse_day, parse_month):
        with contextlib.suppress(ReadingError):
            assert read(text, language(code), YEARS).day.year >= FIRST_YEAR


@given(
    value=st.integers(1, 10**15),
    writer=st.sampled_from(CODES),
    reader=st.sampled_from(CODES),
    form=st.sampled_from(["field_count", "exact", "large"]),
)
def test_that_no_number_of_another_language_is_read_as_a_thousand_times_itself(
    value: int, writer: str, reader: str, form: Form
) -> None:
    """Refused, or read as what was meant, up to the digits that its form drops."""
    shown = write(Amount(value, form=form), language(writer))
    with contextlib.suppress(ReadingError):
        assert parse_count(shown, language(reader)).value == pytest.approx(value, rel=0.01, abs=1)


# ---------------------------------------------------------------- the tables


@pytest.mark.parametrize("code", CODES[1:])
def test_that_no_word_has_two_meanings_in_one_language(code: str) -> None:
    """English is understood beside the language: a word of both means the same, or is asked back."""
    ours, english = v.vocabulary(language(code)), v.vocabulary(ENGLISH)
    for mine, theirs in (
        (ours.scales, english.scales), (ours.nouns, english.nouns), (ours.units, english.units),
        (ours.months, english.months), (ours.sizes, english.sizes),
    ):  # fmt: skip
        assert {word for word in mine if word in theirs and mine[word] != theirs[word]} == set()
    assert not ours.own & {"billion", "billions", "trillion", "trillions", "of"}


def test_that_the_pseudo_language_reads_english() -> None:
    assert parse_count("1.5 million", language("pseudo")).value == 1_500_000
