"""The explanation: a tree of figures from GPU-hours down to facts and user inputs.

Formulas of the roll-up explain themselves: the tree is built from the same definitions that computed the
values. Below the step time stand the parts of the step model with the facts and fitted coefficients that
they rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue
from estimators.parallel.search import Found
from estimators.planning.formulas import BY_KEY, GPU_HOURS, Formula
from estimators.planning.prepare import Prepared
from estimators.planning.run import JOB_START_HOURS, NODE_WRITE_RATE, Rolled
from estimators.planning.step_figures import step_figure
from estimators.planning.targets import Target
from estimators.quantity import Fact, Figure, Origin
from estimators.words import Amount, Cased, Said, Value, say, together

RANGED = ("gpu_hours", "wall_hours", "node_hours", "site_units")


@dataclass(frozen=True, slots=True)
class Leaf:
    """How an input of the roll-up is shown.

    Attributes:
        fact: The fact behind it, if it is one.
    """

    name: str | Value
    unit: str
    origin: Origin
    fact: Fact[Any] | None = None
    note: str | Said = ""


def explain(
    prepared: Prepared,
    found: Found,
    rolled: Rolled,
    pair: int,
    catalogue: Catalogue,
    calibration: Calibration,
) -> Figure:
    """The tree behind the GPU-hours of one machine."""
    target = prepared.targets[int(prepared.pair_target[pair])]
    gpus, samples = int(prepared.problem.pair_gpus[pair]), rolled.value("batch_samples", pair)
    leaves = run_leaves(prepared, target, gpus, samples, catalogue)
    step = step_figure(prepared, found, pair, target, calibration, float(rolled.correction[pair]))
    return _tree(GPU_HOURS, rolled, pair, leaves, step)


def _tree(formula: Formula, rolled: Rolled, pair: int, leaves: dict[str, Leaf], step: Figure) -> Figure:
    inputs = tuple(_input(key, rolled, pair, leaves, step) for key in formula.inputs)
    return Figure(
        key=formula.key,
        name=formula.name,
        value=rolled.value(formula.key, pair),
        unit=formula.unit,
        origin=Origin.CALCULATED,
        words=formula.words,
        expression=formula.expression,
        inputs=inputs,
        note=formula.source,
        range=rolled.range(formula.key, pair) if formula.key in RANGED else None,
    )


def _input(key: str, rolled: Rolled, pair: int, leaves: dict[str, Leaf], step: Figure) -> Figure:
    if key == "step_seconds":
        return step
    if key in BY_KEY:
        return _tree(BY_KEY[key], rolled, pair, leaves, step)
    leaf = leaves[key]
    return Figure(
        key, leaf.name, rolled.value(key, pair), leaf.unit, leaf.origin, fact=leaf.fact, note=leaf.note
    )


def run_leaves(
    prepared: Prepared, target: Target, gpus: int, batch_samples: float, catalogue: Catalogue
) -> dict[str, Leaf]:
    """Name, unit and origin of every input of the roll-up for a device count and its batch."""
    own = _user_leaves(prepared, target, gpus, batch_samples)
    return own | _fact_leaves(target, gpus) | _habit_leaves(catalogue)


def _user_leaves(prepared: Prepared, target: Target, gpus: int, batch_samples: float) -> dict[str, Leaf]:
    spec = prepared.spec
    chosen = spec.gpus == gpus and spec.machine == target.machine.id
    tokens = spec.sample.tokens_of_text
    size = f"{spec.samples * tokens:.4g} tokens ÷ {tokens}" if tokens else ""
    batch, reason = Origin.DEFAULT if prepared.batch.reason else Origin.USER, prepared.batch.reason
    if batch_samples != prepared.batch.samples:
        named = Amount(prepared.batch.samples, form="general", digits=15)
        asked = reason or say("You named {n} samples.", n=named)
        nearest = say("The nearest that divides over the GPUs.")
        batch, reason = Origin.CALCULATED, together(asked, nearest)
    why = "as you named" if chosen else "chosen from the counts tried"
    return {
        "samples": Leaf(Cased(prepared.family.unit.many, "capital"), "samples", Origin.USER, note=size),
        "passes": Leaf("Passes over the data", "passes", Origin.USER),
        "batch_samples": Leaf("Batch", "samples", batch, note=reason),
        "gpus": Leaf("GPUs", "GPUs", Origin.USER if chosen else Origin.CALCULATED, note=why),
        "parameters": Leaf(
            "Parameters", "parameters", Origin.CALCULATED, note=f"counted from the shape of {spec.model.name}"
        ),
    }


def _fact_leaves(target: Target, gpus: int) -> dict[str, Leaf]:
    machine, gpu = target.machine, target.gpu
    queue = target.longest_queue(gpus)
    walltime = queue.max_walltime if queue is not None else None
    return {
        "devices_per_gpu": Leaf(
            "Devices of one GPU",
            "devices",
            Origin.DEFAULT,
            note="a LUMI GPU-hour is one MI250X module with two devices"
            if gpu.devices_per_module > 1
            else "software sees each GPU as one device",
        ),
        "nodes": Leaf("Nodes", "nodes", Origin.CALCULATED, machine.devices_per_node, "GPUs ÷ GPUs of a node"),
        "walltime_hours": Leaf(
            "Longest job",
            "h",
            Origin.FACT if walltime is not None else Origin.DEFAULT,
            walltime,
            "" if walltime is not None else "no limit is published: one job",
        ),
        "gpus_per_node": Leaf("GPUs of a node", "GPUs", Origin.FACT, machine.devices_per_node),
    }


def _habit_leaves(catalogue: Catalogue) -> dict[str, Leaf]:
    presets = catalogue.reliability["planning-presets"].facts
    formulas = catalogue.reliability["formulas"].facts
    bloom = catalogue.reliability["bloom-176b"].facts
    return {
        "evaluation_share": Leaf("Share for evaluation", "share", Origin.FACT, presets["eval_overhead"]),
        "checkpoint_bytes_per_parameter": Leaf(
            "Bytes for each parameter", "bytes", Origin.FACT, formulas["checkpoint_bytes_per_parameter"]
        ),
        "node_write_rate": Leaf(
            "Write rate of a node",
            "bytes/s",
            Origin.DEFAULT,
            note=f"cautious judgement, {NODE_WRITE_RATE / 1e9:g} GB/s; no site publishes it",
        ),
        "system_write_rate": Leaf(
            "Write rate of the system", "bytes/s", Origin.FACT, bloom["write_bandwidth"]
        ),
        "failures_per_1000_node_days": Leaf(
            "Failures in 1 000 node-days",
            "failures",
            Origin.FACT,
            presets["failures_per_1000_node_days_central"],
            "scaled from nodes of eight GPUs",
        ),
        "recovery_hours": Leaf(
            "Detection and restart", "h", Origin.FACT, presets["restart_p50"], "detection is added to it"
        ),
        "job_start_hours": Leaf(
            "Start of one job",
            "h",
            Origin.DEFAULT,
            note=f"{JOB_START_HOURS * 60:.0f} min: start, container, loading; 3 to 15 in published practice",
        ),
    }
