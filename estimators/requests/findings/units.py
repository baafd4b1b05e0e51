"""Units and sums: milestones, months and form agree, and a stated figure is no slip of units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from estimators.requests.campaign_results import Campaign
from estimators.requests.findings.case import (
    ARITHMETIC,
    YOUR_INPUT,
    Case,
    Passed,
    Rule,
    count,
    grouped,
    short,
    source_words,
)
from estimators.requests.results import Finding, Fix, RuleId
from estimators.words import Name, Said, Value, say, together

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

    words: Said
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


def _slips(campaign: Campaign, unit: str) -> Iterator[tuple[Fraction, Said]]:
    """Known slips of a unit as (stated over right, words), the likeliest first."""
    per_node = {name: amount for name in _NAMES if (amount := _per_node(campaign, name)) is not None}
    here = per_node[unit]
    gpus, devices = campaign.gpus_per_node, campaign.devices_per_node
    for other, amount in per_node.items():
        if other != unit:
            factor = amount / here
            words = say(
                "{wrong} stand where {right} belong",
                wrong=_name(campaign, other),
                right=_name(campaign, unit),
            )
            yield factor, say("{slip}: the figure is {factor}", slip=words, factor=_factor_words(factor))
    if unit == "node-hours":
        yield (
            Fraction(gpus, 8),
            say(
                "GPU-hours were divided by 8; a node of {machine} has {gpus} GPUs",
                machine=Name(campaign.machine.name),
                gpus=count(gpus),
            ),
        )
        yield (
            Fraction(1, gpus),
            say("node-hours were divided by the {gpus} GPUs of a node once more", gpus=count(gpus)),
        )
        yield (
            Fraction(1, devices),
            say(
                "node-hours were divided by the {devices} devices of a node once more", devices=count(devices)
            ),
        )
    else:
        yield (
            Fraction(8, gpus),
            say(
                "nodes were counted with 8 GPUs; a node of {machine} has {gpus}",
                machine=Name(campaign.machine.name),
                gpus=count(gpus),
            ),
        )
        yield (
            Fraction(gpus),
            say("the figure was multiplied by the {gpus} GPUs of a node once more", gpus=count(gpus)),
        )
    if devices != gpus:
        twice = Fraction(devices, gpus)
        yield (
            twice,
            say(
                "GCDs were counted as GPUs; {twice} GCDs are one module, which is one GPU",
                twice=short(float(twice)),
            ),
        )
        yield 1 / twice, say("modules were halved as if they were GCDs; a GPU-hour is a module for an hour")


_UNITS: dict[str, Said] = {
    "node-hours": say("node-hours"),
    "GPU-hours": say("GPU-hours"),
    "device-hours": say("device-hours"),
}
_NAMES = ("node-hours", "GPU-hours", "device-hours", "site-units")


def _per_node(campaign: Campaign, unit: str) -> Fraction | None:
    """How many of a unit one node-hour is."""
    total, nodes = right_amount(campaign, unit), campaign.units.node_hours
    return None if total is None or not nodes else total / nodes


def _name(campaign: Campaign, unit: str) -> Value:
    if unit == "site-units":
        return Name(campaign.units.site_unit)
    if unit == "device-hours" and campaign.devices_per_node != campaign.gpus_per_node:
        return say("GCD-hours")
    return _UNITS.get(unit, Name(unit))


def _factor_words(factor: Fraction) -> Said:
    if factor > 1:
        return say("{factor} times too large", factor=short(float(factor), 3))
    return say("{factor} times too small", factor=short(float(1 / factor), 3))


def units(case: Case) -> Iterator[Finding]:
    """A figure that the user stated is the request in its unit, not a slip away from it."""
    campaign = case.campaign
    stated, unit = campaign.spec.stated_request, campaign.spec.stated_unit
    if stated is None:
        return
    if unit == "GPU-node-hours":
        yield _stated(
            case,
            stated,
            unit,
            say("{stated} GPU-node-hours is no unit", stated=grouped(stated)),
            _no_unit(campaign),
        )
        return
    slip = unit_mismatch(stated, campaign, unit)
    if slip is not None:
        title = say(
            "You state {stated} {unit}; right is {right}",
            stated=grouped(stated),
            unit=_name(campaign, unit),
            right=grouped(slip.right),
        )
        yield _stated(case, stated, unit, title, say("It looks as if {slip}.", slip=slip.words))


def _no_unit(campaign: Campaign) -> Said:
    return say(
        "A node-hour is a whole node with {gpus_per_node} GPUs, a GPU-hour is one of them. "
        "The form asks for {node_hours} node-hours, which are {gpu_hours} GPU-hours.",
        gpus_per_node=count(campaign.gpus_per_node),
        node_hours=grouped(campaign.units.node_hours),
        gpu_hours=grouped(campaign.units.gpu_hours),
    )


def _stated(case: Case, stated: float, unit: str, title: Said, why: Said, rule: RuleId = "units") -> Finding:
    campaign = case.campaign
    hours = campaign.request_node_hours
    fix_words = say("State {hours} node-hours", hours=grouped(hours))
    return Finding(
        rule=rule,
        severity="fail",
        title=title,
        why=together(
            why,
            say(
                "State {hours} node-hours: {gpus_per_node} GPUs on a node make {gpu_hours} GPU-hours.",
                hours=grouped(hours),
                gpus_per_node=count(campaign.gpus_per_node),
                gpu_hours=grouped(campaign.units.gpu_hours),
            ),
        ),
        figure=say("{n} {unit}", n=grouped(stated), unit=_name(campaign, unit)),
        limit=say("{n} node-hours", n=grouped(hours)),
        source=source_words(case.machine.devices_per_node),
        fact=case.machine.devices_per_node,
        fix=Fix(fix_words, "stated_request", hours),
    )


def _units_passed(case: Case) -> Passed | None:
    units = case.campaign.units
    words = say(
        "{gpu_hours} GPU-hours = {gpus_per_node} × {node_hours} node-hours",
        gpu_hours=grouped(units.gpu_hours),
        gpus_per_node=count(case.campaign.gpus_per_node),
        node_hours=grouped(units.node_hours),
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
    title = say(
        "You state {stated} {unit}, the milestones sum to {right}",
        stated=grouped(stated),
        unit=_name(campaign, unit),
        right=grouped(float(right)),
    )
    yield _stated(case, stated, unit, title, say("The form asks that both are equal."), "stated-request")


def milestone_sum(case: Case) -> Iterator[Finding]:
    """Milestones, months and form show the same whole node-hours."""
    campaign = case.campaign
    request = campaign.request_node_hours
    sums = {
        say("The milestones"): sum(row.node_hours for row in campaign.milestones),
        say("The months"): sum(month.node_hours for month in campaign.months),
        say("The units"): campaign.units.node_hours,
    }
    form = next((field.value for field in case.form if field.id == NODE_HOURS_FIELD), "")
    if form:
        sums[say("The form")] = int(float(form))
    for name, total in sums.items():
        if total != request:
            yield Finding(
                rule="milestone-sum",
                severity="fail",
                title=say(
                    "{name} show {total} node-hours, the request is {request}",
                    name=name,
                    total=grouped(total),
                    request=grouped(request),
                ),
                why=say("The portal's checklist asks that the milestone table equals the request."),
                figure=say("{n} node-hours", n=grouped(total)),
                limit=say("{n} node-hours", n=grouped(request)),
                source=ARITHMETIC,
            )


def _milestone_sum_passed(case: Case) -> Passed | None:
    return Passed(
        say(
            "{n} node-hours = request",
            n=grouped(case.campaign.request_node_hours),
        ),
        source=ARITHMETIC,
    )


def _stated_passed(case: Case) -> Passed | None:
    stated = case.campaign.spec.stated_request
    if stated is None or right_amount(case.campaign, case.campaign.spec.stated_unit) != Fraction(stated):
        return None
    return Passed(say("What you state equals the sum of the milestones"), source=YOUR_INPUT)


RULES = (
    Rule("milestone-sum", say("Sum of milestones"), milestone_sum, _milestone_sum_passed),
    Rule("units", say("Units"), units, _units_passed),
    Rule("stated-request", say("Stated request"), stated_request, _stated_passed),
)
