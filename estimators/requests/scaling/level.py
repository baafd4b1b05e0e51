"""Modelled steps brought to the level of measured ones: the model gives the shape, the points the height."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from estimators.requests.scaling.model import ModelledStep
from estimators.requests.scaling.table import Size

Steps = Mapping[tuple[int, int], ModelledStep]


def levelled(steps: Steps, plain: Steps, measured: Iterable[Size]) -> dict[tuple[int, int], ModelledStep]:
    """Steps between and beyond measured points, so that neighbours of one table compare.

    The ratio of measured to modelled time is interpolated over the logarithm of the devices and held beyond
    the ends; relative ranges stay.

    Args:
        steps: Modelled steps with their ranges.
        plain: Modelled steps of the same sizes and of the measured ones, without any measurement.
    """
    keyed = [((size.gpus, size.batch_samples), size) for size in measured]
    known = sorted((size.gpus, size.step_seconds / plain[key].seconds) for key, size in keyed if key in plain)
    if not known:
        return dict(steps)
    gpus = np.log([count for count, _ in known])
    ratios = np.log([ratio for _, ratio in known])
    moved = {}
    for key, step in steps.items():
        ratio = math.exp(float(np.interp(math.log(step.gpus), gpus, ratios)))
        factor = plain[key].seconds * ratio / step.seconds if key in plain else 1.0
        moved[key] = replace(
            step,
            seconds=step.seconds * factor,
            low_seconds=step.low_seconds * factor,
            high_seconds=step.high_seconds * factor,
        )
    return moved
