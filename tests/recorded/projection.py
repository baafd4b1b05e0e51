"""Result records as plain nested data: dictionaries, lists, numbers, words.

Every public field of a result is kept under its own name. What was asked for and what the catalogue says are
no results: of those only an id or a fact's value is kept.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, get_args

import msgspec
import numpy as np

from app.words import text
from estimators import CampaignRun, CampaignSpec, Fact, Figure, RunSpec
from estimators.planning.reasons import Note, Reason, reason_said
from estimators.requests.campaign_results import RunLine
from estimators.requests.results import ScalingRow
from estimators.words import Value

INPUTS = (RunSpec, CampaignSpec)
VALUES = get_args(Value)
REASONS = get_args(Reason)


def plain(value: Any) -> Any:
    """A result as plain data.

    Raises:
        TypeError: A value of a kind that no result held when this was written.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return float(value) if isinstance(value, np.floating) else value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, (Fraction, Decimal, datetime.date, datetime.time)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return _record(value)


def _record(value: Any) -> Any:
    if isinstance(value, VALUES):
        return text(value)
    if isinstance(value, REASONS):
        return text(reason_said(value))
    if isinstance(value, Note):
        return text(value.said)
    if isinstance(value, Fact):
        return {"value": plain(msgspec.to_builtins(value.value)), "unit": value.unit}
    if isinstance(value, Figure):
        return tree(value)
    if isinstance(value, (CampaignRun, msgspec.Struct)):
        return value.id  # of a run that was asked for, a machine, an access mode
    if isinstance(value, RunLine):
        kept = _fields(value)
        return kept if value.explanation is None else kept | {"explanation": values_of(value.explanation)}
    if isinstance(value, ScalingRow):
        return list(plain(tuple(getattr(value, name) for name in value.__slots__)))
    if dataclasses.is_dataclass(value):
        return _fields(value)
    raise TypeError(f"{type(value).__name__} is no result that is known here")


def _fields(value: Any) -> dict[str, Any]:
    """Public fields of a result by name, without what was asked for."""
    parts = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {
        name: plain(part) for name, part in parts if not name.startswith("_") and not isinstance(part, INPUTS)
    }


def tree(figure: Figure) -> Any:
    """A figure with everything below it: name, value, unit, origin, formula in words and in symbols."""
    head = [plain(figure.name), plain(figure.value), figure.unit, figure.origin.value, figure.words]
    head += [figure.expression, plain(figure.note), plain(figure.range)]
    return {"figure": head, "of": {part.key: tree(part) for part in figure.inputs}}


def values_of(figure: Figure) -> Any:
    """The values of a figure and of everything below it: the words are those of other trees."""
    inputs = {part.key: values_of(part) for part in figure.inputs}
    return [plain(figure.value), inputs] if inputs else plain(figure.value)
