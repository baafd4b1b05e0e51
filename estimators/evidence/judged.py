"""The tables by which the estimator is judged: every set, by what the fit and the intervals know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import SEARCHED
from estimators.catalogue.load import Catalogue
from estimators.evidence.bank import bank, whole_runs, widening_without
from estimators.evidence.configure import Configured
from estimators.evidence.crossval import (
    Folds,
    Residuals,
    best_published,
    by_model_and_gpu,
    by_producer,
    held_out,
    leave_out_fits,
    with_hidden_layout,
)
from estimators.evidence.intervals import Errors, class_of, class_width, widths_without
from estimators.evidence.memory_rows import memory_log_errors
from estimators.evidence.predict import settle
from estimators.evidence.statistics import statistics
from estimators.evidence.whole_runs import constant_share_errors, whole_run_errors
from estimators.parameters import Coefficients

Column = NDArray[np.float64]
NARROW_HIDDEN = 2048.0
NO_FITS: dict[str, Coefficients] = {}


def _is_host_bound(row: Configured) -> bool:
    return row.row.group.startswith("smallgpt")


def _is_small(row: Configured) -> bool:
    """Hidden size up to 2,048, without the host-bound series of one GPT that is reported apart."""
    return row.known.hidden <= NARROW_HIDDEN and not _is_host_bound(row)


SETS: dict[str, Callable[[Configured], bool]] = {
    "dense": lambda row: row.row.family == "dense-lm",
    "dense, hidden size up to 2 048": lambda row: row.row.family == "dense-lm" and _is_small(row),
    "dense, host-bound series": _is_host_bound,
    "experts": lambda row: row.row.family == "moe-lm",
    "all language models": lambda row: True,
}


def cross_validation_tables(
    folds: Folds, catalogue: Catalogue, rows: tuple[Configured, ...]
) -> dict[str, Any]:
    """Errors on language models of quality A by what the fit knows; whole runs and memory behind them.

    Args:
        rows: All predictable rows, whatever their quality.
    """
    runs = whole_runs(rows)
    errors = bank(folds, catalogue, runs)
    ways = _ways(folds, catalogue, errors)
    tables = {
        f"{name}, {way}": _judged(residuals, wide, member)
        for name, member in SETS.items()
        for way, (residuals, wide) in ways.items()
    }
    memory = statistics(memory_log_errors(rows, catalogue, folds.coefficients))
    return tables | _whole_run_tables(folds, catalogue, runs, errors) | {"memory of a device": memory}


def _ways(folds: Folds, catalogue: Catalogue, errors: Errors) -> dict[str, tuple[Residuals, Column]]:
    """Residuals and half widths for every way of leaving out, with the layout known and searched."""
    trained, fitted, producers = folds.trained, folds.coefficients, folds.fits
    groups = leave_out_fits(trained, by_model_and_gpu, fitted)
    best = best_published(trained.rows, by_sequence=False)
    strange = with_hidden_layout(best, catalogue, producers, by_producer, fitted)
    familiar = with_hidden_layout(best, catalogue, groups, by_model_and_gpu, fitted)
    known = [class_of(row) for row in trained.rows]
    hidden = [f"{row.row.family}, {SEARCHED}" for row in best]

    def width(rows: tuple[Configured, ...], kinds: list[str], key: Callable[[Configured], str]) -> Column:
        left_out = widths_without(errors, rows, kinds, "producers" if key is by_producer else "groups")
        return left_out * widening_without(rows, trained.rows, key)

    shipped = np.array([class_width(errors, kind)[0] for kind in known])
    return {
        "layout known, producer left out": (
            held_out(trained, producers, by_producer, fitted),
            width(trained.rows, known, by_producer),
        ),
        "layout known, model and card left out": (
            held_out(trained, groups, by_model_and_gpu, fitted),
            width(trained.rows, known, by_model_and_gpu),
        ),
        "layout searched, producer left out": (
            held_out(strange, producers, by_producer, fitted),
            width(best, hidden, by_producer),
        ),
        "layout searched, model and card left out": (
            held_out(familiar, groups, by_model_and_gpu, fitted),
            width(best, hidden, by_model_and_gpu),
        ),
        "layout known, in sample": (held_out(trained, NO_FITS, by_producer, fitted), shipped),
    }


def _judged(residuals: Residuals, wide: Column, member: Callable[[Configured], bool]) -> dict[str, Any]:
    here = np.array([member(row) for row in residuals.rows])
    chosen = residuals.where(member)
    inside = (np.abs(chosen.time) <= wide[here]).astype(float)
    ratio = round(float(np.median(np.exp(2.0 * wide[here]))), 3)
    groups: dict[str, list[float]] = {}
    for row, error in zip(chosen.rows, chosen.errors, strict=True):
        groups.setdefault(by_model_and_gpu(row), []).append(abs(float(error)))
    typical = np.array([np.median(errors) for errors in groups.values()])
    by_group = {
        "groups": len(groups),
        "group_median_abs_pct": round(float(np.exp(np.median(typical)) - 1) * 100, 2),
    }
    return statistics(chosen.errors, inside) | {"interval_ratio_p90_p10": ratio} | by_group


def _whole_run_tables(
    folds: Folds, catalogue: Catalogue, runs: tuple[Configured, ...], errors: Errors
) -> dict[str, Any]:
    """GPU-hours of whole runs beside a constant share of the peak."""
    if not runs:
        return {}
    whole = settle(runs, catalogue, folds.coefficients)
    times = held_out(whole, folds.fits, by_producer, folds.coefficients).time
    predicted = whole_run_errors(runs, times)
    wide = widths_without(errors, runs, [class_of(row) for row in runs], "producers")
    wide *= widening_without(runs, folds.trained.rows, by_producer)
    inside = (np.abs(predicted) <= wide).astype(float)
    fitted_share, published_share = constant_share_errors(runs)
    qualities = {
        "quality B": np.array([row.row.quality == "B" for row in runs]),
        "all": np.ones(len(runs), bool),
    }
    out: dict[str, Any] = {}
    for name, here in qualities.items():
        title = f"whole runs, GPU-hours, {name}"
        ratio = round(float(np.median(np.exp(2.0 * wide[here]))), 3) if here.any() else None
        out[f"{title}, producer left out"] = statistics(predicted[here], inside[here]) | {
            "interval_ratio_p90_p10": ratio
        }
        out[f"{title}, by steps alone"] = statistics(-times[here])
        out[f"{title}, constant MFU: median of other producers"] = statistics(fitted_share[here])
        out[f"{title}, constant MFU: 0.34 as published"] = statistics(published_share[here])
    return out
