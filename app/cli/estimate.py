"""`nodewise estimate`: what a plan costs on its machine, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.plans import Answered, add_plan_arguments, answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from estimators.planning.records import LayoutUsed, MachineAnswer, StepParts
    from estimators.quantity import Figure, Range


_DEEPEST = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_plan_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints the estimate."""
    from app.cli.output import write_json, write_lines

    result = answered(arguments)
    answer = _answer(result)
    if arguments.json:
        from app.cli.records import estimate_record

        write_json(estimate_record(result, answer))
    else:
        write_lines(*_lines(result, answer))
    return 0


def _answer(result: Answered) -> MachineAnswer | None:
    """The answer for the plan's machine, or the one that the sentence speaks of."""
    chosen = result.comparison.spec.machine
    for answer in result.comparison.answers:
        if answer.machine.id == chosen:
            return answer
    return result.comparison.headline


def _lines(result: Answered, answer: MachineAnswer | None) -> list[str]:
    from app.present.access import answer_words
    from app.present.answer import answer_text

    comparison = result.comparison
    lines = answer_text(comparison, result.catalogue, answer_words(result.access)).splitlines()
    if answer is not None and answer.fits:
        lines += ["", *_figures(answer)]
    if answer is not None and answer.step is not None:
        lines += ["", *_step(answer.step)]
    if comparison.explanation is not None:
        lines += ["", "Why", *_tree(comparison.explanation)]
    if comparison.assumptions:
        lines += ["", "Assumed", *(f"  {sentence}" for sentence in comparison.assumptions)]
    return lines


def _figures(answer: MachineAnswer) -> list[str]:
    from app.cli.output import table
    from app.present import numbers as n
    from app.present.machines import shown_notes

    rows = [_range_row("GPU-hours", answer.gpu_hours, n.whole_up), _range_row("Days", answer.days)]
    rows += [_range_row("Node-hours", answer.node_hours)]
    units = answer.site_units
    if units is not None:
        rows.append(
            [f"Site unit, {units.name}", n.UNKNOWN if units.value is None else n.sig3(units.value), "", ""]
        )
    rows += [_range_row("Energy, kWh", answer.energy_kwh), _range_row("Carbon, kg", answer.carbon_kg)]
    if answer.memory is not None:
        held = answer.memory
        used = n.memory_on_card(held.reserved, held.limit, held.capacity)
        rows.append(["Memory per GPU", used, "", ""])
    shown = [row for row in rows if row]
    lines = table(["", "P50", "80 % interval", "plan for (P80)"], shown)
    if answer.layout is not None:
        lines.append(f"Layout: {_layout_words(answer.layout)}.")
    if answer.notes:
        lines.append(f"Notes: {'; '.join(shown_notes(answer))}.")
    return lines


def _layout_words(layout: LayoutUsed) -> str:
    recompute = "no recomputation" if layout.recompute == "none" else f"{layout.recompute} recomputation"
    parts = [
        f"data parallel {layout.data_parallel}",
        f"ZeRO stage {layout.zero_stage}" if layout.zero_stage else "",
        f"states shared by {layout.shard_group}" if _is_hybrid(layout) else "",
        f"tensor parallel {layout.tensor_parallel}" if layout.tensor_parallel > 1 else "",
        f"pipeline parallel {layout.pipeline_parallel}" if layout.pipeline_parallel > 1 else "",
        f"{layout.interleave} stages a device" if layout.interleave > 1 else "",
        "zero-bubble schedule" if (layout.schedule or "").startswith("zero-bubble") else "",
        f"context parallel {layout.context_parallel} ({layout.context_kind})" if layout.context_kind else "",
        f"{layout.recipe} scaling" if layout.recipe else "",
        f"{layout.layers_16} layers in 16 bit" if layout.layers_16 else "",
        f"micro-batch {layout.micro_batch} × {layout.micro_batches}",
        recompute,
        "offload to the host" if layout.offload else "",
    ]
    return ", ".join(part for part in parts if part)


def _is_hybrid(layout: LayoutUsed) -> bool:
    """Whether fewer GPUs than all replicas share the states."""
    return layout.zero_stage > 0 and layout.shard_group < layout.data_parallel * layout.context_parallel


def _range_row(name: str, value: Range | None, plan: Callable[[float], str] | None = None) -> list[str]:
    from app.present import numbers as n

    if value is None:
        return []
    planned = (plan or n.sig3)(value.p80)
    return [name, n.sig3(value.p50), n.span(value.p10, value.p90, 3), planned]


def _step(step: StepParts) -> list[str]:
    from app.cli.output import table
    from app.present import numbers as n

    rows = [
        [f"  {name}", f"{seconds:.3f}", f"{100.0 * seconds / step.total:.1f} %"]
        for name, seconds in step.shown()
    ]
    head = f"One step takes {n.sig3(step.total)} s at {n.percent(step.mfu, 3)} of the peak (MFU)"
    return [head, *table(["", "s", "share"], rows)[1:]]


def _tree(figure: Figure, depth: int = 0) -> list[str]:
    """The explanation down to `_DEEPEST` levels; JSON has all of it."""
    from app.present import numbers as n

    value = n.short(figure.value, 3) if figure.value == figure.value else n.UNKNOWN
    formula = f" = {figure.words or figure.expression}" if figure.expression else f" ({figure.origin.value})"
    lines = [f"{'  ' * (depth + 1)}{figure.name}: {n.with_unit(value, figure.unit)}{formula}"]
    if depth + 1 < _DEEPEST:
        for part in figure.inputs:
            lines += _tree(part, depth + 1)
    return lines
