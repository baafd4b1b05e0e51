"""The milestone table: whole node-hours whose sum is the request.

Lines hold the plan's quantile rounded up; one contingency line holds the request's quantile minus their sum,
never below zero. A published overhead factor replaces failed runs and contingency, it never adds to them. In
a mode with a fixed package a last line holds what is left of the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

from estimators.planning.formulas import whole_up
from estimators.quantity import Range
from estimators.requests.campaign_results import Milestone, RunLine
from estimators.requests.formulas import CONTINGENCY, FAILED_NODE_HOURS, NEED, PACKAGE_REST, REQUEST
from estimators.requests.quantiles import at_scores, draws, quantile, quantiles_of, range_of, sum_of_runs
from estimators.requests.records import CampaignSpec
from estimators.words import Amount, Name, say

RATIO_DECIMALS = 6
MOST_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows and sums of a campaign.

    Attributes:
        base_node_hours: What the ratio multiplies.
        ratio: Quantile of the sum over the base.
        total: Node-hours of the whole campaign.
    """

    milestones: tuple[Milestone, ...]
    base_node_hours: float
    ratio: Decimal
    total: Range

    @property
    def needed_node_hours(self) -> int:
        """The integer sum of the rows: what the plan needs."""
        return sum(row.node_hours for row in self.milestones)


def totals_of(spec: CampaignSpec, lines: Sequence[RunLine]) -> Totals:
    """Rows and totals of the lines that fit."""
    fitting = [line for line in lines if line.wall_hours is not None]
    rows = [run_row(line) for line in fitting]
    counted = [line for line in fitting if spec.overhead.factor is None or line.run.role == "main"]
    base = sum(line.base_node_hours for line in counted)
    samples = _samples(spec, counted)
    (wanted,) = quantiles_of(samples, [spec.request_percentile / 100.0])
    ratio = Decimal(wanted / base if base else 1.0).quantize(Decimal(1).scaleb(-RATIO_DECIMALS))
    if spec.overhead.factor is None and base:
        rows.append(_failed_row(spec, base))
    total = range_of(samples) if base else Range(0.0, 0.0, 0.0, 0.0)
    return Totals((*rows, *_last_row(spec, rows, base, ratio)), base, ratio, total)


def _samples(spec: CampaignSpec, counted: Sequence[RunLine]) -> np.ndarray:
    """Node-hours of the whole campaign, by Monte-Carlo."""
    shared, beside = draws(spec.seed)
    hours = [(line.run.count * float(line.nodes), line.wall_hours) for line in counted if line.wall_hours]
    runs = sum_of_runs(hours, shared)
    factor = spec.overhead.factor
    if factor is not None:
        return np.asarray(runs * at_scores(factor, beside))
    return np.asarray(runs * (1.0 + at_scores(spec.overhead.failed_share, beside)))


def run_row(line: RunLine) -> Milestone:
    """The row of one run that fits."""
    hours = int(whole_up(line.base_node_hours))
    return Milestone(
        name=Name(line.run.name),
        kind="run",
        node_hours=hours,
        run_id=line.run.id,
        runs=line.run.count,
        nodes=line.nodes,
        steps=line.steps,
        seconds_per_step=seconds_that_recompute(
            line.base_node_hours, hours, line.run.count * line.nodes * line.steps
        ),
    )


def seconds_that_recompute(base_node_hours: float, node_hours: int, factor: Fraction) -> Decimal:
    """Seconds of a step with the fewest decimals, three at least, that give the row's whole node-hours.

    Args:
        base_node_hours: Before rounding up.
        node_hours: After it.
        factor: Runs × nodes × steps.
    """
    exact = Decimal(base_node_hours) * 3600 * factor.denominator / factor.numerator
    for decimals in range(3, MOST_DECIMALS + 1):
        step = Decimal(1).scaleb(-decimals)
        for rounding in (ROUND_HALF_UP, ROUND_DOWN):
            seconds = exact.quantize(step, rounding)
            if whole_up(float(factor * Fraction(seconds) / 3600)) == node_hours:
                return seconds
    return exact


def _failed_row(spec: CampaignSpec, base: float) -> Milestone:
    share = quantile(spec.overhead.failed_share, spec.plan_percentile)
    hours = FAILED_NODE_HOURS({"base_node_hours": base, "failed_share": round(share, RATIO_DECIMALS)})
    note = say("{share} % of the runs", share=Amount(share * 100.0, form="fixed"))
    return Milestone(say("Failed and repeated runs"), "failed", int(hours), note=note)


def with_package(
    milestones: tuple[Milestone, ...], package_node_hours: int, mode_name: str
) -> tuple[Milestone, ...]:
    """The rows with what is left of a mode's fixed package as a line of its own, where anything is left.

    Args:
        milestones: What the plan needs.
        package_node_hours: The package; 0 where the mode has none that holds the plan.
        mode_name: As people call the mode.
    """
    values = {
        "needed_node_hours": sum(row.node_hours for row in milestones),
        "package_node_hours": package_node_hours,
    }
    rest = int(PACKAGE_REST(values | {"request_node_hours": REQUEST(values)}))
    if not rest:
        return milestones
    name = say("Rest of the {mode} package", mode=Name(mode_name))
    return (
        *milestones,
        Milestone(name, "package", rest, note=say("granted with it, no run is planned in it")),
    )


def _last_row(
    spec: CampaignSpec, rows: Sequence[Milestone], base: float, ratio: Decimal
) -> tuple[Milestone, ...]:
    """Contingency, or what a published factor adds to the named rows."""
    values = {
        "rows_node_hours": sum(row.node_hours for row in rows),
        "base_node_hours": base,
        "request_ratio": float(ratio),
    }
    left = int(CONTINGENCY(values | {"needed_node_hours": NEED(values)}))
    if spec.overhead.factor is not None:
        return (
            Milestone(
                say("Development not named above"), "overhead", left, note=say("published overhead factor")
            ),
        )
    return (
        Milestone(
            say("Contingency to P{percentile}", percentile=Amount(spec.request_percentile, form="fixed")),
            "contingency",
            left,
        ),
    )
