"""What each input of a plan is called, for menus and messages."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from app.plan.amounts import format_count, format_duration, format_number
from app.plan.errors import shown_path
from app.plan.schema import MeasuredStepInput
from estimators.workloads.methods import METHODS

_NAMES = {
    "name": "name",
    "title": "title",
    "runs": "runs",
    "workload.model": "model",
    "workload.method": "method",
    "workload.sequence_tokens": "sequence length",
    "workload.precision": "precision",
    "workload.multi_token_prediction": "token prediction",
    "data.tokens": "tokens",
    "data.sequences": "sequences",
    "data.images": "images",
    "data.passes": "passes",
    "data.global_batch_tokens": "global batch",
    "data.global_batch_samples": "global batch",
    "software": "software",
    "gpus": "GPUs",
    "layout.tensor_parallel": "tensor parallelism",
    "layout.pipeline_parallel": "pipeline parallelism",
    "layout.context_parallel": "context parallelism",
    "layout.zero_stage": "ZeRO stage",
    "layout.micro_batch": "micro-batch",
    "layout.recompute": "recomputation",
    "layout.schedule": "pipeline schedule",
    "layout.context_kind": "kind of context parallelism",
    "layout.shard_group": "GPUs that share the states",
    "layout.recipe": "FP8 recipe",
    "layout.expert_capacity": "capacity of an expert",
    "measured_step": "measured step",
    "role": "purpose",
    "count": "number of runs",
    "at_once": "runs at once",
    "share": "part of the data",
    "after": "order of runs",
    "earliest_month": "first month",
    "fixed_hours": "hours of the run",
    "checkpoints": "checkpoints",
    "campaign.months": "length",
    "campaign.plan_percentile": "quantile of the plan",
    "campaign.request_percentile": "quantile of the request",
    "campaign.queue_slack": "waiting in queues",
    "campaign.overhead.failed_share": "failed runs",
    "campaign.overhead.factor": "overhead",
    "campaign.applicant": "applicant",
    "campaign.country": "country",
    "campaign.mode": "access mode",
    "campaign.fallback": "fallback machine",
    "campaign.containers": "own containers",
    "campaign.storage.checkpoints_kept": "checkpoints kept",
    "campaign.storage.data_files": "files of the data",
    "campaign.stated_request": "stated request",
    "campaign.stated_unit": "unit of the stated request",
    "target.machine": "machine",
    "target.deadline_days": "deadline",
    "target.start_date": "start date",
    "dossier.title": "title",
    "dossier.applicant_name": "applicant's name",
    "dossier.acronym": "acronym",
    "dossier.summary": "summary",
    "dossier.software_version": "version of the software",
    "dossier.language": "language",
    "dossier.edition": "edition",
    "own_hardware.gpu": "your GPU",
    "own_hardware.gpus": "your GPUs",
}

_WORDS = {name: rule.words for name, rule in METHODS.items()}


def field_name(path: str) -> str:
    """What people call the input at a path: "tokens" for "runs.0.data.tokens"."""
    parts = path.split(".")
    inside = ".".join(parts[2:]) if parts[0] == "runs" and len(parts) > 2 else path
    return _NAMES.get(inside, shown_path(path))


def value_words(path: str, value: Any) -> str:
    """A value as it stands in a menu: "400 B", "6 weeks", "EuroLLM-9B"."""
    if value is None:
        return "none" if path.endswith("measured_step") else "the default"
    if isinstance(value, MeasuredStepInput):
        return f"{format_number(value.step_seconds)} s on {format_count(value.gpus)} GPUs"
    if path.endswith("deadline_days"):
        return format_duration(value)
    if path.endswith("passes"):
        return format_number(value)
    if path.endswith(("share", "queue_slack", "percentile")):
        from app.plan.project_amounts import format_percentile, format_share

        return format_percentile(value) if path.endswith("percentile") else format_share(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return format_count(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, msgspec.Struct):
        return str(getattr(value, "name", "another"))
    return _WORDS.get(str(value), str(value))
