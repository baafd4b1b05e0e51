"""A figure as a page of pixels: what is drawn is placed in pixels at 100 %, from the upper left corner."""

from __future__ import annotations

from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from app.charts.style import Look

HEADING = 24.0
"""Pixels that title and subtitle take in a file."""


class Page:
    """Axes whose data coordinates are pixels.

    Attributes:
        width, height: Of the page in pixels at 100 %.
        top: Where the drawing may begin, below title and subtitle.
    """

    def __init__(self, figure: Figure, look: Look) -> None:
        self.figure, self.look = figure, look
        self._scale = look.scale * float(figure.dpi) / 96.0
        self.width = float(figure.bbox.width) / self._scale
        self.height = float(figure.bbox.height) / self._scale
        self.top = 0.0
        figure.set_facecolor(look.palette.surface)
        self.axes: Axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)
        self.axes.set_xlim(0.0, self.width)
        self.axes.set_ylim(self.height, 0.0)

    def write_heading(self, title: str, subtitle: str) -> None:
        """Write title and subtitle into the picture, for files."""
        palette = self.look.palette
        self.write(4.0, 12.0, title, palette.text, 700)
        self.write(14.0 + self.text_width(title, 700), 12.0, subtitle, palette.text2)
        self.top = HEADING

    def text_width(self, text: str, weight: int = 400, shrink_points: float = 0.0) -> float:
        """Width of a text in pixels."""
        font = self.look.font(weight, shrink_points)
        width, _, _ = self._renderer().get_text_width_height_descent(text, font, False)
        return float(width) / self._scale

    def _renderer(self) -> RendererAgg:
        canvas = self.figure.canvas
        if isinstance(canvas, FigureCanvasAgg):
            return cast(RendererAgg, canvas.get_renderer())
        box = self.figure.bbox
        return RendererAgg(box.width, box.height, self.figure.dpi)

    def write(
        self, x: float, y: float, text: str, colour: str, weight: int = 400, side: str = "left",
        z: float = 6.0, ground: str = "",
    ) -> Text:  # fmt: skip
        """A line of text whose middle stands at `y`; `ground` names what a halo keeps free around it."""
        written = self.axes.text(
            x, y, text, ha=side, va="center_baseline", color=colour, zorder=z,
            fontproperties=self.look.font(weight),
        )  # fmt: skip
        if ground:
            halo = withStroke(linewidth=self.look.points(3.0), foreground=ground)
            written.set_path_effects([halo])
        return written

    def fill(self, x: float, y: float, width: float, height: float, colour: str, z: float = 0.5) -> None:
        """A rectangle without an edge."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0.0, zorder=z))

    def bar(
        self, x: float, y: float, width: float, height: float, radius: float, z: float = 3.0, **style: Any
    ) -> None:
        """A rounded bar; `style` as matplotlib's patches take it, edge width in pixels as `edge`."""
        edge = style.pop("edge", 0.0)
        radius = min(radius, width / 2.0, height / 2.0)
        patch = FancyBboxPatch(
            (x, y), width, height, boxstyle=f"round,pad=0,rounding_size={radius}", zorder=z,
            linewidth=self.look.points(edge), **style,
        )  # fmt: skip
        self.axes.add_patch(patch)

    def line(
        self, xs: tuple[float, ...], ys: tuple[float, ...], colour: str, width: float = 1.0, z: float = 1.0,
        dashes: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        """A line through points."""
        drawn = Line2D(list(xs), list(ys), color=colour, linewidth=self.look.points(width), zorder=z)
        if dashes is not None:
            drawn.set_dashes(dashes)
        self.axes.add_line(drawn)

    def arrow_head(self, x: float, y: float, way: str, colour: str, z: float = 2.5) -> None:
        """The tip of an arrow: "right", "down" or "up"."""
        size = 4.0
        away = {
            "right": ((x - size, y - size), (x, y), (x - size, y + size)),
            "down": ((x - size, y - size), (x, y), (x + size, y - size)),
            "up": ((x - size, y + size), (x, y), (x + size, y + size)),
        }[way]
        self.line(tuple(p[0] for p in away), tuple(p[1] for p in away), colour, 1.2, z)
