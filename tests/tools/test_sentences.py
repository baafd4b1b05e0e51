"""What the reader of the code's sentences finds, and what it lets pass."""

from __future__ import annotations

import ast

import pytest

from tests.tools.sentences import Sentence, faults, sentences, speaking_parts

HEAD = "from estimators.words import Amount, Name, Said, say, say_in, say_many, together\n"


def found(code: str, others: str = "") -> list[str]:
    trees = {"here": ast.parse(HEAD + code), "there": ast.parse(HEAD + others)}
    return [fault.partition(": ")[2] for fault in faults(trees["here"], "here", speaking_parts(trees))]


SOUND = [
    "say('Fits {mode}.', mode=Name(mode))",
    "say('In two '\n 'lines.')",
    "say_many('{n} run', '{n} runs', n, n=Amount(n))",
    "say_many('one run', '{n} runs', n, n=Amount(n))",
    "say_in('of a queue', 'open')",
    "say('A set {{a}}')",
    "f'{words.plain(said)}'",
    "def f(said: Said) -> str:\n return f'{said!r}'",
    "def f(name: str) -> str:\n return f'{name}'",
    "def f() -> None:\n said = say('a')\ndef g(said: str) -> str:\n return f'{said}'",
]


@pytest.mark.parametrize("code", SOUND)
def test_that_sound_code_passes(code: str) -> None:
    assert found(code) == []


UNSOUND = [
    ("say(text)", "say needs text as literals"),
    ("say(f'Fits {mode}.')", "say needs text as literals"),
    ("say('Fits ' + mode)", "say needs text as literals"),
    ("say()", "say needs text as literals"),
    ("say_many('{n} run', many, 3, n=n)", "say_many needs one and many as literals"),
    ("say_in(context, 'open')", "say_in needs context and text as literals"),
    ("say('Fits {mode}.', mode)", "say takes its values by name"),
    ("say('Fits {mode}.', **parts)", "say with ** hides which values it has"),
    ("say('Fits {mode}.')", "places and values of 'Fits {mode}.' differ: mode"),
    ("say('Fits.', mode=mode)", "places and values of 'Fits.' differ: mode"),
    ("say('{a}', b=b)", "places and values of '{a}' differ: a, b"),
    ("say('{n:.2f} h', n=n)", "places of '{n:.2f} h' need a bare name each"),
    ("say('{} h', n=n)", "places of '{} h' need a bare name each"),
    ("say('a { b')", "places of 'a { b' need a bare name each"),
    ("say('It fits, ')", "'It fits, ' begins or ends with a space, as halves of a sentence do"),
    ("say('')", "say says nothing"),
    ("from estimators.words import say as s", "say under another name is not found"),
]


@pytest.mark.parametrize(("code", "fault"), UNSOUND)
def test_that_a_sentence_that_no_translator_gets_is_found(code: str, fault: str) -> None:
    assert fault in found(code)


IN_TEXT = [
    "f'{say(\"a\")}'",
    "f'{together(a, b)}'",
    "f'{Amount(3)}'",
    "def f(said: Said) -> str:\n return f'So: {said}'",
    "def f(said: Said | None) -> str:\n return f'So: {said or 1}'",
    "def f(x: int) -> str:\n said = say('a')\n return f'So: {said}'",
    "def f(x: int) -> str:\n if (said := say('a')):\n  return f'So: {said}'",
    "def f(x: int) -> str:\n return f'{say(\"a\") if x else x}'",
    "def g() -> Said: ...\ndef f() -> str:\n return f'{g()}'",
    "def g() -> 'Said': ...\ndef f() -> str:\n a = g()\n return f'{a}'",
    "class A:\n title: Said\ndef f(a: A) -> str:\n return f'{a.title}'",
    "class A:\n @property\n def title(self) -> Said: ...\ndef f(a: A) -> str:\n return f'{a.title}'",
    "class A:\n def title(self) -> Said: ...\n def f(self) -> str:\n  return f'{self.title()}'",
    "from there import g\nf'{g()}'",
    "from there import g as h\nf'{h()}'",
    "import there as t\nf'{t.g()}'",
]


@pytest.mark.parametrize("code", IN_TEXT)
def test_that_a_sentence_in_an_f_string_is_found(code: str) -> None:
    assert [fault for fault in found(code, "def g() -> Said: ...") if fault.endswith("in an f-string")]


def test_that_an_attribute_that_is_a_text_elsewhere_is_not_called_a_sentence() -> None:
    code = "class A:\n title: Said\nclass B:\n title: str\ndef f(b: B) -> str:\n return f'{b.title}'"
    assert found(code) == []


def test_that_sentences_are_handed_to_translators() -> None:
    code = (
        "say('a ' 'b')\nsay_many('{n} run', '{n} runs', n, n=say('inside'))\nsay_in('queue', 'open')\nsay(x)"
    )
    assert set(sentences(ast.parse(code))) == {
        Sentence("a b"), Sentence("{n} run", "{n} runs"), Sentence("inside"),
        Sentence("open", context="queue"),
    }  # fmt: skip
