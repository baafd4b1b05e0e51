"""How honest intervals are: the share of measured values inside, at every nominal level.

The cross-validation states one interval for each row, at 80 %. For any other level its half width is
scaled by an empirical quantile: that of the errors which the *other* producers of the same class left at
the wanted level, over theirs at 80 %; by a normal error's where there are no others. At 80 % the stated
interval stands unchanged, and no producer shapes the interval that it is judged by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
STATED = 0.8
"""Level of the intervals that rows carry."""
RESAMPLES = 400
SEED = 80
_NORMAL = [NormalDist().inv_cdf((1.0 + level) / 2.0) for level in (*LEVELS, STATED)]
NORMAL_SHAPE: Column = np.array(_NORMAL[:-1]) / _NORMAL[-1]
LEAST_PRODUCERS = 3
"""With fewer, resampling producers says nothing."""


@dataclass(frozen=True, slots=True)
class HeldError:
    """The error of one row against its stated interval.

    Attributes:
        series: Rows of one series are nearly one measurement; each counts by 1 over the root of their number.
        kind: Class that shares its intervals.
        log_ratio: ln(predicted / measured).
        half_width: Half width of the stated 80 % interval, in logarithms.
        quantity: What was published.
        hidden: Width of the model.
    """

    producer: str
    series: str
    kind: str
    log_ratio: float
    half_width: float
    quantity: str = ""
    hidden: float = 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """One point of the reliability diagram, all shares of one.

    Attributes:
        nominal: What the interval promises.
        inside: Rows whose measured value lies inside.
        low, high: 80 % range of `inside` when producers are drawn anew; None with too few of them.
    """

    nominal: float
    inside: float
    low: float | None
    high: float | None
    rows: int


@dataclass(frozen=True, slots=True)
class ErrorSummary:
    """Errors of some rows.

    Attributes:
        median, p90: Of exp(|ln(predicted / measured)|) − 1, a share of one.
        inside: Share of rows inside their 80 % interval.
    """

    rows: int
    median: float
    p90: float
    inside: float


def inside_by_level(errors: Sequence[HeldError]) -> Flags:
    """For every row (first axis) and level (second), whether the measured value lies inside."""
    size = np.array([abs(error.log_ratio) for error in errors])
    stated = np.array([error.half_width for error in errors])
    return np.asarray(size[:, None] <= stated[:, None] * _scales(errors, size))


def _scales(errors: Sequence[HeldError], size: Column) -> Column:
    """Half width at each level over the stated one, for every row."""
    kinds = np.array([error.kind for error in errors])
    producers = np.array([error.producer for error in errors])
    lengths = Counter(error.series for error in errors)
    weights = np.array([lengths[error.series] ** -0.5 for error in errors])
    scales = np.empty((len(errors), len(LEVELS)))
    for kind, producer in sorted(set(zip(kinds.tolist(), producers.tolist(), strict=True))):
        rows = (kinds == kind) & (producers == producer)
        others = (kinds == kind) & ~rows
        scales[rows] = _shape(size[others], weights[others]) if others.any() else NORMAL_SHAPE
    return scales


def _shape(size: Column, weights: Column) -> Column:
    """Weighted quantiles of the errors at each level, over that at the stated level."""
    order = np.argsort(size)
    share = np.cumsum(weights[order]) / np.sum(weights)
    at = np.searchsorted(share, (*LEVELS, STATED)).clip(max=size.size - 1)
    quantiles = size[order][at]
    return np.asarray(quantiles[:-1] / max(float(quantiles[-1]), 1e-12))


def coverage(inside: Flags, producers: Sequence[str]) -> tuple[Coverage, ...]:
    """The reliability diagram of some rows.

    Args:
        inside: Their rows of `inside_by_level`.
        producers: Their producers.
    """
    if not len(producers):
        return ()
    low, high = _resampled(inside, producers)
    shares = inside.mean(axis=0)
    return tuple(
        Coverage(
            level,
            float(shares[i]),
            float(low[i]) if low is not None else None,
            float(high[i]) if high is not None else None,
            len(producers),
        )
        for i, level in enumerate(LEVELS)
    )


def _resampled(inside: Flags, producers: Sequence[str]) -> tuple[Column | None, Column | None]:
    """Shares inside at 10 and 90 % when whole producers are drawn with replacement."""
    names, index = np.unique(np.array(producers), return_inverse=True)
    if names.size < LEAST_PRODUCERS:
        return None, None
    rows = np.bincount(index).astype(float)
    hits = np.zeros((names.size, inside.shape[1]))
    np.add.at(hits, index, inside.astype(float))
    drawn = np.random.default_rng(SEED).multinomial(
        names.size, np.full(names.size, 1 / names.size), RESAMPLES
    )
    shares = (drawn @ hits) / (drawn @ rows)[:, None]
    low, high = np.quantile(shares, (0.1, 0.9), axis=0)
    return low, high


def summary_of(errors: Iterable[HeldError]) -> ErrorSummary:
    """Median, 90th percentile and coverage of some rows; NaN where there is none."""
    listed = list(errors)
    if not listed:
        return ErrorSummary(0, np.nan, np.nan, np.nan)
    logs = np.abs([error.log_ratio for error in listed])
    wide = np.array([error.half_width for error in listed])
    size = np.exp(logs) - 1.0
    return ErrorSummary(
        len(listed),
        float(np.median(size)),
        float(np.percentile(size, 90)),
        float(np.mean(logs <= wide)),
    )
