"""How every chart looks: the theme's colours, text sizes, strokes and matplotlib's names for marks.

Sizes are given in pixels at 100 % (96 dpi), as in the visual language, and turned into points, so
that one drawing serves the screen at any scale, SVG and PDF.
"""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import AbstractPathEffect, withStroke

from app.charts.fonts import FAMILIES
from app.present.palette import LIGHT, Mark, Palette

matplotlib.rcParams["text.parse_math"] = False  # a dollar sign in a name is no formula

DPI = 96.0
POINTS_PER_PIXEL = 72.0 / DPI
SMALLEST_TEXT_POINTS = 8.0

MARKERS = {
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "triangle-down": "v",
    "cross": "X",
}
# Shapes of equal nominal size differ in area: these factors make them look alike.
MARKER_FACTORS = {"o": 1.0, "s": 0.92, "^": 1.1, "D": 0.86, "v": 1.1, "X": 1.15}


@dataclass(frozen=True)
class Look:
    """Theme and scale of one drawing.

    Attributes:
        palette: The theme.
        scale: 1.0 at 100 %; multiplies text and strokes.
        text_points: Size of chart text at 100 %.
    """

    palette: Palette = LIGHT
    scale: float = 1.0
    text_points: float = 9.0

    def points(self, pixels: float) -> float:
        """Pixels at 100 % as points at this scale."""
        return pixels * POINTS_PER_PIXEL * self.scale

    def font(self, weight: int = 400, shrink_points: float = 0.0) -> FontProperties:
        """Font of chart text; never under the smallest readable size."""
        size = max(SMALLEST_TEXT_POINTS, self.text_points - shrink_points) * self.scale
        return FontProperties(family=list(FAMILIES), size=size, weight=weight)

    def halo(self) -> list[AbstractPathEffect]:
        """A 3 px edge in the surface's colour that lifts a label off the lines."""
        return [withStroke(linewidth=self.points(3.0), foreground=self.palette.surface)]

    def hue(self, mark: Mark) -> str:
        """The colour of a machine."""
        return mark.colour(self.palette)


def marker_size(marker: str, points: float) -> float:
    """Nominal size at which the shape looks as large as a circle of so many points."""
    return points * MARKER_FACTORS.get(marker, 1.0)
