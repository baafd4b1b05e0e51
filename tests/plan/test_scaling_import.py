"""Measured scaling runs from a CSV file."""

from __future__ import annotations

import pytest

from app.plan.errors import PlanError
from app.plan.scaling_import import read_scaling_csv, with_measured
from app.plan.schema import ScalingPointInput


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
        ("gpus,step_seconds,batch_samples\n4,1,512\n0,1,512\n", "Line 3 cannot be used"),
        ("gpus,step_seconds,batch_samples,kind\n4,1,512,middling\n", "strong or weak"),
        ("gpus,step_seconds,batch_samples\n4,1\n", 'Line 2 has "" as batch_samples'),
    ],
)
def test_that_a_bad_file_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        read_scaling_csv(text, "lumi-g")


def test_that_a_machine_must_be_known() -> None:
    with pytest.raises(PlanError, match="names no machine"):
        read_scaling_csv("gpus,step_seconds,batch_samples\n4,1,512\n", None)
