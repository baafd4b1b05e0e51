"""From step times to runs: wall-clock, GPU-hours, site units, energy and carbon for every pair at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimators.calibration import FAR_FACTOR, Calibration
from estimators.catalogue.load import Catalogue
from estimators.catalogue.reference import FactTable
from estimators.parallel.search import Found
from estimators.planning.formulas import roll_up
from estimators.planning.pilot import Pilot, no_pilot, pilot_update
from estimators.planning.power import power_range
from estimators.planning.prepare import Prepared, plain_parameters
from estimators.planning.targets import Target
from estimators.quantity import Fact, Range
from estimators.workloads.methods import rule_of
from estimators.workloads.models import GAP, shape_gap

Column = NDArray[np.float64]
NODE_WRITE_RATE = 2e9
"""Bytes/s that one node writes to a parallel file system. No site publishes it; a cautious judgement,
4 % of the slowest confirmed injection bandwidth of a EuroHPC GPU node (400 Gbit/s)."""
JOB_START_HOURS = 10.0 / 60.0
"""Queue start, container, loading the checkpoint: 3 to 15 minutes in published practice."""
RUN_LOG_WIDTH = 0.05
"""Half width, in logarithms, of the 80 % range of everything but the step: restarts, storage, habits."""


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """Values of all formulas and quantiles for every pair.

    Attributes:
        values: Result and input arrays by key (scalars for inputs that all pairs share).
        low, plan, high: Ratio of the 10, 80 and 90 % time to the middle one, for every pair.
        near: Whether the evidence reaches the pair's card and scale.
        correction: What a measured step adds to the modelled one, as a share of it.
        measured: Whether a step was measured on the pair's card.
        power: What power adds to the range of energy, for every pair.
        modelled: The same without the measured step; None where no step was measured.
        predicted_seconds: Of the measured step; None where no step was measured.
    """

    values: dict[str, Any]
    low: Column
    plan: Column
    high: Column
    near: NDArray[np.bool_]
    correction: Column
    measured: NDArray[np.bool_]
    power: tuple[Range, ...]
    modelled: Rolled | None = None
    predicted_seconds: float | None = None

    def value(self, key: str, pair: int) -> float:
        """One value of one pair."""
        column = np.asarray(self.values[key], dtype=float)
        return float(column if column.ndim == 0 else column[pair])

    def range(self, key: str, pair: int) -> Range:
        """A quantity that grows with the time of the run, with its range."""
        middle = self.value(key, pair)
        return Range(
            p10=middle * float(self.low[pair]),
            p50=middle,
            p80=middle * float(self.plan[pair]),
            p90=middle * float(self.high[pair]),
        )

    def energy_range(self, key: str, pair: int) -> Range:
        """Energy or carbon: the range of the time joined with that of power."""
        time, power = self.range(key, pair), self.power[pair]
        low = _joined(self.low[pair], power.p10)
        high = _joined(self.high[pair], power.p90)
        plan = _joined(self.plan[pair], power.p80)
        return Range(time.p50 * low, time.p50, time.p50 * plan, time.p50 * high)


def _joined(first: float, second: float) -> float:
    """Two independent ratios on the same side of one, as one ratio (roots of squares of logarithms)."""
    length = np.hypot(np.log(first), np.log(second))
    return float(np.exp(length if first * second >= 1.0 else -length))


def failure_rate(targets: tuple[Target, ...], presets: FactTable) -> Column:
    """Failures in 1,000 node-days of every target.

    Published rates are for nodes of eight GPUs; smaller nodes fail in proportion. Modules count, whatever
    software sees: a LUMI node has four.
    """
    gpus = [target.devices_per_node / target.gpu.devices_per_module for target in targets]
    return failures_per_node(np.array(gpus), presets)


def failures_per_node(gpus: Column, presets: FactTable) -> Column:
    """Failures in 1,000 days of a node with so many GPUs."""
    central = float(presets.facts["failures_per_1000_node_days_central"].si)
    return np.asarray(central * gpus / 8.0)


def shared_inputs(prepared: Prepared, catalogue: Catalogue) -> dict[str, Any]:
    """Inputs of the roll-up that do not depend on the pair."""
    spec = prepared.spec
    energy = catalogue.energy
    phase = rule_of(spec.method).power
    return run_habits(catalogue) | {
        "samples": spec.samples,
        "passes": spec.passes,
        "parameters": float(prepared.work.parameters),
        "power_share": energy["power-share"].facts[f"{phase}_p50"].si,
        "node_overhead": energy["node-overhead"].facts["p50"].si,
    }


def run_habits(catalogue: Catalogue) -> dict[str, float]:
    """What a run spends beside its steps, whatever it trains and where: evaluation, checkpoints, restarts."""
    presets = catalogue.reliability["planning-presets"].facts
    formulas = catalogue.reliability["formulas"].facts
    per_parameter: dict[str, float] = formulas["checkpoint_bytes_per_parameter"].value or {}
    recovery = presets["restart_p50"].si + presets["detection_p50"].si
    return {
        "evaluation_share": _percent(presets["eval_overhead"]),
        "checkpoint_bytes_per_parameter": float(next(iter(per_parameter.values()))),
        "node_write_rate": NODE_WRITE_RATE,
        "system_write_rate": catalogue.reliability["bloom-176b"].facts["write_bandwidth"].si,
        "recovery_hours": recovery / 3600.0,
        "job_start_hours": JOB_START_HOURS,
    }


def _percent(fact: Fact[Any]) -> float:
    """A fact in percent as a share."""
    return float(fact.value or 0.0) / 100.0


def target_inputs(prepared: Prepared, catalogue: Catalogue) -> dict[str, Column]:
    """Inputs of the roll-up for every pair that depend on its machine."""
    targets, owner = prepared.targets, prepared.pair_target
    presets = catalogue.reliability["planning-presets"]
    by_target = {
        "failures_per_1000_node_days": failure_rate(targets, presets),
        "devices_per_gpu": np.array([float(target.gpu.devices_per_module) for target in targets]),
        "gpus_per_node": np.array(
            [target.devices_per_node / target.gpu.devices_per_module for target in targets]
        ),
        "units_per_gpu_hour": np.array([units_per_gpu_hour(target) for target in targets]),
        "gpu_watts": np.array([target.gpu.power.si * target.gpu.devices_per_module for target in targets]),
        "pue": np.array([site_pue(target) for target in targets]),
        "grid_g_per_kwh": np.array([catalogue.grid_intensity(target.machine) for target in targets]),
    }
    counts = prepared.problem.pair_gpus
    per_pair = [(targets[i], int(count)) for i, count in zip(owner, counts, strict=True)]
    columns = {key: values[owner] for key, values in by_target.items()}
    columns["nodes"] = np.array([target.nodes(count) for target, count in per_pair])
    columns["walltime_hours"] = np.array([target.walltime_hours(count) for target, count in per_pair])
    columns["gpus"] = counts
    return columns


def units_per_gpu_hour(target: Target) -> float:
    """Site units for one GPU-hour; NaN where the site publishes no rate."""
    rate = target.machine.site_rate
    return float("nan") if rate is None else float(rate)


def site_pue(target: Target) -> float:
    """Power usage effectiveness of the site; 1 at the user's desk, NaN where no figure was found."""
    if target.is_own:
        return 1.0
    return target.machine.pue.si if target.machine.pue is not None else float("nan")


