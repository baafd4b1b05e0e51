"""What each input of a plan is called, for menus and messages."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from app.plan.errors import shown_path
from app.plan.schema import MeasuredStepInput
from app.words import text
from estimators.words import Amount, Form, Name, Said, Value, say
from estimators.workloads.methods import METHODS

_NAMES: dict[str, Said] = {
    "name": say("name"),
    "title": say("title"),
    "runs": say("runs"),
    "workload.model": say("model"),
    "workload.method": say("method"),
    "workload.sequence_tokens": say("sequence length"),
    "workload.precision": say("precision"),
    "workload.multi_token_prediction": say("token prediction"),
    "data.tokens": say("tokens"),
    "data.sequences": say("sequences"),
    "data.images": say("images"),
    "data.passes": say("passes"),
    "data.global_batch_tokens": say("global batch"),
    "data.global_batch_samples": say("global batch"),
    "software": say("software"),
    "gpus": say("GPUs"),
    "layout.tensor_parallel": say("tensor parallelism"),
    "layout.pipeline_parallel": say("pipeline parallelism"),
    "layout.context_parallel": say("context parallelism"),
    "layout.zero_stage": say("ZeRO stage"),
    "layout.micro_batch": say("micro-batch"),
    "layout.recompute": say("recomputation"),
    "layout.schedule": say("pipeline schedule"),
    "layout.context_kind": say("kind of context parallelism"),
    "layout.shard_group": say("GPUs that share the states"),
    "layout.recipe": say("FP8 recipe"),
    "layout.expert_capacity": say("capacity of an expert"),
    "measured_step": say("measured step"),
    "role": say("purpose"),
    "count": say("number of runs"),
    "at_once": say("runs at once"),
    "share": say("part of the data"),
    "after": say("order of runs"),
    "earliest_month": say("first month"),
    "fixed_hours": say("hours of the run"),
    "checkpoints": say("checkpoints"),
    "campaign.months": say("length"),
    "campaign.plan_percentile": say("quantile of the plan"),
    "campaign.request_percentile": say("quantile of the request"),
    "campaign.queue_slack": say("waiting in queues"),
    "campaign.overhead.failed_share": say("failed runs"),
    "campaign.overhead.factor": say("overhead"),
    "campaign.applicant": say("applicant"),
    "campaign.country": say("country"),
    "campaign.mode": say("access mode"),
    "campaign.fallback": say("fallback machine"),
    "campaign.containers": say("own containers"),
    "campaign.storage.checkpoints_kept": say("checkpoints kept"),
    "campaign.storage.data_files": say("files of the data"),
    "campaign.stated_request": say("stated request"),
    "campaign.stated_unit": say("unit of the stated request"),
    "target.machine": say("machine"),
    "target.deadline_days": say("deadline"),
    "target.start_date": say("start date"),
    "dossier.title": say("title"),
    "dossier.applicant_name": say("applicant's name"),
    "dossier.acronym": say("acronym"),
    "dossier.summary": say("summary"),
    "dossier.software_version": say("version of the software"),
    "dossier.language": say("language"),
    "dossier.edition": say("edition"),
    "own_hardware.gpu": say("your GPU"),
    "own_hardware.gpus": say("your GPUs"),
}

_WORDS: dict[str, Value] = {name: rule.words for name, rule in METHODS.items()}

_FORMS: tuple[tuple[str | tuple[str, ...], Form], ...] = (
    ("deadline_days", "field_days"),
    ("passes", "field_number"),
    (("share", "queue_slack"), "field_share"),
)


def field_name(path: str) -> Value:
    """What people call the input at a path: "tokens" for "runs.0.data.tokens"."""
    parts = path.split(".")
    inside = ".".join(parts[2:]) if parts[0] == "runs" and len(parts) > 2 else path
    return _NAMES.get(inside, Name(shown_path(path)))


def value_said(path: str, value: Any) -> Value:
    """A value as it stands in a menu: "400 B", "6 weeks", "EuroLLM-9B"."""
    if value is None:
        return say("none") if path.endswith("measured_step") else say("the default")
    if isinstance(value, MeasuredStepInput):
        return say(
            "{seconds} s on {n} GPUs",
            seconds=Amount(value.step_seconds, form="field_number"),
            n=Amount(value.gpus, form="field_count"),
        )
    if path.endswith("percentile"):
        return Name(f"P{value}")
    for endings, form in _FORMS:
        if path.endswith(endings):
            return Amount(value, form=form)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int | float):
        return Amount(value, form="field_count")
    return _other(value)


def value_words(path: str, value: Any) -> str:
    """The same in the language that is spoken."""
    return text(value_said(path, value))


def _other(value: Any) -> Value:
    if isinstance(value, datetime.date):
        return Amount(value, form="plain")
    if isinstance(value, msgspec.Struct):
        name = getattr(value, "name", "")
        return Name(str(name)) if name else say("another")
    return _WORDS.get(str(value), Name(str(value)))
