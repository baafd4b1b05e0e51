"""Text of a plan: what no file format can hold is refused where it stands, everything else is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli.faults import guarded
from app.plan.edits import change
from app.plan.errors import PlanError
from app.plan.files import plan_text, read_plan, write_plan
from app.plan.schema import DecoderShape, DossierInput, Plan
from app.plan.shape_errors import value_at

ESCAPE = "\x1b[2J"
HALF = "\ud83d"
NOT_PRINTED = {"\x00": "U+0000", "\x07": "U+0007", "\x85": "U+0085", "\ufffe": "U+FFFE", HALF: "U+D83D"}
FIELDS = (
    "name",
    "title",
    "runs.0.id",
    "runs.0.name",
    "runs.0.workload.model.name",
    "dossier.title",
    "dossier.applicant_name",
    "dossier.summary",
)
SHAPE = DecoderShape(layers=2, hidden=64, heads=4, ffn=128, vocab=1000)


@pytest.fixture
def spoken(nordic: Plan) -> Plan:
    """A plan in which every kind of text can be set."""
    run = nordic.runs[0]
    workload = msgspec.structs.replace(run.workload, model=SHAPE)
    runs = (msgspec.structs.replace(run, workload=workload, measured_step=None),)
    return msgspec.structs.replace(nordic, runs=runs, dossier=DossierInput(title="A title"))


def with_text(plan: Plan, path: str, text: str) -> str:
    """The file of a plan with a text at a path."""
    raw: dict[str, Any] = json.loads(plan_text(plan))
    *parents, last = path.split(".")
    value_at(raw, ".".join(parents))[last] = text
    return json.dumps(raw)


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("char", NOT_PRINTED)
def test_that_what_cannot_be_printed_is_refused_at_its_field(
    path: str, char: str, spoken: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = f"holds a character that cannot be printed ({NOT_PRINTED[char]}); remove it."
    with pytest.raises(PlanError, match="cannot be printed") as caught:
        change(spoken, path, f"a{char}b")
    place = path.replace(".0", "[0]")
    assert str(caught.value) == f"{place} {sentence}"
    file = tmp_path / "odd.nodewise.json"
    file.write_text(with_text(spoken, path, f"a{char}b"), encoding="utf-8")
    assert guarded(["compare", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}: {place} {sentence}\n"


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("char", ["\n", "\r", "\u2028"])
def test_that_a_line_break_stands_only_where_there_are_lines(path: str, char: str, spoken: Plan) -> None:
    if path == "dossier.summary" and char != "\r":
        assert change(spoken, path, f"a{char}b").apply(spoken).dossier.summary == f"a{char}b"
        return
    with pytest.raises(PlanError, match=r"line break; write it in one line|U\+000D"):
        change(spoken, path, f"a{char}b")


@pytest.mark.parametrize("text", ["😀 火 مرحبا é\u0301 \u202eabc\u202c", "=1+1", "$(reboot)", "#let x"])
def test_that_any_other_text_is_kept_as_it_is(text: str, spoken: Plan, tmp_path: Path) -> None:
    plan = spoken
    for path in ("name", "title", "runs.0.name", "dossier.title", "dossier.summary"):
        plan = change(plan, path, text).apply(plan)
    file = tmp_path / "kept.nodewise.json"
    write_plan(file, plan)
    assert read_plan(file) == plan


def test_that_a_title_has_at_most_five_thousand_letters(spoken: Plan) -> None:
    for path in ("title", "dossier.title"):
        assert change(spoken, path, "é" * 5000).apply(spoken).about
        with pytest.raises(PlanError, match=f"{path} must have at most 5000 characters"):
            change(spoken, path, "é" * 5001)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"method"', json.dumps(f"{HALF}{ESCAPE}")),
        ('"continued-pretraining"', json.dumps(f"{HALF}{ESCAPE}")),
        ('"nodewise-plan"', json.dumps(f"{HALF}{ESCAPE}")),
    ],
)
def test_that_a_sentence_about_bad_text_does_not_steer_the_terminal(
    old: str, new: str, nordic: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.nodewise.json"
    text = plan_text(nordic)
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert guarded(["compare", str(file)]) == 2
    said = capsys.readouterr().err
    assert said.endswith("\n")
    assert said.count("\n") == 1
    assert "\x1b" not in said
    said.encode("utf-8")


def test_that_a_file_name_that_is_no_text_is_named_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(["compare", f"{tmp_path}/a\udcff{ESCAPE}.json"]) == 2
    said = capsys.readouterr().err
    assert "does not exist" in said
    assert r"a\udcff\x1b[2J.json" in said
