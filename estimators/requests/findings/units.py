"""Units and sums: milestones, months and form agree, and a stated figure is no slip of units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from estimators.requests.campaign_results import Campaign
from estimators.requests.findings.case import ARITHMETIC, Case, Passed, Rule, grouped, short, source_words
from estimators.requests.results import Finding, Fix

ROUNDED = 0.03
"""How far a stated figure may lie from one that it was rounded from: a judgement."""
NODE_HOURS_FIELD = "partition-requested-resources-node-hours"


@dataclass(frozen=True, slots=True)
class Slip:
    """A stated figure that is the right one times or divided by a known factor.

    Attributes:
        words: What was done, in words.
        factor: Stated over right.
        right: The right figure in the stated unit.
    """

    words: str
    factor: Fraction
    right: float


def right_amount(campaign: Campaign, unit: str) -> Fraction | None:
    """The request in a unit; None where the site publishes no rate or the unit is none."""
    units = campaign.units
    amounts = {
        "node-hours": Fraction(units.node_hours),
        "GPU-hours": Fraction(units.gpu_hours),
        "device-hours": Fraction(units.device_hours),
        "site-units": units.site_units,
    }
    return amounts.get(unit)


def unit_mismatch(stated: float, campaign: Campaign, unit: str = "node-hours") -> Slip | None:
    """The slip behind a stated figure; None where it is right or no known slip explains it.

    Args:
        stated: As the user wrote it.
        unit: "node-hours", "GPU-hours", "device-hours" or "site-units".
    """
    right = right_amount(campaign, unit)
    if right is None or right <= 0 or stated <= 0 or abs(stated / float(right) - 1.0) <= ROUNDED:
        return None
    for factor, words in _slips(campaign, unit):
        if factor != 1 and abs(stated / float(right * factor) - 1.0) <= ROUNDED:
            return Slip(words, factor, float(right))
    return None


def _slips(campaign: Campaign, unit: str) -> Iterator[tuple[Fraction, str]]:
    """Known slips of a unit as (stated over right, words), the likeliest first."""
    per_node = {name: amount for name in _NAMES if (amount := _per_node(campaign, name)) is not None}
    here = per_node[unit]
    gpus, devices = campaign.gpus_per_node, campaign.devices_per_node
    for other, amount in per_node.items():
        if other != unit:
            factor = amount / here
            words = f"{_name(campaign, other)} stand where {_name(campaign, unit)} belong"
            yield factor, f"{words}: the figure is {_factor_words(factor)}"
    if unit == "node-hours":
        yield (
            Fraction(gpus, 8),
            f"GPU-hours were divided by 8; a node of {campaign.machine.name} has {gpus} GPUs",
        )
        yield Fraction(1, gpus), f"node-hours were divided by the {gpus} GPUs of a node once more"
        yield Fraction(1, devices), f"node-hours were divided by the {devices} devices of a node once more"
    else:
        yield (
            Fraction(8, gpus),
            f"nodes were counted with 8 GPUs; a node of {campaign.machine.name} has {gpus}",
        )
        yield Fraction(gpus), f"the figure was multiplied by the {gpus} GPUs of a node once more"
    if devices != gpus:
        twice = Fraction(devices, gpus)
        yield twice, f"GCDs were counted as GPUs; {short(float(twice))} GCDs are one module, which is one GPU"
        yield 1 / twice, "modules were halved as if they were GCDs; a GPU-hour is a module for an hour"


_NAMES = ("node-hours", "GPU-hours", "device-hours", "site-units")


def _per_node(campaign: Campaign, unit: str) -> Fraction | None:
    """How many of a unit one node-hour is."""
    total, nodes = right_amount(campaign, unit), campaign.units.node_hours
    return None if total is None or not nodes else total / nodes


def _name(campaign: Campaign, unit: str) -> str:
    if unit == "site-units":
        return campaign.units.site_unit
    if unit == "device-hours":
        return "GCD-hours" if campaign.devices_per_node != campaign.gpus_per_node else "device-hours"
    return unit


def _factor_words(factor: Fraction) -> str:
    if factor > 1:
        return f"{short(float(factor), 3)} times too large"
    return f"{short(float(1 / factor), 3)} times too small"


def units(case: Case) -> Iterator[Finding]:
    """A figure that the user stated is the request in its unit, not a slip away from it."""
    campaign = case.campaign
    stated, unit = campaign.spec.stated_request, campaign.spec.stated_unit
    if stated is None:
        return
    if unit == "GPU-node-hours":
        yield _stated(case, stated, unit, f"{grouped(stated)} GPU-node-hours is no unit", _no_unit(campaign))
        return
    slip = unit_mismatch(stated, campaign, unit)
    if slip is not None:
        title = f"You state {grouped(stated)} {_name(campaign, unit)}; right is {grouped(slip.right)}"
        yield _stated(case, stated, unit, title, f"It looks as if {slip.words}.")


def _no_unit(campaign: Campaign) -> str:
    return (
        f"A node-hour is a whole node with {campaign.gpus_per_node} GPUs, a GPU-hour is one of them. "
        f"The form asks for {grouped(campaign.units.node_hours)} node-hours, "
        f"which are {grouped(campaign.units.gpu_hours)} GPU-hours."
    )


def _stated(case: Case, stated: float, unit: str, title: str, why: str, rule: str = "units") -> Finding:
    campaign = case.campaign
    hours = campaign.request_node_hours
    fix_words = f"State {grouped(hours)} node-hours"
    return Finding(
        rule=rule,
        severity="fail",
        title=title,
        why=(
            f"{why} {fix_words}: {campaign.gpus_per_node} GPUs on a node make "
            f"{grouped(campaign.units.gpu_hours)} GPU-hours."
        ),
        figure=f"{grouped(stated)} {_name(campaign, unit)}",
        limit=f"{grouped(hours)} node-hours",
        source=source_words(case.machine.devices_per_node),
        fact=case.machine.devices_per_node,
        fix=Fix(fix_words, "stated_request", hours),
    )


def _units_passed(case: Case) -> Passed | None:
    units = case.campaign.units
    words = (
        f"{grouped(units.gpu_hours)} GPU-hours = {case.campaign.gpus_per_node} × "
        f"{grouped(units.node_hours)} node-hours"
    )
    return Passed(words, source=ARITHMETIC)


def stated_request(case: Case) -> Iterator[Finding]:
    """The milestones sum to what the user wrote into the form."""
    campaign = case.campaign
    stated, unit = campaign.spec.stated_request, campaign.spec.stated_unit
    right = right_amount(campaign, unit)
    if stated is None or right is None or Fraction(stated) == right:
        return
    if unit_mismatch(stated, campaign, unit) is not None:
        return
    title = (
        f"You state {grouped(stated)} {_name(campaign, unit)}, the milestones sum to {grouped(float(right))}"
    )
    yield _stated(case, stated, unit, title, "The form asks that both are equal.", "stated-request")


def milestone_sum(case: Case) -> Iterator[Finding]:
    """Milestones, months and form show the same whole node-hours."""
    campaign = case.campaign
    request = campaign.request_node_hours
    sums = {
        "The milestones": sum(row.node_hours for row in campaign.milestones),
        "The months": sum(month.node_hours for month in campaign.months),
        "The units": campaign.units.node_hours,
    }
    form = next((field.value for field in case.form if field.id == NODE_HOURS_FIELD), "")
    if form:
        sums["The form"] = int(float(form))
    for name, total in sums.items():
        if total != request:
            yield Finding(
                rule="milestone-sum",
                severity="fail",
                title=f"{name} show {grouped(total)} node-hours, the request is {grouped(request)}",
                why="The portal's checklist asks that the milestone table equals the request.",
                figure=f"{grouped(total)} node-hours",
                limit=f"{grouped(request)} node-hours",
                source=ARITHMETIC,
            )


def _milestone_sum_passed(case: Case) -> Passed | None:
    return Passed(f"{grouped(case.campaign.request_node_hours)} node-hours = request", source=ARITHMETIC)


def _stated_passed(case: Case) -> Passed | None:
    stated = case.campaign.spec.stated_request
    if stated is None or right_amount(case.campaign, case.campaign.spec.stated_unit) != Fraction(stated):
        return None
    return Passed("What you state equals the sum of the milestones", source="Your input")


RULES = (
    Rule("milestone-sum", "Sum of milestones", milestone_sum, _milestone_sum_passed),
    Rule("units", "Units", units, _units_passed),
    Rule("stated-request", "Stated request", stated_request, _stated_passed),
)
