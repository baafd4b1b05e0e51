"""Labels as small pictures, so that moving them costs a copy instead of a drawing.

A text with a halo takes more than a millisecond to draw. While values are dragged every label keeps
its words, so it is drawn once and then stamped where its mark went.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Annotation

MARGIN = 4


@dataclass(frozen=True)
class Stamp:
    """The picture of one label, what it says and where it was taken, in display coordinates."""

    words: str
    pixels: np.ndarray[Any, Any]
    x: float
    y: float
    anchor: tuple[float, float]


def take_stamps(texts: Mapping[str, Annotation], renderer: RendererAgg) -> dict[str, Stamp]:
    """Draw every label once. Labels never overlap, so one sheet holds them all."""
    height, width = int(renderer.height), int(renderer.width)
    sheet = RendererAgg(width, height, renderer.dpi)
    boxes = {}
    for key, text in texts.items():
        text.draw(sheet)
        boxes[key] = text.get_window_extent(renderer)
    rows = np.asarray(sheet.buffer_rgba())[::-1]
    stamps = {}
    for key, box in boxes.items():
        left, bottom = max(0, math.floor(box.x0) - MARGIN), max(0, math.floor(box.y0) - MARGIN)
        right, top = min(width, math.ceil(box.x1) + MARGIN), min(height, math.ceil(box.y1) + MARGIN)
        if left < right and bottom < top:
            cut = np.ascontiguousarray(rows[bottom:top, left:right])
            stamps[key] = Stamp(texts[key].get_text(), cut, left, bottom, _anchor(texts[key]))
    return stamps


def put_stamp(stamp: Stamp, text: Annotation, renderer: RendererAgg) -> None:
    """Put the picture of a label where its anchor is now; draw a label that says something new."""
    if stamp.words != text.get_text():
        text.draw(renderer)
        return
    x, y = _anchor(text)
    context = renderer.new_gc()
    renderer.draw_image(
        context, round(stamp.x + x - stamp.anchor[0]), round(stamp.y + y - stamp.anchor[1]), stamp.pixels
    )
    context.restore()


def _anchor(text: Annotation) -> tuple[float, float]:
    """Display coordinates of the point that a label is tied to."""
    assert text.axes is not None, "a label belongs to axes"
    x, y = text.axes.transData.transform(text.xy)
    return float(x), float(y)
