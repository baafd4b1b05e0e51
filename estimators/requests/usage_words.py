"""What a burn-down says, and drafts of what the final report asks for."""

from __future__ import annotations

import datetime
import math

from estimators.requests.calendar import day_after
from estimators.requests.campaign_results import Campaign
from estimators.requests.standing import MainOutlook, Standing

STALE_DAYS = 7


def sentences(
    campaign: Campaign, standing: Standing, outlook: MainOutlook | None, today: datetime.date
) -> tuple[str, ...]:
    """Use, forecast, main run, failed jobs, energy, and the draft on unused hours."""
    parts = (
        _use(campaign, standing),
        _forecast(campaign, standing, today),
        _main(standing, outlook, today),
        _jobs(standing),
        _energy(standing),
        _unused(campaign, standing),
    )
    return tuple(part for part in parts if part)


def _use(campaign: Campaign, standing: Standing) -> str:
    request = campaign.request_node_hours
    text = (
        f"{_hours(standing.used)} of {_hours(request)} node-hours are used "
        f"({_percent(standing.used / request if request else 0.0)}) after {standing.day} of "
        f"{standing.days} days; the monthly plan had {_hours(standing.planned)} by now."
    )
    if standing.starts_with_use:
        text += " The plan names no start: calendar months count from that of the first use."
    if standing.stale_days > STALE_DAYS and standing.days_left:
        text += f" The last imported job ended {standing.stale_days} days ago."
    return text


def _forecast(campaign: Campaign, standing: Standing, today: datetime.date) -> str:
    if not standing.days_left:
        return ""
    request = campaign.request_node_hours
    start = f"At the present rate of {_hours(standing.rate)} node-hours a day"
    gap = request - standing.forecast
    if gap >= 0.0:
        return (
            f"{start} {_hours(standing.forecast)} will be used at the end, {_hours(gap)} fewer than granted."
        )
    if standing.used >= request:
        return f"The grant is used up; the present rate is {_hours(standing.rate)} node-hours a day."
    last = day_after(today, (request - standing.used) / standing.rate)
    return f"{start} the grant is used up on {_date(last)}, {standing.days_left} days are left."


def _main(standing: Standing, outlook: MainOutlook | None, today: datetime.date) -> str:
    """Whether the main run can still finish, and what it lacks if not."""
    if outlook is None:
        return ""
    if outlook.to_do <= 0.0:
        return "The hours of the main run are used."
    needs = f"it still needs {_hours(outlook.to_do)} node-hours and {_days(outlook.days_needed)}"
    has = f"{_hours(outlook.left)} node-hours and {_days(standing.days_left)} are left"
    short = []
    if outlook.to_do > outlook.left:
        short.append(f"{_hours(outlook.to_do - outlook.left)} node-hours")
    if outlook.days_needed > standing.days_left:
        short.append(_days(outlook.days_needed - standing.days_left))
    if short:
        return f"The main run cannot finish as planned: {needs}, {has}. It lacks {' and '.join(short)}."
    latest = day_after(today, standing.days_left - outlook.days_needed)
    return f"The main run can still finish: {needs}, {has}. It must run from {_date(latest)} at the latest."


def _jobs(standing: Standing) -> str:
    if not standing.jobs:
        return ""
    return (
        f"{_hours(standing.failed_jobs)} of {_hours(standing.jobs)} jobs "
        f"({_percent(standing.failed_share)}) did not complete."
    )


def _energy(standing: Standing) -> str:
    if standing.energy_kwh is None:
        return "The imported accounting states no energy: ask the centre for the figure of the final report."
    return (
        f"The site's accounting states {_hours(standing.energy_kwh)} kWh "
        f"for {_percent(standing.energy_share)} of the hours."
    )


def _unused(campaign: Campaign, standing: Standing) -> str:
    """A draft for the final report, with gaps in square brackets."""
    request = campaign.request_node_hours
    over = not standing.days_left
    gap = request - (standing.used if over else standing.forecast)
    if gap < 1.0 or not request:
        return ""
    verb = "were not used" if over else "will not be used at the present rate"
    return (
        f"Draft for the final report: {_hours(gap)} of {_hours(request)} node-hours "
        f"({_percent(gap / request)}) {verb}, because [waiting in the queue: hours; failed jobs: hours; "
        "runs left out or shortened: which; other reasons]."
    )


def _hours(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f")


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f}\u202f%"


def _days(value: float) -> str:
    whole = math.ceil(value)
    return "1 day" if whole == 1 else f"{whole} days"


def _date(day: datetime.date) -> str:
    return f"{day.day} {day:%b %Y}"
