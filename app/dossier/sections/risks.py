"""How sure the request is: its margin and assumptions, and for the team what could go wrong."""

from __future__ import annotations

from app.dossier.document import (
    Block,
    Bullets,
    Cell,
    Paragraph,
    Table,
    column,
    for_team,
    row,
    toned,
    words,
)
from app.dossier.material import Material
from app.dossier.sources import source_lines
from app.dossier.text import sentence, whole
from app.dossier.what_moves import Change, changes
from app.present import numbers as n
from app.words import text
from estimators.requests.campaign_results import Campaign
from estimators.words import Amount, Cased, Listed, Name, Said, Span, Value, say, together

MOST_SET = 12
"""Values set by the plan that are named one by one."""


def margin(material: Material) -> Said:
    """The interval of the whole campaign and what the request covers of it, for the first page."""
    campaign = material.campaign
    total = campaign.total.scaled(float(campaign.gpus_per_node))
    spec = campaign.spec
    span = say(
        "Four times in five the whole campaign takes {range} GPU-hours.",
        range=Span(total.p10, total.p90, digits=3),
    )
    rows, covered = whole(spec.plan_percentile), whole(spec.request_percentile)
    if campaign.package is None:
        held = say(
            "The rows of the milestones hold P{rows}; the request is P{covered} and covers {covered} cases "
            "in {cases}.",
            rows=rows,
            covered=covered,
            cases=whole(100),
        )
    else:
        held = say(
            "The rows of the milestones hold P{rows}; with the contingency they cover {covered} cases in "
            "{cases}, and the package holds more.",
            rows=rows,
            covered=covered,
            cases=whole(100),
        )
    return together(span, held)


# ---------------------------------------------------------------- what could go wrong


def _short(campaign: Campaign) -> Said:
    """How often the campaign takes more than its quantile, and what falls short then."""
    short, cases = whole(100 - campaign.spec.request_percentile), whole(100)
    if campaign.package is None:
        return say("{times} times in {cases} the request does not suffice", times=short, cases=cases)
    return say(
        "{times} times in {cases} the plan takes more than its rows and contingency, and draws on the rest "
        "of the package",
        times=short,
        cases=cases,
    )


def what_moves(material: Material) -> tuple[Block, ...]:
    """Where the request does not suffice, and what other choices would cost, each estimated anew."""
    campaign, hours = material.campaign, material.main.answer.gpu_hours
    beyond = campaign.total.p90 - campaign.request_node_hours
    said = say("{sentence}.", sentence=_short(campaign))
    if beyond > 0.0:
        said = say(
            "{sentence}; one time in ten {hours} node-hours or more are missing.",
            sentence=_short(campaign),
            hours=Amount(beyond, form="three"),
        )
    blocks: list[Block] = [Paragraph(words(said))]
    found = changes(material)
    if found and hours is not None:
        columns = (
            column(say("Change"), share=1.0),
            column(say("GPU-hours of the main run"), "right"),
            column(say("Difference"), "right"),
        )
        planned = say(
            "As planned: {n} {devices}",
            n=whole(material.main.answer.gpus or 0),
            devices=Name(material.devices),
        )
        rows = [row(planned, n.sig3(hours.p50), ""), *(_change_row(change) for change in found)]
        note = text(
            say(
                "Middle values, each change estimated anew at the number of GPUs that it names or the plan "
                "has."
            )
        )
        blocks.append(Table(columns, tuple(rows), note=note))
    return for_team(*blocks)


def _change_row(change: Change) -> tuple[Cell, ...]:
    if change.gpu_hours is None:
        return row(change.words, toned(say("does not fit"), "fail"), "")
    return row(change.words, n.sig3(change.gpu_hours), signed(change.difference))


def signed(value: float) -> str:
    """A difference with its sign: "+11 200", "−3 900"."""
    written = n.sig3(value)
    return f"+{written}" if value > 0 else written


# ---------------------------------------------------------------- assumptions


def assumptions(material: Material) -> tuple[Block, ...]:
    """Defaults and what the plan sets where nothing is published, as a list."""
    spec = material.campaign.spec
    said: list[Said] = [*material.comparison.assumptions]
    if material.campaign.start_is_assumed:
        said.append(say("The first day of the project is the earliest that the access mode allows."))
    slack = Amount(spec.queue_slack, form="percent")
    said.append(say("Waiting in queues adds {share} to the calendar.", share=slack))
    said.append(_overhead(material))
    said.append(
        say(
            "Rows hold P{rows}, the request P{request} of the sum of {draws} draws, seed {seed}.",
            rows=whole(spec.plan_percentile),
            request=whole(spec.request_percentile),
            draws=whole(20_000),
            seed=Name(str(spec.seed)),
        )
    )
    values = _set_by_plan(material)
    if values:
        said.append(say("Set by the plan: {values}.", values=Listed(values, "", "; ")))
    return (Bullets(tuple(words(sentence(text(one))) for one in said)),)


def _overhead(material: Material) -> Said:
    """Failed runs, or the factor that stands for them."""
    spec = material.campaign.spec
    if spec.overhead.factor is None:
        share = spec.overhead.failed_share
        return say(
            "{share} of the runs' hours go into failed and repeated runs ({low} to {high}).",
            share=Amount(share.p50, form="percent"),
            low=Amount(share.p10, form="percent"),
            high=Amount(share.p90, form="percent"),
        )
    return say(
        "A published overhead factor of {factor} on the main runs stands for development and contingency.",
        factor=Amount(spec.overhead.factor.p50, digits=3),
    )


def _set_by_plan(material: Material) -> tuple[Said, ...]:
    """Values behind the hours that no citable source states: "rest of the node 1.3"."""
    lines = source_lines(material.request, material.catalogue)
    own = [line for line in lines if line.is_behind_hours and not line.publisher and line.is_plain]
    return tuple(
        say("{name} {value}", name=_inside_sentence(line.name), value=Name(line.value))
        for line in own[:MOST_SET]
    )


def _inside_sentence(name: str) -> Value:
    """A name without its capital, unless it is one of more: "PUE of the site"."""
    return Name(name) if name[1:2].isupper() else Cased(Name(name))
