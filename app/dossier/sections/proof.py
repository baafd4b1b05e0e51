"""What the estimate rests on: scaling, and published runs near it."""

from __future__ import annotations

import math

from app.dossier.codes import code_of
from app.dossier.document import Block, Cell, Column, Heading, Paragraph, Table, bold, for_team, row, words
from app.dossier.figures import scaling as scaling_figure
from app.dossier.material import Material
from app.dossier.public_sources import public_name
from app.dossier.text import joined, sentence, shortened, without_addresses
from app.present import numbers as n
from app.present.evidence import HELD_OUT, NearestRow, amount, nearest_rows, standing_of
from app.present.machines import machine_name
from app.present.milestones import fraction_words
from estimators.requests.results import ScalingRow

MOST_ROWS = 8
MOST_SOURCE = 44


def scaling(material: Material) -> tuple[Block, ...]:
    """Strong and weak tables with measured points marked, and the runs that measure them."""
    report = material.request.scaling
    code = f"Code: {code_of(material, material.main.run.id)}."
    said = " ".join((*((sentence(report.fit),) if report.fit else ()), code))
    blocks: list[Block] = [Paragraph(words(said))]
    for title, rows in (
        ("Strong scaling, one batch", report.strong),
        ("Weak scaling, batch grows", report.weak),
    ):
        if rows:
            blocks += [Heading(title, 2), _scaling_table(rows, material.devices)]
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
        Column(devices, "right"),
        Column("Nodes", "right"),
        Column("Batch", "right"),
        Column("Seconds a step", "right"),
        Column(f"80{n.THIN_SPACE}% interval", "right"),
        Column("Samples a second", "right"),
        Column("Speed-up", "right"),
        Column("Efficiency", "right"),
        Column("Origin", share=1.0),
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
        Cell("measured", "ok") if one.measured else Cell("modelled", "info"),
    )


def _efficiency(material: Material) -> str:
    report, job = material.request.scaling, material.main_job
    assert job is not None
    text = (
        f"At the {n.exact(job.gpus)} GPUs of the main job the strong efficiency is "
        f"{n.percent(report.efficiency_at_job, 3)}."
    )
    if report.measured_here:
        points = n.counted(report.measured_here, "point was", "points were")
        return f"{text} {points} measured on {machine_name(material.campaign.machine)}."
    return text


def _plan(material: Material) -> tuple[Block, ...]:
    """The runs that measure it; a promise to reviewers only where the plan's tests hold their hours."""
    report = material.request.scaling
    columns = (
        Column(material.devices, "right"),
        Column("Nodes", "right"),
        Column("Steps", "right"),
        Column("Minutes", "right"),
        Column("Node-hours", "right"),
        Column("Kind"),
        Column("Why", share=1.0),
    )
    rows = tuple(
        row(
            n.exact(test.gpus),
            fraction_words(test.nodes),
            n.exact(test.steps),
            n.sig2(test.minutes),
            n.sig2(test.node_hours),
            test.kind,
            test.why,
        )
        for test in report.plan
    )
    note = f"{n.counted(report.plan_node_hours, 'node-hour', 'node-hours')} in all."
    blocks: list[Block] = [Heading("Runs that measure it", 2), Table(columns, rows, note=note)]
    tests = _tests_that_pay(material)
    if not tests:
        return for_team(*blocks, *_paid_by(material))
    said = f"They are part of the milestone {tests} and run before the main run starts."
    return (*blocks, Paragraph(words(said)), *for_team(*_paid_by(material)))


def _paid_by(material: Material) -> tuple[Block, ...]:
    report = material.request.scaling
    return (Paragraph(words(sentence(report.paid_by))),) if report.paid_by else ()


