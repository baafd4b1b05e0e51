"""Where the parts of the range glyph lie on its track."""

from __future__ import annotations

import math
from dataclasses import dataclass

from estimators.quantity import Range

TRACK_LOW = 0.7
TRACK_HIGH = 1.35
"""The track reaches from 0.7 × P10 to 1.35 × P90 on a log scale, so that its middle lies inside."""


@dataclass(frozen=True, slots=True)
class GlyphShape:
    """Positions from 0 to 1 along the track.

    Attributes:
        p80: None where it is not shown.
        before: P10 and P90 of the range that a measured step narrowed, or None.
    """

    p10: float
    p50: float
    p80: float | None
    p90: float
    before: tuple[float, float] | None = None


def glyph_shape(values: Range, with_p80: bool = True, before: Range | None = None) -> GlyphShape | None:
    """The glyph of an interval, or None where it holds a value that is not positive.

    Args:
        before: The range before a measured step narrowed it; both share the track.
    """
    ends = (values,) if before is None else (values, before)
    parts = [part for item in ends for part in (item.p10, item.p50, item.p80, item.p90)]
    if not all(math.isfinite(value) and value > 0.0 for value in parts):
        return None
    low = math.log(min(item.p10 for item in ends) * TRACK_LOW)
    reach = math.log(max(item.p90 for item in ends) * TRACK_HIGH) - low

    def place(value: float) -> float:
        return (math.log(value) - low) / reach

    outline = (place(before.p10), place(before.p90)) if before is not None else None
    p80 = place(values.p80) if with_p80 else None
    return GlyphShape(place(values.p10), place(values.p50), p80, place(values.p90), outline)
