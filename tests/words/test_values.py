"""Sentences as values: what they hold, what they refuse, and how they read in plain English."""

import datetime
import logging
from dataclasses import replace

import pytest

from estimators.words import (
    NOTHING,
    Amount,
    Listed,
    Name,
    Said,
    Span,
    SpokenError,
    Strong,
    plain,
    say,
    say_in,
    say_many,
    together,
)

FITS = say("Fits {mode}.", mode=Name("Fast Lane"))
VALUES = [
    FITS, Amount(3), Span(1.0, 2.0), Name("LUMI-G"), Strong(Name("LUMI-G"), "machine"), Listed((Name("a"),)),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_that_no_value_slips_into_a_text(value: Said) -> None:
    with pytest.raises(TypeError, match="has no language yet"):
        f"{value}"
    with pytest.raises(TypeError, match=r"app\.words\.write"):
        str(value)
    with pytest.raises(TypeError, match="has no language yet"):
        "%s" % value  # noqa: UP031 # the older way in
    with pytest.raises(TypeError, match=r"plain\(\)"):
        print(value)
    with pytest.raises(TypeError):
        ", ".join([value])  # type: ignore[list-item]


def test_that_a_refusal_names_the_sentence_that_slipped() -> None:
    with pytest.raises(TypeError, match="Fast Lane"):
        f"Access: {FITS}"


def test_that_values_are_equal_by_what_they_hold_and_can_be_kept() -> None:
    assert say("Fits {mode}.", mode=Name("Fast Lane")) == FITS
    assert hash(say("Fits {mode}.", mode=Name("Fast Lane"))) == hash(FITS)
    assert replace(FITS, context="a queue") != FITS
    assert dict(FITS.parts)["mode"] == Name("Fast Lane")
    assert "Fast Lane" in repr(FITS)


def test_that_a_count_chooses_its_text() -> None:
    def runs(count: float) -> str:
        return plain(say_many("{n} run", "{n} runs", count, n=Amount(count)))

    assert [runs(count) for count in (0, 1, 2, 1.5)] == ["0 runs", "1 run", "2 runs", "1.5 runs"]


def test_that_a_word_with_two_meanings_keeps_its_context() -> None:
    said = say_in("of a queue", "open")
    assert (said.context, said.text) == ("of a queue", "open")
    assert said != say("open")


def test_that_sentences_stand_behind_each_other_and_silence_is_left_out() -> None:
    assert together() is NOTHING
    assert together(NOTHING, FITS) is FITS
    assert plain(together(FITS, NOTHING, say("Apply today."))) == "Fits Fast Lane. Apply today."
    assert not NOTHING
    assert FITS
    assert together(FITS, FITS)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Amount(44_800), "44800"),
        (Amount(44_800.0), "44800"),
        (Amount(44_800.4), "44800.4"),
        (Amount(12, "h"), "12 h"),
        (Amount(0.8, form="percent"), "80 %"),
        (Amount(1, form="whole_percent"), "100 %"),
        (Amount(90_000.0, form="duration"), "90000 s"),
        (Amount(64 * 2**30, form="memory"), "68719476736 bytes"),
        (Amount(datetime.date(2026, 12, 7), form="day"), "2026-12-07"),
        (Amount(datetime.time(10), form="clock"), "10:00:00"),
        (Amount(float("nan")), "nan"),
        (Span(0.1, 0.15, form="percent"), "10 to 15 %"),
        (Span(28_123, 44_900), "28123 to 44900"),
        (Listed((Name("a"), Name("b"), Name("c"))), "a, b and c"),
        (Listed((Amount(3), Amount(6)), "or"), "3 or 6"),
        (Listed((Name("a"),)), "a"),
        (Listed(()), ""),
        (Strong(Name("LUMI-G"), "machine"), "LUMI-G"),
        (say("A set {{a}} of {n}.", n=Amount(2)), "A set {a} of 2."),
    ],
)
def test_that_plain_english_has_bare_digits(value: Said, words: str) -> None:
    assert plain(value) == words


def test_that_an_error_prints_and_keeps_its_sentence(caplog: pytest.LogCaptureFixture) -> None:
    error = SpokenError(say("Needs {n} GPUs.", n=Amount(1024)))
    assert str(error) == "Needs 1024 GPUs."
    assert error.said.text == "Needs {n} GPUs."
    logging.getLogger("words").error("%s", error)
    assert caplog.messages == ["Needs 1024 GPUs."]


def test_that_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="mode"):
        plain(say("Fits {mode}."))
