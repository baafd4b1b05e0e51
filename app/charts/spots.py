"""What a drawing leaves for the pointer: points that answer with words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

# Head, body and limit of the card.
CardWords = Callable[[], tuple[str, str, str]]


@dataclass(frozen=True)
class Spot:
    """A point that answers to the pointer.

    Attributes:
        x, y: Where it is drawn, in data coordinates.
        words: What its card says.
        key: What it stands for.
        is_stop: Whether the arrow keys stop at it.
    """

    x: float
    y: float
    words: CardWords
    key: str = ""
    is_stop: bool = False


@dataclass(frozen=True)
class Drawn:
    """What a drawing leaves for the pointer."""

    axes: Axes
    spots: Sequence[Spot]
