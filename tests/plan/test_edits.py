"""Edits keep paths, can be undone, and merge while a control is dragged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.plan.edits import change, change_together, value_at
from app.plan.errors import PlanError
from app.plan.schema import DataInput, LayoutInput, MeasuredStepInput, Plan
from app.plan.shapes import DecoderShape
from app.words import text
from tests.spoken import refused

STEP = MeasuredStepInput(machine="own", gpus=16, step_seconds=12.3)
LABELS: list[tuple[str, Any, str]] = [
    ("runs.0.data.tokens", 400_000_000_000, "Change tokens to 400\u202fB"),
    ("runs.0.workload.model", "Llama-3.1-8B", "Change model to Llama-3.1-8B"),
    ("runs.0.workload.method", "pretraining", "Change method to pre-training"),
    ("runs.0.software", None, "Change software to the default"),
    ("runs.0.layout.zero_stage", 3, "Change ZeRO stage to 3"),
    ("target.deadline_days", 14, "Change deadline to 2 weeks"),
    ("target.machine", None, "Change machine to the default"),
    ("own_hardware.gpus", 8, "Change your GPUs to 8"),
    ("runs.0.measured_step", STEP, "Change measured step to 12.3 s on 16 GPUs"),
    ("runs.0.data.passes", 2.5, "Change passes to 2.5"),
]


@pytest.mark.parametrize(("path", "value", "label"), LABELS)
def test_that_an_edit_is_named_applied_and_taken_back(
    path: str, value: Any, label: str, nordic: Plan
) -> None:
    edit = change(nordic, path, value)
    after = edit.apply(nordic)
    assert text(edit.label) == label
    assert value_at(after, path) == value
    assert edit.revert(after) == nordic


def test_that_an_edit_of_one_run_leaves_the_others(nordic: Plan) -> None:
    two = change(nordic, "runs", (nordic.runs[0], nordic.runs[0])).apply(nordic)
    after = change(two, "runs.1.name", "Second").apply(two)
    assert [run.name for run in after.runs] == ["Main run", "Second"]


def test_that_several_inputs_change_in_one_step(nordic: Plan) -> None:
    edit = change_together(
        nordic,
        {"runs.0.workload.model": "vit-large-patch16-224", "runs.0.data": DataInput(images=10**8)},
    )
    assert text(edit.label) == "Change model to vit-large-patch16-224"
    assert edit.apply(nordic).runs[0].data.images == 10**8
    assert edit.revert(edit.apply(nordic)) == nordic


def test_that_dragging_makes_one_step_of_many(nordic: Plan) -> None:
    first = change(nordic, "runs.0.data.tokens", 310_000_000_000)
    later = change(first.apply(nordic), "runs.0.data.tokens", 400_000_000_000)
    merged = first.merged_with(later)
    assert merged is not None
    assert merged.label == later.label
    assert merged.apply(nordic).runs[0].data.tokens == 400_000_000_000
    assert merged.revert(merged.apply(nordic)) == nordic
    assert first.merged_with(change(nordic, "target.deadline_days", 10)) is None


def test_that_a_measured_step_comes_and_goes(nordic: Plan) -> None:
    with_step = change(nordic, "runs.0.measured_step", STEP)
    plan = with_step.apply(nordic)
    slower = change(plan, "runs.0.measured_step.step_seconds", 15)
    assert slower.apply(plan).runs[0].measured_step.step_seconds == 15  # type: ignore[union-attr]
    none = change(plan, "runs.0.measured_step", None)
    assert text(none.label) == "Change measured step to none"
    assert none.apply(plan) == nordic
    with refused(PlanError, match=r"measured_step\.gpus must be more than 0"):
        change(plan, "runs.0.measured_step.gpus", 0)


def test_that_setting_the_same_value_is_no_edit(nordic: Plan) -> None:
    assert change(nordic, "runs.0.data.tokens", 300_000_000_000).is_empty


def test_that_a_shape_of_ones_own_can_stand_for_the_model(nordic: Plan) -> None:
    shape = DecoderShape(layers=24, hidden=2048, heads=16, ffn=5632, vocab=128_000)
    edit = change(nordic, "runs.0.workload.model", shape)
    assert text(edit.label) == "Change model to Your model"
    deeper = change(edit.apply(nordic), "runs.0.workload.model.layers", 30)
    assert value_at(deeper.apply(edit.apply(nordic)), "runs.0.workload.model.layers") == 30


@pytest.mark.parametrize(
    "path", ["runs.1.name", "runs.-1.name", "runs.x", "nothing", "target.machine.id", ""]
)
def test_that_a_path_that_does_not_exist_is_refused(path: str, nordic: Plan) -> None:
    with refused(PlanError, match="the plan has no input"):
        change(nordic, path, 1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("runs.0.data.tokens", -1),
        ("runs.0.data.tokens", float("nan")),
        ("runs.0.data.tokens", float("inf")),
        ("runs.0.data.tokens", "many"),
        ("runs.0.workload.method", "magic"),
        ("runs", ()),
        ("runs.0.layout", None),
    ],
)
def test_that_a_value_of_the_wrong_kind_is_refused(path: str, value: Any, nordic: Plan) -> None:
    with pytest.raises(PlanError):
        change(nordic, path, value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.just("runs.0.data.tokens"), st.integers(1, 10**15))
        | st.tuples(st.just("target.deadline_days"), st.none() | st.integers(1, 1000))
        | st.tuples(st.just("runs.0.layout"), st.just(LayoutInput(tensor_parallel=4)))
        | st.tuples(st.just("runs.0.layout.tensor_parallel"), st.none() | st.integers(1, 8)),
        max_size=8,
    )
)
def test_that_undoing_all_edits_gives_the_plan_back(nordic: Plan, inputs: list[tuple[str, Any]]) -> None:
    plan, edits = nordic, []
    for path, value in inputs:
        edits.append(change(plan, path, value))
        plan = edits[-1].apply(plan)
    for edit in reversed(edits):
        plan = edit.revert(plan)
    assert plan == nordic
