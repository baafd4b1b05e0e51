"""Answers as decoded JSON: the records that `compare` and `estimate` print. Keys are stable."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import msgspec

from app.cli.plans import Answered
from app.plan.files import plan_content
from app.present import answer as words
from app.present.access import answer_said, mode_id
from app.present.machines import machine_name, own_name
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.planning.plausible import is_far
from estimators.planning.reasons import reason_said
from estimators.planning.records import Comparison, CurvePoint, MachineAnswer
from estimators.quantity import Figure, Range

if TYPE_CHECKING:
    from estimators.requests.access_results import Access

Record = dict[str, Any]


def comparison_record(result: Answered) -> Record:
    """What `nodewise compare --json` prints."""
    plan, comparison, catalogue = result.plan, result.comparison, result.catalogue
    headline = comparison.headline
    return {
        "plan": plan_content(plan),
        "run": result.run_id,
        "machines": [machine_record(answer) for answer in comparison.answers],
        "own_hardware": own_record(comparison, catalogue),
        "headline": headline.machine.id if headline is not None else None,
        **_said(result),
    }


def estimate_record(result: Answered, answer: MachineAnswer | None) -> Record:
    """What `nodewise estimate --json` prints: one machine, with step parts and explanation.

    The answer is that of the plan's machine, or the headline; None where no machine can be named.
    """
    plan, comparison, catalogue = result.plan, result.comparison, result.catalogue
    machine = machine_record(answer) if answer is not None else {"id": None, "fits": False}
    explanation = comparison.explanation
    return {
        **machine,
        "plan": plan_content(plan),
        "run": result.run_id,
        "step": dataclasses.asdict(answer.step) if answer is not None and answer.step is not None else None,
        "memory": dataclasses.asdict(answer.memory) if answer is not None and answer.memory else None,
        "curve": curve_record(answer) if answer is not None else [],
        "explanation": figure_record(explanation) if explanation is not None else None,
        "own_hardware": own_record(comparison, catalogue),
        **_said(result),
    }


def machine_record(answer: MachineAnswer) -> Record:
    """One machine of the comparison; numbers are None where the run does not fit."""
    machine = answer.machine
    units = answer.site_units
    return {
        "id": machine.id,
        "name": machine_name(machine),
        "partition": machine.partition,
        "status": machine.status,
        "fits": answer.fits,
        "reason": None if answer.reason is None else text(reason_said(answer.reason)),
        "meets_deadline": answer.meets_deadline,
        "gpu": machine.gpu,
        **_figures(answer),
        "site_units": None if units is None else {"value": units.value, "unit": units.name},
        "notes": [text(note.said) for note in answer.notes],
    }


def own_record(comparison: Comparison, catalogue: Catalogue) -> Record:
    """The same on the user's own hardware, which has no site unit."""
    answer = comparison.own
    return {
        "id": "own",
        "name": own_name(comparison, catalogue),
        "fits": answer.fits,
        "reason": None if answer.reason is None else text(reason_said(answer.reason)),
        "meets_deadline": answer.meets_deadline,
        "gpu": comparison.spec.own.gpu,
        **_figures(answer),
        "notes": [text(note.said) for note in answer.notes],
    }


def curve_record(answer: MachineAnswer) -> list[Record]:
    """GPU counts with their days and GPU-hours."""
    return [_point(point) for point in answer.curve]


def _point(point: CurvePoint) -> Record:
    return {
        "gpus": point.gpus,
        "days": point.seconds.scaled(1.0 / 86400.0).as_dict(),
        "gpu_hours": point.gpu_hours.as_dict(),
    }


def figure_record(figure: Figure) -> Record:
    """A figure and everything below it."""
    return {
        "key": figure.key,
        "name": text(figure.name),
        "value": figure.value,
        "unit": figure.unit,
        "origin": figure.origin.value,
        "words": figure.words,
        "expression": figure.expression,
        "note": text(figure.note),
        "range": _range(figure.range),
        "fact": None if figure.fact is None else msgspec.to_builtins(figure.fact),
        "inputs": [figure_record(part) for part in figure.inputs],
    }


def _figures(answer: MachineAnswer) -> Record:
    hours = answer.node_hours
    return {
        "gpus": answer.gpus,
        "nodes": answer.nodes,
        "days": _range(answer.days),
        "gpu_hours": _range(answer.gpu_hours),
        "node_hours": hours.p50 if hours is not None else None,
        "node_hours_range": _range(hours),
        "memory_bytes_per_gpu": answer.memory.reserved if answer.memory is not None else None,
        "memory_limit_bytes": answer.memory.limit if answer.memory is not None else None,
        "memory_capacity_bytes": answer.memory.capacity if answer.memory is not None else None,
        "energy_kwh": _range(answer.energy_kwh),
        "carbon_kg": _range(answer.carbon_kg),
        "layout": answer.layout.as_dict() if answer.layout is not None else None,
        "precision": answer.precision,
        "steps": answer.steps,
        "jobs": answer.jobs,
        "mfu": answer.step.mfu if answer.step is not None else None,
        "neighbour": None if answer.neighbour is None else _point(answer.neighbour),
        "evidence": answer.evidence,
        "measured": answer.measured,
    }


def _said(result: Answered) -> Record:
    """The answer in words, and what the whole plan asks for."""
    comparison, access = result.comparison, result.access
    who_pays = answer_said(access)
    return {
        "sentence": words.plain(words.sentence(comparison, result.catalogue, who_pays)),
        "access_mode": mode_id(access),
        "access_sentence": text(who_pays),
        "request": _request(access),
        "measured_step": measured_record(comparison),
        "assumptions": list(comparison.assumptions),
        "catalogue_date": comparison.catalogue_date,
    }


def _request(access: Access | None) -> Record | None:
    """The sum that the whole plan asks for; None where none can be made."""
    if access is None or not access.campaign.request_node_hours:
        return None
    units = access.campaign.units
    return {"node_hours": units.node_hours, "gpu_hours": units.gpu_hours}


def measured_record(comparison: Comparison) -> Record | None:
    """The measured step beside its prediction; None where none was measured."""
    step, predicted = comparison.spec.measured, comparison.predicted_step_seconds
    if step is None or predicted is None:
        return None
    return {
        "machine": step.machine,
        "gpus": step.gpus,
        "step_seconds": step.step_seconds,
        "predicted_seconds": predicted,
        "times_predicted": step.step_seconds / predicted,
        "is_far": is_far(step, predicted),
        "confirmed": step.confirmed,
    }


def _range(value: Range | None) -> dict[str, float] | None:
    return value.as_dict() if value is not None else None
