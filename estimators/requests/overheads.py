"""Published overhead factors: what a project took in all over its final runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from estimators.catalogue.load import Catalogue
from estimators.quantity import Fact, Range


@dataclass(frozen=True, slots=True)
class PublishedOverhead:
    """A factor on the main runs, with its range and where the middle comes from."""

    id: str
    name: str
    factor: Range
    fact: Fact[Any]


def overheads(catalogue: Catalogue) -> Mapping[str, PublishedOverhead]:
    """Factors of the catalogue by id; P80 lies between P50 and P90 on a logarithmic scale."""
    found = {}
    for table in catalogue.overheads.values():
        facts = table.facts
        if "p50" not in facts:
            continue
        low, middle, high = (facts[key].si for key in ("p10", "p50", "p90"))
        found[table.id] = PublishedOverhead(
            table.id, table.name, Range(low, middle, _p80(middle, high), high), facts["p50"]
        )
    return found


def _p80(middle: float, high: float) -> float:
    """P80 of a log-normal side with this P50 and P90."""
    share = NormalDist().inv_cdf(0.8) / NormalDist().inv_cdf(0.9)
    return float(middle * np.exp(np.log(high / middle) * share))
