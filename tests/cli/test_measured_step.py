"""A measured step on the command line moves the answer, and what is wrong with it is a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.faults import guarded

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
