"""Split-conformal intervals on log residuals, by what is known of a run.

Rows that share what is known share an interval: the family, whether the whole configuration was published
or its layout had to be searched, or only that a whole run took so many GPU-hours. Three rules keep the width
of a class honest:

- Residuals come from fits without the row's producer, since users are new producers.
- Where one producer holds most of a class, leaving it out leaves a fit that never saw the class; its
  residuals speak of a program that nobody is given. There residuals come from fits without the row's model on
  its card, joined with the spread between producers, which the parent class shows.
- A class with few groups is filled up with its parent and widened by Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import KNOWN, SEARCHED, Quantiles
from estimators.evidence.configure import Configured
from estimators.evidence.crossval import by_model_and_gpu, by_producer

Column = NDArray[np.float64]
Names = NDArray[np.str_]
LeftOut = Literal["producers", "groups"]
COVERED = 0.8
P80_OF_P90 = 0.8416 / 1.2816
"""One-sided 80 % against 90 % quantile of a normal error."""
P90_OF_NORMAL = 1.2816
LEAST_GROUPS = 10
"""A class with fewer groups is filled up to so many with its parent."""
P90_OF_T = 1.383
"""One-sided 90 % quantile of Student's t with LEAST_GROUPS − 1 degrees of freedom."""
DOMINANT = 2.0 / 3.0
"""Share of a class's weight from which one producer dominates it."""
END_TO_END = "end-to-end"
ACROSS, WITHIN, FILLED = "producers left out", "model and card left out", "filled up with its parent"


def class_of(row: Configured) -> str:
    """The class whose rows share one interval."""
    if row.row.measured.quantity == "gpu_hours":
        return END_TO_END
    known = row.layout_known and row.known.published and row.row.precision is not None
    return f"{row.row.family}, {KNOWN if known else SEARCHED}"


def parent_of(kind: str) -> str | None:
    """The class that stands in where a class has little evidence of its own."""
    if kind in (END_TO_END, f"dense-lm, {KNOWN}"):
        return f"dense-lm, {SEARCHED}" if kind == END_TO_END else None
    layout = SEARCHED if kind.endswith(SEARCHED) else KNOWN
    return f"dense-lm, {KNOWN if kind.startswith('dense-lm') else layout}"


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """Held-out residuals as columns, one row for each measured run and way of knowing it.

    Attributes:
        kinds: Class of each row.
        groups: Its model and card.
        weights: Rows of a long series of near-identical runs count less.
        across: |ln(true time ÷ predicted time)| by a fit without the producer, over the widening that the
            row had there.
        within: The same by a fit without the row's model on its card.
    """

    kinds: Names
    producers: Names
    groups: Names
    weights: Column
    across: Column
    within: Column

    def where(self, chosen: NDArray[np.bool_]) -> Errors:
        """Some of the rows."""
        return Errors(**{item.name: getattr(self, item.name)[chosen] for item in fields(self)})

    def joined(self, other: Errors) -> Errors:
        """The rows of both."""
        names = [item.name for item in fields(self)]
        return Errors(**{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names})

    @property
    def balanced(self) -> Column:
        """Weights with which a producer, too, counts only by the root of what it holds."""
        _, owner = np.unique(self.producers, return_inverse=True)
        return np.asarray(self.weights / np.sqrt(np.bincount(owner, self.weights))[owner])

    @property
    def dominated(self) -> bool:
        """Whether one producer holds most of the rows, series counting by the root of their length."""
        _, owner = np.unique(self.producers, return_inverse=True)
        return bool(np.bincount(owner, self.weights).max() > DOMINANT * self.weights.sum())


def half_width(errors: Column, weights: Column) -> float:
    """The weighted 80 % quantile of |log residual|, with the finite-sample rank of conformal prediction.

    Args:
        errors: ln(true time ÷ predicted time) of held-out rows.
        weights: Weight of every row.
    """
    sizes = np.abs(errors)
    order = np.argsort(sizes)
    share = np.cumsum(weights[order]) / np.sum(weights)
    rank = min(COVERED * (1.0 + 1.0 / max(sizes.size, 1)), 1.0)
    return float(sizes[order][min(int(np.searchsorted(share, rank)), sizes.size - 1)])


def class_width(errors: Errors, kind: str) -> tuple[float, str]:
    """Half width of the 80 % interval of a class, in logarithms, and what it rests on."""
    parent = parent_of(kind)
    own = errors.where(errors.kinds == kind)
    groups = np.unique(own.groups).size
    if groups < LEAST_GROUPS:
        above = class_width(errors, parent)[0] if parent is not None else 0.0
        return _filled(own, groups, above), FILLED
    if parent is None or not own.dominated:
        return half_width(own.across, own.balanced), ACROSS
    return math.hypot(half_width(own.within, own.balanced), _between(errors, parent)), WITHIN


def _filled(own: Errors, groups: int, parent: float) -> float:
    """Student's t on the mean square of a class and of its parent, which counts for the missing groups."""
    square = float(np.average(own.across**2, weights=own.balanced)) if own.across.size else 0.0
    above = (parent / P90_OF_NORMAL) ** 2
    share = groups / LEAST_GROUPS if parent else 1.0
    return P90_OF_T * math.sqrt(share * square + (1.0 - share) * above)


def _between(errors: Errors, kind: str) -> float:
    """What strange producers add to the half width of a class that many producers share."""
    own = errors.where(errors.kinds == kind)
    if not own.weights.size:
        return 0.0
    across, within = half_width(own.across, own.balanced), half_width(own.within, own.balanced)
    return math.sqrt(max(across**2 - within**2, 0.0))


def quantiles(errors: Errors, kind: str) -> Quantiles:
    """Quantiles of ln(true time ÷ predicted time) of one class, as shipped."""
    own = errors.where(errors.kinds == kind)
    wide, basis = class_width(errors, kind)
    return Quantiles(
        p10=-wide,
        p80=wide * P80_OF_P90,
        p90=wide,
        rows=int(own.weights.size),
        groups=int(np.unique(own.groups).size),
        basis=basis,
    )


def widths_without(
    errors: Errors, rows: tuple[Configured, ...], kinds: Sequence[str], left_out: LeftOut
) -> Column:
    """For every row the half width of its class, made without what the row's fit has not seen.

    Args:
        errors: Residuals that intervals may rest on.
        rows: The runs to judge.
        kinds: Their classes.
        left_out: Whether the row's producer is left out, or its model on its card.
    """
    by_row = by_producer if left_out == "producers" else by_model_and_gpu
    marks = errors.producers if left_out == "producers" else errors.groups
    pairs = [(by_row(row), kind) for row, kind in zip(rows, kinds, strict=True)]
    found = {
        (mark, kind): class_width(errors.where(marks != mark), kind)[0] for mark, kind in sorted(set(pairs))
    }
    return np.array([found[pair] for pair in pairs])
