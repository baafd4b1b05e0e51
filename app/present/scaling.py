"""Scaling evidence in words: tables of both ladders, the series of the chart, and the tests still to run."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.present import numbers as n
from app.present.machines import device_noun, machine_name
from app.present.milestones import fraction_words
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.requests.campaign_results import Campaign
from estimators.requests.results import ScalingReport, ScalingRow, ScalingTest
from estimators.requests.scaling.table import ENOUGH, reference_of
from estimators.words import Amount, Name, Said, say, say_many, together

HEADS = (
    say("Nodes"),
    say("Batch"),
    say("Batch for each"),
    say("Step, s"),
    say("Range, s"),
    say("Speed-up"),
    say("Efficiency"),
    say("Source"),
)
TEST_HEADS = (say("Scaling"), say("Nodes"), say("Steps"), say("Minutes"), say("Node-hours"), say("Why"))


@dataclass(frozen=True, slots=True)
class ScalingTable:
    """One table in words.

    Attributes:
        heads: Titles; the first names what software counts on the machine.
        rows: Cells as shown.
        plain: The same in the C locale, for files and the clipboard.
        measured: Which rows are measured.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plain: tuple[tuple[str, ...], ...]
    measured: tuple[bool, ...]

    def text(self) -> str:
        """Tab-separated for the clipboard."""
        return "\n".join("\t".join(line) for line in (self.heads, *self.plain)) + "\n"


@dataclass(frozen=True, slots=True)
class ScalingPointShown:
    """One job size on the chart."""

    gpus: int
    speed_up: float
    efficiency: float
    step_seconds: float
    batch_samples: int
    measured: bool


@dataclass(frozen=True, slots=True)
class ScalingLine:
    """One ladder: "Strong" or "Weak"."""

    name: str
    points: tuple[ScalingPointShown, ...]


@dataclass(frozen=True, slots=True)
class ScalingSeries:
    """What the scaling chart shows.

    Attributes:
        lines: Ladders with at least one point.
        job_gpus: The main job; None where it does not fit.
        noun: What software counts: "GPUs" or "GCDs".
        enough: Efficiency that reviewers ask for.
        names_reviewers: Whether the line says who asks for it.
    """

    lines: tuple[ScalingLine, ...]
    job_gpus: int | None
    noun: str
    enough: float
    subtitle: str
    names_reviewers: bool = True


def count_noun(campaign: Campaign, catalogue: Catalogue) -> str:
    """What software counts on the machine, in the plural."""
    return f"{device_noun(campaign.machine, catalogue) or 'GPU'}s"


def scaling_table(rows: Iterable[ScalingRow], noun: str = "GPUs") -> ScalingTable:
    """A strong or a weak table."""
    shown = tuple(rows)
    return ScalingTable(
        heads=(noun, *map(text, HEADS)),
        rows=tuple(_cells(row) for row in shown),
        plain=tuple(_plain(row) for row in shown),
        measured=tuple(row.measured for row in shown),
    )


def _cells(row: ScalingRow) -> tuple[str, ...]:
    return (
        n.exact(row.gpus),
        fraction_words(row.nodes),
        n.exact(row.batch_samples),
        n.short(row.batch_samples / row.gpus, 3),
        n.sig3(row.step_seconds),
        _range(row),
        n.sig3(row.speed_up),
        n.percent(row.efficiency, 3),
        source_words(row),
    )


def source_words(row: ScalingRow) -> str:
    """Whether a row was measured."""
    return text(_source(row.measured))


def _source(measured: bool) -> Said:
    return say("measured") if measured else say("modelled")


def _range(row: ScalingRow) -> str:
    if row.low_seconds is None or row.high_seconds is None:
        return n.EMPTY
    return n.span(row.low_seconds, row.high_seconds, 3)


def _plain(row: ScalingRow) -> tuple[str, ...]:
    bounds = [n.plain(value) for value in (row.low_seconds, row.high_seconds) if value is not None]
    return (
        str(row.gpus),
        f"{float(row.nodes):g}",
        str(row.batch_samples),
        n.plain(row.batch_samples / row.gpus),
        n.plain(row.step_seconds),
        " to ".join(bounds),
        n.plain(row.speed_up),
        n.plain(row.efficiency),
        source_words(row),
    )


def plan_table(tests: Iterable[ScalingTest], noun: str = "GPUs") -> ScalingTable:
    """The benchmark runs that are still to do."""
    shown = tuple(tests)
    cells = [
        (n.exact(t.gpus), _kind(t), fraction_words(t.nodes), n.exact(t.steps), n.short(t.minutes, 2),
         n.sig3(t.node_hours), text(t.why))
        for t in shown
    ]  # fmt: skip
    plain = [
        (str(t.gpus), _kind(t), f"{float(t.nodes):g}", str(t.steps), n.plain(t.minutes),
         n.plain(t.node_hours),
         text(t.why))
        for t in shown
    ]  # fmt: skip
    return ScalingTable((noun, *map(text, TEST_HEADS)), tuple(cells), tuple(plain), (False,) * len(shown))


def _kind(test: ScalingTest) -> str:
    return text(say("strong") if test.kind == "strong" else say("weak"))


def plan_words(report: ScalingReport) -> str:
    """What the missing tests cost and who pays for them."""
    if not report.plan:
        return text(say("No further scaling test is needed.")) if report.measured_here else ""
    hours = say_many(
        "{n} node-hour", "{n} node-hours", report.plan_node_hours, n=n.counts(report.plan_node_hours)
    )
    cost = say_many(
        "{n} test costs {hours}.",
        "{n} tests cost {hours}.",
        len(report.plan),
        n=n.counts(len(report.plan)),
        hours=hours,
    )
    return text(together(cost, say("{mode}.", mode=report.paid_by)))


