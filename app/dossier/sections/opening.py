"""First page: the request in figures and in two sentences, and the milestones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.dossier.codes import code_of
from app.dossier.document import (
    Block,
    Column,
    KeyFigure,
    KeyFigures,
    Note,
    Paragraph,
    Placeholder,
    Span,
    Table,
    Words,
    bold,
    for_team,
    row,
    words,
)
from app.dossier.material import Material
from app.dossier.text import counted_words, exact_number
from app.present import numbers as n
from app.present.campaign import overrun_words
from app.present.machines import machine_name, own_name
from app.present.milestones import fraction_words, milestone_table
from estimators.requests.campaign_results import Campaign

MOST_CODE = 24
"""Letters of a program's name that do not squeeze the other columns."""
SUMMARY_MISSING = Placeholder(
    "Summary",
    "What is new, for whom, and what comes of it: up to 200 words of the applicant. It stands here once the "
    "plan has it, and goes into both editions.",
)


def opening(material: Material) -> tuple[Block, ...]:
    """Band, the applicant's own words, and the request in two sentences."""
    campaign = material.campaign
    blocks: list[Block] = [key_figures(material)]
    trouble = "" if campaign.complete and not campaign.overruns else overrun_words(campaign)
    if trouble:
        blocks += for_team(Note(words(trouble), "warn" if campaign.complete else "fail"))
    return (*blocks, *_own_words(material), Paragraph(_summary(material)))


def _own_words(material: Material) -> tuple[Block, ...]:
    """The applicant's summary, one paragraph for each of its own; for the team what is missing."""
    asked = material.plan.dossier
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", asked.summary)]
    told = tuple(Paragraph(words(part), asked.language or "") for part in parts if part)
    return told or for_team(SUMMARY_MISSING)


def key_figures(material: Material) -> KeyFigures:
    """The request in every unit, and its largest job."""
    campaign = material.campaign
    units = campaign.units
    figures = [
        KeyFigure(request_title(campaign), n.exact(units.gpu_hours), "GPU-hours", is_first=True),
        KeyFigure("In node-hours", n.exact(units.node_hours)),
    ]
    if units.site_units is not None and units.site_unit not in ("GPU-hours", "node-hours"):
        figures.append(KeyFigure(f"In {units.site_unit} (site unit)", exact_number(units.site_units)))
    elif units.device_hours != units.gpu_hours:
        figures.append(KeyFigure("In GCD-hours", n.exact(units.device_hours)))
    jobs = [job for job in material.request.jobs if job.nodes]
    if jobs:
        largest = max(jobs, key=lambda job: job.nodes)
        noun = "node" if largest.nodes <= 1 else "nodes"
        figures.append(
            KeyFigure(f"Largest job, {n.exact(largest.gpus)} GPUs", f"{fraction_words(largest.nodes)} {noun}")
        )
    return KeyFigures(tuple(figures))


def request_title(campaign: Campaign) -> str:
    """What the request holds: a quantile of the plan, or the package that the mode fixes."""
    if campaign.package is not None:
        return "Request (package)"
    return f"Request (P{campaign.spec.request_percentile})"


def _package_words(campaign: Campaign) -> str:
    """That the mode fixes the size and what the plan needs of it, "" where it leaves the size free."""
    if campaign.package is None:
        return ""
    needed = n.counted(campaign.needed_node_hours, "node-hour", "node-hours")
    whole = n.exact(campaign.package.node_hours)
    return (
        f"{campaign.package.mode_name} gives one package of {whole} node-hours; the plan needs {needed} "
        f"of it (P{campaign.spec.request_percentile}). "
    )


def length_words(campaign: Campaign) -> str:
    """Length of the project: "three months"."""
    count = len(campaign.months)
    return "one month" if count == 1 else f"{counted_words(count)} months"


