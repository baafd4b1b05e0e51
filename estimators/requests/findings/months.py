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
    YOUR_INPUT,
    Case,
    Passed,
    Rule,
    count,
    gpus_words,
    grouped,
    hours_words,
    months_words,
    percent_words,
    short,
    source_words,
)
from estimators.requests.records import DEFAULT_QUEUE_SLACK
from estimators.requests.results import Finding, Fix
from estimators.words import Name, Said, say, together

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
        title=say(
            "The runs take {last} days, the project has {days}",
            last=grouped(math.ceil(last)),
            days=grouped(days),
        ),
        why=say(
            "Waiting in queues counts {queue_slack}. Take more months, more GPUs for the "
            "longest run, or run repeats side by side.",
            queue_slack=percent_words(campaign.spec.queue_slack),
        ),
        figure=say("{n} days", n=grouped(math.ceil(last))),
        limit=say("{n} days", n=grouped(days)),
        source=ARITHMETIC,
        fix=None if months is None else Fix(say("Take {n} months", n=count(months)), "months", months),
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
    return Passed(
        say("{last} of {days} days", last=count(last), days=count(days)),
        say("{n} days", n=count(last)),
        say("{n} days", n=count(days)),
        source=ARITHMETIC,
    )


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
            title=say(
                "{run}: {wall} at P80; the plan allows {wanted}",
                run=Name(line.run.name),
                wall=hours_words(wall.p80),
                wanted=hours_words(wanted / SECONDS_PER_HOUR),
            ),
            why=say("Waiting in queues is not counted. More GPUs end it sooner, and cost more GPU-hours."),
            figure=say("{wall} at P80", wall=hours_words(wall.p80)),
            limit=hours_words(wanted / SECONDS_PER_HOUR),
            source=YOUR_INPUT,
            fix=None
            if gpus is None
            else Fix(
                say("Take {gpus}", gpus=gpus_words(gpus)),
                "gpus",
                gpus,
                line.run.id,
            ),
            run_id=line.run.id,
        )


def _run_deadline_passed(case: Case) -> Passed | None:
    main = case.campaign.main
    wanted, wall = main.run.spec.deadline_seconds, main.wall_hours
    if wanted is None or wall is None:
        return None
    figure, limit = hours_words(wall.p80), hours_words(wanted / SECONDS_PER_HOUR)
    return Passed(
        say("{figure} at P80 of {limit}", figure=figure, limit=limit), figure, limit, source=YOUR_INPUT
    )


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
        title=_too_fast(math.ceil(needed), total) if over else _too_fast_for_a_job(math.ceil(needed), limit),
        why=say(
            "{request_node_hours} node-hours in {months}. The report must explain unused hours.",
            request_node_hours=grouped(case.campaign.request_node_hours),
            months=months_words(len(case.campaign.months)),
        ),
        figure=say("{needed} nodes at once", needed=grouped(math.ceil(needed))),
        limit=say("{total} nodes", total=grouped(total if over else limit)),
        source=source_words(case.machine.nodes),
        fact=case.machine.nodes,
        fix=None if months is None else Fix(say("Take {n} months", n=count(months)), "months", months),
    )


def _too_fast(needed: int, nodes: float) -> Said:
    return say(
        "{needed} nodes day and night would burn the budget, the machine has {nodes}",
        needed=grouped(needed),
        nodes=grouped(nodes),
    )


