"""Modelled seconds of one step for any sizes of a job on one machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from estimators.calibration import Calibration, load_calibration
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.parallel.search import search
from estimators.planning.prepare import Prepared, catalogue_of, prepare
from estimators.planning.records import RunSpec
from estimators.planning.run import roll


@dataclass(frozen=True, slots=True)
class ModelledStep:
    """One step of a job size with its 80 % range.

    Attributes:
        gpus: Devices as software sees them.
        batch_samples: Global batch of the step.
    """

    gpus: int
    batch_samples: int
    seconds: float
    low_seconds: float
    high_seconds: float


def modelled_steps(
    spec: RunSpec,
    machine: Machine,
    catalogue: Catalogue,
    sizes: Iterable[tuple[int, int]],
    calibration: Calibration | None = None,
) -> dict[tuple[int, int], ModelledStep]:
    """The best layout's step for every size that fits and divides its batch.

    Args:
        sizes: Devices and global batch of each.

    Returns:
        Steps by devices and batch; sizes that no layout fits or divides are left out.

    Raises:
        RunError: The run, or the step that it was measured with, cannot be estimated.
    """
    calibration = calibration or load_calibration()
    narrow = catalogue_of(spec, machine, catalogue)
    prepared = prepare(replace(spec, machine=machine.id), narrow, calibration)
    by_batch: dict[int, list[int]] = {}
    for gpus, batch in sizes:
        by_batch.setdefault(batch, []).append(gpus)
    found: dict[tuple[int, int], ModelledStep] = {}
    for batch, counts in by_batch.items():
        found |= _steps_of_batch(prepared, machine, batch, counts, catalogue, calibration)
    return found


def _steps_of_batch(
    prepared: Prepared,
    machine: Machine,
    batch: int,
    counts: list[int],
    catalogue: Catalogue,
    calibration: Calibration,
) -> dict[tuple[int, int], ModelledStep]:
    """All device counts of one batch in one search."""
    row = next((i for i, target in enumerate(prepared.targets) if target.machine.id == machine.id), None)
    if row is None:
        return {}
    problem = replace(
        prepared.problem,
        batch=float(batch),
        pair_system=np.full(len(counts), row, dtype=np.intp),
        pair_gpus=np.array(counts, dtype=float),
        batch_tolerance=0.0,
    )
    sized = replace(prepared, problem=problem)
    found = search(problem, sized.devices, sized.fabric, calibration.coefficients)
    rolled = roll(sized, found, catalogue, calibration)
    steps = {}
    for pair, gpus in enumerate(counts):
        best = int(found.best[pair])
        if best < 0:
            continue
        seconds = rolled.value("step_seconds", pair)
        low, high = float(rolled.low[pair]), float(rolled.high[pair])
        steps[gpus, batch] = ModelledStep(gpus, batch, seconds, seconds * low, seconds * high)
    return steps
