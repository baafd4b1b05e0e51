"""What the program says without a plan."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from app.cli.guard import guarded
from app.cli.output import finite, table

Run = Callable[..., subprocess.CompletedProcess[str]]


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Standard output of a command that works."""
    assert guarded(arguments) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_that_help_names_every_command(nodewise: Run) -> None:
    done = nodewise("--help")
    assert done.returncode == 0
    for command in ("open", "estimate", "compare", "machines", "models", "evidence", "screenshot"):
        assert f"\n    {command}" in done.stdout


def test_that_a_terminal_without_unicode_is_no_obstacle(nodewise: Run) -> None:
    done = nodewise("machines", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert "LUMI" in done.stdout


def test_that_machines_in_service_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(["machines"], capsys).splitlines()
    states = [line for line in lines if "  in service  " in line or "  coming  " in line]
    assert states == sorted(states, key=lambda line: "  coming  " in line)
    assert sum("  in service  " in line for line in states) >= 10


def test_that_lists_carry_sources_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    machines = json.loads(printed(["machines", "--json"], capsys))
    leonardo = next(entry for entry in machines["machines"] if entry["id"] == "leonardo-booster")
    assert leonardo["nodes"]["source"]
    models = json.loads(printed(["models", "--json", "--search", "eurollm-9b"], capsys))
    assert [entry["id"] for entry in models["models"]] == ["EuroLLM-9B"]
    assert models["catalogue_date"] == machines["catalogue_date"]


def test_that_models_are_found_by_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(["models", "--search", "eurollm"], capsys)
    assert [line.split()[0] for line in out.splitlines()[1:4]] == [
        "EuroLLM-1.7B",
        "EuroLLM-9B",
        "EuroLLM-22B",
    ]
    assert "No model has" in printed(["models", "--search", "zzz"], capsys)


def test_that_tables_put_numbers_right_and_words_left() -> None:
    assert table(["name", "count"], [["a", "1\u202f000"], ["bcdef", "20"], ["c", "–"]]) == [
        "name   count",
        "a      1 000",
        "bcdef     20",
        "c          –",
    ]


def test_that_json_never_holds_nan() -> None:
    assert finite({"a": [float("nan"), 1.5, (float("inf"),)], "b": None}) == {
        "a": [None, 1.5, [None]],
        "b": None,
    }
