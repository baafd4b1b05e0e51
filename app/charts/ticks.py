"""Human ticks: times at days, weeks and months, counts at 1-2-5, GPU counts at powers of two.

Each kind of axis has ladders from dense to sparse; the densest one whose labels keep their distance
on the drawn axis is taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.present.numbers import axis_count, grouped
from app.words import text
from estimators.words import Name, say

NO_BREAK = "\u00a0"
MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0
WEEK = 7.0 * DAY
MONTH = 365.25 / 12.0 * DAY
YEAR = 365.25 * DAY

CHARACTER_PIXELS = 6.1
LEAST_GAP_PIXELS = 8.0
"""Width of a character of chart text on average, and the gap between two texts, at 100 %."""

_UNITS = ((MINUTE, "minute"), (HOUR, "hour"), (DAY, "day"), (WEEK, "week"), (MONTH, "month"), (YEAR, "year"))

_DENSE_TIMES = (
    *(n * MINUTE for n in (1, 2, 5, 10, 20, 30)),
    *(n * HOUR for n in (1, 2, 4, 8, 12)),
    *(n * DAY for n in (1, 2, 4)),
    *(n * WEEK for n in (1, 2)),
    *(n * MONTH for n in (1, 2, 4, 8)),
    *(n * YEAR for n in (1, 2, 4, 10, 20, 50, 100)),
)
_TIME_LADDERS: tuple[tuple[float, ...], ...] = (
    _DENSE_TIMES,
    (MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, DAY, WEEK / 2, WEEK, MONTH, 3 * MONTH, YEAR, 3 * YEAR,
     10 * YEAR, 30 * YEAR, 100 * YEAR),
    (MINUTE, 10 * MINUTE, HOUR, 8 * HOUR, 2 * DAY, WEEK, MONTH, 3 * MONTH, YEAR, 3 * YEAR, 10 * YEAR,
     100 * YEAR),
    (MINUTE, HOUR, DAY, WEEK, MONTH, YEAR, 10 * YEAR, 100 * YEAR),
    (MINUTE, HOUR, DAY, MONTH, YEAR, 10 * YEAR, 100 * YEAR),
    (HOUR, MONTH, 10 * YEAR),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick: where, and what it says."""

    value: float
    text: str


def time_text(seconds: float) -> str:
    """A round time as a tick says it: "2 days", "½ week", "1 month"."""
    if math.isclose(seconds, WEEK / 2):
        return text(say("½{no_break}week", no_break=Name(NO_BREAK)))
    size, name = _UNITS[0]
    for unit_seconds, unit_name in _UNITS:
        amount = seconds / unit_seconds
        if amount > 0.999 and math.isclose(amount, round(amount), rel_tol=1e-6):
            size, name = unit_seconds, unit_name
    amount = round(seconds / size)
    return f"{amount}{NO_BREAK}{name}" if amount == 1 else f"{amount}{NO_BREAK}{name}s"


def snap_span(low: float, high: float, within: tuple[float, float]) -> tuple[float, float]:
    """The ticks of the dense ladder nearest to both limits, so that axes rarely change.

    Args:
        low: Wanted lower limit in seconds.
        high: Wanted upper limit in seconds.
        within: What the axis must show whatever the ladder.
    """
    below = [tick for tick in _DENSE_TIMES if tick <= within[0]]
    above = [tick for tick in _DENSE_TIMES if tick >= within[1]]
    return (
        min(below, key=lambda tick: abs(math.log(tick / low)), default=low),
        min(above, key=lambda tick: abs(math.log(tick / high)), default=high),
    )


def time_ticks(low: float, high: float, pixels: float, spacing: float | None = None) -> list[Tick]:
    """Ticks of a logarithmic time axis.

    Args:
        low: Lower limit in seconds.
        high: Upper limit in seconds.
        pixels: Length of the axis at 100 %.
        spacing: Least distance of two ticks in pixels; None where the texts stand side by side and
            need their own width.
    """
    ladders = [[Tick(value, time_text(value)) for value in ladder] for ladder in _TIME_LADDERS]
    return _fitting(ladders, low, high, pixels, spacing)


def count_ticks(low: float, high: float, pixels: float, spacing: float) -> list[Tick]:
    """Ticks 1-2-5 of a logarithmic axis of counts, thinned to 1-3 or tens where they are close."""
    ladders = []
    for steps, decades in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3)):
        values = [step * 10.0 ** (decades * n) for n in range(-2, 13) for step in steps]
        ladders.append([Tick(value, axis_count(value)) for value in values])
    return _fitting(ladders, low, high, pixels, spacing)


def gpu_ticks(low: float, high: float, pixels: float) -> list[Tick]:
    """Ticks of a logarithmic axis of GPU counts: every power of 2, of 4, of 8, of 16."""
    ladders = []
    for step in (1, 2, 3, 4):
        values = [2.0 ** (step * n) for n in range(24 // step)]
        ladders.append([Tick(value, grouped(value)) for value in values])
    return _fitting(ladders, low, high, pixels, None)


def _fitting(
    ladders: Sequence[Sequence[Tick]], low: float, high: float, pixels: float, spacing: float | None
) -> list[Tick]:
    """The densest ladder that keeps its distance; a thinned sparse one where none does."""
    per_pixel = math.log(high / low) / pixels
    best: list[Tick] = []
    for ladder in ladders:
        shown = [tick for tick in ladder if low * 0.999 <= tick.value <= high * 1.001]
        fits = all(
            math.log(b.value / a.value) / per_pixel >= (spacing or _side_by_side(a, b))
            for a, b in pairwise(shown)
        )
        if len(shown) >= 2 or not best:
            best = shown
        if fits and best is shown:
            return best
    return _thinned(best, per_pixel, spacing)


def _thinned(ticks: Sequence[Tick], per_pixel: float, spacing: float | None) -> list[Tick]:
    """The ticks that keep their distance, from the lowest up."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or math.log(tick.value / kept[-1].value) / per_pixel >= (
            spacing or _side_by_side(kept[-1], tick)
        ):
            kept.append(tick)
    return kept


def _side_by_side(a: Tick, b: Tick) -> float:
    """Pixels that two texts beside each other need between their middles."""
    return CHARACTER_PIXELS * (len(a.text) + len(b.text)) / 2.0 + LEAST_GAP_PIXELS
