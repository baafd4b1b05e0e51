"""Published runs beside the plan: points of the ratio chart, the nearest runs, and what is shown of them.

Every prediction here is held out: it comes from a fit that never saw the run's producer.
"""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass

from app.present import numbers as n
from app.present.machines import machine_name
from app.present.palette import Mark, Marker, mark_of
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu
from estimators.evidence.published import PublishedRun, nearest_runs, published_runs
from estimators.planning.records import Comparison, MachineAnswer
from estimators.quantity import Range
from estimators.words import Amount, Name, Said, say, say_many
from estimators.workloads.families import EVIDENCE

HELD_OUT = say("All errors are held out: by a fit that never saw this producer.")
NEAREST = 8
NAMED = 3
"""How many runs the table lists at most, and how many of them the chart names."""
MOST_RANKED = 60
"""Runs asked for, so that enough of the plan's own kind are among them."""

MODELS: tuple[tuple[Said, str], ...] = (
    (say("All language models"), ""),
    *((one.name, key) for key, (_, one) in EVIDENCE.items()),
)
FAMILY_NAMES = {
    "ampere": "Ampere",
    "hopper": "Hopper",
    "blackwell": "Blackwell",
    "cdna": "AMD CDNA",
    "volta": "Volta",
    "ada": "Ada",
}
GPU_FAMILIES: dict[str, Said] = {
    "ampere": say("Ampere: A100"),
    "hopper": say("Hopper: H100 to GH200"),
    "blackwell": say("Blackwell: B200 to GB300"),
    "cdna": say("AMD CDNA: MI250X"),
    "volta": say("Volta: V100"),
    "ada": say("Ada: RTX 4090"),
}
ALL, OF_THE_PLAN = "", "machine"
_MARKERS: dict[str, Marker] = {
    "ampere": "circle", "hopper": "square", "blackwell": "triangle", "cdna": "diamond",
    "volta": "triangle-down", "ada": "diamond",
}  # fmt: skip
_UNITS = {"tokens/s/GPU": say("tokens/s a GPU"), "TFLOP/s": say("TFLOP/s a GPU")}


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which runs are shown.

    Attributes:
        models: Family of the workload, or "" for all.
        gpus: Family of the GPU, "machine" for what resembles the plan's machine, or "" for all.
    """

    models: str = ALL
    gpus: str = ALL


@dataclass(frozen=True, slots=True)
class EvidencePoint:
    """One published run in the ratio chart.

    Attributes:
        ratio: Predicted time ÷ measured time.
        rank: Place among the runs nearest to the plan, from 1; 0 for all others.
    """

    run: PublishedRun
    ratio: float
    mark: Mark
    rank: int = 0


@dataclass(frozen=True, slots=True)
class PlanMark:
    """The plan in the ratio chart: exact by definition, with its own interval.

    Attributes:
        low, high: Ends of the 80 % interval as predicted time ÷ true time.
    """

    label: str
    gpus: float
    low: float
    high: float
    mark: Mark


@dataclass(frozen=True, slots=True)
class EvidenceSeries:
    """What the ratio chart shows.

    Attributes:
        points: Runs that pass the filter; those near the plan last.
        band: Half width of the 80 % interval, in logarithms: the median of the runs shown.
        plan: None where nothing fits.
    """

    points: tuple[EvidencePoint, ...]
    band: float
    plan: PlanMark | None

    @property
    def named(self) -> tuple[EvidencePoint, ...]:
        """The nearest runs among those shown, nearest first."""
        near = sorted((point for point in self.points if point.rank), key=lambda point: point.rank)
        return tuple(near[:NAMED])


@dataclass(frozen=True, slots=True)
class NearestRow:
    """One of the published runs nearest to the plan.

    Attributes:
        error: Predicted against measured time, signed, in words.
        inside: Whether the measured value lies inside the 80 % interval.
        source: Short name of where it was published; `link` its address, or "".
    """

    run: PublishedRun
    model: str
    gpus: str
    card: str
    software: str
    measured: str
    predicted: str
    unit: str
    error: str
    inside: bool
    source: str
    link: str


# ---------------------------------------------------------------- names


def card_name(gpu_id: str) -> str:
    """A card as people call it: "A100-80", "GH200-96", "MI250X GCD", "RTX 4090"."""
    head, *rest = gpu_id.split("-")
    name = re.sub(r"^RTX(?=\d)", "RTX ", head.upper())
    if rest and rest[0].isdigit():
        return f"{name}-{rest[0]}"
    return f"{name} GCD" if "gcd" in rest else name


def evidence_mark(gpu_family: str) -> Mark:
    """Hue and marker of a GPU family."""
    hue = mark_of("", gpu_family, in_service=True).family
    return Mark(hue, _MARKERS.get(gpu_family, "circle"))


def signed_percent(ratio: float) -> str:
    """A ratio as a signed error: "+8 %", "−9 %", "under 1 %"."""
    whole = round(100.0 * (ratio - 1.0))
    if whole == 0:
        return text(say("under 1{thin_space}%", thin_space=Name(n.THIN_SPACE)))
    return f"{'+' if whole > 0 else n.MINUS}{n.with_unit(n.exact(abs(whole)), '%')}"


def run_name(run: PublishedRun) -> str:
    """A run at its mark: "7 B on 32 A100-40"."""
    return text(
        say(
            "{parameters} on {gpus} {gpu}",
            parameters=Amount(run.parameters, form="large", digits=2),
            gpus=Amount(run.gpus, form="fixed"),
            gpu=Name(card_name(run.gpu)),
        )
    )


def source_link(source: str) -> tuple[str, str]:
    """Name and address of the first repository, paper or page that a source names; the text alone else."""
    patterns = (
        (r"https?://([^\s;,)\"]+)", "https://{}", "{}"),
        (text(say("\\bgithub[ :]([\\w.-]+/[\\w.-]*\\w)")), "https://github.com/{}", "{}"),
        (text(say("arXiv[ :](\\d{{4}}\\.\\d{{4,5}})")), "https://arxiv.org/abs/{}", "arXiv:{}"),
    )
    found = [
        (match.start(), name.format(match[1]), address.format(match[1]))
        for pattern, address, name in patterns
        if (match := re.search(pattern, source)) is not None
    ]
    if not found:
        return source, ""
    _, name, address = min(found)
    return name, address


# ---------------------------------------------------------------- which runs


def gpu_choices(comparison: Comparison | None, catalogue: Catalogue | None) -> list[tuple[str, str]]:
    """Words and keys of the choice of GPUs; the plan's machine comes second."""
    families = {run.gpu_family for run in published_runs()}
    listed = [(text(words), key) for key, words in GPU_FAMILIES.items() if key in families]
    choices = [(text(say("All GPUs")), ALL)]
    gpu = plan_gpu(comparison, catalogue)
    if comparison is not None and comparison.headline is not None and gpu is not None:
        like = card_name(gpu.id) if _has_card(gpu) else FAMILY_NAMES.get(gpu.family, gpu.family)
        choices.append(
            (
                text(
                    say(
                        "As on {machine}: {like}",
                        machine=Name(machine_name(comparison.headline.machine)),
                        like=Name(like),
                    )
                ),
                OF_THE_PLAN,
            )
        )
    return choices + listed


