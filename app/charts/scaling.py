"""Efficiency against GPUs: both ladders against the ideal, measured points filled, modelled ones hollow.

Drawn as efficiency and not as speed-up, since on two logarithmic axes every program seems to scale; the card
and the table state the speed-up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from app.charts.frame import Frame
from app.charts.labels import Box, Label, Place, Points, along, around, place_labels
from app.charts.spots import Drawn, Spot
from app.charts.style import Look
from app.charts.ticks import Tick, gpu_ticks
from app.present import numbers as n
from app.present.scaling import ScalingLine, ScalingPointShown, ScalingSeries, point_words
from app.words import text
from estimators.words import Amount, Name, say

TITLE = say("Efficiency against GPUs")
LINE, SECOND_LINE = 2.4, 1.4
MARKER = 7.0
DASHES = (5.0, 2.0)
ROLES = {"line": 700, "context": 400}
FILL_NAMES = {"Strong": "ampere", "Weak": "waiting"}


def draw(figure: Figure, series: ScalingSeries, look: Look, heading: tuple[str, str] | None = None) -> Drawn:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        series: At least one line.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    frame = Frame(
        figure, look, text(say("{noun}  (dashed: modelled)", noun=Name(series.noun))), text(say("Efficiency"))
    )
    if heading is not None:
        frame.write_heading(*heading)
    _set_axes(frame, series)
    _draw_ideal(frame, series)
    _draw_job(frame, series)
    for place, line in enumerate(series.lines):
        _draw_line(frame, line, place == 0)
    _write_labels(frame, series)
    spots = [
        Spot(p.gpus, p.efficiency, partial(point_words, p, line.name, series.noun), line.name, is_stop=True)
        for line in series.lines
        for p in line.points
    ]
    return Drawn(frame.axes, spots)


def _span(series: ScalingSeries) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits of both axes: all sizes, and from below the lowest efficiency to above the ideal."""
    gpus = [float(point.gpus) for line in series.lines for point in line.points]
    shares = [point.efficiency for line in series.lines for point in line.points]
    low = math.floor(10.0 * (min(series.enough, *shares) - 0.08)) / 10.0
    return (min(gpus) / 1.3, max(2.0 * min(gpus), *gpus) * 1.5), (max(low, 0.0), max(1.06, *shares) + 0.04)


def _set_axes(frame: Frame, series: ScalingSeries) -> None:
    x, y = _span(series)
    axes = frame.axes
    axes.set_xscale("log")
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    width = frame.figure.bbox.width / frame.pixel_scale - 70.0
    height = frame.figure.bbox.height / frame.pixel_scale - 75.0
    upright = _share_ticks(y, height)
    frame.set_ticks(gpu_ticks(*x, width), upright)
    frame.lay_out([tick.text for tick in upright], right=26.0)


