"""What a scaling report says in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.records import MeasuredStep
from estimators.requests.results import ScalingRow
from estimators.requests.scaling.fit import LEAST_POINTS, ScalingFit
from estimators.requests.scaling.model import ModelledStep
from estimators.requests.scaling.table import reference_of
from estimators.words import NOTHING, Amount, Listed, Name, Said, Span, Value, say


def fit_words(
    fit: ScalingFit | None,
    points: Sequence[tuple[int, float]],
    measured: int,
    job_gpus: int | None,
    machine: Machine,
    noun: str,
) -> Said:
    """The fit with its residual, or why there is none.

    Args:
        points: Strong points of one batch that the fit was asked for.
        measured: All measured points on the machine.
        noun: What software counts there, "GPUs" or "GCDs".
    """
    if not measured:
        return say("No scaling run was measured on {machine}: all rows are modelled.", machine=_name(machine))
    if fit is None:
        have = len({gpus for gpus, _ in points})
        least = _count(LEAST_POINTS)
        if not have:
            return say("No fit: it needs {least} strong points of one batch, none measured.", least=least)
        return say(
            "No fit: it needs {least} strong points of one batch, {n} measured.", least=least, n=_count(have)
        )
    gpus = job_gpus or max(count for count, _ in points)
    return say(
        "Fit of {sizes} measured sizes: step = {formula}. At {gpus} {devices} {share} of the step does "
        "not shrink with "
        "more; largest residual {residual}.",
        sizes=_count(fit.points),
        formula=_formula(fit),
        gpus=_count(gpus),
        devices=Name(noun),
        share=Amount(fit.unshared(gpus), form="whole_percent"),
        residual=Amount(100.0 * fit.largest_residual, "%", "fixed", 1),
    )


def _formula(fit: ScalingFit) -> Value:
    """Seconds of a step over GPUs n, without the terms that vanish."""
    terms: list[Value] = []
    if fit.parallel_seconds > 0.0:
        terms.append(say("{seconds} s ÷ n", seconds=_three(fit.parallel_seconds)))
    if fit.serial_seconds > 0.0:
        terms.append(say("{seconds} s", seconds=_three(fit.serial_seconds)))
    if fit.tree_seconds > 0.0:
        terms.append(say("{seconds} s × log₂ n", seconds=_three(fit.tree_seconds)))
    return Listed(tuple(terms), "", " + ")


def _count(number: int) -> Amount:
    return Amount(number, form="fixed")


def _three(seconds: float) -> Amount:
    return Amount(seconds, form="general", digits=3)


def undivided_words(planned: int, stepped: int, job_gpus: int | None, noun: str) -> Said:
    """Says where the main job's layout does not divide the planned batch, and what it steps instead."""
    if job_gpus is None or planned == stepped:
        return NOTHING
    return say(
        "{n} {devices} do not divide the batch of {planned} samples: a step of the main job has {stepped}.",
        n=_count(job_gpus),
        devices=Name(noun),
        planned=Amount(planned, form="general", digits=15),
        stepped=Amount(stepped, form="general", digits=15),
    )


def reference_words(rows: Sequence[ScalingRow], noun: str) -> Said:
    """Names the reference of the speed-up where it is not the smallest size."""
    if not rows or (base := reference_of(rows)).gpus == rows[0].gpus:
        return NOTHING
    return say(
        "Speed-up counts against {n} {devices}, the size with the best rate for each of them.",
        n=_count(base.gpus),
        devices=Name(noun),
    )


def feed_words(measured: MeasuredStep, before: ModelledStep, after: ModelledStep, noun: str) -> Said:
    """How a measured step moves and narrows the main job's step."""
    return say(
        "The point at {n} {devices} feeds the estimate: a step of the main job takes {after} instead of "
        "{before}.",
        n=_count(measured.gpus),
        devices=Name(noun),
        after=_seconds(after),
        before=_seconds(before),
    )


def _seconds(step: ModelledStep) -> Said:
    return say(
        "{seconds} s ({span})",
        seconds=_three(step.seconds),
        span=Span(step.low_seconds, step.high_seconds, form="general", digits=3),
    )


def counted_noun(machine: Machine, catalogue: Catalogue) -> str:
    """What software counts on a machine, in the plural; the same in every language."""
    gpu = catalogue.gpus.get(machine.gpu or "")
    return "GCDs" if gpu is not None and gpu.devices_per_module > 1 else "GPUs"


def elsewhere_words(machines: Iterable[str], here: Machine, catalogue: Catalogue) -> Said:
    """Names the machines whose points do not count."""
    known = catalogue.machines
    names = sorted((known[m].short_name or known[m].name) if m in known else m for m in machines)
    if not names:
        return NOTHING
    return say(
        "Points measured on {others} are shown; they are no evidence for {machine}.",
        others=Listed(tuple(Name(name) for name in names), ""),
        machine=_name(here),
    )


def _name(machine: Machine) -> Name:
    return Name(machine.short_name or machine.name)
