"""Sentences and their values in five languages."""

from __future__ import annotations

import datetime

import pytest

from app.words import UnknownLanguageError, language, pieces, write
from app.words.amounts import parts_of, write_amount, write_span
from estimators.words import (
    NOTHING,
    Amount,
    Cased,
    Form,
    Heading,
    Listed,
    Name,
    Span,
    Strong,
    Value,
    say,
    say_many,
    together,
)

DAY = 86_400.0
CODES = ("en", "de", "fr", "es", "it")
T = "\u202f"


def in_all(value: Value) -> list[str]:
    return [write(value, language(code)) for code in CODES]


AMOUNTS: list[tuple[Value, list[str]]] = [
    (Amount(44_812.0, form="exact"), [f"44{T}812", "44.812", f"44{T}812", "44.812", "44.812"]),
    (Amount(1234.5, form="fixed", digits=2),
     [f"1{T}234.50", "1.234,50", f"1{T}234,50", "1234,50", "1.234,50"]),
    (Amount(8.93), ["8.9", "8,9", "8,9", "8,9", "8,9"]),
    (Amount(0.155, form="percent"), [f"16{T}%", f"16{T}%", f"16{T}%", f"16{T}%", "16%"]),
    (Amount(9.15e9, form="large"),
     [f"9.15{T}B", f"9,15{T}Mrd.", f"9,15{T}milliards", f"9150{T}millones", f"9,15{T}miliardi"]),
    (Amount(1e6, form="large"), [f"1{T}M", f"1{T}Mio.", f"1{T}million", f"1{T}millón", f"1{T}milione"]),
    (Amount(1.5e13, form="large"),
     [f"15{T}T", f"15{T}Bio.", f"15{T}000{T}milliards", f"15{T}billones", f"15.000{T}miliardi"]),
    (Amount(1.9e12, form="bytes"), [f"1.9{T}TB", f"1,9{T}TB", f"1,9{T}To", f"1,9{T}TB", f"1,9{T}TB"]),
    (Amount(64, "GiB", "exact"), [f"64{T}GiB", f"64{T}GiB", f"64{T}Gio", f"64{T}GiB", f"64{T}GiB"]),
    (Amount(300, "GB/s", "exact"),
     [f"300{T}GB/s", f"300{T}GB/s", f"300{T}Go/s", f"300{T}GB/s", f"300{T}GB/s"]),
    (Amount(12.5, "%"), [f"12{T}%", f"12{T}%", f"12{T}%", f"12{T}%", "12%"]),
    (Amount(11 * DAY, form="duration"), ["11 days", "11 Tage", "11 jours", "11 días", "11 giorni"]),
    (Amount(90.0, form="duration"),
     ["1.5 minutes", "1,5 Minuten", "1,5 minute", "1,5 minutos", "1,5 minuti"]),
    (Amount(9.0, form="duration"),
     ["under 1 minute", "unter 1 Minute", "moins de 1 minute", "menos de 1 minuto", "meno di 1 minuto"]),
    (Amount(14, form="field_days"), ["2 weeks", "2 Wochen", "2 semaines", "2 semanas", "2 settimane"]),
    (Amount(3e11, form="field_count"),
     [f"300{T}B", f"300{T}Mrd.", f"300{T}milliards", f"300.000{T}millones", f"300{T}miliardi"]),
    (Amount(7, form="word"), ["seven", "sieben", "sept", "siete", "sette"]),
    (Amount(5.3e11, form="power"), ["530 × 10⁹"] * 5),
    (Amount(-0.25, form="three"), ["−0.250", "−0,250", "−0,250", "−0,250", "−0,250"]),
    (Amount(33_812.4, form="plain"), ["33812.4"] * 5),
    (Amount(float("nan"), "h"), [f"–{T}h"] * 5),
    (Span(28_123, 44_900),
     [f"28{T}000 to 45{T}000", "28.000 bis 45.000", f"28{T}000 à 45{T}000", "28.000 a 45.000",
      "28.000–45.000"]),
    (Span(9 * DAY, 15 * DAY, form="duration"),
     ["9 to 15 days", "9 bis 15 Tage", "9 à 15 jours", "9 a 15 días", "9–15 giorni"]),
    (Span(0.5e9, 2e9, form="large"),
     [f"500{T}M to 2{T}B", f"500{T}Mio. bis 2{T}Mrd.", f"500{T}millions à 2{T}milliards",
      f"500 a 2000{T}millones", f"500{T}milioni–2{T}miliardi"]),
    (Span(1e6, 2e6, form="large"),
     [f"1 to 2{T}M", f"1 bis 2{T}Mio.", f"1 à 2{T}millions", f"1 a 2{T}millones", f"1–2{T}milioni"]),
    (Span(9, 15, "%"), [f"9 to 15{T}%", f"9 bis 15{T}%", f"9 à 15{T}%", f"9 a 15{T}%", "9–15%"]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "written"), AMOUNTS)
