"""What a step that the user measured does to the answer, in words."""

from __future__ import annotations

from app.plan.amounts import format_number
from app.present import numbers as n
from app.present.machines import device_noun, machine_name
from estimators.catalogue.load import Catalogue
from estimators.planning.plausible import away_words, is_far
from estimators.planning.records import Comparison, MachineAnswer

BADGE = ("ok", "your measured step")
FAR_BADGE = ("warn", "far from predicted")
AS_PREDICTED = 0.005
"""Share of a step below which a measurement moves nothing that is shown."""


def measured_line(comparison: Comparison, catalogue: Catalogue) -> str:
    """Whether and how the measured step moved the answer; "" where there is none."""
    answer = comparison.headline
    if comparison.spec.measured is None or answer is None or answer.step is None:
        return ""
    step = _step_words(comparison, catalogue)
    if not answer.measured:
        return f"Not moved by your measured step ({step}): it was taken on another card."
    line = f"Moved by your measured step ({step}): {_moved_words(answer)}, and the range is narrower."
    return f"{line} {far_words(comparison)}".rstrip()


def badge_of(comparison: Comparison) -> tuple[str, str]:
    """Tone and words beside figures that a measured step moved."""
    return FAR_BADGE if far_words(comparison) else BADGE


def far_words(comparison: Comparison) -> str:
    """The lasting mark of a measured step that was confirmed far from its prediction; "" beside others."""
    step, predicted = comparison.spec.measured, comparison.predicted_step_seconds
    if step is None or predicted is None or not is_far(step, predicted):
        return ""
    return f"The measured step {away_words(step, predicted)}, taken as you confirmed it."


def confirmed_words(comparison: Comparison) -> str:
    """The mark beside a confirmed step itself: "Confirmed: 3.2 times predicted"; "" beside others."""
    step, predicted = comparison.spec.measured, comparison.predicted_step_seconds
    if step is None or predicted is None or not is_far(step, predicted):
        return ""
    ratio = step.step_seconds / predicted
    if ratio > 1.0:
        return f"Confirmed: {n.sig2(ratio)} times predicted"
    return f"Confirmed: {n.sig2(1.0 / ratio)} times shorter than predicted"


def elsewhere_words(comparison: Comparison) -> str:
    """A remark beside a measured step that does not move the answer; "" beside others."""
    answer = comparison.headline
    moves = comparison.spec.measured is None or answer is None or answer.measured
    return "" if moves else "Moves only machines with this card"


def _step_words(comparison: Comparison, catalogue: Catalogue) -> str:
    step = comparison.spec.measured
    assert step is not None
    machine = catalogue.machines.get(step.machine)
    where = machine_name(machine) if machine is not None else "your hardware"
    noun = (device_noun(machine, catalogue) if machine is not None else "") or "GPUs"
    noun = noun.removesuffix("s") if step.gpus == 1 else noun
    return f"{format_number(step.step_seconds)} s on {n.exact(step.gpus)} {noun} of {where}"


def _moved_words(answer: MachineAnswer) -> str:
    assert answer.step is not None
    correction = answer.step.measured_correction
    share = correction / (answer.step.total - correction)
    if abs(share) < AS_PREDICTED:
        return "a step takes what was predicted"
    return f"a step takes {n.percent(abs(share), 2)} {'more' if share > 0.0 else 'less'} than predicted"
