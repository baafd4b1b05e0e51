"""Sizes of many models side by side, as columns that one set of parts is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

S = TypeVar("S")


def side_by_side(sizes: Sequence[S]) -> S:
    """One record whose fields are columns over those of the given records.

    A record inside them that only some have is taken from its own `absent()` for the others.
    """
    kind: Any = type(sizes[0])
    made: S = kind(
        **{item.name: _column([getattr(one, item.name) for one in sizes]) for item in fields(kind)}
    )
    return made


def _column(values: list[Any]) -> Any:
    present = [value for value in values if value is not None]
    if not present:
        return None
    if not is_dataclass(present[0]):
        return np.array([float(value) for value in values])
    absent: Any = type(present[0])
    return side_by_side([absent.absent() if value is None else value for value in values])
