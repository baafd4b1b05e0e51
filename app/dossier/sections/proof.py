"""What the estimate rests on: scaling, published runs near it, and what could move it."""

from __future__ import annotations

import math

from app.dossier.document import Block, Bullets, Cell, Column, Heading, Paragraph, Table, bold, row, words
from app.dossier.figures import scaling as scaling_figure
from app.dossier.material import Material
from app.dossier.text import counted_words, sentence, shortened, without_addresses
from app.dossier.what_moves import Change, changes
from app.present import numbers as n
from app.present.evidence import HELD_OUT, NAMED, nearest_rows
from app.present.machines import machine_name
from app.present.milestones import fraction_words
from estimators.requests.results import ScalingRow

MOST_ROWS = 8
MOST_SOURCE = 44


def scaling(material: Material) -> tuple[Block, ...]:
    """Strong and weak tables with measured points marked, and the runs that would prove them."""
    report = material.request.scaling
    blocks: list[Block] = []
    if report.fit:
        blocks.append(Paragraph(words(sentence(report.fit))))
    for title, rows in (
        ("Strong scaling, one batch", report.strong),
        ("Weak scaling, batch grows", report.weak),
    ):
        if rows:
            blocks += [Heading(title, 2), _scaling_table(rows, _devices(material))]
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


def _devices(material: Material) -> str:
    """What a device is called where a GPU holds more than one."""
    campaign = material.campaign
    return "GPUs" if campaign.devices_per_node == campaign.gpus_per_node else "GCDs"


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


def _plan(material: Material) -> list[Block]:
    report = material.request.scaling
    columns = (
        Column(_devices(material), "right"),
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
    paid = f" {sentence(report.paid_by)}" if report.paid_by else ""
    note = f"{n.counted(report.plan_node_hours, 'node-hour', 'node-hours')} in all.{paid}"
    return [Heading("Runs that would prove it", 2), Table(columns, rows, note=note)]


# ---------------------------------------------------------------- evidence


def evidence(material: Material) -> tuple[Block, ...]:
    """The nearest published runs, predicted against measured."""
    rows = nearest_rows(material.comparison, material.catalogue)
    if not rows:
        return (Paragraph(words("No published run of this kind is near enough to be shown.")),)
    columns = (
        Column("Model", share=1.0),
        Column("GPUs", "right"),
        Column("Card"),
        Column("Measured", "right"),
        Column("Predicted", "right"),
        Column("Unit"),
        Column("Time, error", "right"),
        Column(f"In 80{n.THIN_SPACE}%"),
        Column("Source", share=1.0),
    )
    shown = tuple(
        row(
            one.model, one.gpus, one.card, one.measured, one.predicted, one.unit, one.error,
            Cell("inside", "ok") if one.inside else Cell("outside", "warn"),
            shortened(without_addresses(one.source), MOST_SOURCE),
        )
        for one in rows
    )  # fmt: skip
    return (Table(columns, shown, note=HELD_OUT, compact=True),)


def evidence_words(material: Material) -> str:
    """One sentence for the first page."""
    rows = nearest_rows(material.comparison, material.catalogue)[:NAMED]
    scaled = material.request.scaling
    place = machine_name(material.campaign.machine)
    measured = n.counted(scaled.measured_here, "point", "points")
    last = f"Scaling on {place} is modelled"
    if scaled.measured_here:
        last = f"Scaling on {place} is measured at {measured}"
    elif scaled.plan_node_hours:
        hours = n.counted(scaled.plan_node_hours, "node-hour", "node-hours")
        last += f"; {hours} of tests would measure it"
    if not rows:
        return f"No published run of this kind is near. {last}."
    worst = max(abs(math.log(one.run.time_ratio)) for one in rows)
    off = n.percent(math.exp(worst) - 1.0)
    nearest = (
        f"{counted_words(len(rows))} nearest published runs are"
        if len(rows) > 1
        else "nearest published run is"
    )
    return f"The {nearest} predicted within {off}. {last}."


# ---------------------------------------------------------------- what could move it


def what_moves(material: Material) -> tuple[Block, ...]:
    """The interval, and what other choices would cost, each estimated anew."""
    campaign, main = material.campaign, material.main
    total = campaign.total.scaled(float(campaign.gpus_per_node))
    spoken = (
        f"The whole campaign takes {n.span(total.p10, total.p90, 3)} GPU-hours four times in five; the "
        f"request covers {campaign.spec.request_percentile} cases in 100."
    )
    blocks: list[Block] = [Paragraph(words(spoken))]
    found = changes(material)
    hours = main.answer.gpu_hours
    if found and hours is not None:
        columns = (
            Column("Change", share=1.0),
            Column("GPU-hours of the main run", "right"),
            Column("Difference", "right"),
        )
        rows = [
            row(
                f"As planned: {n.exact(main.answer.gpus or 0)} {_devices(material)}",
                n.sig3(hours.p50),
                "",
            )
        ]
        rows += [_change_row(change) for change in found]
        note = (
            "Middle values, each change estimated anew at the number of GPUs that it names or the plan has."
        )
        blocks.append(Table(columns, tuple(rows), note=note))
    return tuple(blocks)


def _change_row(change: Change) -> tuple[Cell, ...]:
    if change.gpu_hours is None:
        return row(change.words, Cell("does not fit", "fail"), "")
    return row(change.words, n.sig3(change.gpu_hours), signed(change.difference))


def signed(value: float) -> str:
    """A difference with its sign: "+11 200", "−3 900"."""
    text = n.sig3(abs(value))
    return "0" if text == "0" else f"{'+' if value > 0 else n.MINUS}{text}"


def moves_words(material: Material) -> str:
    """One sentence for the first page: the two largest differences."""
    found = [change for change in changes(material) if change.gpu_hours is not None]
    found.sort(key=lambda change: -abs(change.difference))
    parts = [
        f"{change.words}: {signed(change.difference)} GPU-hours"
        for change in found[:2]
        if abs(change.difference) >= 1.0
    ]
    covered = f"The request covers {material.campaign.spec.request_percentile} cases in 100."
    return f"{sentence('; '.join(parts))} {covered}" if parts else covered


def assumptions(material: Material) -> tuple[Block, ...]:
    """Defaults and judgements, as a list."""
    spec = material.campaign.spec
    said = [*material.comparison.assumptions]
    if material.campaign.start_is_assumed:
        said.append("The first day of the project is the earliest that the access mode allows.")
    said.append(
        f"Waiting in queues adds {n.percent(spec.queue_slack)} to the calendar; no site publishes it."
    )
    if spec.overhead.factor is None:
        share = spec.overhead.failed_share
        said.append(
            f"{n.percent(share.p50)} of the runs' hours go into failed and repeated runs "
            f"({n.percent(share.p10)} to {n.percent(share.p90)})."
        )
    else:
        factor = spec.overhead.factor
        said.append(
            f"A published overhead factor of {n.short(factor.p50, 3)} on the main runs stands for "
            "development and contingency."
        )
    said.append(
        f"Rows hold P{spec.plan_percentile}, the request P{spec.request_percentile} of the sum of "
        f"{n.exact(20_000)} draws, seed {spec.seed}."
    )
    return (Bullets(tuple(words(sentence(one)) for one in said)),)


def lead(name: str, text: str) -> Paragraph:
    """A paragraph that begins with its subject in bold."""
    return Paragraph(words(bold(f"{name}. "), text))
