"""Facts, ranges and figures: the values that everything else is made of.

Inside the estimators every number is in SI units (seconds, bytes, FLOP, watts, joules). Catalogue
files keep the unit that the source printed; `Fact.si` converts with the one table below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Literal, TypeVar

import msgspec

from estimators.words import Said, Value

T = TypeVar("T")

Confidence = Literal["official", "secondary", "inferred", "unverified"]

SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86400.0

SI_PER_UNIT: dict[str, float] = {
    "GB": 1e9,
    "GiB": 2.0**30,
    "MB": 1e6,
    "MiB": 2.0**20,
    "TB": 1e12,
    "TiB": 2.0**40,
    "PB": 1e15,
    "GB/s": 1e9,
    "TB/s": 1e12,
    "Gbit/s": 1e9 / 8.0,
    "TFLOP/s": 1e12,
    "PFLOP/s": 1e15,
    "EFLOP/s": 1e18,
    "FLOP": 1.0,
    "GFLOP/s/W": 1e9,
    "bytes": 1.0,
    "MHz": 1e6,
    "GHz": 1e9,
    "W": 1.0,
    "kW": 1e3,
    "MW": 1e6,
    "kWh": 3.6e6,
    "s": 1.0,
    "min": 60.0,
    "h": SECONDS_PER_HOUR,
    "day": SECONDS_PER_DAY,
    "week": 7.0 * SECONDS_PER_DAY,
    "month": 365.25 / 12.0 * SECONDS_PER_DAY,
    "us": 1e-6,
    "g/kWh": 1.0,
    "kg": 1.0,
    "t": 1e3,
    "m3": 1.0,
    "EUR": 1.0,
    "MEUR": 1e6,
    "EUR/h": 1.0,
    "USD/h": 1.0,
    "GPU-hours": 1.0,
    "node-hours": 1.0,
    "core-hours": 1.0,
    "count": 1.0,
    "ratio": 1.0,
    "share": 1.0,
    "percent": 0.01,
    "parameters": 1.0,
    "tokens": 1.0,
    "trillion tokens": 1e12,
    "1": 1.0,
}


UNITS_WITHOUT_SCALE = frozenset({"text", "flag", "table"})
"""Units of facts that are words, true or false, or a list or table that is no number."""


class Fact(msgspec.Struct, Generic[T], frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One value of the catalogue with its source.

    Attributes:
        value: The value in `unit`, or None where no source was found.
        unit: A key of `SI_PER_UNIT` for numbers and for lists and tables of numbers; otherwise
            one of `UNITS_WITHOUT_SCALE`.
        source: Address or description of where the value was read.
        confidence: How the value was obtained.
        as_of: Date of the source, ISO 8601, or "" where it is not known.
        note: What a reader must know before using the value.
    """

    value: T | None
    unit: str = "text"
    source: str = ""
    confidence: Confidence = "unverified"
    as_of: str = ""
    note: str = ""

    @property
    def si(self) -> float:
        """The value in SI units; NaN where it is unknown.

        Raises:
            KeyError: The unit is not in `SI_PER_UNIT`.
        """
        if self.value is None:
            return float("nan")
        return float(self.value) * SI_PER_UNIT[self.unit]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Range:
    """A skewed 80 % interval with its middle and the value to plan for.

    `p80` lies between `p50` and `p90`; the unit is that of the field that holds the range.
    """

    p10: float
    p50: float
    p80: float
    p90: float

    def scaled(self, factor: float) -> Range:
        """The range in another unit, or of a proportional quantity."""
        return Range(self.p10 * factor, self.p50 * factor, self.p80 * factor, self.p90 * factor)

    def as_dict(self) -> dict[str, float]:
        """The four quantiles by name, for JSON."""
        return {"p10": self.p10, "p50": self.p50, "p80": self.p80, "p90": self.p90}


class Origin(Enum):
    """Where a figure comes from; each has its own icon on the screen."""

    USER = "your input"
    DEFAULT = "default"
    FACT = "fact"
    FITTED = "fitted"
    CALCULATED = "calculated"


@dataclass(frozen=True, slots=True)
class Figure:
    """A named result that can be traced down to facts and user inputs.

    Attributes:
        key: Stable identifier, unique among its siblings.
        name: What a reader calls it.
        value: In `unit`; NaN where it could not be computed.
        unit: As shown, for example "GPU-hours" or "s".
        origin: What kind of value this is.
        words: The formula in words, "" for leaves.
        expression: The formula over the keys of `inputs`, "" for leaves. Evaluating it with the
            values of `inputs` gives `value`.
        inputs: The figures that the expression names.
        fact: The catalogue fact behind a leaf.
        note: Why a default was chosen, what a fit rests on.
        range: The 80 % interval, where one is stated.
    """

    key: str
    name: str | Value
    value: float
    unit: str
    origin: Origin
    words: str = ""
    expression: str = ""
    inputs: tuple[Figure, ...] = ()
    fact: Fact[Any] | None = None
    note: str | Said = ""
    range: Range | None = None

    def walk(self) -> Iterator[Figure]:
        """This figure and everything below it, parents first."""
        yield self
        for part in self.inputs:
            yield from part.walk()
