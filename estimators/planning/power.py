"""How far a job's power may lie from the middle figure."""

from __future__ import annotations

import math

from estimators.catalogue.load import Catalogue
from estimators.quantity import Range

P80_OF_P90 = 0.66
"""How far P80 lies on the way from P50 to P90 of a normal error, in logarithms (0.8416 ÷ 1.2816)."""


def power_range(phase: str, pue: float, catalogue: Catalogue) -> Range:
    """Power of a job over its middle value: share of the GPU's maximum joined with the rest of the node.

    The upper figure for the rest of the node is a whole facility's, cooling included: it is set against the
    middle one with PUE, which must not count twice.

    Args:
        phase: Of the published shares, by the rule of the method.
        pue: Of the site; 1 where it is not known.
    """
    shares = catalogue.energy["power-share"].facts
    rest = catalogue.energy["node-overhead"].facts
    middle = shares[f"{phase}_p50"].si
    facility = rest["p90"].si / (rest["p50"].si * pue)
    low = -math.hypot(math.log(shares[f"{phase}_p10"].si / middle), math.log(rest["p10"].si / rest["p50"].si))
    high = math.hypot(math.log(shares[f"{phase}_p90"].si / middle), math.log(max(facility, 1.0)))
    return Range(math.exp(low), 1.0, math.exp(P80_OF_P90 * high), math.exp(high))
