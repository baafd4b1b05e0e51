"""Cross-validation: every row predicted by a fit that has never seen its producer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from estimators.catalogue.load import Catalogue
from estimators.evidence.configure import Configured, Skipped, configure
from estimators.evidence.fit import fit, log_errors
from estimators.evidence.predict import Bench, bench, searched_layout, settle
from estimators.evidence.rows import Row
from estimators.parallel.templates import Fixed
from estimators.parameters import Coefficients

Column = NDArray[np.float64]
TIME_LIKE = ("iteration_s", "gpu_hours")
"""Quantities that grow with time; the others are rates."""
FOLDS = 8
"""Parts into which models on cards are dealt; each fit leaves one out."""


@dataclass(frozen=True, slots=True)
class Residuals:
    """What refits leave unexplained.

    Attributes:
        rows: Configured rows in the order of `errors`.
        errors: ln(predicted / measured) of the published quantity.
        time: ln(true time / predicted time).
        predicted: In the published quantity and unit.
    """

    rows: tuple[Configured, ...]
    errors: Column
    predicted: Column

    def where(self, member: Callable[[Configured], bool]) -> Residuals:
        """The rows of a set."""
        here = [i for i, row in enumerate(self.rows) if member(row)]
        return Residuals(tuple(self.rows[i] for i in here), self.errors[here], self.predicted[here])

    @property
    def time(self) -> Column:
        """ln(true time / predicted time): the sign of rates is turned."""
        sign = np.array([-1.0 if row.row.measured.quantity in TIME_LIKE else 1.0 for row in self.rows])
        return np.asarray(sign * self.errors)


def by_producer(row: Configured) -> str:
    """The publication behind a row."""
    return row.row.producer


def by_model_and_gpu(row: Configured) -> str:
    """Model and card of a row."""
    return f"{row.row.model} on {row.gpu.id}"


@dataclass(frozen=True, slots=True)
class Folds:
    """The fit on all rows and those that left some out.

    Attributes:
        fits: Without each producer.
        familiar: Without each fold of models on cards.
        places: The fold of every model on its card.
    """

    trained: Bench
    coefficients: Coefficients
    fits: dict[str, Coefficients]
    familiar: dict[str, Coefficients]
    places: dict[str, str]

    def fold(self, row: Configured) -> str:
        """The fold of a row's model and card; "" where no fit has seen them."""
        return self.places.get(by_model_and_gpu(row), "")


def fold_names(rows: tuple[Configured, ...]) -> dict[str, str]:
    """Every model on its card falls into one of a few folds, whole and in turn."""
    names = sorted({by_model_and_gpu(row) for row in rows})
    return {name: f"fold {place % FOLDS}" for place, name in enumerate(names)}


def usable(rows: tuple[Row, ...], catalogue: Catalogue) -> tuple[Configured, ...]:
    """Rows that the fit rests on: quality A, predictable, with a measured value."""
    found = (configure(row, catalogue) for row in rows if row.quality == "A" and row.measured.value)
    return tuple(item for item in found if not isinstance(item, Skipped))


def folds_of(rows: tuple[Configured, ...], catalogue: Catalogue) -> Folds:
    """Fits on all rows, then without each producer and without each fold of models on cards."""
    trained = settle(rows, catalogue, Coefficients())
    coefficients = fit(trained)
    names = fold_names(trained.rows)
    return Folds(
        trained,
        coefficients,
        leave_out_fits(trained, by_producer, coefficients),
        leave_out_fits(trained, lambda row: names[by_model_and_gpu(row)], coefficients),
        names,
    )


def leave_out_fits(
    trained: Bench,
    key: Callable[[Configured], str],
    start: Coefficients,
    frozen: Mapping[str, float] | None = None,
) -> dict[str, Coefficients]:
    """Coefficients fitted without each value of `key`, beginning at `start`, with some held fast."""
    keys = np.array([key(row) for row in trained.rows])
    return {
        str(name): fit(trained.take(np.flatnonzero(keys != name)), start=start, iterations=6, frozen=frozen)
        for name in sorted(set(keys.tolist()))
    }


def held_out(
    rows: Bench, fits: dict[str, Coefficients], key: Callable[[Configured], str], default: Coefficients
) -> Residuals:
    """Errors of rows by the fit that left them out (by `default` where none did)."""
    keys = [key(row) for row in rows.rows]
    errors = np.empty(len(keys))
    for name in sorted(set(keys)):
        here = np.array([item == name for item in keys])
        errors[here] = log_errors(rows, fits.get(name, default))[here]
    measured = np.array([row.row.measured.value or np.nan for row in rows.rows])
    return Residuals(rows.rows, errors, measured * np.exp(errors))


def best_published(rows: tuple[Configured, ...], by_sequence: bool = True) -> tuple[Configured, ...]:
    """The fastest row of every model, card, device count and precision.

    Args:
        by_sequence: Whether rows of different sequence length or producer count apart.
    """
    best: dict[tuple[object, ...], Configured] = {}
    for row in rows:
        key: tuple[object, ...] = (row.row.model, row.gpu.id, row.gpus, row.bits)
        if by_sequence:
            key += (row.known.sequence, row.row.producer)
        held = best.get(key)
        if held is None or (row.row.measured.value or 0.0) > (held.row.measured.value or 0.0):
            best[key] = row
    return tuple(best.values())


def with_hidden_layout(
    rows: tuple[Configured, ...],
    catalogue: Catalogue,
    fits: dict[str, Coefficients],
    key: Callable[[Configured], str],
    default: Coefficients,
) -> Bench:
    """The rows with the layout that the search would choose, by the fit that left them out."""
    fixed = []
    hidden_rows = []
    for row in rows:
        open_layout = Fixed(recomputes=row.fixed.recomputes)
        hidden = replace(row, fixed=open_layout, shard=0.0, layout_known=False)
        fixed.append(searched_layout(hidden, catalogue, fits.get(key(row), default)))
        hidden_rows.append(hidden)
    return bench(tuple(hidden_rows), catalogue, fixed)
