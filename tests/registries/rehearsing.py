"""A method that the product does not have: every sample is seen twice in a step."""

from __future__ import annotations

from estimators.catalogue.architectures import Method
from estimators.words import say
from estimators.workloads.method import MethodRule
from estimators.workloads.work import Part, Phase


class Rehearsed(Method, frozen=True, tag="rehearsed"):
    """Training on each sample a second time at once."""

    times: float = 2.0


def _phases(method: Rehearsed, parts: tuple[Part, ...]) -> tuple[Phase, ...]:
    return (Phase(parts, samples=method.times),)


RULE = MethodRule(
    method=Rehearsed(),
    name=say("Rehearsed training"),
    choice=say("Rehearsed, every sample twice"),
    phases=_phases,
    evidence=("rehearsed",),
)
