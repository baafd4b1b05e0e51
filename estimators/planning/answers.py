"""One machine's answer from the arrays of the search and the roll-up."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from estimators.hardware.recipes import NAMES
from estimators.parallel.layout import CONTEXT_KINDS, PRECISION_BITS, RECOMPUTE, SCHEDULES
from estimators.parallel.memory import (
    GRADIENT_BYTES,
    MARGIN,
    OPTIMISER_BYTES,
    memory_of,
    sharding_group,
    usable_bytes,
)
from estimators.parallel.search import NO_BATCH, NO_HEADS, NO_MEMORY, Found
from estimators.planning.choice import neighbour_of
from estimators.planning.prepare import Prepared
from estimators.planning.reasons import NoBatch, NoCount, NoHeads, NoLayout, Note, Reason, TooLarge
from estimators.planning.records import (
    CurvePoint,
    LayoutUsed,
    MachineAnswer,
    MemoryParts,
    SiteUnits,
    StepParts,
)
from estimators.planning.run import Rolled, unit_fact
from estimators.planning.targets import OWN, Target, Untargeted, gpu_label, named_count
from estimators.quantity import SECONDS_PER_HOUR, Range
from estimators.words import Amount, Name, say, say_many

Index = NDArray[np.intp]


def answer_without_target(other: Untargeted) -> MachineAnswer:
    """A machine that cannot be computed, with the reason."""
    is_own = other.machine.id == OWN
    return MachineAnswer(machine=other.machine, fits=False, reason=other.reason, is_own=is_own)


def answer_for(
    prepared: Prepared, found: Found, rolled: Rolled, target: Target, pairs: Index, pick: int | None
) -> MachineAnswer:
    """The answer of one machine.

    Args:
        pairs: All pairs of the machine.
        pick: The pair to propose, None where nothing fits.
    """
    if pick is None:
        return MachineAnswer(
            machine=target.machine,
            fits=False,
            reason=why_not(prepared, found, target, pairs),
            notes=target.notes,
            is_own=target.is_own,
        )
    gpus = int(prepared.problem.pair_gpus[pick])
    seconds = rolled.range("wall_hours", pick).scaled(SECONDS_PER_HOUR)
    deadline = prepared.spec.deadline_seconds
    spec = prepared.spec
    curve = curve_of(prepared, found, rolled, pairs)
    layout = layout_used(found, pick, spec.layout.expert_capacity if prepared.work.has_experts else None)
    precision = used_precision(prepared, target, pick)
    return MachineAnswer(
        machine=target.machine,
        fits=True,
        meets_deadline=None if deadline is None else seconds.p80 <= deadline,
        gpus=gpus,
        nodes=rolled.value("nodes", pick),
        seconds=seconds,
        gpu_hours=rolled.range("gpu_hours", pick),
        node_hours=rolled.range("node_hours", pick),
        site_units=site_units(rolled, target, pick),
        energy_kwh=_known(rolled, "energy_kwh", pick),
        carbon_kg=_known(rolled, "carbon_kg", pick),
        step=step_parts(prepared, found, target, pick, float(rolled.correction[pick])),
        memory=memory_parts(prepared, found, target, pick),
        layout=layout,
        precision=precision,
        jobs=int(rolled.value("jobs", pick)),
        steps=rolled.value("steps", pick),
        notes=(
            *_count_note(prepared, target, gpus),
            *notes_of(rolled, target, pick, precision, prepared, layout),
        ),
        curve=curve,
        evidence="near" if rolled.near[pick] and prepared.has_evidence else "far",
        measured=bool(rolled.measured[pick]),
        modelled_seconds=_modelled(rolled, "wall_hours", SECONDS_PER_HOUR, pick),
        modelled_gpu_hours=_modelled(rolled, "gpu_hours", 1.0, pick),
        is_own=target.is_own,
        neighbour=neighbour_of(next(point for point in curve if point.gpus == gpus), curve),
    )


def why_not(prepared: Prepared, found: Found, target: Target, pairs: Index) -> Reason:
    """Why no layout fits a machine, with what is missing."""
    reasons = found.reason[pairs]
    if pairs.size == 0:
        return NoCount()
    if (reasons == NO_MEMORY).any():
        least = float(np.min(found.shortfall[pairs])) / (1.0 - MARGIN)
        return TooLarge(least, target.gpu.memory_bytes, gpu_label(target.gpu))
    if (reasons == NO_HEADS).any():
        return NoHeads()
    if (reasons == NO_BATCH).all():
        return NoBatch(prepared.batch.samples)
    return NoLayout()


def _modelled(rolled: Rolled, key: str, factor: float, pair: int) -> Range | None:
    """A range without the user's measured step, where that step moved it."""
    if rolled.modelled is None or not rolled.measured[pair]:
        return None
    return rolled.modelled.range(key, pair).scaled(factor)


def _known(rolled: Rolled, key: str, pair: int) -> Range | None:
    value = rolled.value(key, pair)
    return rolled.energy_range(key, pair) if value == value else None


def site_units(rolled: Rolled, target: Target, pair: int) -> SiteUnits | None:
    """The cost in the site's unit; None for own hardware."""
    unit = target.machine.site_unit
    if unit is None:
        return None if target.is_own else SiteUnits("not published", None)
    value = rolled.value("site_units", pair)
    return SiteUnits(unit.name.value or "", value if value == value else None, unit_fact(target))


def used_precision(prepared: Prepared, target: Target, pair: int) -> str:
    """The precision that the card is counted in after a fall-back."""
    wanted = prepared.spec.precision
    bits = prepared.bits(pair)
    if bits < 16.0:
        return wanted if bits == PRECISION_BITS[wanted] and target.gpu.supports(wanted) else "fp8"
    if wanted in ("fp8", "mxfp8", "nvfp4", "bf16"):
        return "bf16" if target.gpu.supports("bf16") else "fp16"
    return wanted


