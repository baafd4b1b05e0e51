"""Where a granted project stands on a day: what it used, its rate, and what the main run still needs."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from estimators.requests.campaign_results import Campaign

RATE_DAYS = 28
"""The present rate is that of the last four weeks, so that a slow first month is forgotten."""
HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project stands on a day.

    Attributes:
        used: Node-hours so far.
        planned: Node-hours that the monthly plan had by the end of the day.
        rate: Node-hours a day lately.
        day, days: Project day and length of the project.
        stale_days: Days since the last imported job.
        starts_with_use: Whether months count from the first day of use, since the plan names no start.
        jobs, failed_jobs: Ended jobs, and those that did not complete.
        energy_kwh: As the site's accounting states it, None where it states none.
        energy_share: Share of the node-hours that it is stated for.
    """

    used: float
    planned: float
    rate: float
    day: int
    days: int
    stale_days: int
    starts_with_use: bool
    jobs: int
    failed_jobs: int
    energy_kwh: float | None
    energy_share: float

    @property
    def days_left(self) -> int:
        """Days after today."""
        return max(self.days - self.day, 0)

    @property
    def forecast(self) -> float:
        """Node-hours at the end at the present rate."""
        return self.used + self.rate * self.days_left

    @property
    def failed_share(self) -> float:
        """Share of the jobs that did not complete."""
        return self.failed_jobs / self.jobs if self.jobs else 0.0


@dataclass(frozen=True, slots=True)
class MainOutlook:
    """Whether the main run can still finish.

    Attributes:
        to_do: Node-hours that it still needs at the plan's percentile.
        left: Node-hours of the grant that are left.
        days_needed: With waiting in queues; days left are in the standing.
    """

    to_do: float
    left: float
    days_needed: float


def standing_on(campaign: Campaign, begin: datetime.date, today: datetime.date) -> Standing:
    """The state of the project on a day.

    Args:
        begin: First day of the project.
    """
    used = campaign.spec.used
    days = (campaign.end - campaign.start).days + 1
    day = min(max((today - begin).days + 1, 1), days)
    window = min(day, RATE_DAYS)
    since = today - datetime.timedelta(days=window)
    lately = sum(item.node_hours for item in used if since < item.day <= today)
    total = sum(item.node_hours for item in used)
    metered = [item for item in used if item.energy_kwh is not None]
    return Standing(
        used=total,
        planned=_planned_by(campaign, day),
        rate=lately / window,
        day=day,
        days=days,
        stale_days=max((today - max(item.day for item in used)).days, 0),
        starts_with_use=campaign.start_is_assumed,
        jobs=sum(item.jobs for item in used),
        failed_jobs=sum(item.failed_jobs for item in used),
        energy_kwh=sum(item.energy_kwh or 0.0 for item in metered) if metered else None,
        energy_share=sum(item.node_hours for item in metered) / total if total else 0.0,
    )


def _planned_by(campaign: Campaign, day: int) -> float:
    """Node-hours of the plan by the end of a project day; even within a month."""
    last = campaign.start + datetime.timedelta(days=day - 1)
    planned = 0.0
    for month in campaign.months:
        length = (month.end - month.start).days + 1
        past = min(max((last - month.start).days + 1, 0), length)
        planned += month.node_hours * past / length
    return planned


def main_outlook(campaign: Campaign, standing: Standing) -> MainOutlook | None:
    """What the main run still needs; None where it has no hours on this machine.

    Hours count for the runs in the order of the plan, as far as the plan expects runs not to fail: accounting
    counts failed jobs, and the many short ones among them say little about hours.
    """
    line = campaign.main
    hours = {row.run_id: row.node_hours for row in campaign.milestones if row.kind == "run"}
    main = hours.get(line.run.id)
    if main is None or not line.nodes:
        return None
    useful = standing.used * _useful_share(campaign)
    done = min(max(useful - _before_main(campaign, hours), 0.0), float(main))
    at_a_time = float(line.nodes) * min(line.run.at_once, line.run.count) * HOURS_PER_DAY
    return MainOutlook(
        to_do=main - done,
        left=max(campaign.request_node_hours - standing.used, 0.0),
        days_needed=(main - done) / at_a_time * (1.0 + campaign.spec.queue_slack),
    )


def _useful_share(campaign: Campaign) -> float:
    """Share of the hours of runs and failed runs that the plan gives to runs."""
    of_runs = sum(row.node_hours for row in campaign.milestones if row.kind == "run")
    failed = sum(row.node_hours for row in campaign.milestones if row.kind == "failed")
    return of_runs / (of_runs + failed) if of_runs else 0.0


def _before_main(campaign: Campaign, hours: dict[str | None, int]) -> int:
    """Node-hours of the runs that end before the main run begins."""
    bars = {bar.run_id: bar for bar in campaign.bars}
    main = bars.get(campaign.main.run.id)
    if main is None:
        return 0
    return sum(hours.get(name, 0) for name, bar in bars.items() if bar.end_day <= main.start_day)
