"""Reading and writing plan files, and what is said about files that are no plan."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.plan.edits import change
from app.plan.errors import PlanError, shown_path
from app.plan.files import SIZE_LIMIT_BYTES, plan_text, read_plan, write_plan
from app.plan.published_schema import SCHEMA_FILE, schema_text
from app.plan.schema import KEYS_SINCE, REVISION, MeasuredStepInput, Plan
from app.plan.starters import starters
from estimators.catalogue import Catalogue
from tests.spoken import refused

FIXTURES = Path(__file__).parent / "fixtures"
EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.nodewise.json"))


def changed(plan: Plan, path: str, value: Any) -> str:
    """The plan's text with another value (or no key, for ...) at a path."""
    raw = json.loads(plan_text(plan))
    part = raw
    *parents, last = path.split(".")
    for name in parents:
        part = part[int(name)] if name.isdigit() else part[name]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return json.dumps(raw)


def complaint(tmp_path: Path, text: str | bytes, catalogue: Catalogue | None = None) -> str:
    """What is said about a file with this content, without the file's name."""
    path = tmp_path / "bad.nodewise.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(PlanError) as caught:
        read_plan(path, catalogue)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.endswith((".", "?"))
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


@pytest.mark.parametrize("path", [*EXAMPLES, *sorted(FIXTURES.glob("*.nodewise.json"))], ids=lambda p: p.name)
def test_that_a_plan_is_written_as_it_was_read(path: Path, tmp_path: Path, catalogue: Catalogue) -> None:
    plan = read_plan(path, catalogue)
    copy = tmp_path / path.name
    write_plan(copy, plan)
    assert copy.read_bytes() == path.read_bytes()
    assert read_plan(copy) == plan


def test_that_there_are_six_campaigns_and_a_single_run() -> None:
    assert [path.name.split(".nodewise")[0] for path in EXAMPLES] == [
        "experts-30b-a3b",
        "nordic-9b",
        "satellite-vit-l",
        "scratch-1.7b",
        "support-8b",
        "three-sizes",
        "two-languages-9b",
    ]


def test_that_the_published_schema_is_the_present_one() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text()


def test_that_tokens_may_be_written_in_powers_of_ten(nordic: Plan, tmp_path: Path) -> None:
    path = tmp_path / "power.nodewise.json"
    path.write_text(plan_text(nordic).replace("300000000000", "3e11"))
    assert read_plan(path) == nordic


def test_that_a_byte_order_mark_is_no_obstacle(nordic: Plan, tmp_path: Path) -> None:
    path = tmp_path / "bom.nodewise.json"
    path.write_text(plan_text(nordic), encoding="utf-8-sig")
    assert read_plan(path) == nordic


def test_that_a_run_without_a_measured_step_is_written_as_before_there_were_any(nordic: Plan) -> None:
    assert "measured_step" not in plan_text(nordic)


@pytest.mark.parametrize("machine", ["leonardo-booster", "own"])
@pytest.mark.parametrize("batch", [512, None])
def test_that_a_measured_step_survives_its_file(
    machine: str, batch: int | None, nordic: Plan, tmp_path: Path, catalogue: Catalogue
) -> None:
    given = MeasuredStepInput(machine=machine, gpus=16, step_seconds=12.3, batch_samples=batch)
    plan = change(nordic, STEP, given).apply(nordic)
    path = tmp_path / "measured.nodewise.json"
    write_plan(path, plan)
    assert read_plan(path, catalogue).runs[0].measured_step == given


ONE_AMOUNT = 'give exactly one of "tokens", "sequences" or "images".'
NOT_THERE = "which the catalogue does not have."
STEP = "runs.0.measured_step"


def step(**changes: Any) -> dict[str, Any]:
    """A measured step with some keys changed."""
    return {"machine": "leonardo-booster", "gpus": 16, "step_seconds": 12.3} | changes


