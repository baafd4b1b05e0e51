"""The pseudo-language shows what was never given to a translator, and which place is too small for German."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words import language, pieces, write
from estimators.words import NOTHING, Amount, Listed, Name, Span, Strong, Value, say, say_many, together
from tests.tools.pseudo import bare_words

PSEUDO = language("pseudo")
ANSWER = say(
    "About {hours} on {machine}.",
    hours=Strong(say_many("{n} GPU-hour", "{n} GPU-hours", 34_000, n=Amount(33_812)), "figure"),
    machine=Strong(Name("LUMI-G"), "machine"),
)


def letters(text: str) -> int:
    return sum(len(word) for word in re.findall(r"[^\W\d_]+", text))


@given(
    words=st.lists(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1), min_size=1)
)
def test_that_every_text_is_two_fifths_longer_in_brackets_and_with_accents(words: list[str]) -> None:
    english = " ".join(words)
    shown = write(say(english), PSEUDO)
    assert shown.startswith("[!")
    assert shown.endswith("!]")
    assert letters(shown) >= 1.4 * letters(english)
    assert len(shown.split()) == len(english.split())
    assert english not in shown or not set(english) & set("aeiou")


VALUES: list[Value] = [
    ANSWER,
    Amount(11 * 86_400.0, form="duration"),
    Amount(64, "GiB"),
    Span(1e9, 2e9, form="large"),
    Listed((Name("LUMI"), Name("Leonardo"))),
    together(say("Fits."), say("Apply today.")),
    Strong(say("Fits."), "bold"),
    say("{name} fits.", name=Name("EuroLLM-9B")),
]


@pytest.mark.parametrize("value", VALUES)
def test_that_all_words_of_a_value_stand_in_one_pair_of_brackets(value: Value) -> None:
    shown = write(value, PSEUDO)
    assert bare_words(shown) == ()
    assert (shown.count("[!"), shown.count("!]")) == (1, 1)
    assert "".join(text for text, _ in pieces(value, PSEUDO)) == shown


@pytest.mark.parametrize(
    "value", [Name("LUMI-G"), Strong(Name("LUMI-G"), "machine"), NOTHING, Amount(44_800)]
)
def test_that_names_and_numbers_stand_as_they_are(value: Value) -> None:
    assert write(value, PSEUDO) == write(value, language("en"))


def test_that_names_and_marks_survive_inside_the_brackets() -> None:
    shown = pieces(ANSWER, PSEUDO)
    assert ("LUMI-G", "machine") in shown
    assert next(text for text, mark in shown if mark == "figure").startswith("34\u202f000 ĜÞÛ")


def test_that_a_text_that_is_no_value_is_found() -> None:
    fits = write(say("Fits."), PSEUDO)
    assert bare_words(write("It fits.", PSEUDO)) == ("It", "fits")
    assert bare_words(f"{fits} on LUMI-G") == ("on", "LUMI", "G")
    assert bare_words(f"{fits} 44 800 % {fits}, LUMI-G", ["LUMI-G"]) == ()
    assert bare_words("LUMINOUS", ["LUMI"]) == ("LUMINOUS",)
    assert bare_words(f"EuroLLM-9B and {fits}", ["EuroLLM-9B", "EuroLLM"]) == ("and",)


def test_that_brackets_inside_each_other_and_cut_ones_are_understood() -> None:
    inner = write(say("fits"), PSEUDO)
    assert bare_words(f"[!ŵŕåþ {inner} ŵŕåþ!] outside") == ("outside",)
    assert bare_words("[!Ƒîţš öññ ţĥé…") == ()
    assert bare_words("tail!] outside") == ("tail", "outside")
