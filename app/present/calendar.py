"""The campaign on the calendar: a row for each run, and node-hours by month."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import Literal

from app.present import numbers as n
from app.present.campaign import View, date_words, days_of, span_words
from app.words import text
from estimators.requests.calendar import day_after
from estimators.requests.campaign_results import Bar, Campaign, Milestone, RunLine
from estimators.words import Amount, Name, say

BarKind = Literal["prior", "main", "later", "failed", "contingency"]

KIND_OF_ROLE: dict[str, BarKind] = {"test": "prior", "ablation": "prior", "sweep": "prior", "main": "main"}
MOST_TICKS = 9
DAYS_PER_YEAR = 365
TICK_DAYS = (7, 14, 28, 56, 91, 182)
"""Between ticks; a month, the shortest project, has four weeks."""


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One row of the calendar.

    Attributes:
        run_id: None for failed runs and contingency.
        start_day: Days from the first day of the project; None for a run that does not fit.
        kept_until_day: Until when the calendar is kept free; equals `end_day` where nothing is.
        words: Behind the bar ("240 node-h"), or why there is none.
        note: More about it where there is room.
        after: Rows that it waits for.
    """

    run_id: str | None
    name: str
    kind: BarKind
    start_day: float | None
    end_day: float
    kept_until_day: float
    words: str
    note: str = ""
    is_chosen: bool = False
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GanttMonth:
    """One month of the project above the rows."""

    title: str
    short: str
    span: str
    start_day: float
    end_day: float


@dataclass(frozen=True, slots=True)
class GanttSeries:
    """What the calendar draws; days count from the first day of the project."""

    rows: tuple[GanttRow, ...]
    months: tuple[GanttMonth, ...]
    ticks: tuple[tuple[float, str], ...]
    days: float
    subtitle: str
    start: datetime.date


