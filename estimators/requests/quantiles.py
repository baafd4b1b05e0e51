"""Quantiles of runs and of their sum.

All runs of a campaign use one program on one machine, so their step times err alike: they share one draw.
Failed runs and a published overhead factor are drawn beside it. Sums are quantiles of added samples, never
added quantiles.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from estimators.quantity import Range

Samples = NDArray[np.float64]
DRAWS = 20_000
_NORMAL = NormalDist()
_LEVELS = (0.10, 0.50, 0.80, 0.90)
_SCORES = tuple(_NORMAL.inv_cdf(level) for level in _LEVELS)


def quantile(values: Range, percentile: float) -> float:
    """One quantile of a range, between and beyond the four that it states.

    Logarithms are interpolated over normal scores, and continued beyond P10 and P90 with the slope of that
    side.

    Args:
        values: Positive, in any unit.
        percentile: From 1 to 99.
    """
    stated = {10: values.p10, 50: values.p50, 80: values.p80, 90: values.p90}
    if percentile in stated:
        return stated[int(percentile)]
    return float(at_scores(values, np.array([_NORMAL.inv_cdf(percentile / 100.0)]))[0])


def at_scores(values: Range, scores: Samples) -> Samples:
    """The range's value at normal scores (0 is the middle, 1.28 is P90)."""
    if values.p90 <= 0.0:
        return np.zeros_like(scores)
    logs = np.log([values.p10, values.p50, values.p80, values.p90])
    inside = np.interp(scores, _SCORES, logs)
    low = (logs[1] - logs[0]) / (_SCORES[1] - _SCORES[0])
    high = (logs[3] - logs[1]) / (_SCORES[3] - _SCORES[1])
    below = np.minimum(scores - _SCORES[0], 0.0) * low
    above = np.maximum(scores - _SCORES[3], 0.0) * high
    return np.asarray(np.exp(inside + below + above))


def sum_of_runs(hours: Iterable[tuple[float, Range]], scores: Samples) -> Samples:
    """Samples of the sum of runs that share one draw.

    Args:
        hours: Multiplier (repeats × nodes) and hours of one run.
        scores: Normal scores of the shared draw.
    """
    total = np.zeros_like(scores)
    for factor, wall in hours:
        total += factor * at_scores(wall, scores)
    return total


def draws(seed: int) -> tuple[Samples, Samples]:
    """Normal scores of the shared step error and of the overhead, always the same for a seed."""
    both = np.random.Generator(np.random.PCG64(seed)).standard_normal((2, DRAWS))
    return both[0], both[1]


def quantiles_of(samples: Samples, levels: Iterable[float]) -> tuple[float, ...]:
    """Quantiles of samples, linear between neighbours.

    The same as `np.quantile`, which loads masked arrays for it, a longer work than all of ours.
    """
    places = np.array(tuple(levels)) * (samples.size - 1)
    below = np.floor(places).astype(np.intp)
    above = np.minimum(below + 1, samples.size - 1)
    ordered = np.partition(samples, np.concatenate((below, above)))
    between = ordered[below] + (ordered[above] - ordered[below]) * (places - below)
    return tuple(map(float, between))


def range_of(samples: Samples) -> Range:
    """The four quantiles of samples."""
    return Range(*quantiles_of(samples, _LEVELS))
