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
    """Positions from 0 to 1 along the track; `p80` is None where it is not shown."""

    p10: float
    p50: float
    p80: float | None
    p90: float


def glyph_shape(values: Range, with_p80: bool = True) -> GlyphShape | None:
    """The glyph of an interval, or None where it holds a value that is not positive."""
    parts = (values.p10, values.p50, values.p80, values.p90)
    if not all(math.isfinite(value) and value > 0.0 for value in parts):
        return None
    low = math.log(values.p10 * TRACK_LOW)
    reach = math.log(values.p90 * TRACK_HIGH) - low
    p10, p50, p80, p90 = ((math.log(value) - low) / reach for value in parts)
    return GlyphShape(p10, p50, p80 if with_p80 else None, p90)
