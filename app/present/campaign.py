"""The request in words: the one-line answer, its two figures, and what the campaign's tab says above all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from app.present import numbers as n
from app.present.answer import Phrase, Phrases
from app.present.glyph import GlyphShape, glyph_shape
from app.present.machines import machine_name
from estimators.requests.campaign_results import Campaign
from estimators.requests.results import Request

View = Literal["plan", "request"]
"""Whether contingency and what is kept free are left out or shown."""


def date_words(day: datetime.date, with_year: bool = True) -> str:
    """A date as people read it: "7 Dec 2026"."""
    return f"{day.day} {day:%b %Y}" if with_year else f"{day.day} {day:%b}"


def span_words(campaign: Campaign, view: View = "request") -> str:
    """When, where, and how to read the bars."""
    assumed = ", start assumed" if campaign.start_is_assumed else ""
    when = f"{date_words(campaign.start)} to {date_words(campaign.end)} on {machine_name(campaign.machine)}"
    hatched = ""
    if view == "request":
        hatched = f" Hatched: kept free at P{campaign.spec.request_percentile}."
    return f"{when}{assumed}. Bars: planned days.{hatched}"


def overrun_words(campaign: Campaign) -> str:
    """What does not fit into the calendar or on the machine; "" where everything does."""
    lost = [line for line in campaign.lines if line.wall_hours is None]
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        reason = (lost[0].reason or "it does not fit").rstrip(".")
        return f"Without {lost[0].run.name}{more}: {reason[:1].lower()}{reason[1:]}."
    if campaign.overruns:
        last = max(campaign.bars, key=lambda bar: bar.kept_until_day)
        late = last.kept_until_day - days_of(campaign)
        name = campaign.line(last.run_id).run.name
        return f"{name} ends {n.duration(late * n.SECONDS_PER_DAY)} after the project does."
    return ""


def sentence(request: Request) -> Phrases:
    """The request in one line."""
    campaign = request.campaign
    place = Phrase(machine_name(campaign.machine), "machine")
    if not any(line.wall_hours is not None for line in campaign.lines):
        return (Phrase("No run of this plan fits on "), place, Phrase("."))
    units = campaign.units
    length = n.counted(len(campaign.months), "month", "months")
    node_hours = n.counted(units.node_hours, "node-hour", "node-hours")
    rest = request.doors.sentence if campaign.complete else overrun_words(campaign)
    first, full_stop, _ = rest.partition(". ")
    return (
        Phrase("Request "),
        Phrase(n.of_gpu_hours(n.exact(units.gpu_hours)), "figure"),
        Phrase(" on "),
        place,
        Phrase(f": {length}, {node_hours}{_need_words(campaign)}. {first}{full_stop}".rstrip()),
    )


def _need_words(campaign: Campaign) -> str:
    """What the plan needs of a fixed package, "" where the request is not bound to one."""
    if campaign.package is None:
        return ""
    return f", needs {n.exact(campaign.needed_node_hours)}"


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
    words = f"{n.card_plan(total.p10, total.p90, needed)} GPU-hours"
    figures = [
        SmallFigure("Request, GPU-h", n.exact(campaign.units.gpu_hours), glyph_shape(total), words),
    ]
    wall = campaign.main.wall_hours
    if wall is not None:
        seconds = wall.scaled(n.SECONDS_PER_HOUR)
        number, unit = n.duration_parts(seconds.p50)
        span = n.duration_span(seconds.p10, seconds.p90)
        figures.append(SmallFigure(f"Main run, {unit}", number, glyph_shape(seconds), span))
    return tuple(figures)


def days_of(campaign: Campaign) -> float:
    """Length of the project in days."""
    return float((campaign.end - campaign.start).days + 1)
