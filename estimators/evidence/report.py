"""Predicts an evidence file and sums the errors up: what `nodewise evidence` prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import Calibration, load_calibration
from estimators.catalogue.architectures import Text
from estimators.catalogue.load import Catalogue, load_catalogue
from estimators.evidence.bank import bank, whole_runs, widening_without
from estimators.evidence.configure import Configured, Skipped, configure
from estimators.evidence.coverage import class_coverage
from estimators.evidence.crossval import Folds, by_model_and_gpu, by_producer, folds_of, held_out, usable
from estimators.evidence.intervals import END_TO_END, class_of, widths_without
from estimators.evidence.judged import cross_validation_tables
from estimators.evidence.predict import Bench, published_quantity, settle
from estimators.evidence.reliability import HeldError, coverage, inside_by_level
from estimators.evidence.rows import Row, read_rows
from estimators.evidence.statistics import statistics
from estimators.evidence.whole_runs import PUBLISHED_SHARE, RunView, constant_share_errors, views_of_others
from estimators.parallel.layout import RECOMPUTE
from estimators.workloads.families import EVIDENCE

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
        configured, _ = _configured(rows, catalogue)
        summary["tables"] = cross_validation_tables(folds, catalogue, tuple(configured))
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
    view = RunView(calibration.whole_run_factor, calibration.whole_run_share)
    predicted = _with_whole_runs(settled.rows, predicted, (view,) * len(configured))
    return _ordered(rows, _predictions(settled, predicted, wide), skipped)


def _half_width(row: Configured, calibration: Calibration) -> float:
    """Half width of the 80 % interval of one row, in logarithms."""
    wide = calibration.widening(row.gpu.id, row.gpu.family, np.array([row.gpus]))
    return float(calibration.half_width(class_of(row), wide)[0])


def predict_held_out(rows: tuple[Row, ...], catalogue: Catalogue, folds: Folds) -> list[Prediction]:
    """Predictions of every row by a fit without its producer; intervals from the other producers."""
    configured, skipped = _configured(rows, catalogue)
    settled = settle(tuple(configured), catalogue, folds.coefficients)
    residuals = held_out(settled, folds.fits, by_producer, folds.coefficients)
    runs = whole_runs(settled.rows)
    errors = bank(folds, catalogue, runs)
    kinds = [class_of(row) for row in configured]
    wide = widths_without(errors, settled.rows, kinds, "producers")
    wide *= widening_without(settled.rows, folds.trained.rows, by_producer)
    times = dict(zip((row.row.id for row in settled.rows), residuals.time, strict=True))
    views = views_of_others(settled.rows, runs, np.array([times[row.row.id] for row in runs]))
    predicted = _with_whole_runs(settled.rows, residuals.predicted, views)
    return _ordered(rows, _predictions(settled, predicted, wide), skipped)


def _with_whole_runs(rows: tuple[Configured, ...], predicted: Column, views: Sequence[RunView]) -> Column:
    """The predictions, those of whole runs joined with what such runs teach."""
    joined = [
        view.hours(row, float(value)) if class_of(row) == END_TO_END else float(value)
        for row, value, view in zip(rows, predicted, views, strict=True)
    ]
    return np.array(joined)


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


def summarise(predictions: list[Prediction]) -> dict[str, Any]:
    """Errors by family, card and quality, and how many rows were skipped for which reason."""
    done = [item for item in predictions if item.log_error is not None]
    texts = {name for name, (family, _) in EVIDENCE.items() if family.sample is Text}
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
        "whole_runs": _whole_runs(done),
        "coverage": _class_coverage(done),
        "reliability": _reliability(done),
        "skipped": dict(sorted(reasons.items(), key=lambda pair: -pair[1])),
        "language_models": {
            "rows": sum(item.row.family in texts for item in predictions),
            "skipped": sum(item.row.family in texts and item.skipped is not None for item in predictions),
        },
    }


def _whole_runs(items: list[Prediction]) -> dict[str, dict[str, float | int | None]]:
    """Errors of GPU-hours of whole runs, beside those of a constant share of the peak."""
    whole = [item for item in items if item.row.measured.quantity == "gpu_hours" and item.configured]
    if not whole:
        return {}
    others, published = constant_share_errors([item.configured for item in whole if item.configured])
    return {
        "predicted": _statistics_of(whole),
        "constant MFU, median of other producers": statistics(others),
        f"constant MFU, {PUBLISHED_SHARE:g} as published": statistics(published),
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


def _class_coverage(items: list[Prediction]) -> dict[str, dict[str, Any]]:
    """How many rows of each class their intervals hold, and whether that is honest."""
    errors = [_held_error(item, item.configured) for item in items if item.configured is not None]
    return {found.name: asdict(found) for found in class_coverage(errors)}


def _held_error(item: Prediction, configured: Configured) -> HeldError:
    return HeldError(
        producer=item.row.producer,
        series=by_model_and_gpu(configured),
        kind=class_of(configured),
        log_ratio=item.log_error or 0.0,
        half_width=float(np.log((item.p90 or np.nan) / (item.predicted or np.nan))),
        quantity=item.row.measured.quantity,
        hidden=configured.known.hidden,
    )


def _grouped(items: list[Prediction], key: Callable[[Prediction], str]) -> dict[str, Any]:
    names = sorted({key(item) for item in items})
    return {name: _statistics_of([item for item in items if key(item) == name]) for name in names}
