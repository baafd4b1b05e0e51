"""Predicts measured runs from their configuration, in the quantity that was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from estimators.catalogue.load import Catalogue
from estimators.evidence.configure import Configured, software_row
from estimators.evidence.known import work_of_sizes
from estimators.evidence.whole_runs import gpu_hours
from estimators.hardware.devices import Devices, device_columns, family_shares
from estimators.hardware.network import Fabric
from estimators.hardware.systems import fabric_columns
from estimators.parallel.layout import RECOMPUTE, Layouts
from estimators.parallel.memory import MARGIN
from estimators.parallel.search import Found, search
from estimators.parallel.spread import Problem
from estimators.parallel.step import Steps, step_times
from estimators.parallel.templates import Fixed
from estimators.parameters import Coefficients
from estimators.workloads.columns import side_by_side
from estimators.workloads.work import Array, Work

Column = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Stack:
    """Rows of one structure, whose works stand side by side in one.

    Attributes:
        rows: Places in the bench.
        work: With fields that are columns over them.
    """

    rows: Index
    work: Work


@dataclass(frozen=True, slots=True)
class Bench:
    """Configured rows as columns, with one settled layout each.

    Attributes:
        stacks: The works of all rows, each row in one of them.
    """

    rows: tuple[Configured, ...]
    stacks: tuple[Stack, ...]
    layouts: Layouts
    gpus: tuple[str, ...]
    fabric: Fabric
    catalogue: Catalogue

    def take(self, index: NDArray[np.intp]) -> Bench:
        """The given rows."""
        rows = tuple(self.rows[i] for i in index)
        return bench(rows, self.catalogue, [self.rows[i].fixed for i in index])

    def steps(self, coefficients: Coefficients) -> Steps:
        """Step times of all rows."""
        devices = cards_of(self.catalogue, coefficients)
        found = [
            step_times(stack.work, self.layouts.take(stack.rows), devices, self.fabric, coefficients)
            for stack in self.stacks
        ]
        names = [item.name for item in fields(Steps)]
        return Steps(**{name: self.in_order([getattr(one, name) for one in found]) for name in names})

    def in_order(self, columns: Sequence[Column]) -> Column:
        """One column over all rows from one over the rows of each stack."""
        if len(self.stacks) == 1:
            return columns[0]
        out = np.full(len(self.rows), np.nan)
        for stack, column in zip(self.stacks, columns, strict=True):
            out[stack.rows] = column
        return out

    def of_works(self, value: Callable[[Work], Array]) -> Column:
        """A property of every row's work."""
        found = [np.broadcast_to(value(stack.work), stack.rows.shape) for stack in self.stacks]
        return self.in_order([np.asarray(column, dtype=float) for column in found])


def cards_of(catalogue: Catalogue, coefficients: Coefficients) -> Devices:
    """All cards of the catalogue, against the reference that `calibrate` writes down from the same cards."""
    gpus = tuple(catalogue.gpus.values())
    return device_columns(gpus, coefficients, family_shares(gpus))


def settle(rows: tuple[Configured, ...], catalogue: Catalogue, coefficients: Coefficients) -> Bench:
    """Chooses a layout for the rows that do not publish one, and puts all rows side by side."""
    fixed = [
        row.fixed
        if row.layout_known and row.fixed.zero is not None and row.fixed.recompute is not None
        else searched_layout(row, catalogue, coefficients)
        for row in rows
    ]
    return bench(rows, catalogue, fixed)


def searched_layout(row: Configured, catalogue: Catalogue, coefficients: Coefficients) -> Fixed:
    """The layout that a plan would propose, with what the row publishes held fixed.

    Where nothing fits by our account of memory, the row's own devices show that it did: the layout that
    needs the least memory is taken.
    """
    memory = row.gpu.memory_bytes
    for _ in range(2):
        found = _search_row(row, row.fixed, memory, catalogue, coefficients)
        if found.best[0] >= 0:
            return _fixed_from(found, int(found.best[0]))
        memory = float(found.shortfall[0]) / (1.0 - MARGIN) * 1.0001
    fixed = row.fixed
    return replace(
        fixed,
        tensor=fixed.tensor or 1,
        pipeline=fixed.pipeline or 1,
        micro_batch=fixed.micro_batch or 1,
        zero=1 if fixed.zero is None else fixed.zero,
        recompute=fixed.recompute or "full",
    )


def _search_row(
    row: Configured, fixed: Fixed, memory: float, catalogue: Catalogue, coefficients: Coefficients
) -> Found:
    names = list(catalogue.gpus)
    work = row.known.work
    problem = Problem(
        work=work,
        batch=row.batch,
        software=software_row(row.software),
        device=np.array([names.index(row.gpu.id)]),
        bits=np.array([row.bits]),
        memory=np.array([memory]),
        pair_system=np.zeros(1, dtype=np.intp),
        pair_gpus=np.array([row.gpus]),
        offload=np.zeros(1),
        fixed=fixed,
        reduce_bytes=row.reduce_bytes,
        sequence_parallel=row.sequence_parallel,
        recipe=np.array([float(row.recipe)]),
    )
    devices = cards_of(catalogue, coefficients)
    return search(problem, devices, fabric_columns([row.system]), coefficients)


