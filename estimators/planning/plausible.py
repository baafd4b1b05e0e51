"""Whether a measured step can be true: never above what the card can do, seldom far from the prediction.

One rule for every measurement, whoever brings it: a step of a plan, a point of a scaling test, a line of an
imported file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from estimators.catalogue.records import Gpu
from estimators.parallel.layout import PRECISION_BITS
from estimators.planning.prepare import RunError
from estimators.planning.records import MeasuredStep
from estimators.planning.targets import gpu_label
from estimators.words import Amount, Name, Said, say, say_many, together
from estimators.workloads.work import Array, Part, Work

FAR = 3.0
"""How often a step and its prediction may hold each other before a person has to say that it is right."""
NO_RATE = 1000.0
"""A step so many times as long as predicted is no rate: a unit was mistaken, or nothing ran."""
REMEDY = say("Check the time, the GPUs, the batch and the sequence length.")


class MeasuredStepError(RunError):
    """A measured step cannot be used; without it the run can be estimated."""


class FarStepError(MeasuredStepError):
    """A measured step that a person has to confirm before it is used."""


class FarPointError(FarStepError):
    """The same of a point of a scaling test."""


@dataclass(frozen=True, slots=True)
class LeastStep:
    """What no step of a run can go below on some devices.

    Attributes:
        flops: Least FLOP of the step, on all devices together.
        moved_bytes: Least bytes to and from device memory, on all devices together.
        flops_per_second: Highest dense peak of all devices; NaN where none is published.
        bytes_per_second: Memory bandwidth of all devices; NaN where it is not published.
    """

    flops: float
    moved_bytes: float
    flops_per_second: float
    bytes_per_second: float

    def share_of_peak(self, seconds: float) -> float:
        """Share of the peak that a step of so many seconds would take at least."""
        return self.flops / (self.flops_per_second * seconds)

    def share_of_bandwidth(self, seconds: float) -> float:
        """Share of the memory bandwidth that a step of so many seconds would take at least."""
        return self.moved_bytes / (self.bytes_per_second * seconds)


def least_flops(work: Work, samples: float) -> float:
    """Least FLOP of one step: the products of forward pass, input gradients and weight gradients.

    2·W·T forward, 2·(W − W_first)·T for the gradients of inputs (nothing stands before the first product),
    2·W·T for those of weights, with W the weights that a token meets and T the tokens of the step (Kaplan et
    al., arXiv:2001.08361, section 2.1: 6·N·T). What a run may save is left out: attention, which documents
    that share a sequence may not pay to each other; recomputation; the products of experts that drop tokens.
    """
    passes = 0.0
    for phase in work.phases:
        for part in phase.parts:
            met = _met(part)
            inputs = 0.0 if part.place == "first" else met
            passes += _number(phase.samples * part.positions) * (4.0 * met + 2.0 * inputs)
    return passes * samples


def least_bytes(work: Work, precision: str) -> float:
    """Least bytes that one step moves: weights read forward and backward, and written by the optimiser.

    b·(2·W + P), with W the weights that at least one token meets, P all parameters and b their width
    in the products, 2 bytes or less. Each is counted once for all devices together, since tensor, pipeline
    and sharded data parallelism may leave no weight twice. States and gradients are left out: their width
    is the optimiser's, and one that is fused into the backward pass writes no gradient (Lv et al.,
    arXiv:2306.09782).
    """
    width = _bits(precision) / 8.0
    weights = sum(_met(part) for part in work.parts)
    return width * (2.0 * weights + _number(work.parameters))


def highest_peak(gpu: Gpu, precision: str) -> float:
    """Highest dense peak of a card in FLOP/s at the width of a precision or wider; NaN if none is known.

    A card that lacks the precision falls back to wider products, and some software prefers fp16 to bf16: the
    highest of all that the run may have used is what it cannot pass.
    """
    least = _bits(precision)
    known = [gpu.peak_flops_per_second(name) for name in gpu.peak if PRECISION_BITS.get(name, 32) >= least]
    return max((peak for peak in known if not math.isnan(peak)), default=math.nan)


def least_step(work: Work, samples: float, precision: str, gpu: Gpu, gpus: int) -> LeastStep:
    """What no step of so many samples can go below on so many devices."""
    return LeastStep(
        flops=least_flops(work, samples),
        moved_bytes=least_bytes(work, precision),
        flops_per_second=gpus * highest_peak(gpu, precision),
        bytes_per_second=gpus * gpu.memory_bandwidth.si,
    )


def refuse_impossible(step: MeasuredStep, work: Work, samples: float, precision: str, gpu: Gpu) -> None:
    """Lets pass what a card could do.

    Args:
        samples: Of the measured step.
        precision: Of the matrix products, as the run asks for it.
        gpu: The card that it was measured on.

    Raises:
        MeasuredStepError: The step has no time, or needs more than the whole peak or memory bandwidth.
    """
    seconds = step.step_seconds
    if not (math.isfinite(seconds) and seconds > 0.0):
        raise MeasuredStepError(say("{step} is no time. Give the seconds of a step.", step=_subject(step)))
    least = least_step(work, samples, precision, gpu, step.gpus)
    if least.share_of_peak(seconds) > 1.0:
        share, what = least.share_of_peak(seconds), say("peak")
        each = Amount(least.flops_per_second / step.gpus / 1e12, "TFLOP/s", "general", 4)
    elif least.share_of_bandwidth(seconds) > 1.0:
        share, what = least.share_of_bandwidth(seconds), say("memory bandwidth")
        each = Amount(least.bytes_per_second / step.gpus / 1e12, "TB/s", "general", 3)
    else:
        return
    card = gpu_label(gpu).partition(" (")[0]
    figure = say(
        "{step} would be at least {share} of the {limit} of the {card}, {each}.",
        step=_subject(step),
        share=_percent(share),
        limit=what,
        card=Name(card),
        each=each,
    )
    raise MeasuredStepError(together(figure, REMEDY))


def refuse_far(step: MeasuredStep, predicted_seconds: float) -> None:
    """Lets pass a step near its prediction, and a far one that a person confirmed.

    Raises:
        FarStepError: It is more than `FAR` times away and nobody confirmed it.
        MeasuredStepError: It is `NO_RATE` times as long as predicted or longer.
    """
    away, subject = away_words(step, predicted_seconds), _subject(step)
    if step.step_seconds >= NO_RATE * predicted_seconds:
        slow = say("{step} {away}: no working run is so slow.", step=subject, away=away)
        raise MeasuredStepError(together(slow, REMEDY))
    if is_far(step, predicted_seconds) and not step.confirmed:
        error = FarPointError if step.is_scaling_point else FarStepError
        raise error(say("{step} {away}.", step=subject, away=away))


def is_far(step: MeasuredStep, predicted_seconds: float) -> bool:
    """Whether a step is more than `FAR` times as long or as short as predicted."""
    ratio = step.step_seconds / predicted_seconds
    return not 1.0 / FAR <= ratio <= FAR


def away_words(step: MeasuredStep, predicted_seconds: float) -> Said:
    """How a step stands to its prediction: "is 3.5 times the predicted 18.6 s"."""
    ratio = step.step_seconds / predicted_seconds
    predicted = _seconds(predicted_seconds)
    if ratio >= 1.0:
        return say("is {n} times the predicted {time}", n=_times(ratio), time=predicted)
    return say("is {n} times shorter than the predicted {time}", n=_times(1.0 / ratio), time=predicted)


def _subject(step: MeasuredStep) -> Said:
    time, gpus = _seconds(step.step_seconds), Amount(step.gpus, form="fixed")
    devices = say_many("{n} GPU", "{n} GPUs", step.gpus, n=gpus)
    if step.is_scaling_point:
        return say("The scaling point of {time} on {devices}", time=time, devices=devices)
    return say("The measured step of {time} on {devices}", time=time, devices=devices)


def _met(part: Part) -> float:
    """Weights of a part that each position meets: not those of experts, where tokens may be dropped."""
    experts, weights = part.experts, part.layer_products
    if experts is not None and _number(experts.capped):
        weights = weights - (experts.parameters - experts.idle_parameters)
    return _number(part.depth * weights)


def _bits(precision: str) -> float:
    """Width of the products, 16 bit at most."""
    return float(min(PRECISION_BITS.get(precision, 16), 16))


def _number(value: Array) -> float:
    return float(np.asarray(value))


def _seconds(seconds: float) -> Amount:
    """A step as people say it: "1 ms", "18.6 s"."""
    if seconds >= 1.0:
        return Amount(float(f"{seconds:.3g}"), "s", "exact", 3)
    return Amount(1e3 * seconds, "ms", "general", 3)


def _percent(share: float) -> Amount:
    """At least one digit more than the whole: 1.004 is 101 %, never 100 %."""
    percent = 100.0 * share
    return Amount(math.ceil(percent) if percent < 1000.0 else float(f"{percent:.3g}"), "%", "fixed")


def _times(ratio: float) -> Amount:
    return (
        Amount(ratio, form="fixed", digits=1) if ratio < 9.95 else Amount(float(f"{ratio:.2g}"), form="fixed")
    )
