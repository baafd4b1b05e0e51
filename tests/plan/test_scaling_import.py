"""Measured scaling runs from a CSV file."""

from __future__ import annotations

import pytest

from app.plan.edits import change_together
from app.plan.errors import PlanError
from app.plan.project import ScalingPointInput
from app.plan.resolve import run_spec
from app.plan.scaling_import import read_scaling_csv, with_measured
from app.plan.schema import MeasuredStepInput, Plan
from estimators.catalogue import Catalogue
from tests.spoken import refused


def test_that_points_are_read_with_their_defaults() -> None:
    points = read_scaling_csv(
        "gpus,step_seconds,batch_samples,kind\n4,40.5,512,strong\n\n8,5,64,Weak\n", "lumi-g"
    )
    assert points == (
        ScalingPointInput(machine="lumi-g", gpus=4, step_seconds=40.5, batch_samples=512, kind="strong"),
        ScalingPointInput(machine="lumi-g", gpus=8, step_seconds=5, batch_samples=64, kind="weak"),
    )
    assert with_measured(points, points[:1]) == points


@pytest.mark.parametrize("mark", [";", "\t"])
def test_that_columns_may_be_separated_and_ordered_otherwise(mark: str) -> None:
    text = "\ufeffstep_seconds,machine,gpus,batch_samples\n9,lumi-g,64,512\n".replace(",", mark)
    (point,) = read_scaling_csv(text, None)
    assert (point.machine, point.gpus, point.kind) == ("lumi-g", 64, "strong")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("gpus,seconds\n4,1\n", "step_seconds, batch_samples"),
        ("gpus,step_seconds,batch_samples\n4,fast,512\n", 'Line 2 has "fast" as step_seconds'),
        (
            "gpus,step_seconds,batch_samples\n4,1,512\n0,1,512\n",
            r"Line 3 cannot be used: gpus must be more than 0, not 0\.",
        ),
        (
            "gpus,step_seconds,batch_samples,run_id\n4,1,512,a\x07b\n",
            r"Line 2 cannot be used: run_id holds a character that cannot be printed \(U\+0007\)",
        ),
        ("gpus,step_seconds,batch_samples,kind\n4,1,512,middling\n", "strong or weak"),
        ("gpus,step_seconds,batch_samples\n4,1\n", 'Line 2 has "" as batch_samples'),
    ],
)
def test_that_a_bad_file_is_refused_with_its_line(text: str, words: str) -> None:
    with refused(PlanError, match=words):
        read_scaling_csv(text, "lumi-g")


def test_that_a_machine_must_be_known() -> None:
    with refused(PlanError, match="names no machine"):
        read_scaling_csv("gpus,step_seconds,batch_samples\n4,1,512\n", None)


def test_that_measured_points_feed_the_run_that_they_stand_for(catalogue: Catalogue, nordic: Plan) -> None:
    points = tuple(
        ScalingPointInput(machine="leonardo-booster", gpus=n, step_seconds=t, batch_samples=512)
        for n, t in ((16, 30), (64, 9))
    )
    plan = change_together(
        nordic, {"target.machine": "leonardo-booster", "campaign.scaling": points, "runs.0.gpus": 48}
    ).apply(nordic)
    fed = run_spec(plan, catalogue).measured
    assert fed is not None
    assert (fed.gpus, fed.step_seconds) == (64, 9.0)
    assert run_spec(nordic, catalogue).measured is None


def test_that_a_step_of_the_run_itself_comes_first(catalogue: Catalogue, nordic: Plan) -> None:
    point = ScalingPointInput(machine="leonardo-booster", gpus=64, step_seconds=9, batch_samples=512)
    own = MeasuredStepInput(machine="leonardo-booster", gpus=32, step_seconds=18)
    plan = change_together(nordic, {"campaign.scaling": (point,), "runs.0.measured_step": own}).apply(nordic)
    fed = run_spec(plan, catalogue).measured
    assert fed is not None
    assert fed.gpus == 32
