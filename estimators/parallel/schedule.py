"""What a pipeline loses: stages that wait for the first and the last micro-batch, and for slower stages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimators.parallel.layout import Stages
from estimators.workloads.work import Array

Column = NDArray[np.float64]
POSTPONED = np.array([0.0, 1.0, 2.0])
"""Weight gradients that a stage puts off into its last wait, for each stage that it waits for: 1F1B, ZB-H1,
ZB-H2."""


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """Seconds of one micro-batch, forward and backward, and the part that computes weight gradients."""

    seconds: Column
    weights: Column

    def take(self, rows: NDArray[np.intp]) -> Pass:
        """The given rows."""
        return Pass(self.seconds[rows], self.weights[rows])


def pipeline_bubble(layers: Array, pipeline: Stages, count: Array, layer: Pass, ends: Pass) -> Column:
    """Seconds of one step in which a stage waits, on the mean of all stages.

    1F1B with unequal stages takes (m − 1)·max T + Σ T (Narayanan et al., arXiv:2104.04473); interleaving
    divides the fill and drain by the chunks of a stage. A stage holds whole layers: as many as ⌈L/p⌉, and the
    last one, which has the head and the loss, those that the others leave.

    Zero-bubble schedules put weight gradients into the wait (Qi et al., arXiv:2401.10241, table 1): of
    (p − 1)(F + B + W) for 1F1B, ZB-H1 leaves (p − 1)(F + B − W) and ZB-H2 (p − 1)(F + B − 2W). One W of each
    is no longer waited for; the rest is put off, of which there are no more than micro-batches.

    Args:
        layers: Layers that the stages share.
        count: Micro-batches.
        layer: One layer, the mean of all.
        ends: First and last parts together.
    """
    stages = pipeline.pipeline
    full = np.ceil(layers / stages)
    rest = np.maximum(layers - full * (stages - 1.0), 0.0)
    whole = layers * layer.seconds + ends.seconds
    last = rest * layer.seconds + ends.seconds
    slowest = np.maximum(full * layer.seconds, last)
    wait = (whole - slowest) / pipeline.interleave
    if np.any(pipeline.zero_bubble > 0.0):
        ended = slowest <= last
        held = np.where(ended, rest * layer.weights + ends.weights, full * layer.weights)
        others = layers * layer.weights + ends.weights - held
        put_off = np.minimum(
            POSTPONED[pipeline.zero_bubble.astype(np.intp)], count / np.maximum(stages - 1.0, 1.0)
        )
        wait = np.where(pipeline.zero_bubble > 0.0, np.maximum(wait - (1.0 + put_off) * others, 0.0), wait)
    return np.maximum(count * (slowest - whole / stages) + wait, 0.0)
