"""Brings plan files of any version to the present one.

Every change of the file format adds one function from the version before it to `_STEPS` and a fixture of
that version to the tests. A key that is merely added raises the revision: older files lack it and stay as
they are, and an older program refuses the file instead of complaining about a key that it does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.plan.errors import Problem
from app.plan.schema import FORMAT, KEYS_SINCE, REVISION, VERSION
from estimators.words import Amount, Name, Said, Value, say

Raw = dict[str, Any]

_STEPS: dict[int, Callable[[Raw], Raw]] = {}
"""From each older version to the next one; version 1 is the first."""


def refused(raw: Any) -> Problem | None:
    """Why decoded JSON is no plan that can be read, or None; only its version is looked at."""
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        return Problem(
            "",
            say(
                'is not a Nodewise plan: the key "format" with the value "{format}" is missing.',
                format=Name(FORMAT),
            ),
        )
    version: Any = raw.get("version")
    revision: Any = raw.get("revision", 0)
    if not _is_whole(version) or version < 1:
        return Problem("version", say("must be {number}.", number=_numbers(1, VERSION)))
    if version > VERSION:
        return _newer(say("version {version}", version=_count(version)))
    if not _is_whole(revision) or revision < 0:
        return Problem("revision", say("must be {number}.", number=_numbers(0, REVISION)))
    if version == VERSION and revision > REVISION:
        return _newer(
            say("version {version}, revision {revision}", version=_count(version), revision=_count(revision))
        )
    return None


def _newer(made: Said) -> Problem:
    """A file of which nothing else can be said, least of all that its keys are wrong."""
    present = say(
        "version {version}, revision {revision}", version=_count(VERSION), revision=_count(REVISION)
    )
    return Problem(
        "",
        say(
            "was made by a newer Nodewise: update Nodewise to open it; the file was not "
            "changed. It is of {made}; this program reads up to {present}.",
            made=made,
            present=present,
        ),
    )


def migrated(raw: Raw) -> Raw:
    """The plan in the present version, without its revision; `refused` must have let it through."""
    while raw["version"] < VERSION:
        raw = _STEPS[raw["version"]](raw)
    return {key: value for key, value in raw.items() if key != "revision"}


def revision_of(content: Any) -> int:
    """The revision that a plan's content needs: the highest of the keys in it.

    Args:
        content: The plan as it stands in its file, decoded, or a part of it.
    """
    parts: tuple[Any, ...] = ()
    found = 0
    if isinstance(content, dict):
        parts = tuple(content.values())
        found = max((revision for revision, keys in KEYS_SINCE.items() if keys & content.keys()), default=0)
    elif isinstance(content, list | tuple):
        parts = tuple(content)
    return max((found, *(revision_of(part) for part in parts)))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _numbers(first: int, last: int) -> Value:
    if first == last:
        return _count(last)
    return say("a whole number from {first} to {last}", first=_count(first), last=_count(last))


def _count(number: int) -> Amount:
    return Amount(number, form="general", digits=15)
