"""Named formulas of the roll-up from step time to request, each written once.

A formula is data: the name of its result, the words, and an arithmetic expression over named inputs. The
same expression computes arrays of many machines at once, prints the explanation with its values, and is
what a spreadsheet cell gets.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np


def whole_up(value: Any) -> Any:
    """Rounded up to a whole number; noise under a millionth does not count."""
    return np.ceil(np.round(value, 6))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "ceil": np.ceil,
    "whole_up": whole_up,
    "min": np.minimum,
    "max": np.maximum,
}
MOST_WHOLE = 2**62
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Formula:
    """One named formula.

    Attributes:
        key: Name of the result, also the key of its figure.
        name: What a reader calls the result.
        unit: Unit of the result, as shown.
        words: The formula in words.
        expression: Arithmetic over the keys of its inputs; + − × ÷ and the functions of `FUNCTIONS`.
        source: Where the formula comes from, "" for plain accounting.
    """

    key: str
    name: str
    unit: str
    words: str
    expression: str
    source: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Keys of the inputs in the order in which they appear."""
        return _names(self.expression)

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """The result for given inputs, floats or arrays.

        Raises:
            KeyError: An input is missing.
        """
        return evaluate(self.expression, values)


@lru_cache(maxsize=256)
def _tree(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


@lru_cache(maxsize=256)
def _names(expression: str) -> tuple[str, ...]:
    found = [node.id for node in ast.walk(_tree(expression)) if isinstance(node, ast.Name)]
    return tuple(dict.fromkeys(name for name in found if name not in FUNCTIONS))


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """The value of an expression.

    Raises:
        KeyError: A name has no value.
        ValueError: The expression holds anything but arithmetic.
    """
    return _value(_tree(expression), values)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.Name):
        value = values[node.id]
        # numpy's functions take no longer whole numbers
        return float(value) if isinstance(value, int) and abs(value) > MOST_WHOLE else value
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        return FUNCTIONS[node.func.id](*(_value(part, values) for part in node.args))
    raise ValueError(f"not arithmetic: {ast.dump(node)}")


STEPS = Formula("steps", "Steps", "steps", "samples × passes ÷ batch", "samples * passes / batch_samples")
COMPUTE_HOURS = Formula("compute_hours", "Training", "h", "steps × step time", "steps * step_seconds / 3600")
EVALUATION_HOURS = Formula(
    "evaluation_hours",
    "Evaluation",
    "h",
    "training × share for evaluation",
    "compute_hours * evaluation_share",
)
CHECKPOINT_BYTES = Formula(
    "checkpoint_bytes",
    "Checkpoint",
    "bytes",
    "parameters × bytes for each",
    "parameters * checkpoint_bytes_per_parameter",
)
SAVE_HOURS = Formula(
    "save_hours",
    "Writing one checkpoint",
    "h",
    "checkpoint ÷ write rate",
    "checkpoint_bytes / min(nodes * node_write_rate, system_write_rate) / 3600",
)
INTERRUPT_HOURS = Formula(
    "interrupt_hours",
    "Time between interruptions",
    "h",
    "24 000 ÷ (failures in 1 000 node-days × nodes)",
    "24000 / (failures_per_1000_node_days * nodes)",
)
INTERVAL_HOURS = Formula(
    "interval_hours",
    "Checkpoint interval",
    "h",
    "√(2 × writing × time between interruptions)",
    "sqrt(2 * save_hours * interrupt_hours)",
    "Young, CACM 1974",
)
CHECKPOINT_HOURS = Formula(
    "checkpoint_hours",
    "Checkpoints",
    "h",
    "training × writing ÷ interval",
    "compute_hours * save_hours / interval_hours",
)
RESTART_HOURS = Formula(
    "restart_hours",
    "Restarts after failures",
    "h",
    "training ÷ time between interruptions × (half an interval + detection and restart)",
    "compute_hours / interrupt_hours * (interval_hours / 2 + recovery_hours)",
    "Daly, FGCS 2006",
)
BUSY_HOURS = Formula(
    "busy_hours",
    "Before job starts",
    "h",
    "training + evaluation + checkpoints + restarts",
    "compute_hours + evaluation_hours + checkpoint_hours + restart_hours",
)
JOBS = Formula(
    "jobs",
    "Batch jobs in a chain",
    "jobs",
    "time ÷ longest job, rounded up",
    "max(ceil(busy_hours / walltime_hours), 1)",
)
START_HOURS = Formula(
    "start_hours", "Starting the jobs", "h", "jobs × start of one", "jobs * job_start_hours"
)
WALL_HOURS = Formula(
    "wall_hours",
    "Wall-clock",
    "h",
    "training + evaluation + checkpoints + restarts + job starts",
    "compute_hours + evaluation_hours + checkpoint_hours + restart_hours + start_hours",
)
GPU_HOURS = Formula(
    "gpu_hours", "GPU-hours", "GPU-hours", "GPUs × wall-clock", "gpus / devices_per_gpu * wall_hours"
)
NODE_HOURS = Formula("node_hours", "Node-hours", "node-hours", "nodes × wall-clock", "nodes * wall_hours")
BILLED_GPU_HOURS = Formula(
    "billed_gpu_hours",
    "GPU-hours billed",
    "GPU-hours",
    "nodes × GPUs of a node × wall-clock",
    "nodes * gpus_per_node * wall_hours",
)
SITE_UNITS = Formula(
    "site_units",
    "In the site's unit",
    "site units",
    "GPU-hours billed × units for each",
    "billed_gpu_hours * units_per_gpu_hour",
)
ENERGY_KWH = Formula(
    "energy_kwh",
    "Energy",
    "kWh",
    "GPU-hours × power of a GPU × share drawn × rest of the node × PUE",
    "gpu_hours * gpu_watts / 1000 * power_share * node_overhead * pue",
)
CARBON_KG = Formula(
    "carbon_kg", "Carbon", "kg CO₂e", "energy × grid intensity", "energy_kwh * grid_g_per_kwh / 1000"
)

RUN_FORMULAS = (
    STEPS,
    COMPUTE_HOURS,
    EVALUATION_HOURS,
    CHECKPOINT_BYTES,
    SAVE_HOURS,
    INTERRUPT_HOURS,
    INTERVAL_HOURS,
    CHECKPOINT_HOURS,
    RESTART_HOURS,
    BUSY_HOURS,
    JOBS,
    START_HOURS,
    WALL_HOURS,
    GPU_HOURS,
    NODE_HOURS,
    BILLED_GPU_HOURS,
    SITE_UNITS,
    ENERGY_KWH,
    CARBON_KG,
)
"""In the order in which they are computed."""
BY_KEY = {formula.key: formula for formula in RUN_FORMULAS}


def roll_up(values: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs and all results of `RUN_FORMULAS`, floats or arrays."""
    out = dict(values)
    for formula in RUN_FORMULAS:
        out[formula.key] = formula(out)
    return out
