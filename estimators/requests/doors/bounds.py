"""The sizes that a mode takes, and which two modes a size falls between."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact
from estimators.requests.doors.words import whole
from estimators.words import Name, Said, say


@dataclass(frozen=True, slots=True)
class Bounds:
    """The sizes that a mode takes, in one unit.

    Attributes:
        low: Smallest size; zero where there is none.
        high: Largest size; infinity where no ceiling is known.
        low_exclusive: Whether a request has to exceed `low`.
    """

    low: float
    high: float
    low_exclusive: bool = False

    def holds(self, amount: float) -> bool:
        """Whether a request of that size lies inside."""
        return not self.is_above(amount) and not self.is_below(amount)

    def is_above(self, amount: float) -> bool:
        """Whether a request is too large."""
        return amount > self.high

    def is_below(self, amount: float) -> bool:
        """Whether a request is too small."""
        return amount <= self.low if self.low_exclusive else amount < self.low


def gpu_hour_bounds(mode: AccessMode) -> Bounds:
    """The sizes of a mode that is bounded in GPU-hours."""
    low, high = _amount(mode.min_gpu_hours), _amount(mode.max_gpu_hours)
    return Bounds(
        low=0.0 if low is None else low,
        high=math.inf if high is None else high,
        low_exclusive=mode.min_exclusive and low is not None,
    )


def neighbours_sentence(amount: float, doors: Iterable[tuple[str, Bounds]]) -> Said:
    """Why none of the doors holds a request: the nearest below and the nearest above.

    Args:
        amount: Size of the request, in the unit of the bounds.
        doors: Name and bounds of each, none of which holds the request.
    """
    listed = list(doors)
    below = [(bounds.high, name) for name, bounds in listed if bounds.is_above(amount)]
    above = [(bounds.low, name) for name, bounds in listed if bounds.is_below(amount)]
    if below and above:
        (high, under), (low, over) = max(below), min(above)
        return say(
            "Fits no mode: above {under} ({most}), below {over} ({least}).",
            under=Name(under),
            most=whole(high),
            over=Name(over),
            least=whole(low),
        )
    if below:
        high, under = max(below)
        return say("Fits no mode: above {under} ({most}), the largest.", under=Name(under), most=whole(high))
    if above:
        low, over = min(above)
        return say("Fits no mode: below {over} ({least}), the smallest.", over=Name(over), least=whole(low))
    return say("Fits no access mode of the catalogue.")


def _amount(bound: Fact[float] | None) -> float | None:
    return bound.si if bound is not None and bound.value is not None else None
