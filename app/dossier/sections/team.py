"""What only the team reads: questions of reviewers, other machines, and facts to confirm."""

from __future__ import annotations

import math

from app.dossier.document import (
    Block,
    Cell,
    Paragraph,
    Table,
    Tone,
    column,
    for_team,
    row,
    toned,
    words,
)
from app.dossier.figures import all_machines
from app.dossier.material import Material
from app.dossier.sources import source_lines
from app.dossier.text import INTERVAL, node_hours
from app.present import numbers as n
from app.present.campaign import overrun_words
from app.present.machines import device_noun, machine_name
from app.words import text
from estimators.planning.reasons import reason_said
from estimators.planning.records import MachineAnswer
from estimators.words import Amount, Listed, Name, Said, Value, say, together

DOUBTFUL = ("unverified", "inferred")
MOST_MACHINES = 12


def questions(material: Material) -> tuple[Block, ...]:
    """What technical reviewers ask, with what the plan answers."""
    columns = (column(say("Question"), share=1.0), column(say("What the plan says"), share=1.5))
    rows = tuple(row(asked, said) for asked, said in _answers(material))
    fact = material.catalogue.guidance["review"].facts["technical_questions"]
    source = text(
        say(
            "Questions of technical reviewers, {confidence}, {day}.",
            confidence=Name(fact.confidence),
            day=Name(fact.as_of),
        )
    )
    return for_team(Table(columns, rows, note=source, compact=True))


def _answers(material: Material) -> tuple[tuple[Said, Value | str], ...]:
    campaign, scaling = material.campaign, material.request.scaling
    end = Amount(campaign.end, form="long_day")
    late = overrun_words(campaign) or say("All runs end before {day}.", day=end)
    tests = say("No scaling test is needed: the points are measured.")
    if scaling.plan_node_hours:
        tests = say("{hours} of tests would measure scaling.", hours=node_hours(scaling.plan_node_hours))
    efficiency = n.UNKNOWN
    if not math.isnan(scaling.efficiency_at_job):
        share = Amount(scaling.efficiency_at_job, form="percent", digits=3)
        efficiency = (
            say("{share} of strong scaling, measured.", share=share)
            if scaling.measured_here
            else say("{share} of strong scaling, modelled.", share=share)
        )
    return (
        (say("Does the code suit the machine, and is it installed there?"), _open_rule(material, "software")),
        (say("Does the time asked for fit the work plan?"), late),
        (say("Is more testing or tuning needed?"), tests),
        (say("Which efficiency of use is expected?"), efficiency),
        (say("Do jobs keep the limits of the partition?"), _limits(material)),
        (say("Can runs go on from checkpoints?"), _checkpoints(material)),
        (say("Do the hours of the rows add up to the request?"), _sum(material)),
    )


def _open_rule(material: Material, rule: str) -> Said:
    """What the check found under a rule, the open findings first."""
    found = [one for one in material.request.findings if one.rule == rule]
    open_ones = tuple(one.title for one in found if one.severity != "pass")
    if open_ones:
        return say("{findings}.", findings=Listed(open_ones))
    why = together(*(say("{why}", why=one.why) for one in found))
    return why or say("The check has no rule that speaks of it here.")


def _limits(material: Material) -> Said:
    failing = tuple(
        one.title
        for one in material.request.findings
        if one.rule in ("job-size", "wall-clock") and one.severity in ("fail", "warn")
    )
    if failing:
        return say("{findings}.", findings=Listed(failing))
    jobs = [job for job in material.request.jobs if job.nodes]
    if not jobs:
        return say("No run fits on the machine.")
    largest = max(jobs, key=lambda job: job.nodes)
    nodes = Amount(largest.nodes, form="fraction")
    if not largest.queue:
        return say("The largest job takes {nodes} nodes in a queue.", nodes=nodes)
    return say("The largest job takes {nodes} nodes in {queue}.", nodes=nodes, queue=Name(largest.queue))


def _checkpoints(material: Material) -> Said:
    without = tuple(Name(job.name) for job in material.request.jobs if job.checkpoint_minutes is None)
    return say("All but {runs}.", runs=Listed(without)) if without else say("All of them.")


def _sum(material: Material) -> Said:
    hours = node_hours(material.campaign.request_node_hours)
    return say("They sum to the request of {hours}.", hours=hours)


# ---------------------------------------------------------------- machines


def other_machines(material: Material) -> tuple[Block, ...]:
    """The main run on every machine in service."""
    answers = [one for one in material.comparison.answers if one.machine.status == "in service"]
    answers.sort(key=lambda one: (not one.fits, one.gpu_hours.p50 if one.gpu_hours is not None else math.inf))
    columns = (
        column(say("Machine"), share=1.0),
        column(say("GPUs"), "right"),
        column(say("Time"), "right"),
        column(say("GPU-hours"), "right"),
        column(INTERVAL, "right"),
        column(say("Remark"), share=1.4),
    )
    rows = tuple(_machine_row(one, material) for one in answers[:MOST_MACHINES])
    figure = all_machines(material)
    table = Table(columns, rows, note=text(say("The main run alone, middle values.")), compact=True)
    return for_team(table, *((figure,) if figure is not None else ()))


def _machine_row(one: MachineAnswer, material: Material) -> tuple[Cell, ...]:
    name = machine_name(one.machine)
    if one.gpu_hours is None or one.seconds is None or one.gpus is None:
        reason = say("does not fit") if one.reason is None else reason_said(one.reason)
        return row(name, "", "", "", "", toned(reason, "fail"))
    noun = device_noun(one.machine, material.catalogue)
    return row(
        name,
        f"{n.exact(one.gpus)} {noun}".strip(),
        n.duration(one.seconds.p50),
        n.sig3(one.gpu_hours.p50),
        n.span(one.gpu_hours.p10, one.gpu_hours.p90),
        Listed(tuple(note.said for note in one.notes), "", "; "),
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
        column(say("Fact"), share=1.0),
        column(say("Value"), share=0.8),
        column(say("Confidence")),
        column(say("Note"), share=1.6),
    )
    rows = tuple(
        row(line.name, line.value, Cell(line.confidence, _tone(line.confidence)), line.note) for line in lines
    )
    said = say(
        "No page of a site, a call or a paper was read for these; where each was read stands in the annex."
    )
    return for_team(Paragraph(words(said)), Table(columns, rows, compact=True))


def _tone(confidence: str) -> Tone:
    return "unk" if confidence == "unverified" else ""
