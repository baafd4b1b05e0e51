"""`nodewise estimate`: what a plan costs on its machine, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.plans import Answered, add_plan_arguments, answered
from app.words import text
from estimators.planning.records import STEP_CAUSES
from estimators.words import Amount, Listed, Name, Said, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    from app.present.access import answer_said
    from app.present.answer import answer_text

    comparison = result.comparison
    lines = answer_text(comparison, result.catalogue, answer_said(result.access)).splitlines()
    if answer is not None and answer.fits:
        lines += ["", *_figures(answer)]
    if answer is not None and answer.step is not None:
        lines += ["", *_step(answer.step)]
    if comparison.explanation is not None:
        lines += ["", text(say("Why")), *_tree(comparison.explanation)]
    if comparison.assumptions:
        lines += ["", text(say("Assumed")), *(f"  {text(sentence)}" for sentence in comparison.assumptions)]
    return lines


def _figures(answer: MachineAnswer) -> list[str]:
    from app.cli.output import table
    from app.present import numbers as n
    from app.present.machines import shown_notes

    rows = [
        _range_row(text(say("GPU-hours")), answer.gpu_hours, n.whole_up),
        _range_row(text(say("Days")), answer.days),
    ]
    rows += [_range_row(text(say("Node-hours")), answer.node_hours)]
    units = answer.site_units
    if units is not None:
        rows.append(
            [
                text(say("Site unit, {unit}", unit=Name(units.name))),
                text(n.UNKNOWN) if units.value is None else n.sig3(units.value),
                "",
                "",
            ]
        )
    rows += [
        _range_row(text(say("Energy, kWh")), answer.energy_kwh),
        _range_row(text(say("Carbon, kg")), answer.carbon_kg),
    ]
    if answer.memory is not None:
        held = answer.memory
        used = n.memory_on_card(held.reserved, held.limit, held.capacity)
        rows.append([text(say("Memory per GPU")), used, "", ""])
    shown = [row for row in rows if row]
    lines = table(
        [
            "",
            "P50",
            text(say("{share} interval", share=Amount(80, "%", "fixed"))),
            text(say("plan for (P80)")),
        ],
        shown,
    )
    if answer.layout is not None:
        lines.append(text(say("Layout: {layout}.", layout=_layout(answer.layout))))
    if answer.notes:
        lines.append(text(say("Notes: {notes}.", notes=Name("; ".join(shown_notes(answer))))))
    return lines


def _layout(layout: LayoutUsed) -> Listed:
    """How the run is spread, part by part."""
    n = _digits
    parts = [say("data parallel {n}", n=n(layout.data_parallel))]
    if layout.zero_stage:
        parts.append(say("ZeRO stage {n}", n=n(layout.zero_stage)))
    if _is_hybrid(layout):
        parts.append(say("states shared by {n}", n=n(layout.shard_group)))
    if layout.tensor_parallel > 1:
        parts.append(say("tensor parallel {n}", n=n(layout.tensor_parallel)))
    if layout.pipeline_parallel > 1:
        parts.append(say("pipeline parallel {n}", n=n(layout.pipeline_parallel)))
    if layout.interleave > 1:
        parts.append(say("{n} stages a device", n=n(layout.interleave)))
    if (layout.schedule or "").startswith("zero-bubble"):
        parts.append(say("zero-bubble schedule"))
    if layout.context_kind:
        kind = Name(layout.context_kind)
        parts.append(say("context parallel {n} ({kind})", n=n(layout.context_parallel), kind=kind))
    if layout.recipe:
        parts.append(say("{recipe} scaling", recipe=Name(layout.recipe)))
    return Listed((*parts, *_step_parts(layout)), "")


def _step_parts(layout: LayoutUsed) -> Iterator[Said]:
    """What is done differently inside a step."""
    if layout.layers_16:
        yield say("{n} layers in 16 bit", n=_digits(layout.layers_16))
    micro = _digits(layout.micro_batch)
    yield say("micro-batch {n} × {times}", n=micro, times=_digits(layout.micro_batches))
    if layout.recompute == "none":
        yield say("no recomputation")
    else:
        yield say("{kind} recomputation", kind=Name(layout.recompute))
    if layout.offload:
        yield say("offload to the host")


def _digits(number: float) -> Amount:
    return Amount(number, form="general", digits=15)


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

    rows = [
        [
            f"  {text(STEP_CAUSES[cause])}",
            text(Amount(seconds, form="fixed", digits=3)),
            text(Amount(100.0 * seconds / step.total, "%", "fixed", 1)),
        ]
        for cause, seconds in step.shown()
    ]
    head = text(
        say(
            "One step takes {total} s at {mfu} of the peak (MFU)",
            total=Amount(step.total, form="three"),
            mfu=Amount(step.mfu, form="percent", digits=3),
        )
    )
    return [head, *table(["", "s", "share"], rows)[1:]]


def _tree(figure: Figure, depth: int = 0) -> list[str]:
    """The explanation down to `_DEEPEST` levels; JSON has all of it."""
    from app.present import numbers as n

    value = n.short(figure.value, 3) if figure.value == figure.value else text(n.UNKNOWN)
    formula = f" = {figure.words or figure.expression}" if figure.expression else f" ({figure.origin.value})"
    lines = [f"{'  ' * (depth + 1)}{text(figure.name)}: {n.with_unit(value, figure.unit)}{formula}"]
    if depth + 1 < _DEEPEST:
        for part in figure.inputs:
            lines += _tree(part, depth + 1)
    return lines
