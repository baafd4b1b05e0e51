"""Axes for horizontal bars: names at the left, one linear axis below, a grid of upright lines."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from app.charts.frame import Frame
from app.charts.style import Look
from app.charts.ticks import Tick

BAR = 0.62
"""Height of a bar as a share of its row."""
ABOVE_BARS = 18.0
SIDES = 23.0
"""Pixels of gap between names and axes, and of margin at the right."""
TEXT_GAP = 10.0


class BarFrame(Frame):
    """One row for each name, first on top."""

    def __init__(self, figure: Figure, look: Look, x_name: str) -> None:
        super().__init__(figure, look, x_name, "")

    def reach(self, names: Sequence[str], ends: Sequence[float], texts: Sequence[str]) -> float:
        """Right end of the axis at which the text behind every bar has room.

        Args:
            names: Of the rows.
            ends: Where each bar ends.
            texts: What stands behind each bar.
        """
        left = max(self.measure(name, 700)[0] for name in names) / self.pixel_scale
        width = max(60.0, self.figure.bbox.width / self.pixel_scale - left - SIDES)
        reach = max(ends) * 1.02
        for end, text in zip(ends, texts, strict=True):
            room = width - self.measure(text, 600)[0] / self.pixel_scale - TEXT_GAP
            reach = max(reach, end * width / max(room, 0.2 * width))
        return reach

    def set_rows(
        self, names: Sequence[str], strong: Sequence[bool], high: float, ticks: Sequence[Tick]
    ) -> None:
        """Put names at the left and ticks below, and give the axes their room.

        Args:
            names: One for each row.
            strong: Which names stand in bold.
            high: Right end of the axis.
            ticks: Ticks of the axis.
        """
        axes, look = self.axes, self.look
        axes.set_xlim(0.0, high)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.yaxis.set_major_locator(FixedLocator(range(len(names))))
        axes.yaxis.set_major_formatter(FixedFormatter(list(names)))
        axes.xaxis.set_major_locator(FixedLocator([tick.value for tick in ticks]))
        axes.xaxis.set_major_formatter(FixedFormatter([tick.text for tick in ticks]))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.grid(True, axis="x", color=look.palette.grid, linewidth=look.points(1.0))
        for text in axes.get_xticklabels():
            text.set_fontproperties(look.font())
        for text, bold in zip(axes.get_yticklabels(), strong, strict=True):
            text.set_fontproperties(look.font(700 if bold else 400))
            text.set_color(look.palette.text if bold else look.palette.text2)
        self.lay_out(names, above=ABOVE_BARS, weight=700)

    def write(self, x: float, row: float, text: str, colour: str, weight: int = 400) -> Text:
        """A text behind a bar."""
        artist = self.axes.annotate(
            text, (x, row), xytext=(self.look.points(8.0), 0.0), textcoords="offset points", va="center",
            color=colour, fontproperties=self.look.font(weight), annotation_clip=False,
        )  # fmt: skip
        artist.set_path_effects(self.look.halo())
        return artist


def blend(colour: str, ground: str, share: float) -> tuple[float, float, float]:
    """A colour thinned towards its ground, opaque."""
    ink, paper = to_rgb(colour), to_rgb(ground)
    red, green, blue = (share * a + (1.0 - share) * b for a, b in zip(ink, paper, strict=True))
    return red, green, blue
