"""Fits the coefficients to measured runs: robust, bounded, with priors, deterministic.

Damped Gauss-Newton on normalised coefficients z, where z = 0 is the prior and z = 1 one prior width away.
The loss is soft-L1 on log residuals, weighted so that a group of near-identical rows counts like the square
root of its size; every coefficient is drawn to its prior by z².
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimators.evidence.configure import Configured
from estimators.evidence.predict import Bench, published_quantity
from estimators.parameters import Coefficients, declarations

Column = NDArray[np.float64]
NOISE = 0.05
"""Log error that a perfect model would still show: scatter between releases and clusters."""
ITERATIONS = 10
STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Scale:
    """Prior, width and bounds of all coefficients, in the order of their declaration."""

    names: tuple[str, ...]
    prior: Column
    low: Column
    high: Column
    width: Column
    logarithmic: NDArray[np.bool_]

    def values(self, z: Column) -> Column:
        """Coefficients at normalised position z, held inside their bounds."""
        raised = self.prior * np.exp(np.where(self.logarithmic, self.width * z, 0.0))
        added = self.prior * (1.0 + self.width * z)
        return np.clip(np.where(self.logarithmic, raised, added), self.low, self.high)

    def positions(self, values: Column) -> Column:
        """Normalised positions of given coefficients."""
        ratio = np.maximum(values, 1e-12) / self.prior
        return np.where(self.logarithmic, np.log(ratio), ratio - 1.0) / self.width

    def coefficients(self, z: Column) -> Coefficients:
        """The coefficients at z as a record."""
        return Coefficients(**dict(zip(self.names, self.values(z).tolist(), strict=True)))


def scale() -> Scale:
    """Priors and bounds as declared in `parameters`."""
    declared = declarations()
    columns = {
        key: np.array([float(item[key]) for item in declared.values()])
        for key in ("prior", "low", "high", "width")
    }
    return Scale(tuple(declared), **columns, logarithmic=columns["low"] > 0.0)


def group_sizes(rows: tuple[Configured, ...]) -> Column:
    """For every row, how many rows share its model, device and producer."""
    keys = [(row.row.model, row.gpu.id, row.row.producer) for row in rows]
    counts = Counter(keys)
    return np.array([float(counts[key]) for key in keys])


def log_errors(bench: Bench, coefficients: Coefficients) -> Column:
    """ln(predicted / measured) of every row."""
    predicted = published_quantity(bench, bench.steps(coefficients).total)
    measured = np.array([row.row.measured.value or np.nan for row in bench.rows])
    return np.asarray(np.log(predicted / measured))


def _robust(errors: Column, weights: Column) -> Column:
    """Square-root weights of soft-L1: large errors count linearly."""
    return np.sqrt(weights / np.sqrt(1.0 + (errors / NOISE) ** 2)) / NOISE


def _cost(errors: Column, weights: Column, z: Column) -> float:
    soft = 2.0 * (np.sqrt(1.0 + (errors / NOISE) ** 2) - 1.0)
    return float(np.sum(weights * soft) + np.sum(z**2))


def _jacobian(
    bench: Bench, make: Callable[[Column], Coefficients], z: Column, base: Column, free: NDArray[np.bool_]
) -> Column:
    """Slopes of the log errors; zero for coefficients that are not free.

    A coefficient at its upper bound is moved down, since a move past the bound would show no slope.
    """
    scales = scale()
    inward = np.where(scales.values(z + STEP) >= scales.high, -1.0, 1.0)
    columns = []
    for i in range(z.size):
        if not free[i]:
            columns.append(np.zeros(base.shape))
            continue
        moved = z.copy()
        step = inward[i] * STEP
        moved[i] += step
        columns.append((log_errors(bench, make(moved)) - base) / step)
    return np.array(columns).T


def fit(
    bench: Bench,
    start: Coefficients | None = None,
    iterations: int = ITERATIONS,
    frozen: Mapping[str, float] | None = None,
) -> Coefficients:
    """Coefficients that explain the rows best.

    Args:
        bench: Rows with settled layouts and a measured value each.
        start: Where to begin; None begins at the prior.
        iterations: Most steps of the damped Gauss-Newton method.
        frozen: Coefficients that keep a given value, even one outside their bounds.

    Returns:
        Coefficients inside their bounds. The same input gives the same output.
    """
    scales = scale()
    weights = 1.0 / np.sqrt(group_sizes(bench.rows))
    begin = Coefficients() if start is None else start
    held = dict(frozen or {})
    free = np.array([name not in held for name in scales.names])

    def make(position: Column) -> Coefficients:
        return replace(scales.coefficients(position), **held)

    z = np.where(free, scales.positions(np.array(list(asdict(begin).values()))), 0.0)
    errors = log_errors(bench, make(z))
    cost, damping = _cost(errors, weights, z), 1e-2
    for _ in range(iterations):
        root = _robust(errors, weights)
        slope = _jacobian(bench, make, z, errors, free) * root[:, None]
        normal = slope.T @ slope + np.eye(z.size)
        gradient = slope.T @ (root * errors) + z
        for _ in range(5):
            step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), gradient)
            tried = scales.positions(scales.values(z - step))
            new_errors = log_errors(bench, make(tried))
            new_cost = _cost(new_errors, weights, tried)
            if new_cost < cost:
                z, errors, cost, damping = tried, new_errors, new_cost, damping / 3.0
                break
            damping *= 4.0
        else:
            break
    return make(z)
