"""`scaling` and `usage` on the command line: tables, imports, and what cannot be used as a sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.cli.guard import guarded

Capture = pytest.CaptureFixture[str]
EXAMPLE = Path("resources/examples/two-languages-9b.nodewise.json")
POINTS = "gpus,step_seconds,batch_samples,kind\n8,100,512,strong\n16,52,512,strong\n64,15,512,strong\n"
SACCT = """JobID|State|Elapsed|AllocNodes|AllocTRES|End|ConsumedEnergyRaw
100|COMPLETED|1-12:00:00|12|gres/gpu=96,node=12|2027-01-04T08:00:00|360000000
100.batch|COMPLETED|1-12:00:00|1||2027-01-04T08:00:00|
101|RUNNING|10:00:00|12|gres/gpu=96,node=12|Unknown|
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return Path(shutil.copy(EXAMPLE, tmp_path / "plan.nodewise.json"))


def printed(capsys: Capture, *arguments: str | Path) -> str:
    status = guarded([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    return out


def refused(capsys: Capture, *arguments: str | Path) -> str:
    status = guarded([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    return err


def file_with(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_that_scaling_prints_both_ladders_and_the_tests(capsys: Capture, plan: Path) -> None:
    out = printed(capsys, "scaling", plan)
    for words in ("Strong scaling", "Weak scaling", "Tests that would prove", "Benchmark Access", "modelled"):
        assert words in out


def test_that_imported_points_stand_as_measured_and_are_kept_on_demand(
    capsys: Capture, plan: Path, tmp_path: Path
) -> None:
    points = file_with(tmp_path, "points.csv", POINTS)
    before = plan.read_text(encoding="utf-8")
    seen: dict[str, Any] = json.loads(printed(capsys, "scaling", plan, "--import", points, "--json"))
    assert seen["measured_here"] == 3
    assert [row["gpus"] for row in seen["strong"] if row["measured"]] == [8, 16, 64]
    assert plan.read_text(encoding="utf-8") == before
    printed(capsys, "scaling", plan, "--import", points, "--save")
    printed(capsys, "scaling", plan, "--import", points, "--save")
    kept: dict[str, Any] = json.loads(printed(capsys, "scaling", plan, "--json"))
    assert kept["measured_here"] == 3


def test_that_usage_prints_months_and_what_was_not_counted(
    capsys: Capture, plan: Path, tmp_path: Path
) -> None:
    jobs = file_with(tmp_path, "jobs.txt", SACCT)
    out = printed(capsys, "usage", plan, "--sacct", jobs)
    assert "432 of" in out
    assert "100 kWh" in out
    assert "Line 4, job 101: running" in out


def test_that_importing_the_same_jobs_again_changes_nothing(
    capsys: Capture, plan: Path, tmp_path: Path
) -> None:
    jobs = file_with(tmp_path, "jobs.txt", SACCT)
    for _ in range(2):
        printed(capsys, "usage", plan, "--sacct", jobs, "--save")
    seen: dict[str, Any] = json.loads(printed(capsys, "usage", plan, "--json"))
    assert seen["used_node_hours"] == 432.0
    assert sum(month["used"] for month in seen["months"]) == 432.0
    assert sum(month["planned"] for month in seen["months"]) == seen["granted_node_hours"]


def test_that_what_cannot_be_used_is_a_sentence(capsys: Capture, plan: Path, tmp_path: Path) -> None:
    assert "no hours used yet" in refused(capsys, "usage", plan)
    assert "none.txt does not exist." in refused(capsys, "usage", plan, "--sacct", tmp_path / "none.txt")
    assert "--sacct" in refused(capsys, "usage", plan, "--save")
    assert "names no columns" in refused(
        capsys, "usage", plan, "--sacct", file_with(tmp_path, "x.txt", "hello")
    )
    assert "--import" in refused(capsys, "scaling", plan, "--save")
    bad = file_with(tmp_path, "bad.csv", "gpus,step_seconds,batch_samples\n8,fast,512\n")
    assert "Line 2" in refused(capsys, "scaling", plan, "--import", bad)
    other = file_with(tmp_path, "other.csv", "gpus,step_seconds,batch_samples,machine\n8,9,512,lumi\n")
    assert "lumi-g" in refused(capsys, "scaling", plan, "--import", other)


HEAD = "gpus,step_seconds,batch_samples\n"


def test_that_an_impossible_point_is_not_imported(capsys: Capture, plan: Path, tmp_path: Path) -> None:
    before = plan.read_bytes()
    points = file_with(tmp_path, "points.csv", f"{HEAD}16,52,512\n64,0.001,512\n")
    for flags in ([], ["--measured-anyway"]):
        said = " ".join(refused(capsys, "scaling", plan, "--import", points, "--save", *flags).split())
        assert "The scaling point of 1 ms on 64 GPUs would be at least" in said
        assert "% of the peak of the " in said
    assert plan.read_bytes() == before


@pytest.mark.parametrize("seconds", ["0", "-3", "nan", "inf", "1e-400"])
def test_that_a_point_of_no_time_is_not_imported(
    seconds: str, capsys: Capture, plan: Path, tmp_path: Path
) -> None:
    points = file_with(tmp_path, "points.csv", f"{HEAD}16,{seconds},512\n")
    assert "Line 2" in refused(capsys, "scaling", plan, "--import", points)


def test_that_a_far_point_is_imported_once_it_is_confirmed(
    capsys: Capture, plan: Path, tmp_path: Path
) -> None:
    points = file_with(tmp_path, "points.csv", f"{HEAD}16,52,512\n64,70,512\n")
    before = plan.read_bytes()
    said = " ".join(refused(capsys, "scaling", plan, "--import", points, "--save").split())
    assert "The scaling point of 70 s on 64 GPUs is " in said
    assert said.endswith("if it is right, take it with --measured-anyway.")
    assert plan.read_bytes() == before
    printed(capsys, "scaling", plan, "--import", points, "--save", "--measured-anyway")
    kept = json.loads(plan.read_text(encoding="utf-8"))["campaign"]["scaling"]
    assert [point["confirmed"] for point in kept] == [True, True]
    printed(capsys, "scaling", plan)
    printed(capsys, "scaling", plan, "--import", points, "--save")
    assert json.loads(plan.read_text(encoding="utf-8"))["campaign"]["scaling"] == kept


def test_that_a_plan_saved_by_somebody_else_meanwhile_is_not_written_over(
    capsys: Capture, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli import usage

    real = usage.text_of

    def slow(path: Path) -> str:
        plan.write_text(plan.read_text().replace('"name": "', '"name": "their-'))
        return real(path)

    monkeypatch.setattr(usage, "text_of", slow)
    jobs = file_with(tmp_path, "jobs.txt", SACCT)
    said = refused(capsys, "usage", plan, "--sacct", jobs, "--save")
    assert "was changed by somebody else meanwhile" in said
    assert '"their-' in plan.read_text()
    assert "used" not in json.loads(plan.read_text()).get("campaign", {})
