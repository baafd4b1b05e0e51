"""Predicted against measured as a ratio: on log-log axes every model would look right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from math import exp, log
from operator import attrgetter

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from app.charts.frame import ABOVE, BELOW, RIGHT, Frame
from app.charts.ratio_labels import name_families, write_labels
from app.charts.series_view import Kind, SeriesView
from app.charts.spots import Drawn, Spot
from app.charts.style import MARKERS, Look, marker_size
from app.charts.ticks import Tick, gpu_ticks
from app.present.evidence import NAMED, EvidencePoint, EvidenceSeries, PlanMark, signed_percent
from app.present.evidence_words import (
    evidence_subtitle,
    evidence_summary,
    evidence_text,
    plan_words,
    point_words,
)
from app.words import text
from estimators.words import say

TITLE = say("Predicted against measured")
X_NAME = say("GPUs of the run; equal counts stand side by side")
Y_NAME = say("Predicted against measured time")
RATIOS = (0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.5)
DENSE_RATIOS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 2.0, 2.5)
LEAST_STEP = 20.0
"""Pixels between two ticks below which the sparse ones are taken."""
LEAST_SPAN, MOST_SPAN = (0.75, 1.33), (0.4, 2.5)
"""Shares of time that the axis always and at most shows; runs beyond stand at its edge."""
TAIL_PERCENT = 1.0
MARKER, NEAR_MARKER, PLAN_MARKER = 5.5, 8.0, 11.0
SIDE_BY_SIDE = 0.3
"""Octaves over which runs with one GPU count spread to either side."""
KEY = 17.0
"""Pixels above the axes for the names of the families."""
GOLDEN = 0.6180339887


def draw(figure: Figure, series: EvidenceSeries, look: Look, heading: tuple[str, str] | None = None) -> Drawn:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        series: At least one point.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    frame = Frame(figure, look, text(X_NAME), "")
    if heading is not None:
        frame.write_heading(*heading)
    x, y = _spans(series)
    frame.set_limits(x, y)
    _set_ticks(frame, x, y)
    _draw_band(frame, series.band)
    spots = _draw_points(frame, series.points, y)
    if series.plan is not None:
        _draw_plan(frame, series.plan, y)
        spots.insert(0, Spot(series.plan.gpus, 1.0, partial(plan_words, series.plan), "plan", is_stop=True))
    name_families(frame, series)
    write_labels(frame, series, spots)
    return Drawn(frame.axes, spots)


# ---------------------------------------------------------------- axes


def _spans(series: EvidenceSeries) -> tuple[tuple[float, float], tuple[float, float]]:
    counts = [point.run.gpus for point in series.points]
    if series.plan is not None:
        counts.append(series.plan.gpus)
    ratios = np.array([point.ratio for point in series.points])
    low, high = np.percentile(ratios, (TAIL_PERCENT, 100.0 - TAIL_PERCENT))
    near = series.named
    low, high = min([low, *(p.ratio for p in near)]) / 1.05, max([high, *(p.ratio for p in near)]) * 1.05
    y = (
        max(MOST_SPAN[0], min(LEAST_SPAN[0], float(low))),
        min(MOST_SPAN[1], max(LEAST_SPAN[1], float(high))),
    )
    return (min(counts) / 1.7, max(max(counts), 4.0 * min(counts)) * 1.7), y


def _set_ticks(frame: Frame, x: tuple[float, float], y: tuple[float, float]) -> None:
    scale = frame.pixel_scale
    counts = gpu_ticks(*x, frame.figure.bbox.width / scale - 80.0)
    height = frame.figure.bbox.height / scale - BELOW - ABOVE - KEY - frame.heading
    is_roomy = height * log(1.0 / 0.9) / log(y[1] / y[0]) >= LEAST_STEP
    ratios = DENSE_RATIOS if is_roomy else RATIOS
    shares = [Tick(ratio, _ratio_text(ratio)) for ratio in ratios if y[0] <= ratio <= y[1]]
    frame.set_ticks(counts, shares)
    frame.lay_out([tick.text for tick in shares], RIGHT, ABOVE + KEY)
    frame.axes.annotate(
        text(Y_NAME), (0.0, 1.0), xycoords="axes fraction", xytext=(0.0, frame.look.points(6.0 + KEY)),
        textcoords="offset points", ha="left", va="bottom", color=frame.look.palette.text2,
        annotation_clip=False, fontproperties=frame.look.font(500),
    )  # fmt: skip


def _ratio_text(ratio: float) -> str:
    return text(say("exact")) if ratio == 1.0 else signed_percent(ratio)


# ---------------------------------------------------------------- marks


def _draw_band(frame: Frame, half_width: float) -> None:
    """The 80 % interval, and the line of exact predictions."""
    palette = frame.look.palette
    if half_width > 0.0:
        frame.axes.axhspan(
            exp(-half_width), exp(half_width), color=palette.context, alpha=0.18, linewidth=0.0, zorder=1.5
        )
    frame.axes.axhline(1.0, color=palette.text2, linewidth=frame.look.points(1.4), zorder=2.0)


def _draw_points(frame: Frame, points: Sequence[EvidencePoint], y: tuple[float, float]) -> list[Spot]:
    """All runs; one artist for each family, the runs near the plan above them with a ring."""
    xs = _side_by_side(points)
    ys = [min(max(point.ratio, y[0]), y[1]) for point in points]
    spots = [
        Spot(px, py, partial(point_words, point), point.run.id, point.rank > 0)
        for point, px, py in zip(points, xs, ys, strict=True)
    ]
    groups: dict[str, list[int]] = {}
    for index, point in enumerate(points):
        groups.setdefault(point.run.gpu_family, []).append(index)
    for members in sorted(groups.values(), key=len, reverse=True):
        far = [index for index in members if not _is_ringed(points[index])]
        _scatter(frame, points[members[0]], [xs[i] for i in far], [ys[i] for i in far])
    for index, point in enumerate(points):
        if _is_ringed(point):
            _scatter(frame, point, [xs[index]], [ys[index]], ringed=True)
    return sorted(spots, key=lambda spot: not spot.is_stop)


def _is_ringed(point: EvidencePoint) -> bool:
    return 0 < point.rank <= NAMED


def _scatter(
    frame: Frame, like: EvidencePoint, xs: list[float], ys: list[float], ringed: bool = False
) -> None:
    look, marker = frame.look, MARKERS[like.mark.marker]
    line = Line2D(xs, ys, linestyle="none", marker=marker, color=look.hue(like.mark), clip_on=False)
    line.set_markersize(marker_size(marker, look.points(NEAR_MARKER if ringed else MARKER)))
    line.set_markeredgecolor(look.palette.text if ringed else look.palette.surface)
    line.set_markeredgewidth(look.points(1.8 if ringed else 0.6))
    line.set_zorder(6.0 if ringed else 3.0)
    frame.axes.add_line(line)


def _side_by_side(points: Sequence[EvidencePoint]) -> list[float]:
    """Where each run stands: runs with one count spread sideways in a fixed, even order."""
    order = sorted(range(len(points)), key=lambda i: (points[i].run.gpus, points[i].ratio, points[i].run.id))
    places = [0.0] * len(points)
    for count, members in groupby(order, key=lambda i: points[i].run.gpus):
        listed = list(members)
        reach = SIDE_BY_SIDE * min(1.0, (len(listed) - 1) / 12.0)
        for step, index in enumerate(listed):
            places[index] = count * 2.0 ** (reach * (2.0 * ((0.5 + step * GOLDEN) % 1.0) - 1.0))
    return places


def _draw_plan(frame: Frame, plan: PlanMark, y: tuple[float, float]) -> None:
    """A dashed line at the plan's GPUs; its mark stands at exact, its interval upright through it."""
    look = frame.look
    hue, marker = look.hue(plan.mark), MARKERS[plan.mark.marker]
    frame.axes.axvline(plan.gpus, color=look.palette.accent, linewidth=look.points(1.4), zorder=4.0,
                       dashes=(4.0, 2.5))  # fmt: skip
    ends = [max(plan.low, y[0]), min(plan.high, y[1])]
    cross = Line2D([plan.gpus, plan.gpus], ends, color=look.palette.text, linewidth=look.points(2.4))
    cross.set(solid_capstyle="butt", zorder=6.5)
    mark = Line2D([plan.gpus], [1.0], marker=marker, linestyle="none", color=hue, zorder=7.0)
    mark.set_markersize(marker_size(marker, look.points(PLAN_MARKER)))
    mark.set_markeredgecolor(look.palette.surface)
    mark.set_markeredgewidth(look.points(1.2))
    for line in (cross, mark):
        frame.axes.add_line(line)


# ---------------------------------------------------------------- widget


class PredictedAgainstMeasured(SeriesView):
    """Every published run with its held-out error, and the plan among them."""

    title = TITLE
    kind = Kind(
        draw, attrgetter("points"), evidence_subtitle, evidence_summary, evidence_text, say("No result yet")
    )
