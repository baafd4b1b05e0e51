"""A model that a plan names: ids with an owner, hints that drop nothing in silence, the extra block."""

from __future__ import annotations

import json

import pytest

from app.plan.check import problems
from app.plan.check_model import has_senses
from app.plan.edits import change_together
from app.plan.files import plan_text
from app.plan.resolve import run_spec
from app.plan.schema import Plan
from app.plan.shapes import VisionShape
from app.words import text
from estimators.catalogue import Catalogue


def of_model(plan: Plan, model: str, **more: object) -> Plan:
    return change_together(plan, {"runs.0.workload.model": model, **more}).apply(plan)


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("google/gemma-2-9b", "Gemma-2-9b"),
        ("meta-llama/Llama-3.1-8B", "Llama-3.1-8B"),
        ("mistralai/Mixtral-8x7B-v0.1", "Mixtral-8x7B-v0.1"),
        ("eurollm-9b", "EuroLLM-9B"),
        ("EuroLLM-9B", "EuroLLM-9B"),
    ],
)
def test_that_an_id_with_its_owner_finds_the_model(
    name: str, identity: str, nordic: Plan, catalogue: Catalogue
) -> None:
    plan = of_model(nordic, name)
    assert problems(plan, catalogue) == ()
    assert run_spec(plan, catalogue).model.id == identity
    assert catalogue.model(name).id == identity


def test_that_every_id_of_the_catalogue_is_found_with_an_owner(catalogue: Catalogue) -> None:
    for identity in catalogue.models:
        if "/" not in identity:
            found = catalogue.find_model(f"somebody/{identity.lower()}")
            assert found is not None
            assert found.id.casefold() == identity.casefold()


@pytest.mark.parametrize(
    "name",
    [
        "Qwen/Qwen2.5-VL-7B-Instruct",
        "Llama-3.2-11B-Vision",
        "mistralai/Pixtral-12B",
        "Phi-4-multimodal-instruct",
    ],
)
def test_that_a_hint_never_drops_a_tower_in_silence(name: str, nordic: Plan, catalogue: Catalogue) -> None:
    (problem,) = problems(of_model(nordic, name), catalogue)
    assert f'names the model "{name}", which the catalogue does not have.' in text(problem.sentence)
    assert "text alone: the part that sees or hears would not be counted." in text(problem.sentence)
    assert "Did you mean" not in text(problem.sentence)


def test_that_other_hints_stay(nordic: Plan, catalogue: Catalogue) -> None:
    (problem,) = problems(of_model(nordic, "utter-project/EuroLM-9B"), catalogue)
    assert 'names the model "utter-project/EuroLM-9B"' in text(problem.sentence)
    assert 'Did you mean "EuroLLM-9B"' in text(problem.sentence)
    assert not has_senses("EuroLLM-9B")
    assert has_senses("vit") is False


def test_that_a_token_prediction_block_reaches_the_science(nordic: Plan, catalogue: Catalogue) -> None:
    key = "runs.0.workload.multi_token_prediction"
    assert "multi_token_prediction" not in plan_text(nordic), "a plan that does not use it stays as it was"
    plain = of_model(nordic, "DeepSeek-V3-671B")
    assert run_spec(plain, catalogue).predicted_ahead == 0
    chosen = of_model(nordic, "DeepSeek-V3-671B", **{key: True})
    assert run_spec(chosen, catalogue).predicted_ahead == 1
    assert json.loads(plan_text(chosen))["revision"] >= 1
    (problem,) = problems(of_model(nordic, "EuroLLM-9B", **{key: True}), catalogue)
    assert (problem.path, "no token-prediction block of EuroLLM" in text(problem.sentence)) == (key, True)
    lacking = of_model(nordic, "DeepSeek-V3-671B", **{key: True, "runs.0.software": "fsdp"})
    (problem,) = problems(lacking, catalogue)
    assert (problem.path, 'Software "megatron" does.' in text(problem.sentence)) == (key, True)
    shape = VisionShape(layers=12, hidden=768, heads=12, ffn=3072)
    own = change_together(
        nordic,
        {"runs.0.workload.model": shape, key: True, "runs.0.data.tokens": None, "runs.0.data.images": 9},
    ).apply(nordic)
    assert [problem.path for problem in problems(own, catalogue)] == [key]
