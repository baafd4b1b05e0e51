"""Reads measured scaling runs from a CSV file with one line for each point."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from typing import get_args

import msgspec

from app.plan.errors import PlanError
from app.plan.project import ScalingKind, ScalingPointInput
from app.plan.shape_errors import problem_of
from estimators.words import Amount, Listed, Name, say

NEEDED = ("gpus", "step_seconds", "batch_samples")
"""Kind, machine and run_id may be missing: strong, the plan's machine, the main run."""
KINDS: tuple[str, ...] = get_args(ScalingKind)


def read_scaling_csv(text: str, machine: str | None) -> tuple[ScalingPointInput, ...]:
    """The points of a file; columns may stand in any order, separated by commas, semicolons or tabs.

    Args:
        machine: Where points without a machine were measured; None demands the column.

    Raises:
        PlanError: A column is missing or a value cannot be used; the sentence names the line.
    """
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise PlanError(say("The file is no CSV: {error}.", error=Name(str(error)))) from None
    numbered = [(i, [cell.strip() for cell in row]) for i, row in enumerate(rows, 1) if any(row)]
    if not numbered:
        raise PlanError(
            say(
                "The file is empty. It needs the columns {names} and kind.",
                names=Listed(tuple(map(Name, NEEDED)), ""),
            )
        )
    head = [name.lower() for name in numbered[0][1]]
    missing = [name for name in NEEDED if name not in head]
    if missing:
        raise PlanError(
            say(
                "The first line lacks the columns {missing}; it has {head}.",
                missing=Listed(tuple(map(Name, missing)), ""),
                head=Listed(tuple(map(Name, head)), ""),
            )
        )
    return tuple(_point(line, dict(zip(head, row, strict=False)), machine) for line, row in numbered[1:])


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _point(line: int, row: Mapping[str, str], machine: str | None) -> ScalingPointInput:
    where = row.get("machine") or machine
    if where is None:
        raise PlanError(
            say(
                "Line {line} names no machine, and neither does the plan.",
                line=Amount(line, form="general", digits=15),
            )
        )
    kind = (row.get("kind") or "strong").lower()
    if kind not in KINDS:
        raise PlanError(
            say(
                'Line {line} has the kind "{kind}"; use {kinds}.',
                line=Amount(line, form="general", digits=15),
                kind=Name(kind),
                kinds=Listed(tuple(map(Name, KINDS)), "or"),
            )
        )
    raw = {
        "machine": where,
        "gpus": _number(line, row, "gpus"),
        "step_seconds": _number(line, row, "step_seconds"),
        "batch_samples": _number(line, row, "batch_samples"),
        "kind": kind,
        "run_id": row.get("run_id") or None,
    }
    try:
        return msgspec.convert(raw, ScalingPointInput)
    except msgspec.ValidationError as error:
        raise PlanError(
            say(
                "Line {line} cannot be used: {problem}",
                line=Amount(line, form="general", digits=15),
                problem=problem_of(error, raw).located(),
            )
        ) from None


def _number(line: int, row: Mapping[str, str], name: str) -> float | int:
    """A number of the C locale; whole ones stay whole."""
    text = row.get(name, "")
    try:
        value = float(text)
    except ValueError:
        raise PlanError(
            say(
                'Line {line} has "{typed}" as {column}, which is no number.',
                line=Amount(line, form="general", digits=15),
                typed=Name(text),
                column=Name(name),
            )
        ) from None
    if not math.isfinite(value):
        raise PlanError(
            say(
                "Line {line} has {typed} as {column}, which is no number.",
                line=Amount(line, form="general", digits=15),
                typed=Name(text),
                column=Name(name),
            )
        )
    return int(value) if value.is_integer() else value


def all_confirmed(points: Iterable[ScalingPointInput]) -> tuple[ScalingPointInput, ...]:
    """The points of a plan as a person takes them who says that they are right."""
    return tuple(msgspec.structs.replace(point, confirmed=True) for point in points)


def with_measured(
    known: Iterable[ScalingPointInput], imported: Iterable[ScalingPointInput]
) -> tuple[ScalingPointInput, ...]:
    """The points of a plan with new ones behind them; the same point counts once, confirmed if either is."""
    joined: dict[ScalingPointInput, ScalingPointInput] = {}
    for point in (*known, *imported):
        bare = msgspec.structs.replace(point, confirmed=False)
        if point.confirmed or bare not in joined:
            joined[bare] = point
    return tuple(joined.values())