@dataclass(frozen=True, slots=True)
class MonthPart:
    """A stretch of a month's bar."""

    name: str
    kind: BarKind
    node_hours: int


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month of use; parts from the ground up."""

    title: str
    short: str
    words: str
    parts: tuple[MonthPart, ...]

    @property
    def node_hours(self) -> int:
        """All parts."""
        return sum(part.node_hours for part in self.parts)


@dataclass(frozen=True, slots=True)
class MonthSeries:
    """Use by month, and what an even spread would be."""

    bars: tuple[MonthBar, ...]
    even: float
    subtitle: str


def gantt_series(campaign: Campaign, chosen: str | None = None, view: View = "request") -> GanttSeries:
    """The calendar of a campaign.

    Args:
        campaign: Runs with their days.
        chosen: The run on the screen.
        view: "plan" leaves out what is kept free.
    """
    bars = {bar.run_id: bar for bar in campaign.bars}
    places = {line.run.id: place for place, line in enumerate(campaign.lines)}
    hours = {row.run_id: row.node_hours for row in campaign.milestones if row.run_id is not None}
    rows = [_gantt_row(line, bars, places, hours, chosen, view) for line in campaign.lines]
    rows += [
        _shared_row(campaign, row)
        for row in campaign.milestones
        if row.run_id is None and row.node_hours and (view == "request" or not row.is_reserve)
    ]
    reach = max([days_of(campaign), *(row.kept_until_day for row in rows)])
    return GanttSeries(
        rows=tuple(rows),
        months=_gantt_months(campaign),
        ticks=_ticks(campaign.start, reach),
        days=reach,
        subtitle=span_words(campaign, view),
        start=campaign.start,
    )


def _gantt_row(
    line: RunLine,
    bars: dict[str, Bar],
    places: dict[str, int],
    hours: dict[str, int],
    chosen: str | None,
    view: View,
) -> GanttRow:
    run = line.run
    kind = KIND_OF_ROLE.get(run.role, "later")
    after = tuple(places[one] for one in run.after if one in bars)
    bar = bars.get(run.id)
    if bar is None:
        reason = text(line.reason or say("does not fit"))
        return GanttRow(run.id, run.name, kind, None, 0.0, 0.0, reason, "", run.id == chosen, ())
    kept = bar.kept_until_day if view == "request" else bar.end_day
    words = node_hours_words(hours.get(run.id, 0))
    note = text(
        say(
            "{end_day} with waiting",
            end_day=Amount((bar.end_day - bar.start_day) * n.SECONDS_PER_DAY, form="duration"),
        )
    )
    if view == "request" and kept > bar.end_day:
        note = text(
            say(
                "{note}, {kept} kept free",
                note=Name(note),
                kept=Amount((kept - bar.start_day) * n.SECONDS_PER_DAY, form="duration"),
            )
        )
    return GanttRow(
        run.id, run.name, kind, bar.start_day, bar.end_day, kept, words, note, run.id == chosen, after
    )


def _shared_row(campaign: Campaign, row: Milestone) -> GanttRow:
    """Failed runs fall with the runs, contingency after the main run, the rest of a package anywhere."""
    first = min((bar.start_day for bar in campaign.bars), default=0.0)
    last = max((bar.end_day for bar in campaign.bars), default=0.0)
    words = node_hours_words(row.node_hours)
    if row.kind == "package":
        whole = days_of(campaign)
        return GanttRow(None, text(row.name), "contingency", 0.0, whole, whole, words)
    if row.kind != "contingency":
        return GanttRow(None, text(row.name), "failed", first, last, last, words)
    main = next((bar.end_day for bar in campaign.bars if bar.run_id == campaign.main.run.id), first)
    end = max(days_of(campaign), main + 1.0)
    return GanttRow(None, text(row.name), "contingency", main, end, end, words)


def node_hours_words(node_hours: int) -> str:
    """Node-hours as they stand behind a bar."""
    return n.with_unit(n.exact(node_hours), "node-h")


def _gantt_months(campaign: Campaign) -> tuple[GanttMonth, ...]:
    found = []
    for month in campaign.months:
        start = float((month.start - campaign.start).days)
        end = float((month.end - campaign.start).days + 1)
        span = text(
            say(
                "{start} to {end}",
                start=Name(date_words(month.start, False)),
                end=Name(date_words(month.end, False)),
            )
        )
        found.append(
            GanttMonth(
                text(say("Month {number}", number=Amount(month.number, form="fixed"))),
                text(Amount(month.number, form="fixed")),
                span,
                start,
                end,
            )
        )
    return tuple(found)


def _ticks(start: datetime.date, days: float) -> tuple[tuple[float, str], ...]:
    longest = math.ceil(days / MOST_TICKS)
    years = DAYS_PER_YEAR * math.ceil(longest / DAYS_PER_YEAR)
    step = next((step for step in TICK_DAYS if step >= longest), years)
    last = min(days, (datetime.date.max - start).days)
    places = range(0, int(days) + 1, step)
    return tuple((float(day), date_words(day_after(start, day), False)) for day in places if day < last)


def month_series(campaign: Campaign, view: View = "request") -> MonthSeries:
    """Node-hours of every month by the kind of work."""
    shown = [i for i, row in enumerate(campaign.milestones) if view == "request" or not row.is_reserve]
    bars = []
    for month in campaign.months:
        parts = tuple(
            MonthPart(text(row.name), _kind(campaign, row), month.by_milestone[i])
            for i, row in ((i, campaign.milestones[i]) for i in shown)
            if month.by_milestone[i]
        )
        bars.append(
            MonthBar(
                text(say("Month {number}", number=Amount(month.number, form="fixed"))),
                text(Amount(month.number, form="fixed")),
                text(say("from {start}", start=Name(date_words(month.start, False)))),
                parts,
            )
        )
    total = sum(bar.node_hours for bar in bars)
    return MonthSeries(tuple(bars), total / max(1, len(bars)), _months_subtitle(bars, total))


def _kind(campaign: Campaign, row: Milestone) -> BarKind:
    if row.run_id is not None:
        return KIND_OF_ROLE.get(campaign.line(row.run_id).run.role, "later")
    return "contingency" if row.is_reserve else "failed"


def _months_subtitle(bars: list[MonthBar], total: int) -> str:
    if len(bars) < 2 or not total:
        return ""
    place, highest = max(enumerate(bars, 1), key=lambda pair: pair[1].node_hours)
    share = highest.node_hours / total
    if share < 1.3 / len(bars):
        return text(say("Spread almost evenly"))
    return text(
        say(
            "{share} falls in month {place}",
            share=Amount(share, form="percent"),
            place=Amount(place, form="fixed"),
        )
    )


def months_text(series: MonthSeries) -> str:
    """Node-hours by month and milestone, tab-separated in the C locale."""
    names = list(dict.fromkeys(part.name for bar in series.bars for part in bar.parts))
    lines = ["\t".join((text(say("Month")), *names, text(say("Node-hours"))))]
    for bar in series.bars:
        by_name = {part.name: part.node_hours for part in bar.parts}
        cells = (bar.title, *(str(by_name.get(name, 0)) for name in names), str(bar.node_hours))
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def months_summary(series: MonthSeries) -> str:
    """The months in sentences, for screen readers."""
    bars = (
        text(
            say(
                "{bar} {node_hours} node-hours",
                bar=Name(bar.title),
                node_hours=Amount(bar.node_hours, form="fixed"),
            )
        )
        for bar in series.bars
    )
    return text(
        say(
            "{bars}. Even spread: {even}.", bars=Name(". ".join(bars)), even=Amount(series.even, form="fixed")
        )
    )


def gantt_text(series: GanttSeries) -> str:
    """The calendar tab-separated with dates, in the C locale."""
    lines = ["Run\tStart\tEnd\tKept free until"]
    for row in series.rows:
        if row.start_day is None:
            lines.append(f"{row.name}\t\t\t")
            continue
        first = day_after(series.start, row.start_day)
        ends = (max(first, _last_day(series.start, day)) for day in (row.end_day, row.kept_until_day))
        lines.append("\t".join((row.name, first.isoformat(), *(end.isoformat() for end in ends))))
    return "\n".join(lines) + "\n"


def gantt_summary(series: GanttSeries) -> str:
    """The calendar in sentences, for screen readers."""
    return " ".join(f"{row.name}: {', '.join(bar_words(series, row))}." for row in series.rows)


def bar_words(series: GanttSeries, row: GanttRow) -> tuple[str, str]:
    """Dates and hours of one row."""
    if row.start_day is None:
        return text(say("does not fit")), row.words
    first = day_after(series.start, row.start_day)
    last = max(first, _last_day(series.start, row.end_day))
    with_years = (last - first).days >= DAYS_PER_YEAR
    return text(
        say(
            "{first} to {last}",
            first=Name(date_words(first, with_years)),
            last=Name(date_words(last, with_years)),
        )
    ), row.words


def _last_day(start: datetime.date, end_day: float) -> datetime.date:
    """The last day of which some part is used."""
    return day_after(start, math.ceil(end_day) - 1)
