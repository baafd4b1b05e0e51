"""Bad input gets one sentence on standard error and exit status 2, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import program
from app.cli.guard import guarded

Run = Callable[..., subprocess.CompletedProcess[str]]

GOOD = Path("resources/examples/nordic-9b.nodewise.json")


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence of a refusal."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


PLANS = [
    ('"tokens": 300000000000', '"tokens": -5', "runs[0].data.tokens must be more than 0, not -5."),
    (
        "EuroLLM-9B",
        "EuroLM-9B",
        'names the model "EuroLM-9B", which the catalogue does not have. Did you mean',
    ),
    ('"version": 1', '"version": 7', "newer Nodewise: update Nodewise to open it; the file was not changed."),
    ('"runs": [', '"runs": [,', "is not valid JSON: expecting value in line 7, column 12."),
]


@pytest.mark.parametrize(("old", "new", "sentence"), PLANS)
def test_that_a_bad_plan_is_refused(old: str, new: str, sentence: str, tmp_path: Path, nodewise: Run) -> None:
    text = GOOD.read_text("utf-8")
    assert old in text
    path = tmp_path / "bad.nodewise.json"
    path.write_text(text.replace(old, new), encoding="utf-8")
    said = refused(nodewise("compare", path))
    assert said.startswith(str(path))
    assert sentence in said


def test_that_an_unreadable_file_is_refused(tmp_path: Path, nodewise: Run) -> None:
    path = tmp_path / "binary.nodewise.json"
    path.write_bytes(b"\x89PNG\r\n\x00\xff")
    assert "is not text in UTF-8, so it is not a plan file." in refused(nodewise("estimate", path, "--json"))
    assert "is a folder. Name a plan file in it." in refused(nodewise("estimate", tmp_path))
    assert "does not exist." in refused(nodewise("screenshot", tmp_path / "none.json", "-o", "a.png"))


ARGUMENTS = [
    (["frobnicate"], 'There is no command "frobnicate". `nodewise --help` lists the commands.'),
    (["comprae"], 'There is no command "comprae". Did you mean "compare"?'),
    (["compare"], "nodewise compare: the following arguments are required: PLAN."),
    (["machines", "--jsno"], "unrecognized arguments: --jsno."),
    (["compare", str(GOOD), "--run", "second"], 'the plan has no run "second".'),
    (["evidence", "nowhere.jsonl"], "nowhere.jsonl: does not exist. Check the name"),
    (["evidence", "LICENSE"], "LICENSE, line 2: not an evidence row"),
    (["report", str(GOOD), "-o", ""], "argument -o/--output: the name is empty."),
    (["jobs", str(GOOD), "-o", " "], "argument -o/--output: the name is empty."),
    (["screenshot", str(GOOD), "-o", ""], "argument -o/--output: the name is empty."),
    (["jobs", str(GOOD), "-o", "LICENSE"], "cannot be written: LICENSE is no folder."),
    (["jobs", str(GOOD), "-o", "LICENSE/deep/er"], "cannot be written: LICENSE is no folder."),
    (["screenshot", str(GOOD), "-o", "a.jpg"], "a.jpg: a screenshot is a PNG file."),
    (["screenshot", str(GOOD), "-o", "none/a.png"], "none/a.png: the folder does not exist."),
    (["screenshot", str(GOOD), "-o", "a.png", "--size", "5x"], '"5x" is no size from 320 to 7680'),
    (["screenshot", str(GOOD), "-o", "a.png", "--scale", "nan"], '"nan" is no factor from 1 to 3'),
    (["screenshot", str(GOOD), "-o", "a.png", "--theme", "blue"], "invalid choice: 'blue'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), ARGUMENTS)
def test_that_bad_arguments_are_refused(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = guarded(arguments)
    out, said = capsys.readouterr()
    assert (status, out) == (2, "")
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_that_an_error_of_ours_is_kept_in_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: list[str]) -> int:
        raise RuntimeError("a secret of the machine room")

    monkeypatch.setattr(program, "run", fail)
    assert guarded([]) == 70
    said = capsys.readouterr().err
    assert "made an error of its own (RuntimeError)" in said
    assert len(said.splitlines()) == 1
    log = Path(said.partition("Details are in ")[2].partition(". Please")[0])
    assert "a secret of the machine room" in log.read_text("utf-8")


def test_that_an_interrupt_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "run", interrupt)
    assert guarded([]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no broken pipes of this kind")
def test_that_a_reader_may_stop_early() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "app", "models", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10).startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
