"""When the runs take place, and how their node-hours fall on the months."""

from __future__ import annotations

import calendar
import datetime
import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

from estimators.requests.campaign_results import Bar, Milestone, MonthUse, RunLine
from estimators.requests.quantiles import quantile
from estimators.requests.records import CampaignSpec

LENGTHS = (1, 2, 3, 6, 12)
"""Months that access modes offer; a plan that names none takes the shortest that holds its runs."""
HOURS_PER_DAY = 24.0


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last day of a shorter month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def day_after(start: datetime.date, days: float) -> datetime.date:
    """The day some whole days after a first one; the last that a calendar has where it ends before."""
    return start + datetime.timedelta(days=min(math.floor(days), (datetime.date.max - start).days))


def month_starts(start: datetime.date, months: int) -> tuple[datetime.date, ...]:
    """First days of the project's months, and the day after the last."""
    return tuple(add_months(start, k) for k in range(months + 1))


def bars_of(
    spec: CampaignSpec, lines: Sequence[RunLine], start: datetime.date, months: int
) -> tuple[Bar, ...]:
    """Every run that fits on the calendar, each after those it waits for.

    Repeats run side by side as far as the plan says; waiting in queues stretches each run alike.
    """
    starts = month_starts(start, months)
    bars: dict[str, Bar] = {}
    waiting = [line for line in lines if line.wall_hours is not None]
    known = {line.run.id for line in waiting}
    while waiting:
        ready = [line for line in waiting if all(i in bars or i not in known for i in line.run.after)]
        for line in ready or waiting[:1]:
            bars[line.run.id] = _bar(spec, line, bars, starts)
        waiting = [line for line in waiting if line.run.id not in bars]
    return tuple(bars[line.run.id] for line in lines if line.run.id in bars)


def _bar(spec: CampaignSpec, line: RunLine, bars: dict[str, Bar], starts: tuple[datetime.date, ...]) -> Bar:
    run = line.run
    wall = line.wall_hours
    assert wall is not None, "only runs that fit stand on the calendar"
    first = 0.0
    if run.earliest_month is not None:
        month = min(run.earliest_month, len(starts) - 1)
        first = float((starts[month - 1] - starts[0]).days)
    begin = max([first, *(bars[i].end_day for i in run.after if i in bars)])
    rounds = math.ceil(run.count / run.at_once) * (1.0 + spec.queue_slack) / HOURS_PER_DAY
    end = begin + rounds * quantile(wall, spec.plan_percentile)
    kept = begin + rounds * quantile(wall, max(spec.request_percentile, spec.plan_percentile))
    return Bar(run.id, begin, end, kept)


def shortest_length(spec: CampaignSpec, lines: Sequence[RunLine], start: datetime.date) -> int:
    """Fewest months of an access mode that hold all runs; the longest where none does."""
    for months in LENGTHS:
        bars = bars_of(spec, lines, start, months)
        days = (add_months(start, months) - start).days
        if all(bar.kept_until_day <= days for bar in bars):
            return months
    return LENGTHS[-1]


def largest_remainder(total: int, weights: Sequence[float]) -> tuple[int, ...]:
    """Whole numbers in proportion to weights whose sum is the total; the earlier of equals gains.

    Weights of zero take everything into the last place.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not whole:
        return (*([0] * (len(weights) - 1)), total)
    quotas = [total * weight / whole for weight in exact]
    floors = [int(quota) for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda i: (floors[i] - quotas[i], i))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return tuple(floors)


def months_of(
    milestones: Sequence[Milestone], bars: Sequence[Bar], main_id: str, start: datetime.date, months: int
) -> tuple[MonthUse, ...]:
    """Node-hours of every month; each milestone's months sum to the milestone.

    Runs fall where their bars lie, failed runs and overhead with them, contingency between the end of the
    main run and the end of the project, what is left of a package evenly over all months. What lies beyond
    the end falls on the last month.
    """
    starts = month_starts(start, months)
    edges = [float((day - start).days) for day in starts]
    by_run = {bar.run_id: bar for bar in bars}
    shares = {i: _overlaps(bar.start_day, bar.end_day, edges) for i, bar in by_run.items()}
    rows = [
        largest_remainder(row.node_hours, shares[row.run_id]) if row.run_id in shares else [0] * months
        for row in milestones
    ]
    of_runs = [float(sum(row[k] for row in rows)) for k in range(months)]
    main_end = by_run[main_id].end_day if main_id in by_run else 0.0
    for i, row in enumerate(milestones):
        if row.kind in ("failed", "overhead"):
            rows[i] = largest_remainder(row.node_hours, of_runs)
        elif row.kind == "contingency":
            rows[i] = largest_remainder(row.node_hours, _overlaps(main_end, edges[-1], edges))
        elif row.kind == "package":
            rows[i] = largest_remainder(row.node_hours, _overlaps(0.0, edges[-1], edges))
    return tuple(
        MonthUse(
            k + 1,
            starts[k],
            starts[k + 1] - datetime.timedelta(days=1),
            tuple(row[k] for row in rows),
        )
        for k in range(months)
    )


def _overlaps(begin: float, end: float, edges: Sequence[float]) -> tuple[float, ...]:
    """Days of an interval in every month; what lies beyond the last month counts there."""
    last = edges[-1]
    begin, end = min(begin, last), max(end, begin)
    days = [max(0.0, min(end, high) - max(begin, low)) for low, high in itertools.pairwise(edges)]
    days[-1] += max(0.0, end - max(begin, last))
    if not any(days):
        place = next((k for k, high in enumerate(edges[1:]) if begin < high), len(days) - 1)
        days[place] = 1.0
    return tuple(days)
