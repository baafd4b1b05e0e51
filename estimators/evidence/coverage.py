"""Whether 80 % intervals hold 80 %, class by class.

A class with at least 100 rows in 15 series is judged by the share of its rows inside. In a smaller one that
share is noise: there its range, when whole series are drawn anew, must contain 80 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import LAYOUTS
from estimators.evidence.reliability import SEED, HeldError
from estimators.words import plain
from estimators.workloads.families import EVIDENCE

Column = NDArray[np.float64]
JUDGED_ROWS, JUDGED_SERIES = 100, 15
RESAMPLES = 2000
ENDS = (0.05, 0.95)
"""Ends of the range of the coverage when series are drawn anew."""
NARROW_HIDDEN = 2048.0

_RATES = ("tokens_per_s_per_gpu", "samples_per_s", "throughput", "iteration_s")


def _is_of(kind: str, error: HeldError) -> bool:
    return error.kind == kind


CLASSES: dict[str, Callable[[HeldError], bool]] = {
    **{
        f"{plain(one.word)}, {layout}": partial(_is_of, f"{one.id}, {layout}")
        for _, one in EVIDENCE.values()
        for layout in LAYOUTS
    },
    "hidden size up to 2 048": lambda error: error.hidden <= NARROW_HIDDEN,
    "whole runs, GPU-hours": lambda error: error.quantity == "gpu_hours",
    "published as time or tokens": lambda error: error.quantity in _RATES,
    "published as TFLOP/s or MFU": lambda error: error.quantity in ("tflops_per_gpu", "mfu_pct"),
    "all": lambda error: True,
}


@dataclass(frozen=True, slots=True)
class ClassCoverage:
    """The 80 % intervals of one class.

    Attributes:
        series: Models on cards.
        inside: Share of rows whose measured value lies inside.
        low, high: Range of that share when series are drawn anew.
        width: Median P90 ÷ P10.
        by_rows: Whether the class is large enough to be judged by its rows.
    """

    name: str
    rows: int
    series: int
    producers: int
    inside: float
    low: float
    high: float
    width: float
    by_rows: bool


def class_coverage(errors: Sequence[HeldError]) -> tuple[ClassCoverage, ...]:
    """The coverage table; classes without a row are left out."""
    members = {name: [error for error in errors if belongs(error)] for name, belongs in CLASSES.items()}
    return tuple(_coverage_of(name, rows) for name, rows in members.items() if rows)


def _coverage_of(name: str, rows: Sequence[HeldError]) -> ClassCoverage:
    inside = np.array([abs(row.log_ratio) <= row.half_width for row in rows], dtype=float)
    names, place = np.unique([row.series for row in rows], return_inverse=True)
    low, high = _drawn_anew(inside, place, names.size)
    return ClassCoverage(
        name=name,
        rows=len(rows),
        series=int(names.size),
        producers=len({row.producer for row in rows}),
        inside=float(inside.mean()),
        low=low,
        high=high,
        width=float(np.median(np.exp([2.0 * row.half_width for row in rows]))),
        by_rows=len(rows) >= JUDGED_ROWS and names.size >= JUDGED_SERIES,
    )


def _drawn_anew(inside: Column, place: NDArray[np.intp], series: int) -> tuple[float, float]:
    """Ends of the share inside over samples of whole series, drawn with replacement."""
    hits, rows = np.bincount(place, inside), np.bincount(place).astype(float)
    chances = np.full(series, 1.0 / series)
    drawn = np.random.default_rng(SEED).multinomial(series, chances, RESAMPLES)
    low, high = np.quantile((drawn @ hits) / (drawn @ rows), ENDS)
    return float(low), float(high)