def plan_gpu(comparison: Comparison | None, catalogue: Catalogue | None) -> Gpu | None:
    """The card of the machine that the answer speaks of."""
    if comparison is None or catalogue is None or comparison.headline is None:
        return None
    return catalogue.gpus.get(comparison.headline.machine.gpu or "")


def _has_card(gpu: Gpu) -> bool:
    return any(run.gpu == gpu.id for run in published_runs())


def passes(run: PublishedRun, chosen: EvidenceFilter, gpu: Gpu | None) -> bool:
    """Whether a run is shown. A machine whose own card was never measured stands for its generation."""
    if chosen.models and run.family != chosen.models:
        return False
    if chosen.gpus != OF_THE_PLAN:
        return chosen.gpus in (ALL, run.gpu_family)
    if gpu is None:
        return True
    return run.gpu == gpu.id if _has_card(gpu) else run.gpu_family == gpu.family


def shown_runs(
    chosen: EvidenceFilter, comparison: Comparison | None = None, catalogue: Catalogue | None = None
) -> tuple[PublishedRun, ...]:
    """The runs that pass the filter."""
    gpu = plan_gpu(comparison, catalogue)
    return tuple(run for run in published_runs() if passes(run, chosen, gpu))


def nearest(comparison: Comparison, catalogue: Catalogue) -> tuple[PublishedRun, ...]:
    """The published runs of the plan's kind that resemble it most, nearest first."""
    answer, gpu = comparison.headline, plan_gpu(comparison, catalogue)
    parameters = _parameters(comparison)
    if answer is None or gpu is None or parameters is None:
        return ()
    ranked = nearest_runs(comparison.spec, answer, parameters, gpu, MOST_RANKED)
    own_kind = [item.run for item in ranked if item.run.family == comparison.spec.evidence_class]
    return tuple(own_kind[:NEAREST])


