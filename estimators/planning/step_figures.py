"""Figures of one step: its parts and the facts and fitted coefficients behind them."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from estimators.calibration import Calibration
from estimators.hardware.devices import card_correction, measured_share, peak_name
from estimators.hardware.kernels import FLASH_BACKWARD
from estimators.hardware.recipes import RECIPES
from estimators.parallel.layout import CONTEXT_KINDS, SCHEDULES
from estimators.parallel.search import Found
from estimators.parameters import SOFTWARE, TUNED_ATTENTION, Coefficients, attention_of, of_family
from estimators.planning.prepare import Prepared
from estimators.planning.targets import Target
from estimators.quantity import Fact, Figure, Origin
from estimators.workloads.work import Array

NETWORK_PARTS = (
    ("tensor_parallel_exposed", "Tensor parallel, visible"),
    ("data_parallel_exposed", "Data parallel, visible"),
    ("pipeline_send_exposed", "Pipeline sends, visible"),
    ("context_parallel_exposed", "Context parallel, visible"),
    ("expert_parallel_exposed", "Expert dispatch and combine, visible"),
)


CONTEXT_WORDS = {
    "ring": "keys and values travel round a ring, less what computing hides",
    "all-gather": "keys and values are gathered before attention, in sight",
    "ulysses": "queries, keys, values and output change between sequence and heads, in sight",
}
WAIT = "stages that wait for the first and the last micro-batch"
SCHEDULE_WORDS = {
    "1f1b": WAIT,
    "interleaved": f"{WAIT}, divided by the chunks of a stage",
    "zero-bubble": f"{WAIT}, less the weight gradients that ZB-H1 puts there",
    "zero-bubble-2p": f"{WAIT}, less the weight gradients that ZB-H2 puts there",
}


class _Row:
    """One layout of the search with what its figures need."""

    def __init__(
        self, prepared: Prepared, found: Found, pair: int, target: Target, calibration: Calibration
    ) -> None:
        self.work = prepared.work
        self.target = target
        self.row = int(found.best[pair])
        self.layouts = found.layouts
        self.steps = found.steps
        self.coefficients, self.family_share = calibration.coefficients, calibration.family_share
        self.software = SOFTWARE[int(found.layouts.software[self.row])]
        self.bits = prepared.bits(pair)
        self.gpus = float(found.layouts.gpus[self.row])
        self.samples = float(found.layouts.batch_samples[self.row])
        self.again = 4.0 / 3.0 if float(found.layouts.recompute[self.row]) == 2.0 else 1.0

    def seconds(self, name: str) -> float:
        """Seconds of one part of the step."""
        return float(getattr(self.steps, name)[self.row])

    def column(self, name: str) -> float:
        """One column of the layout."""
        return float(getattr(self.layouts, name)[self.row])

    def tokens(self) -> float:
        """Tokens of one step."""
        return self.samples * _number(self.work.positions)

    def fitted(self, name: str) -> Figure:
        """A leaf for one coefficient."""
        item = next(item for item in fields(Coefficients) if item.name == name)
        note = f"{item.metadata['meaning']}; prior: {item.metadata['source']}"
        return Figure(
            name,
            name.replace("_", " "),
            float(getattr(self.coefficients, name)),
            "",
            Origin.FITTED,
            note=note,
        )


def _number(value: Array) -> float:
    return float(np.asarray(value))


def _fact(key: str, name: str, unit: str, fact: Fact[float]) -> Figure:
    return Figure(key, name, fact.si, unit, Origin.FACT, fact=fact, note=fact.note)


def step_figure(
    prepared: Prepared, found: Found, pair: int, target: Target, calibration: Calibration, correction: float
) -> Figure:
    """Seconds of one step as the sum of its parts."""
    row = _Row(prepared, found, pair, target, calibration)
    parts: tuple[Figure, ...] = (
        _gemm(row),
        _attention(row),
        _passes(row),
        _launch(row),
        _network(row),
        _bubble(row),
        _optimiser(row),
        _straggler(row),
    )
    modelled = float(found.steps.total[row.row])
    if correction:
        parts = (*parts, _measured(prepared, modelled * correction))
    return Figure(
        key="step_seconds",
        name="Step time",
        value=modelled * (1.0 + correction),
        unit="s",
        origin=Origin.CALCULATED,
        words="the sum of its parts",
        expression=" + ".join(part.key for part in parts),
        inputs=parts,
        note=_layout_words(row),
    )


def _layout_words(row: _Row) -> str:
    replicas = row.column("data") * row.column("context")
    hybrid = row.column("zero") >= 1.0 and 0.0 < row.column("shard") < replicas
    groups = f" in groups of {row.column('shard'):g}" if hybrid else ""
    return (
        f"tensor {row.column('tensor'):g}, pipeline {row.column('pipeline'):g}, data {row.column('data'):g}, "
        f"ZeRO stage {row.column('zero'):g}{groups}, micro-batch {row.column('micro_batch'):g}; "
        f"software {row.software}"
    )


def _rate_figure(
    row: _Row,
    key: str,
    name: str,
    flops: float,
    share_words: str,
    shares: tuple[Figure, ...],
    peak: Figure,
) -> Figure:
    """A part as work ÷ (GPUs × peak × share reached)."""
    seconds = row.seconds(key)
    share = flops / (row.gpus * peak.value * seconds) if seconds > 0 else 1.0
    reached = Figure(
        f"{key}_share",
        "Share of the peak reached",
        share,
        "share",
        Origin.CALCULATED,
        words=share_words,
        inputs=shares,
    )
    work = Figure(
        f"{key}_flops", "Work", flops, "FLOP", Origin.CALCULATED, note="counted from the shape of the model"
    )
    gpus = Figure("gpus", "GPUs", row.gpus, "GPUs", Origin.CALCULATED)
    return Figure(
        key,
        name,
        seconds,
        "s",
        Origin.CALCULATED,
        words="work ÷ (GPUs × peak × share reached)",
        expression=f"{key}_flops / (gpus * {peak.key} * {key}_share)",
        inputs=(work, gpus, peak, reached),
    )


def _peak(row: _Row) -> Figure:
    name = peak_name(row.target.gpu, int(row.bits))
    return _fact("peak", f"Dense peak, {name}", "FLOP/s", row.target.gpu.peak[name])


def _card(row: _Row) -> tuple[Figure, ...]:
    """How the card stands against its generation, where that is told apart."""
    gpu = row.target.gpu
    value = card_correction(gpu, row.family_share, row.coefficients)
    if value == 1.0:
        return ()
    measured = measured_share(gpu) == measured_share(gpu)
    by_product = "its best measured matrix product, as a share of the peak, against that of its generation"
    words = by_product if measured else "its power limit against that of its generation, to the fitted power"
    name = "This card against its generation"
    return (Figure("card_correction", name, value, "share", Origin.CALCULATED, words=words),)


def _gemm(row: _Row) -> Figure:
    linear = 6.0 * _number(row.work.product_positions) * row.samples * row.again
    low = {8.0: ("gemm_share_fp8",), 4.0: ("gemm_share_fp4",)}.get(row.bits, ())
    names = (of_family("gemm_share", row.target.gpu.family), *low, "wave_exponent", "k_half")
    words = "share of the family, lowered by tiles, waves and short inner sizes"
    shares = (*(row.fitted(name) for name in names), *_card(row))
    return _rate_figure(row, "gemm", "Matrix products", linear, words, shares, _peak(row))


def _attention(row: _Row) -> Figure:
    runs = 1.0 + FLASH_BACKWARD + (1.0 if row.again > 1.0 else 0.0)
    core = _number(row.work.attention_flops) * row.samples
    gpu = row.target.gpu
    tuned = TUNED_ATTENTION[SOFTWARE.index(row.software)] > 0
    name = attention_of(gpu.family, tuned)
    figure = _fact("peak_16", "Dense peak, 16 bit", "FLOP/s", gpu.peak[peak_name(gpu, 16)])
    words = "share of fused attention kernels, lowered by small heads"
    return _rate_figure(
        row,
        "attention",
        "Attention",
        runs * core,
        words,
        (row.fitted(name), row.fitted("attention_head_half")),
        figure,
    )


def _modelled(
    row: _Row, key: str, name: str, words: str, inputs: tuple[Figure, ...], seconds: float | None = None
) -> Figure:
    """A part that the step model computes from these inputs in many small terms."""
    value = row.seconds(key) if seconds is None else seconds
    return Figure(key, name, value, "s", Origin.CALCULATED, words=words, inputs=inputs)


def _passes(row: _Row) -> Figure:
    bandwidth = _fact("bandwidth", "Memory bandwidth", "bytes/s", row.target.gpu.memory_bandwidth)
    passes = row.fitted(f"passes_{row.software.replace('-', '_')}")
    words = "bytes of norms, activations, residuals and loss ÷ the bandwidth that passes reach"
    inputs: tuple[Figure, ...] = (bandwidth, row.fitted("memory_share"), passes)
    if row.bits < 16.0:
        words = (
            "bytes of norms, activations, residuals, loss and quantising ÷ the bandwidth that passes reach"
        )
        inputs = (*inputs, _quantising(row), row.fitted("cast_passes"))
    return _modelled(row, "memory_bound", "Memory-bound passes", words, inputs)


def _quantising(row: _Row) -> Figure:
    """Bytes that the recipe moves for each element that it quantises."""
    recipe = RECIPES[int(row.column("recipe"))]
    kept = row.column("layers_16")
    note = f"{recipe.name} scaling: {recipe.source}"
    if kept:
        note += f"; {kept:g} layers stay in 16 bit"
    return Figure(
        "quantised_bytes",
        "Bytes for one quantised element",
        recipe.bytes,
        "bytes",
        Origin.CALCULATED,
        note=note,
    )


def _launch(row: _Row) -> Figure:
    host = row.fitted(f"host_{row.software.replace('-', '_')}")
    words = "kernels × fixed time, or what the host needs for each layer where that is longer"
    return _modelled(
        row,
        "launch",
        "Launch and host",
        words,
        (row.fitted("kernel_seconds"), host, row.fitted("step_host_seconds")),
    )


def _network(row: _Row) -> Figure:
    link = _fact("link", "Links of one GPU, one direction", "bytes/s", row.target.gpu.link_bandwidth)
    fact = row.target.machine.network_per_node
    if fact.value is None:
        fact = row.target.machine.more.get("network_per_node_assumed", fact)
    node = _fact("network", "Network of a node, one direction", "bytes/s", fact)
    facts = (
        link,
        node,
        row.fitted("link_share"),
        row.fitted("network_share"),
        row.fitted("overlap_slowdown"),
    )
    usual = "ring collectives over these links, less what computing hides"
    words = {"context_parallel_exposed": CONTEXT_WORDS[CONTEXT_KINDS[int(row.column("context_kind"))]]}
    parts = tuple(_modelled(row, key, name, words.get(key, usual), facts) for key, name in NETWORK_PARTS)
    total = sum(part.value for part in parts)
    return Figure(
        "network_exposed",
        "Exposed network",
        total,
        "s",
        Origin.CALCULATED,
        words="what computing does not hide",
        expression=" + ".join(part.key for part in parts),
        inputs=parts,
    )


def _bubble(row: _Row) -> Figure:
    words = SCHEDULE_WORDS[SCHEDULES[int(row.layouts.schedule[row.row])]]
    stages = Figure(
        "pipeline", "Pipeline stages", float(row.layouts.pipeline[row.row]), "stages", Origin.CALCULATED
    )
    many = Figure(
        "micro_batches", "Micro-batches", float(row.layouts.micro_batches[row.row]), "", Origin.CALCULATED
    )
    return _modelled(row, "bubble", "Pipeline bubble", words, (stages, many))


def _optimiser(row: _Row) -> Figure:
    bandwidth = _fact("bandwidth", "Memory bandwidth", "bytes/s", row.target.gpu.memory_bandwidth)
    return _modelled(
        row,
        "optimiser",
        "Optimiser",
        "30 bytes moved for each local parameter (Adam, fp32 states)",
        (bandwidth,),
    )


def _straggler(row: _Row) -> Figure:
    words = "σ × √(2 ln GPUs) of the rest: the step waits for the slowest device"
    return _modelled(row, "straggler", "Stragglers", words, (row.fitted("straggler_sigma"),))


def _measured(prepared: Prepared, seconds: float) -> Figure:
    measured = prepared.spec.measured
    told = Figure(
        "measured_seconds",
        "Measured step",
        measured.step_seconds if measured else float("nan"),
        "s",
        Origin.USER,
        note=f"{measured.gpus} GPUs of {measured.machine}" if measured else "",
    )
    words = "what the measured step adds to the model or takes from it, weighed by how sure each is"
    return Figure(
        "measured_correction",
        "Measurement",
        seconds,
        "s",
        Origin.CALCULATED,
        words=words,
        inputs=(told,),
    )
