"""The inputs behind each run of a request: what the workbook computes from, with their sources."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.words import text
from estimators.calibration import load_calibration
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.explain import run_leaves
from estimators.planning.formulas import RUN_FORMULAS, roll_up
from estimators.planning.prepare import Prepared, prepare
from estimators.planning.run import shared_inputs, target_inputs
from estimators.quantity import Fact
from estimators.requests.campaign_results import Campaign, RunLine
from estimators.requests.quantiles import quantile
from estimators.words import Said
from estimators.workloads.methods import rule_of

RUN_KEYS = tuple(
    dict.fromkeys(
        key
        for formula in RUN_FORMULAS
        for key in formula.inputs
        if key not in {other.key for other in RUN_FORMULAS}
    )
)
"""Inputs of the formulas of a run, in the order in which they are needed."""
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Input:
    """How an input is named.

    Attributes:
        fact: The fact behind it, None for what the user said and for what was computed.
    """

    name: str
    unit: str
    fact: Fact[Any] | None = None
    note: str | Said = ""


@dataclass(frozen=True, slots=True)
class RunValues:
    """One line of the request with everything that its hours are computed from.

    Attributes:
        values: Inputs and results of `RUN_FORMULAS`; only "wall_hours" and "nodes" where the user named the
            hours of the run.
        plan_ratio: The plan's quantile of the wall-clock time over its middle.
        is_computed: Whether `values` holds the inputs.
    """

    line: RunLine
    values: dict[str, float]
    plan_ratio: float
    is_computed: bool


def all_run_values(
    campaign: Campaign, catalogue: Catalogue
) -> tuple[tuple[RunValues, ...], dict[str, Input]]:
    """Values of every run that fits, and the names of their inputs."""
    found = []
    names: dict[str, Input] = {}
    for line in campaign.lines:
        if line.wall_hours is None:
            continue
        values, named = _values_of(line, campaign, catalogue)
        names = {**named, **names}
        ratio = quantile(line.wall_hours, campaign.spec.plan_percentile) / line.wall_hours.p50
        is_computed = bool(values) and _agrees(values, line)
        if not is_computed:
            values = {"wall_hours": line.wall_hours.p50, "nodes": float(line.nodes)}
        found.append(RunValues(line, values, ratio, is_computed))
    return tuple(found), names


def _agrees(values: dict[str, float], line: RunLine) -> bool:
    """Whether the formulas give the hours of the line."""
    wall, nodes = line.wall_hours, float(line.nodes)
    assert wall is not None
    return math.isclose(values["wall_hours"], wall.p50, rel_tol=CLOSE) and values["nodes"] == nodes


def _values_of(
    line: RunLine, campaign: Campaign, catalogue: Catalogue
) -> tuple[dict[str, float], dict[str, Input]]:
    """Inputs and results of one run; nothing where its hours were named by the user."""
    answer, machine = line.answer, campaign.machine
    if line.run.fixed_hours is not None or answer.step is None or answer.layout is None:
        return {}, {}
    spec = replace(line.run.spec, machine=machine.id)
    alone = replace(catalogue, machines={machine.id: machine})
    prepared = prepare(spec, alone, load_calibration())
    pair = _pair(prepared, machine.id, answer.gpus)
    if pair is None:
        return {}, {}
    layout = answer.layout
    batch = float(layout.data_parallel * layout.micro_batch * layout.micro_batches)
    columns = shared_inputs(prepared, catalogue) | target_inputs(prepared, catalogue)
    inputs = {key: _one(value, pair) for key, value in columns.items()}
    inputs |= {"step_seconds": answer.step.total, "batch_samples": batch}
    values = {key: float(value) for key, value in roll_up(inputs).items()}
    return values, _names(prepared, pair, batch, campaign, catalogue)


def _pair(prepared: Prepared, machine_id: str, gpus: int | None) -> int | None:
    """Place of the machine and its number of devices among the pairs prepared."""
    for place, (owner, count) in enumerate(
        zip(prepared.pair_target, prepared.problem.pair_gpus, strict=True)
    ):
        if prepared.targets[int(owner)].machine.id == machine_id and int(count) == gpus:
            return place
    return None


def _one(value: Any, pair: int) -> float:
    column = np.asarray(value, dtype=float)
    return float(column if column.ndim == 0 else column[pair])


def _names(
    prepared: Prepared, pair: int, batch: float, campaign: Campaign, catalogue: Catalogue
) -> dict[str, Input]:
    target = prepared.targets[int(prepared.pair_target[pair])]
    leaves = run_leaves(prepared, target, int(prepared.problem.pair_gpus[pair]), batch, catalogue)
    named = {key: Input(text(leaf.name), leaf.unit, leaf.fact, leaf.note) for key, leaf in leaves.items()}
    return named | _step_names() | _power_names(prepared, campaign.machine, catalogue)


def _step_names() -> dict[str, Input]:
    return {
        "step_seconds": Input("Step time", "s", note="estimated; a measured one replaces it"),
        "batch_samples": Input("Batch", "samples"),
    }


def _power_names(prepared: Prepared, machine: Machine, catalogue: Catalogue) -> dict[str, Input]:
    """Inputs of site units, energy and carbon."""
    phase = rule_of(prepared.spec.method).power
    energy = catalogue.energy
    grid = catalogue.grids.get(machine.country.value or "")
    rate = machine.site_unit.per_gpu_hour if machine.site_unit is not None else None
    return {
        "units_per_gpu_hour": Input("Site units for one GPU-hour", "units", rate),
        "gpu_watts": Input("Power of one GPU", "W", catalogue.gpu(machine.gpu or "").power),
        "power_share": Input(
            "Share of the power drawn", "share", energy["power-share"].facts[f"{phase}_p50"]
        ),
        "node_overhead": Input("Rest of the node", "ratio", energy["node-overhead"].facts["p50"]),
        "pue": Input("PUE of the site", "ratio", machine.pue),
        "grid_g_per_kwh": Input(
            "Grid, consumption mix", "g/kWh", grid.consumption_lifecycle if grid is not None else None
        ),
    }
