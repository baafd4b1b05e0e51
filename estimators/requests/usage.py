"""After the award: hours used against the monthly plan, where they will end, what the report asks for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from estimators.requests.campaign_results import Campaign
from estimators.requests.records import UsedHours
from estimators.requests.results import BurnDown
from estimators.requests.standing import main_outlook, standing_on
from estimators.requests.usage_words import sentences


def burn_down(campaign: Campaign, today: datetime.date) -> BurnDown | None:
    """Hours used against the plan; None where nothing was imported yet.

    Args:
        today: The last day of use counts instead where it is later.
    """
    used = campaign.spec.used
    if not used:
        return None
    today = max([today, *(item.day for item in used)])
    begin = min(item.day for item in used) if campaign.start_is_assumed else campaign.start
    standing = standing_on(campaign, begin, today)
    outlook = main_outlook(campaign, standing)
    return BurnDown(
        months=months_used(campaign, used, begin),
        used_node_hours=standing.used,
        forecast_node_hours=standing.forecast,
        energy_kwh=standing.energy_kwh,
        failed_share=standing.failed_share,
        sentences=sentences(campaign, standing, outlook, today),
    )


def months_used(
    campaign: Campaign, used: Iterable[UsedHours], begin: datetime.date
) -> tuple[tuple[int, int, float], ...]:
    """Number, planned and used node-hours of every month.

    Hours before the first or after the last day fall on the first or last month, so that none is lost.
    """
    sums = [0.0] * len(campaign.months)
    shift = begin - campaign.start
    for item in used:
        ends = [month.end + shift for month in campaign.months]
        index = next((i for i, end in enumerate(ends) if item.day <= end), len(ends) - 1)
        sums[index] += item.node_hours
    return tuple((month.number, month.node_hours, sums[i]) for i, month in enumerate(campaign.months))
