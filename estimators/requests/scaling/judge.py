"""Whether measured scaling points can be true, by the rule for every measured step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu, Machine
from estimators.planning.plausible import refuse_far, refuse_impossible
from estimators.planning.prepare import work_of
from estimators.planning.records import MeasuredStep, RunSpec
from estimators.planning.targets import OWN
from estimators.requests.records import CampaignRun, ScalingPoint
from estimators.requests.scaling.feed import points_of, step_of
from estimators.requests.scaling.model import modelled_steps


def judge_points(
    points: Sequence[ScalingPoint],
    runs: Sequence[CampaignRun],
    main_id: str,
    machine: Machine,
    catalogue: Catalogue,
    calibration: Calibration | None = None,
) -> None:
    """Lets pass what the devices could do and what lies near its prediction or was confirmed.

    Only points of the machine asked for are held against a prediction: the others are shown and prove
    nothing. A size that no layout fits has none, nor one over nodes whose network is not published.

    Args:
        machine: The one asked for.

    Raises:
        MeasuredStepError: A point cannot be true.
        FarStepError: A point lies far from its prediction and nobody confirmed it.
    """
    for run in runs:
        own = points_of(points, run, run.id == main_id)
        if not own:
            continue
        work = work_of(run.spec)
        for point in own:
            gpu = _card(point.machine, run.spec, catalogue)
            if gpu is not None:
                refuse_impossible(step_of(point), work, point.batch_samples, run.spec.precision, gpu)
        here = [step_of(point) for point in own if point.machine == machine.id]
        _hold_to_prediction(here, run.spec, machine, catalogue, calibration)


def _hold_to_prediction(
    steps: Sequence[MeasuredStep],
    spec: RunSpec,
    machine: Machine,
    catalogue: Catalogue,
    calibration: Calibration | None,
) -> None:
    sizes = [(step.gpus, step.batch_samples or 0) for step in steps]
    if not sizes:
        return
    predicted = modelled_steps(replace(spec, measured=None), machine, catalogue, sizes, calibration)
    for step, size in zip(steps, sizes, strict=True):
        if size in predicted and math.isfinite(predicted[size].seconds):
            refuse_far(step, predicted[size].seconds)


def _card(machine: str, spec: RunSpec, catalogue: Catalogue) -> Gpu | None:
    if machine == OWN:
        return catalogue.gpus.get(spec.own.gpu)
    known = catalogue.machines.get(machine)
    return catalogue.gpus.get(known.gpu or "") if known is not None else None
