"""How sure the request is: its margin and assumptions, and for the team what could go wrong."""

from __future__ import annotations

from app.dossier.document import Block, Bullets, Cell, Column, Paragraph, Table, for_team, row, words
from app.dossier.material import Material
from app.dossier.sources import source_lines
from app.dossier.text import sentence
from app.dossier.what_moves import Change, changes
from app.present import numbers as n
from estimators.requests.campaign_results import Campaign

MOST_SET = 12
"""Values set by the plan that are named one by one."""


def margin_words(material: Material) -> str:
    """The interval of the whole campaign and what the request covers of it, for the first page."""
    campaign = material.campaign
    total = campaign.total.scaled(float(campaign.gpus_per_node))
    spec = campaign.spec
    covered = spec.request_percentile
    held = f"the request is P{covered} and covers {covered} cases in 100"
    if campaign.package is not None:
        held = f"with the contingency they cover {covered} cases in 100, and the package holds more"
    return (
        f"Four times in five the whole campaign takes {n.span(total.p10, total.p90, 3)} GPU-hours. The rows "
        f"of the milestones hold P{spec.plan_percentile}; {held}."
    )


# ---------------------------------------------------------------- what could go wrong


def _short_words(campaign: Campaign) -> str:
    """What falls short where the campaign takes more than its quantile."""
    if campaign.package is None:
        return "the request does not suffice"
    return "the plan takes more than its rows and contingency, and draws on the rest of the package"


def what_moves(material: Material) -> tuple[Block, ...]:
    """Where the request does not suffice, and what other choices would cost, each estimated anew."""
    campaign, hours = material.campaign, material.main.answer.gpu_hours
    spec = campaign.spec
    beyond = campaign.total.p90 - campaign.request_node_hours
    said = f"{100 - spec.request_percentile} times in 100 {_short_words(campaign)}"
    if beyond > 0.0:
        said += f"; one time in ten {n.sig3(beyond)} node-hours or more are missing"
    blocks: list[Block] = [Paragraph(words(f"{said}."))]
    found = changes(material)
    if found and hours is not None:
        columns = (
            Column("Change", share=1.0),
            Column("GPU-hours of the main run", "right"),
            Column("Difference", "right"),
        )
        planned = f"As planned: {n.exact(material.main.answer.gpus or 0)} {material.devices}"
        rows = [row(planned, n.sig3(hours.p50), ""), *(_change_row(change) for change in found)]
        note = (
            "Middle values, each change estimated anew at the number of GPUs that it names or the plan has."
        )
        blocks.append(Table(columns, tuple(rows), note=note))
    return for_team(*blocks)


def _change_row(change: Change) -> tuple[Cell, ...]:
    if change.gpu_hours is None:
        return row(change.words, Cell("does not fit", "fail"), "")
    return row(change.words, n.sig3(change.gpu_hours), signed(change.difference))


def signed(value: float) -> str:
    """A difference with its sign: "+11 200", "−3 900"."""
    text = n.sig3(abs(value))
    return "0" if text == "0" else f"{'+' if value > 0 else n.MINUS}{text}"


# ---------------------------------------------------------------- assumptions


def assumptions(material: Material) -> tuple[Block, ...]:
    """Defaults and what the plan sets where nothing is published, as a list."""
    spec = material.campaign.spec
    said = [*material.comparison.assumptions]
    if material.campaign.start_is_assumed:
        said.append("The first day of the project is the earliest that the access mode allows.")
    said.append(f"Waiting in queues adds {n.percent(spec.queue_slack)} to the calendar.")
    said.append(_overhead(material))
    said.append(
        f"Rows hold P{spec.plan_percentile}, the request P{spec.request_percentile} of the sum of "
        f"{n.exact(20_000)} draws, seed {spec.seed}."
    )
    values = _set_by_plan(material)
    if values:
        said.append(f"Set by the plan: {'; '.join(values)}.")
    return (Bullets(tuple(words(sentence(one)) for one in said)),)


def _overhead(material: Material) -> str:
    """Failed runs, or the factor that stands for them."""
    spec = material.campaign.spec
    if spec.overhead.factor is None:
        share = spec.overhead.failed_share
        return (
            f"{n.percent(share.p50)} of the runs' hours go into failed and repeated runs "
            f"({n.percent(share.p10)} to {n.percent(share.p90)})."
        )
    return (
        f"A published overhead factor of {n.short(spec.overhead.factor.p50, 3)} on the main runs stands for "
        "development and contingency."
    )


def _set_by_plan(material: Material) -> list[str]:
    """Values behind the hours that no citable source states: "rest of the node 1.3"."""
    lines = source_lines(material.request, material.catalogue)
    own = [line for line in lines if line.is_behind_hours and not line.publisher and line.is_plain]
    return [f"{_inside_sentence(line.name)} {line.value}" for line in own[:MOST_SET]]


def _inside_sentence(name: str) -> str:
    """A name without its capital, unless it is one of more: "PUE of the site"."""
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"
