"""`--lang`: the language that a command speaks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.cli.guard import guarded
from app.cli.program import _COMMANDS
from app.words import spoken

PLAN = Path("resources/examples/nordic-9b.nodewise.json")
SPEAKING = ("estimate", "compare", "check", "scaling")
Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture, *arguments: str | Path) -> str:
    """What a command prints."""
    status = guarded([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (status in (0, 1), err) == (True, "")
    return out


@pytest.mark.parametrize("command", SPEAKING)
def test_that_a_command_speaks_english_whatever_the_system_speaks(
    command: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = printed(capsys, command, PLAN)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert printed(capsys, command, PLAN) == english
    assert printed(capsys, command, PLAN, "--lang", "en") == english


@pytest.mark.parametrize("command", SPEAKING)
def test_that_a_command_speaks_the_language_that_is_asked_for(command: str, capsys: Capture) -> None:
    assert "[!" in printed(capsys, command, PLAN, "--lang", "pseudo")
    assert "[!" not in printed(capsys, command, PLAN)


@pytest.mark.parametrize("command", ["machines", "models"])
def test_that_lists_speak_it_too(command: str, capsys: Capture) -> None:
    assert "[!" in printed(capsys, command, "--lang", "pseudo")


def test_that_numbers_are_written_as_the_language_does(capsys: Capture) -> None:
    assert re.search(r"\d,\d", printed(capsys, "estimate", PLAN, "--lang", "de"))
    assert not re.search(r"\d,\d", printed(capsys, "estimate", PLAN))


@pytest.mark.parametrize("command", SPEAKING)
def test_that_json_keeps_its_keys_and_numbers(command: str, capsys: Capture) -> None:
    def keys_and_numbers(value: object) -> object:
        if isinstance(value, dict):
            return {key: keys_and_numbers(part) for key, part in value.items()}
        if isinstance(value, list):
            return [keys_and_numbers(part) for part in value]
        return None if isinstance(value, str) else value

    english, german = (
        json.loads(printed(capsys, command, PLAN, "--json", "--lang", code)) for code in ("en", "de")
    )
    assert keys_and_numbers(german) == keys_and_numbers(english)


def test_that_the_language_ends_with_its_command(capsys: Capture) -> None:
    printed(capsys, "machines", "--lang", "pseudo")
    assert spoken().code == "en"


@pytest.mark.parametrize("command", ["machines", "models", "compare"])
def test_that_an_unknown_language_is_refused_with_those_there_are(command: str, capsys: Capture) -> None:
    plan = [] if command in ("machines", "models") else [str(PLAN)]
    assert guarded([command, *plan, "--lang", "tlh"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == 'There is no language "tlh". Use en, de, fr, es or it.\n'


def test_that_a_refusal_is_spoken_in_it(capsys: Capture) -> None:
    assert guarded(["estimate", "none.nodewise.json", "--lang", "pseudo"]) == 2
    assert "[!" in capsys.readouterr().err


@pytest.mark.parametrize("command", _COMMANDS)
def test_that_every_command_takes_a_language(command: str, capsys: Capture) -> None:
    assert guarded([command, "--help"]) == 0
    assert "--lang CODE" in capsys.readouterr().out
