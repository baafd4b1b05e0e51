"""Predicts an evidence file and sums the errors up: what `nodewise evidence` prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import Calibration, load_calibration
from estimators.catalogue.load import Catalogue, load_catalogue
from estimators.evidence.configure import Configured, Skipped, configure
from estimators.evidence.crossval import (
    Folds,
    Residuals,
    best_published,
    by_model_and_gpu,
    by_producer,
    folds_of,
    held_out,
    leave_out_fits,
    usable,
    with_hidden_layout,
)
from estimators.evidence.intervals import cross_conformal
from estimators.evidence.predict import Bench, published_quantity, settle
from estimators.evidence.reliability import HeldError, class_of, coverage, inside_by_level
from estimators.evidence.rows import Row, read_rows
from estimators.parallel.layout import RECOMPUTE

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prediction:
    """One row's prediction in the published quantity, or why there is none."""

    row: Row
    predicted: float | None
    p10: float | None
    p90: float | None
    layout: dict[str, Any] | None
    skipped: str | None
    gpu: str | None
    configured: Configured | None = None

    @property
    def log_error(self) -> float | None:
        """ln(predicted / measured)."""
        measured = self.row.measured.value
        if self.predicted is None or not measured or measured <= 0:
            return None
        return float(np.log(self.predicted / measured))

    @property
    def covered(self) -> bool | None:
        """Whether the measured value lies in the 80 % interval."""
        measured = self.row.measured.value
        if self.p10 is None or self.p90 is None or not measured:
            return None
        return self.p10 <= measured <= self.p90

    def as_dict(self) -> dict[str, Any]:
        """The row of the JSON report."""
        return {
            "id": self.row.id,
            "quantity": self.row.measured.quantity,
            "unit": self.row.measured.unit,
            "measured": self.row.measured.value,
            "predicted": self.predicted,
            "p10": self.p10,
            "p90": self.p90,
            "log_error": self.log_error,
            "layout_used": self.layout,
            "skipped": self.skipped,
        }


def run_evidence(path: Path, cv: bool = False, catalogue: Catalogue | None = None) -> dict[str, Any]:
    """Predicts every row of an evidence file.

    Args:
        path: An evidence file.
        cv: Refit without each row's producer instead of using the shipped coefficients, which have seen
            the shipped rows.

    Returns:
        {"rows": [...], "summary": {...}} as plain data.

    Raises:
        EvidenceError: The file cannot be used.
    """
    catalogue = catalogue or load_catalogue()
    rows = read_rows(path)
    folds = folds_of(usable(rows, catalogue), catalogue) if cv else None
    predictions = predict_held_out(rows, catalogue, folds) if folds else predict(rows, catalogue)
    label = "cross-validated by producer" if cv else "in sample where the rows are those of the fit"
    summary = {"errors_are": label, **summarise(predictions)}
    if folds:
        summary["tables"] = cross_validation_tables(folds, catalogue)
    return {"rows": [item.as_dict() for item in predictions], "summary": summary}


def _configured(rows: tuple[Row, ...], catalogue: Catalogue) -> tuple[list[Configured], dict[str, str]]:
    """Predictable rows, and the reason for every other by id."""
    items = [configure(row, catalogue) for row in rows]
    skipped = {item.row.id: item.reason for item in items if isinstance(item, Skipped)}
    return [item for item in items if not isinstance(item, Skipped)], skipped


def predict(
    rows: tuple[Row, ...], catalogue: Catalogue, calibration: Calibration | None = None
) -> list[Prediction]:
    """Predictions by the shipped coefficients, in the order of the rows."""
    calibration = calibration or load_calibration()
    configured, skipped = _configured(rows, catalogue)
    if not configured:
        return _ordered(rows, {}, skipped)
    settled = settle(tuple(configured), catalogue, calibration.coefficients)
    predicted = published_quantity(settled, settled.steps(calibration.coefficients).total)
    wide = np.array([_half_width(row, calibration) for row in configured])
    return _ordered(rows, _predictions(settled, predicted, wide), skipped)


