"""Whole runs known by their GPU-hours: rolled up from their steps, and by a constant share of the peak."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimators.catalogue.load import Catalogue
from estimators.evidence.configure import Configured
from estimators.hardware.devices import peak_16
from estimators.planning.formulas import RUN_FORMULAS
from estimators.planning.run import failures_per_node, run_habits

Column = NDArray[np.float64]
PUBLISHED_SHARE = 0.34
"""Median of 6 × parameters × tokens ÷ GPU-hours ÷ 16-bit peak over 23 published runs, restarts included
(public compilation 71571056092 and model cards)."""


def gpu_hours(row: Configured, step_seconds: float, batch_samples: float, catalogue: Catalogue) -> float:
    """GPU-hours of a whole run by the formulas that plans use: evaluation, checkpoints, restarts, job start.

    Nobody publishes the queue's longest job: the run counts as one.

    Args:
        step_seconds: Seconds of one step.
        batch_samples: Samples of one step.
    """
    modules = row.gpu.devices_per_module
    per_node = row.system.devices_per_node
    values: dict[str, float] = run_habits(catalogue) | {
        "samples": row.row.work_tokens / row.known.sequence,
        "passes": 1.0,
        "batch_samples": batch_samples,
        "step_seconds": step_seconds,
        "parameters": float(np.asarray(row.known.work.parameters)),
        "nodes": max(row.gpus / per_node, 1.0),
        "gpus": row.gpus,
        "devices_per_gpu": float(modules),
        "walltime_hours": float("inf"),
        "failures_per_1000_node_days": float(
            failures_per_node(np.array([per_node / modules]), catalogue.reliability["planning-presets"])[0]
        ),
    }
    for formula in RUN_FORMULAS:
        values[formula.key] = formula(values)
        if formula.key == "gpu_hours":
            break
    return float(values["gpu_hours"])


def active_parameters(row: Configured) -> float:
    """Parameters that serve each token: as published, else counted from the shape."""
    if row.row.params.active:
        return row.row.params.active
    work = row.known.work
    return float(np.asarray(work.parameters)) - float(np.asarray(work.idle_parameters))


def hours_at_peak(row: Configured) -> float:
    """GPU-hours of 6 × active parameters × tokens at the full 16-bit peak."""
    peak = peak_16(row.gpu) * row.gpu.devices_per_module
    return 6.0 * active_parameters(row) * row.row.work_tokens / peak / 3600.0


@dataclass(frozen=True, slots=True)
class RunView:
    """What published whole runs teach beyond steps.

    Attributes:
        factor: Their time over that of their steps, evaluation, checkpoints and restarts. It stands for
            stretches that were trained again, slow nodes and the software of runs that do not name theirs;
            plans are for a clean run and leave it to the contingency of a request.
        share: Their share of the 16-bit peak: 6 × active parameters × tokens ÷ GPU-hours ÷ peak.
    """

    factor: float = 1.0
    share: float = PUBLISHED_SHARE

    def hours(self, row: Configured, rolled_up: float) -> float:
        """GPU-hours of a run of which only model, tokens and devices are known.

        Two views of it err by different things and weigh alike: the steps, which know the card but not the
        software, and the share of peak that such runs reach. Their geometric mean errs less than either.

        Args:
            rolled_up: GPU-hours by the steps and the formulas of plans.
        """
        return math.sqrt(rolled_up * self.factor * hours_at_peak(row) / self.share)


def view_of(runs: Sequence[Configured], times: Column, left_out: str = "") -> RunView:
    """Factor and share of whole runs: medians, so that no odd run moves them.

    Args:
        runs: Whole runs with their measured GPU-hours.
        times: ln(true time ÷ time by steps and roll-up), held out.
        left_out: A producer that may not count.
    """
    others = [i for i, run in enumerate(runs) if run.row.producer != left_out]
    if not others:
        return RunView()
    shares = [hours_at_peak(runs[i]) / (runs[i].row.measured.value or math.nan) for i in others]
    return RunView(float(np.exp(np.median(times[others]))), float(np.median(shares)))


def views_of_others(
    rows: Sequence[Configured], runs: Sequence[Configured], times: Column
) -> tuple[RunView, ...]:
    """For every row what the whole runs of all other producers teach."""
    names = [row.row.producer for row in rows]
    found = {name: view_of(runs, times, name) for name in sorted(set(names))}
    return tuple(found[name] for name in names)


def whole_run_errors(runs: Sequence[Configured], times: Column) -> Column:
    """ln(predicted ÷ measured) GPU-hours of whole runs, each by its steps and the other producers' view."""
    predicted = []
    for run, time, view in zip(runs, times, views_of_others(runs, runs, times), strict=True):
        measured = run.row.measured.value or math.nan
        predicted.append(math.log(view.hours(run, measured * math.exp(-time)) / measured))
    return np.array(predicted)


def constant_share_errors(runs: Sequence[Configured]) -> tuple[Column, Column]:
    """ln(predicted ÷ measured) GPU-hours by a constant share of the 16-bit peak, over whole runs.

    Returns:
        Errors of the share that the runs of all other producers had in the median, and of the published one.
    """
    shares = np.array([hours_at_peak(run) / (run.row.measured.value or np.nan) for run in runs])
    others = np.array([view.share for view in views_of_others(runs, runs, np.zeros(len(runs)))])
    return np.log(shares / others), np.log(shares / PUBLISHED_SHARE)
