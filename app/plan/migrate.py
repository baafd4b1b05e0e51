"""Brings plan files of any version to the present one.

Every change of the file format adds one function from the version before it to `_STEPS` and a fixture of
that version to the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.plan.errors import Problem
from app.plan.schema import FORMAT, VERSION

Raw = dict[str, Any]

_STEPS: dict[int, Callable[[Raw], Raw]] = {}
"""From each older version to the next one; version 1 is the first."""


def refused(raw: Any) -> Problem | None:
    """Why decoded JSON is no plan of a version that can be read, or None."""
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        return Problem("", f'is not a Nodewise plan: the key "format" with the value "{FORMAT}" is missing.')
    version = raw.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        return Problem("version", f"must be a whole number from 1 to {VERSION}.")
    if version > VERSION:
        return Problem(
            "",
            f"was made by a newer Nodewise (version {version}); this one reads up to {VERSION}: "
            "update Nodewise.",
        )
    return None


def migrated(raw: Raw) -> Raw:
    """The plan in the present version; `refused` must have let it through."""
    while raw["version"] < VERSION:
        raw = _STEPS[raw["version"]](raw)
    return raw
