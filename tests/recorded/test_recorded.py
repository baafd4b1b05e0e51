"""Some of the recorded answers, and what counts as a difference. `python -m tests.recorded` compares all."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from estimators import Catalogue, load_catalogue
from tests.recorded.answers import answers
from tests.recorded.record import differences, read, write


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize("part", ["example/", "generated/0"])
def test_that_nobody_moves_an_answer_unawares(part: str, catalogue: Catalogue) -> None:
    recorded = {name: answer for name, answer in read().items() if part in name}
    found = list(differences(recorded, dict(answers(catalogue, part))))
    assert len(recorded) > 6
    assert not found, (
        f"{len(found)} differences, the first {found[:3]}. See `python -m tests.recorded`; where the change "
        "means to move answers, record them anew with --write and say in its message what moved."
    )


def test_that_nobody_moves_a_sentence_unawares(tmp_path: Path) -> None:
    # a process of its own: the window takes the whole application
    told = subprocess.run(
        [sys.executable, "-m", "tests.recorded", "--texts", "--only", "nordic-9b/"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_STATE_HOME": str(tmp_path)},
        timeout=120,
    )
    assert told.returncode == 0, (
        f"{told.stdout}{told.stderr}See `python -m tests.recorded --texts`; where the change means to say "
        "something else, record the texts anew with --texts --write and say in its message what moved."
    )
    assert "20 answers, 0 differences" in told.stdout


def test_that_a_number_may_move_by_a_billionth_and_a_word_not_at_all() -> None:
    before = {"hours": [1000.0, math.nan, 0.0], "words": "fits", "gpus": 8, "kept": None}
    near = {"hours": [1000.0000005, math.nan, 1e-13], "words": "fits", "gpus": 8, "kept": None}
    moved = {"hours": [1000.000002, 1.0, 0.0, 5.0], "words": "Fits", "gpus": True, "new": 1}
    assert list(differences(before, near)) == []
    assert [path for path, _, _ in differences(before, moved)] == [
        "/gpus",
        "/hours/length",
        "/hours/0",
        "/hours/1",
        "/kept",
        "/new",
        "/words",
    ]


def test_that_a_record_reads_back_equal_and_equal_answers_make_an_equal_file(tmp_path: Path) -> None:
    kept = {"b": {"z": 1.0 / 3.0, "a": [math.nan, math.inf]}, "a": "ä × 3"}
    write(kept, tmp_path / "one.gz")
    write(dict(reversed(kept.items())), tmp_path / "two.gz")
    assert list(differences(kept, read(tmp_path / "one.gz"))) == []
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
