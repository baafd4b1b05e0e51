"""A comparison with the shape of a real one, whose numbers are made up.

The charts only need records, so they are tested without the science: a made-up law gives each
machine a curve (cost grows slowly with the GPU count) and the count that meets the deadline.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from app.present.chart_series import ChartSeries, MachineSeries
from estimators.catalogue.architectures import Full, Text
from estimators.catalogue.records import AccessMode, Machine, Queue
from estimators.planning.reasons import Missing, Note, TooLarge
from estimators.planning.records import (
    Comparison,
    CurvePoint,
    MachineAnswer,
    MemoryParts,
    RunSpec,
    StepParts,
)
from estimators.quantity import Fact, Range
from estimators.words import say
from estimators.workloads.models import Model

DAY = 86400.0
WEEK = 7 * DAY

# id, name on the chart, devices per node, devices per counted GPU, most nodes, GPU-hours on one node
MACHINES = (
    ("lumi-g", "LUMI-G", 8, 2, 1024, 36_000.0),
    ("leonardo-booster", "Leonardo", 4, 1, 256, 30_500.0),
    ("marenostrum5-acc", "MareNostrum 5", 4, 1, 100, 12_000.0),
    ("jupiter-booster", "JUPITER", 4, 1, 500, 10_700.0),
    ("meluxina-gpu", "MeluXina", 4, 1, 50, 32_000.0),
    ("karolina-gpu", "Karolina", 8, 1, 72, 32_500.0),
    ("vega-gpu", "Vega", 4, 1, None, 34_000.0),
    ("deucalion-gpu", "Deucalion", 4, 1, 4, 36_000.0),
    ("discoverer-plus", "Discoverer+", 8, 1, 2, 12_000.0),
    ("arrhenius-gpu", "Arrhenius", 4, 1, 300, 10_900.0),
)
COMING = (("alice-recoque", "Alice Recoque", 4, 1, None, 5_000.0),)

MODEL = Model("eurollm-9b", "EuroLLM 9B", "decoder", None, published=9.15)
GIB = 2.0**30


def parts_of(kind: type, **known: float) -> Any:
    """A record of parts in which every part that is not named is zero."""
    return kind(**{part.name: known.get(part.name, 0.0) for part in fields(kind)})


STEP: StepParts = parts_of(
    StepParts, gemm=4.15, attention=0.62, memory_bound=0.58, launch=0.05, tensor_parallel_exposed=0.30,
    data_parallel_exposed=0.22, optimiser=0.09, straggler=0.42, communication_total=1.31, total=6.43,
    model_flops=3.2e17, mfu=0.41,
)  # fmt: skip
MEMORY: MemoryParts = parts_of(
    MemoryParts, weights=4.3 * GIB, gradients=2.1 * GIB, optimiser=6.4 * GIB, activations=26 * GIB,
    logits=5.5 * GIB, buffers=2.5 * GIB, context=1.2 * GIB, fragmentation=3.0 * GIB, reserved=51 * GIB,
    limit=60 * GIB, capacity=64 * GIB,
)  # fmt: skip


def access_modes() -> tuple[AccessMode, ...]:
    """The three industrial modes."""
    return (
        AccessMode(
            id="playground", name="AI Factories, Playground", short_name="Playground", group="industrial",
            max_gpu_hours=Fact(5_000.0, "count"), rank=1,
        ),
        AccessMode(
            id="fast-lane", name="AI Factories, Fast Lane", short_name="Fast Lane", group="industrial",
            min_gpu_hours=Fact(10_000.0, "count"), max_gpu_hours=Fact(50_000.0, "count"), rank=2,
        ),
        AccessMode(
            id="large-scale", name="AI Factories, Large Scale", short_name="Large Scale", group="industrial",
            min_gpu_hours=Fact(50_000.0, "count"), min_exclusive=True, rank=3,
        ),
        AccessMode(id="benchmark", name="Benchmark Access", group="general", rank=4),
    )  # fmt: skip


def machine(row: tuple[str, str, int, int, int | None, float], status: str = "in service") -> Machine:
    """A partition with what the charts read of it."""
    machine_id, name, per_node, _, max_nodes, _ = row
    limit = Fact(float(max_nodes), "count") if max_nodes is not None else Fact(None, "count")
    return Machine(
        id=machine_id, name=f"{name} partition", short_name=name, status=status,
        status_detail=Fact(status), country=Fact("Italy"), host=Fact("A site"), gpu=None,
        nodes=Fact(1000.0, "count"), devices_per_node=Fact(float(per_node), "count"),
        network_per_node=Fact(400.0, "Gbit/s"),
        queues=(Queue(name="normal", max_walltime=Fact(24.0, "h"), max_nodes=limit),),
    )  # fmt: skip


def spread(p50: float, low: float = 0.83, high: float = 1.33) -> Range:
    """A skewed interval around a middle."""
    return Range(p50 * low, p50, p50 * (1.0 + 0.6 * (high - 1.0)), p50 * high)


def curve(row: tuple[str, str, int, int, int | None, float], work: float) -> tuple[CurvePoint, ...]:
    """GPU counts 2^k and 3·2^k whole nodes; the cost grows slowly with the count."""
    _, _, per_node, per_gpu, max_nodes, hours_on_one_node = row
    points = []
    for nodes in sorted([2**k for k in range(11)] + [3 * 2**k for k in range(10)]):
        if nodes > (max_nodes or 60):
            break
        hours = work * hours_on_one_node * (1.0 + 0.012 * nodes**0.75)
        counted = nodes * per_node / per_gpu
        seconds = 3600.0 * hours / counted
        points.append(CurvePoint(nodes * per_node, spread(seconds, 0.83, 1.36), spread(hours)))
    return tuple(points)


def answer(
    row: tuple[str, str, int, int, int | None, float], deadline: float | None, work: float
) -> MachineAnswer:
    """The fewest GPUs that meet the deadline at P80, else the fastest count."""
    points = curve(row, work)
    target = deadline or 90 * DAY
    in_time = [point for point in points if point.seconds.p80 <= target]
    best = in_time[0] if in_time else points[-1]
    return MachineAnswer(
        machine=machine(row), fits=True, meets_deadline=None if deadline is None else bool(in_time),
        gpus=best.gpus, nodes=best.gpus / row[2], seconds=best.seconds, gpu_hours=best.gpu_hours,
        step=STEP, memory=MEMORY, notes=(Note("jobs", say("24 h jobs × 11")),), curve=points,
    )  # fmt: skip


def own_answer(work: float) -> MachineAnswer:
    """Four consumer cards: slow, and one point only."""
    row = ("own", "4 × RTX 4090", 4, 1, None, 108_000.0)
    hours = work * 108_000.0
    seconds = 3600.0 * hours / 4.0
    point = CurvePoint(4, spread(seconds), spread(hours))
    return MachineAnswer(
        machine=machine(row), fits=True, gpus=4, seconds=point.seconds, gpu_hours=point.gpu_hours,
        curve=(point,), is_own=True, step=STEP, memory=MEMORY,
        notes=(Note("host-memory", say("with offload")),),
    )  # fmt: skip


def comparison(
    deadline: float | None = 2 * WEEK, work: float = 1.0, chosen: str = "leonardo-booster", final: bool = True
) -> Comparison:
    """The run on every machine; `work` scales the cost."""
    answers = [answer(row, deadline, work) for row in MACHINES]
    for row in COMING:
        answers.append(
            MachineAnswer(machine=machine(row, "coming"), fits=False, reason=Missing((say("GPU model"),)))
        )
    return Comparison(
        spec=RunSpec(
            model=MODEL, method=Full("continued-pretraining"), samples=7.3e7, sample=Text(4096),
            machine=chosen, deadline_seconds=deadline,
        ),
        answers=tuple(answers),
        own=own_answer(work),
        headline=next(a for a in answers if a.machine.id == chosen),
        explanation=None,
        assumptions=(),
        catalogue_date="2026-11-23",
        final=final,
    )  # fmt: skip


def without(whole: Comparison, *machine_ids: str) -> Comparison:
    """The same with some machines that do not fit."""
    answers = tuple(
        MachineAnswer(machine=a.machine, fits=False, reason=TooLarge(40.0 * 2**30, 23.0 * 2**30, "A100"))
        if a.machine.id in machine_ids
        else a
        for a in whole.answers
    )
    return replace(whole, answers=answers)


def series_of(series: ChartSeries, machine_id: str) -> MachineSeries | None:
    """The series of a machine or of the user's hardware, or None."""
    everyone = (*series.machines, *([series.own] if series.own is not None else ()))
    return next((one for one in everyone if one.machine_id == machine_id), None)
