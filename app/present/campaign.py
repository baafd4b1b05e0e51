"""The request in words: the one-line answer, its two figures, and what the campaign's tab says above all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from app.present import numbers as n
from app.present.answer import Phrases, phrases
from app.present.glyph import GlyphShape, glyph_shape
from app.present.machines import machine_name
from app.words import text
from estimators.requests.campaign_results import Campaign
from estimators.requests.results import Request
from estimators.words import NOTHING, Amount, Cased, Name, Said, Strong, say, say_many, together

View = Literal["plan", "request"]
"""Whether contingency and what is kept free are left out or shown."""


def date_words(day: datetime.date, with_year: bool = True) -> str:
    """A date as people read it: "7 Dec 2026"."""
    return text(date_said(day, with_year))


def date_said(day: datetime.date, with_year: bool = True) -> Amount:
    """The same inside a sentence."""
    return Amount(day, form="day" if with_year else "day_month")


def span_words(campaign: Campaign, view: View = "request") -> str:
    """When, where, and how to read the bars."""
    start, end = date_said(campaign.start), date_said(campaign.end)
    machine = Name(machine_name(campaign.machine))
    when = say("{start} to {end} on {machine}.", start=start, end=end, machine=machine)
    if campaign.start_is_assumed:
        when = say("{start} to {end} on {machine}, start assumed.", start=start, end=end, machine=machine)
    hatched = NOTHING
    if view == "request":
        percentile = Amount(campaign.spec.request_percentile, form="fixed")
        hatched = say("Hatched: kept free at P{percentile}.", percentile=percentile)
    return text(together(when, say("Bars: planned days."), hatched))


def overrun_words(campaign: Campaign) -> str:
    """What does not fit into the calendar or on the machine; "" where everything does."""
    return text(_overrun(campaign))


def _overrun(campaign: Campaign) -> Said:
    lost = [line for line in campaign.lines if line.wall_hours is None]
    if lost:
        return _without(Name(lost[0].run.name), len(lost) - 1, lost[0].reason or say("it does not fit"))
    if campaign.overruns:
        last = max(campaign.bars, key=lambda bar: bar.kept_until_day)
        late = last.kept_until_day - days_of(campaign)
        return say(
            "{run} ends {time} after the project does.",
            run=Name(campaign.line(last.run_id).run.name),
            time=Amount(late * n.SECONDS_PER_DAY, form="duration"),
        )
    return NOTHING


def _without(run: Name, others: int, reason: Said) -> Said:
    if not others:
        return say("Without {run}: {reason}.", run=run, reason=Cased(reason))
    return say("Without {run} and {n} more: {reason}.", run=run, n=n.counts(others), reason=Cased(reason))


def sentence(request: Request) -> Phrases:
    """The request in one line."""
    campaign = request.campaign
    place = Strong(Name(machine_name(campaign.machine)), "machine")
    if not any(line.wall_hours is not None for line in campaign.lines):
        return phrases(say("No run of this plan fits on {machine}.", machine=place))
    units, months = campaign.units, len(campaign.months)
    asked = say(
        "Request {hours} on {machine}: {months}, {node_hours}.",
        hours=Strong(n.hours_said(Amount(units.gpu_hours, form="fixed")), "figure"),
        machine=place,
        months=say_many("{n} month", "{n} months", months, n=n.counts(months)),
        node_hours=_node_hours(campaign),
    )
    return phrases(together(asked, request.doors.verdict if campaign.complete else _overrun(campaign)))


def _node_hours(campaign: Campaign) -> Said:
    """The request in node-hours, and what the plan needs of them where it is bound to a fixed package."""
    whole = campaign.units.node_hours
    hours = say_many("{n} node-hour", "{n} node-hours", whole, n=n.counts(whole))
    if campaign.package is None:
        return hours
    return say("{hours}, needs {needed}", hours=hours, needed=n.counts(campaign.needed_node_hours))


@dataclass(frozen=True, slots=True)
class SmallFigure:
    """A figure beside the one-line answer."""

    title: str
    number: str
    glyph: GlyphShape | None
    words: str


def small_figures(request: Request) -> tuple[SmallFigure, ...]:
    """The request and the main run's days, with their ranges."""
    campaign = request.campaign
    total = campaign.total.scaled(float(campaign.gpus_per_node))
    needed = campaign.needed_node_hours * campaign.gpus_per_node
    words = text(say("{total} GPU-hours", total=Name(n.card_plan(total.p10, total.p90, needed))))
    figures = [
        SmallFigure(
            text(say("Request, GPU-h")), n.exact(campaign.units.gpu_hours), glyph_shape(total), words
        ),
    ]
    wall = campaign.main.wall_hours
    if wall is not None:
        seconds = wall.scaled(n.SECONDS_PER_HOUR)
        number, unit = n.duration_parts(seconds.p50)
        span = n.duration_span(seconds.p10, seconds.p90)
        figures.append(
            SmallFigure(text(say("Main run, {unit}", unit=Name(unit))), number, glyph_shape(seconds), span)
        )
    return tuple(figures)


def days_of(campaign: Campaign) -> float:
    """Length of the project in days."""
    return float((campaign.end - campaign.start).days + 1)