def _share_ticks(span: tuple[float, float], pixels: float) -> list[Tick]:
    """Round shares that keep their distance."""
    most = max(2, int(pixels // 26.0))
    step = next((s for s in (10, 20, 50) if 100.0 * (span[1] - span[0]) / s <= most), 100)
    first = -(-round(100.0 * span[0]) // step) * step
    return [Tick(k / 100.0, n.percent(k / 100.0, 3)) for k in range(first, int(100.0 * span[1]) + 1, step)]


def _draw_ideal(frame: Frame, series: ScalingSeries) -> None:
    """The ideal as context, and the side on which efficiency is too low."""
    axes, palette = frame.axes, frame.look.palette
    ideal = axes.axhline(1.0, color=palette.context, zorder=1.5)
    ideal.set(linewidth=frame.look.points(1.4))
    shade = axes.axhspan(axes.get_ylim()[0], series.enough, color=palette.context, zorder=0.4)
    shade.set(alpha=0.10, linewidth=0.0)
    edge = axes.axhline(series.enough, color=palette.text2, zorder=1.4)
    edge.set(linewidth=frame.look.points(1.2), linestyle=(0.0, (4.0, 3.0)))


def _draw_job(frame: Frame, series: ScalingSeries) -> None:
    """The size of the main job, as an upright line."""
    if series.job_gpus is None:
        return
    line = frame.axes.axvline(series.job_gpus, color=frame.look.palette.accent, zorder=1.6)
    line.set(linewidth=frame.look.points(1.4), linestyle=(0.0, (1.0, 2.0)))


def _draw_line(frame: Frame, line: ScalingLine, is_first: bool) -> None:
    """Solid between measured points, dashed where one end is modelled."""
    look, axes = frame.look, frame.axes
    hue = _hue(look, line)
    width = look.points(LINE if is_first else SECOND_LINE)
    for a, b in zip(line.points[:-1], line.points[1:], strict=True):
        part = axes.plot([a.gpus, b.gpus], [a.efficiency, b.efficiency], color=hue, zorder=3.0)[0]
        part.set(linewidth=width)
        if not (a.measured and b.measured):
            part.set_dashes(DASHES)
    for point in line.points:
        _draw_point(axes, look, point, hue, is_first)


def _draw_point(axes: Axes, look: Look, point: ScalingPointShown, hue: str, is_first: bool) -> None:
    marker = axes.plot(point.gpus, point.efficiency, "o" if is_first else "s", zorder=4.0)[0]
    marker.set(
        markersize=look.points(MARKER if is_first else MARKER - 1.5),
        markerfacecolor=hue if point.measured else look.palette.surface,
        markeredgecolor=hue,
        markeredgewidth=look.points(1.4),
    )


def _hue(look: Look, line: ScalingLine) -> str:
    return str(getattr(look.palette, FILL_NAMES.get(line.name, "context")))


def _write_labels(frame: Frame, series: ScalingSeries) -> None:
    """Names at the line ends, the job at its line; none over another."""
    marks, lines = _obstacles(frame, series)
    corner = frame.axes.get_window_extent()
    bounds = Box(corner.x0, corner.y0, corner.x1 + 24.0 * frame.pixel_scale, corner.y1)

    def measure(words: str, role: str) -> tuple[float, float]:
        return frame.measure(words, ROLES[role])

    placed = place_labels(list(_labels(frame, series)), bounds, measure, marks, lines, frame.pixel_scale)
    point = 72.0 / float(frame.figure.dpi)
    box = frame.figure.bbox
    for one in placed:
        # shares of the figure, since a file may be drawn at another resolution than the labels were placed at
        at = one.place.x / box.width, one.place.y / box.height
        words = frame.axes.annotate(
            one.text, at, xycoords="figure fraction",
            xytext=(one.place.dx * point, one.place.dy * point), textcoords="offset points",
            ha=one.place.horizontal, va=one.place.vertical, color=one.label.colour,
            fontproperties=frame.look.font(ROLES[one.label.role]), annotation_clip=False, zorder=6.0,
        )  # fmt: skip
        words.set_path_effects(frame.look.halo())


def _pixels(frame: Frame, gpus: float, efficiency: float) -> tuple[float, float]:
    x, y = frame.axes.transData.transform((gpus, efficiency))
    return float(x), float(y)


def _obstacles(frame: Frame, series: ScalingSeries) -> tuple[list[tuple[str, Box]], Points]:
    """Boxes of the marks, and points along the lines."""
    half = 5.0 * frame.pixel_scale
    marks, lines = [], []
    for line in series.lines:
        ends = np.array([_pixels(frame, p.gpus, p.efficiency) for p in line.points])
        marks += [(line.name, Box(x - half, y - half, x + half, y + half)) for x, y in ends]
        lines.append(along(ends))
    for share in (1.0, series.enough):
        lines.append(along(np.array([_pixels(frame, gpus, share) for gpus in frame.axes.get_xlim()])))
    return marks, np.concatenate(lines)


def _labels(frame: Frame, series: ScalingSeries) -> Iterator[Label]:
    look = frame.look
    for rank, line in enumerate(series.lines):
        yield _line_label(frame, series, line, rank)
    left, right = frame.axes.get_xlim()
    bottom = frame.axes.get_ylim()[0]
    if series.job_gpus is not None:
        words = text(
            say(
                "Main run: {job_gpus} {noun}",
                job_gpus=Amount(series.job_gpus, form="fixed"),
                noun=Name(series.noun),
            )
        )
        places = _beside(frame, *_pixels(frame, series.job_gpus, bottom))
        yield Label("job", words, "context", look.palette.accent, places, 2)
    asked = Amount(series.enough, form="percent")
    enough = text(say("{share}, asked by reviewers", share=asked) if series.names_reviewers else asked)
    for share, words in ((1.0, text(say("Ideal"))), (series.enough, enough)):
        places = (
            *_beside(frame, *_pixels(frame, left, share)),
            *_beside(frame, *_pixels(frame, right, share)),
        )
        yield Label(words, words, "context", look.palette.text2, places, 3)


def _line_label(frame: Frame, series: ScalingSeries, line: ScalingLine, rank: int) -> Label:
    """The ladder's name and its efficiency at the main job, as near to that point as there is room."""
    gap = 9.0 * frame.pixel_scale
    at = next((p for p in line.points if p.gpus == series.job_gpus), line.points[-1])
    places = around(*_pixels(frame, at.gpus, at.efficiency), gap)
    if rank == 0:
        places = places[3:6] + places[:3] + places[6:]
    last = line.points[-1]
    end = around(*_pixels(frame, last.gpus, last.efficiency), gap)
    words = f"{line.name} {n.percent(at.efficiency)}"
    return Label(line.name, words, "line", _hue(frame.look, line), (*places, *end), rank)


def _beside(frame: Frame, x: float, y: float) -> tuple[Place, ...]:
    """Places above a line, at both sides of a point, then below it."""
    near, up = 6.0 * frame.pixel_scale, 4.0 * frame.pixel_scale
    return (
        Place(x, y, near, up, "left", "bottom"),
        Place(x, y, -near, up, "right", "bottom"),
        Place(x, y, near, -up, "left", "top"),
        Place(x, y, -near, -up, "right", "top"),
    )
