"""What the estimate rests on: scaling, and published runs near it."""

from __future__ import annotations

import math

from app.dossier import document
from app.dossier.codes import code_of
from app.dossier.document import (
    Block,
    Cell,
    Paragraph,
    Table,
    bold,
    column,
    for_team,
    row,
    toned,
    words,
)
from app.dossier.figures import scaling as scaling_figure
from app.dossier.material import Material
from app.dossier.public_sources import public_name
from app.dossier.text import BAND, INTERVAL, node_hours, sentence, shortened, whole, without_addresses
from app.present import numbers as n
from app.present.evidence import HELD_OUT, NearestRow, nearest_rows
from app.present.evidence_words import standing_of
from app.present.machines import machine_name
from app.present.milestones import fraction_words
from app.words import text
from estimators.requests.results import ScalingRow
from estimators.words import (
    NOTHING,
    Amount,
    Cased,
    Heading,
    Listed,
    Name,
    Said,
    Span,
    say,
    say_many,
    together,
)

MOST_ROWS = 8
MOST_SOURCE = 44


def scaling(material: Material) -> tuple[Block, ...]:
    """Strong and weak tables with measured points marked, and the runs that measure them."""
    report = material.request.scaling
    code = say("Code: {program}.", program=Name(code_of(material, material.main.run.id)))
    fit = say("{sentence}.", sentence=Heading(Cased(report.fit, "capital"))) if report.fit else NOTHING
    said = together(fit, code)
    blocks: list[Block] = [Paragraph(words(said))]
    for title, rows in (
        (say("Strong scaling, one batch"), report.strong),
        (say("Weak scaling, batch grows"), report.weak),
    ):
        if rows:
            blocks += [document.Heading(text(title), 2), _scaling_table(rows, material.devices)]
    if not (report.strong or report.weak):
        return ()
    figure = scaling_figure(material)
    if figure is not None:
        blocks.append(figure)
    if not math.isnan(report.efficiency_at_job) and material.main_job is not None:
        blocks.append(Paragraph(words(_efficiency(material))))
    if report.plan:
        blocks += _plan(material)
    return tuple(blocks)


def _scaling_table(rows: tuple[ScalingRow, ...], devices: str) -> Table:
    columns = (
        column(devices, "right"),
        column(say("Nodes"), "right"),
        column(say("Batch"), "right"),
        column(say("Seconds a step"), "right"),
        column(INTERVAL, "right"),
        column(say("Samples a second"), "right"),
        column(say("Speed-up"), "right"),
        column(say("Efficiency"), "right"),
        column(say("Origin"), share=1.0),
    )
    return Table(columns, tuple(_scaling_row(one) for one in rows[:MOST_ROWS]))


def _scaling_row(one: ScalingRow) -> tuple[Cell, ...]:
    interval = ""
    if one.low_seconds is not None and one.high_seconds is not None:
        interval = n.span(one.low_seconds, one.high_seconds, 3)
    return row(
        n.exact(one.gpus),
        fraction_words(one.nodes),
        n.exact(one.batch_samples),
        n.sig3(one.step_seconds),
        interval,
        n.sig3(one.samples_per_second),
        n.sig3(one.speed_up),
        n.percent(one.efficiency, 3),
        toned(say("measured"), "ok") if one.measured else toned(say("modelled"), "info"),
    )


def _efficiency(material: Material) -> Said:
    report, job = material.request.scaling, material.main_job
    assert job is not None
    at_job = say(
        "At the {gpus} GPUs of the main job the strong efficiency is {efficiency}.",
        gpus=whole(job.gpus),
        efficiency=Amount(report.efficiency_at_job, form="percent", digits=3),
    )
    measured = say_many(
        "{n} point was measured on {machine}.",
        "{n} points were measured on {machine}.",
        report.measured_here,
        n=whole(report.measured_here),
        machine=Name(machine_name(material.campaign.machine)),
    )
    return together(at_job, measured if report.measured_here else NOTHING)


def _plan(material: Material) -> tuple[Block, ...]:
    """The runs that measure it; a promise to reviewers only where the plan's tests hold their hours."""
    report = material.request.scaling
    columns = (
        column(material.devices, "right"),
        column(say("Nodes"), "right"),
        column(say("Steps"), "right"),
        column(say("Minutes"), "right"),
        column(say("Node-hours"), "right"),
        column(say("Kind")),
        column(say("Why"), share=1.0),
    )
    rows = tuple(
        row(
            n.exact(test.gpus),
            fraction_words(test.nodes),
            n.exact(test.steps),
            n.sig2(test.minutes),
            n.sig2(test.node_hours),
            say("strong") if test.kind == "strong" else say("weak"),
            test.why,
        )
        for test in report.plan
    )
    note = text(say("{hours} in all.", hours=node_hours(report.plan_node_hours)))
    blocks: list[Block] = [
        document.Heading(text(say("Runs that measure it")), 2),
        Table(columns, rows, note=note),
    ]
    tests = _tests_that_pay(material)
    if tests is None:
        return for_team(*blocks, *_paid_by(material))
    said = say("They are part of the milestone {tests} and run before the main run starts.", tests=tests)
    return (*blocks, Paragraph(words(said)), *for_team(*_paid_by(material)))


def _paid_by(material: Material) -> tuple[Block, ...]:
    report = material.request.scaling
    if not report.paid_by:
        return ()
    return (Paragraph(words(say("{sentence}.", sentence=Heading(Cased(report.paid_by, "capital"))))),)