def _parameters(comparison: Comparison) -> float | None:
    """Parameters of the model: as published, or as the explanation counts them."""
    stated = comparison.spec.model.published
    if stated is not None:
        return stated
    if comparison.explanation is None:
        return None
    counted = (part.value for part in comparison.explanation.walk() if part.unit == "parameters")
    return next(counted, None)


# ---------------------------------------------------------------- the chart and the table


def evidence_series(
    comparison: Comparison | None, catalogue: Catalogue | None, chosen: EvidenceFilter
) -> EvidenceSeries:
    """The points of the ratio chart."""
    near: tuple[PublishedRun, ...] = ()
    if comparison is not None and catalogue is not None:
        near = nearest(comparison, catalogue)
    ranks = {run.id: place for place, run in enumerate(near, start=1)}
    runs = shown_runs(chosen, comparison, catalogue)
    points = [
        EvidencePoint(run, run.time_ratio, evidence_mark(run.gpu_family), ranks.get(run.id, 0))
        for run in runs
    ]
    points.sort(key=lambda point: point.rank > 0)
    band = statistics.median(run.half_width for run in runs) if runs else 0.0
    return EvidenceSeries(tuple(points), band, _plan_mark(comparison, catalogue))


def _plan_mark(comparison: Comparison | None, catalogue: Catalogue | None) -> PlanMark | None:
    answer = comparison.headline if comparison is not None else None
    if answer is None or answer.seconds is None or not answer.gpus:
        return None
    gpu = plan_gpu(comparison, catalogue)
    low, high = _as_ratio(answer.seconds)
    mark = mark_of(answer.machine.id, gpu.family if gpu else None, answer.machine.status == "in service")
    return PlanMark(
        text(say("This plan, {answer}", answer=Name(_counted(answer)))), float(answer.gpus), low, high, mark
    )


def _counted(answer: MachineAnswer) -> str:
    return text(say_many("{n} GPU", "{n} GPUs", answer.gpus or 0, n=n.counts(answer.gpus or 0)))


def _as_ratio(seconds: Range) -> tuple[float, float]:
    """If the truth is at P90, the estimate was too low by P50 ÷ P90."""
    return seconds.p50 / seconds.p90, seconds.p50 / seconds.p10


def nearest_rows(comparison: Comparison, catalogue: Catalogue) -> tuple[NearestRow, ...]:
    """The table of the nearest published runs."""
    return tuple(_nearest_row(run) for run in nearest(comparison, catalogue))


def _nearest_row(run: PublishedRun) -> NearestRow:
    source, link = source_link(run.source)
    return NearestRow(
        run=run,
        model=run.model,
        gpus=n.exact(run.gpus),
        card=card_name(run.gpu),
        software=run.software,
        measured=amount(run.measured),
        predicted=amount(run.predicted),
        unit=text(_UNITS.get(run.unit, run.unit)),
        error=signed_percent(run.time_ratio),
        inside=run.inside,
        source=source,
        link=link,
    )


def amount(value: float) -> str:
    """A measured value with at most four digits."""
    return n.short(value, 4)
