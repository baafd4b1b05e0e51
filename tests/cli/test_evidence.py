"""`nodewise evidence`: every row is answered for, in JSON and in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.guard import guarded

EVIDENCE = Path(__file__).parents[2] / "resources" / "evidence" / "calibration.jsonl"


def test_that_every_row_is_predicted_or_skipped_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = EVIDENCE.read_text("utf-8").splitlines()
    some = [line for line in lines if '"dense-lm"' in line][:5] + [line for line in lines if '"cnn"' in line][
        :3
    ]
    (tmp_path / "some.jsonl").write_text("\n".join(some) + "\n", encoding="utf-8")
    out = tmp_path / "out.json"
    assert guarded(["evidence", str(tmp_path / "some.jsonl"), "--json", str(out)]) == 0
    content = json.loads(out.read_text("utf-8"))
    assert [row["id"] for row in content["rows"]] == [json.loads(line)["id"] for line in some]
    assert all((row["predicted"] is None) == (row["skipped"] is not None) for row in content["rows"])
    said = capsys.readouterr().out
    assert said.startswith("8 rows: 5 predicted, 3 skipped.")
    assert "Skipped 3: " in said


def test_that_a_result_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.jsonl").write_text(EVIDENCE.read_text("utf-8").splitlines()[0], encoding="utf-8")
    out = tmp_path / "none" / "out.json"
    assert guarded(["evidence", str(tmp_path / "one.jsonl"), "--json", str(out)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_that_the_coverage_of_every_level_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dense = [line for line in EVIDENCE.read_text("utf-8").splitlines() if '"dense-lm"' in line]
    (tmp_path / "some.jsonl").write_text("\n".join(dense[::25]) + "\n", encoding="utf-8")
    out = tmp_path / "out.json"
    assert guarded(["evidence", str(tmp_path / "some.jsonl"), "--json", str(out)]) == 0
    summary = json.loads(out.read_text("utf-8"))["summary"]
    levels = summary["reliability"]["all"]
    assert [level["nominal"] for level in levels] == [n / 10 for n in range(1, 10)]
    assert levels[7]["inside"] == pytest.approx(summary["all"]["coverage80"], abs=1e-3)
    table = capsys.readouterr().out.partition("\ninterval")[2].splitlines()
    assert [line.split("%")[0].strip() for line in table[1:10]] == [str(n) for n in range(10, 100, 10)]