VALUES: list[tuple[str, Any, str]] = [
    (
        "version",
        7,
        "the plan was made by a newer Nodewise: update Nodewise to open it; the file was not changed.",
    ),
    ("version", 7, "It is of version 7; this program reads up to version 1, revision 1."),
    (
        "revision",
        2,
        "the plan was made by a newer Nodewise: update Nodewise to open it; the file was not changed.",
    ),
    ("revision", "1", "~ must be a whole number from 0 to 1."),
    ("revision", True, "~ must be a whole number from 0 to 1."),
    ("revision", -1, "~ must be a whole number from 0 to 1."),
    ("runs.0.role", "boss", '~ cannot be "boss"; use "test", "ablation", "sweep", "main", "tuning", '),
    (
        "campaign",
        {"applicant": "large company"},
        'applicant cannot be "large company"; use "start-up", "sme",',
    ),
    ("campaign", {"stated_unit": "hours"}, 'stated_unit cannot be "hours"; use "node-hours", "GPU-hours",'),
    ("campaign", {"scaling": [{"kind": "odd"}]}, 'kind cannot be "odd"; use "strong" or "weak".'),
    ("dossier", {"edition": "team only"}, 'dossier.edition cannot be "team only"; use "reviewer" or "team".'),
    ("dossier", {"titel": "x"}, '~ has the key "titel", which is not known there. Did you mean "title"?'),
    (
        "dossier",
        {"language": "Finnish"},
        'dossier.language must be a code of two small letters like "fi", or null.',
    ),
    (
        "dossier",
        {"language": "FI"},
        'dossier.language must be a code of two small letters like "fi", or null.',
    ),
    ("version", "1", "~ must be 1."),
    ("version", True, "~ must be 1."),
    (
        "format",
        "other",
        'is not a Nodewise plan: the key "format" with the value "nodewise-plan" is missing.',
    ),
    ("name", 5, "~ must be text in quotes, not a whole number."),
    ("name", "", "~ must not be empty."),
    ("runs", [], "~ must not be empty."),
    ("runs", {}, "~ must be a list in [ ], not an object in { }."),
    ("runs.0.id", ..., 'runs[0] lacks the key "id"; add it.'),
    ("runs.0.data.tokens", -5, "~ must be more than 0, not -5."),
    ("runs.0.data.tokens", 0, "~ must be more than 0, not 0."),
    ("runs.0.data.tokens", "300B", "~ must be a number or null, not text in quotes."),
    ("runs.0.data.tokens", True, "~ must be a number or null, not true or false."),
    ("runs.0.data.tokens", 2e30, "~ must be at most 1e+18, not 2e+30."),
    ("runs.0.data.tokens", ..., f"runs[0].data has no amount; {ONE_AMOUNT}"),
    ("runs.0.data.images", 5, f"runs[0].data has tokens and images; {ONE_AMOUNT}"),
    ("runs.0.data.passes", 0, "~ must be more than 0, not 0."),
    ("runs.0.data.passes", -0.5, "~ must be more than 0, not -0.5."),
    ("runs.0.data.tokns", 5, 'has the key "tokns", which is not known there. Did you mean "tokens"?'),
    ("runs.0.workload.method", "sft", '~ cannot be "sft"; use "continued-pretraining", "pretraining" or'),
    ("runs.0.workload.model", 3, "~ must be a name from the catalogue or an object with a shape, not a"),
    ("runs.0.workload.model", {"family": "rnn"}, 'family cannot be "rnn"; use "decoder-lm" or "vision-'),
    (
        "runs.0.workload.model",
        "EuroLM-9B",
        f'~ names the model "EuroLM-9B", {NOT_THERE} Did you mean "EuroLLM-9B"',
    ),
    ("runs.0.workload.model", "zzz", f'"zzz", {NOT_THERE} `nodewise models` lists what there is.'),
    (
        "runs.0.workload.model",
        "vit-large-patch16-224",
        'counts text, but the model reads images; give "images".',
    ),
    ("runs.0.layout", {"zero_stage": 4}, '~.zero_stage cannot be "4"; use "0", "1", "2" or "3".'),
    ("target.machine", "leonardo", f'~ names the machine "leonardo", {NOT_THERE} Did you mean "leonardo-'),
    (
        STEP,
        step(machine="leonardo"),
        f'~.machine names the machine "leonardo", {NOT_THERE} Did you mean "leon',
    ),
    (
        STEP,
        step(machine="discoverer"),
        "~.machine names Discoverer, whose GPUs are not known. Name another or",
    ),
    (STEP, step(gpus=0), "~.gpus must be more than 0, not 0."),
    (STEP, step(gpus=2.5), "~.gpus must be a whole number, not a number."),
    (STEP, step(step_seconds=0), "~.step_seconds must be more than 0, not 0."),
    (STEP, step(step_seconds=-12.3), "~.step_seconds must be more than 0, not -12.3."),
    (STEP, step(step_seconds=1e6), "~.step_seconds must be at most 86400, not 1e+06."),
    (STEP, step(batch_samples=0), "~.batch_samples must be more than 0, not 0."),
    (STEP, {"machine": "own", "gpus": 4}, '~ lacks the key "step_seconds"; add it.'),
    (STEP, step(step_second=1), 'has the key "step_second", which is not known there. Did you mean "step_s'),
    (STEP, 12.3, "~ must be an object in { } or null, not a number."),
    ("target.machine", "discoverer", "which has no GPUs. Choose another machine."),
    ("target.deadline_days", -1, "~ must be more than 0, not -1."),
    ("target.start_date", "soon", '~ must be a date like "2026-11-23".'),
    ("own_hardware.gpu", "rtx409", f'~ names the GPU "rtx409", {NOT_THERE} Did you mean "rtx4090"'),
    ("own_hardware.gpus", 0, "~ must be more than 0, not 0."),
]


@pytest.mark.parametrize(("path", "value", "sentence"), VALUES)
def test_that_a_bad_value_is_named_with_its_remedy(
    path: str, value: Any, sentence: str, nordic: Plan, tmp_path: Path, catalogue: Catalogue
) -> None:
    said = complaint(tmp_path, changed(nordic, path, value), catalogue)
    assert sentence.replace("~", shown_path(path)) in said


