"""The milestone table: rows in words, their sum, and the sum in every unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.present import numbers as n
from app.present.campaign import View
from app.words import text
from estimators.requests.campaign_results import Campaign, Milestone
from estimators.words import Amount, Name, say

MILESTONE_HEADS = (
    say("Milestone"),
    say("Runs"),
    say("Nodes"),
    say("Steps a run"),
    say("Seconds a step, all in"),
    say("Node-hours"),
)
LEAST_STEP_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One row of the table in words; `cells` follow `MILESTONE_HEADS`."""

    cells: tuple[str, ...]
    plain: tuple[str, ...]
    kind: str
    run_id: str | None
    tooltip: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class MilestoneTable:
    """Rows, their sum, and what the sum is in other units.

    Attributes:
        sum_words: "Sum 11 200 = request 11 200".
        agrees: Whether the two are one number.
        units: "× 4 = 44 800 GPU-hours", one for each other unit.
    """

    rows: tuple[MilestoneRow, ...]
    sum_words: str
    agrees: bool
    units: tuple[str, ...]

    def text(self) -> str:
        """Tab-separated for the clipboard, in the C locale."""
        lines = [tuple(map(text, MILESTONE_HEADS)), *(row.plain for row in self.rows)]
        return "\n".join("\t".join(line) for line in lines) + "\n"


def milestone_table(campaign: Campaign, chosen: str | None = None, view: View = "request") -> MilestoneTable:
    """The table for the form; with "plan" without contingency and rest of a package."""
    shown = [row for row in campaign.milestones if view == "request" or not row.is_reserve]
    total = sum(row.node_hours for row in shown)
    rows = [_milestone_row(row, chosen) for row in shown]
    whole = campaign.request_node_hours
    words = text(
        say(
            "Sum {total} = request {whole}",
            total=Amount(total, form="fixed"),
            whole=Amount(whole, form="fixed"),
        )
    )
    title = text(say("Total = request"))
    if view == "plan":
        words = text(
            say(
                "Sum {total} at P{percentile}, request {whole}",
                total=Amount(total, form="fixed"),
                percentile=Amount(campaign.spec.plan_percentile, form="fixed"),
                whole=Amount(whole, form="fixed"),
            )
        )
        title = text(
            say(
                "Total at P{percentile}",
                percentile=Amount(campaign.spec.plan_percentile, form="fixed"),
            )
        )
    blank = ("",) * 4
    rows.append(MilestoneRow((title, *blank, n.exact(total)), (title, *blank, str(total)), "total", None, ""))
    agrees = total == whole if view == "request" else True
    units = unit_words(campaign) if view == "request" else ()
    return MilestoneTable(tuple(rows), words, agrees, units)


def _milestone_row(row: Milestone, chosen: str | None) -> MilestoneRow:
    name = text(row.name)
    cells = (
        name,
        n.exact(row.runs) if row.runs is not None else "",
        fraction_words(row.nodes) if row.nodes is not None else "",
        n.exact(row.steps) if row.steps is not None else "",
        decimal_words(row.seconds_per_step) if row.seconds_per_step is not None else "",
        n.exact(row.node_hours),
    )
    plain = (
        name,
        "" if row.runs is None else str(row.runs),
        "" if row.nodes is None else f"{float(row.nodes):g}",
        "" if row.steps is None else str(row.steps),
        "" if row.seconds_per_step is None else f"{row.seconds_per_step:f}",
        str(row.node_hours),
    )
    is_chosen = row.run_id is not None and row.run_id == chosen
    return MilestoneRow(cells, plain, row.kind, row.run_id, text(row.note) or formula_words(row), is_chosen)


def formula_words(row: Milestone) -> str:
    """The arithmetic of a row with its values; "" for rows that are no run."""
    if row.runs is None or row.nodes is None or row.steps is None or row.seconds_per_step is None:
        return ""
    exact = Fraction(row.runs) * row.nodes * row.steps * Fraction(row.seconds_per_step) / 3600
    product = (
        f"{n.exact(row.runs)} {n.TIMES} {fraction_words(row.nodes)} {n.TIMES} {n.exact(row.steps)} {n.TIMES} "
        f"{decimal_words(row.seconds_per_step)} s ÷ {n.exact(3600)}"
    )
    return text(
        say(
            "{product} = {exact}, rounded up {node_hours}",
            product=Name(product),
            exact=Amount(float(exact), form="fixed", digits=2),
            node_hours=Amount(row.node_hours, form="fixed"),
        )
    )


def fraction_words(value: Fraction) -> str:
    """Nodes of a job: "32", "0.25", "1/3"."""
    return text(Amount(value, form="fraction"))


def decimal_words(value: Decimal) -> str:
    """Seconds with every decimal that the row needs, at least three."""
    decimals = max(LEAST_STEP_DECIMALS, -int(value.normalize().as_tuple().exponent))
    return text(Amount(value, form="fixed", digits=decimals))


def unit_words(campaign: Campaign) -> tuple[str, ...]:
    """The sum in other units, each from the one before: "× 4 = 44 800 GPU-hours"."""
    units = campaign.units
    found = []
    if units.node_hours:
        factor = Fraction(units.gpu_hours, units.node_hours)
        found.append(_unit(factor, n.exact(units.gpu_hours), text(say("GPU-hours"))))
    if units.device_hours != units.gpu_hours and units.gpu_hours:
        factor = Fraction(units.device_hours, units.gpu_hours)
        found.append(_unit(factor, n.exact(units.device_hours), text(say("GCD-hours"))))
    amount = site_unit_amount(campaign)
    if amount and units.site_units is not None and units.gpu_hours:
        found.append(f"{_times(units.site_units / units.gpu_hours)} = {amount}")
    return tuple(found)


def site_unit_amount(campaign: Campaign) -> str:
    """The request in the site's own unit; "" where that is node-hours or GPU-hours, or has no rate."""
    units = campaign.units
    if units.site_units is None or units.site_unit in ("GPU-hours", "node-hours"):
        return ""
    site = units.site_units
    amount = n.exact(site.numerator) if site.denominator == 1 else n.grouped(float(site), 2)
    return f"{amount} {units.site_unit}"


def _unit(factor: Fraction, amount: str, name: str) -> str:
    return f"{_times(factor)} = {amount} {name}"


def _times(factor: Fraction) -> str:
    return f"{n.TIMES}{n.THIN_SPACE}{fraction_words(factor)}"
