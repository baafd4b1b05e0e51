"""Makes the table of published runs with their held-out predictions, for the screen."""

from __future__ import annotations

import math

import numpy as np

from estimators.evidence.crossval import TIME_LIKE
from estimators.evidence.published import PublishedRun
from estimators.evidence.report import Prediction
from estimators.workloads.language import decoder_profile

DIGITS = 5


def published_table(predictions: list[Prediction]) -> list[PublishedRun]:
    """Rows with a measured value and a prediction, in the order of their ids."""
    rows = [_published(item) for item in predictions if item.log_error is not None and item.configured]
    return sorted(rows, key=lambda row: row.id)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _published(item: Prediction) -> PublishedRun:
    row, configured = item.row, item.configured
    assert configured is not None
    error = item.log_error or 0.0
    slower = error if row.measured.quantity in TIME_LIKE else -error
    wide = math.log((item.p90 or 1.0) / (item.predicted or 1.0))
    profile = decoder_profile(configured.known.shape)
    return PublishedRun(
        id=row.id,
        producer=row.producer,
        family=row.family,
        quality=row.quality,
        model=row.model,
        gpu=configured.gpu.id,
        gpu_family=configured.gpu.family,
        gpus=configured.gpus,
        parameters=_rounded(float(np.asarray(profile.parameters))),
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
    )