def roll(prepared: Prepared, found: Found, catalogue: Catalogue, calibration: Calibration) -> Rolled:
    """Rolls the fastest layout of every pair up to hours, units, energy and carbon.

    Pairs without a layout hold NaN.
    """
    wide = widening(prepared, calibration)
    quantiles = calibration.time_quantiles(prepared.spec.evidence_class, "searched", wide)
    pilot = pilot_update(prepared, quantiles[2], calibration.coefficients)
    rolled = _rolled(prepared, found, catalogue, quantiles, pilot, wide < FAR_FACTOR)
    if prepared.spec.measured is None:
        return rolled
    unmeasured = no_pilot(found.best.size)
    modelled = _rolled(prepared, found, catalogue, quantiles, unmeasured, wide < FAR_FACTOR)
    return replace(rolled, modelled=modelled)


def _rolled(
    prepared: Prepared,
    found: Found,
    catalogue: Catalogue,
    quantiles: tuple[Column, Column, Column],
    pilot: Pilot,
    near: NDArray[np.bool_],
) -> Rolled:
    """The roll-up of the fastest layouts, as a measured step moves and narrows it."""
    lost = found.best < 0
    row = np.where(lost, 0, found.best)
    empty = len(found.layouts) == 0
    low, plan, high = (width * pilot.narrowing for width in quantiles)
    modelled = np.full(lost.size, np.nan) if empty else np.where(lost, np.nan, found.steps.total[row])
    batch = np.ones(lost.size) if empty else found.layouts.batch_samples[row]
    inputs = shared_inputs(prepared, catalogue) | target_inputs(prepared, catalogue)
    step = modelled * pilot.factor
    return Rolled(
        values=roll_up(inputs | {"step_seconds": step, "batch_samples": batch}),
        low=np.exp(-np.hypot(low, RUN_LOG_WIDTH)),
        plan=np.exp(np.hypot(plan, 0.66 * RUN_LOG_WIDTH)),
        high=np.exp(np.hypot(high, RUN_LOG_WIDTH)),
        near=near,
        correction=pilot.factor - 1.0,
        measured=pilot.narrowing < 1.0,
        power=power_ranges(prepared, catalogue),
        predicted_seconds=pilot.predicted_seconds,
    )


def widening(prepared: Prepared, calibration: Calibration) -> Column:
    """For every pair, how much wider its interval is than that of a measured card at a measured scale."""
    counts = prepared.problem.pair_gpus
    owner = prepared.pair_target
    gap = shape_gap(prepared.spec.model, plain_parameters(prepared)) > GAP
    wide = np.full(counts.size, FAR_FACTOR if gap else 1.0)
    for i, target in enumerate(prepared.targets):
        here = owner == i
        found = calibration.widening(target.gpu.id, target.gpu.family, counts[here])
        wide[here] = np.maximum(wide[here], found)
        if prepared.is_unmeasured(i):
            wide[here] = np.maximum(wide[here], FAR_FACTOR)
    return wide


def power_ranges(prepared: Prepared, catalogue: Catalogue) -> tuple[Range, ...]:
    """What power adds to the range of energy, for every pair."""
    phase = rule_of(prepared.spec.method).power
    pues = [site_pue(target) for target in prepared.targets]
    ranges = [power_range(phase, pue if pue == pue else 1.0, catalogue) for pue in pues]
    return tuple(ranges[i] for i in prepared.pair_target)


def unit_fact(target: Target) -> Fact[str] | None:
    """The fact behind the site's rate."""
    return target.machine.site_unit.per_gpu_hour if target.machine.site_unit else None
