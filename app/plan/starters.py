"""The start page's choices: each gives a complete plan with sensible defaults.

The numbers are those of an ordinary first project; every one of them can be changed afterwards. No machine
is chosen, so the answer names the one that needs the fewest GPU-hours.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from app.plan.schema import DataInput, Plan, RunInput, TargetInput, WorkloadInput
from app.words import text
from estimators.words import Said, say

MAIN_RUN = say("Main run")


@dataclass(frozen=True, slots=True)
class Starter:
    """One choice of the start page.

    Attributes:
        id: Stable name, for icons and tests.
        title: What a person wants to do.
        words: One sentence below it.
        plan: What a click opens.
        measures: Whether the next thing to enter is a measured step.
    """

    id: str
    title: Said
    words: Said
    plan: Plan
    measures: bool = False


def starters(catalogue_date: datetime.date | None = None) -> tuple[Starter, ...]:
    """The choices in the order of the start page.

    Args:
        catalogue_date: Of the catalogue in use, written into the plans.
    """
    return (
        _fine_tune(catalogue_date),
        _continue_pretraining(catalogue_date),
        _from_scratch(catalogue_date),
        _vision(catalogue_date),
        _scale_up(catalogue_date),
    )


def _fine_tune(catalogue_date: datetime.date | None) -> Starter:
    run = RunInput(
        id="main",
        name=text(say("Fine-tuning")),
        workload=WorkloadInput(model="Llama-3.1-8B", method="full-finetuning", sequence_tokens=4096),
        data=DataInput(tokens=200_000_000),
    )
    return Starter(
        id="fine-tune",
        title=say("Fine-tune an open model"),
        words=say("Teach Llama, Mistral or EuroLLM your task, with your own examples."),
        plan=_plan("my-fine-tuning", run, 2, catalogue_date),
    )


def _continue_pretraining(catalogue_date: datetime.date | None) -> Starter:
    run = RunInput(
        id="main",
        name=text(MAIN_RUN),
        workload=WorkloadInput(model="EuroLLM-9B", method="continued-pretraining", sequence_tokens=4096),
        data=DataInput(tokens=300_000_000_000),
    )
    return Starter(
        id="continue",
        title=say("Continue pre-training for my language"),
        words=say("Take an open model further on text in your language or field."),
        plan=_plan("my-language", run, 42, catalogue_date),
    )


def _from_scratch(catalogue_date: datetime.date | None) -> Starter:
    run = RunInput(
        id="main",
        name=text(MAIN_RUN),
        workload=WorkloadInput(model="EuroLLM-1.7B", method="pretraining", sequence_tokens=4096),
        data=DataInput(tokens=1_000_000_000_000),
    )
    return Starter(
        id="scratch",
        title=say("Pre-train from scratch"),
        words=say("A new language model: choose its size, or let the data choose it."),
        plan=_plan("my-new-model", run, 30, catalogue_date),
    )


def _vision(catalogue_date: datetime.date | None) -> Starter:
    run = RunInput(
        id="main",
        name=text(MAIN_RUN),
        workload=WorkloadInput(model="vit-large-patch16-224", method="pretraining"),
        data=DataInput(images=1_000_000_000),
    )
    return Starter(
        id="vision",
        title=say("Train a vision model"),
        words=say("A vision transformer on your own images, from zero or from weights."),
        plan=_plan("my-vision-model", run, 2, catalogue_date),
    )


def _scale_up(catalogue_date: datetime.date | None) -> Starter:
    run = RunInput(
        id="main",
        name=text(MAIN_RUN),
        workload=WorkloadInput(model="EuroLLM-9B", method="continued-pretraining", sequence_tokens=4096),
        data=DataInput(tokens=300_000_000_000),
    )
    return Starter(
        id="scale-up",
        title=say("Scale up a run that I measured"),
        words=say("Enter seconds a step from your log. The range narrows at once."),
        plan=_plan("my-measured-run", run, 42, catalogue_date),
        measures=True,
    )


def _plan(name: str, run: RunInput, deadline_days: int, catalogue_date: datetime.date | None) -> Plan:
    """A plan without a title: one that names size and data would be untrue after the first change."""
    return Plan(
        name=name,
        catalogue_date=catalogue_date,
        runs=(run,),
        target=TargetInput(deadline_days=deadline_days),
    )