def _summary(material: Material) -> Words:
    campaign, main = material.campaign, material.main
    parts: list[str | Span] = [
        "We ask for ",
        bold(n.of_gpu_hours(n.exact(campaign.units.gpu_hours))),
        f" on {machine_name(campaign.machine)} over {length_words(campaign)}. ",
        _package_words(campaign),
    ]
    hours, seconds = main.answer.gpu_hours, main.answer.seconds
    job = material.main_job
    if hours is not None and seconds is not None and job is not None:
        parts.append(
            f"{_one_run(main.run.count)} needs about {n.of_gpu_hours(n.sig3(hours.p50))} "
            f"(80{n.THIN_SPACE}% interval {n.span(hours.p10, hours.p90)}): {n.duration(seconds.p50)} on "
            f"{n.counted(job.gpus, 'GPU', 'GPUs')}{_chain(material)}. "
        )
    parts.append(_own(material))
    return words(*parts)


def _one_run(count: int) -> str:
    return "The main run" if count == 1 else f"Each of the {n.exact(count)} main runs"


def _chain(material: Material) -> str:
    """How the main run is cut: ", in 11 chained jobs of up to 24 hours with a checkpoint every hour"."""
    job = material.main_job
    if job is None:
        return ""
    text = ""
    if job.jobs > 1 and job.walltime_hours < float("inf"):
        text = f", in {n.exact(job.jobs)} chained jobs of up to {n.short(job.walltime_hours)} hours"
    if job.checkpoint_minutes is not None:
        text += f" with a checkpoint every {n.duration(job.checkpoint_minutes * 60.0)}"
    return text


def _own(material: Material) -> str:
    """The same on the applicant's own hardware."""
    answer = material.comparison.own
    if answer.seconds is None:
        return ""
    name = own_name(material.comparison, material.catalogue).replace(f" {n.TIMES} ", " ")
    return f"On the applicant's {name} the same run would take about {n.duration(answer.seconds.p50)}."


# ---------------------------------------------------------------- milestones


def milestones(material: Material) -> tuple[Block, ...]:
    """The table that the form asks for, with the rule that it recomputes by."""
    campaign = material.campaign
    shown = milestone_table(campaign)
    codes = {line.run.id: code_of(material, line.run.id) for line in campaign.lines}
    rows = [
        row(one.cells[0], codes.get(one.run_id or "", ""), *one.cells[1:])
        for one in shown.rows
        if one.kind != "total"
    ]
    columns = (
        Column("Run type", share=1.0),
        code_column(codes.values()),
        Column("Runs", "right"),
        Column("Nodes", "right"),
        Column("Steps a run", "right"),
        Column("Seconds a step, all in", "right"),
        Column("Node-hours", "right"),
    )
    total = row("Total = request", "", "", "", "", "", n.exact(campaign.request_node_hours))
    rule = (
        f"runs × nodes × steps × seconds ÷ {n.exact(3600)} = node-hours, rounded up. {_units_words(material)}"
    )
    return (Table(columns, tuple(rows), total, rule),)


def code_column(codes: Iterable[str]) -> Column:
    """The column of programs: as narrow as its names, unless one is too long for a line."""
    longest = max((len(code) for code in codes), default=0)
    return Column("Code", share=0.0 if longest <= MOST_CODE else 0.7)


def _units_words(material: Material) -> str:
    """The sum in every unit, as sums that can be checked."""
    campaign = material.campaign
    units = campaign.units
    text = (
        f"One node holds {n.exact(campaign.gpus_per_node)} GPUs: {n.exact(units.node_hours)} × "
        f"{n.exact(campaign.gpus_per_node)} = {n.of_gpu_hours(n.exact(units.gpu_hours))}"
    )
    if (
        units.site_units is not None
        and units.gpu_hours
        and units.site_unit not in ("GPU-hours", "node-hours")
    ):
        text += f"; one GPU-hour is {fraction_words(units.site_units / units.gpu_hours)} {units.site_unit}"
    if units.device_hours != units.gpu_hours:
        text += f"; one GPU is {units.device_hours // max(1, units.gpu_hours)} devices (GCDs)"
    return f"{text}."