def test_that_amounts_are_written_in_five_languages(value: Value, written: list[str]) -> None:
    assert in_all(value) == written


DAYS: list[tuple[Form, list[str]]] = [
    ("day", ["1 Feb 2027", "1. Feb. 2027", "1er févr. 2027", "1 feb 2027", "1 feb 2027"]),
    ("long_day",
     ["1 February 2027", "1. Februar 2027", "1er février 2027", "1 de febrero de 2027", "1 febbraio 2027"]),
    ("day_month", ["1 Feb", "1. Feb.", "1er févr.", "1 feb", "1 feb"]),
    ("month", ["Feb 2027", "Feb. 2027", "févr. 2027", "feb 2027", "feb 2027"]),
    ("weekday", ["Monday", "Montag", "lundi", "lunes", "lunedì"]),
    ("clock", ["09:05", "09:05", "09:05", "9:05", "09:05"]),
    ("stamp", ["01 Feb 2027, 09:05:30", "01. Feb. 2027, 09:05:30", "01 févr. 2027, 09:05:30",
               "01 feb 2027, 9:05:30", "01 feb 2027, 09:05:30"]),
    ("plain", ["2027-02-01T09:05:30"] * 5),
]  # fmt: skip


@pytest.mark.parametrize(("form", "written"), DAYS)
def test_that_days_are_written_in_five_languages(form: Form, written: list[str]) -> None:
    assert in_all(Amount(datetime.datetime(2027, 2, 1, 9, 5, 30), form=form)) == written


@pytest.mark.parametrize(
    ("names", "last", "written"),
    [
        (["LUMI", "Leonardo", "Irene"], "and", "LUMI, Leonardo e Irene"),
        (["LUMI", "hierro"], "and", "LUMI y hierro"),
        (["LUMI", "Hipatia"], "and", "LUMI e Hipatia"),
        (["LUMI", "Deucalion"], "and", "LUMI y Deucalion"),
        (["Vega", "Olivia"], "or", "Vega u Olivia"),
        (["7", "8"], "or", "7 u 8"),
        (["10", "11"], "or", "10 u 11"),
        (["6", "110"], "or", "6 o 110"),
    ],
)
def test_that_spanish_lists_read_well_aloud(names: list[str], last: str, written: str) -> None:
    items = Listed(tuple(Name(name) for name in names), "or" if last == "or" else "and")
    assert write(items, language("es")) == written


def test_that_a_number_and_its_unit_can_stand_apart() -> None:
    apart = parts_of(Amount(11 * DAY, form="duration"), language("de"))
    assert (apart.number, apart.unit) == ("11", "Tage")
    assert parts_of(Amount(3, "kWh"), language("fr")).unit == "kWh"


def test_that_a_translation_may_ask_for_a_case_of_a_word() -> None:
    """ "In 11 Tagen", "nach 2 Jahren": the sentence knows its case, the writer the word."""
    german = language("de")
    endings = {
        11 * DAY: "11 Tagen", 14 * 30 * DAY: "14 Monaten", 1096 * DAY: "3,0 Jahren", 9000.0: "2,5 Stunden",
        60.0: "1 Minute",
    }  # fmt: skip
    for seconds, written in endings.items():
        assert write_amount(Amount(seconds, form="duration"), german, "dative") == written
    assert write_amount(Amount(3, "days"), german, "dative") == f"3{T}Tagen"
    assert write_span(Span(9 * DAY, 15 * DAY, form="duration"), german, "dative") == "9 bis 15 Tagen"
    assert write_amount(Amount(11 * DAY, form="duration"), language("fr"), "dative") == "11 jours"


