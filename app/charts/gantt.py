"""The campaign on the calendar: a bar for each run, arrows where one waits, hatched what is kept free."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from app.charts.page import Page
from app.charts.spots import Drawn, Spot
from app.charts.style import Look
from app.present.calendar import (
    BarKind,
    GanttMonth,
    GanttRow,
    GanttSeries,
    bar_words,
)
from app.present.palette import Palette
from app.words import text
from estimators.words import say

TITLE = say("Campaign")
HEAD = 38.0
"""Pixels for the names of months and for dates."""
ROW, LEAST_ROW = 24.5, 16.0
MOST_ROWS = 60
"""More runs stand in the table only."""
NAME_LEFT, NAMES_MOST, GAP, RIGHT = 8.0, 0.3, 14.0, 12.0
BAR = 0.56
"""Height of a bar as a share of its row."""
LEAST_BAR = 4.0
ROUNDING = 4.0
ELBOW = 4.0


@dataclass(frozen=True)
class _Scene:
    """Where things stand on the page."""

    page: Page
    series: GanttSeries
    left: float
    right: float
    top: float
    row: float

    def x(self, day: float) -> float:
        """Of a day of the project."""
        return self.left + (self.right - self.left) * day / self.series.days

    def y(self, place: int) -> float:
        """Of the middle of a row."""
        return self.top + (place + 0.5) * self.row

    @property
    def bottom(self) -> float:
        """Below the last row."""
        return self.top + self.row * min(len(self.series.rows), MOST_ROWS)

    @property
    def half_bar(self) -> float:
        """Half the height of a bar."""
        return self.row * BAR / 2.0


def natural_height(rows: int) -> float:
    """Pixels at 100 % in which every row has its full height."""
    return HEAD + ROW * min(max(1, rows), MOST_ROWS) + 4.0


def draw(figure: Figure, series: GanttSeries, look: Look, heading: tuple[str, str] | None = None) -> Drawn:
    """Draw the calendar on a figure.

    Args:
        figure: Empty.
        series: At least one row.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    page = Page(figure, look)
    if heading is not None:
        page.write_heading(*heading)
    rows = series.rows[:MOST_ROWS]
    widest = max(page.text_width(row.name, 700) for row in rows)
    left = NAME_LEFT + min(widest, NAMES_MOST * page.width) + GAP
    top = page.top + HEAD
    row = max(LEAST_ROW, min(ROW, (page.height - top - 4.0) / len(rows)))
    scene = _Scene(page, series, left, page.width - RIGHT, top, row)
    _draw_ground(scene)
    for place, one in enumerate(rows):
        _draw_name(scene, place, one)
        _draw_arrows(scene, place, one)
        _draw_bar(scene, place, one)
    spots = [
        Spot(
            scene.x(one.start_day or 0.0),
            scene.y(place),
            partial(_words, series, one),
            one.run_id or "",
            True,
        )
        for place, one in enumerate(rows)
    ]
    return Drawn(page.axes, spots)


def _draw_ground(scene: _Scene) -> None:
    page, palette = scene.page, scene.page.look.palette
    month_top = scene.top - HEAD
    for place, month in enumerate(scene.series.months):
        x, end = scene.x(month.start_day), scene.x(month.end_day)
        if place % 2:
            page.fill(x, month_top, end - x, scene.bottom - month_top, palette.window, 0.1)
        _name_month(page, month, x, end, month_top + 9.0)
    free = scene.left - 30.0
    for day, date in scene.series.ticks:
        x = scene.x(day)
        page.line((x, x), (scene.top - 6.0, scene.bottom), palette.grid, 1.0, 0.4)
        width = page.text_width(date)
        start = max(scene.left, x - width / 2.0)
        if start > free and start + width < page.width:
            page.write(start, scene.top - 13.0, date, palette.text2, z=1.5)
            free = start + width + 8.0
    if scene.series.months and scene.series.months[-1].end_day < scene.series.days - 1e-6:
        x = scene.x(scene.series.months[-1].end_day)
        page.line((x, x), (scene.top - 6.0, scene.bottom), palette.fail, 1.4, 2.0, (4.0, 2.5))
        page.write(
            x - 4.0,
            scene.bottom - 7.0,
            text(say("project ends")),
            palette.fail,
            600,
            "right",
            ground=palette.surface,
        )


def _name_month(page: Page, month: GanttMonth, x: float, end: float, y: float) -> None:
    palette, room = page.look.palette, end - x - 12.0
    title = page.text_width(month.title, 700)
    short = month.short
    if title <= room:
        page.write(x + 8.0, y, month.title, palette.text, 700, z=1.5)
        if title + 9.0 + page.text_width(month.span, 500) <= room:
            page.write(x + 17.0 + title, y, month.span, palette.text2, 500, z=1.5)
    elif page.text_width(short, 700) <= room + 8.0:
        page.write(x + 3.0, y, short, palette.text, 700, z=1.5)


