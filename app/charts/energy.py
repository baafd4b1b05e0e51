"""Energy and carbon by machine: two scales side by side, since the grid may matter more than the machine."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from app.charts.bar_frame import blend
from app.charts.page import Page
from app.charts.spots import Drawn, Spot
from app.charts.style import MARKERS, Look, marker_size
from app.present import numbers as n
from app.present.footprint import EnergyRow, EnergySeries, row_words
from app.words import text
from estimators.quantity import Range
from estimators.words import Name, say

TITLE = say("Energy and carbon")
HEAD, FOOT = 26.0, 24.0
"""Pixels for the names of both scales, and for their ticks."""
ROW, LEAST_ROW = 26.0, 16.0
NAME_LEFT, GAP, BETWEEN, RIGHT = 8.0, 12.0, 26.0, 12.0
BAND = 8.0
BAND_SHARE = 0.28
VALUE_GAP = 8.0
LEAST_TICK = 34.0
DASHES = (1.5, 2.0)


@dataclass(frozen=True)
class _Panel:
    """One scale: where it stands, what it shows and how far it reaches."""

    title: str
    unit: str
    left: float
    right: float
    high: float
    size: float
    value: Callable[[EnergyRow], Range | None]

    def x(self, amount: float) -> float:
        """Of an amount in kWh or kg."""
        return self.left + (self.right - self.left) * amount / self.high

    def text(self, value: Range) -> str:
        """The middle in the panel's unit."""
        return n.short(value.p50 / self.size, 2)


def natural_height(rows: int) -> float:
    """Pixels at 100 % in which every row has its full height."""
    return HEAD + ROW * max(1, rows) + FOOT


def draw(figure: Figure, series: EnergySeries, look: Look, heading: tuple[str, str] | None = None) -> Drawn:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        series: At least one row.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    page = Page(figure, look)
    if heading is not None:
        page.write_heading(*heading)
    top = page.top + HEAD
    row = max(LEAST_ROW, (page.height - top - FOOT) / len(series.rows))
    bottom = top + row * len(series.rows)
    left = NAME_LEFT + max(page.text_width(one.label, 700) for one in series.rows) + GAP
    panels = _panels(page, series, left)
    for panel in panels:
        _draw_scale(page, panel, top, bottom)
    spots = []
    for place, one in enumerate(series.rows):
        y = top + (place + 0.5) * row
        weight, ink = (700, page.look.palette.text) if one.is_chosen else (400, page.look.palette.text2)
        page.write(left - GAP, y, one.label, ink, weight, "right")
        for panel in panels:
            _draw_value(page, panel, one, y)
        x = panels[0].x(one.energy_kwh.p50) if one.energy_kwh is not None else panels[0].left
        spots.append(Spot(x, y, partial(row_words, one), one.machine_id, is_stop=True))
    return Drawn(page.axes, spots)


def _panels(page: Page, series: EnergySeries, left: float) -> tuple[_Panel, _Panel]:
    """Both scales with the same room."""
    width = max(60.0, (page.width - left - BETWEEN - RIGHT) / 2.0)
    (kwh, energy), (kg, carbon) = series.energy_unit, series.carbon_unit
    first = _panel(
        page,
        series,
        (text(say("Energy, {energy}", energy=Name(energy))), energy),
        left,
        width,
        kwh,
        lambda row: row.energy_kwh,
    )
    start = left + width + BETWEEN
    second = _panel(
        page,
        series,
        (text(say("Carbon, {carbon}", carbon=Name(carbon))), carbon),
        start,
        width,
        kg,
        lambda row: row.carbon_kg,
    )
    return first, second


def _panel(
    page: Page,
    series: EnergySeries,
    titles: tuple[str, str],
    left: float,
    width: float,
    size: float,
    value: Callable[[EnergyRow], Range | None],
) -> _Panel:
    """A scale that leaves room for the number behind every range."""
    known = [found for row in series.rows if (found := value(row)) is not None]
    high = max((found.p90 for found in known), default=size)
    for found in known:
        room = page.text_width(n.short(found.p50 / size, 2), 700) + VALUE_GAP
        high = max(high, found.p90 * width / max(width - room, 0.2 * width))
    return _Panel(*titles, left, left + width, high, size, value)


def _draw_scale(page: Page, panel: _Panel, top: float, bottom: float) -> None:
    palette = page.look.palette
    title = panel.title
    if page.text_width(title, 500) > panel.right - panel.left:
        title = panel.unit  # the unit tells them apart too
    page.write(panel.left, top - HEAD / 2.0 - 3.0, title, palette.text2, 500)
    for amount in _ticks(panel):
        x = panel.x(amount)
        page.line((x, x), (top - 4.0, bottom), palette.grid, 1.0, 0.4)
        page.write(x, bottom + 12.0, n.short(amount / panel.size, 3), palette.text2, side="center")
    page.line((panel.left, panel.left), (top - 4.0, bottom), palette.strong, 1.0, 1.0)


def _ticks(panel: _Panel) -> list[float]:
    """Round amounts that keep their distance."""
    most = max(1, int((panel.right - panel.left) // LEAST_TICK))
    high = panel.high / panel.size
    step = 10.0 ** math.floor(math.log10(high / most))
    step = next(step * factor for factor in (1, 2, 5, 10) if high / (step * factor) <= most)
    return [k * step * panel.size for k in range(int(high / step) + 1)]


def _draw_value(page: Page, panel: _Panel, row: EnergyRow, y: float) -> None:
    """A line from zero to the middle, the range behind it, the mark and the number."""
    look, value = page.look, panel.value(row)
    if value is None:
        room = panel.right - panel.left - VALUE_GAP
        unknown = text(n.UNKNOWN)
        shown = unknown if page.text_width(unknown, 500) <= room else n.EMPTY
        page.write(panel.left + VALUE_GAP, y, shown, look.palette.unk, 500)
        return
    hue = look.hue(row.mark)
    low, middle, high = (panel.x(amount) for amount in (value.p10, value.p50, value.p90))
    band = blend(hue, look.palette.surface, BAND_SHARE)
    page.bar(low, y - BAND / 2.0, max(high - low, 1.0), BAND, 2.0, 2.0, facecolor=band)
    page.line(
        (panel.left, middle), (y, y), hue, 2.4 if row.is_chosen else 1.2, 2.5, DASHES if row.is_own else None
    )
    _draw_mark(page, row, middle, y)
    ink = look.palette.text if row.is_chosen else look.palette.text2
    weight = 700 if row.is_chosen else 500
    page.write(
        max(high, middle + 5.0) + VALUE_GAP, y, panel.text(value), ink, weight, ground=look.palette.surface
    )


def _draw_mark(page: Page, row: EnergyRow, x: float, y: float) -> None:
    look = page.look
    shape = MARKERS[row.mark.marker]
    mark = page.axes.plot(x, y, shape, color=look.hue(row.mark), zorder=4.0)[0]
    mark.set(
        markersize=marker_size(shape, look.points(9.0 if row.is_chosen else 6.5)),
        markeredgecolor=look.palette.surface,
        markeredgewidth=look.points(0.8),
    )
