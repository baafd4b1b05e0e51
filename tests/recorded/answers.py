"""Today's answers to every recorded question, through the interfaces that window and command line use."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from app.plan.campaign import campaign_spec
from app.plan.errors import PlanError
from app.plan.files import parse_plan
from app.plan.resolve import run_spec
from app.plan.schema import Plan
from app.words import text as written
from estimators import (
    Catalogue,
    CatalogueError,
    Comparison,
    MachineAnswer,
    RunError,
    compare,
    load_calibration,
    plan_request,
    reprice,
)
from estimators.evidence.calibrate import SHIPPED_EVIDENCE
from estimators.evidence.configure import Configured, configure
from estimators.evidence.memory_rows import OTHER_STATES, memory_log_errors
from estimators.evidence.report import predict
from estimators.evidence.rows import Row, read_rows
from tests.recorded.plans import recorded_plans
from tests.recorded.projection import plain

NOW = datetime.datetime(2026, 11, 27, 9, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
"""The present of every recorded request: dates follow from it."""
EVIDENCE_PREFIX = "evidence/"


def answers(catalogue: Catalogue, only: str = "") -> Iterator[tuple[str, Any]]:
    """Name and answer of every recorded question.

    Args:
        only: A part of the names that are wanted.
    """
    for name, text, is_example in recorded_plans():
        if only in name:
            yield name, _of_plan(text(), catalogue, is_example)
    rows = read_rows(SHIPPED_EVIDENCE)
    named = [(f"{EVIDENCE_PREFIX}{row.id}", row) for row in rows]
    wanted = [(name, row) for name, row in named if only in name]
    if wanted:
        found = _of_evidence(tuple(row for _, row in wanted), catalogue)
        yield from zip((name for name, _ in wanted), found, strict=True)


def _of_plan(text: str, catalogue: Catalogue, is_example: bool) -> Any:
    """The answers to a plan; the sentence where it is refused."""
    try:
        plan = parse_plan(text, catalogue)
        return _of_example(plan, catalogue) if is_example else _of_generated(plan, catalogue)
    except (PlanError, RunError, CatalogueError) as error:
        return {"refused": written(error.said)}


def _of_generated(plan: Plan, catalogue: Catalogue) -> Any:
    found = compare(run_spec(plan, catalogue), catalogue)
    return {
        "headline": _id(found.headline),
        "own": _short(found.own),
        "assumptions": plain(found.assumptions),
        "predicted_step_seconds": found.predicted_step_seconds,
        "machines": {answer.machine.id: _short(answer) for answer in found.answers},
    }


def _short(answer: MachineAnswer) -> Any:
    """An answer without what follows from the rest of it by a factor."""
    if not answer.fits:
        return {"reason": plain(answer.reason)}
    hours = answer.gpu_hours
    return {
        "gpus": answer.gpus,
        "gpu_hours": None if hours is None else [hours.p10, hours.p50, hours.p80, hours.p90],
        "seconds": None if answer.seconds is None else answer.seconds.p50,
        "steps": answer.steps,
        "jobs": answer.jobs,
        "notes": plain(answer.notes),
        "precision": answer.precision,
        "layout": plain(answer.layout),
        "memory": plain(answer.memory),
        "step": plain(answer.step),
        "measured": answer.measured,
        "meets_deadline": answer.meets_deadline,
        "evidence": answer.evidence,
        "curve": [[point.gpus, point.gpu_hours.p50] for point in answer.curve],
    }


def _of_example(plan: Plan, catalogue: Catalogue) -> Any:
    """All that the program says of a plan: comparison, a slider's answer, the request."""
    spec = run_spec(plan, catalogue)
    found = compare(spec, catalogue)
    longer = replace(plan, runs=tuple(_longer(run) for run in plan.runs))
    moved = reprice(run_spec(longer, catalogue), catalogue, found)
    return {
        "comparison": _comparison(found),
        "moved": {answer.machine.id: _short(answer) for answer in moved.answers},
        "request": plain(plan_request(campaign_spec(plan, catalogue), catalogue, NOW)),
    }


def _longer(run: Any) -> Any:
    """A run on half as much data again."""
    names = [name for name in ("tokens", "sequences", "images") if getattr(run.data, name)]
    grown = {name: getattr(run.data, name) * 1.5 for name in names}
    return replace(run, data=replace(run.data, **grown))


def _comparison(found: Comparison) -> Any:
    kept = plain(found)
    kept["headline"] = _id(found.headline)
    kept["answers"] = {answer.machine.id: plain(answer) for answer in found.answers}
    return kept


def _id(answer: MachineAnswer | None) -> str | None:
    return None if answer is None else answer.machine.id


def _of_evidence(rows: tuple[Row, ...], catalogue: Catalogue) -> list[Any]:
    """Prediction and memory of published runs by the shipped calibration."""
    memory = _memory(rows, catalogue)
    return [
        {"skipped": found.skipped}
        if found.predicted is None
        else {
            "predicted": found.predicted,
            "p10": found.p10,
            "p90": found.p90,
            "layout": found.layout,
            "log_gib": memory.get(found.row.id),
        }
        for found in predict(rows, catalogue)
    ]


def _memory(rows: tuple[Row, ...], catalogue: Catalogue) -> dict[str, float]:
    """ln of the GiB of a device by the id of each published run that can be configured.

    Memory is compared for runs that publish theirs: every run is taken here as if it had published 1 GiB.
    """
    as_published = [replace(row, measured=replace(row.measured, also={"memory": 1.0})) for row in rows]
    found = [configure(row, catalogue) for row in as_published if OTHER_STATES not in row.id]
    configured = tuple(item for item in found if isinstance(item, Configured))
    logs = memory_log_errors(configured, catalogue, load_calibration().coefficients)
    return {item.row.id: float(log) for item, log in zip(configured, logs, strict=True)}