def _half_width(row: Configured, calibration: Calibration) -> float:
    """Half width of the 80 % interval of one row, in logarithms."""
    layout = "known" if row.layout_known else "searched"
    wide = calibration.widening(row.gpu.id, row.gpu.family, np.array([row.gpus]))
    _, _, high = calibration.time_quantiles(row.row.family, layout, wide)
    return float(high[0])


def _interval_class(row: Configured) -> str:
    """Rows that share one interval: by family, and by whether the step and its layout were published."""
    return class_of(row.row.family, row.row.quality, row.layout_known)


def predict_held_out(rows: tuple[Row, ...], catalogue: Catalogue, folds: Folds) -> list[Prediction]:
    """Predictions of every row by a fit without its producer; intervals from the other producers."""
    configured, skipped = _configured(rows, catalogue)
    fits, coefficients = folds.fits, folds.coefficients
    settled = settle(tuple(configured), catalogue, coefficients)
    residuals = held_out(settled, fits, by_producer, coefficients)
    classes = np.array([_interval_class(row) for row in configured])
    wide = np.full(len(configured), np.nan)
    for name in sorted(set(classes.tolist())):
        index = np.flatnonzero(classes == name)
        if index.size:
            part = held_out(settled.take(index), fits, by_producer, coefficients)
            wide[index] = cross_conformal(part)
    return _ordered(rows, _predictions(settled, residuals.predicted, wide), skipped)


def _predictions(settled: Bench, predicted: Column, wide: Column) -> dict[str, Prediction]:
    out = {}
    for i, row in enumerate(settled.rows):
        value = float(predicted[i])
        known = np.isfinite(value)
        reason = None if known else f"quantity {row.row.measured.quantity} needs facts that are not published"
        out[row.row.id] = Prediction(
            row=row.row,
            predicted=value if known else None,
            p10=value * float(np.exp(-wide[i])) if known else None,
            p90=value * float(np.exp(wide[i])) if known else None,
            layout=_layout(settled, i),
            skipped=reason,
            gpu=row.gpu.id,
            configured=row,
        )
    return out


def _layout(settled: Bench, row: int) -> dict[str, Any]:
    layouts = settled.layouts
    return {
        "tp": int(layouts.tensor[row]),
        "pp": int(layouts.pipeline[row]),
        "vpp": int(layouts.interleave[row]),
        "ep": int(layouts.expert[row]),
        "cp": int(layouts.context[row]),
        "dp": float(layouts.data[row]),
        "zero_stage": int(layouts.zero[row]),
        "micro_batch": int(layouts.micro_batch[row]),
        "micro_batches": float(layouts.micro_batches[row]),
        "recompute": RECOMPUTE[int(layouts.recompute[row])],
        "software_class": settled.rows[row].software,
        "published": settled.rows[row].layout_known,
    }


def _ordered(
    rows: tuple[Row, ...], found: dict[str, Prediction], skipped: dict[str, str]
) -> list[Prediction]:
    """One prediction for every row, in order; a skipped one carries its reason."""
    return [
        found.get(row.id)
        or Prediction(row, None, None, None, None, skipped.get(row.id, "not predicted"), row.hardware.gpu)
        for row in rows
    ]


def statistics(errors: Column, covered: Column | None = None) -> dict[str, float | int | None]:
    """n, median and 90th percentile of |error| in percent, bias in percent, coverage of the 80 % interval."""
    size = (np.exp(np.abs(errors)) - 1.0) * 100.0
    return {
        "n": int(errors.size),
        "median_abs_pct": round(float(np.median(size)), 2) if errors.size else None,
        "p90_abs_pct": round(float(np.percentile(size, 90)), 2) if errors.size else None,
        "bias_pct": round((float(np.exp(np.median(errors))) - 1.0) * 100.0, 2) if errors.size else None,
        "coverage80": round(float(np.mean(covered)), 3) if covered is not None and covered.size else None,
    }


