"""Which industrial access mode holds a request, by its size."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact


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


@dataclass(frozen=True, slots=True)
class ModeFit:
    """The mode that holds a request, or why none does.

    Attributes:
        mode_id: The smallest mode that fits, None where none does.
        sentence: "Fits Fast Lane." or the reason with both neighbours.
    """

    mode_id: str | None
    sentence: str


def sized_modes(modes: Iterable[AccessMode]) -> tuple[AccessMode, ...]:
    """Modes bounded in GPU-hours, from the smallest door to the largest."""
    bounded = [mode for mode in modes if mode.min_gpu_hours or mode.max_gpu_hours]
    return tuple(sorted(bounded, key=lambda mode: mode.rank))


def gpu_hour_bounds(mode: AccessMode) -> Bounds:
    """The sizes of a mode that is bounded in GPU-hours."""
    low, high = _amount(mode.min_gpu_hours), _amount(mode.max_gpu_hours)
    return Bounds(
        low=0.0 if low is None else low,
        high=math.inf if high is None else high,
        low_exclusive=mode.min_exclusive and low is not None,
    )


def fit_mode(gpu_hours: float, modes: Iterable[AccessMode]) -> ModeFit:
    """The smallest mode for a request of so many GPU-hours (the P80 of the plan)."""
    sized = [(mode, gpu_hour_bounds(mode)) for mode in sized_modes(modes)]
    for mode, bounds in sized:
        if bounds.holds(gpu_hours):
            return ModeFit(mode.id, f"Fits {mode.short_name}.")
    return ModeFit(None, neighbours_sentence(gpu_hours, [(mode.short_name, b) for mode, b in sized]))


def neighbours_sentence(amount: float, doors: Iterable[tuple[str, Bounds]]) -> str:
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
        return f"Fits no mode: above {under} ({_shown(high)}), below {over} ({_shown(low)})."
    if below:
        high, under = max(below)
        return f"Fits no mode: above {under} ({_shown(high)}), the largest."
    if above:
        low, over = min(above)
        return f"Fits no mode: below {over} ({_shown(low)}), the smallest."
    return "Fits no access mode of the catalogue."


def _amount(bound: Fact[float] | None) -> float | None:
    return bound.si if bound is not None and bound.value is not None else None


def _shown(amount: float) -> str:
    """A bound with thin spaces between thousands."""
    return f"{amount:,.0f}".replace(",", "\u202f")
