"""A fit of measured strong-scaling points: what shrinks with more devices and what does not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
LEAST_POINTS = 3
TERMS_OF_FEW = 2
"""Of three points only the first two terms are fitted, so that one degree of freedom is left to judge by."""


@dataclass(frozen=True, slots=True)
class ScalingFit:
    """t(n) = parallel ÷ n + serial + tree · log₂ n, in seconds, no term below zero.

    Attributes:
        parallel_seconds: Work that the devices share, as seconds of one device.
        serial_seconds: What every device count pays alike.
        tree_seconds: What each doubling of the devices adds: communication over a tree.
        points: Device counts behind the fit.
        largest_residual: Largest relative distance of a point from the fit.
    """

    parallel_seconds: float
    serial_seconds: float
    tree_seconds: float
    points: int
    largest_residual: float

    def seconds(self, gpus: int) -> float:
        """Fitted seconds of a step."""
        return self.parallel_seconds / gpus + self.unshared_seconds(gpus)

    def unshared_seconds(self, gpus: int) -> float:
        """The part of a step that more devices do not shorten."""
        return self.serial_seconds + self.tree_seconds * math.log2(gpus)

    def unshared(self, gpus: int) -> float:
        """The same as a share of the step."""
        return self.unshared_seconds(gpus) / self.seconds(gpus)


def fit_points(points: Sequence[tuple[int, float]]) -> ScalingFit | None:
    """Least squares of relative errors.

    Args:
        points: Devices and seconds of a step with the same global batch.

    Returns:
        None for fewer than three device counts: two points fit anything.
    """
    counts = {gpus for gpus, _ in points}
    if len(counts) < LEAST_POINTS:
        return None
    gpus = np.array([float(count) for count, _ in points])
    seconds = np.array([value for _, value in points])
    terms = np.stack([1.0 / gpus, np.ones_like(gpus), np.log2(gpus)], axis=1)
    used = TERMS_OF_FEW if len(counts) == LEAST_POINTS else 3
    values = _at_least_zero(terms[:, :used] / seconds[:, None])
    filled = np.zeros(3)
    filled[:used] = values
    residuals = np.abs(terms @ filled / seconds - 1.0)
    return ScalingFit(
        parallel_seconds=float(filled[0]),
        serial_seconds=float(filled[1]),
        tree_seconds=float(filled[2]),
        points=len(counts),
        largest_residual=float(residuals.max()),
    )


def _at_least_zero(terms: Column) -> Column:
    """Coefficients of no term below zero for which the terms add to one: the best of all subsets."""
    width = terms.shape[1]
    best, least = np.zeros(width), math.inf
    for size in range(1, width + 1):
        for chosen in combinations(range(width), size):
            part = terms[:, chosen]
            values, *_ = np.linalg.lstsq(part, np.ones(part.shape[0]), rcond=None)
            error = float(np.sum((part @ values - 1.0) ** 2))
            if (values >= 0.0).all() and error < least * (1.0 - 1e-9):
                best, least = np.zeros(width), error
                best[list(chosen)] = values
    return best
