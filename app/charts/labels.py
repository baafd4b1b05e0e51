"""Where labels stand: no two overlap, the important ones first.

All positions are pixels with the origin at the lower left, as matplotlib's display coordinates. A
label that finds no place joins a neighbour of its own hue ("MeluXina, Karolina") or is dropped: the
table beside the chart keeps every name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Horizontal = Literal["left", "center", "right"]
Vertical = Literal["bottom", "center", "top"]
Measure = Callable[[str, str], tuple[float, float]]
Points = NDArray[np.float64]

# What a pixel of line under a label costs, against one step down the list of places.
LINE_COST = 0.03
MERGE_DISTANCE = 90.0
# Pixels between two labels: beside each other they must not read as one.
ACROSS, UPRIGHT = 9.0, 2.0
# Marks of one hue that are closer than this share a label at once: an eye could not tell whose it is.
SHARED_DISTANCE = 20.0
MOST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def inside(self, other: Box) -> bool:
        """Whether this box lies wholly in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )

    def grown(self, across: float, upright: float) -> Box:
        """The box with a margin around it."""
        return Box(self.left - across, self.bottom - upright, self.right + across, self.top + upright)


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a label may stand: an anchor, an offset from it and the alignment."""

    x: float
    y: float
    dx: float
    dy: float
    horizontal: Horizontal
    vertical: Vertical
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A text that wants a place.

    Attributes:
        key: What the label belongs to (a machine's id, or a name of the chart's own).
        text: What it says.
        role: Text style, which the drawing resolves.
        colour: Ink; labels of one colour may merge.
        places: Best first.
        rank: 0 is placed first and kept longest.
        may_merge: Whether it may join a neighbour.
    """

    key: str
    text: str
    role: str
    colour: str
    places: tuple[Place, ...]
    rank: int
    may_merge: bool = False


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label with the place it found."""

    label: Label
    place: Place
    box: Box

    @property
    def text(self) -> str:
        """The text as drawn at this place."""
        return self.label.text + self.place.suffix


def around(x: float, y: float, gap: float) -> tuple[Place, ...]:
    """Places around a mark, in the order in which an eye expects them."""
    near, far = gap, 2.2 * gap
    steps: list[tuple[float, float, Horizontal, Vertical]] = [
        (near, near * 0.6, "left", "bottom"),
        (0.0, near, "center", "bottom"),
        (-near, near * 0.6, "right", "bottom"),
        (near, -near * 0.6, "left", "top"),
        (0.0, -near, "center", "top"),
        (-near, -near * 0.6, "right", "top"),
        (near * 1.3, 0.0, "left", "center"),
        (-near * 1.3, 0.0, "right", "center"),
        (0.0, far, "center", "bottom"),
        (far, far, "left", "bottom"),
        (-far, far, "right", "bottom"),
        (0.0, -far, "center", "top"),
        (far, -far, "left", "top"),
        (-far, -far, "right", "top"),
    ]
    return tuple(Place(x, y, dx, dy, horizontal, vertical) for dx, dy, horizontal, vertical in steps)


def place_labels(
    labels: Sequence[Label],
    bounds: Box,
    measure: Measure,
    marks: Sequence[tuple[str, Box]] = (),
    lines: Points | None = None,
    scale: float = 1.0,
) -> list[PlacedLabel]:
    """Find a place for as many labels as possible.

    Args:
        labels: In any order; their rank decides.
        bounds: Labels stay inside.
        measure: Width and height in pixels of a text in a role.
        marks: Key and box of every mark; no label covers a mark.
        lines: Points along all lines, one row each; labels avoid them but may cross.
        scale: Device pixels of one pixel at 100 %.
    """
    placed: list[PlacedLabel] = []
    along = np.empty((0, 2)) if lines is None else lines
    for label in _share(sorted(labels, key=lambda label: label.rank), scale):
        found = _best(label, bounds, measure, placed, marks, along)
        if found is not None:
            placed.append(found)
        elif label.may_merge:
            _merge(label, placed, bounds, measure, marks, along, MERGE_DISTANCE * scale)
    return placed


def _share(labels: Sequence[Label], scale: float) -> list[Label]:
    """Join the names of marks that nearly coincide."""
    shared: list[Label] = []
    names: dict[str, int] = {}
    for label in labels:
        for index, other in enumerate(shared):
            if label.may_merge and other.may_merge and label.colour == other.colour:
                home, there = label.places[0], other.places[0]
                near = np.hypot(home.x - there.x, home.y - there.y) < SHARED_DISTANCE * scale
                if near and names.get(other.key, 1) < MOST_SHARED:
                    shared[index] = replace(other, text=f"{other.text}, {label.text}")
                    names[other.key] = names.get(other.key, 1) + 1
                    break
        else:
            shared.append(label)
    return shared


def _best(
    label: Label,
    bounds: Box,
    measure: Measure,
    placed: Sequence[PlacedLabel],
    marks: Sequence[tuple[str, Box]],
    lines: Points,
) -> PlacedLabel | None:
    best: tuple[float, PlacedLabel] | None = None
    for index, place in enumerate(label.places):
        box = _box(place, *measure(label.text + place.suffix, label.role))
        if not box.inside(bounds) or any(box.overlaps(other.box.grown(ACROSS, UPRIGHT)) for other in placed):
            continue
        if any(box.overlaps(mark) for _, mark in marks):
            continue
        cost = index + LINE_COST * _covered(box, lines)
        if best is None or cost < best[0]:
            best = (cost, PlacedLabel(label, place, box))
    return best[1] if best is not None else None


def _merge(
    label: Label,
    placed: list[PlacedLabel],
    bounds: Box,
    measure: Measure,
    marks: Sequence[tuple[str, Box]],
    lines: Points,
    reach: float,
) -> None:
    """Put the label's name behind that of the nearest neighbour of its hue, if there is room."""
    home = label.places[0]
    neighbours = [
        (float(np.hypot(other.place.x - home.x, other.place.y - home.y)), index)
        for index, other in enumerate(placed)
        if other.label.may_merge and other.label.colour == label.colour
    ]
    for distance, index in sorted(neighbours):
        if distance > reach:
            return
        other = placed[index].label
        both = replace(other, text=f"{other.text}, {label.text}")
        found = _best(both, bounds, measure, [*placed[:index], *placed[index + 1 :]], marks, lines)
        if found is not None:
            placed[index] = found
            return


def _box(place: Place, width: float, height: float) -> Box:
    x, y = place.x + place.dx, place.y + place.dy
    left = {"left": x, "center": x - width / 2, "right": x - width}[place.horizontal]
    bottom = {"bottom": y, "center": y - height / 2, "top": y - height}[place.vertical]
    return Box(left, bottom, left + width, bottom + height)


def _covered(box: Box, points: Points) -> int:
    inside = (
        (points[:, 0] > box.left)
        & (points[:, 0] < box.right)
        & (points[:, 1] > box.bottom)
        & (points[:, 1] < box.top)
    )
    return int(np.count_nonzero(inside))


def along(xy: Points, step: float = 2.0) -> Points:
    """Points every few pixels along a polyline."""
    if len(xy) < 2:
        return xy
    lengths = np.hypot(*np.diff(xy, axis=0).T)
    distance = np.concatenate(([0.0], np.cumsum(lengths)))
    if not np.isfinite(distance[-1]) or distance[-1] <= 0.0:
        return xy[:1]
    wanted = np.arange(0.0, distance[-1], step)
    return np.column_stack([np.interp(wanted, distance, xy[:, axis]) for axis in (0, 1)])
