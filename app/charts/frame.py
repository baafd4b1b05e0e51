"""Axes as every chart has them: two spines, a grid in one direction, names above and below.

The layout is solved here in pixels from the widths of the tick texts, once for each change of size or
limits: matplotlib's own layout engines cost more than the whole drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from app.charts.style import Look
from app.charts.ticks import Tick

ABOVE = 25.0
"""Pixels above the axes for the name of the y axis."""
BELOW = 42.0
"""Pixels below the axes for tick texts and the name of the x axis."""
HEADING = 24.0
"""Pixels that title and subtitle take in a file."""
TICK_GAP = 6.0
RIGHT = 14.0


class Frame:
    """Axes with their names and ticks.

    Attributes:
        axes: Where the chart draws.
        look: Theme, scale and fonts.
    """

    def __init__(self, figure: Figure, look: Look, x_name: str, y_name: str) -> None:
        self.figure = figure
        self.look = look
        self.heading = 0.0
        self._measured: dict[tuple[str, int, float, float], tuple[float, float]] = {}
        self.axes: Axes = figure.add_axes((0.1, 0.2, 0.8, 0.7))
        figure.set_facecolor(look.palette.surface)
        self._dress_axes()
        self._x_name = self._name(x_name, (1.0, 0.0), (0.0, -look.points(22.0)), "right", "top")
        self._y_name = self._name(y_name, (0.0, 1.0), (0.0, look.points(6.0)), "left", "bottom")

    def _dress_axes(self) -> None:
        look, axes = self.look, self.axes
        axes.set_facecolor("none")
        axes.set_autoscale_on(False)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_color(look.palette.strong)
            axes.spines[side].set_linewidth(look.points(1.0))
        axes.set_axisbelow(True)
        axes.tick_params(
            colors=look.palette.strong, labelcolor=look.palette.text2,
            pad=look.points(4.0), width=look.points(1.0),
        )  # fmt: skip
        axes.tick_params(axis="x", length=look.points(4.0))
        axes.tick_params(axis="y", length=0.0, pad=look.points(TICK_GAP))

    def _name(
        self,
        text: str,
        corner: tuple[float, float],
        offset: tuple[float, float],
        horizontal: Literal["left", "right"],
        vertical: Literal["top", "bottom"],
    ) -> Annotation:
        return self.axes.annotate(
            text, corner, xycoords="axes fraction", xytext=offset, textcoords="offset points",
            ha=horizontal, va=vertical, color=self.look.palette.text2, annotation_clip=False,
            fontproperties=self.look.font(500),
        )  # fmt: skip

    def write_heading(self, title: str, subtitle: str) -> None:
        """Write title and subtitle into the picture, for files; the window has them as widgets."""
        self.heading = HEADING
        look = self.look
        x, y = look.points(4.0), float(self.figure.get_figheight()) * 72.0 - look.points(4.0)
        for text, weight, ink in ((title, 700, look.palette.text), (subtitle, 400, look.palette.text2)):
            self.axes.annotate(
                text, (0.0, 0.0), xycoords="figure points", xytext=(x, y), textcoords="figure points",
                ha="left", va="top", color=ink, fontproperties=look.font(weight), annotation_clip=False,
            )  # fmt: skip
            x += self.measure(text, weight)[0] * 72.0 / float(self.figure.dpi) + look.points(10.0)

    def set_limits(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Logarithmic axes with these limits."""
        axes = self.axes
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(*x)
        axes.set_ylim(*y)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_minor_locator(NullLocator())

    def set_ticks(self, x: Sequence[Tick], y: Sequence[Tick], grid: Literal["x", "y"] = "y") -> None:
        """Put ticks at human values and draw the grid in one direction."""
        axes, look = self.axes, self.look
        for axis, ticks in ((axes.xaxis, x), (axes.yaxis, y)):
            axis.set_major_locator(FixedLocator([tick.value for tick in ticks]))
            axis.set_major_formatter(FixedFormatter([tick.text for tick in ticks]))
        axes.grid(True, axis=grid, color=look.palette.grid, linewidth=look.points(1.0))
        for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            text.set_fontproperties(look.font())
            text.set_color(look.palette.text2)

    def lay_out(
        self, y_texts: Sequence[str], right: float = RIGHT, above: float = ABOVE, weight: int = 400
    ) -> None:
        """Give the axes all the room that names and tick texts leave.

        Args:
            y_texts: Texts that stand left of the axes.
            right: Pixels kept free at the right.
            above: Pixels kept free above the axes.
            weight: Of the heaviest of the texts at the left.
        """
        scale = self.pixel_scale
        above += self.heading
        width, height = self.figure.bbox.width, self.figure.bbox.height
        widest = max((self.measure(text, weight)[0] for text in y_texts), default=0.0)
        left = widest + (TICK_GAP + 3.0) * scale
        bottom = BELOW * scale
        self.axes.set_position(
            (
                left / width,
                bottom / height,
                max(0.1, (width - left - right * scale) / width),
                max(0.1, (height - bottom - above * scale) / height),
            )
        )

    def measure(self, text: str, weight: int = 400, shrink_points: float = 0.0) -> tuple[float, float]:
        """Width and height of a text in device pixels: a line is as high as any other of its font."""
        key = (text, weight, shrink_points, float(self.figure.dpi))
        if key not in self._measured:
            font = self.look.font(weight, shrink_points)
            renderer = self.renderer()
            width, height, _ = renderer.get_text_width_height_descent(text, font, False)
            _, usual, _ = renderer.get_text_width_height_descent("lp", font, False)
            self._measured[key] = (float(width), float(max(height, usual)))
        return self._measured[key]

    def renderer(self) -> RendererAgg:
        """The renderer that measures; the screen's own where there is one."""
        canvas = self.figure.canvas
        if isinstance(canvas, FigureCanvasAgg):
            return cast(RendererAgg, canvas.get_renderer())
        box = self.figure.bbox
        return RendererAgg(box.width, box.height, self.figure.dpi)

    @property
    def pixel_ratio(self) -> float:
        """Device pixels of one pixel at 96 dpi."""
        return float(self.figure.dpi) / 96.0

    @property
    def pixel_scale(self) -> float:
        """Device pixels of one pixel at 100 %."""
        return self.look.scale * self.pixel_ratio