@pytest.mark.parametrize("newer", [{"version": 2}, {"revision": 2}, {"version": 3, "revision": {"a": 1}}])
def test_that_keys_of_a_newer_file_are_not_called_wrong(
    newer: dict[str, Any], nordic: Plan, tmp_path: Path
) -> None:
    raw = json.loads(plan_text(nordic)) | newer | {"made_by": "nodewise 9", "runs": {"main": 1}, "name": ""}
    said = complaint(tmp_path, json.dumps(raw))
    assert said.startswith("the plan was made by a newer Nodewise: update Nodewise to open it")
    assert "made_by" not in said
    assert "runs" not in said


def test_that_a_plan_says_the_revision_of_the_keys_that_it_uses(nordic: Plan, tmp_path: Path) -> None:
    assert "revision" not in json.loads(plan_text(nordic))
    titled = change(nordic, "dossier.title", "Nordic").apply(nordic)
    assert list(json.loads(plan_text(titled)))[:3] == ["format", "version", "revision"]
    assert json.loads(plan_text(titled))["revision"] == REVISION
    path = tmp_path / "high.nodewise.json"
    path.write_text(changed(nordic, "revision", REVISION))
    assert read_plan(path) == nordic


def test_that_every_key_since_the_first_revision_is_known_to_raise_it() -> None:
    first = set(json.loads((FIXTURES / "v1-keys.json").read_text("utf-8")))
    definitions = json.loads(schema_text())["$defs"]
    now = {f"{name}.{key}" for name, record in definitions.items() for key in record["properties"]}
    added = {key for key in now - first if key.split(".")[0] != "DossierInput"} - {"Plan.revision"}
    assert {key.split(".")[1] for key in added} <= set().union(*KEYS_SINCE.values())


def test_that_the_title_of_the_dossier_wins_over_that_of_an_older_plan(nordic: Plan) -> None:
    assert nordic.about == nordic.title == "9B for Finnish and Swedish"
    assert change(nordic, "dossier.title", "Nordic").apply(nordic).about == "Nordic"


def test_that_a_card_of_the_start_page_brings_no_title() -> None:
    assert [starter.plan.about for starter in starters()] == [""] * len(starters())


def test_that_two_runs_cannot_share_an_id(nordic: Plan, tmp_path: Path) -> None:
    raw = json.loads(plan_text(nordic))
    raw["runs"] *= 2
    assert (
        complaint(tmp_path, json.dumps(raw)) == 'runs[1].id must be unique; another run is called "main" too.'
    )


TEXTS: list[tuple[str | bytes, str]] = [
    ("", "is empty."),
    ("  \n", "is empty."),
    ("{\n  \"format\": \"nodewise-plan\",\n  oops\n}", "is not valid JSON: expecting property name"),
    ("[1, 2]", "the plan is not a Nodewise plan"),
    ("{}", "the plan is not a Nodewise plan"),
    ("null", "the plan is not a Nodewise plan"),
    ('{"a": NaN}', "holds NaN, which is no quantity."),
    ('{"a": -Infinity}', "holds -Infinity, which is no quantity."),
    ('{"a": 1e999}', "holds 1e999, which is too large."),
    ('{"a": ' + "9" * 5000 + "}", "holds a number of 5000 digits."),
    ('{"a": 1, "a": 2}', 'has the key "a" twice in one object.'),
    ("[" * 200_000, "is nested too deeply"),
    (b"\x89PNG\r\n\x1a\n\x00\xff", "is not text in UTF-8"),
    (b" " * (SIZE_LIMIT_BYTES + 1), "is larger than 1 MB"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), TEXTS, ids=range(len(TEXTS)))
def test_that_a_file_that_is_no_plan_is_refused_in_a_sentence(
    text: str | bytes, sentence: str, tmp_path: Path
) -> None:
    assert complaint(tmp_path, text).startswith(sentence)


def test_that_malformed_json_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "in line 3, column 3" in complaint(tmp_path, '{\n  "format": "nodewise-plan",\n  oops\n}')


def test_that_a_missing_file_a_folder_and_a_closed_file_are_refused(tmp_path: Path) -> None:
    with refused(PlanError, match=r"none\.json: does not exist\."):
        read_plan(tmp_path / "none.json")
    with refused(PlanError, match=r"is a folder\."):
        read_plan(tmp_path)
    with refused(PlanError, match=r"cannot be read"):
        read_plan(Path("nul\0byte"))


def test_that_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "closed.nodewise.json").touch()
    monkeypatch.setattr(os, "open", denied)  # root, who runs tests in containers, may read everything
    with refused(PlanError, match="cannot be read: Permission denied"):
        read_plan(tmp_path / "closed.nodewise.json")


def test_that_a_failed_write_leaves_the_old_file_and_no_other(
    nordic: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "plan.nodewise.json"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with refused(PlanError, match="cannot be written: No space left on device"):
        write_plan(path, nordic)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with refused(PlanError, match="cannot be written: No such file or directory"):
        write_plan(tmp_path / "none" / "plan.nodewise.json", nordic)


def test_that_writing_keeps_permissions_and_links(nordic: Plan, tmp_path: Path) -> None:
    path, link = tmp_path / "plan.nodewise.json", tmp_path / "link.nodewise.json"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_plan(link, nordic)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert read_plan(path) == nordic
