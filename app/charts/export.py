"""Charts as files: SVG and PDF always light, with the same bytes for the same result."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Literal

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from app.charts.style import DPI, Look
from app.present.palette import Palette

Format = Literal["svg", "pdf", "png"]
FORMATS: tuple[Format, ...] = ("svg", "pdf", "png")
PNG_DPI = 200.0

# Draws on a figure in a look, with its heading.
Draw = Callable[[Figure, Look], object]

_METADATA: dict[Format, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "Nodewise"},
    "pdf": {"CreationDate": None, "Creator": "Nodewise", "Producer": None},
    "png": {"Software": "Nodewise"},
}
# Text as paths in SVG, as embedded TrueType in PDF; fixed ids so that equal charts are equal files.
_SETTINGS: Any = {"svg.fonttype": "path", "svg.hashsalt": "nodewise", "pdf.fonttype": 42}


def picture(
    draw: Draw, format_name: Format, palette: Palette, width: float = 720.0, height: float = 430.0
) -> bytes:
    """The chart as the bytes of a file.

    Args:
        draw: Draws the chart.
        format_name: Kind of file.
        palette: Theme; documents take the light one.
        width: In pixels at 96 dpi.
        height: In pixels at 96 dpi.
    """
    figure = Figure((width / DPI, height / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    with matplotlib.rc_context(_SETTINGS):
        draw(figure, Look(palette))
        figure.savefig(
            buffer,
            format=format_name,
            dpi=PNG_DPI if format_name == "png" else DPI,
            metadata=_METADATA[format_name],
            facecolor=palette.surface,
        )
    return buffer.getvalue()