@pytest.mark.parametrize(
    ("code", "link", "value", "written"),
    [
        ("fr", "de", 3e11, f"300{T}milliards de"),
        ("fr", "de", 44_800, f"44{T}800"),
        ("fr", "d’", 3e11, f"300{T}milliards d’"),
        ("fr", "d’", 44_800, f"44{T}800 "),
        ("es", "de", 1e6, f"1{T}millón de"),
        ("it", "di", 2e9, f"2{T}miliardi di"),
        ("it", "di", 900, "900"),
        ("de", "de", 2e9, f"2{T}Mrd."),
    ],
)
def test_that_a_translation_may_ask_for_the_word_that_a_large_number_needs(
    code: str, link: str, value: float, written: str
) -> None:
    assert write_amount(Amount(value, form="large"), language(code), link) == written


ANSWER = say(
    "About {hours} on {machine}: {time}.",
    hours=Strong(say_many("{n} GPU-hour", "{n} GPU-hours", 34_000, n=Amount(33_812)), "figure"),
    machine=Strong(Name("LUMI-G"), "machine"),
    time=Amount(11 * DAY, form="duration"),
)


def test_that_what_stands_out_is_told_apart() -> None:
    assert pieces(ANSWER, language("en")) == (
        ("About ", None),
        (f"34{T}000 GPU-hours", "figure"),
        (" on ", None),
        ("LUMI-G", "machine"),
        (": 11 days.", None),
    )
    assert "".join(text for text, _ in pieces(ANSWER, language("en"))) == write(ANSWER, language("en"))


def test_that_the_inner_mark_of_two_wins() -> None:
    inside = say("{a} alone", a=Strong(Name("LUMI"), "machine"))
    found = pieces(Strong(inside, "bold"), language("en"))
    assert found == (("LUMI", "machine"), (" alone", "bold"))


def test_that_an_abbreviation_at_the_end_brings_the_full_stop() -> None:
    said = say("At most {most}.", most=Amount(3e11, form="large"))
    assert write(said, language("de")).endswith(f"300{T}Mrd.")
    assert write(said, language("en")) == f"At most 300{T}B."
    assert not write(say("{n}, {n}.", n=Amount(3e11, form="large")), language("de")).endswith("..")


def test_that_sentences_are_written_behind_each_other() -> None:
    both = together(say("Fits."), NOTHING, say("Apply today."))
    assert write(both, language("en")) == "Fits. Apply today."
    assert write(NOTHING, language("en")) == ""
    assert pieces(NOTHING, language("en")) == ()


def test_that_a_text_passes_as_long_as_rooms_build_their_own() -> None:
    assert write("as it was", language("de")) == "as it was"


def test_that_a_name_with_braces_is_no_place() -> None:
    assert write(say("File {name}", name=Name("{x}.json")), language("en")) == "File {x}.json"
    assert write(say("A set {{a}}"), language("en")) == "A set {a}"


def test_that_a_language_is_found_by_its_code() -> None:
    assert [language(code).name for code in CODES] == [
        "English",
        "Deutsch",
        "Français",
        "Español",
        "Italiano",
    ]
    assert language("de") is language("de")
    with pytest.raises(UnknownLanguageError, match='There is no language "nl"'):
        language("nl")


def test_that_a_first_letter_follows_its_place_and_german_nouns_keep_theirs() -> None:
    inside = say("On {machine}: {why}", machine=Name("Leonardo"), why=Cased(say("Fits Fast Lane."), "small"))
    assert write(inside, language("en")) == "On Leonardo: fits Fast Lane."
    assert write(Cased(Name("Meilenstein"), "small"), language("de")) == "Meilenstein"
    assert write(Cased(say("fits exactly"), "capital"), language("en")) == "Fits exactly"


def test_that_a_heading_has_no_full_stop() -> None:
    assert write(Heading(say("The rate is not known.")), language("en")) == "The rate is not known"
    assert write(Heading(say("Storage")), language("en")) == "Storage"


def test_that_a_list_without_a_last_word_is_parted_by_its_sign() -> None:
    names = tuple(Name(name) for name in ("a", "b", "c"))
    assert write(Listed(names, "", "; "), language("fr")) == "a; b; c"
    assert write(Listed(names, ""), language("en")) == "a, b, c"
    assert write(Listed((), ""), language("en")) == ""
