"""A layout that the user fixes, held against what the chosen software can do."""

from __future__ import annotations

from collections.abc import Iterator

from app.plan.errors import Problem, either
from app.plan.schema import DEFAULT_SOFTWARE, RunInput
from estimators.software import CLASSES, Degree, SoftwareClass, software_named
from estimators.words import NOTHING, Amount, Name, Said, say, together

DEGREES: tuple[Degree, ...] = ("tensor", "pipeline", "context")
"""Degrees of parallelism that a plan can fix."""
MODES = ("recompute", "schedule", "context_kind", "recipe")
"""Fields that name a way of computing, each with an attribute of a software class in the plural."""


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
            no = say(
                "must be 1 or left open, not {n}: {software} has {lack}.",
                n=Amount(chosen, form="general"),
                software=can.name,
                lack=_NO_DEGREE[degree],
            )
            yield Problem(f"{path}.layout.{degree}_parallel", together(no, _instead(others)))
    for field in MODES:
        chosen = getattr(run.layout, field)
        if chosen is not None and chosen not in getattr(can, f"{field}s"):
            others = [item for item in CLASSES if item.offered and chosen in getattr(item, f"{field}s")]
            no = say(
                'cannot be "{value}": {software} has {lack}. Leave it open.',
                value=Name(str(chosen)),
                software=can.name,
                lack=_NO_MODE[field],
            )
            yield Problem(f"{path}.layout.{field}", together(no, _instead(others)))


_NO_DEGREE: dict[Degree, Said] = {
    "tensor": say("no tensor parallelism"),
    "pipeline": say("no pipeline parallelism"),
    "context": say("no context parallelism"),
}
_NO_MODE = {
    "recompute": say("no such recomputation"),
    "schedule": say("no such order of the pipeline's passes"),
    "context_kind": say("no such kind of context parallelism"),
    "recipe": say("no such scaling of 8-bit products"),
}


def _instead(others: list[SoftwareClass]) -> Said:
    if not others:
        return NOTHING
    return say("Software {names} has it.", names=either(item.id for item in others))
