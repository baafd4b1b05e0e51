"""First page: the request in figures and in two sentences, and the milestones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from app.dossier.codes import code_of
from app.dossier.document import (
    Block,
    Column,
    KeyFigure,
    KeyFigures,
    Note,
    Paragraph,
    Placeholder,
    Table,
    column,
    for_team,
    row,
    words,
)
from app.dossier.material import Material
from app.dossier.text import node_hours, whole
from app.present import numbers as n
from app.present.campaign import overrun_words
from app.present.machines import machine_name, own_name
from app.present.milestones import milestone_table
from app.words import text
from estimators.requests.campaign_results import Campaign
from estimators.requests.results import JobType
from estimators.words import (
    NOTHING,
    Amount,
    Listed,
    Name,
    Said,
    Span,
    Strong,
    say,
    say_many,
    together,
)

MOST_CODE = 24
"""Letters of a program's name that do not squeeze the other columns."""
SUMMARY_MISSING = (
    say("Summary"),
    say(
        "What is new, for whom, and what comes of it: up to 200 words of the applicant. It stands here once "
        "the plan has it, and goes into both editions."
    ),
)


def opening(material: Material) -> tuple[Block, ...]:
    """Band, the applicant's own words, and the request in two sentences."""
    campaign = material.campaign
    blocks: list[Block] = [key_figures(material)]
    trouble = "" if campaign.complete and not campaign.overruns else overrun_words(campaign)
    if trouble:
        blocks += for_team(Note(words(trouble), "warn" if campaign.complete else "fail"))
    return (*blocks, *_own_words(material), Paragraph(words(_summary(material))))


def _own_words(material: Material) -> tuple[Block, ...]:
    """The applicant's summary, one paragraph for each of its own; for the team what is missing."""
    asked = material.plan.dossier
    parts = [" ".join(part.split()) for part in re.split(r"\n\s*\n", asked.summary)]
    told = tuple(Paragraph(words(part), asked.language or "") for part in parts if part)
    title, asks = map(text, SUMMARY_MISSING)
    return told or for_team(Placeholder(title, asks))


def key_figures(material: Material) -> KeyFigures:
    """The request in every unit, and its largest job."""
    campaign = material.campaign
    units = campaign.units
    figures = [
        KeyFigure(
            text(request_title(campaign)), n.exact(units.gpu_hours), text(say("GPU-hours")), is_first=True
        ),
        KeyFigure(text(say("In node-hours")), n.exact(units.node_hours)),
    ]
    if units.site_units is not None and units.site_unit not in ("GPU-hours", "node-hours"):
        label = say("In {unit} (site unit)", unit=Name(units.site_unit))
        figures.append(KeyFigure(text(label), text(Amount(units.site_units, form="exact", digits=6))))
    elif units.device_hours != units.gpu_hours:
        figures.append(KeyFigure(text(say("In GCD-hours")), n.exact(units.device_hours)))
    jobs = [job for job in material.request.jobs if job.nodes]
    if jobs:
        largest = max(jobs, key=lambda job: job.nodes)
        label = say_many("Largest job, {n} GPU", "Largest job, {n} GPUs", largest.gpus, n=whole(largest.gpus))
        figures.append(KeyFigure(text(label), text(_nodes(largest.nodes))))
    return KeyFigures(tuple(figures))


def _nodes(nodes: Fraction) -> Said:
    """Nodes or a part of one: "1/4 node", "32 nodes"."""
    return say_many(
        "{nodes} node", "{nodes} nodes", 1 if nodes <= 1 else 2, nodes=Amount(nodes, form="fraction")
    )


def request_title(campaign: Campaign) -> Said:
    """What the request holds: a quantile of the plan, or the package that the mode fixes."""
    if campaign.package is not None:
        return say("Request (package)")
    return say("Request (P{percentile})", percentile=whole(campaign.spec.request_percentile))


def _package(campaign: Campaign) -> Said:
    """That the mode fixes the size and what the plan needs of it, nothing where it leaves the size free."""
    if campaign.package is None:
        return NOTHING
    return say(
        "{mode} gives one package of {whole} node-hours; the plan needs {needed} of it (P{percentile}).",
        mode=Name(campaign.package.mode_name),
        whole=whole(campaign.package.node_hours),
        needed=node_hours(campaign.needed_node_hours),
        percentile=whole(campaign.spec.request_percentile),
    )


def _length(campaign: Campaign) -> Said:
    """Length of the project: "three months"."""
    count = len(campaign.months)
    return say_many("one month", "{n} months", count, n=Amount(count, form="word"))


