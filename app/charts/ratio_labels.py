"""The words in the ratio chart: families above it, names at the nearest runs, the plan, the band."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, hypot

import numpy as np
from matplotlib.lines import Line2D

from app.charts.frame import Frame
from app.charts.labels import Box, Horizontal, Label, Place, PlacedLabel, Points, along, around, place_labels
from app.charts.spots import Spot
from app.charts.style import MARKERS, marker_size
from app.present.evidence import EvidenceSeries, PlanMark, run_name, signed_percent
from app.present.evidence_words import shown_families
from app.present.numbers import THIN_SPACE, exact
from app.words import text
from estimators.words import Name, say

LEADER_FROM = 15.0
"""Pixels between a mark and its name from which a thin line joins them."""
DOT_WEIGHT = 20
"""Points of line that one dot counts as when a label looks for a place."""
_ROLES = {"near": (600, 0.5), "plan": (700, 0.0), "note": (400, 0.5)}


def name_families(frame: Frame, series: EvidenceSeries) -> None:
    """Marker and name of every family shown, in a line above the axes, as far as there is room."""
    look, box = frame.look, frame.axes.get_window_extent()
    pixel = frame.pixel_scale
    x, limit = box.x0, frame.figure.bbox.width - 4.0 * pixel
    for name, mark in shown_families(series):
        width = frame.measure(name, 500)[0]
        if x + width + 16.0 * pixel > limit:
            return
        place = ((x + 5.0 * pixel - box.x0) / box.width, 1.0 + 10.0 * pixel / box.height)
        marker = MARKERS[mark.marker]
        dot = Line2D([place[0]], [place[1]], marker=marker, linestyle="none", color=look.hue(mark))
        dot.set(transform=frame.axes.transAxes, clip_on=False)
        dot.set_markersize(marker_size(marker, look.points(7.0)))
        dot.set_markeredgewidth(0.0)
        frame.axes.add_line(dot)
        frame.axes.annotate(
            name, place, xycoords="axes fraction", xytext=(look.points(8.0), 0.0),
            textcoords="offset points", ha="left", va="center", color=look.hue(mark),
            fontproperties=look.font(500), annotation_clip=False,
        )  # fmt: skip
        x += width + 26.0 * pixel


def _near_labels(frame: Frame, spots: Sequence[Spot], series: EvidenceSeries) -> list[Label]:
    """The names of the runs nearest to the plan; the first keeps its label longest."""
    at = {spot.key: spot for spot in spots}
    labels = []
    for point in series.named:
        spot = at[point.run.id]
        x, y = (float(pixel) for pixel in frame.axes.transData.transform((spot.x, spot.y)))
        words = f"{run_name(point.run)}  {signed_percent(point.ratio)}"
        places = (*around(x, y, 9.0 * frame.pixel_scale), *_far_places(frame, x, y))
        labels.append(Label(point.run.id, words, "near", frame.look.palette.text, places, point.rank))
    return labels


def _far_places(frame: Frame, x: float, y: float) -> tuple[Place, ...]:
    """Places in the emptier parts above and below, reached by a thin line."""
    pixel = frame.pixel_scale
    return tuple(
        Place(x, y, side * across * pixel, up * pixel, "left" if side > 0 else "right", "center")
        for up in (40.0, 58.0, -40.0, -58.0, 76.0, -76.0, 94.0, -94.0)
        for across in (14.0, 40.0)
        for side in (1, -1)
    )


def _plan_label(frame: Frame, plan: PlanMark) -> Label:
    box = frame.axes.get_window_extent()
    x, _ = frame.axes.transData.transform((plan.gpus, 1.0))
    gap = 5.0 * frame.pixel_scale
    places = (
        Place(float(x), box.y1, gap, -gap, "left", "top"),
        Place(float(x), box.y1, -gap, -gap, "right", "top"),
        Place(float(x), box.y0, gap, gap, "left", "bottom"),
    )
    return Label("plan", plan.label, "plan", frame.look.palette.accent, places, 0)


def _notes(frame: Frame, series: EvidenceSeries) -> list[Label]:
    """What the band is, and how many runs stand at an edge because they lie beyond it."""
    box, gap, y = frame.axes.get_window_extent(), 4.0 * frame.pixel_scale, frame.axes.get_ylim()
    above = sum(point.ratio > y[1] for point in series.points)
    below = sum(point.ratio < y[0] for point in series.points)
    to_pixels = frame.axes.transData.transform
    low, high = (float(to_pixels((1.0, exp(side * series.band)))[1]) for side in (-1.0, 1.0))
    ends: tuple[tuple[float, float, Horizontal], ...] = ((box.x1, -gap, "right"), (box.x0, gap, "left"))
    over = tuple(Place(x, box.y1, dx, -gap, align, "top") for x, dx, align in ends)
    under = tuple(Place(x, box.y0, dx, gap, align, "bottom") for x, dx, align in ends)
    beside = (
        *(Place(x, low, dx, -gap, align, "top") for x, dx, align in ends),
        *(Place(x, high, dx, gap, align, "bottom") for x, dx, align in ends),
    )
    notes = (
        [("band", text(say("80{thin_space}% interval", thin_space=Name(THIN_SPACE))), beside)]
        if series.band > 0.0
        else []
    )
    notes += [("above", text(say("{above} above", above=Name(exact(above)))), over)] if above else []
    notes += [("below", text(say("{below} below", below=Name(exact(below)))), under)] if below else []
    ink = frame.look.palette.text2
    return [Label(key, words, "note", ink, places, 8) for key, words, places in notes]


def write_labels(frame: Frame, series: EvidenceSeries, spots: Sequence[Spot]) -> None:
    """Name the nearest runs, the plan, the band and what lies beyond the axes.

    Args:
        frame: With its limits and layout.
        series: What is shown.
        spots: Where its points stand, the plan among them.
    """
    labels = [*_near_labels(frame, spots, series), *_notes(frame, series)]
    if series.plan is not None:
        labels.append(_plan_label(frame, series.plan))
    for placed in _placed(frame, labels, spots, series.plan):
        _write(frame, placed)


def _placed(
    frame: Frame, labels: list[Label], spots: Sequence[Spot], plan: PlanMark | None
) -> list[PlacedLabel]:
    pixel = frame.pixel_scale

    def measure(text: str, role: str) -> tuple[float, float]:
        weight, shrink = _ROLES[role]
        width, height = frame.measure(text, weight, shrink)[0], frame.measure("lp", weight, shrink)[1]
        return width + 2.0 * pixel, height + 3.0 * pixel

    box = frame.axes.get_window_extent()
    bounds = Box(box.x0, box.y0 - 1.0, frame.figure.bbox.width - 2.0, box.y1 + 1.0)
    dots = frame.axes.transData.transform(np.array([(spot.x, spot.y) for spot in spots]).reshape(-1, 2))
    half = 7.0 * pixel
    rings = [
        ("", Box(x - half, y - half, x + half, y + half))
        for spot, (x, y) in zip(spots, dots.tolist(), strict=True)
        if spot.is_stop
    ]
    return place_labels(labels, bounds, measure, rings, _obstacles(frame, dots, plan), pixel)


def _obstacles(frame: Frame, dots: Points, plan: PlanMark | None) -> Points:
    """Each dot, and the plan's interval, count as a stretch of line: names look for emptier ground."""
    heavy = [np.repeat(dots, DOT_WEIGHT, axis=0)]
    if plan is not None:
        ends = frame.axes.transData.transform([(plan.gpus, plan.low), (plan.gpus, plan.high)])
        heavy.append(np.repeat(along(ends), 4, axis=0))
    return np.vstack(heavy)


def _write(frame: Frame, placed: PlacedLabel) -> None:
    look, place = frame.look, placed.place
    anchor = frame.axes.transData.inverted().transform((place.x, place.y))
    per_pixel = 72.0 / float(frame.figure.dpi)
    weight, shrink = _ROLES[placed.label.role]
    far = placed.label.role == "near" and hypot(place.dx, place.dy) > LEADER_FROM * frame.pixel_scale
    leader = {"arrowstyle": "-", "color": look.palette.text2, "linewidth": look.points(0.9), "shrinkA": 0.0}
    words = frame.axes.annotate(
        placed.text, (float(anchor[0]), float(anchor[1])), xycoords="data",
        xytext=(place.dx * per_pixel, place.dy * per_pixel), textcoords="offset points",
        ha=place.horizontal, va=place.vertical, color=placed.label.colour, annotation_clip=False,
        fontproperties=look.font(weight, shrink), zorder=10.0,
        arrowprops={**leader, "shrinkB": look.points(6.0)} if far else None,
    )  # fmt: skip
    words.set_path_effects(look.halo())
