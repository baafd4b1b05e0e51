"""Which industrial access mode holds a request, by its size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from estimators.catalogue.records import AccessMode
from estimators.quantity import Fact


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


def holds(mode: AccessMode, gpu_hours: float) -> bool:
    """Whether a request lies inside the bounds of a mode."""
    if mode.max_gpu_hours is not None and gpu_hours > mode.max_gpu_hours.si:
        return False
    if mode.min_gpu_hours is None:
        return True
    least = mode.min_gpu_hours.si
    return gpu_hours > least if mode.min_exclusive else gpu_hours >= least


def fit_mode(gpu_hours: float, modes: Iterable[AccessMode]) -> ModeFit:
    """The smallest mode for a request of so many GPU-hours (the P80 of the plan)."""
    sized = sized_modes(modes)
    for mode in sized:
        if holds(mode, gpu_hours):
            return ModeFit(mode.id, f"Fits {mode.short_name}.")
    below = [mode for mode in sized if mode.max_gpu_hours is not None and mode.max_gpu_hours.si < gpu_hours]
    above = [mode for mode in sized if mode.min_gpu_hours is not None and mode.min_gpu_hours.si >= gpu_hours]
    if below and above:
        under, over = below[-1], above[0]
        sentence = (
            f"Fits no mode: above {under.short_name} ({_shown(under.max_gpu_hours)}), "
            f"below {over.short_name} ({_shown(over.min_gpu_hours)})."
        )
        return ModeFit(None, sentence)
    return ModeFit(None, "Fits no access mode of the catalogue.")


def _shown(bound: Fact[float] | None) -> str:
    """A bound with thin spaces between thousands."""
    return f"{bound.si:,.0f}".replace(",", "\u202f") if bound is not None else ""
