"""What the reader of numbers and sentences made by hand finds, and what it lets pass."""

from __future__ import annotations

import ast

import pytest

from tests.tools.written import own_numbers, taken_apart

NUMBERS = [
    "f'{hours:,}'",
    "f'{hours:,.0f}'",
    "f'{float(f\"{hours:.3g}\"):,.6g}'",
    "day.strftime('%b %Y')",
    "calendar.month_name[3]",
    "str(hours).replace('.', ',')",
    "shown.replace(',', SPACE)",
]


@pytest.mark.parametrize("code", NUMBERS)
def test_that_a_number_of_its_own_is_found(code: str) -> None:
    assert len(list(own_numbers(ast.parse(code), "here"))) >= 1


@pytest.mark.parametrize("code", ["f'{hours:.1f}'", "f'{a}, {b}'", "day.isoformat()", "a.replace('/', '-')"])
def test_that_numbers_for_files_pass(code: str) -> None:
    assert list(own_numbers(ast.parse(code), "here")) == []


APART = [
    "text(said).partition(',')",
    "words.text(said).split()",
    "re.match('Needs', text(said))",
    "re.split(PATTERN, write(said, language), maxsplit=1)",
    "text(said) == 'Fits.'",
    "'GiB' in text(said)",
    "text(title) in ('Memory', 'Time')",
    "def f(said):\n shown = text(said)\n return shown.startswith('Needs')",
    "def f(said):\n return (shown := text(said)) and re.sub('a', 'b', shown)",
]


@pytest.mark.parametrize("code", APART)
def test_that_a_sentence_that_is_taken_apart_is_found(code: str) -> None:
    assert len(list(taken_apart(ast.parse(code), "here"))) == 1


SOUND = [
    "text(said)[:1].upper() + text(said)[1:]",
    "said.text == ''",
    "text.partition(',')",
    "re.match('a', typed)",
    "text(said) == ''",
    "def f(said):\n shown = text(said)\ndef g(shown):\n return shown.split()",
]


@pytest.mark.parametrize("code", SOUND)
def test_that_what_reads_no_sentence_passes(code: str) -> None:
    assert list(taken_apart(ast.parse(code), "here")) == []
