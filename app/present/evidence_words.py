"""Published runs in words: how their intervals held, and the chart for ears, pointer and clipboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

from app.present import numbers as n
from app.present.evidence import (
    FAMILY_NAMES,
    EvidencePoint,
    EvidenceSeries,
    NearestRow,
    PlanMark,
    card_name,
    evidence_mark,
    nearest_rows,
    run_name,
    signed_percent,
)
from app.present.evidence_tables import SHARE, held_error
from app.present.palette import Mark
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.evidence.published import PublishedRun
from estimators.evidence.reliability import (
    summary_of,
)
from estimators.planning.records import Comparison
from estimators.words import (
    NOTHING,
    Amount,
    Name,
    Said,
    cased,
    say,
    say_many,
    together,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the intervals of the runs nearest to a plan held: the one statement that window and dossier make.

    Attributes:
        runs: How many runs are near.
        inside: How many of them lie inside the 80 % interval that was predicted for them.
        farthest: How far off the worst prediction is, as a share.
    """

    runs: int
    inside: int
    farthest: float

    @property
    def short(self) -> Said:
        """The count beside an interval: "holds 7 of 8 nearest runs"."""
        if self.runs == 1:
            return say("holds the nearest run") if self.inside else say("misses the nearest run")
        inside, runs = n.counts(self.inside), n.counts(self.runs)
        return say("holds {inside} of {runs} nearest runs", inside=inside, runs=runs)

    @property
    def words(self) -> str:
        """The count as a clause: "such intervals hold 7 of the 8 nearest published runs"."""
        if self.runs == 1 and self.inside:
            return text(say("such an interval holds the nearest published run"))
        if self.runs == 1:
            return text(say("such an interval misses the nearest published run"))
        return text(
            say(
                "such intervals hold {inside} of the {runs} nearest published runs",
                inside=n.counts(self.inside),
                runs=n.counts(self.runs),
            )
        )

    @property
    def team_words(self) -> str:
        """The same with the worst error, for those who may know it."""
        return text(
            say(
                "{self}; the farthest is {farthest} off",
                self=Name(self.words),
                farthest=Amount(self.farthest, form="percent"),
            )
        )


def standing_of(rows: Sequence[NearestRow]) -> Standing | None:
    """How the intervals of these runs held; None without a run."""
    if not rows:
        return None
    worst = max(abs(log(row.run.time_ratio)) for row in rows)
    return Standing(len(rows), sum(row.inside for row in rows), exp(worst) - 1.0)


def nearest_said(comparison: Comparison, catalogue: Catalogue) -> Said:
    """How the intervals of the nearest published runs held; nothing where none is near."""
    standing = standing_of(nearest_rows(comparison, catalogue))
    return standing.short if standing is not None else NOTHING


def rows_in_words(rows: tuple[NearestRow, ...]) -> Iterator[str]:
    """Each row as one sentence, for assistive tools."""
    for row in rows:
        yield (
            text(
                say(
                    "{model} on {gpus} {card}: measured {measured}, predicted {predicted} {unit}, {run}",
                    model=Name(row.model),
                    gpus=Name(row.gpus),
                    card=Name(row.card),
                    measured=Name(row.measured),
                    predicted=Name(row.predicted),
                    unit=Name(row.unit),
                    run=Name(error_words(row.run)),
                )
            )
        )


def error_words(run: PublishedRun) -> str:
    """The error and whether the interval held, as half a sentence."""
    off = signed_percent(run.time_ratio).lstrip(f"+{n.MINUS}")
    side = text(say("too slow")) if log(run.time_ratio) > 0.0 else text(say("too fast"))
    held = "inside" if run.inside else "outside"
    return text(
        say(
            "predicted {off} {side}, {held} its 80{thin_space}% interval",
            off=Name(off),
            side=Name(side),
            held=Name(held),
            thin_space=Name(n.THIN_SPACE),
        )
    )


def nearest_text(rows: Sequence[NearestRow]) -> str:
    """The nearest runs for the clipboard, tab-separated in the C locale."""
    heads = (
        say("model"), say("GPUs"), say("card"), say("software"), say("measured"),
        say("predicted"), say("unit"),
        say("time error"), say("inside {share} interval", share=SHARE), say("source"), say("address"),
    )  # fmt: skip
    lines = ["\t".join(map(text, heads))]
    for row in rows:
        run = row.run
        numbers = (n.plain(run.measured), n.plain(run.predicted), run.unit, n.plain(run.time_ratio - 1.0))
        start = (row.model, n.plain(run.gpus), row.card, row.software)
        lines.append(
            "\t".join((*start, *numbers, text(say("yes") if row.inside else say("no")), run.source, row.link))
        )
    return "\n".join(lines).replace(n.THIN_SPACE, " ") + "\n"


def evidence_subtitle(series: EvidenceSeries) -> str:
    """Median error and coverage of the runs shown."""
    if not series.points:
        return text(say("No published run of this kind"))
    found = summary_of(held_error(point.run) for point in series.points)
    return text(
        say_many(
            "{n} held-out run, median error {error}",
            "{n} held-out runs, median error {error}",
            found.rows,
            n=n.counts(found.rows),
            error=Amount(found.median, form="percent"),
        )
    )


def evidence_summary(series: EvidenceSeries) -> str:
    """The ratio chart in sentences, for screen readers."""
    if not series.points:
        return text(say("No published run is shown."))
    near = "; ".join(f"{run_name(point.run)} {signed_percent(point.ratio)}" for point in series.named)
    many = len(series.points)
    shown = say_many("{n} published run.", "{n} published runs.", many, n=n.counts(many))
    nearest = say("Nearest to this plan: {runs}.", runs=Name(near)) if near else NOTHING
    return text(together(shown, nearest))


def evidence_text(series: EvidenceSeries) -> str:
    """Every point of the ratio chart, tab-separated in the C locale."""
    if not series.points:
        return ""
    lines = ["id\tproducer\tmodel\tcard\tGPUs\tpredicted time / measured time\thalf width\tnearest\tsource"]
    for point in series.points:
        run = point.run
        numbers = (n.plain(run.gpus), n.plain(point.ratio), n.plain(run.half_width), str(point.rank or ""))
        lines.append("\t".join((run.id, run.producer, run.model, run.gpu, *numbers, run.source)))
    return "\n".join(lines) + "\n"


def point_words(point: EvidencePoint) -> tuple[str, str, str]:
    """The card at one run."""
    run = point.run
    head = text(
        say(
            "{model} on {gpus} {gpu}",
            model=Name(run.model),
            gpus=Amount(run.gpus, form="fixed"),
            gpu=Name(card_name(run.gpu)),
        )
    )
    words = error_words(run)
    return head, cased(words, "capital"), run.producer


def plan_words(plan: PlanMark) -> tuple[str, str, str]:
    """The card at the plan itself."""
    low, high = signed_percent(plan.low), signed_percent(plan.high)
    return (
        plan.label,
        text(
            say(
                "Its own {share} interval: {low} to {high}",
                share=SHARE,
                low=Name(low),
                high=Name(high),
            )
        ),
        text(say("Not measured yet")),
    )


def shown_families(series: EvidenceSeries) -> tuple[tuple[str, Mark], ...]:
    """Name and mark of every GPU family shown, most runs first."""
    counts: dict[str, int] = {}
    for point in series.points:
        counts[point.run.gpu_family] = counts.get(point.run.gpu_family, 0) + 1
    ordered = sorted(counts, key=lambda family: (-counts[family], family))
    return tuple((FAMILY_NAMES.get(family, family), evidence_mark(family)) for family in ordered)
