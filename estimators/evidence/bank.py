"""The held-out residuals that intervals rest on: of steps, known or searched, and of whole runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import KNOWN, SEARCHED, widening
from estimators.catalogue.load import Catalogue
from estimators.evidence.configure import Configured
from estimators.evidence.crossval import (
    Folds,
    best_published,
    by_model_and_gpu,
    by_producer,
    held_out,
    with_hidden_layout,
)
from estimators.evidence.fit import group_sizes
from estimators.evidence.intervals import END_TO_END, Errors, class_of
from estimators.evidence.predict import Bench, settle
from estimators.evidence.whole_runs import RunView, view_of, whole_run_errors

Column = NDArray[np.float64]


def reach_of(rows: Iterable[Configured]) -> dict[str, int]:
    """For every card and every generation, the most devices of a measured run."""
    largest: dict[str, int] = {}
    for row in rows:
        for name in (row.gpu.id, row.gpu.family):
            largest[name] = max(largest.get(name, 0), int(row.gpus))
    return dict(sorted(largest.items()))


def widths_of(rows: Iterable[Configured]) -> dict[str, tuple[int, ...]]:
    """For every generation, widths in bits below 16 in which a measured run computed its products."""
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.bits < 16.0:
            found.setdefault(row.gpu.family, set()).add(int(row.bits))
    return {family: tuple(sorted(widths)) for family, widths in sorted(found.items())}


def widening_without(
    rows: Sequence[Configured], trained: Sequence[Configured], key: Callable[[Configured], str]
) -> Column:
    """How much wider each row's interval is where the runs that share its `key` are not known."""
    names = [key(row) for row in rows]
    reach = {name: reach_of(row for row in trained if key(row) != name) for name in sorted(set(names))}
    wide = [
        widening(reach[name], row.gpu.id, row.gpu.family, np.array([row.gpus]))
        for row, name in zip(rows, names, strict=True)
    ]
    return np.concatenate(wide) if wide else np.empty(0)


def bank(folds: Folds, catalogue: Catalogue, runs: tuple[Configured, ...]) -> Errors:
    """All residuals behind intervals.

    Args:
        runs: Whole runs known by their GPU-hours; no fit rests on them.
    """
    trained = folds.trained
    fits, familiar, fitted = folds.fits, folds.familiar, folds.coefficients
    best = best_published(trained.rows)
    unseen = with_hidden_layout(best, catalogue, fits, by_producer, fitted)
    strange = with_hidden_layout(best, catalogue, familiar, folds.fold, fitted)
    kinds = [class_of(row) for row in trained.rows]
    complete = np.array([kind.endswith(KNOWN) for kind in kinds])
    known = _errors(trained, trained, kinds, folds).where(complete)
    searched = _errors(unseen, strange, [f"{row.row.family}, {SEARCHED}" for row in best], folds)
    if not runs:
        return known.joined(searched)
    whole = settle(runs, catalogue, fitted)
    return known.joined(searched).joined(_errors(whole, whole, [class_of(row) for row in runs], folds))


def whole_runs(rows: Iterable[Configured]) -> tuple[Configured, ...]:
    """The rows that tell the GPU-hours of a whole run."""
    return tuple(row for row in rows if class_of(row) == END_TO_END and row.row.measured.value)


def run_view(folds: Folds, catalogue: Catalogue, runs: tuple[Configured, ...]) -> RunView:
    """What all published whole runs teach, as shipped."""
    if not runs:
        return RunView()
    whole = settle(runs, catalogue, folds.coefficients)
    return view_of(runs, held_out(whole, folds.fits, by_producer, folds.coefficients).time)


def _errors(across: Bench, within: Bench, kinds: Sequence[str], folds: Folds) -> Errors:
    """Residuals of rows, once by fits without their producer and once without their model and card."""
    rows, trained = across.rows, folds.trained.rows
    strangers = held_out(across, folds.fits, by_producer, folds.coefficients).time
    relatives = held_out(within, folds.familiar, folds.fold, folds.coefficients).time
    if END_TO_END in kinds:
        strangers = relatives = whole_run_errors(rows, strangers)
    return Errors(
        kinds=np.array(kinds),
        producers=np.array([by_producer(row) for row in rows]),
        groups=np.array([by_model_and_gpu(row) for row in rows]),
        weights=1.0 / np.sqrt(group_sizes(rows)),
        across=np.abs(strangers) / widening_without(rows, trained, by_producer),
        within=np.abs(relatives) / widening_without(rows, trained, by_model_and_gpu),
    )