def _tests_that_pay(material: Material) -> Listed | None:
    """The test runs of the plan, where their node-hours hold those of the scaling tests."""
    campaign = material.campaign
    tests = [line for line in campaign.lines if line.run.role == "test" and line.wall_hours is not None]
    if not tests or sum(line.base_node_hours for line in tests) < material.request.scaling.plan_node_hours:
        return None
    return Listed(tuple(Name(line.run.name) for line in tests))


# ---------------------------------------------------------------- evidence


def evidence(material: Material) -> tuple[Block, ...]:
    """The nearest published runs with the interval that was predicted for each."""
    rows = nearest_rows(material.comparison, material.catalogue)
    cited = [(one, name) for one in rows if (name := public_name(one.run.source))]
    blocks: list[Block] = []
    if not cited:
        blocks.append(Paragraph(words(say("No published run of this kind is near enough to be shown."))))
    else:
        columns = (
            column(say("Model"), share=1.0),
            column(say("GPUs"), "right"),
            column(say("Card")),
            column(say("Measured"), "right"),
            column(say("Predicted, {share} interval", share=BAND), "right"),
            column(say("Unit")),
            column(say("Source"), share=1.0),
        )
        shown = tuple(
            row(one.model, one.gpus, one.card, one.measured, _interval(one), one.unit, name)
            for one, name in cited
        )
        blocks += [
            Paragraph(words(_how_intervals_follow(material, len(cited), len(rows)))),
            Table(columns, shown, compact=True),
        ]
    return (*blocks, *_errors(rows))


def _how_intervals_follow(material: Material, listed: int, near: int) -> Said:
    hours = material.main.answer.gpu_hours
    seen = say(
        "Published runs of this kind, each predicted by a fit that never saw the runs of its producer."
    )
    if hours is None and listed == near:
        spread = say(
            "The spread of such predictions gives the {share} interval of the main run as it gives those "
            "below.",
            share=BAND,
        )
    elif hours is None:
        spread = say(
            "The spread of such predictions gives the {share} interval of the main run as it gives those "
            "below, the ones with a public source.",
            share=BAND,
        )
    elif listed == near:
        spread = say(
            "The spread of such predictions gives the {share} interval of the main run, {range} GPU-hours, "
            "as it gives those below.",
            share=BAND,
            range=Span(hours.p10, hours.p90),
        )
    else:
        spread = say(
            "The spread of such predictions gives the {share} interval of the main run, {range} GPU-hours, "
            "as it gives those below, the ones with a public source.",
            share=BAND,
            range=Span(hours.p10, hours.p90),
        )
    return together(seen, spread)


def _interval(one: NearestRow) -> Span:
    """What was predicted, as the interval in the unit of the measurement."""
    factor = math.exp(one.run.half_width)
    return Span(one.run.predicted / factor, one.run.predicted * factor, digits=4)


def _errors(rows: tuple[NearestRow, ...]) -> tuple[Block, ...]:
    """For the team: how far off each prediction was, with the place where the run was published."""
    if not rows:
        return ()
    columns = (
        column(say("Model"), share=1.0),
        column(say("GPUs"), "right"),
        column(say("Card")),
        column(say("Predicted"), "right"),
        column(say("Unit")),
        column(say("Time, error"), "right"),
        column(say("In {share}", share=BAND)),
        column(say("Where it was read"), share=1.0),
    )
    shown = tuple(
        row(
            one.model, one.gpus, one.card, one.predicted, one.unit, one.error,
            toned(say("inside"), "ok") if one.inside else toned(say("outside"), "warn"),
            shortened(without_addresses(one.source), MOST_SOURCE),
        )
        for one in rows
    )  # fmt: skip
    standing = standing_of(rows)
    said = sentence(standing.team_words) if standing is not None else ""
    return for_team(Paragraph(words(said)), Table(columns, shown, note=text(HELD_OUT), compact=True))


def evidence_said(material: Material) -> Said:
    """Two sentences for the first page: what the interval rests on, and whether scaling is measured."""
    standing = standing_of(nearest_rows(material.comparison, material.catalogue))
    last = _how_scaling_is_known(material)
    if standing is None:
        return together(say("No published run of this kind is near."), last)
    basis = say(
        "The {share} interval comes from published runs, each predicted by a fit that never saw its "
        "producer; {standing}.",
        share=BAND,
        standing=Name(standing.words),
    )
    return together(basis, last)


def _how_scaling_is_known(material: Material) -> Said:
    scaled = material.request.scaling
    machine = Name(machine_name(material.campaign.machine))
    if scaled.measured_here:
        return say_many(
            "Scaling on {machine} is measured at {n} point.",
            "Scaling on {machine} is measured at {n} points.",
            scaled.measured_here,
            machine=machine,
            n=whole(scaled.measured_here),
        )
    if scaled.plan_node_hours and (tests := _tests_that_pay(material)):
        return say(
            "Scaling on {machine} is modelled; {hours} of the milestone {tests} measure it before the main "
            "run starts.",
            machine=machine,
            hours=node_hours(scaled.plan_node_hours),
            tests=tests,
        )
    return say("Scaling on {machine} is modelled.", machine=machine)


def lead(subject: Said, said: Said) -> Paragraph:
    """A paragraph that begins with its subject in bold."""
    return Paragraph(words(bold(subject), " ", said))
