"""Use by month: node-hours of every month, by kind of work, against an even spread."""

from __future__ import annotations

import math
from functools import partial

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from app.charts.frame import Frame
from app.charts.gantt import bar_hue
from app.charts.spots import Drawn, Spot
from app.charts.style import Look
from app.charts.ticks import Tick
from app.present import numbers as n
from app.present.calendar import MonthBar, MonthPart, MonthSeries
from app.words import text
from estimators.words import Amount, say

TITLE = say("Use by month")
WIDTH = 0.6
"""Width of a bar as a share of its month."""
HEADROOM = 1.16
LEAST_PART_TEXT = 16.0
"""Pixels that a part needs before its name stands in it."""
LEAST_TICK = 26.0


def draw(figure: Figure, series: MonthSeries, look: Look, heading: tuple[str, str] | None = None) -> Drawn:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        series: At least one month.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    frame = Frame(figure, look, "", text(say("Node-hours")))
    if heading is not None:
        frame.write_heading(*heading)
    high = HEADROOM * max([1.0, series.even, *(bar.node_hours for bar in series.bars)])
    _set_axes(frame, series, high)
    for place, bar in enumerate(series.bars):
        _draw_bar(frame, place, bar, len(series.bars), high)
    _draw_even(frame, series)
    spots = [
        Spot(float(place), float(bar.node_hours), partial(_words, bar), bar.title, is_stop=True)
        for place, bar in enumerate(series.bars)
    ]
    return Drawn(frame.axes, spots)


def _set_axes(frame: Frame, series: MonthSeries, high: float) -> None:
    axes, count = frame.axes, len(series.bars)
    axes.set_xlim(-0.6, count - 0.4)
    axes.set_ylim(0.0, high)
    upright = _ticks(high, frame.figure.bbox.height / frame.pixel_scale - 70.0)
    width = frame.figure.bbox.width / frame.pixel_scale - 60.0
    frame.set_ticks(_month_ticks(frame, series, width / count), upright)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    frame.lay_out([tick.text for tick in upright])


def _month_ticks(frame: Frame, series: MonthSeries, room: float) -> list[Tick]:
    """Number and first day of every month, as far as there is room for them."""
    wide = max(frame.measure(bar.words)[0] for bar in series.bars) / frame.pixel_scale + 8.0
    every = max(1, math.ceil(LEAST_TICK / room))
    ticks = []
    for place, bar in enumerate(series.bars):
        short = bar.short if place % every == 0 else ""
        ticks.append(Tick(float(place), f"{bar.title}\n{bar.words}" if wide <= room else short))
    return ticks


def _ticks(high: float, pixels: float) -> list[Tick]:
    most = max(2, int(pixels // 34.0))
    step = 10.0 ** math.floor(math.log10(high / most))
    step = next(step * factor for factor in (1, 2, 5, 10) if high / (step * factor) <= most)
    return [Tick(k * step, n.exact(k * step)) for k in range(int(high / step) + 1)]


def _draw_bar(frame: Frame, place: int, bar: MonthBar, count: int, high: float) -> None:
    axes, look = frame.axes, frame.look
    box = axes.get_window_extent()
    per_hour = box.height / frame.pixel_scale / high
    room = WIDTH * box.width / frame.pixel_scale / count - 6.0
    ground = 0
    for part in bar.parts:
        hue = bar_hue(part.kind, look.palette)
        # as floats: drawing refuses whole numbers beyond 64 bit, which a plan of absurd size asks for
        patch = axes.bar(place, float(part.node_hours), WIDTH, float(ground), zorder=3.0)[0]
        patch.set(facecolor=hue, linewidth=0.0)
        if part.kind in ("contingency", "failed"):
            patch.set(facecolor=look.palette.surface, edgecolor=hue, hatch="////", linewidth=look.points(1.0))
        if part.node_hours * per_hour >= LEAST_PART_TEXT:
            _name_part(frame, place, ground + part.node_hours / 2.0, part, room)
        ground += part.node_hours
    if frame.measure(n.exact(ground), 600)[0] / frame.pixel_scale <= room / WIDTH:
        axes.annotate(
            n.exact(ground), (place, ground), xytext=(0.0, look.points(4.0)), textcoords="offset points",
            ha="center", va="bottom", color=look.palette.text, fontproperties=look.font(600), zorder=6.0,
        ).set_path_effects(look.halo())  # fmt: skip


def _name_part(frame: Frame, place: int, middle: float, part: MonthPart, room: float) -> None:
    """The name inside the part, without what follows a comma, where it fits."""
    look = frame.look
    hatched = part.kind in ("contingency", "failed")
    names = (part.name, part.name.partition(",")[0], part.name.split()[0])
    name = next((one for one in names if frame.measure(one, 600)[0] / frame.pixel_scale <= room), "")
    if not name or part.kind in ("prior", "later"):
        return
    words = frame.axes.annotate(
        name, (place, middle), ha="center", va="center", zorder=6.0,
        color=look.palette.text if hatched else look.palette.on_accent, fontproperties=look.font(600),
    )  # fmt: skip
    if hatched:
        words.set_path_effects(look.halo())


def _draw_even(frame: Frame, series: MonthSeries) -> None:
    if len(series.bars) < 2:
        return
    look, axes = frame.look, frame.axes
    line = Line2D([-0.6, len(series.bars) - 0.4], [series.even] * 2, color=look.palette.text2, zorder=2.5)
    line.set_linewidth(look.points(1.4))
    line.set_dashes((4.0, 2.5))
    axes.add_line(line)
    axes.annotate(
        text(say("Even spread: {even}", even=Amount(series.even, form="fixed"))), (1.0, series.even),
        xycoords=("axes fraction", "data"),
        xytext=(look.points(-2.0), look.points(3.0)), textcoords="offset points", ha="right", va="bottom",
        color=look.palette.text2, fontproperties=look.font(), zorder=7.0,
    ).set_path_effects(look.halo())  # fmt: skip


def _words(bar: MonthBar) -> tuple[str, str, str]:
    parts = "\n".join(f"{part.name}: {n.exact(part.node_hours)}" for part in reversed(bar.parts))
    return (
        f"{bar.title}, {bar.words}",
        parts or text(say("No use")),
        text(say("{node_hours} node-hours", node_hours=Amount(bar.node_hours, form="fixed"))),
    )
