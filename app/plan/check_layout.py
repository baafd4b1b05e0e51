"""A layout that the user fixes, held against what the chosen software can do."""

from __future__ import annotations

from collections.abc import Iterator

from app.plan.errors import Problem, either
from app.plan.schema import DEFAULT_SOFTWARE, RunInput
from estimators.software import CLASSES, Degree, SoftwareClass, software_named

DEGREES: tuple[Degree, ...] = ("tensor", "pipeline", "context")
"""Degrees of parallelism that a plan can fix."""
MODES = {
    "recompute": ("recomputes", "recomputation"),
    "schedule": ("schedules", "order of the pipeline's passes"),
    "context_kind": ("context_kinds", "kind of context parallelism"),
    "recipe": ("recipes", "scaling of 8-bit products"),
}
"""Field of the layout, attribute of a software class that lists what it may be, and its noun."""


def layout_problems(path: str, run: RunInput) -> Iterator[Problem]:
    """Fixed parts of a layout that the run's software does not have.

    Args:
        path: Of the run: "runs.0".
        run: With its software and layout.
    """
    can = software_named(run.software or DEFAULT_SOFTWARE)
    for degree in DEGREES:
        chosen = getattr(run.layout, f"{degree}_parallel")
        if chosen is not None and chosen > 1 and degree not in can.splits:
            others = [item for item in CLASSES if item.offered and degree in item.splits]
            yield Problem(
                f"{path}.layout.{degree}_parallel",
                f"must be 1 or left open, not {chosen}: {can.name} has no {degree} parallelism. "
                f"{_instead(others)}",
            )
    for field, (abilities, noun) in MODES.items():
        chosen = getattr(run.layout, field)
        if chosen is not None and chosen not in getattr(can, abilities):
            others = [item for item in CLASSES if item.offered and chosen in getattr(item, abilities)]
            yield Problem(
                f"{path}.layout.{field}",
                f'cannot be "{chosen}": {can.name} has no such {noun}. Leave it open. {_instead(others)}',
            )


def _instead(others: list[SoftwareClass]) -> str:
    """Which software has it, as values of the plan's key."""
    return f"Software {either(item.id for item in others)} has it." if others else ""
