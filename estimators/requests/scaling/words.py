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


def fit_words(
    fit: ScalingFit | None,
    points: Sequence[tuple[int, float]],
    measured: int,
    job_gpus: int | None,
    machine: Machine,
    noun: str,
) -> str:
    """The fit with its residual, or why there is none.

    Args:
        points: Strong points of one batch that the fit was asked for.
        measured: All measured points on the machine.
        noun: What software counts there, "GPUs" or "GCDs".
    """
    if not measured:
        return f"No scaling run was measured on {_name(machine)}: all rows are modelled."
    if fit is None:
        have = len({gpus for gpus, _ in points})
        return f"No fit: it needs {LEAST_POINTS} strong points of one batch, {have or 'none'} measured."
    gpus = job_gpus or max(count for count, _ in points)
    return (
        f"Fit of {fit.points} measured sizes: {_formula(fit)}. "
        f"At {gpus} {noun} {fit.unshared(gpus):.0%} of the step does not shrink with more; "
        f"largest residual {fit.largest_residual:.1%}."
    ).replace("%", "\u202f%")


def _formula(fit: ScalingFit) -> str:
    """Seconds of a step over GPUs n, without the terms that vanish."""
    terms = [
        (fit.parallel_seconds, "{:.3g} s ÷ n"),
        (fit.serial_seconds, "{:.3g} s"),
        (fit.tree_seconds, "{:.3g} s × log₂ n"),
    ]
    return "step = " + " + ".join(text.format(value) for value, text in terms if value > 0.0)


def undivided_words(planned: int, stepped: int, job_gpus: int | None, noun: str) -> str:
    """Says where the main job's layout does not divide the planned batch, and what it steps instead."""
    if job_gpus is None or planned == stepped:
        return ""
    words = f"{job_gpus} {noun} do not divide the batch of {planned} samples"
    return f"{words}: a step of the main job has {stepped}."


def reference_words(rows: Sequence[ScalingRow], noun: str) -> str:
    """Names the reference of the speed-up where it is not the smallest size."""
    if not rows or (base := reference_of(rows)).gpus == rows[0].gpus:
        return ""
    return f"Speed-up counts against {base.gpus} {noun}, the size with the best rate for each of them."


def feed_words(measured: MeasuredStep, before: ModelledStep, after: ModelledStep, noun: str) -> str:
    """How a measured step moves and narrows the main job's step."""
    return (
        f"The point at {measured.gpus} {noun} feeds the estimate: a step of the main job takes "
        f"{_seconds(after)} instead of {_seconds(before)}."
    )


def _seconds(step: ModelledStep) -> str:
    return f"{step.seconds:.3g} s ({step.low_seconds:.3g} to {step.high_seconds:.3g})"


def counted_noun(machine: Machine, catalogue: Catalogue) -> str:
    """What software counts on a machine, in the plural."""
    gpu = catalogue.gpus.get(machine.gpu or "")
    return "GCDs" if gpu is not None and gpu.devices_per_module > 1 else "GPUs"


def elsewhere_words(machines: Iterable[str], here: Machine, catalogue: Catalogue) -> str:
    """Names the machines whose points do not count."""
    names = sorted(_name(catalogue.machines[m]) if m in catalogue.machines else m for m in machines)
    if not names:
        return ""
    return f"Points measured on {', '.join(names)} are shown; they are no evidence for {_name(here)}."


def _name(machine: Machine) -> str:
    return machine.short_name or machine.name
