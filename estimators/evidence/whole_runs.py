"""Whole runs known by their GPU-hours: rolled up from their steps, and by a constant share of the peak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from estimators.catalogue.load import Catalogue
from estimators.evidence.configure import Configured
from estimators.hardware.devices import peak_16
from estimators.planning.formulas import RUN_FORMULAS
from estimators.planning.run import failures_per_node, run_habits
from estimators.workloads.language import decoder_profile

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
        "parameters": float(np.asarray(decoder_profile(row.known.shape).parameters)),
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
    profile = decoder_profile(row.known.shape)
    total = float(np.asarray(profile.parameters))
    experts = profile.experts
    if experts is None:
        return total
    idle = profile.layers * experts.parameters * (1.0 - experts.chosen / experts.experts)
    return total - float(np.asarray(idle))


def hours_at_peak(row: Configured) -> float:
    """GPU-hours of 6 × active parameters × tokens at the full 16-bit peak."""
    peak = peak_16(row.gpu) * row.gpu.devices_per_module
    return 6.0 * active_parameters(row) * row.row.work_tokens / peak / 3600.0


def run_factor(times: Column, producers: NDArray[np.str_], left_out: str = "") -> float:
    """Time of published whole runs over that of their steps, evaluation, checkpoints and restarts.

    The median over runs, so that one odd run does not move it. It stands for stretches that were trained
    again, slow nodes and the software of runs that do not name theirs; plans are for a clean run and leave
    it to the contingency of a request.

    Args:
        times: ln(true time ÷ predicted time) of whole runs.
        producers: Their producers.
        left_out: A producer that may not count.
    """
    others = times[producers != left_out]
    return float(np.exp(np.median(others))) if others.size else 1.0


def factors_of_others(rows: Sequence[Configured], runs: Sequence[Configured], times: Column) -> Column:
    """For every row the factor of whole runs, from all producers but its own.

    Args:
        rows: The rows to correct.
        runs: Whole runs.
        times: Their ln(true time ÷ predicted time), held out.
    """
    producers = np.array([row.row.producer for row in runs])
    names = [row.row.producer for row in rows]
    found = {name: run_factor(times, producers, name) for name in sorted(set(names))}
    return np.array([found[name] for name in names])


def constant_share_errors(rows: tuple[Configured, ...]) -> tuple[Column, Column]:
    """ln(predicted ÷ measured) GPU-hours by a constant share of the 16-bit peak, over whole runs.

    Returns:
        Errors of the share that the runs of all other producers had in the median, and of the published one.
    """
    shares = np.array([hours_at_peak(row) / (row.row.measured.value or np.nan) for row in rows])
    producers = np.array([row.row.producer for row in rows])
    fitted = np.array([float(np.median(shares[producers != name])) for name in producers])
    return np.log(shares / fitted), np.log(shares / PUBLISHED_SHARE)
