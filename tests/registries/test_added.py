"""A family and a method that are added in a file each are everywhere where those of the product are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.cases import published, write
from tests.registries.conftest import CARD, Run

Nodewise = Callable[..., str]
Plan = Callable[..., Path]
NAMED = {"model": "Mixer-1B", "method": "rehearsed"}
SHAPE = {"family": "token-mixer", "name": "Our mixer", "layers": 24, "width": 2048, "vocab": 32_000}


def machine_hours(text: str) -> dict[str, float]:
    """Middle GPU-hours by machine, from the output of `compare --json`."""
    answers = json.loads(text)["machines"]
    return {one["id"]: one["gpu_hours"]["p50"] for one in answers if one["fits"]}


def test_that_the_model_is_listed_as_one_that_can_be_estimated(nodewise: Nodewise) -> None:
    (line,) = [row for row in nodewise("models", "--search", "mixer").splitlines() if "Mixer-1B" in row]
    assert "token-mixer" in line
    assert line.rstrip().endswith("yes")
    listed = json.loads(nodewise("models", "--search", "mixer", "--json"))["models"]
    assert listed[0]["architecture"] == CARD["architecture"]


def test_that_the_schema_of_plans_has_its_shape_and_the_method(run: Run) -> None:
    schema = json.loads(run("-m", "app.plan.published_schema").stdout)["$defs"]
    shape = schema["TokenMixerShape"]
    assert shape["properties"]["family"]["enum"] == ["token-mixer"]
    assert set(shape["required"]) == {"family", "layers", "width", "vocab"}
    assert shape["description"] == "Shape of a token mixer that the catalogue does not have."
    assert "Gate" in schema
    assert "rehearsed" in schema["WorkloadInput"]["properties"]["method"]["enum"]


def test_that_a_plan_of_it_is_estimated_compared_and_explained(nodewise: Nodewise, plan: Plan) -> None:
    path = plan(NAMED, tokens=20_000_000_000)
    nodewise("check", path)
    why = json.dumps(json.loads(nodewise("estimate", path, "--json"))["explanation"])
    assert '"Documents"' in why
    assert "counted from the shape of Mixer 1B" in why
    twice = nodewise("compare", path, "--json")
    assert "Batch of 256 documents, as mixers are trained." in twice
    assert "No measured run of a token mixer in the evidence: the range is wider." in twice
    once = nodewise("compare", plan({**NAMED, "method": "pretraining"}, tokens=20_000_000_000), "--json")
    hours, plain = machine_hours(twice), machine_hours(once)
    assert plain
    assert all(1.3 * plain[machine] < hours[machine] < 2.2 * plain[machine] for machine in plain)


def test_that_a_shape_of_ones_own_is_estimated_as_the_catalogues(nodewise: Nodewise, plan: Plan) -> None:
    named = machine_hours(nodewise("compare", plan(NAMED, sequences=1e7), "--json"))
    own = machine_hours(nodewise("compare", plan({**NAMED, "model": SHAPE}, sequences=1e7), "--json"))
    assert own == pytest.approx(named, rel=1e-12)
    gated = {**SHAPE, "gate": {"inner": 8192}}
    more = machine_hours(nodewise("compare", plan({**NAMED, "model": gated}, sequences=1e7), "--json"))
    assert all(more[machine] > own[machine] for machine in own)


@pytest.mark.parametrize(
    ("workload", "data", "sentence"),
    [
        (
            {**NAMED, "model": {**SHAPE, "width": 100}},
            {"tokens": 1e9},
            "width must be a multiple of 8, not 100.",
        ),
        (NAMED, {"images": 1e6}, 'counts images, but the model reads text; give "tokens".'),
        ({**NAMED, "method": "rehearsing"}, {"tokens": 1e9}, '"full-finetuning" or "rehearsed"'),
        (
            {**NAMED, "model": {**SHAPE, "family": "mixer"}},
            {"tokens": 1e9},
            '"decoder-lm", "vision-transformer" or "token-mixer"',
        ),
    ],
)
def test_that_a_bad_plan_of_it_is_refused_in_words(
    workload: dict[str, Any], data: dict[str, float], sentence: str, run: Run, plan: Plan
) -> None:
    done = run("-m", "app", "check", plan(workload, **data))
    assert done.returncode == 2
    assert sentence in done.stderr


def test_that_the_menus_offer_both(run: Run) -> None:
    done = run(
        "-c",
        "from app.present.inputs import METHODS, model_choices, model_words, named_model\n"
        "from estimators import load_catalogue\n"
        "catalogue = load_catalogue()\n"
        "from app.words import text\n"
        "models = [(text(name), key) for name, key in model_choices(catalogue)]\n"
        "print((text(METHODS[-1][0]), METHODS[-1][1]), ('Mixer 1B', 'Mixer-1B') in models)\n"
        "print(model_words(named_model('Mixer-1B', catalogue)))\n"
        "from app.present.evidence import MODELS\n"
        "print((text(MODELS[-1][0]), MODELS[-1][1]))\n",
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "('Rehearsed, every sample twice', 'rehearsed') True",
        "936\u202fM parameters, token mixer",
        "('Token mixers', 'mixer-lm')",
    ]


def test_that_the_dossier_names_both(nodewise: Nodewise, plan: Plan, tmp_path: Path) -> None:
    path = plan(NAMED, tokens=20_000_000_000)
    for name in ("dossier.md", "dossier.json"):
        nodewise("report", path, "-o", tmp_path / name, "--edition", "team")
    text = (tmp_path / "dossier.md").read_text(encoding="utf-8")
    assert "Rehearsed training of Mixer 1B" in text
    assert "token mixer" in text
    runs = json.loads((tmp_path / "dossier.json").read_text(encoding="utf-8"))["runs"]
    assert {(one["run"]["spec"]["card"], one["run"]["spec"]["method"]) for one in runs} == {
        ("Mixer-1B", "rehearsed")
    }


def test_that_no_job_is_written_which_no_launcher_has(run: Run, plan: Plan, tmp_path: Path) -> None:
    done = run("-m", "app", "jobs", plan(NAMED, tokens=20_000_000_000), "-o", tmp_path / "jobs")
    assert done.returncode != 0
    assert "no job files are written for a token mixer yet" in done.stderr


def test_that_published_runs_of_it_are_predicted(nodewise: Nodewise, tmp_path: Path) -> None:
    changes = {"family": "mixer-lm", "model": "Mixer-1B", "model_key": None, "architecture": {}}
    rows = [
        published(id="twice", method="rehearsed", **changes),
        published(id="once", method="pretrain", **changes),
        published(id="unknown", family="mixer-lm", model="Another mixer", model_key=None),
        published(id="decoder"),
    ]
    nodewise("evidence", write(tmp_path / "rows.jsonl", *rows), "--json", tmp_path / "found.json")
    found = {one["id"]: one for one in json.loads((tmp_path / "found.json").read_text("utf-8"))["rows"]}
    assert found["unknown"]["skipped"] == "neither a shape nor a parameter count is published"
    assert found["decoder"]["predicted"] > 0
    assert 1.3 < found["twice"]["predicted"] / found["once"]["predicted"] < 2.2
    once, decoder = found["once"], found["decoder"]
    assert once["p90"] / once["predicted"] > decoder["p90"] / decoder["predicted"]