def _tests_that_pay(material: Material) -> str:
    """The test runs of the plan, where their node-hours hold those of the scaling tests; else ""."""
    campaign = material.campaign
    tests = [line for line in campaign.lines if line.run.role == "test" and line.wall_hours is not None]
    if not tests or sum(line.base_node_hours for line in tests) < material.request.scaling.plan_node_hours:
        return ""
    return joined([line.run.name for line in tests])


# ---------------------------------------------------------------- evidence


def evidence(material: Material) -> tuple[Block, ...]:
    """The nearest published runs with the interval that was predicted for each."""
    rows = nearest_rows(material.comparison, material.catalogue)
    cited = [(one, name) for one in rows if (name := public_name(one.run.source))]
    blocks: list[Block] = []
    if not cited:
        blocks.append(Paragraph(words("No published run of this kind is near enough to be shown.")))
    else:
        columns = (
            Column("Model", share=1.0),
            Column("GPUs", "right"),
            Column("Card"),
            Column("Measured", "right"),
            Column(f"Predicted, 80{n.THIN_SPACE}% interval", "right"),
            Column("Unit"),
            Column("Source", share=1.0),
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


def _how_intervals_follow(material: Material, listed: int, near: int) -> str:
    hours = material.main.answer.gpu_hours
    own = f", {n.span(hours.p10, hours.p90)} GPU-hours," if hours is not None else ""
    return (
        "Published runs of this kind, each predicted by a fit that never saw the runs of its producer. The "
        f"spread of such predictions gives the 80{n.THIN_SPACE}% interval of the main run{own} as it gives "
        f"those below{'' if listed == near else ', the ones with a public source'}."
    )


def _interval(one: NearestRow) -> str:
    """What was predicted, as the interval in the unit of the measurement."""
    factor = math.exp(one.run.half_width)
    return f"{amount(one.run.predicted / factor)} to {amount(one.run.predicted * factor)}"


def _errors(rows: tuple[NearestRow, ...]) -> tuple[Block, ...]:
    """For the team: how far off each prediction was, with the place where the run was published."""
    if not rows:
        return ()
    columns = (
        Column("Model", share=1.0),
        Column("GPUs", "right"),
        Column("Card"),
        Column("Predicted", "right"),
        Column("Unit"),
        Column("Time, error", "right"),
        Column(f"In 80{n.THIN_SPACE}%"),
        Column("Where it was read", share=1.0),
    )
    shown = tuple(
        row(
            one.model, one.gpus, one.card, one.predicted, one.unit, one.error,
            Cell("inside", "ok") if one.inside else Cell("outside", "warn"),
            shortened(without_addresses(one.source), MOST_SOURCE),
        )
        for one in rows
    )  # fmt: skip
    standing = standing_of(rows)
    said = sentence(standing.team_words) if standing is not None else ""
    return for_team(Paragraph(words(said)), Table(columns, shown, note=HELD_OUT, compact=True))


def evidence_words(material: Material) -> str:
    """Two sentences for the first page: what the interval rests on, and whether scaling is measured."""
    rows = nearest_rows(material.comparison, material.catalogue)
    standing = standing_of(rows)
    scaled = material.request.scaling
    place = machine_name(material.campaign.machine)
    last = f"Scaling on {place} is modelled"
    if scaled.measured_here:
        measured = n.counted(scaled.measured_here, "point", "points")
        last = f"Scaling on {place} is measured at {measured}"
    elif scaled.plan_node_hours and (tests := _tests_that_pay(material)):
        hours = n.counted(scaled.plan_node_hours, "node-hour", "node-hours")
        last += f"; {hours} of the milestone {tests} measure it before the main run starts"
    if standing is None:
        return f"No published run of this kind is near. {last}."
    return (
        f"The 80{n.THIN_SPACE}% interval comes from published runs, each predicted by a fit that never saw "
        f"its producer; {standing.words}. {last}."
    )


def lead(name: str, text: str) -> Paragraph:
    """A paragraph that begins with its subject in bold."""
    return Paragraph(words(bold(f"{name}."), f" {text}"))
