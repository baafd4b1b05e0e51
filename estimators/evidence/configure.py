"""From evidence rows to columns: shapes, systems and layouts side by side.

What a row does not publish is taken from the habits of its software class; where the micro-batch or a
degree of parallelism is not published, the row goes to the search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu
from estimators.evidence.hardware import (
    UNFUSED,
    has_fused_experts,
    software_class,
    system_of,
    uses_fused_attention,
    with_card,
)
from estimators.evidence.known import KnownShape, known_of
from estimators.evidence.precision import usual_precision
from estimators.evidence.rows import Row
from estimators.hardware.devices import peak_16
from estimators.hardware.recipes import NAMES
from estimators.hardware.systems import SystemFacts
from estimators.parallel.layout import RECOMPUTE, bits_on
from estimators.parallel.templates import Fixed
from estimators.parameters import SOFTWARE
from estimators.planning.defaults import batch_tokens
from estimators.software import software_named
from estimators.workloads.families import EVIDENCE
from estimators.workloads.methods import PUBLISHED_AS

DEFAULT_TRIED_BATCH_TOKENS = 4e6
DEFAULT_GPUS = 64.0
"""Devices of a whole run that names none; GPU-hours hardly depend on them."""
RECIPE_WORDS = (
    (("rowwise", "row-wise"), "row-wise"),
    (("blockwise", "block-wise", "subchannel"), "block-wise"),
    (("delayed", "amp_fp8"), "delayed"),
    (("current", "tensorwise", "fp8-cs", "float8"), "current"),
)
"""What publishers call the recipes of 8-bit products."""


@dataclass(frozen=True, slots=True)
class Configured:
    """One row in the terms of the physics; a missing degree or micro-batch is None.

    Attributes:
        layout_known: Whether tensor and pipeline degree and micro-batch were all published.
        batch: Samples of one optimiser step.
    """

    row: Row
    gpu: Gpu
    known: KnownShape
    system: SystemFacts
    software: str
    gpus: float
    batch: float
    bits: float
    fixed: Fixed
    shard: float
    sequence_parallel: float
    reduce_bytes: float
    tp_overlap: float
    recipe: int
    fused_experts: float
    layout_known: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that cannot be predicted, with the reason for the reader."""

    row: Row
    reason: str


def configure(row: Row, catalogue: Catalogue) -> Configured | Skipped:
    """Reads one row without its measured value."""
    row = with_card(row, catalogue)
    reason = row.fault or _reason_to_skip(row, catalogue)
    if reason:
        return Skipped(row, reason)
    known = known_of(row, catalogue, uses_fused_attention(row))
    if known is None:
        return Skipped(row, "neither a shape nor a parameter count is published")
    software = software_class(row)
    gpu = catalogue.gpus[str(row.hardware.gpu)]
    gpus = float(row.hardware.gpus or DEFAULT_GPUS)
    fixed = fixed_parts(row, software)
    complete = None not in (fixed.tensor, fixed.pipeline, fixed.micro_batch, fixed.expert)
    return Configured(
        row=row,
        gpu=gpu,
        known=known,
        system=system_of(row, catalogue),
        software=software,
        gpus=gpus,
        batch=batch_samples(row, known.sequence, gpus, fixed),
        bits=bits_on(gpu, usual_precision(row)),
        fixed=fixed,
        shard=row.number("fsdp_group") or 0.0,
        sequence_parallel=_sequence_parallel(row, software),
        reduce_bytes=2.0 if row.layout.get("mp_mode") == "PURE" else 4.0,
        tp_overlap=float(row.layout.get("async_tp") is True),
        fused_experts=float(has_fused_experts(row, known.has_biases)),
        recipe=recipe_of(row, software),
        layout_known=complete,
    )


def _reason_to_skip(row: Row, catalogue: Catalogue) -> str | None:
    if row.family not in EVIDENCE or (row.method or "") not in PUBLISHED_AS:
        return f"family {row.family}, method {row.method or 'not stated'}: not estimated yet"
    if row.hardware.gpu is None:
        return f"card not in the catalogue: {row.hardware.gpu_as_published or 'not stated'}"
    if row.hardware.gpu not in catalogue.gpus:
        return f"card not in the catalogue: {row.hardware.gpu}"
    if row.precision in ("fp32", "tf32"):
        return f"precision {row.precision}: not estimated yet"
    gpu = catalogue.gpus[row.hardware.gpu]
    facts = (peak_16(gpu), gpu.memory_bandwidth.si, gpu.compute_units.si, gpu.link_bandwidth.si)
    if not np.isfinite(facts).all():
        return f"card with facts that are not published: {gpu.name}"
    return _layout_fault(row)