def _too_fast_for_a_job(needed: int, nodes: float) -> Said:
    return say(
        "{needed} nodes day and night would burn the budget, one job takes {nodes}",
        needed=grouped(needed),
        nodes=grouped(nodes),
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
    words = say("{needed} nodes day and night burn the budget", needed=short(needed))
    gpu_hours = case.campaign.units.gpu_hours / ((case.campaign.end - case.campaign.start).days + 1)
    figure = say("{gpu_hours} GPU-hours a day", gpu_hours=short(gpu_hours))
    return Passed(
        say("{nodes}, {hours}", nodes=words, hours=figure),
        figure,
        say("{n} nodes", n=grouped(node_limit(case.machine))),
        case.machine.nodes,
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
        title=say(
            "{share} of the hours fall in month {number}",
            share=percent_words(share),
            number=count(heavy.number),
        ),
        why=together(
            say("{hours} of {total} node-hours.", hours=grouped(heavy.node_hours), total=grouped(total)),
            _shared_out(Name(case.machine_name), budget),
        ),
        figure=percent_words(share),
        limit=say("{even} in one of {months} months", even=percent_words(even), months=count(len(months))),
        source=source_words(budget.rule),
        fact=budget.rule,
        fix=_spread(case, even),
    )


def _shared_out(machine: Name, budget: MonthlyBudget) -> Said:
    """How the site shares a budget out, and what happens to hours that were not used in their months."""
    if not budget.forfeits.value or budget.kept.value is None:
        return say(
            "{machine} shares a budget out by month, and who exceeds it waits longer: spread the runs, "
            "or ask the "
            "site.",
            machine=machine,
        )
    return say(
        "{machine} shares a budget out by month, and who exceeds it waits longer; hours left unused "
        "{months} after "
        "their own are lost: spread the runs, or ask the site.",
        machine=machine,
        months=months_words(int(budget.kept.value)),
    )


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
            return Fix(say("Spread the run over {n} GPUs", n=count(gpus)), "gpus", gpus, line.run.id)
    return None


def _month_share_passed(case: Case) -> Passed | None:
    months, total = case.campaign.months, case.campaign.request_node_hours
    if not months or not total:
        return None
    heavy = max(months, key=lambda month: month.node_hours)
    share = percent_words(heavy.node_hours / total)
    budget = case.machine.monthly_budget
    fact = budget.rule if budget is not None else None
    return Passed(
        say("{share} at most, in month {number}", share=share, number=count(heavy.number)), share, fact=fact
    )


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
        title=say(
            "{early} of the hours fall in the first {first} months",
            early=percent_words(early),
            first=count(first),
        ),
        why=say(
            "Reviewers advise to spend the bulk in the first nine of twelve months; late queues are long."
        ),
        figure=percent_words(early),
        limit=say("{first_share} or more", first_share=percent_words(FIRST_SHARE)),
        source=REVIEWERS,
        fix=_earlier(case, run.run.id) if run is not None and len(late) == 1 else None,
        run_id=run.run.id if run is not None else None,
    )


def _earlier(case: Case, run_id: str) -> Fix:
    return Fix(
        say("Start {run} as soon as possible", run=Name(case.campaign.line(run_id).run.name)),
        "earliest_month",
        None,
        run_id,
    )


def _first_months_passed(case: Case) -> Passed | None:
    months, total = case.campaign.months, case.campaign.request_node_hours
    if len(months) < YEAR_MONTHS or not total:
        return None
    early = sum(month.node_hours for month in months[: round(FIRST_SHARE * len(months))]) / total
    return Passed(
        say("{early} in the first nine of twelve months", early=percent_words(early)), source=REVIEWERS
    )


def queue_slack(case: Case) -> Iterator[Finding]:
    """The calendar leaves time for waiting in queues."""
    slack = case.campaign.spec.queue_slack
    if slack >= LEAST_SLACK:
        return
    yield Finding(
        rule="queue-slack",
        severity="warn",
        title=say("The calendar leaves {slack} for waiting in queues", slack=percent_words(slack)),
        why=say("No site publishes waiting times; chains of jobs wait once for each job."),
        figure=percent_words(slack),
        limit=say("{least_slack} or more", least_slack=percent_words(LEAST_SLACK)),
        source=say("Assumption of the plan"),
        fix=Fix(
            say("Leave {default_queue_slack}", default_queue_slack=percent_words(DEFAULT_QUEUE_SLACK)),
            "queue_slack",
            DEFAULT_QUEUE_SLACK,
        ),
    )


def _queue_slack_passed(case: Case) -> Passed | None:
    words = say(
        "{queue_slack} of the running time", queue_slack=percent_words(case.campaign.spec.queue_slack)
    )
    return Passed(
        words,
        words,
        say("{least_slack} or more", least_slack=percent_words(LEAST_SLACK)),
        source=say("Assumption of the plan"),
    )


RULES = (
    Rule("calendar", say("Calendar"), overrun, _overrun_passed),
    Rule("run-deadline", say("Deadline"), run_deadline, _run_deadline_passed),
    Rule("budget-rate", say("Budget in time"), budget_rate, _budget_rate_passed),
    Rule("month-share", say("Monthly share"), month_share, _month_share_passed),
    Rule("first-months", say("First nine months"), first_months, _first_months_passed),
    Rule("queue-slack", say("Queue slack"), queue_slack, _queue_slack_passed),
)
