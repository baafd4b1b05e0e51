"""Memory on each device: what is reserved, by part, against the limit with its margin."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from app.charts.bar_frame import BAR, BarFrame, blend
from app.charts.style import Look
from app.charts.ticks import Tick
from app.present.step_series import PARTS, MemoryRow, gib_ticks
from app.words import text
from estimators.words import say

TITLE = say("Memory on each device")
SHADES = (1.0, 0.78, 0.56, 0.36)
"""Share of the full hue of each part, in the order of `PARTS`."""
LIMIT_HEIGHT = 0.86


def draw(
    figure: Figure, rows: Sequence[MemoryRow], look: Look, heading: tuple[str, str] | None = None
) -> BarFrame:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        rows: At least one.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    frame = BarFrame(figure, look, text(say("GiB reserved on each device. Red: limit; hatched: margin")))
    if heading is not None:
        frame.write_heading(*heading)
    names, ends = [row.label for row in rows], [_end(row) for row in rows]
    high = frame.reach(names, ends, [row.text() for row in rows]) or 2.0**30
    ticks = [Tick(value, shown) for value, shown in gib_ticks(high)]
    frame.set_rows(names, [row.is_chosen for row in rows], high, ticks)
    for index, row in enumerate(rows):
        _draw_row(frame, index, row)
    _name_parts(frame, rows)
    return frame


def _draw_row(frame: BarFrame, index: int, row: MemoryRow) -> None:
    look = frame.look
    palette, left = look.palette, 0.0
    for part, shade in zip(row.parts, SHADES, strict=False):
        colour = blend(palette.own if row.is_own else palette.ampere, palette.surface, shade)
        bars = frame.axes.barh(index, part, height=BAR, left=left, color=colour, zorder=3.0)
        for patch in bars:
            patch.set(edgecolor=palette.surface, linewidth=look.points(0.8))
        left += part
    _draw_limit(frame, index, row)
    fits = row.reserved is not None
    frame.write(_end(row), index, row.text(), palette.text2 if fits else palette.fail, 400 if fits else 600)


def _end(row: MemoryRow) -> float:
    """Where the text behind a row starts, in bytes."""
    return max(row.reserved or 0.0, row.limit or 0.0, row.device or 0.0)


def _draw_limit(frame: BarFrame, index: int, row: MemoryRow) -> None:
    """The device's end as a solid line; before it the margin, hatched."""
    look, limit = frame.look, row.limit
    if limit is None:
        return
    whole = max(limit, row.device or 0.0)
    low, high = index - LIMIT_HEIGHT / 2.0, index + LIMIT_HEIGHT / 2.0
    lines = frame.axes.plot([whole, whole], [low, high], color=look.palette.fail, zorder=4.0)
    lines[0].set(linewidth=look.points(2.0), solid_capstyle="butt")
    if whole > limit:
        margin = frame.axes.barh(index, whole - limit, height=BAR, left=limit, zorder=2.5)
        for patch in margin:
            patch.set(facecolor="none", edgecolor=look.palette.fail, hatch="////", linewidth=0.0)


def _name_parts(frame: BarFrame, rows: Sequence[MemoryRow]) -> None:
    """Names of the parts above the first bar, where they have room."""
    first = next((row for row in rows if row.parts), None)
    if first is None:
        return
    look, left, taken = frame.look, 0.0, float("-inf")
    index = list(rows).index(first)
    gap = look.points(3.0) / 72.0 * float(frame.figure.dpi)
    for name, part in zip(map(text, PARTS), first.parts, strict=True):
        x, _ = frame.axes.transData.transform((left + part / 2.0, index))
        half = frame.measure(name)[0] / 2.0
        if x - half > taken + gap:
            label = frame.axes.annotate(
                name, (left + part / 2.0, index - BAR / 2.0), xytext=(0.0, look.points(2.0)),
                textcoords="offset points", ha="center", va="bottom", color=look.palette.text2,
                fontproperties=look.font(400, 0.5), annotation_clip=False,
            )  # fmt: skip
            label.set_path_effects(look.halo())
            taken = x + half
        left += part
