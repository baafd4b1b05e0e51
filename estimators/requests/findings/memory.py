"""Whether runs fit the machine: memory of a device, a layout for the job, the precision of the card."""

from __future__ import annotations

import math
from collections.abc import Iterator

from estimators.calibration import load_calibration
from estimators.catalogue.records import Gpu
from estimators.parallel.layout import bits_on
from estimators.parallel.memory import MARGIN, usable_bytes
from estimators.planning.prepare import counted_bits
from estimators.requests.campaign_results import RunLine
from estimators.requests.findings.case import (
    Case,
    Passed,
    Rule,
    count,
    gpus_words,
    grouped,
    percent_words,
    source_words,
)
from estimators.requests.results import Finding, Fix
from estimators.words import Amount, Cased, Listed, Name, Value, say, say_many

GIB = 2.0**30


def device_memory(case: Case) -> Iterator[Finding]:
    """What a run holds on its fullest device stays under the card's memory less the margin."""
    gpu = case.gpu
    for line in case.campaign.lines:
        memory = line.answer.memory
        if memory is not None and memory.reserved > _usable(gpu):
            yield _too_much(line, gpu, memory.reserved)


def _usable(gpu: Gpu) -> float:
    """Memory that a plan may fill: what programs see, less the margin of the estimate."""
    return float(usable_bytes(gpu.memory_bytes))


def _gib(number_of_bytes: float, unit: str = "GiB") -> Value:
    amount = number_of_bytes / GIB
    return Amount(amount, unit, "fixed", 0 if amount >= 99.5 else 1)


def _too_much(line: RunLine, gpu: Gpu, reserved: float) -> Finding:
    fact = gpu.memory_visible if gpu.memory_visible is not None else gpu.memory
    return Finding(
        rule="memory",
        severity="fail",
        title=say(
            "{run} needs {reserved} on each GPU, {gpu} gives {usable}",
            run=Name(line.run.name),
            reserved=_gib(reserved),
            gpu=Name(gpu.name),
            usable=_gib(_usable(gpu), ""),
        ),
        why=say("Shard over more GPUs, recompute activations, or take a smaller micro-batch."),
        figure=_gib(reserved),
        limit=say(
            "{usable}, a margin of {margin} kept",
            usable=_gib(_usable(gpu)),
            margin=percent_words(MARGIN),
        ),
        source=source_words(fact),
        fact=fact,
        run_id=line.run.id,
    )


def _memory_passed(case: Case) -> Passed | None:
    held = [line.answer.memory.reserved for line in case.fitting if line.answer.memory is not None]
    if not held:
        return None
    gpu = case.gpu
    fact = gpu.memory_visible if gpu.memory_visible is not None else gpu.memory
    usable = _usable(gpu)
    figure, limit = (
        _gib(max(held)),
        _gib(usable),
    )
    words = say(
        "{used} of {offered} usable, {card} on each GPU",
        used=grouped(max(held) / GIB),
        offered=grouped(usable / GIB),
        card=Amount(gpu.capacity_bytes / GIB, "GiB", "fixed"),
    )
    return Passed(words, figure, limit, fact)


def run_fits(case: Case) -> Iterator[Finding]:
    """Every run of the campaign has a layout on the machine."""
    for line in case.campaign.lines:
        if line.wall_hours is not None and line.reason is None:
            continue
        reason = line.reason or say("no layout was found")
        yield Finding(
            rule="run-fit",
            severity="fail",
            title=say("{run}: {reason}", run=Name(line.run.name), reason=Cased(reason)),
            why=say(
                "{machine} cannot run it. The request speaks only of the runs that fit.",
                machine=Name(case.machine_name),
            ),
            figure=reason,
            limit=say("every run of the campaign fits"),
            source=say("Estimate of the layout search"),
            run_id=line.run.id,
        )


def _run_fits_passed(case: Case) -> Passed | None:
    runs = len(case.campaign.lines)
    words = say("The run has a layout") if runs == 1 else say("All {n} runs have a layout", n=count(runs))
    return Passed(words, source=say("Estimate of the layout search"))


def job_possible(case: Case) -> Iterator[Finding]:
    """The number of GPUs that the user named can run the job."""
    for line in case.fitting:
        named, proposed = line.run.spec.gpus, line.answer.gpus
        limit = case.machine.nodes.si * case.campaign.devices_per_node
        if named is None or proposed is None or named == proposed or named > limit:
            continue
        yield Finding(
            rule="job-possible",
            severity="warn",
            title=say(
                "{named} GPUs cannot run {run}; the plan takes {proposed}",
                named=grouped(named),
                run=Name(line.run.name),
                proposed=grouped(proposed),
            ),
            why=say(
                "It is too large for the queue, does not fit the memory, or does not divide model and batch."
            ),
            figure=gpus_words(named),
            limit=gpus_words(proposed),
            source=say("Estimate of the layout search"),
            fix=Fix(
                say("Take {gpus}", gpus=gpus_words(proposed)),
                "gpus",
                proposed,
                line.run.id,
            ),
            run_id=line.run.id,
        )


