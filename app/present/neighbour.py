"""What another number of GPUs would change."""

from __future__ import annotations

from app.present import numbers as n
from app.present.machines import (
    device_noun,
)
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison, MachineAnswer
from estimators.words import Amount, Name, Said, Value, say, say_many


def neighbour_words(comparison: Comparison, catalogue: Catalogue) -> str:
    """The device count beside the proposed one that would tempt, with what it costs; "" where none does.

    "On half as many GPUs: 47 days (too late), 9 % fewer GPU-hours."
    """
    answer = comparison.headline
    beside = answer.neighbour if answer is not None else None
    if (
        answer is None
        or beside is None
        or not answer.gpus
        or answer.gpu_hours is None
        or not comparison.final
    ):
        return ""
    deadline = comparison.spec.deadline_seconds
    late = deadline is not None and beside.seconds.p80 > deadline and answer.meets_deadline is not False
    time: Value = Amount(beside.seconds.p50, form="duration")
    return text(
        say(
            "On {devices}: {time}, {change}.",
            devices=_beside(beside.gpus, answer, catalogue),
            time=say("{time} (too late)", time=time) if late else time,
            change=_change(beside.gpu_hours.p50 / answer.gpu_hours.p50 - 1.0),
        )
    )


def _beside(gpus: int, answer: MachineAnswer, catalogue: Catalogue) -> Said:
    """Devices of the neighbour against those of the answer."""
    noun = Name(f"{device_noun(answer.machine, catalogue) or 'GPU'}{'' if gpus == 1 else 's'}")
    ratio = gpus / (answer.gpus or 1)
    if ratio == 0.5:
        return say("half as many {devices}", devices=noun)
    if ratio == 2.0:
        return say("twice as many {devices}", devices=noun)
    return say("{n} {devices}", n=n.counts(gpus), devices=noun)


def _change(change: float) -> Said:
    """By how much GPU-hours differ, in whole per cent."""
    share = Amount(100.0 * abs(change), "%", "fixed")
    if round(100.0 * abs(change)) == 0:
        return say("about as many GPU-hours")
    return (
        say("{share} fewer GPU-hours", share=share)
        if change < 0
        else say("{share} more GPU-hours", share=share)
    )


def gpus_said(gpus: int) -> Said:
    """GPUs as programs count them."""
    return say_many("{n} GPU", "{n} GPUs", gpus, n=n.counts(gpus))