def summarise(predictions: list[Prediction]) -> dict[str, Any]:
    """Errors by family, card and quality, and how many rows were skipped for which reason."""
    done = [item for item in predictions if item.log_error is not None]
    reasons: dict[str, int] = {}
    for item in predictions:
        if item.skipped:
            reasons[item.skipped] = reasons.get(item.skipped, 0) + 1
    return {
        "all": _statistics_of(done),
        "by_family": _grouped(done, lambda item: item.row.family),
        "by_gpu": _grouped(done, lambda item: item.gpu or "unknown"),
        "by_quality": _grouped(done, lambda item: item.row.quality),
        "by_producer": _grouped(done, lambda item: item.row.producer),
        "reliability": _reliability(done),
        "skipped": dict(sorted(reasons.items(), key=lambda pair: -pair[1])),
    }


def _statistics_of(items: list[Prediction]) -> dict[str, float | int | None]:
    errors = np.array([item.log_error for item in items], dtype=float)
    covered = np.array([bool(item.covered) for item in items], dtype=float)
    return statistics(errors, covered)


def _reliability(items: list[Prediction]) -> dict[str, list[dict[str, float | int | None]]]:
    """Share of rows inside at every level of the interval, for all rows and for each family."""
    known = [(item, item.configured) for item in items if item.configured is not None]
    if not known:
        return {}
    inside = inside_by_level([_held_error(item, configured) for item, configured in known])
    families = sorted({item.row.family for item, _ in known})
    chosen = {
        name: [i for i, (item, _) in enumerate(known) if name in ("all", item.row.family)]
        for name in ("all", *families)
    }
    return {
        name: [asdict(level) for level in coverage(inside[rows], [known[i][0].row.producer for i in rows])]
        for name, rows in chosen.items()
    }


def _held_error(item: Prediction, configured: Configured) -> HeldError:
    wide = float(np.log((item.p90 or np.nan) / (item.predicted or np.nan)))
    kind = _interval_class(configured)
    return HeldError(item.row.producer, item.row.group, kind, item.log_error or 0.0, wide)


def _grouped(items: list[Prediction], key: Callable[[Prediction], str]) -> dict[str, Any]:
    names = sorted({key(item) for item in items})
    return {name: _statistics_of([item for item in items if key(item) == name]) for name in names}


def cross_validation_tables(folds: Folds, catalogue: Catalogue) -> dict[str, Any]:
    """Errors on language models of quality A by what the fit knows, for every set that is judged."""
    trained, coefficients, producers = folds.trained, folds.coefficients, folds.fits
    groups = leave_out_fits(trained, by_model_and_gpu, coefficients)
    best = best_published(trained.rows, by_sequence=False)
    strange = with_hidden_layout(best, catalogue, producers, by_producer, coefficients)
    familiar = with_hidden_layout(best, catalogue, groups, by_model_and_gpu, coefficients)
    ways = {
        "layout known, producer left out": held_out(trained, producers, by_producer, coefficients),
        "layout known, model and card left out": held_out(trained, groups, by_model_and_gpu, coefficients),
        "layout searched, producer left out": held_out(strange, producers, by_producer, coefficients),
        "layout searched, model and card left out": held_out(
            familiar, groups, by_model_and_gpu, coefficients
        ),
        "layout known, in sample": held_out(trained, {}, by_producer, coefficients),
    }
    return {
        f"{name}, {way}": _judged(residuals.where(member))
        for name, member in JUDGED_SETS.items()
        for way, residuals in ways.items()
    }


def _is_small(row: Configured) -> bool:
    """Hidden size up to 2,048, without the host-bound series of one GPT that is reported apart."""
    return float(row.known.shape.block.hidden) <= 2048 and not _is_host_bound(row)


def _is_host_bound(row: Configured) -> bool:
    return row.row.group.startswith("smallgpt")


JUDGED_SETS: dict[str, Callable[[Configured], bool]] = {
    "dense": lambda row: row.row.family == "dense-lm",
    "dense, hidden size up to 2 048": lambda row: row.row.family == "dense-lm" and _is_small(row),
    "dense, host-bound series": _is_host_bound,
    "experts": lambda row: row.row.family == "moe-lm",
    "all language models": lambda row: True,
}


def _judged(residuals: Residuals) -> dict[str, Any]:
    wide = cross_conformal(residuals)
    inside = (np.abs(residuals.time) <= wide).astype(float)
    ratio = round(float(np.median(np.exp(2.0 * wide))), 3)
    return statistics(residuals.errors, inside) | {"interval_ratio_p90_p10": ratio}