def _job_possible_passed(case: Case) -> Passed | None:
    named = sum(line.run.spec.gpus is not None for line in case.fitting)
    if not named:
        return None
    return Passed(
        say_many(
            "{n} job runs on the GPUs that you named",
            "{n} jobs run on the GPUs that you named",
            named,
            n=count(named),
        ),
        source=say("Layout search"),
    )


def precision(case: Case) -> Iterator[Finding]:
    """A precision that the card lacks falls back to one that it has."""
    for line in case.fitting:
        wanted, used = line.run.spec.precision, line.answer.precision
        if used is None or used == wanted:
            continue
        if case.gpu.supports(wanted):
            yield _unmeasured(case, line, wanted, used)
            continue
        yield Finding(
            rule="precision",
            severity="warn",
            title=say(
                "{run} asks for {wanted}; {machine} computes in {used}",
                run=Name(line.run.name),
                wanted=Name(wanted),
                machine=Name(case.machine_name),
                used=Name(used),
            ),
            why=say("The hours already count the slower precision; say so in the proposal."),
            figure=Name(wanted),
            limit=say("{used} on {gpu}", used=Name(used), gpu=Name(case.gpu.name)),
            source=source_words(case.gpu.peak.get(used)),
            fact=case.gpu.peak.get(used),
            fix=Fix(say("Plan in {used}", used=Name(used)), "precision", used, line.run.id),
            run_id=line.run.id,
        )
    yield from _own_precision(case)


def _own_precision(case: Case) -> Iterator[Finding]:
    """What the user has today is counted in a wider precision where nobody measured the wanted one on it."""
    line = case.campaign.main
    wanted, card = line.run.spec.precision, case.catalogue.gpus.get(line.run.spec.own.gpu)
    if card is None or not card.supports(wanted):
        return
    if counted_bits(card, wanted, load_calibration()) == bits_on(card, wanted):
        return
    yield Finding(
        rule="precision",
        severity="info",
        title=say(
            "No measured run in {wanted} stands behind {card}, the hardware that you have today",
            wanted=Name(wanted),
            card=Name(card.name),
        ),
        why=say(
            "Its time in the comparison counts the next wider precision that was measured and "
            "a wide range: no gain is promised that nobody measured, and {wanted} may be "
            "slower. Measure a step there.",
            wanted=Name(wanted),
        ),
        figure=Name(wanted),
        limit=say("next wider precision, as measured"),
        source=say("Published runs that the estimate rests on"),
        run_id=line.run.id,
    )


def _unmeasured(case: Case, line: RunLine, wanted: str, used: str) -> Finding:
    """The card has the precision, and nobody measured a run of its generation in it."""
    return Finding(
        rule="precision",
        severity="warn",
        title=say(
            "{run} asks for {wanted}; no measured run in {wanted} stands behind {gpu}",
            run=Name(line.run.name),
            wanted=Name(wanted),
            gpu=Name(case.gpu.name),
        ),
        why=say(
            "The hours count {used} and a wide range, so that no gain is promised that nobody "
            "measured; {wanted} may also be slower. Measure a step and enter it, or plan in "
            "{used}.",
            used=Name(used),
            wanted=Name(wanted),
        ),
        figure=Name(wanted),
        limit=say("{used}, as measured", used=Name(used)),
        source=say("Published runs that the estimate rests on"),
        fix=Fix(say("Plan in {used}", used=Name(used)), "precision", used, line.run.id),
        run_id=line.run.id,
    )


def _precision_passed(case: Case) -> Passed | None:
    used = sorted({line.answer.precision for line in case.fitting if line.answer.precision})
    if not used or math.isnan(case.gpu.peak_flops_per_second(used[0])):
        return None
    return Passed(
        say("{used} on {gpu}", used=Listed(tuple(Name(one) for one in used), ""), gpu=Name(case.gpu.name)),
        fact=case.gpu.peak.get(used[0]),
    )


RULES = (
    Rule("run-fit", say("Runs"), run_fits, _run_fits_passed),
    Rule("memory", say("Memory"), device_memory, _memory_passed),
    Rule("job-possible", say("Named GPUs"), job_possible, _job_possible_passed),
    Rule("precision", say("Precision"), precision, _precision_passed),
)
