"""What a step that the user measured does to the answer, in words."""

from __future__ import annotations

from app.present.machines import device_noun, machine_name
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.plausible import away_words, is_far
from estimators.planning.records import Comparison, MachineAnswer
from estimators.words import Amount, Name, Said, say

YOURS, FAR = say("your measured step"), say("far from predicted")
AS_PREDICTED = 0.005
"""Share of a step below which a measurement moves nothing that is shown."""


def measured_line(comparison: Comparison, catalogue: Catalogue) -> str:
    """Whether and how the measured step moved the answer; "" where there is none."""
    answer = comparison.headline
    if comparison.spec.measured is None or answer is None or answer.step is None:
        return ""
    step = _step(comparison, catalogue)
    if not answer.measured:
        return text(say("Not moved by your measured step ({step}): it was taken on another card.", step=step))
    line = text(
        say(
            "Moved by your measured step ({step}): {change}, and the range is narrower.",
            step=step,
            change=_change(answer),
        )
    )
    return f"{line} {far_words(comparison)}".rstrip()


def badge_of(comparison: Comparison) -> tuple[str, str]:
    """Tone and words beside figures that a measured step moved."""
    return ("warn", text(FAR)) if far_words(comparison) else ("ok", text(YOURS))


def far_words(comparison: Comparison) -> str:
    """The lasting mark of a measured step that was confirmed far from its prediction; "" beside others."""
    step, predicted = comparison.spec.measured, comparison.predicted_step_seconds
    if step is None or predicted is None or not is_far(step, predicted):
        return ""
    return text(say("The measured step {away}, taken as you confirmed it.", away=away_words(step, predicted)))


def confirmed_words(comparison: Comparison) -> str:
    """The mark beside a confirmed step itself: "Confirmed: 3.2 times predicted"; "" beside others."""
    step, predicted = comparison.spec.measured, comparison.predicted_step_seconds
    if step is None or predicted is None or not is_far(step, predicted):
        return ""
    ratio = step.step_seconds / predicted
    if ratio > 1.0:
        return text(say("Confirmed: {ratio} times predicted", ratio=Amount(ratio, form="two")))
    return text(say("Confirmed: {ratio} times shorter than predicted", ratio=Amount(1.0 / ratio, form="two")))


def elsewhere_words(comparison: Comparison) -> str:
    """A remark beside a measured step that does not move the answer; "" beside others."""
    answer = comparison.headline
    moves = comparison.spec.measured is None or answer is None or answer.measured
    return "" if moves else text(say("Moves only machines with this card"))


def _step(comparison: Comparison, catalogue: Catalogue) -> Said:
    step = comparison.spec.measured
    assert step is not None
    machine = catalogue.machines.get(step.machine)
    where = Name(machine_name(machine)) if machine is not None else say("your hardware")
    noun = device_noun(machine, catalogue) if machine is not None else ""
    return say(
        "{seconds} s on {n} {devices} of {machine}",
        seconds=Amount(step.step_seconds, form="field_number"),
        n=Amount(step.gpus, form="fixed"),
        devices=Name(noun or ("GPU" if step.gpus == 1 else "GPUs")),
        machine=where,
    )


def _change(answer: MachineAnswer) -> Said:
    assert answer.step is not None
    correction = answer.step.measured_correction
    share = correction / (answer.step.total - correction)
    if abs(share) < AS_PREDICTED:
        return say("a step takes what was predicted")
    part = Amount(abs(share), form="percent", digits=2)
    if share > 0.0:
        return say("a step takes {share} more than predicted", share=part)
    return say("a step takes {share} less than predicted", share=part)