def _layout_fault(row: Row) -> str | None:
    """Why a published layout cannot be."""
    gpus = row.hardware.gpus or 0.0
    if gpus < 1.0:
        whole_run = row.measured.quantity == "gpu_hours"
        return None if whole_run else "the number of devices is not published"
    model = float(np.prod([_degree(row, name) or 1 for name in ("tp", "pp", "cp")]))
    if model > gpus:
        return f"the published layout needs {model:g} devices, the row has {gpus:g}"
    return None


def _degree(row: Row, name: str) -> int | None:
    value = row.number(name)
    return int(value) if value and value >= 1.0 else None


def fixed_parts(row: Row, software: str) -> Fixed:
    """What the row says of its layout, completed by the habits of its software class."""
    tensor, pipeline = _degree(row, "tp"), _degree(row, "pp")
    single = (row.hardware.gpus or 0) == 1
    context = _degree(row, "cp") or 1
    return Fixed(
        tensor=1 if single else tensor,
        pipeline=1 if single else pipeline,
        interleave=_degree(row, "vpp") or (1 if single or pipeline else None),
        context=context,
        zero=zero_stage(row, software),
        micro_batch=_micro_batch(row),
        recompute=recompute_mode(row, software),
        expert=_degree(row, "ep") if EVIDENCE[row.family][1].has_experts else 1,
        recomputes=recomputes_of(software),
    )


def recomputes_of(software: str) -> tuple[str, ...]:
    """Recompute modes of a published run's program: those of its class where the class is one program.

    A class that plans offer holds many programs here, some of which can do more than the class.
    """
    can = software_named(software)
    return RECOMPUTE if can.offered else can.recomputes


def _micro_batch(row: Row) -> int | None:
    """Samples of a micro-batch: as published, else what batch, replicas and accumulation leave."""
    published = _degree(row, "micro_batch")
    if published:
        return published
    batch, data, count = row.number("global_batch_sequences"), row.number("dp"), row.number("grad_accum")
    if batch and data and count:
        return max(int(batch / data / count), 1)
    return None


def zero_stage(row: Row, software: str) -> int | None:
    """ZeRO stage: as published, else the habit of the software class."""
    published = row.number("zero_stage")
    if published is not None:
        return int(min(max(published, 0.0), 3.0))
    mode = row.layout.get("fsdp")
    if mode:
        return 2 if "GRAD_OP" in str(mode) else 3
    return {"megatron": 1, "megatron-2021": 0, "megatron-deepspeed": 1, "fsdp": 3}.get(software)


def recompute_mode(row: Row, software: str) -> str | None:
    """Recompute mode: as published; a missing one means full before 2023 and none in recent recipes."""
    text = str(row.layout.get("recompute") or "").lower()
    for mode in RECOMPUTE:
        if text.startswith(mode):
            return mode
    if software in UNFUSED:
        return "none" if row.year and row.year >= 2023 else "full"
    return "none" if software == "megatron" else None


def _sequence_parallel(row: Row, software: str) -> float:
    flag = row.layout.get("sequence_parallel")
    if isinstance(flag, bool):
        return float(flag)
    return 0.0 if software in UNFUSED else 1.0


def batch_samples(row: Row, sequence: float, gpus: float, fixed: Fixed) -> float:
    """Samples of one step: as published, from accumulation, else a usual batch of tokens."""
    published = row.number("global_batch_sequences") or row.number("global_batch_sequences_derived")
    if published:
        return published
    tokens = row.number("global_batch_tokens")
    if tokens:
        return max(round(tokens / sequence), 1.0)
    model = float((fixed.tensor or 1) * (fixed.pipeline or 1) * (fixed.context or 1))
    data = max(gpus / model, 1.0)
    count = row.number("grad_accum")
    if count:
        return data * float(fixed.micro_batch or 1) * count
    least = data * float(fixed.micro_batch or 1)
    wanted = batch_tokens(row.work_tokens) if row.work_tokens > 0 else DEFAULT_TRIED_BATCH_TOKENS
    if fixed.tensor is None and fixed.pipeline is None:
        return float(max(round(wanted / sequence), 1))
    return float(max(least, least * np.rint(wanted / sequence / least)))


def recipe_of(row: Row, software: str) -> int:
    """How a row scales its 8- or 4-bit products: as published, else the habit of its software and year.

    Transformer Engine had delayed scaling alone until 2025 (NeMo 24, llm-foundry's amp_fp8); then Megatron
    Bridge and NeMo took current scaling, which torchao's dynamic float8 always was. A model of 2024 on that
    published neither software nor recipe counts as delayed, too.
    """
    text = (row.precision_as_published or "").lower()
    if usual_precision(row) in ("mxfp8", "nvfp4"):
        return NAMES.index(usual_precision(row))
    for words, recipe in RECIPE_WORDS:
        if any(word in text for word in words):
            return NAMES.index(recipe)
    older = software != "fsdp" and (row.year or 2024) < 2025
    return NAMES.index("delayed" if older else "current")


def software_row(name: str) -> int:
    """Row of a software class in `SOFTWARE`."""
    return SOFTWARE.index(name)
