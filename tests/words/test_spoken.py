"""The language that is spoken here and now."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from app.words import language, speaking, spoken, text
from estimators.words import Amount, say

HOURS = say("{n} h", n=Amount(33_812.0, form="exact"))
RATIO = Amount(1.5, form="kept")


def test_that_english_is_spoken_where_nobody_chose() -> None:
    assert spoken().code == "en"
    assert text(RATIO) == "1.5"
    assert text("as it is") == "as it is"


def test_that_an_export_speaks_its_own_language_and_nobody_else_does() -> None:
    with speaking(language("de")):
        assert spoken().code == "de"
        assert text(RATIO) == "1,5"
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(text, RATIO).result() == "1.5"
            assert pool.submit(copy_context().run, text, RATIO).result() == "1,5"
        with speaking(language("en")):
            assert text(RATIO) == "1.5"
        assert text(RATIO) == "1,5"
    assert text(RATIO) == "1.5"


def test_that_a_language_is_left_when_an_export_fails() -> None:
    try:
        with speaking(language("fr")):
            raise ValueError
    except ValueError:
        pass
    assert spoken().code == "en"
    assert text(HOURS) == "33\u202f812 h"