def _summary(material: Material) -> Said:
    campaign = material.campaign
    ask = say(
        "We ask for {hours} on {machine} over {length}.",
        hours=Strong(n.hours_said(whole(campaign.units.gpu_hours)), "bold"),
        machine=Name(machine_name(campaign.machine)),
        length=_length(campaign),
    )
    return together(ask, _package(campaign), _main_run(material), _own(material))


def _main_run(material: Material) -> Said:
    """Hours and time of the main run, and how it is cut."""
    main, job = material.main, material.main_job
    hours, seconds = main.answer.gpu_hours, main.answer.seconds
    if hours is None or seconds is None or job is None:
        return NOTHING
    share = Amount(0.8, form="percent")
    takes = n.hours_said(Amount(hours.p50, form="three"))
    between = Span(hours.p10, hours.p90)
    how = _how(job, Amount(seconds.p50, form="duration"))
    if main.run.count == 1:
        return say(
            "The main run needs about {hours} ({share} interval {range}): {how}.",
            hours=takes,
            share=share,
            range=between,
            how=how,
        )
    return say(
        "Each of the {runs} main runs needs about {hours} ({share} interval {range}): {how}.",
        runs=whole(main.run.count),
        hours=takes,
        share=share,
        range=between,
        how=how,
    )


def _how(job: JobType, time: Amount) -> Said:
    """Time, size and cut: "11 days on 48 GPUs, in 11 chained jobs of up to 24 hours"."""
    gpus = say_many("{n} GPU", "{n} GPUs", job.gpus, n=whole(job.gpus))
    every = Amount((job.checkpoint_minutes or 0.0) * 60.0, form="duration")
    if job.jobs > 1 and job.walltime_hours < float("inf"):
        jobs, hours = whole(job.jobs), Amount(job.walltime_hours)
        if job.checkpoint_minutes is None:
            return say(
                "{time} on {gpus}, in {jobs} chained jobs of up to {hours} hours",
                time=time,
                gpus=gpus,
                jobs=jobs,
                hours=hours,
            )
        return say(
            "{time} on {gpus}, in {jobs} chained jobs of up to {hours} hours with a checkpoint every {every}",
            time=time,
            gpus=gpus,
            jobs=jobs,
            hours=hours,
            every=every,
        )
    if job.checkpoint_minutes is None:
        return say("{time} on {gpus}", time=time, gpus=gpus)
    return say("{time} on {gpus} with a checkpoint every {every}", time=time, gpus=gpus, every=every)


def _own(material: Material) -> Said:
    """The same on the applicant's own hardware."""
    answer = material.comparison.own
    if answer.seconds is None:
        return NOTHING
    return say(
        "On the applicant's {hardware} the same run would take about {time}.",
        hardware=Name(own_name(material.comparison, material.catalogue).replace(f" {n.TIMES} ", " ")),
        time=Amount(answer.seconds.p50, form="duration"),
    )


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
        column(say("Run type"), share=1.0),
        code_column(codes.values()),
        column(say("Runs"), "right"),
        column(say("Nodes"), "right"),
        column(say("Steps a run"), "right"),
        column(say("Seconds a step, all in"), "right"),
        column(say("Node-hours"), "right"),
    )
    total = row(say("Total = request"), "", "", "", "", "", n.exact(campaign.request_node_hours))
    sum_ = say("runs × nodes × steps × seconds ÷ {seconds} = node-hours, rounded up.", seconds=whole(3600))
    rule = text(together(sum_, _units(campaign)))
    return (Table(columns, tuple(rows), total, rule),)


def code_column(codes: Iterable[str]) -> Column:
    """The column of programs: as narrow as its names, unless one is too long for a line."""
    longest = max((len(code) for code in codes), default=0)
    return column(say("Code"), share=0.0 if longest <= MOST_CODE else 0.7)


def _units(campaign: Campaign) -> Said:
    """The sum in every unit, as sums that can be checked."""
    units = campaign.units
    found = [
        say(
            "One node holds {gpus} GPUs: {nodes} × {gpus} = {hours}",
            gpus=whole(campaign.gpus_per_node),
            nodes=whole(units.node_hours),
            hours=n.hours_said(whole(units.gpu_hours)),
        )
    ]
    if (
        units.site_units is not None
        and units.gpu_hours
        and units.site_unit not in ("GPU-hours", "node-hours")
    ):
        found.append(
            say(
                "one GPU-hour is {amount} {unit}",
                amount=Amount(units.site_units / units.gpu_hours, form="fraction"),
                unit=Name(units.site_unit),
            )
        )
    if units.device_hours != units.gpu_hours:
        devices = units.device_hours // max(1, units.gpu_hours)
        found.append(say("one GPU is {n} devices (GCDs)", n=whole(devices)))
    return say("{sums}.", sums=Listed(tuple(found), "", "; "))
