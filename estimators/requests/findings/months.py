"""The project on the calendar: does it end in time, is the budget burnt evenly enough, is there slack."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from estimators.catalogue.records import MonthlyBudget
from estimators.planning.targets import node_limit
from estimators.quantity import SECONDS_PER_HOUR
from estimators.requests.calendar import LENGTHS, add_months, bars_of, months_of
from estimators.requests.doors.rules import lengths_of
from estimators.requests.findings.case import (
    ARITHMETIC,
    REVIEWERS,
    Case,
    Passed,
    Rule,
    counted,
    grouped,
    hours_words,
    percent_words,
    short,
    source_words,
)
from estimators.requests.records import DEFAULT_QUEUE_SLACK
from estimators.requests.results import Finding, Fix

HOURS_PER_DAY = 24.0
UNEVEN = 1.5
"""A month may take half as much again as its even share where the site shares a budget out: a judgement."""
FIRST_SHARE = 0.75
"""Reviewers advise to spend the bulk in the first nine of twelve months."""
YEAR_MONTHS = 12
LEAST_SLACK = 0.1
"""Calendar beside running jobs; one team measured more waiting than this: a judgement."""


def overrun(case: Case) -> Iterator[Finding]:
    """All runs end before the project does."""
    campaign = case.campaign
    days = (campaign.end - campaign.start).days + 1
    last = max((bar.end_day for bar in campaign.bars), default=0.0)
    if last <= days:
        return
    months = _months_that_hold(case, last)
    yield Finding(
        rule="calendar",
        severity="fail",
        title=f"The runs take {grouped(math.ceil(last))} days, the project has {grouped(days)}",
        why=(
            f"Waiting in queues counts {percent_words(campaign.spec.queue_slack)}. Take more months, more "
            "GPUs for the longest run, or run repeats side by side."
        ),
        figure=f"{grouped(math.ceil(last))} days",
        limit=f"{grouped(days)} days",
        source=ARITHMETIC,
        fix=None if months is None else Fix(f"Take {months} months", "months", months),
    )


def _months_that_hold(case: Case, days: float) -> int | None:
    """Shortest length on offer that holds the runs; None where none does."""
    offered = lengths_of(case.door.mode) if case.door is not None else ()
    for months in offered or LENGTHS:
        if (add_months(case.campaign.start, months) - case.campaign.start).days >= days:
            return months
    return None


def _overrun_passed(case: Case) -> Passed | None:
    if not case.campaign.bars:
        return None
    days = (case.campaign.end - case.campaign.start).days + 1
    last = math.ceil(max(bar.end_day for bar in case.campaign.bars))
    return Passed(f"{last} of {days} days", f"{last} days", f"{days} days", source=ARITHMETIC)


def run_deadline(case: Case) -> Iterator[Finding]:
    """Runs end by the time that the plan names for them, at P80."""
    for line in case.fitting:
        wanted, wall = line.run.spec.deadline_seconds, line.wall_hours
        if wanted is None or wall is None or wall.p80 * SECONDS_PER_HOUR <= wanted:
            continue
        in_time = [point.gpus for point in line.answer.curve if point.seconds.p80 <= wanted]
        gpus = min(in_time, default=None)
        yield Finding(
            rule="run-deadline",
            severity="warn",
            title=(
                f"{line.run.name}: {hours_words(wall.p80)} at P80; "
                f"the plan allows {hours_words(wanted / SECONDS_PER_HOUR)}"
            ),
            why="Waiting in queues is not counted. More GPUs end it sooner, and cost more GPU-hours.",
            figure=f"{hours_words(wall.p80)} at P80",
            limit=hours_words(wanted / SECONDS_PER_HOUR),
            source="Your input",
            fix=None
            if gpus is None
            else Fix(f"Take {counted(gpus, 'GPU', 'GPUs')}", "gpus", gpus, line.run.id),
            run_id=line.run.id,
        )


def _run_deadline_passed(case: Case) -> Passed | None:
    main = case.campaign.main
    wanted, wall = main.run.spec.deadline_seconds, main.wall_hours
    if wanted is None or wall is None:
        return None
    figure, limit = hours_words(wall.p80), hours_words(wanted / SECONDS_PER_HOUR)
    return Passed(f"{figure} at P80 of {limit}", figure, limit, source="Your input")


def budget_rate(case: Case) -> Iterator[Finding]:
    """The queue can take as many nodes at once as burning the budget in time needs."""
    needed, limit = _nodes_at_once(case), node_limit(case.machine)
    total = case.machine.nodes.si
    if needed <= limit or math.isnan(limit):
        return
    over = needed > total
    months = _months_to_burn(case, limit)
    yield Finding(
        rule="budget-rate",
        severity="fail" if over else "warn",
        title=f"{grouped(math.ceil(needed))} nodes day and night would burn the budget, "
        f"{'the machine has' if over else 'one job takes'} {grouped(total if over else limit)}",
        why=(
            f"{grouped(case.campaign.request_node_hours)} node-hours in "
            f"{counted(len(case.campaign.months), 'month', 'months')}. The report must explain unused hours."
        ),
        figure=f"{grouped(math.ceil(needed))} nodes at once",
        limit=f"{grouped(total if over else limit)} nodes",
        source=source_words(case.machine.nodes),
        fact=case.machine.nodes,
        fix=None if months is None else Fix(f"Take {months} months", "months", months),
    )


def _nodes_at_once(case: Case) -> float:
    """Nodes that have to run all the time."""
    days = (case.campaign.end - case.campaign.start).days + 1
    return case.campaign.request_node_hours / (days * HOURS_PER_DAY)


def _months_to_burn(case: Case, limit: float) -> int | None:
    needed_days = case.campaign.request_node_hours / (limit * HOURS_PER_DAY)
    months = _months_that_hold(case, needed_days)
    return months if months is not None and months > len(case.campaign.months) else None


def _budget_rate_passed(case: Case) -> Passed | None:
    needed = _nodes_at_once(case)
    words = f"{short(needed)} nodes day and night burn the budget"
    gpu_hours = case.campaign.units.gpu_hours / ((case.campaign.end - case.campaign.start).days + 1)
    figure = f"{short(gpu_hours)} GPU-hours a day"
    return Passed(
        f"{words}, {figure}", figure, f"{grouped(node_limit(case.machine))} nodes", case.machine.nodes
    )


def month_share(case: Case) -> Iterator[Finding]:
    """Where the site shares a budget out by month, no month takes much more than its share."""
    budget, months = case.machine.monthly_budget, case.campaign.months
    total = case.campaign.request_node_hours
    if budget is None or len(months) < 2 or not total:
        return
    even = UNEVEN / len(months)
    heavy = max(months, key=lambda month: month.node_hours)
    share = heavy.node_hours / total
    if share <= even:
        return
    yield Finding(
        rule="month-share",
        severity="warn",
        title=f"{percent_words(share)} of the hours fall in month {heavy.number}",
        why=(
            f"{grouped(heavy.node_hours)} of {grouped(total)} node-hours. {case.machine_name} shares a "
            f"budget out by month, and who exceeds it waits longer{_lost_words(budget)}: spread the runs, or "
            "ask the site."
        ),
        figure=percent_words(share),
        limit=f"{percent_words(even)} in one of {len(months)} months",
        source=source_words(budget.rule),
        fact=budget.rule,
        fix=_spread(case, even),
    )


def _lost_words(budget: MonthlyBudget) -> str:
    """What happens to hours that were not used in their months, "" where they stay."""
    if not budget.forfeits.value or budget.kept.value is None:
        return ""
    kept = counted(int(budget.kept.value), "month", "months")
    return f"; hours left unused {kept} after their own are lost"


def _spread(case: Case, even: float) -> Fix | None:
    """Fewer GPUs for the largest run, so that it lasts longer; None where no count evens the months out.

    GPU-hours are taken to stay the same, which smaller jobs do or better.
    """
    campaign, total = case.campaign, case.campaign.request_node_hours
    line = max(case.fitting, key=lambda item: item.base_node_hours)
    days = (campaign.end - campaign.start).days + 1
    for parts in (2, 4, 8, 16):
        nodes = line.nodes / parts
        if nodes.denominator != 1 or line.wall_hours is None:
            return None
        slower = replace(line, nodes=nodes, wall_hours=line.wall_hours.scaled(float(parts)))
        lines = [slower if item is line else item for item in campaign.lines]
        bars = bars_of(campaign.spec, lines, campaign.start, len(campaign.months))
        if max(bar.kept_until_day for bar in bars) > days:
            return None
        main = campaign.main.run.id
        months = months_of(campaign.milestones, bars, main, campaign.start, len(campaign.months))
        if max(month.node_hours for month in months) <= even * total:
            gpus = int(nodes) * campaign.devices_per_node
            return Fix(f"Spread the run over {gpus} GPUs", "gpus", gpus, line.run.id)
    return None


def _month_share_passed(case: Case) -> Passed | None:
    months, total = case.campaign.months, case.campaign.request_node_hours
    if not months or not total:
        return None
    heavy = max(months, key=lambda month: month.node_hours)
    share = percent_words(heavy.node_hours / total)
    budget = case.machine.monthly_budget
    fact = budget.rule if budget is not None else None
    return Passed(f"{share} at most, in month {heavy.number}", share, fact=fact)


def first_months(case: Case) -> Iterator[Finding]:
    """In a project of a year the bulk is spent in the first nine months."""
    months, total = case.campaign.months, case.campaign.request_node_hours
    if len(months) < YEAR_MONTHS or not total:
        return
    first = round(FIRST_SHARE * len(months))
    early = sum(month.node_hours for month in months[:first]) / total
    if early >= FIRST_SHARE:
        return
    late = [line for line in case.fitting if (line.run.earliest_month or 0) > FIRST_SHARE * len(months)]
    run = max(late, key=lambda line: line.base_node_hours, default=None)
    yield Finding(
        rule="first-months",
        severity="warn",
        title=f"{percent_words(early)} of the hours fall in the first {first} months",
        why="Reviewers advise to spend the bulk in the first nine of twelve months; late queues are long.",
        figure=percent_words(early),
        limit=f"{percent_words(FIRST_SHARE)} or more",
        source=REVIEWERS,
        fix=_earlier(case, run.run.id) if run is not None and len(late) == 1 else None,
        run_id=run.run.id if run is not None else None,
    )


def _earlier(case: Case, run_id: str) -> Fix:
    return Fix(
        f"Start {case.campaign.line(run_id).run.name} as soon as possible", "earliest_month", None, run_id
    )


def _first_months_passed(case: Case) -> Passed | None:
    months, total = case.campaign.months, case.campaign.request_node_hours
    if len(months) < YEAR_MONTHS or not total:
        return None
    early = sum(month.node_hours for month in months[: round(FIRST_SHARE * len(months))]) / total
    return Passed(f"{percent_words(early)} in the first nine of twelve months", source=REVIEWERS)


def queue_slack(case: Case) -> Iterator[Finding]:
    """The calendar leaves time for waiting in queues."""
    slack = case.campaign.spec.queue_slack
    if slack >= LEAST_SLACK:
        return
    yield Finding(
        rule="queue-slack",
        severity="warn",
        title=f"The calendar leaves {percent_words(slack)} for waiting in queues",
        why="No site publishes waiting times; chains of jobs wait once for each job.",
        figure=percent_words(slack),
        limit=f"{percent_words(LEAST_SLACK)} or more",
        source="Assumption of the plan",
        fix=Fix(f"Leave {percent_words(DEFAULT_QUEUE_SLACK)}", "queue_slack", DEFAULT_QUEUE_SLACK),
    )


def _queue_slack_passed(case: Case) -> Passed | None:
    words = f"{percent_words(case.campaign.spec.queue_slack)} of the running time"
    return Passed(words, words, f"{percent_words(LEAST_SLACK)} or more", source="Assumption of the plan")


RULES = (
    Rule("calendar", "Calendar", overrun, _overrun_passed),
    Rule("run-deadline", "Deadline", run_deadline, _run_deadline_passed),
    Rule("budget-rate", "Budget in time", budget_rate, _budget_rate_passed),
    Rule("month-share", "Monthly share", month_share, _month_share_passed),
    Rule("first-months", "First nine months", first_months, _first_months_passed),
    Rule("queue-slack", "Queue slack", queue_slack, _queue_slack_passed),
)
