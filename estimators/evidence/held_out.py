"""Makes the table of published runs with their held-out predictions, for the screen."""

from __future__ import annotations

import math

import numpy as np

from estimators.evidence.bank import whole_runs
from estimators.evidence.configure import Configured
from estimators.evidence.crossval import TIME_LIKE
from estimators.evidence.intervals import class_of
from estimators.evidence.published import PublishedRun
from estimators.evidence.report import Prediction
from estimators.evidence.whole_runs import constant_share_errors

DIGITS = 5


def published_table(predictions: list[Prediction]) -> list[PublishedRun]:
    """Rows with a measured value and a prediction, in the order of their ids."""
    done = [item for item in predictions if item.log_error is not None]
    runs = whole_runs(item.configured for item in done if item.configured is not None)
    errors, _ = constant_share_errors(runs)
    ratios = {row.row.id: _rounded(math.exp(error)) for row, error in zip(runs, errors, strict=True)}
    rows = [_published(item, item.configured, ratios) for item in done if item.configured is not None]
    return sorted(rows, key=lambda row: row.id)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _published(item: Prediction, configured: Configured, constant: dict[str, float]) -> PublishedRun:
    row = item.row
    error = item.log_error or 0.0
    slower = error if row.measured.quantity in TIME_LIKE else -error
    wide = math.log((item.p90 or 1.0) / (item.predicted or 1.0))
    work = configured.known.work
    return PublishedRun(
        id=row.id,
        producer=row.producer,
        family=row.family,
        quality=row.quality,
        model=row.model,
        gpu=configured.gpu.id,
        gpu_family=configured.gpu.family,
        gpus=configured.gpus,
        parameters=_rounded(float(np.asarray(work.parameters))),
        sequence=configured.known.sequence,
        precision=row.precision or "bf16",
        software=row.software or "",
        quantity=row.measured.quantity,
        unit=row.measured.unit or "",
        measured=row.measured.value or 0.0,
        predicted=_rounded(item.predicted or 0.0),
        time_ratio=_rounded(math.exp(slower)),
        half_width=_rounded(wide),
        layout_known=configured.layout_known,
        source=row.source,
        kind=class_of(configured),
        hidden=configured.known.hidden,
        constant_mfu_ratio=constant.get(row.id),
    )
