"""Published runs with their held-out predictions, and which of them resemble a plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from estimators.catalogue.records import Gpu
from estimators.planning.records import MachineAnswer, RunSpec
from estimators.shipped import shipped

SOURCE_FILE = "held-out.json"


class PublishedRun(msgspec.Struct, frozen=True):
    """One measured run beside what a fit without its producer predicts.

    Attributes:
        measured, predicted: In `unit` (tokens/s/GPU, TFLOP/s, GPU-hours, s).
        time_ratio: Predicted time ÷ measured time; above 1 the estimate was too slow.
        half_width: Half width of the 80 % interval, in logarithms.
        parameters: Parameters of the model.
        sequence: Tokens of one sequence.
        kind: Class that shares its interval.
        hidden: Width of the model.
        constant_mfu_ratio: For whole runs, GPU-hours by the median MFU of other producers ÷ those measured.
    """

    id: str
    producer: str
    family: str
    quality: str
    model: str
    gpu: str
    gpu_family: str
    gpus: float
    parameters: float
    sequence: float
    precision: str
    software: str
    quantity: str
    unit: str
    measured: float
    predicted: float
    time_ratio: float
    half_width: float
    layout_known: bool
    source: str
    kind: str
    hidden: float
    constant_mfu_ratio: float | None = None

    @property
    def inside(self) -> bool:
        """Whether the measured value lies in the 80 % interval."""
        return abs(math.log(self.time_ratio)) <= self.half_width


@dataclass(frozen=True, slots=True)
class Nearest:
    """A published run and how far it is from a plan.

    Attributes:
        distance: 0 for the same card, model size, device count, sequence and precision; each factor of e
            in size adds 1, as weighted in `distance_to`.
    """

    run: PublishedRun
    distance: float


@lru_cache(maxsize=1)
def published_runs() -> tuple[PublishedRun, ...]:
    """All published runs that were predicted, with the predictions of the shipped cross-validation."""
    path = shipped("calibration", SOURCE_FILE)
    return tuple(msgspec.json.decode(path.read_bytes(), type=list[PublishedRun]))


def distance_to(
    run: PublishedRun, parameters: float, spec: RunSpec, answer: MachineAnswer, gpu: Gpu
) -> float:
    """How unlike a plan a published run is: card first, then size, scale, sequence and precision."""
    card = 0.0 if run.gpu == gpu.id else 1.0 if run.gpu_family == gpu.family else 3.0
    size = abs(math.log(run.parameters / parameters))
    scale = 0.35 * abs(math.log(run.gpus / float(answer.gpus or 1)))
    sequence = 0.35 * abs(math.log(run.sequence / spec.positions))
    precision = 0.0 if run.precision == (answer.precision or spec.precision) else 0.6
    family = 0.0 if run.family == spec.evidence_class else 3.0
    return card + size + scale + sequence + precision + family


def nearest_runs(
    spec: RunSpec, answer: MachineAnswer, parameters: float, gpu: Gpu, count: int = 5
) -> tuple[Nearest, ...]:
    """The published runs that resemble an answer most, at most one of each series of equal configuration.

    Args:
        answer: The machine's answer; it must fit.
        parameters: Parameters of the planned model.
        gpu: The card of the answer's machine.
    """
    ranked = sorted(
        (Nearest(run, distance_to(run, parameters, spec, answer, gpu)) for run in published_runs()),
        key=lambda item: (item.distance, item.run.id),
    )
    chosen: list[Nearest] = []
    seen: set[tuple[str, str, float]] = set()
    for item in ranked:
        key = (item.run.model, item.run.gpu, item.run.gpus)
        if key not in seen:
            seen.add(key)
            chosen.append(item)
        if len(chosen) == count:
            break
    return tuple(chosen)
