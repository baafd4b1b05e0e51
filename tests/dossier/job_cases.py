"""Campaigns and layouts for the tests of job files, and readers of what was written."""

from __future__ import annotations

import ast
import datetime
import shlex
from dataclasses import replace
from functools import cache
from typing import Any

from estimators import Catalogue, load_catalogue
from estimators.catalogue.architectures import Full, Text
from estimators.planning.records import LayoutUsed, RunSpec
from estimators.requests.campaign import build_campaign, lines_of
from estimators.requests.campaign_results import Campaign
from estimators.requests.milestones import totals_of
from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.workloads.models import model_of

SCRIPTS = ("megatron.sbatch", "torchtitan.sbatch", "accelerate.sbatch", "deepspeed.sbatch")
SEQUENCE = 4096


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


@cache
def campaign_on(
    machine: str,
    model: str = "Llama-3.1-8B",
    software: str = "megatron",
    tokens: float = 20e9,
    gpus: int | None = None,
    **changes: Any,
) -> Campaign:
    spec = RunSpec(
        model=model_of(catalogue().model(model)),
        method=Full(changes.pop("method", "pretraining")),
        samples=tokens / SEQUENCE,
        sample=Text(SEQUENCE),
        global_batch_samples=512,
        software=software,
        gpus=gpus,
    )
    run = CampaignRun("main", changes.pop("name", "Main run"), "main", spec, **changes)
    whole = CampaignSpec(name="plan", title="", runs=(run,), machine=machine, months=3)
    found = catalogue().machine(machine)
    lines = lines_of(whole, found, catalogue())
    totals = totals_of(whole, lines)
    return build_campaign(whole, found, lines, totals, catalogue(), datetime.date(2026, 12, 1), True)


def with_layout(layout: LayoutUsed, machine: str = "leonardo-booster", **changes: Any) -> Campaign:
    """A campaign whose main run has this layout."""
    campaign = campaign_on(machine)
    line = campaign.main
    answer = replace(line.answer, layout=layout, gpus=layout.gpus, **changes)
    return replace(campaign, lines=(replace(line, answer=answer),))


def layout(tensor: int = 1, pipeline: int = 1, context: int = 1, data: int = 8, **changes: Any) -> LayoutUsed:
    values: dict[str, Any] = {
        "gpus": tensor * pipeline * context * data,
        "data_parallel": data,
        "zero_stage": 1,
        "tensor_parallel": tensor,
        "pipeline_parallel": pipeline,
        "interleave": 1,
        "context_parallel": context,
        "expert_parallel": 1,
        "micro_batch": 2,
        "micro_batches": 3,
        "recompute": "none",
        "shard_group": data * context,
    }
    return LayoutUsed(**{**values, **changes})


LAYOUTS = [
    layout(),
    layout(tensor=4, pipeline=2, data=2, interleave=2, schedule="interleaved"),
    layout(tensor=2, context=4, data=4, context_kind="ring", recompute="selective"),
    layout(data=32, zero_stage=3, shard_group=8, recompute="full"),
    layout(data=16, zero_stage=2, shard_group=16, offload=True),
    layout(data=8, zero_stage=0, shard_group=1),
    layout(tensor=2, data=8, recipe="current", layers_16=2),
    layout(context=2, data=8, zero_stage=3, shard_group=4, context_kind="all-gather"),
]


def sbatch(text: str) -> dict[str, str]:
    """Options of a batch script."""
    pairs = [
        line.removeprefix("#SBATCH --").partition("=") for line in text.splitlines() if "#SBATCH" in line
    ]
    return {name: value for name, _, value in pairs}


def torchtitan_settings(text: str) -> dict[str, Any]:
    """What torchtitan's function sets, by dotted name; calls and variables as their source."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    run = next(node for node in functions if node.name == "run")
    found: dict[str, Any] = {}
    for node in run.body:
        if isinstance(node, ast.Assign):
            value = node.value
            name = ast.unparse(node.targets[0]).removeprefix("config.")
            found[name] = value.value if isinstance(value, ast.Constant) else ast.unparse(value)
    return found


def megatron_options(text: str) -> dict[str, str]:
    """Options of Megatron as the shell reads them."""
    words = shlex.split(text.partition("MEGATRON_ARGS=(")[2].rpartition(")")[0], comments=True)
    found: dict[str, str] = {}
    for index, word in enumerate(words):
        if word.startswith("--"):
            following = words[index + 1] if index + 1 < len(words) else "--"
            found[word] = "" if following.startswith("--") else following
    return found
