"""What was learned from the evidence: coefficients, intervals and how far the evidence reaches.

The files under `resources/calibration` are written by `python -m estimators.evidence.calibrate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from estimators.parameters import Coefficients
from estimators.shipped import shipped

Column = NDArray[np.float64]
KNOWN, SEARCHED = LAYOUTS = "layout known", "layout searched"
"""What was known of a measured run, in the names of classes."""
FAMILY_FACTOR, FAR_FACTOR = 1.2, 1.5
"""How much wider an interval is where only other cards of the same generation were measured, and where no
measured run stands behind the workload's family, the generation or the scale."""
SCALE_REACH = 2.0
"""Largest multiple of a measured device count that still counts as near the evidence."""


class Quantiles(msgspec.Struct, frozen=True):
    """Quantiles of ln(true time / predicted time), from refits without each row's producer.

    Attributes:
        rows: Residuals behind the quantiles.
        groups: Models on cards among them.
        basis: Which fits left the residuals.
    """

    p10: float
    p80: float
    p90: float
    rows: int
    groups: int
    basis: str = ""


class Calibration(msgspec.Struct, frozen=True):
    """One fit and what it rests on.

    Attributes:
        date: Day of the fit, ISO 8601.
        values: Fitted value of every coefficient.
        intervals: Quantiles by class, for example "dense-lm, layout searched".
        family_share: Reference of each generation with a measured matrix product: the share of the dense peak
            against which a card's own measured share is held.
        largest_run: For every card and every generation in the evidence, the most devices of a measured run.
        measured_widths: For every generation, widths in bits below 16 that a measured run computed in.
        whole_run_factor: Time of published whole runs over that of their steps and a clean run's roll-up.
        whole_run_share: Share of the 16-bit peak that they reached.
    """

    date: str
    values: dict[str, float]
    intervals: dict[str, Quantiles]
    largest_run: dict[str, int]
    measured_widths: dict[str, tuple[int, ...]] = {}
    whole_run_factor: float = 1.0
    whole_run_share: float = 0.34
    family_share: dict[str, float] = {}

    @property
    def coefficients(self) -> Coefficients:
        """The fitted coefficients; one that the file lacks keeps its prior."""
        known = {item.name for item in fields(Coefficients)}
        return Coefficients(**{name: value for name, value in self.values.items() if name in known})

    def widening(self, gpu: str, family: str, gpus: Column) -> Column:
        """How much wider the interval is for each device count: 1 where runs on this card reach it."""
        return widening(self.largest_run, gpu, family, gpus)

    def has_runs_in(self, bits: float, family: str) -> bool:
        """Whether a measured run on this generation computed its products in so many bits or more than 8."""
        return bits >= 16.0 or int(bits) in self.measured_widths.get(family, ())

    def half_width(self, name: str, widening: Column) -> Column:
        """Half width of the 80 % interval of a class by its name, in logarithms."""
        found, wide = self._interval(name, widening)
        return found.p90 * wide

    def ratio(self, name: str) -> float:
        """P90 ÷ P10 of a class, for a card and a scale that were measured."""
        return float(np.exp(self.intervals[name].p90 - self.intervals[name].p10))

    def time_quantiles(self, kind: str, layout: str, widening: Column) -> tuple[Column, Column, Column]:
        """Log ratios of time at 10, 80 and 90 %.

        Args:
            kind: Family of the workload; one without evidence takes the dense language models', wider.
            layout: "known" or "searched".
            widening: Factor for each estimate, from `widening`.
        """
        found, wide = self._interval(f"{kind}, layout {layout}", widening)
        return found.p10 * wide, found.p80 * wide, found.p90 * wide

    def was_measured(self, kind: str) -> bool:
        """Whether a class of workloads has an interval of its own: published runs of it were measured."""
        return any(f"{kind}, {layout}" in self.intervals for layout in LAYOUTS)

    def _interval(self, name: str, widening: Column) -> tuple[Quantiles, Column]:
        """The interval of a class; one without evidence takes the dense language models', wider."""
        own = self.intervals.get(name)
        if own is not None:
            return own, widening
        layout = SEARCHED if name.endswith(SEARCHED) else KNOWN
        return self.intervals[f"dense-lm, {layout}"], np.maximum(widening, FAR_FACTOR)


def widening(largest_run: Mapping[str, int], gpu: str, family: str, gpus: Column) -> Column:
    """How much wider an interval is for each device count, by how far measured runs reach.

    Args:
        family_share: Reference of each generation with a measured matrix product: the share of the dense peak
            against which a card's own measured share is held.
        largest_run: For every card and every generation, the most devices of a measured run.
    """
    counts = np.asarray(gpus, dtype=float)
    on_family = counts <= SCALE_REACH * largest_run.get(family, 0)
    on_card = counts <= SCALE_REACH * largest_run.get(gpu, 0)
    return np.where(on_card, 1.0, np.where(on_family, FAMILY_FACTOR, FAR_FACTOR))


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The shipped calibration."""
    return read_calibration(shipped("calibration", "calibration.json"))


def read_calibration(path: Path) -> Calibration:
    """A calibration file."""
    return msgspec.json.decode(path.read_bytes(), type=Calibration)