def verdict_words(report: ScalingReport, campaign: Campaign, noun: str = "GPUs") -> str:
    """Efficiency at the job's size, and which sizes would serve better."""
    gpus, efficiency = campaign.main.answer.gpus, report.efficiency_at_job
    parts = []
    if gpus is not None and math.isfinite(efficiency):
        row = next(row for row in report.strong if row.gpus == gpus)
        parts.append(
            text(
                say(
                    "Strong scaling reaches {share} at the {gpus} {noun} of the main run ({source}, "
                    "against {base}).",
                    share=Amount(efficiency, form="percent"),
                    source=_source(row.measured),
                    base=Name(_base(report.strong, noun)),
                    gpus=Amount(gpus, form="fixed"),
                    noun=Name(noun),
                )
            )
        )
    if report.most_gpus is not None and report.best_gpus is not None:
        parts.append(
            text(
                say(
                    "Efficiency stays at {enough} or more up to {most_gpus} {noun}; {best_gpus} {noun} "
                    "cost the fewest node-hours.",
                    enough=Amount(ENOUGH, form="percent"),
                    most_gpus=Amount(report.most_gpus, form="fixed"),
                    noun=Name(noun),
                    best_gpus=Amount(report.best_gpus, form="fixed"),
                )
            )
        )
    return " ".join(parts)


def _base(rows: tuple[ScalingRow, ...], noun: str) -> str:
    base = reference_of(rows)
    return text(say("one node")) if base.nodes == 1 else f"{n.exact(base.gpus)} {noun}"


def elsewhere_table(report: ScalingReport, catalogue: Catalogue) -> ScalingTable | None:
    """Points of other machines, with the machine first; None where there are none."""
    if not report.elsewhere:
        return None
    table = scaling_table([row for _, row in report.elsewhere])
    names = [
        machine_name(catalogue.machines[key]) if key in catalogue.machines else key
        for key, _ in report.elsewhere
    ]
    return ScalingTable(
        heads=(text(say("Machine")), *table.heads),
        rows=tuple((name, *row) for name, row in zip(names, table.rows, strict=True)),
        plain=tuple((name, *row) for name, row in zip(names, table.plain, strict=True)),
        measured=table.measured,
    )


def scaling_series(report: ScalingReport, campaign: Campaign, catalogue: Catalogue) -> ScalingSeries | None:
    """The chart's series; None where no size can be shown."""
    ladders = ((text(say("Strong")), report.strong), (text(say("Weak")), report.weak))
    lines = tuple(ScalingLine(name, _points(rows)) for name, rows in ladders if rows)
    if not lines:
        return None
    return ScalingSeries(
        lines=lines,
        job_gpus=campaign.main.answer.gpus,
        noun=count_noun(campaign, catalogue),
        enough=ENOUGH,
        subtitle=series_subtitle(report, campaign),
    )


def _points(rows: tuple[ScalingRow, ...]) -> tuple[ScalingPointShown, ...]:
    return tuple(
        ScalingPointShown(
            row.gpus, row.speed_up, row.efficiency, row.step_seconds, row.batch_samples, row.measured
        )
        for row in rows
    )


def series_subtitle(report: ScalingReport, campaign: Campaign) -> str:
    """How much of the chart is measured."""
    name = machine_name(campaign.machine)
    if not report.measured_here:
        return text(say("Modelled for {name}, none measured", name=Name(name)))
    return text(
        say_many(
            "{n} point measured on {machine}; hollow: modelled",
            "{n} points measured on {machine}; hollow: modelled",
            report.measured_here,
            n=n.counts(report.measured_here),
            machine=Name(name),
        )
    )


def point_words(point: ScalingPointShown, name: str, noun: str) -> tuple[str, str, str]:
    """Head, body and foot of a point's card."""
    head = f"{name}, {n.exact(point.gpus)} {noun}"
    body = text(
        say(
            "Speed-up {speed_up}, efficiency {efficiency}",
            speed_up=Amount(point.speed_up, form="three"),
            efficiency=Amount(point.efficiency, form="percent", digits=3),
        )
    )
    return (
        head,
        body,
        text(
            say(
                "{step_seconds} s for {batch_samples} samples, {how}",
                step_seconds=Amount(point.step_seconds, form="three"),
                batch_samples=Amount(point.batch_samples, form="fixed"),
                how=_source(point.measured),
            )
        ),
    )


def series_summary(series: ScalingSeries) -> str:
    """The chart in sentences, for screen readers."""
    parts = []
    for line in series.lines:
        points = (f"{n.exact(p.gpus)} {series.noun} {n.percent(p.efficiency, 3)}" for p in line.points)
        parts.append(
            text(
                say(
                    "{line} scaling, efficiency: {points}.",
                    line=Name(line.name),
                    points=Name(", ".join(points)),
                )
            )
        )
    return " ".join(parts)


def series_text(series: ScalingSeries) -> str:
    """The chart's points, tab-separated in the C locale."""
    lines = [
        "\t".join(
            (
                text(say("Scaling")),
                series.noun,
                text(say("Batch")),
                text(say("Step, s")),
                text(say("Speed-up")),
                text(say("Efficiency")),
                text(say("Source")),
            )
        )
    ]
    for line in series.lines:
        for p in line.points:
            cells = (p.gpus, p.batch_samples, *map(n.plain, (p.step_seconds, p.speed_up, p.efficiency)))
            lines.append("\t".join((line.name, *map(str, cells), "measured" if p.measured else "modelled")))
    return "\n".join(lines) + "\n"