def _draw_name(scene: _Scene, place: int, row: GanttRow) -> None:
    page, palette = scene.page, scene.page.look.palette
    if row.is_chosen:
        page.bar(
            0.0, scene.y(place) - scene.row / 2.0, page.width, scene.row, 6.0, 0.3, facecolor=palette.soft
        )
    weight = 700 if row.is_chosen else 500
    name = _cut(page, row.name, weight, scene.left - GAP - NAME_LEFT)
    page.write(NAME_LEFT, scene.y(place), name, palette.text, weight)


def _cut(page: Page, words: str, weight: int, room: float) -> str:
    """The text, ended by … where there is no room for all of it."""
    if page.text_width(words, weight) <= room:
        return words
    while len(words) > 1 and page.text_width(words + "…", weight) > room:
        words = words[:-1].rstrip(" ,")
    return words + "…"


def _draw_arrows(scene: _Scene, place: int, row: GanttRow) -> None:
    if row.start_day is None:
        return
    page, colour = scene.page, scene.page.look.palette.strong
    for before in row.after:
        other = scene.series.rows[before]
        if before >= MOST_ROWS or other.start_day is None:
            continue
        x = max(scene.x(other.start_day) + 2.0, scene.x(other.end_day) - ELBOW)
        goal, sign = scene.x(row.start_day), 1.0 if place > before else -1.0
        begin, y = scene.y(before) + sign * scene.half_bar, scene.y(place)
        if goal - x >= 10.0:
            page.line((x, x, goal - 1.0), (begin, y, y), colour, 1.2, 2.2)
            page.arrow_head(goal - 1.0, y, "right", colour)
        else:
            end = y - sign * (scene.half_bar + 1.0)
            page.line((x, x), (begin, end), colour, 1.2, 2.2)
            page.arrow_head(x, end, "down" if sign > 0 else "up", colour)


def _draw_bar(scene: _Scene, place: int, row: GanttRow) -> None:
    page, palette, y = scene.page, scene.page.look.palette, scene.y(place)
    if row.start_day is None:
        page.write(
            scene.left + 4.0, y, _cut(page, row.words, 500, scene.right - scene.left), palette.fail, 500
        )
        return
    x, end, kept = (scene.x(day) for day in (row.start_day, row.end_day, row.kept_until_day))
    end = max(end, x + LEAST_BAR)
    kept = max(kept, end)
    hue = bar_hue(row.kind, palette)
    ground = palette.soft if row.is_chosen else palette.surface
    tall = scene.half_bar * 2.0
    hatched: dict[str, Any] = {"facecolor": ground, "edgecolor": hue, "hatch": "////", "edge": 1.2}
    if row.kind in ("contingency", "failed"):
        page.bar(x, y - scene.half_bar, end - x, tall, ROUNDING, **hatched)
    else:
        if kept > end:
            page.bar(x, y - scene.half_bar, kept - x, tall, ROUNDING, 2.9, **hatched)
        page.bar(x, y - scene.half_bar, end - x, tall, ROUNDING, facecolor=hue)
    _write_words(scene, row, x, kept, y)


def _write_words(scene: _Scene, row: GanttRow, x: float, end: float, y: float) -> None:
    """Hours and note behind the bar; contingency bears them, and so does a bar that leaves no room."""
    page, palette = scene.page, scene.page.look.palette
    ground = palette.soft if row.is_chosen else palette.surface
    width, most = page.text_width(row.words, 600), scene.right + RIGHT - 4.0
    hatched = row.kind in ("contingency", "failed")
    if row.kind == "contingency" and end - x > width + 16.0:
        page.write((x + end) / 2.0, y, row.words, palette.text, 600, "center", ground=ground)
    elif end + 7.0 + width <= most:
        page.write(end + 7.0, y, row.words, palette.text2, 600, ground=ground)
        x = end + 7.0 + width + 10.0
        if row.note and row.is_chosen and x + page.text_width(row.note, 500) <= most:
            page.write(x, y, row.note, palette.text2, 500, ground=ground)
    elif x - 7.0 - width >= scene.left:
        page.write(x - 7.0, y, row.words, palette.text2, 600, "right", ground=ground)
    else:
        ink = palette.text if hatched else palette.on_accent
        page.write((x + end) / 2.0, y, row.words, ink, 600, "center", ground=ground if hatched else "")


def bar_hue(kind: BarKind, palette: Palette) -> str:
    """The colour of a kind of work: parts of one whole take no machine's hue but the main run's blue."""
    return {
        "prior": palette.context,
        "main": palette.ampere,
        "later": palette.part2,
        "failed": palette.context,
        "contingency": palette.ampere,
    }[kind]


def _words(series: GanttSeries, row: GanttRow) -> tuple[str, str, str]:
    dates, hours = bar_words(series, row)
    return row.name, f"{dates}\n{hours}", row.note
