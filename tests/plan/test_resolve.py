"""From a plan to the terms of the science."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.plan.edits import change, change_together
from app.plan.errors import PlanError
from app.plan.files import parse_plan, plan_text, read_plan
from app.plan.resolve import run_spec
from app.plan.schema import DataInput, LayoutInput, Plan
from app.plan.shapes import DecoderShape, VisionShape
from app.plan.starters import starters
from estimators.catalogue import Catalogue
from estimators.catalogue.architectures import Image, Text
from estimators.planning.records import LayoutChoice, MeasuredStep
from tests.spoken import refused

FIXTURE = Path(__file__).parent / "fixtures" / "v1.nodewise.json"


def test_that_tokens_become_sequences(nordic: Plan, catalogue: Catalogue) -> None:
    spec = run_spec(nordic, catalogue)
    assert spec.model.id == "EuroLLM-9B"
    assert spec.sample == Text(4096)
    assert spec.samples * spec.positions == 300e9
    assert spec.deadline_seconds == 42 * 86400
    assert (spec.machine, spec.own.gpu, spec.own.gpus) == ("leonardo-booster", "rtx4090", 4)
    assert spec.global_batch_samples is None


def test_that_every_key_of_the_file_reaches_the_science(catalogue: Catalogue) -> None:
    plan = read_plan(FIXTURE, catalogue)
    spec = run_spec(plan, catalogue)
    assert (spec.precision, spec.software, spec.gpus, spec.passes) == ("fp8", "fsdp", 128, 1.5)
    assert spec.global_batch_samples == 4_194_304 // 8192
    layout = spec.layout
    assert (layout.tensor_parallel, layout.pipeline_parallel, layout.context_parallel) == (2, 4, 1)
    assert (layout.zero_stage, layout.micro_batch, layout.recompute) == (1, 2, "selective")
    assert spec.measured == MeasuredStep("leonardo-booster", 16, 12.3, 512)
    own = run_spec(plan, catalogue, "own")
    assert own.measured == MeasuredStep("own", 4, 2.0)
    assert (own.model.architecture.layers, own.model.architecture.tied_embeddings, own.samples) == (
        24,
        True,
        1_000_000,
    )
    assert (own.positions, own.global_batch_samples) == (4096, 512)
    pictures = run_spec(plan, catalogue, "pictures")
    assert pictures.measured is None
    assert pictures.positions == 24 * 24 + 1
    assert (pictures.samples, pictures.sample) == (1e8, Image(384))


def test_that_finer_choices_of_the_layout_reach_the_science(nordic: Plan, catalogue: Catalogue) -> None:
    before = run_spec(nordic, catalogue).layout
    assert before == LayoutChoice(), "a plan without them leaves all to the search"
    layout = LayoutInput(
        schedule="zero-bubble", context_kind="ulysses", shard_group=8, recipe="delayed", expert_capacity=1
    )
    plan = change(nordic, f"runs.{nordic.runs.index(nordic.run())}.layout", layout).apply(nordic)
    found = run_spec(parse_plan(plan_text(plan)), catalogue).layout
    assert found == LayoutChoice(
        schedule="zero-bubble", context_kind="ulysses", shard_group=8, recipe="delayed", expert_capacity=1.0
    )


def test_that_a_small_batch_is_at_least_one_sequence(nordic: Plan, catalogue: Catalogue) -> None:
    plan = change(nordic, "runs.0.data.global_batch_tokens", 100).apply(nordic)
    assert run_spec(plan, catalogue).global_batch_samples == 1


def test_that_a_run_that_does_not_exist_is_refused(nordic: Plan, catalogue: Catalogue) -> None:
    with refused(PlanError, match=r'the plan has no run "mian"\. Did you mean "main"\?'):
        run_spec(nordic, catalogue, "mian")


def test_that_a_plan_with_a_problem_is_not_resolved(nordic: Plan, catalogue: Catalogue) -> None:
    plan = change(nordic, "target.machine", "atlantis").apply(nordic)
    with refused(PlanError, match="atlantis"):
        run_spec(plan, catalogue)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (DecoderShape(layers=2, hidden=100, heads=3, ffn=4, vocab=5), "heads must divide hidden"),
        (
            DecoderShape(layers=2, hidden=64, heads=8, kv_heads=3, ffn=4, vocab=5),
            "kv_heads must divide heads",
        ),
        (VisionShape(layers=2, hidden=64, heads=8, ffn=4, patch_pixels=15), "patch_pixels must divide image"),
    ],
)
def test_that_an_impossible_shape_is_refused(
    shape: DecoderShape | VisionShape, sentence: str, nordic: Plan, catalogue: Catalogue
) -> None:
    data = DataInput(images=5) if isinstance(shape, VisionShape) else DataInput(tokens=5)
    plan = change_together(nordic, {"runs.0.workload.model": shape, "runs.0.data": data}).apply(nordic)
    with refused(PlanError, match=sentence):
        run_spec(plan, catalogue)


@pytest.mark.parametrize("starter", starters(), ids=lambda starter: starter.id)
def test_that_every_start_gives_a_complete_plan(starter: object, catalogue: Catalogue) -> None:
    plan = starter.plan  # type: ignore[attr-defined]
    assert parse_plan(plan_text(plan), catalogue) == plan
    assert run_spec(plan, catalogue).samples > 0


def test_that_equal_runs_are_one_key(nordic: Plan, catalogue: Catalogue) -> None:
    """An answer can be kept by the run that it answers, whichever time the plan was read."""
    kept = {run_spec(nordic, catalogue): "answer"}
    assert kept[run_spec(nordic, catalogue)] == "answer"
    assert replace(run_spec(nordic, catalogue), sample=Text(2048)) not in kept
