"""The access modes against the request: bars on a logarithmic axis of GPU-hours, the request as a line."""

from __future__ import annotations

import math
from functools import partial

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from app.charts.frame import Frame
from app.charts.spots import Drawn, Spot
from app.charts.style import Look
from app.charts.ticks import count_ticks
from app.present.access_chart import DoorBar, DoorSeries
from app.words import text
from estimators.words import Amount, say

TITLE = say("Modes against the request")
ABOVE, RIGHT = 20.0, 14.0
BAR = 0.46
"""Height of a bar as a share of its row."""
ROOM = 1.6
"""Factor that the axis leaves free beyond the outermost value."""
BAND_ALPHA = 0.16
LEAST_TICK = 46.0
GAP = 10.5
"""Pixels between a mark and its words."""


def draw(figure: Figure, series: DoorSeries, look: Look, heading: tuple[str, str] | None = None) -> Drawn:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        series: At least one mode.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    frame = Frame(figure, look, series.axis, "")
    if heading is not None:
        frame.write_heading(*heading)
    low, high = limits(series)
    _set_axes(frame, series, low, high)
    _draw_request(frame, series)
    for place, bar in enumerate(series.bars):
        _draw_bar(frame, place, bar, (low, high), series.request)
    spots = [
        Spot(_middle(bar, low, high), float(place), partial(_words, bar), bar.mode_id, is_stop=True)
        for place, bar in enumerate(series.bars)
    ]
    return Drawn(frame.axes, spots)


def limits(series: DoorSeries) -> tuple[float, float]:
    """Ends of the axis: every bound of a mode and the request, with room beside them."""
    bounds = [
        bound
        for bar in series.bars
        for bound in (bar.low_gpu_hours, bar.high_gpu_hours, series.request, series.p50, series.p90)
        if math.isfinite(bound) and bound > 0.0
    ]
    return min(bounds) / ROOM, max(bounds) * ROOM


def _set_axes(frame: Frame, series: DoorSeries, low: float, high: float) -> None:
    axes, look = frame.axes, frame.look
    names = [bar.name for bar in series.bars]
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(len(names) - 0.5, -0.5)
    frame.lay_out(names, RIGHT, ABOVE, weight=700)
    ticks = count_ticks(low, high, axes.get_window_extent().width / frame.pixel_scale, LEAST_TICK)
    axes.xaxis.set_major_locator(FixedLocator([tick.value for tick in ticks]))
    axes.xaxis.set_major_formatter(FixedFormatter([tick.text for tick in ticks]))
    axes.yaxis.set_major_locator(FixedLocator(range(len(names))))
    axes.yaxis.set_major_formatter(FixedFormatter(names))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.spines["left"].set_visible(False)
    axes.grid(True, axis="x", color=look.palette.grid, linewidth=look.points(1.0))
    for words in axes.get_xticklabels():
        words.set_fontproperties(look.font())
    for words, bar in zip(axes.get_yticklabels(), series.bars, strict=True):
        words.set_fontproperties(look.font(700 if bar.is_chosen else 400))
        words.set_color(look.palette.text if bar.is_chosen else look.palette.text2)


def _draw_request(frame: Frame, series: DoorSeries) -> None:
    """The band from P50 to P90, the line of what is asked for, and its name above."""
    axes, look = frame.axes, frame.look
    if math.isfinite(series.p50) and math.isfinite(series.p90):
        axes.axvspan(
            series.p50, series.p90, color=look.palette.ampere, alpha=BAND_ALPHA, linewidth=0.0, zorder=1.5
        )
    line = Line2D([series.request] * 2, [0.0, 1.0], transform=axes.get_xaxis_transform(), zorder=5.0)
    line.set(color=look.palette.text, linewidth=look.points(2.0))
    axes.add_line(line)
    words = text(say("Request {request}", request=Amount(series.request, form="fixed")))
    box, half = axes.get_window_extent(), frame.measure(words, 700)[0] / 2.0
    at = float(axes.transData.transform((series.request, 0.0))[0])
    shift = max(0.0, box.x0 + half - at) - max(0.0, at + half - box.x1)
    axes.annotate(
        words, (series.request, 1.0), xycoords=("data", "axes fraction"), annotation_clip=False,
        xytext=(shift * 72.0 / float(frame.figure.dpi), look.points(3.0)), textcoords="offset points",
        ha="center", va="bottom", color=look.palette.text, fontproperties=look.font(700), zorder=8.0,
    )  # fmt: skip


def _draw_bar(frame: Frame, place: int, bar: DoorBar, span: tuple[float, float], request: float) -> None:
    axes, look = frame.axes, frame.look
    hue = look.palette.tone(bar.row.tone)[0] if bar.is_chosen else look.palette.context
    if bar.fixed:
        mark = Line2D([bar.high_gpu_hours], [place], color=hue, marker="D", linestyle="none", zorder=4.0)
        mark.set_markersize(look.points(9.5))
        axes.add_line(mark)
        _write(frame, bar.high_gpu_hours, place, bar.label, request)
        return
    left, right = max(span[0], bar.low_gpu_hours), min(span[1], bar.high_gpu_hours)
    patch = axes.barh(place, right - left, BAR, left, zorder=3.0)[0]
    patch.set(facecolor=hue, linewidth=0.0)


def _write(frame: Frame, x: float, place: int, text: str, request: float) -> None:
    """A word beside a mark: right of it, or left where the request's line or the edge is in its way."""
    look, axes = frame.look, frame.axes
    box, width = axes.get_window_extent(), frame.measure(text)[0] + GAP * 1.6 * frame.pixel_scale
    at, line = (float(axes.transData.transform((value, place))[0]) for value in (x, request))
    right = at + width <= box.x1 and not at <= line <= at + width
    if at - width < box.x0:
        right = True
    artist = axes.annotate(
        text, (x, place), xytext=(look.points(GAP if right else -GAP), 0.0), textcoords="offset points",
        ha="left" if right else "right", va="center", color=look.palette.text2, zorder=7.0,
        fontproperties=look.font(),
    )  # fmt: skip
    artist.set_path_effects(look.halo())


def _middle(bar: DoorBar, low: float, high: float) -> float:
    """Where the pointer finds a mode: the mark, or the middle of the bar as it is drawn."""
    if bar.fixed:
        return bar.high_gpu_hours
    return math.sqrt(max(low, bar.low_gpu_hours) * min(high, bar.high_gpu_hours))


def _words(bar: DoorBar) -> tuple[str, str, str]:
    return bar.name, f"{bar.row.door.size}\n{bar.row.verdict}", bar.row.offered_words