def _fixed_from(found: Found, row: int) -> Fixed:
    layouts = found.layouts
    return Fixed(
        tensor=int(layouts.tensor[row]),
        pipeline=int(layouts.pipeline[row]),
        interleave=int(layouts.interleave[row]),
        context=int(layouts.context[row]),
        zero=int(layouts.zero[row]),
        micro_batch=int(layouts.micro_batch[row]),
        recompute=RECOMPUTE[int(layouts.recompute[row])],
        expert=int(layouts.expert[row]),
        shard=int(layouts.shard[row]),
    )


def stacks_of(rows: Sequence[Configured]) -> tuple[Stack, ...]:
    """The works of rows, side by side where their structure is one."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[row.known.family.kind, row.known.rule.id].append(place)
    return tuple(_stack([rows[place] for place in mine], mine) for mine in places.values())


def _stack(rows: Sequence[Configured], places: Sequence[int]) -> Stack:
    """Rows of one family and method."""
    one = rows[0].known
    shape = side_by_side([row.known.shape for row in rows])
    return Stack(np.array(places, dtype=np.intp), work_of_sizes(one.family, one.rule, shape))


def bench(rows: tuple[Configured, ...], catalogue: Catalogue, fixed: list[Fixed]) -> Bench:
    """Columns over rows whose layouts are settled."""
    names = list(catalogue.gpus)
    settled = tuple(replace(row, fixed=part) for row, part in zip(rows, fixed, strict=True))

    def column(values: list[float]) -> Column:
        return np.array(values, dtype=float)

    tensor = column([float(part.tensor or 1) for part in fixed])
    pipeline = column([float(part.pipeline or 1) for part in fixed])
    context = column([float(part.context or 1) for part in fixed])
    micro = column([float(part.micro_batch or 1) for part in fixed])
    gpus = column([row.gpus for row in rows])
    data = np.maximum(gpus / (tensor * pipeline * context), 1.0)
    count = np.maximum(column([row.batch for row in rows]) / (data * micro), 1.0)
    layouts = Layouts(
        device=np.array([names.index(row.gpu.id) for row in rows]),
        system=np.arange(len(rows)),
        software=np.array([software_row(row.software) for row in rows]),
        tensor=tensor,
        pipeline=pipeline,
        interleave=column([float(part.interleave or 1) for part in fixed]),
        context=context,
        data=data,
        zero=column([float(part.zero or 0) for part in fixed]),
        shard=column([part.shard or row.shard for row, part in zip(rows, fixed, strict=True)]),
        micro_batch=micro,
        micro_batches=count,
        recompute=column([float(RECOMPUTE.index(part.recompute or "none")) for part in fixed]),
        sequence_parallel=column([row.sequence_parallel for row in rows]),
        reduce_bytes=column([row.reduce_bytes for row in rows]),
        bits=column([row.bits for row in rows]),
        tp_overlap=column([row.tp_overlap for row in rows]),
        recipe=column([float(row.recipe) for row in rows]),
        layers_16=np.zeros(len(rows)),
        zero_bubble=column([part.zero_bubble for part in fixed]),
        context_kind=column([part.context_row for part in fixed]),
        offload=np.zeros(len(rows)),
        fused_experts=column([row.fused_experts for row in rows]),
        expert=column([float(part.expert or 1) for part in fixed]),
    )
    fabric = fabric_columns([row.system for row in rows])
    return Bench(settled, stacks_of(settled), layouts, tuple(names), fabric, catalogue)


def published_quantity(bench: Bench, seconds: Column) -> Column:
    """Step seconds in the quantity that each row published.

    tokens_per_s_per_gpu and tflops_per_gpu count devices as software sees them; samples_per_s and throughput
    count the whole job, in samples unless the unit speaks of tokens; gpu_hours of a whole run count modules
    and include what the plans' formulas add to the steps.
    """
    layouts = bench.layouts
    samples = layouts.batch_samples
    tokens = samples * bench.of_works(lambda work: work.positions)
    gpus = layouts.gpus
    out = np.full(seconds.shape, np.nan)
    flops = _flops_per_step(bench)
    for i, row in enumerate(bench.rows):
        measured = row.row.measured
        kind = measured.quantity
        if kind == "tokens_per_s_per_gpu":
            out[i] = tokens[i] / seconds[i] / gpus[i]
        elif kind == "iteration_s":
            out[i] = seconds[i]
        elif kind == "throughput" and "token" in (measured.unit or "").lower():
            out[i] = tokens[i] / seconds[i]
        elif kind in ("samples_per_s", "throughput"):
            out[i] = samples[i] / seconds[i]
        elif kind == "tflops_per_gpu":
            out[i] = flops[i] / seconds[i] / gpus[i] / 1e12
        elif kind == "gpu_hours":
            out[i] = gpu_hours(row, float(seconds[i]), float(samples[i]), bench.catalogue)
    return out


def _flops_per_step(bench: Bench) -> Column:
    """FLOP of one step by each row's convention; none stated: model FLOPs, full attention square."""
    layouts = bench.layouts
    samples = layouts.batch_samples
    whole = bench.of_works(lambda work: work.model_flops_per_sample) * samples
    core = 3.0 * bench.of_works(lambda work: work.attention_model_flops) * samples
    again = bench.of_works(lambda work: work.recomputed_flops) * samples * (layouts.recompute == 2.0)
    texts = [(row.row.measured.convention or "").lower() for row in bench.rows]
    hardware = np.array(
        [float("hardware flops" in text or "recomputation counted" in text) for text in texts]
    )
    halved = np.array([float("halved" in text and "not halved" not in text) for text in texts])
    return np.asarray(whole + hardware * again - 0.5 * halved * core)
