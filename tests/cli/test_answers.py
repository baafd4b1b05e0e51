"""`compare` and `estimate`: their JSON is an interface, their text is for people."""

from __future__ import annotations

import json
import re
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.guard import guarded
from app.plan.edits import change, change_together
from app.plan.files import read_plan, write_plan
from app.plan.schema import DataInput, Plan
from estimators import load_catalogue

Run = Callable[..., subprocess.CompletedProcess[str]]
Capture = pytest.CaptureFixture[str]

QUANTILES = ["p10", "p50", "p80", "p90"]


@pytest.fixture
def nordic(examples: Path) -> Plan:
    return read_plan(examples / "nordic-9b.nodewise.json")


def printed(capsys: Capture, *arguments: str | Path) -> str:
    """Standard output of a command that works."""
    status = guarded([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    return out


def answer(capsys: Capture, command: str, plan: Plan, folder: Path) -> dict[str, Any]:
    """The JSON of a command on a plan."""
    path = folder / "plan.nodewise.json"
    write_plan(path, plan)
    content: dict[str, Any] = json.loads(printed(capsys, command, path, "--json"))
    return content


def test_that_compare_names_every_machine_in_service(nodewise: Run, examples: Path) -> None:
    done = nodewise("compare", examples / "nordic-9b.nodewise.json", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    content = json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    in_service = {machine.id for machine in load_catalogue().machines_in_service()}
    assert len(in_service) == 10
    assert in_service <= {machine["id"] for machine in content["machines"]}
    assert content["plan"]["name"] == "nordic-9b"
    assert content["catalogue_date"] == load_catalogue().date
    for machine in content["machines"]:
        assert machine["status"] in ("in service", "coming")
        if machine["fits"]:
            check_figures(machine)
            assert machine["reason"] is None
        else:
            assert machine["reason"]
            assert machine["gpu_hours"] is None
    check_figures(content["own_hardware"])


def check_figures(machine: dict[str, Any]) -> None:
    """A machine that fits has every figure, in order of its quantiles."""
    for key in ("days", "gpu_hours"):
        assert list(machine[key]) == QUANTILES
        values = [machine[key][quantile] for quantile in QUANTILES]
        assert values[0] > 0.0
        assert values == sorted(values)
    assert machine["gpus"] >= 1
    assert 0.0 < machine["memory_bytes_per_gpu"] <= machine["memory_limit_bytes"]
    assert machine["layout"]["gpus"] == machine["gpus"]


@pytest.mark.parametrize("name", ["nordic-9b", "scratch-1.7b", "support-8b", "satellite-vit-l"])
def test_that_every_example_is_answered_on_its_own_machine(
    name: str, examples: Path, tmp_path: Path, capsys: Capture
) -> None:
    plan = read_plan(examples / f"{name}.nodewise.json")
    content = answer(capsys, "estimate", plan, tmp_path)
    assert (content["id"], content["fits"], content["meets_deadline"]) == (plan.target.machine, True, True)
    check_figures(content)
    assert content["site_units"]["value"] > 0.0


def test_that_estimate_prints_the_record_of_compare_with_parts_and_reasons(
    nordic: Plan, tmp_path: Path, capsys: Capture
) -> None:
    compared = answer(capsys, "compare", nordic, tmp_path)
    estimated = answer(capsys, "estimate", nordic, tmp_path)
    record = next(machine for machine in compared["machines"] if machine["id"] == "leonardo-booster")
    assert {key: estimated[key] for key in record} == record
    parts = dict(estimated["step"])
    total = parts.pop("total")
    for other in ("communication_total", "model_flops", "mfu"):
        parts.pop(other)
    assert sum(parts.values()) == pytest.approx(total)
    tree = estimated["explanation"]
    assert tree["value"] == pytest.approx(record["gpu_hours"]["p50"])
    named = set(re.findall(r"[a-z]\w*", tree["expression"]))
    assert named == {part["key"] for part in tree["inputs"]}
    assert estimated["curve"][0]["gpus"] < estimated["curve"][-1]["gpus"]


def test_that_without_a_machine_the_lowest_gpu_hours_are_told(
    nordic: Plan, tmp_path: Path, capsys: Capture
) -> None:
    plan = change(nordic, "target.machine", None).apply(nordic)
    content = answer(capsys, "estimate", plan, tmp_path)
    machines = answer(capsys, "compare", plan, tmp_path)["machines"]
    costs = {
        machine["id"]: machine["gpu_hours"]["p50"]
        for machine in machines
        if machine["fits"] and machine["meets_deadline"] and machine["status"] == "in service"
    }
    assert content["id"] == min(costs, key=lambda name: costs[name])


def test_that_a_run_that_fits_nowhere_is_an_answer_too(nordic: Plan, tmp_path: Path, capsys: Capture) -> None:
    plan = change_together(
        nordic,
        {
            "runs.0.workload.model": "OPT-175B",
            "runs.0.gpus": 4,
            "runs.0.layout.tensor_parallel": 1,
            "runs.0.layout.pipeline_parallel": 1,
            "runs.0.layout.zero_stage": 0,
        },
    ).apply(nordic)
    content = answer(capsys, "estimate", plan, tmp_path)
    assert content["id"] == "leonardo-booster"
    assert not content["fits"]
    assert content["reason"]
    assert content["gpu_hours"] is None
    path = tmp_path / "plan.nodewise.json"
    assert content["reason"].rstrip(".")[:20].lower() in printed(capsys, "estimate", path).lower()


def test_that_a_family_that_is_not_estimated_yet_is_refused(
    nordic: Plan, tmp_path: Path, capsys: Capture
) -> None:
    plan = change(nordic, "runs.0.workload.model", "Mamba-2.8B").apply(nordic)
    path = tmp_path / "state-space.nodewise.json"
    write_plan(path, plan)
    assert guarded(["compare", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{path}: ")
    assert "not estimated yet" in err


def test_that_the_text_starts_with_the_sentence_and_keeps_columns(examples: Path, capsys: Capture) -> None:
    lines = printed(capsys, "compare", examples / "nordic-9b.nodewise.json").splitlines()
    assert lines[0].startswith("About ")
    assert " GPU-hours (" in lines[0]
    assert "Leonardo" in lines[0]
    assert lines[1].startswith("On your 4 RTX 4090: ")
    head = next(line for line in lines if line.startswith("Machine "))
    column = head.index("Fits in 6 weeks")
    rows = lines[lines.index(head) + 1 : lines.index(head) + 12]
    assert len(rows) == 11
    assert all(row[column:].startswith(("yes: ", "no: ", "unknown: ")) for row in rows)
    assert "\u202f" not in "".join(lines)


def test_that_coming_machines_are_shown_when_asked_for(examples: Path, capsys: Capture) -> None:
    assert "coming: " in printed(capsys, "compare", examples / "nordic-9b.nodewise.json", "--coming")


def test_that_images_are_planned_in_images(examples: Path, tmp_path: Path, capsys: Capture) -> None:
    plan = read_plan(examples / "satellite-vit-l.nodewise.json")
    place = plan.runs.index(plan.run())
    data = DataInput(images=2 * (plan.run().data.images or 0))
    double = change(plan, f"runs.{place}.data", data).apply(plan)
    once, twice = (answer(capsys, "estimate", each, tmp_path) for each in (plan, double))
    assert samples(twice) == pytest.approx(2 * samples(once), rel=1e-3)


def samples(found: dict[str, Any]) -> float:
    """Samples of the whole run; a longer one may take more GPUs, and a batch that they divide."""
    layout = found["layout"]
    return float(found["steps"] * layout["micro_batch"] * layout["micro_batches"] * layout["data_parallel"])


def test_that_a_screenshot_shows_the_window(nodewise: Run, examples: Path, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = nodewise("screenshot", examples / "nordic-9b.nodewise.json", "-o", picture, "--size", "1366x768")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    content = picture.read_bytes()
    assert struct.unpack(">II", content[16:24]) == (1366, 768)
    assert len(content) > 30_000
