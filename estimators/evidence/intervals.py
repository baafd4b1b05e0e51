"""Split-conformal intervals on log residuals, by what is known of a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import Quantiles
from estimators.evidence.crossval import Residuals
from estimators.evidence.fit import group_sizes

Column = NDArray[np.float64]
COVERED = 0.8
P80_OF_P90 = 0.8416 / 1.2816
"""One-sided 80 % against 90 % quantile of a normal error."""
LEAST_GROUPS = 10
"""A class with fewer groups takes the intervals of its parent."""


def half_width(time: Column, weights: Column) -> float:
    """The 80 % quantile of |log residual|, weighted, with the finite-sample rank of conformal prediction.

    Args:
        time: ln(true time / predicted time) of held-out rows.
        weights: Weight of every row, so that a long series of near-identical rows counts less.
    """
    size = np.abs(time)
    order = np.argsort(size)
    share = np.cumsum(weights[order]) / np.sum(weights)
    rank = min(COVERED * (1.0 + 1.0 / max(time.size, 1)), 1.0)
    return float(size[order][min(int(np.searchsorted(share, rank)), time.size - 1)])


def quantiles(residuals: Residuals) -> Quantiles:
    """Quantiles of one class from its held-out residuals."""
    sizes = group_sizes(residuals.rows)
    wide = half_width(residuals.time, 1.0 / np.sqrt(sizes))
    groups = len({row.row.group for row in residuals.rows})
    return Quantiles(p10=-wide, p80=wide * P80_OF_P90, p90=wide, rows=len(residuals.rows), groups=groups)


def cross_conformal(residuals: Residuals) -> Column:
    """For every row the half width from the residuals of all other producers."""
    producers = np.array([row.row.producer for row in residuals.rows])
    sizes = group_sizes(residuals.rows)
    out = np.empty(producers.size)
    for name in sorted(set(producers.tolist())):
        others = producers != name
        pool = others if others.any() else ~others
        out[producers == name] = half_width(residuals.time[pool], 1.0 / np.sqrt(sizes[pool]))
    return out
