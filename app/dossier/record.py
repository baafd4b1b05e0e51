"""A request as decoded JSON: inputs, answers, milestones, months, doors, findings, form and sources."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import msgspec

from app.dossier.document import TEAM_ONLY
from app.dossier.material import Material
from app.dossier.public_sources import SET_BY_PLAN, public_name
from app.dossier.sources import source_lines
from app.plan.files import plan_content
from app.plan.schema import Edition
from app.present.access import mode_id
from app.words import text
from estimators.catalogue.records import AccessMode, Machine
from estimators.planning.reasons import Note, Reason, reason_said
from estimators.planning.records import RunSpec
from estimators.quantity import Fact
from estimators.requests.access_results import DoorReport
from estimators.requests.campaign_results import RunLine
from estimators.requests.results import StorageItem
from estimators.words import Value

FORMAT, VERSION = "nodewise-request", 1
_TEAMS_KEYS = ("mark", "scenario", "access", "findings", "form", "machines", "own_hardware")
"""What the record of the reviewer's edition lacks."""
_TEAMS_FOOTPRINT = ("value_eur", "value_facts", "facts", "notes")
_PLAN_KEYS = ("format", "version", "revision", "name", "title", "dossier", "runs", "target")
_BY_ID = (Machine, AccessMode)


def json_text(material: Material, edition: Edition = "reviewer") -> str:
    """The record as a file."""
    record = request_record(material) if edition == "team" else public_record(material)
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def request_record(material: Material) -> dict[str, Any]:
    """Everything that the dossier says, as plain values. Numbers that are none are null."""
    request, campaign = material.request, material.campaign
    return {
        "format": FORMAT,
        "version": VERSION,
        "edition": "team",
        "mark": TEAM_ONLY,
        "scenario": material.scenario,
        "date": material.date.isoformat(),
        "catalogue_date": material.comparison.catalogue_date,
        "plan": plan_content(material.plan),
        "machine": campaign.machine.id,
        "access_mode": mode_id(request),
        "start": campaign.start.isoformat(),
        "end": campaign.end.isoformat(),
        "start_is_assumed": campaign.start_is_assumed,
        "complete": campaign.complete,
        "request": {
            **content(campaign.units),
            "percentile": campaign.spec.request_percentile,
            "ratio": str(campaign.request_ratio),
            "base_node_hours": content(campaign.base_node_hours),
            "total_node_hours": content(campaign.total),
            "gpus_per_node": campaign.gpus_per_node,
            "devices_per_node": campaign.devices_per_node,
        },
        "runs": [_line(line) for line in campaign.lines],
        "milestones": content(campaign.milestones),
        "months": [{**content(month), "node_hours": month.node_hours} for month in campaign.months],
        "calendar": content(campaign.bars),
        "jobs": content(request.jobs),
        "storage": [_storage(one) for one in request.storage],
        "scaling": {key: part for key, part in content(request.scaling).items() if key != "is_paid"},
        "footprint": content(request.footprint),
        "access": _access(request.doors),
        "findings": content(request.findings),
        "form": content(request.form),
        "burn_down": content(request.burn_down),
        "explanation": content(material.main.explanation),
        "machines": content(material.comparison.answers),
        "own_hardware": content(material.comparison.own),
        "assumptions": content(material.comparison.assumptions),
        "sources": content(source_lines(request, material.catalogue)),
    }


def public_record(material: Material) -> dict[str, Any]:
    """What the reviewer's edition says: no findings, form, access modes or other machines."""
    record = request_record(material)
    kept = {key: value for key, value in record.items() if key not in _TEAMS_KEYS}
    lines = source_lines(material.request, material.catalogue)
    kept |= {
        "edition": "reviewer",
        "plan": {key: record["plan"][key] for key in _PLAN_KEYS if key in record["plan"]},
        "scaling": {key: value for key, value in record["scaling"].items() if key != "paid_by"},
        "footprint": {
            key: value for key, value in record["footprint"].items() if key not in _TEAMS_FOOTPRINT
        },
        "explanation": _bare_figure(record["explanation"]),
        "sources": [
            {"name": line.name, "value": line.value, "source": line.publisher or text(SET_BY_PLAN)}
            | ({"date": line.date} if line.publisher else {})
            for line in lines
            if line.is_behind_hours
        ],
    }
    return dict(_publishable(kept))


def _bare_figure(figure: Any) -> Any:
    """A figure's tree without what is said of where its inputs come from."""
    if figure is None:
        return None
    kept = {key: figure[key] for key in ("key", "name", "value", "unit", "expression") if key in figure}
    return {**kept, "inputs": [_bare_figure(part) for part in figure["inputs"]]}


def _publishable(value: Any) -> Any:
    """The same content, with facts cited as a reviewer reads them."""
    if isinstance(value, list):
        return [_publishable(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "confidence" not in value or "source" not in value:
        return {key: _publishable(part) for key, part in value.items()}
    name = "" if value["confidence"] == "unverified" else public_name(str(value["source"]))
    return {
        "value": value.get("value"),
        "unit": value.get("unit"),
        "source": name or text(SET_BY_PLAN),
        "date": value.get("as_of") if name else None,
    }


def _access(doors: DoorReport) -> dict[str, Any]:
    """The verdict with what is beside it as one sentence: the keys of a file stay what they were."""
    kept = content(doors)
    del kept["verdict"], kept["beside"]
    return {**kept, "sentence": text(doors.sentence)}


def _storage(area: StorageItem) -> dict[str, Any]:
    """A storage area, its parts as pairs of name and bytes."""
    return {**content(area), "parts": [[text(part.name), part.bytes] for part in area.parts]}


def _line(line: RunLine) -> dict[str, Any]:
    """One run; its explanation stands once, for the main run."""
    fields = content(dataclasses.replace(line, explanation=None))
    fields.pop("explanation")
    return dict(fields)


def _spec(spec: RunSpec) -> dict[str, Any]:
    """A run under the keys of version 1: model and method by name, a sample by its length."""
    first = {"card": spec.model.id, "method": spec.method.rule}
    second = {"samples": content(spec.samples), "sample_tokens": spec.positions}
    rest = [item.name for item in dataclasses.fields(spec)[len(first) + len(second) :]]
    return {**first, **second, **{name: content(getattr(spec, name)) for name in rest}}


def content(value: Any) -> Any:
    """Records as objects, facts with their source, machines by id, exact numbers and sentences as text."""
    if isinstance(value, Value):
        return text(value)
    if isinstance(value, Reason):
        return text(reason_said(value))
    if isinstance(value, Note):
        return text(value.said)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Fraction | Decimal):
        return str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _BY_ID):
        return value.id
    if isinstance(value, RunSpec):
        return _spec(value)
    if isinstance(value, Fact):
        return {key: content(part) for key, part in msgspec.structs.asdict(value).items()}
    if isinstance(value, dict):
        return {str(key): content(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [content(part) for part in value]
    if dataclasses.is_dataclass(value):
        return {field.name: content(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"no plain value for {type(value).__name__}")
