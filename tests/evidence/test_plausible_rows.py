"""No published run is called impossible: the limits of a step hold for every measurement that we know."""

import numpy as np

from estimators import Catalogue
from estimators.evidence.configure import Configured
from estimators.evidence.crossval import usable
from estimators.evidence.predict import bench, published_quantity
from estimators.evidence.rows import Row
from estimators.planning.plausible import LeastStep, least_step

PRECISION = {16.0: "bf16", 8.0: "fp8", 4.0: "nvfp4"}


def least(row: Configured, samples: float) -> LeastStep:
    work, precision = row.known.work, PRECISION[row.bits]
    return least_step(work, samples, precision, row.gpu, int(row.gpus))


def test_that_no_published_step_is_called_impossible(catalogue: Catalogue, shipped: tuple[Row, ...]) -> None:
    """Published rates are turned into seconds of a step; whole runs, which wait and restart, are left out."""
    rows = usable(shipped, catalogue)
    runs = bench(rows, catalogue, [row.fixed for row in rows])
    of_one_second = published_quantity(runs, np.ones(len(rows)))
    peaks, bandwidths = [], []
    for place, row in enumerate(rows):
        measured = row.row.measured
        if measured.quantity == "gpu_hours" or not measured.value:
            continue
        seconds = of_one_second[place] / measured.value
        if measured.quantity == "iteration_s":
            seconds = measured.value
        limits = least(row, float(runs.layouts.batch_samples[place]))
        peaks.append((limits.share_of_peak(seconds), row.row.id))
        bandwidths.append((limits.share_of_bandwidth(seconds), row.row.id))
    assert len(peaks) > 600
    assert max(peaks)[0] < 1.0, max(peaks)
    assert max(bandwidths)[0] < 1.0, max(bandwidths)
    assert max(peaks)[0] > 0.6, "a limit that no run comes near tells little"
