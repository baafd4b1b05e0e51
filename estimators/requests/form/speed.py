"""Fields about speed: how the main run scales, and what holds it back."""

from __future__ import annotations

from estimators.planning.records import STEP_CAUSES
from estimators.requests.form.inputs import ONLY_YOU, Fill, Filled, FormInputs, digits, plain
from estimators.requests.results import ScalingRow
from estimators.words import NOTHING, say


def _scalability(inputs: FormInputs) -> Filled:
    rows = inputs.scaling.strong or inputs.scaling.weak
    if not rows:
        return Filled("", hint=say("Measure at least three job sizes on this machine."))
    measured = sum(row.measured for row in rows)
    hint = NOTHING if measured else say("All points are modelled; reviewers ask for measured ones.")
    return Filled("; ".join(_scaling_row(row) for row in rows), hint=hint)


def _scaling_row(row: ScalingRow) -> str:
    kind = "measured" if row.measured else "modelled"
    return (
        f"{row.gpus} GPUs: {plain(row.step_seconds)} s a step, batch {row.batch_samples}, "
        f"speed-up {plain(row.speed_up)}, efficiency {plain(100.0 * row.efficiency)} % ({kind})"
    )


def _bottleneck(inputs: FormInputs) -> Filled:
    step = inputs.campaign.main.answer.step
    if step is None or step.total <= 0:
        return Filled("", hint=ONLY_YOU)
    cause, seconds = max(step.shown(), key=lambda part: part[1])
    share = digits(100.0 * seconds / step.total, 2)
    return Filled(
        "", hint=say("Largest part of a step: {part}, {share} %.", part=STEP_CAUSES[cause], share=share)
    )


FILLS: dict[str, Fill] = {
    "code-scalability-and-performance-of-the-application": _scalability,
    "code-bottlenecks-in-the-ai-solution-type": _bottleneck,
}
"""What the plan says of speed, by id of the field."""
