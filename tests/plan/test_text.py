"""Text of a plan: what no file format can hold is refused where it stands, everything else is kept."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli.guard import guarded
from app.plan.amounts import AmountError
from app.plan.edits import change
from app.plan.errors import PlanError
from app.plan.files import plan_text, read_plan, write_plan
from app.plan.project import OfferInput, ScalingPointInput, UsedHoursInput
from app.plan.project_amounts import parse_date, parse_name
from app.plan.schema import DossierInput, MeasuredStepInput, Plan
from app.plan.shape_errors import value_at
from app.plan.shapes import DecoderShape
from estimators.catalogue import Catalogue
from tests.spoken import refused

ESCAPE = "\x1b[2J"
HALF = "\ud83d"
NOT_PRINTED = {char: f"U+{ord(char):04X}" for char in ("\x00", "\x07", "\x85", "\ufeff", "\ufffe", HALF)}
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
    with refused(PlanError, match="cannot be printed") as caught:
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
    with refused(PlanError, match=r"line break; write it in one line|U\+000D"):
        change(spoken, path, f"a{char}b")


@pytest.mark.parametrize("text", ["😀 火 مرحبا é\u0301 \u202eabc\u202c", "=1+1", "$(reboot)", "#let x"])
def test_that_any_other_text_is_kept_as_it_is(text: str, spoken: Plan, tmp_path: Path) -> None:
    plan = spoken
    for path in ("name", "title", "runs.0.name", "dossier.title", "dossier.summary"):
        plan = change(plan, path, text).apply(plan)
    file = tmp_path / "kept.nodewise.json"
    write_plan(file, plan)
    assert read_plan(file) == plan


@pytest.mark.parametrize("blank", [" ", "\u00a0\u2003 "], ids=ascii)
def test_that_a_name_says_something(blank: str, spoken: Plan) -> None:
    with refused(PlanError, match=r"^runs\[0\].name must not be blank\.$"):
        change(spoken, "runs.0.name", blank)
    assert change(spoken, "title", blank).apply(spoken).title == blank


def test_that_a_title_has_at_most_five_thousand_letters(spoken: Plan) -> None:
    for path in ("title", "dossier.title"):
        assert change(spoken, path, "é" * 5000).apply(spoken).about
        with refused(PlanError, match=f"{path} must have at most 5000 characters"):
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


def test_that_an_unseen_byte_order_mark_is_left_out_of_a_typed_name() -> None:
    assert parse_name("\ufeffMain run").value == "Main run"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("target.start_date", datetime.date(9999, 12, 31)),
        ("target.start_date", datetime.date(1, 1, 1)),
        ("campaign.used", (UsedHoursInput(day=datetime.date(1999, 12, 31), node_hours=1.0),)),
        (
            "campaign.offers",
            (OfferInput(machine="lumi-g", mode="regular", offered=True, as_of=datetime.date(2101, 1, 1)),),
        ),
    ],
)
def test_that_a_day_of_another_age_is_refused(path: str, value: Any, nordic: Plan, tmp_path: Path) -> None:
    file = tmp_path / "old.nodewise.json"
    write_plan(file, change(nordic, path, value).apply(nordic))
    with refused(PlanError, match=r"must lie in the years 2000 to 2100; it is "):
        read_plan(file)


@pytest.mark.parametrize("text", ["31.12.9999", "1999-12-31"])
def test_that_a_typed_day_of_another_age_is_refused(text: str) -> None:
    with refused(AmountError, match="2000 to 2100"):
        parse_date(text)


@pytest.mark.parametrize("machine", ["discoverer", "lumi-ai", "pharos"])
def test_that_nobody_measured_on_a_machine_without_known_gpus(
    machine: str, nordic: Plan, tmp_path: Path, catalogue: Catalogue
) -> None:
    point = ScalingPointInput(machine=machine, gpus=8, step_seconds=3.0, batch_samples=8)
    step = MeasuredStepInput(machine=machine, gpus=8, step_seconds=3.0)
    for path, value in (("campaign.scaling", (point,)), ("runs.0.measured_step", step)):
        file = tmp_path / "measured.nodewise.json"
        write_plan(file, change(nordic, path, value).apply(nordic))
        with refused(PlanError, match=r"machine names .*, whose GPUs are not known\. Name another or"):
            read_plan(file, catalogue)
