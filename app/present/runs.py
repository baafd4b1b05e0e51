"""The plan's runs as the left panel lists them, and what the status bar says about the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.plan.schema import Plan
from app.present import numbers as n
from app.present.machines import device_noun
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, MachineAnswer


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the list; `hours` is a dash where its answer is not on the screen."""

    run_id: str
    name: str
    words: str
    hours: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Middle, margin and their sum, in whole GPU-hours."""

    middle: str
    margin: str
    total: str
    unit: str
    margin_words: str = "Contingency to P80"


def run_lines(plan: Plan, run_id: str, comparison: Comparison, catalogue: Catalogue) -> tuple[RunLine, ...]:
    """All runs of the plan; the one on the screen with its figures."""
    lines = []
    for run in plan.runs:
        chosen = run.id == run_id
        answer = comparison.headline if chosen else None
        hours = (
            n.whole_up(answer.gpu_hours.p50)
            if answer is not None and answer.gpu_hours is not None
            else n.EMPTY
        )
        lines.append(RunLine(run.id, run.name, _words(answer, catalogue), hours, chosen))
    return tuple(lines)


def _words(answer: MachineAnswer | None, catalogue: Catalogue) -> str:
    if answer is None or answer.gpus is None:
        return "1 run"
    noun = device_noun(answer.machine, catalogue) or "GPUs"
    return f"1 run, {n.exact(answer.gpus)} {noun}"


def totals(comparison: Comparison) -> Totals:
    """What to plan for: P80, and how it divides."""
    answer = comparison.headline
    if answer is None or answer.gpu_hours is None:
        return Totals(n.EMPTY, n.EMPTY, n.EMPTY, "GPU-hours")
    middle = math.ceil(answer.gpu_hours.p50)
    total = max(middle, math.ceil(answer.gpu_hours.p80))
    noun = "GPU-hour" if total == 1 else "GPU-hours"
    where = answer.machine.short_name or answer.machine.name
    words = "Contingency to P80" if total < 1_000_000 else "Contingency"
    return Totals(n.exact(middle), n.exact(total - middle), n.exact(total), f"{noun}, {where}", words)


def whole_plan(comparison: Comparison) -> tuple[str, str, str]:
    """The status line in three parts; the middle one is bold."""
    answer = comparison.headline
    if answer is None or answer.gpu_hours is None:
        return "Nothing fits yet", "", ""
    more = ""
    if answer.node_hours is not None:
        more += f" = {n.sig3(answer.node_hours.p80)} node-hours"
    units = answer.site_units
    if units is not None and units.value is not None and units.name not in ("GPU-hours", "node-hours"):
        more += f" = {n.sig3(units.value * answer.gpu_hours.p80 / answer.gpu_hours.p50)} {units.name}"
    return "Plan for ", n.gpu_hours_to_plan(answer.gpu_hours.p80), more


def access_words(comparison: Comparison, catalogue: Catalogue) -> str:
    """The access mode that the plan fits; "" where none does, and while the machine is coming."""
    answer = comparison.headline
    mode = catalogue.access_modes.get(comparison.mode_id or "")
    if mode is None or answer is None or answer.machine.status != "in service":
        return ""
    return mode.short_name or mode.name