def _count_note(prepared: Prepared, target: Target, gpus: int) -> tuple[Note, ...]:
    """Says so where the count that the user named cannot be run, and another one is proposed."""
    named = named_count(prepared.spec, target.machine.id)
    if named is None or named == gpus:
        return ()
    said = say_many(
        "{n} GPU not possible: {gpus}",
        "{n} GPUs not possible: {gpus}",
        named,
        n=_digits(named),
        gpus=_digits(gpus),
    )
    return (Note("count", said),)


def _digits(number: float) -> Amount:
    return Amount(number, form="general", digits=15)


def notes_of(
    rolled: Rolled, target: Target, pair: int, precision: str, prepared: Prepared, layout: LayoutUsed
) -> tuple[Note, ...]:
    """Short remarks for the reason column."""
    notes: list[Note] = []
    wanted = prepared.spec.precision
    hours = rolled.value("walltime_hours", pair)
    if np.isfinite(hours):
        jobs = _digits(int(rolled.value("jobs", pair)))
        notes.append(Note("jobs", say("{hours} h jobs × {n}", hours=Amount(hours, form="general"), n=jobs)))
    if precision != wanted:
        unmeasured = prepared.is_unmeasured(int(prepared.pair_target[pair]))
        said = say("no {wanted}: {precision}", wanted=Name(wanted), precision=Name(precision))
        if unmeasured:
            said = say("{wanted} never measured: {precision}", wanted=Name(wanted), precision=Name(precision))
        notes.append(Note("precision", said))
    architecture = target.machine.cpu_architecture
    if architecture is not None and architecture.value and "aarch64" in architecture.value:
        notes.append(Note("arm", say("Arm")))
    if layout.offload:
        held = (GRADIENT_BYTES + OPTIMISER_BYTES) * float(np.asarray(prepared.work.parameters))
        said = say("optimiser in host memory: {size} GB", size=_digits(round(held / 1e9)))
        notes.append(Note("host-memory", said))
    if target.gpu.vendor == "amd":
        notes.append(Note("rocm", say("ROCm")))
    return (*notes, *target.notes)


def layout_used(found: Found, pair: int, capacity: float | None = None) -> LayoutUsed:
    """The layout behind a pair's best row."""
    row, layouts = int(found.best[pair]), found.layouts
    one = layouts.take(np.array([row]))
    return LayoutUsed(
        gpus=int(layouts.gpus[row]),
        data_parallel=int(layouts.data[row]),
        zero_stage=int(layouts.zero[row]),
        tensor_parallel=int(layouts.tensor[row]),
        pipeline_parallel=int(layouts.pipeline[row]),
        interleave=int(layouts.interleave[row]),
        context_parallel=int(layouts.context[row]),
        expert_parallel=int(layouts.expert[row]),
        micro_batch=int(layouts.micro_batch[row]),
        micro_batches=int(layouts.micro_batches[row]),
        recompute=RECOMPUTE[int(layouts.recompute[row])],
        candidates=int(found.considered[pair]),
        offload=bool(layouts.offload[row]),
        shard_group=int(sharding_group(one)[0]) if layouts.zero[row] else 1,
        schedule=SCHEDULES[int(layouts.schedule[row])] if layouts.pipeline[row] > 1 else None,
        context_kind=CONTEXT_KINDS[int(layouts.context_kind[row])] if layouts.context[row] > 1 else None,
        recipe=NAMES[int(layouts.recipe[row])] if layouts.bits[row] < 16 else None,
        layers_16=int(layouts.layers_16[row]),
        expert_capacity=capacity,
    )


def step_parts(prepared: Prepared, found: Found, target: Target, pair: int, correction: float) -> StepParts:
    """The parts of the step and its MFU (full attention square, recomputation not counted)."""
    row = int(found.best[pair])
    layouts, steps = found.layouts, found.steps
    values = {item.name: float(getattr(steps, item.name)[row]) for item in fields(steps)}
    modelled = float(steps.total[row])
    total = modelled * (1.0 + correction)
    flops = float(prepared.work.model_flops_per_sample) * float(layouts.batch_samples[row])
    peak = float(prepared.devices.peak_16[layouts.device[row]]) * float(layouts.gpus[row])
    return StepParts(
        **values,
        measured_correction=modelled * correction,
        total=total,
        model_flops=flops,
        mfu=flops / total / peak,
    )


def memory_parts(prepared: Prepared, found: Found, target: Target, pair: int) -> MemoryParts:
    """The parts of the fullest device's memory."""
    row = np.array([int(found.best[pair])])
    memory = memory_of(prepared.work, found.layouts.take(row))
    values = {item.name: float(getattr(memory, item.name)[0]) for item in fields(memory)}
    limit, capacity = float(usable_bytes(target.gpu.memory_bytes)), target.gpu.capacity_bytes
    return MemoryParts(**values, reserved=float(memory.reserved[0]), limit=limit, capacity=capacity)


def curve_of(prepared: Prepared, found: Found, rolled: Rolled, pairs: Index) -> tuple[CurvePoint, ...]:
    """Every device count that fits, with its best layout."""
    return tuple(
        CurvePoint(
            gpus=int(prepared.problem.pair_gpus[pair]),
            seconds=rolled.range("wall_hours", int(pair)).scaled(SECONDS_PER_HOUR),
            gpu_hours=rolled.range("gpu_hours", int(pair)),
        )
        for pair in pairs
        if found.best[pair] >= 0
    )
