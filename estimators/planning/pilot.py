"""A step that the user measured moves the estimate and narrows its range.

Bayesian update of the log ratio of true to predicted time (planning notes, section 8): the prior is the
held-out error of the physics, the measurement has a spread of its own from run to run. It speaks for the card
that it was measured on; other cards keep their range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimators.parallel.search import search
from estimators.parameters import Coefficients
from estimators.planning.plausible import MeasuredStepError, refuse_far, refuse_impossible
from estimators.planning.prepare import Prepared
from estimators.planning.records import MeasuredStep
from estimators.planning.targets import Target
from estimators.words import Amount, Name, Said, say

Column = NDArray[np.float64]
MEASURED_LOG_WIDTH = 0.08
"""Spread of one measured run against the long one: 1 % on one machine, up to 15 % on a shared network."""
P90_OF_NORMAL = 1.2816


@dataclass(frozen=True, slots=True, eq=False)
class Pilot:
    """What a measured step changes, for every pair.

    Attributes:
        factor: True step time over the predicted one, as now believed; 1 for cards not measured.
        narrowing: Width of the log range against the one without the measurement.
        predicted_seconds: Of the measured step; None where none was measured.
    """

    factor: Column
    narrowing: Column
    predicted_seconds: float | None = None


def no_pilot(pairs: int) -> Pilot:
    """Nothing was measured."""
    return Pilot(np.ones(pairs), np.ones(pairs))


def posterior(log_ratio: float, prior_width: float) -> tuple[float, float]:
    """Mean and width of the log ratio after one measurement, both widths being standard deviations."""
    weight = prior_width**2 / (prior_width**2 + MEASURED_LOG_WIDTH**2)
    return weight * log_ratio, float(np.sqrt(weight) * MEASURED_LOG_WIDTH)


def pilot_update(prepared: Prepared, half_width: Column, coefficients: Coefficients) -> Pilot:
    """The update by `spec.measured`.

    Args:
        half_width: ln(P90 ÷ P50) of every pair without the measurement.

    Raises:
        MeasuredStepError: The measured machine is not among the targets, no layout fits the measured run, or
            its step cannot be true.
        FarStepError: The step lies far from the prediction and nobody confirmed it.
    """
    measured = prepared.spec.measured
    if measured is None:
        return no_pilot(prepared.problem.pair_gpus.size)
    row = _measured_target(prepared, measured)
    batch = float(measured.batch_samples or prepared.batch.samples)
    precision, gpu = prepared.spec.precision, prepared.targets[row].gpu
    refuse_impossible(measured, prepared.work, batch, precision, gpu)
    predicted = _predicted_seconds(prepared, measured, row, batch, coefficients)
    if not math.isfinite(predicted):
        raise MeasuredStepError(_beyond_one_node(prepared.targets[row], measured))
    refuse_far(measured, predicted)
    log_ratio = float(np.log(measured.step_seconds / predicted))
    same = np.array([target.gpu.id == gpu.id for target in prepared.targets])[prepared.pair_target]
    if not same.any():
        return Pilot(np.ones(same.size), np.ones(same.size), predicted)
    prior = float(np.min(half_width[same])) / P90_OF_NORMAL
    mean, width = posterior(log_ratio, prior)
    return Pilot(np.where(same, np.exp(mean), 1.0), np.where(same, width / prior, 1.0), predicted)


def _measured_target(prepared: Prepared, measured: MeasuredStep) -> int:
    for i, target in enumerate(prepared.targets):
        if target.machine.id == measured.machine:
            return i
    raise MeasuredStepError(
        say(
            "A step was measured on {machine}, which cannot be computed. Name a machine of the table.",
            machine=Name(measured.machine),
        )
    )


def _beyond_one_node(target: Target, measured: MeasuredStep) -> Said:
    """Why a step over several nodes has no prediction: nothing is known of the network between them."""
    name = target.machine.short_name or target.machine.name
    return say(
        "A step was measured on {gpus} GPUs, but {machine} has {n} in a node, "
        "and no network between nodes is known. Check the GPUs of the measured step.",
        gpus=Amount(measured.gpus, form="fixed"),
        machine=Name(name),
        n=Amount(target.devices_per_node, form="fixed"),
    )


def _predicted_seconds(
    prepared: Prepared, measured: MeasuredStep, row: int, batch: float, coefficients: Coefficients
) -> float:
    """Predicted seconds of a step of the measured size on the measured devices."""
    problem = replace(
        prepared.problem,
        batch=batch,
        pair_system=np.array([row], dtype=np.intp),
        pair_gpus=np.array([float(measured.gpus)]),
    )
    found = search(problem, prepared.devices, prepared.fabric, coefficients)
    best = int(found.best[0])
    if best < 0:
        raise MeasuredStepError(
            say(
                "No layout of this model fits {gpus} GPUs with {n} samples in a step. Check "
                "the GPUs and the batch of the measured step.",
                gpus=Amount(measured.gpus, form="fixed"),
                n=Amount(batch, form="fixed"),
            )
        )
    samples = float(found.layouts.batch_samples[best])
    return float(found.steps.total[best]) * batch / samples
