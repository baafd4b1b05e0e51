"""One access mode for a plan, whoever is asked: judged by the whole request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.guard import guarded
from app.plan.edits import change_together
from app.plan.files import read_plan, write_plan
from estimators import load_catalogue

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.nodewise.json"))
Capture = pytest.CaptureFixture[str]


def printed(capsys: Capture, *arguments: str | Path) -> dict[str, Any]:
    """The JSON that a command prints; `check` may end with a failing finding."""
    assert guarded([str(argument) for argument in arguments]) in (0, 1)
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    return content


@pytest.mark.parametrize("plan", EXAMPLES, ids=lambda path: path.name.split(".")[0])
def test_that_every_command_names_the_mode_of_the_whole_request(
    plan: Path, capsys: Capture, tmp_path: Path
) -> None:
    compared, estimated = (printed(capsys, command, plan, "--json") for command in ("compare", "estimate"))
    checked = printed(capsys, "check", plan, "--json")
    written = tmp_path / "dossier.json"
    assert guarded(["report", str(plan), "-o", str(written), "--edition", "team"]) == 0
    reported = json.loads(written.read_text(encoding="utf-8"))
    modes = [compared["access_mode"], estimated["access_mode"], checked["mode"], reported["access_mode"]]
    assert len(set(modes)) == 1, modes
    for one in (compared, estimated):
        assert one["request"] == {
            "node_hours": checked["request_node_hours"],
            "gpu_hours": reported["request"]["gpu_hours"],
        }
        assert reported["access"]["sentence"].startswith(one["access_sentence"].split(". ")[0].rstrip("."))
        assert one["sentence"].endswith(one["access_sentence"])


def test_that_a_plan_that_fits_nowhere_makes_no_request(capsys: Capture, tmp_path: Path) -> None:
    plan = read_plan(EXAMPLES[0].with_name("nordic-9b.nodewise.json"))
    asked = {"runs.0.workload.model": "Llama-3.1-405B", "target.machine": "vega-gpu"}
    large = change_together(plan, asked).apply(plan)
    write_plan(path := tmp_path / "large.nodewise.json", large)
    for command in ("compare", "estimate"):
        content = printed(capsys, command, path, "--json")
        assert (content["request"], content["access_mode"], content["access_sentence"]) == (None, None, "")
    capsys.readouterr()
    assert printed(capsys, "check", path, "--json")["mode"] is None


def test_that_a_named_count_is_kept_without_a_named_machine(capsys: Capture, tmp_path: Path) -> None:
    plan = read_plan(EXAMPLES[0].with_name("nordic-9b.nodewise.json"), load_catalogue())
    anywhere = change_together(plan, {"target.machine": None, "runs.0.gpus": 96}).apply(plan)
    write_plan(path := tmp_path / "anywhere.nodewise.json", anywhere)
    compared = printed(capsys, "compare", path, "--json")
    chosen = next(machine for machine in compared["machines"] if machine["id"] == compared["headline"])
    assert chosen["gpus"] == 96
    assert all(
        one["gpus"] == 96
        for one in compared["machines"]
        if one["fits"] and "not possible" not in str(one["notes"])
    )
    estimated = printed(capsys, "estimate", path, "--json")
    assert (estimated["id"], estimated["gpus"]) == (chosen["id"], 96)
    assert guarded(["report", str(path), "-o", str(tmp_path / "dossier.json")]) == 0
    run = json.loads((tmp_path / "dossier.json").read_text(encoding="utf-8"))["runs"][0]
    assert run["answer"]["gpus"] == 96
