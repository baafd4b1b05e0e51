"""What only the team reads: questions of reviewers, other machines, and facts to confirm."""

from __future__ import annotations

import math

from app.dossier.document import Block, Cell, Column, Paragraph, Table, Tone, for_team, row, words
from app.dossier.figures import all_machines
from app.dossier.material import Material
from app.dossier.sources import source_lines
from app.dossier.text import joined, long_date
from app.present import numbers as n
from app.present.campaign import overrun_words
from app.present.machines import device_noun, machine_name
from app.present.milestones import fraction_words
from estimators.planning.records import MachineAnswer

DOUBTFUL = ("unverified", "inferred")
MOST_MACHINES = 12


def questions(material: Material) -> tuple[Block, ...]:
    """What technical reviewers ask, with what the plan answers."""
    columns = (Column("Question", share=1.0), Column("What the plan says", share=1.5))
    rows = tuple(row(asked, Cell(said)) for asked, said in _answers(material))
    fact = material.catalogue.guidance["review"].facts["technical_questions"]
    source = f"Questions of technical reviewers, {fact.confidence}, {fact.as_of}."
    return for_team(Table(columns, rows, note=source, compact=True))


def _answers(material: Material) -> tuple[tuple[str, str], ...]:
    campaign, scaling = material.campaign, material.request.scaling
    late = overrun_words(campaign) or f"All runs end before {long_date(campaign.end)}."
    tests = "No scaling test is needed: the points are measured."
    if scaling.plan_node_hours:
        tests = (
            f"{n.counted(scaling.plan_node_hours, 'node-hour', 'node-hours')} of tests would measure scaling."
        )
    efficiency = n.UNKNOWN
    if not math.isnan(scaling.efficiency_at_job):
        how = "measured" if scaling.measured_here else "modelled"
        efficiency = f"{n.percent(scaling.efficiency_at_job, 3)} of strong scaling, {how}."
    return (
        ("Does the code suit the machine, and is it installed there?", _open_rule(material, "software")),
        ("Does the time asked for fit the work plan?", late),
        ("Is more testing or tuning needed?", tests),
        ("Which efficiency of use is expected?", efficiency),
        ("Do jobs keep the limits of the partition?", _limits(material)),
        ("Can runs go on from checkpoints?", _checkpoints(material)),
        ("Do the hours of the rows add up to the request?", _sum(material)),
    )


def _open_rule(material: Material, rule: str) -> str:
    """What the check found under a rule, the open findings first."""
    found = [one for one in material.request.findings if one.rule == rule]
    open_ones = [one.title for one in found if one.severity != "pass"]
    if open_ones:
        return f"{joined(open_ones)}."
    return " ".join(one.why for one in found) or "The check has no rule that speaks of it here."


def _limits(material: Material) -> str:
    failing = [
        one.title
        for one in material.request.findings
        if one.rule in ("job-size", "wall-clock") and one.severity in ("fail", "warn")
    ]
    if failing:
        return f"{joined(failing)}."
    jobs = [job for job in material.request.jobs if job.nodes]
    if not jobs:
        return "No run fits on the machine."
    largest = max(jobs, key=lambda job: job.nodes)
    return f"The largest job takes {fraction_words(largest.nodes)} nodes in {largest.queue or 'a queue'}."


def _checkpoints(material: Material) -> str:
    without = [job.name for job in material.request.jobs if job.checkpoint_minutes is None]
    return f"All but {joined(without)}." if without else "All of them."


def _sum(material: Material) -> str:
    hours = n.counted(material.campaign.request_node_hours, "node-hour", "node-hours")
    return f"They sum to the request of {hours}."


# ---------------------------------------------------------------- machines


def other_machines(material: Material) -> tuple[Block, ...]:
    """The main run on every machine in service."""
    answers = [one for one in material.comparison.answers if one.machine.status == "in service"]
    answers.sort(key=lambda one: (not one.fits, one.gpu_hours.p50 if one.gpu_hours is not None else math.inf))
    columns = (
        Column("Machine", share=1.0),
        Column("GPUs", "right"),
        Column("Time", "right"),
        Column("GPU-hours", "right"),
        Column(f"80{n.THIN_SPACE}% interval", "right"),
        Column("Remark", share=1.4),
    )
    rows = tuple(_machine_row(one, material) for one in answers[:MOST_MACHINES])
    figure = all_machines(material)
    table = Table(columns, rows, note="The main run alone, middle values.", compact=True)
    return for_team(table, *((figure,) if figure is not None else ()))


def _machine_row(one: MachineAnswer, material: Material) -> tuple[Cell, ...]:
    name = machine_name(one.machine)
    if one.gpu_hours is None or one.seconds is None or one.gpus is None:
        return row(name, "", "", "", "", Cell(one.reason or "does not fit", "fail"))
    noun = device_noun(one.machine, material.catalogue)
    return row(
        name,
        f"{n.exact(one.gpus)} {noun}".strip(),
        n.duration(one.seconds.p50),
        n.sig3(one.gpu_hours.p50),
        n.span(one.gpu_hours.p10, one.gpu_hours.p90),
        "; ".join(one.notes),
    )


# ---------------------------------------------------------------- facts


def doubtful_facts(material: Material) -> tuple[Block, ...]:
    """Facts that the site or the call's page should confirm before the request is handed in."""
    lines = [
        line
        for line in source_lines(material.request, material.catalogue)
        if line.confidence in DOUBTFUL or not line.publisher
    ]
    if not lines:
        return ()
    columns = (
        Column("Fact", share=1.0),
        Column("Value", share=0.8),
        Column("Confidence"),
        Column("Note", share=1.6),
    )
    rows = tuple(
        row(line.name, line.value, Cell(line.confidence, _tone(line.confidence)), line.note) for line in lines
    )
    said = "No page of a site, a call or a paper was read for these; where each was read stands in the annex."
    return for_team(Paragraph(words(said)), Table(columns, rows, compact=True))


def _tone(confidence: str) -> Tone:
    return "unk" if confidence == "unverified" else ""
