"""A measured step on the command line moves the answer, and what is wrong with it is a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.guard import guarded

Capture = pytest.CaptureFixture[str]
GOOD = "resources/examples/nordic-9b.nodewise.json"


def printed(capsys: Capture, *arguments: str | Path) -> str:
    """Standard output of a command that works."""
    status = guarded([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    return out


def estimated(capsys: Capture, *arguments: str) -> dict[str, Any]:
    """The JSON of `estimate` on the example."""
    content: dict[str, Any] = json.loads(printed(capsys, "estimate", GOOD, "--json", *arguments))
    return content


def test_that_a_measured_step_moves_and_narrows_the_estimate(capsys: Capture) -> None:
    before = estimated(capsys)
    assert before["measured"] is False
    step, gpus = before["step"]["total"], str(before["gpus"])
    same = estimated(capsys, "--measured-step", f"{step:.6f}", "--measured-gpus", gpus)
    assert same["measured"] is True
    assert same["plan"]["runs"][0]["measured_step"]["machine"] == "leonardo-booster"
    assert same["gpu_hours"]["p50"] == pytest.approx(before["gpu_hours"]["p50"], rel=1e-4)
    spreads = [each["gpu_hours"]["p90"] / each["gpu_hours"]["p10"] for each in (same, before)]
    assert spreads[0] < spreads[1]
    slower = estimated(capsys, "--measured-step", f"{1.2 * step:.6f} s", "--measured-gpus", gpus)
    assert before["step"]["total"] < slower["step"]["total"] < 1.2 * before["step"]["total"]
    assert slower["step"]["measured_correction"] > 0.0


@pytest.mark.parametrize("command", ["estimate", "compare"])
def test_that_the_text_says_what_moved(command: str, capsys: Capture) -> None:
    text = printed(capsys, command, GOOD, "--measured-step", "20", "--measured-gpus", "32")
    assert "Moved by your measured step (20 s on 32 GPUs of Leonardo): " in text
    own = ["--measured-step", "500", "--measured-gpus", "4", "--measured-machine", "own"]
    assert "Not moved by your measured step (500 s" in printed(capsys, command, GOOD, *own)


STEP = ["--measured-step", "12.3"]
GPUS = ["--measured-gpus", "16"]
BAD = [
    (STEP, "--measured-step needs the GPUs of that run; give them with --measured-gpus."),
    (GPUS, "--measured-gpus describes a step; give its time with --measured-step."),
    (["--measured-anyway"], "--measured-anyway takes a measured step; give one with --measured-step"),
    ([*GPUS, "--measured-step", "0"], "--measured-step: Must be more than 0."),
    ([*GPUS, "--measured-step", "3 days"], "--measured-step: Not the time of a step."),
    ([*STEP, "--measured-gpus", "many"], "--measured-gpus: Not a number."),
    ([*STEP, "--measured-gpus", "1e7"], "runs[0].measured_step.gpus must be at most 1e+06"),
    ([*STEP, *GPUS, "--measured-batch", "0.5"], "--measured-batch: Must be a whole number of samples."),
    ([*STEP, *GPUS, "--measured-machine", "leonardo"], 'names the machine "leonardo", which'),
    ([*STEP, *GPUS, "--measured-machine", "discoverer"], "names Discoverer, whose GPUs are not known."),
    ([*STEP, *GPUS, "--run", "second"], 'the plan has no run "second".'),
    (
        [*STEP, "--measured-gpus", "127", "--measured-batch", "1"],
        "Check the GPUs and the batch of the measured",
    ),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD)
def test_that_a_bad_measured_step_is_refused(arguments: list[str], sentence: str, capsys: Capture) -> None:
    assert guarded(["estimate", GOOD, *arguments]) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_that_a_plan_without_a_machine_asks_where_the_step_was_taken(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "open.nodewise.json"
    text = Path(GOOD).read_text("utf-8")
    path.write_text(text.replace('"machine": "leonardo-booster"', '"machine": null'), encoding="utf-8")
    assert guarded(["compare", str(path), *STEP, *GPUS]) == 2
    assert "say with --measured-machine where the step was taken." in capsys.readouterr().err


IMPOSSIBLE = "The measured step of 1 ms on 256 GPUs would be at least 118 000 % of the peak of the A100"
FAR = "The measured step of 60 s on 32 GPUs is 3.2 times the predicted 18.6 s."
AT_1_MS = ["--measured-step", "1 ms", "--measured-gpus", "256"]
AT_60_S = ["--measured-step", "60", "--measured-gpus", "32"]
ANYWAY = "--measured-anyway"


def refused(capsys: Capture, *arguments: str | Path) -> str:
    """The one sentence of a command that takes no such input."""
    status = guarded([str(argument) for argument in arguments])
    out, said = capsys.readouterr()
    assert (status, out) == (2, "")
    assert len(said.splitlines()) == 1
    return " ".join(said.split())


def with_step(folder: Path, **step: object) -> Path:
    """The example with a measured step in its file."""
    content = json.loads(Path(GOOD).read_text("utf-8"))
    content["runs"][0]["measured_step"] = {"machine": "leonardo-booster", **step}
    if "confirmed" in step:
        content["revision"] = 1
    path = folder / "measured.nodewise.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["estimate", "compare"])
def test_that_a_step_beyond_the_cards_peak_is_refused_with_the_figure(command: str, capsys: Capture) -> None:
    said = refused(capsys, command, GOOD, *AT_1_MS)
    assert IMPOSSIBLE in said
    assert said.endswith("Check the time, the GPUs, the batch and the sequence length.")
    assert IMPOSSIBLE in refused(capsys, command, GOOD, *AT_1_MS, ANYWAY)


@pytest.mark.parametrize("command", ["estimate", "compare"])
def test_that_a_far_step_is_taken_only_with_the_flag_and_stays_marked(command: str, capsys: Capture) -> None:
    said = refused(capsys, command, GOOD, *AT_60_S)
    assert FAR in said
    assert said.endswith("Check it; if it is right, take it with --measured-anyway.")
    text = " ".join(printed(capsys, command, GOOD, *AT_60_S, ANYWAY).split())
    assert "80 % interval, your step, far from predicted." in text
    assert "The measured step is 3.2 times the predicted 18.6 s, taken as you confirmed it." in text
    found = json.loads(printed(capsys, command, GOOD, *AT_60_S, ANYWAY, "--json"))
    assert found["plan"]["runs"][0]["measured_step"]["confirmed"] is True
    seen = found["measured_step"]
    assert (seen["is_far"], seen["confirmed"]) == (True, True)
    assert seen["times_predicted"] == pytest.approx(seen["step_seconds"] / seen["predicted_seconds"])
    assert any("it was confirmed" in sentence for sentence in found["assumptions"])


def test_that_a_near_step_needs_no_flag_and_has_no_mark(capsys: Capture) -> None:
    near = ["--measured-step", "20", "--measured-gpus", "32"]
    found = json.loads(printed(capsys, "estimate", GOOD, *near, "--json"))
    assert (found["measured_step"]["is_far"], found["measured_step"]["confirmed"]) == (False, False)
    assert "confirmed" not in found["plan"]["runs"][0]["measured_step"]
    assert not any("confirmed" in sentence for sentence in found["assumptions"])
    assert json.loads(printed(capsys, "estimate", GOOD, "--json"))["measured_step"] is None


@pytest.mark.parametrize("command", ["compare", "estimate", "check", "scaling"])
def test_that_a_file_is_held_to_the_same_rule(command: str, capsys: Capture, tmp_path: Path) -> None:
    assert IMPOSSIBLE in refused(capsys, command, with_step(tmp_path, gpus=256, step_seconds=0.001))
    assert FAR in refused(capsys, command, with_step(tmp_path, gpus=32, step_seconds=60))
    confirmed = with_step(tmp_path, gpus=32, step_seconds=60, confirmed=True)
    assert guarded([command, str(confirmed)]) in (0, 1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["report", "jobs"])
def test_that_nothing_is_written_of_a_step_that_nobody_confirmed(
    command: str, capsys: Capture, tmp_path: Path
) -> None:
    out = tmp_path / ("out.md" if command == "report" else "out")
    plan = with_step(tmp_path, gpus=32, step_seconds=60)
    said = refused(capsys, command, plan, "-o", out)
    assert said.endswith('if it is right, take it with "confirmed": true beside it in the plan.')
    assert not out.exists()


def test_that_a_step_measured_elsewhere_is_no_obstacle_to_the_request(
    capsys: Capture, tmp_path: Path
) -> None:
    path = with_step(tmp_path, machine="lumi-g", gpus=64, step_seconds=20)
    assert guarded(["check", str(path)]) in (0, 1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["compare", "estimate", "scaling"])
def test_that_the_flag_that_a_refusal_names_takes_a_far_step_of_the_plan(
    command: str, tmp_path: Path, capsys: Capture
) -> None:
    plan = with_step(tmp_path, gpus=32, step_seconds=60)
    assert refused(capsys, command, plan).endswith(f"take it with {ANYWAY}.")
    assert printed(capsys, command, plan, ANYWAY)
