"""From measured scaling points to the step that moves the estimate."""

from __future__ import annotations

import math
from collections.abc import Sequence

from estimators.planning.defaults import batch_of
from estimators.planning.records import MeasuredStep
from estimators.requests.records import CampaignRun, ScalingPoint


def points_of(points: Sequence[ScalingPoint], run: CampaignRun, is_main: bool) -> tuple[ScalingPoint, ...]:
    """The points that stand for a run; those without a run stand for the main one."""
    return tuple(p for p in points if p.run_id == run.id or (p.run_id is None and is_main))


def measured_from_scaling(points: Sequence[ScalingPoint], run: CampaignRun) -> MeasuredStep | None:
    """The measured point that says most about a run: nearest in size, then in batch.

    Points of another machine than the run's are no evidence for it. Where the run names no machine every
    point counts, where it names no size the largest one does.
    """
    own = points_of(points, run, run.role == "main")
    wanted = run.spec.machine
    here = [point for point in own if wanted is None or point.machine == wanted]
    if not here:
        return None
    size = run.spec.gpus or max(point.gpus for point in here)
    batch = batch_of(run.spec).samples

    def distance(point: ScalingPoint) -> tuple[float, float]:
        return abs(math.log(point.gpus / size)), abs(math.log(point.batch_samples / batch))

    return step_of(min(here, key=distance))


def step_of(point: ScalingPoint) -> MeasuredStep:
    """A scaling point as the measured step that it is."""
    return MeasuredStep(
        machine=point.machine,
        gpus=point.gpus,
        step_seconds=point.step_seconds,
        batch_samples=point.batch_samples,
        confirmed=point.confirmed,
        is_scaling_point=True,
    )
