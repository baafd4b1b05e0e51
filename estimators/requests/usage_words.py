"""What a burn-down says, and drafts of what the final report asks for."""

from __future__ import annotations

import datetime
import math

from estimators.requests.calendar import day_after
from estimators.requests.campaign_results import Campaign
from estimators.requests.standing import MainOutlook, Standing
from estimators.words import NOTHING, Amount, Listed, Said, Value, say, say_many, together

STALE_DAYS = 7


def sentences(
    campaign: Campaign, standing: Standing, outlook: MainOutlook | None, today: datetime.date
) -> tuple[Said, ...]:
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


def _use(campaign: Campaign, standing: Standing) -> Said:
    request = campaign.request_node_hours
    used = say(
        "{used} of {request} node-hours are used ({share}) after {day} of {days} days; the monthly plan "
        "had {planned} "
        "by now.",
        used=_hours(standing.used),
        request=_hours(request),
        share=_percent(standing.used / request if request else 0.0),
        day=_hours(standing.day),
        days=_hours(standing.days),
        planned=_hours(standing.planned),
    )
    start = stale = NOTHING
    if standing.starts_with_use:
        start = say("The plan names no start: calendar months count from that of the first use.")
    if standing.stale_days > STALE_DAYS and standing.days_left:
        stale = say("The last imported job ended {n} days ago.", n=_hours(standing.stale_days))
    return together(used, start, stale)


def _forecast(campaign: Campaign, standing: Standing, today: datetime.date) -> Said:
    if not standing.days_left:
        return NOTHING
    request, rate = campaign.request_node_hours, _hours(standing.rate)
    gap = request - standing.forecast
    if gap >= 0.0:
        return say(
            "At the present rate of {rate} node-hours a day {forecast} will be used at the end, {gap} "
            "fewer than "
            "granted.",
            rate=rate,
            forecast=_hours(standing.forecast),
            gap=_hours(gap),
        )
    if standing.used >= request:
        return say("The grant is used up; the present rate is {rate} node-hours a day.", rate=rate)
    return say(
        "At the present rate of {rate} node-hours a day the grant is used up on {day}, {n} days are left.",
        rate=rate,
        day=Amount(day_after(today, (request - standing.used) / standing.rate), form="day"),
        n=_hours(standing.days_left),
    )


def _main(standing: Standing, outlook: MainOutlook | None, today: datetime.date) -> Said:
    """Whether the main run can still finish, and what it lacks if not."""
    if outlook is None:
        return NOTHING
    if outlook.to_do <= 0.0:
        return say("The hours of the main run are used.")
    short: list[Value] = []
    if outlook.to_do > outlook.left:
        short.append(say("{n} node-hours", n=_hours(outlook.to_do - outlook.left)))
    if outlook.days_needed > standing.days_left:
        short.append(_days(outlook.days_needed - standing.days_left))
    hours, days = _hours(outlook.to_do), _days(outlook.days_needed)
    left, days_left = _hours(outlook.left), _days(standing.days_left)
    if short:
        cannot = say(
            "The main run cannot finish as planned: it still needs {hours} node-hours and {days}, "
            "{left} node-hours and "
            "{days_left} are left.",
            hours=hours,
            days=days,
            left=left,
            days_left=days_left,
        )
        return together(cannot, say("It lacks {what}.", what=Listed(tuple(short))))
    can = say(
        "The main run can still finish: it still needs {hours} node-hours and {days}, {left} node-hours "
        "and {days_left} "
        "are left.",
        hours=hours,
        days=days,
        left=left,
        days_left=days_left,
    )
    latest = day_after(today, standing.days_left - outlook.days_needed)
    return together(can, say("It must run from {day} at the latest.", day=Amount(latest, form="day")))


def _jobs(standing: Standing) -> Said:
    if not standing.jobs:
        return NOTHING
    return say(
        "{failed} of {jobs} jobs ({share}) did not complete.",
        failed=_hours(standing.failed_jobs),
        jobs=_hours(standing.jobs),
        share=_percent(standing.failed_share),
    )


def _energy(standing: Standing) -> Said:
    if standing.energy_kwh is None:
        return say(
            "The imported accounting states no energy: ask the centre for the figure of the final report."
        )
    return say(
        "The site's accounting states {kwh} kWh for {share} of the hours.",
        kwh=_hours(standing.energy_kwh),
        share=_percent(standing.energy_share),
    )


def _unused(campaign: Campaign, standing: Standing) -> Said:
    """A draft for the final report, with gaps in square brackets."""
    request = campaign.request_node_hours
    over = not standing.days_left
    gap = request - (standing.used if over else standing.forecast)
    if gap < 1.0 or not request:
        return NOTHING
    hours, share = _hours(gap), _percent(gap / request)
    if over:
        return say(
            "Draft for the final report: {gap} of {request} node-hours ({share}) were not used, because "
            "[waiting in the "
            "queue: hours; failed jobs: hours; runs left out or shortened: which; other reasons].",
            gap=hours,
            request=_hours(request),
            share=share,
        )
    return say(
        "Draft for the final report: {gap} of {request} node-hours ({share}) will not be used at the "
        "present rate, "
        "because [waiting in the queue: hours; failed jobs: hours; runs left out or shortened: which; "
        "other reasons].",
        gap=hours,
        request=_hours(request),
        share=share,
    )


def _hours(value: float) -> Amount:
    return Amount(value, form="fixed")


def _percent(share: float) -> Amount:
    return Amount(share, form="whole_percent")


def _days(value: float) -> Said:
    whole = math.ceil(value)
    return say_many("{n} day", "{n} days", whole, n=Amount(whole, form="fixed"))
