"""Whether a figure of an explanation is what its formula gives."""

from __future__ import annotations

import math

from estimators.planning.formulas import evaluate
from estimators.quantity import Figure


def reproduces(figure: Figure, tolerance: float = 1e-6) -> bool:
    """Whether a figure's expression gives its value from the values of its inputs."""
    if not figure.expression:
        return True
    value = float(evaluate(figure.expression, {part.key: part.value for part in figure.inputs}))
    if math.isnan(figure.value):
        return math.isnan(value)
    return abs(value - figure.value) <= tolerance * max(abs(figure.value), 1e-12)
