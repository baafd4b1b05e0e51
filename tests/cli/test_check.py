"""`nodewise check`: findings as sentences and as JSON, and an exit status that a script can use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.guard import guarded
from app.plan.edits import change_together
from app.plan.files import read_plan, write_plan

Capture = pytest.CaptureFixture[str]


def checked(capsys: Capture, *arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, output and complaint of a check."""
    status = guarded(["check", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def good(examples: Path) -> Path:
    return examples / "support-8b.nodewise.json"


@pytest.fixture
def bad(examples: Path, tmp_path: Path) -> Path:
    """The same plan with a job of 2 000 GPUs and GPU-hours in the field of node-hours."""
    plan = read_plan(examples / "support-8b.nodewise.json")
    main = next(index for index, run in enumerate(plan.runs) if run.role == "main")
    changes = {
        f"runs.{main}.gpus": 2000,
        "campaign.stated_request": 8000,
        "campaign.stated_unit": "GPU-node-hours",
    }
    path = tmp_path / "bad.nodewise.json"
    write_plan(path, change_together(plan, changes).apply(plan))
    return path


def test_that_a_sound_plan_ends_with_zero(capsys: Capture, good: Path) -> None:
    status, out, err = checked(capsys, good)
    assert (status, err) == (0, "")
    assert "Fails" not in out
    assert "Passed (" in out
    assert "  Sum of milestones: " in out
    assert "\u202f" not in out
    assert out.splitlines()[-1].endswith("passed.")


def test_that_a_failing_plan_ends_with_one_and_names_the_fix(capsys: Capture, bad: Path) -> None:
    status, out, err = checked(capsys, bad)
    assert (status, err) == (1, "")
    assert out.startswith("Fails (2)\n")
    assert "500 nodes in one job; the queue boost_qos_bprod of Leonardo takes 256" in out
    assert "Fix: Take 256 nodes." in out
    assert "8 000 GPU-node-hours is no unit" in out


def test_that_json_holds_every_finding_with_its_source(capsys: Capture, bad: Path) -> None:
    status, out, _ = checked(capsys, bad, "--json")
    content = json.loads(out)
    assert status == 1
    assert content["counts"]["fail"] == 2
    assert sum(content["counts"].values()) == len(content["findings"])
    assert content["machine"] == "leonardo-booster"
    for finding in content["findings"]:
        assert finding["severity"] in content["counts"]
        assert finding["title"]
        assert finding["source"]
    size = next(item for item in content["findings"] if item["rule"] == "job-size")
    assert size["fix"] == {"label": "Take 256 nodes", "field": "gpus", "value": 1024}
    assert size["confidence"] == "secondary"


def test_that_a_plan_that_cannot_be_read_ends_with_two(capsys: Capture, tmp_path: Path) -> None:
    status, out, err = checked(capsys, tmp_path / "none.nodewise.json")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_that_billions_of_files_are_a_failing_finding_and_no_typing_error(
    examples: Path, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "many.nodewise.json"
    plan = read_plan(examples / "satellite-vit-l.nodewise.json")
    stored = {"campaign.storage.data_files": 2_000_220_000, "campaign.storage.data_bytes": 220 * 10**12}
    write_plan(path, change_together(plan, stored).apply(plan))
    status, out, err = checked(capsys, path)
    assert (status, err) == (1, "")
    assert "[file-quota]" in out
    assert "Pack the data into shards" in out
