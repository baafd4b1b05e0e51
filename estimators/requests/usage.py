"""After the award: hours used against the monthly plan, where they will end, what the report asks for."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable

from estimators.requests.calendar import month_starts
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
    starts = starts_of_months(campaign, begin)
    return BurnDown(
        months=months_used(campaign, used, starts),
        starts=starts,
        used_node_hours=standing.used,
        forecast_node_hours=standing.forecast,
        energy_kwh=standing.energy_kwh,
        failed_share=standing.failed_share,
        sentences=sentences(campaign, standing, outlook, today),
    )


def starts_of_months(campaign: Campaign, begin: datetime.date) -> tuple[datetime.date, ...]:
    """First day of every month of the project.

    A plan that names no start counts in calendar months from that of the first use, as sites do that share a
    grant out by month.
    """
    if not campaign.start_is_assumed:
        return tuple(month.start for month in campaign.months)
    return month_starts(begin.replace(day=1), len(campaign.months))[:-1]


def months_used(
    campaign: Campaign, used: Iterable[UsedHours], starts: tuple[datetime.date, ...]
) -> tuple[tuple[int, int, float], ...]:
    """Number, planned and used node-hours of every month.

    Hours before the first or after the last day fall on the first or last month, so that none is lost.
    """
    sums = [0.0] * len(campaign.months)
    for item in used:
        sums[max(bisect_right(starts, item.day) - 1, 0)] += item.node_hours
    return tuple((month.number, month.node_hours, sums[i]) for i, month in enumerate(campaign.months))
