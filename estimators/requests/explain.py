"""The tree behind the request: from node-hours over its rows to every run's own explanation."""

from __future__ import annotations

from collections.abc import Sequence

from estimators.planning.formulas import Formula
from estimators.quantity import Figure, Origin
from estimators.requests.campaign_results import Campaign, Milestone, Package, RunLine
from estimators.requests.formulas import LINE_BASE, NEED, REQUEST
from estimators.requests.quantiles import quantile


def explain_request(campaign: Campaign) -> Figure:
    """The request's node-hours down to rows, runs, facts and inputs; each formula gives its shown value."""
    counted = [row for row in campaign.milestones if row.kind in ("run", "failed")]
    rows = _sum("rows_node_hours", "Sum of the rows", [_row(row) for row in counted])
    lines = [line for line in campaign.lines if line.wall_hours is not None]
    if campaign.spec.overhead.factor is not None:
        lines = [line for line in lines if line.run.role == "main"]
    base = _sum(
        "base_node_hours", "Hours of the runs, exact", [_line(campaign, i, x) for i, x in enumerate(lines)]
    )
    ratio = Figure(
        "request_ratio",
        f"P{campaign.spec.request_percentile} of the sum over the runs",
        float(campaign.request_ratio),
        "",
        Origin.CALCULATED,
        note=_ratio_note(campaign),
    )
    need = _figure(NEED, float(campaign.needed_node_hours), (rows, base, ratio))
    return _figure(REQUEST, float(campaign.request_node_hours), (need, _package(campaign.package)))


def _package(package: Package | None) -> Figure:
    """The mode's fixed package, zero where the request is not bound to one."""
    words = "no fixed package" if package is None else f"fixed package of {package.mode_name}"
    hours = float(package.node_hours) if package is not None else 0.0
    return Figure(
        "package_node_hours", "Package of the mode", hours, "node-hours", Origin.CALCULATED, note=words
    )


def _ratio_note(campaign: Campaign) -> str:
    """How the ratio was found."""
    beside = "a published overhead" if campaign.spec.overhead.factor is not None else "failed runs"
    return (
        f"20 000 draws, seed {campaign.spec.seed}: the step error is shared by all runs, {beside} drawn "
        "beside it."
    )


def _figure(formula: Formula, value: float, inputs: tuple[Figure, ...]) -> Figure:
    return Figure(
        formula.key,
        formula.name,
        value,
        formula.unit,
        Origin.CALCULATED,
        words=formula.words,
        expression=formula.expression,
        inputs=inputs,
    )


def _sum(key: str, name: str, parts: Sequence[Figure]) -> Figure:
    """A sum of figures; zero without any."""
    return Figure(
        key,
        name,
        sum(part.value for part in parts),
        "node-hours",
        Origin.CALCULATED,
        words="sum",
        expression=" + ".join(part.key for part in parts) or "0",
        inputs=tuple(parts),
    )


def _row(row: Milestone) -> Figure:
    key = f"row_{row.run_id or row.kind}".replace("-", "_")
    return Figure(key, row.name, float(row.node_hours), "node-hours", Origin.CALCULATED, note=row.note)


def _line(campaign: Campaign, number: int, line: RunLine) -> Figure:
    """Exact node-hours of one run and its repeats."""
    assert line.wall_hours is not None, "only runs that fit are summed"
    percentile = campaign.spec.plan_percentile
    wall = Figure(
        "plan_wall_hours",
        f"Wall-clock of one run, P{percentile}",
        quantile(line.wall_hours, percentile),
        "h",
        Origin.CALCULATED if line.run.fixed_hours is None else Origin.USER,
        inputs=(line.explanation,) if line.explanation is not None and line.run.fixed_hours is None else (),
        range=line.wall_hours,
    )
    inputs = (
        Figure("runs", "Runs", float(line.run.count), "", Origin.USER),
        Figure("nodes", "Nodes of one job", float(line.nodes), "nodes", Origin.CALCULATED),
        wall,
    )
    made = _figure(LINE_BASE, line.base_node_hours, inputs)
    return Figure(
        f"line_{number}",
        line.run.name,
        made.value,
        made.unit,
        made.origin,
        words=made.words,
        expression=made.expression,
        inputs=made.inputs,
    )
