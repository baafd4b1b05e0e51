"""In the pseudo-language nothing stands outside of brackets but names, facts and what is still to come."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.words import language, speaking
from tests.recorded.texts import EXAMPLES, SUFFIX, texts
from tests.words.quoted import bare, quoted

COMMANDS = ("compare", "check", "scaling", "usage")
TO_COME = {
    "estimate": "names and formulas of the explanation: one ledger will say them",
    "jobs": "job scripts and their README",
    "report": "formulas and fact names of the annex, the workbook",
}
"""Answers of commands that hold words of rooms that build their own text yet."""
RULE = re.compile(r"\[[a-z-]+\]$")
UNITS = re.compile(r"\b(?:node-h|core-h|GPU-h|GCD)\b")
"""Ids of rules behind a finding, and units of sites: the same in every language."""


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob(f"*{SUFFIX}")), ids=lambda path: path.name)
def test_that_commands_say_nothing_that_no_translator_gets(path: Path) -> None:
    name = path.name.removesuffix(SUFFIX)
    names = quoted(path)
    looked_at = 0
    with speaking(language("pseudo")):
        for command in COMMANDS:
            for title, lines in texts(f"/{name}/{command}"):
                shown = [UNITS.sub("", RULE.sub("", line.rstrip())) for line in lines]
                assert bare(shown, names) == {}, title
                looked_at += len(lines)
    assert looked_at > 50


@pytest.mark.parametrize("command", TO_COME)
def test_that_what_is_to_come_is_still_to_come(command: str) -> None:
    """Whoever hands the rest of an answer over takes it off the list."""
    path = next(iter(sorted(EXAMPLES.glob(f"nordic*{SUFFIX}"))))
    with speaking(language("pseudo")):
        answers = list(texts(f"/{path.name.removesuffix(SUFFIX)}/{command}"))
    assert answers
    assert any(bare(lines, quoted(path)) for _, lines in answers)


def test_that_the_comparison_of_machines_is_german_throughout() -> None:
    """Every sentence of `compare` has its German; elsewhere most are English yet."""
    for path in sorted(EXAMPLES.glob(f"*{SUFFIX}")):
        name = path.name.removesuffix(SUFFIX)
        (english,) = [lines for title, lines in texts(f"/{name}/compare") if title.endswith("/compare")]
        with speaking(language("de")):
            (german,) = [lines for title, lines in texts(f"/{name}/compare") if title.endswith("/compare")]
        assert len(german) == len(english)
        same = [line for line in german[1:] if line in english and re.search(r"[a-z]{3}", line)]
        assert same == [], "a line with words that German does not change"
