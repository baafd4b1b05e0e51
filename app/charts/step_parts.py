"""Where the time of a step goes: one bar for each cause, the hidden part of the network hatched."""

from __future__ import annotations

import math

from matplotlib.figure import Figure

from app.charts.bar_frame import BAR, BarFrame
from app.charts.style import Look
from app.charts.ticks import Tick
from app.present.numbers import short
from app.present.step_series import Kind, StepBar, StepSeries
from app.words import text
from estimators.words import Name, say

TITLE = say("Where the time of a step goes")


def draw(figure: Figure, series: StepSeries, look: Look, heading: tuple[str, str] | None = None) -> BarFrame:
    """Draw the chart on a figure.

    Args:
        figure: Empty.
        series: The bars.
        look: Theme, scale and fonts.
        heading: Title and subtitle to write into the picture.
    """
    size, unit, sign = series.unit
    frame = BarFrame(
        figure,
        look,
        text(
            say(
                "{unit} of one {total_seconds} step",
                unit=Name(unit),
                total_seconds=Name(series.time(series.total_seconds)),
            )
        ),
    )
    if heading is not None:
        frame.write_heading(*heading)
    names = [bar.name for bar in series.bars]
    ends = [bar.seconds + bar.hidden_seconds for bar in series.bars]
    high = frame.reach(names, ends, [series.text(bar) for bar in series.bars])
    frame.set_rows(names, [False] * len(names), high, _ticks(high, size, sign))
    for row, bar in enumerate(series.bars):
        _draw_bar(frame, row, bar)
        frame.write(bar.seconds + bar.hidden_seconds, row, series.text(bar), look.palette.text2)
    return frame


def _draw_bar(frame: BarFrame, row: int, bar: StepBar) -> None:
    look = frame.look
    hue = _hue(bar.kind, look)
    frame.axes.barh(row, bar.seconds, height=BAR, color=hue, linewidth=0.0, zorder=3.0)
    if bar.hidden_seconds > 0.0:
        hidden = frame.axes.barh(row, bar.hidden_seconds, height=BAR, left=bar.seconds, zorder=3.0)
        for patch in hidden:
            patch.set(facecolor=look.palette.surface, edgecolor=hue, hatch="////", linewidth=look.points(1.0))


def _hue(kind: Kind, look: Look) -> str:
    palette = look.palette
    return {"work": palette.ampere, "waiting": palette.waiting, "overhead": palette.context}[kind]


def _ticks(high: float, size: float, sign: str) -> list[Tick]:
    """At most six round steps of the unit."""
    step = 10.0 ** math.floor(math.log10(high / size / 6.0))
    step = next(step * factor for factor in (1, 2, 5, 10) if high / size / (step * factor) <= 6.0)
    count = int(high / size / step)
    return [Tick(n * step * size, f"{short(n * step, 3)}\u202f{sign}") for n in range(count + 1)]
