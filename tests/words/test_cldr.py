"""The records of the languages against CLDR, which comes with Babel; each difference has its reason here."""

from __future__ import annotations

import re

import pytest
from babel import Locale
from babel.units import format_unit

from app.words import Language, language, write
from app.words.languages import THIN_SPACE
from estimators.words import Amount, Listed, Name

CODES = ("en", "de", "fr", "es", "it")
DAYS_BEFORE_MONTHS = {"en": "en_GB"}
"""English as Europeans write it: 7 Dec 2026, and no comma before "and"."""
THOUSANDS_APART = {"en": THIN_SPACE}
"""A comma would be a decimal one to the four others, who read English too."""


def european(code: str) -> Locale:
    return Locale.parse(DAYS_BEFORE_MONTHS.get(code, code))


def patterned(pattern: str) -> str:
    """A pattern of CLDR in our terms."""
    names = {"d": "{day}", "M": "{month}", "y": "{year}"}
    return re.sub("'([^']*)'|d+|M+|y+", lambda found: found[1] or names[found[0][0]], pattern)


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def record(code: str) -> Language:
    return language(code)


def test_that_months_and_days_have_the_names_of_cldr(code: str, record: Language) -> None:
    months = Locale.parse(code).months["format"]
    assert record.months == tuple(months["wide"].values())
    assert record.short_months == tuple(months["abbreviated"].values())
    weekdays = Locale.parse(code).days["format"]["wide"]
    assert record.weekdays == tuple(weekdays[day] for day in range(7))


def test_that_numbers_have_the_signs_of_cldr(code: str, record: Language) -> None:
    symbols = Locale.parse(code).number_symbols["latn"]
    assert record.decimal == symbols["decimal"]
    assert record.group == THOUSANDS_APART.get(code, symbols["group"])


def test_that_spanish_keeps_four_digits_together() -> None:
    """CLDR has it as the least number of digits in a group, which Babel does not read."""
    shown = {code: write(Amount(4500, form="exact"), language(code)) for code in CODES}
    assert shown == {
        "en": f"4{THIN_SPACE}500",
        "de": "4.500",
        "fr": f"4{THIN_SPACE}500",
        "es": "4500",
        "it": "4.500",
    }
    assert write(Amount(45_000, form="exact"), language("es")) == "45.000"


def test_that_a_share_has_its_sign_where_cldr_puts_it(code: str, record: Language) -> None:
    """A no-break space of any width; English has none in CLDR, and the SI asks for one."""
    pattern = str(Locale.parse(code).percent_formats[None].pattern)
    assert pattern.endswith("%")
    gap = pattern.removesuffix("%").removeprefix("#,##0")
    assert bool(record.percent_gap) == (bool(gap) or code == "en")
    assert record.percent_gap in ("", THIN_SPACE)
    assert write(Amount(0.8, form="percent"), record) == f"80{record.percent_gap}%"


def test_that_lists_have_the_words_of_cldr(code: str, record: Language) -> None:
    items = tuple(Name(name) for name in ("LUMI", "Leonardo", "Deucalion"))
    for last, kind in (("and", "standard"), ("or", "or")):
        patterns = european(code).list_patterns[kind]
        for few in (items[:2], items):
            names = [item.text for item in few]
            expected = patterns["2"].format(*names)
            if len(names) == 3:
                expected = patterns["start"].format(names[0], patterns["end"].format(*names[1:]))
            assert write(Listed(few, last), record) == expected


def test_that_days_are_put_together_as_cldr_does(code: str, record: Language) -> None:
    locale = european(code)
    assert record.long_day == patterned(str(locale.date_formats["long"].pattern))
    assert record.day_month == patterned(str(locale.datetime_skeletons["MMMd"].pattern))
    assert record.month == patterned(str(locale.datetime_skeletons["yMMM"].pattern))
    if (
        code != "de"
    ):  # there the medium date is in figures, 07.12.2026; ours has its month as a word in every language
        assert record.day == patterned(str(locale.date_formats["medium"].pattern))
    clock = str(locale.time_formats["short"].pattern).replace("HH", "{hour:02}").replace("mm", "{minute:02}")
    assert record.clock == clock.replace("H", "{hour}")


def test_that_only_the_first_of_a_french_month_is_an_ordinal(record: Language, code: str) -> None:
    """CLDR writes "1 décembre"; a person does not."""
    assert record.first_of_month == ("1er" if code == "fr" else "")


def test_that_units_of_time_have_the_names_of_cldr(code: str, record: Language) -> None:
    for unit, (one, many) in record.units.items():
        name = "digital-byte" if unit == "bytes" else f"duration-{unit.removesuffix('s')}"
        assert format_unit(1, name, "long", locale=code).replace("\xa0", " ") == f"1 {one}"
        assert format_unit(5, name, "long", locale=code).replace("\xa0", " ") == f"5 {many}"


def test_that_large_numbers_have_names_that_cldr_knows(code: str, record: Language) -> None:
    """German in short, as before a noun; the others in words; English has the letters of the field."""
    if code == "en":
        return
    names = Locale.parse(code).compact_decimal_formats["short" if code == "de" else "long"]
    for size, one, many in record.large:
        few, several = (str(names[kind][str(int(size))].pattern) for kind in ("one", "other"))
        assert re.sub("[0\xa0 ']", "", few) == one
        assert re.sub("[0\xa0 ']", "", several) == many


def test_that_the_singular_goes_as_far_as_in_cldr(code: str, record: Language) -> None:
    rule = Locale.parse(code).plural_form
    day, days = record.units["days"]
    for number, shown in ((0, "0"), (1, "1"), (2, "2"), (5, "5"), (21, "21")):
        word = day if rule(number) == "one" else days
        assert write(Amount(number, "days", "exact"), record) == f"{shown}{THIN_SPACE}{word}"
