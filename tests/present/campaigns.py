"""A whole campaign on real machines: seven runs that wait for each other, from tests to evaluation."""

from __future__ import annotations

import datetime

import msgspec

from app.plan.campaign import campaign_spec
from app.plan.project import CampaignInput
from app.plan.schema import DataInput, Plan, RunInput, TargetInput, WorkloadInput
from estimators import Catalogue
from estimators.requests.access_results import Door, DoorReport
from estimators.requests.campaign import build_campaign, lines_of, machine_of
from estimators.requests.campaign_results import Campaign
from estimators.requests.milestones import totals_of
from estimators.requests.results import Finding, Fix, Footprint, Request, ScalingReport
from estimators.words import NOTHING, say

START = datetime.date(2026, 12, 7)

# id, name, role, model, tokens, count, at once, share, GPUs, after
RUNS = (
    ("smoke", "Smoke and scaling tests", "test", "EuroLLM-9B", 3e11, 12, 4, 2e-4, 64, ()),
    ("ablations", "Data-mix ablations, 1.7B", "ablation", "EuroLLM-1.7B", 2e10, 4, 2, 1, 32, ("smoke",)),
    ("sweep", "Learning-rate sweep", "sweep", "EuroLLM-9B", 3e11, 6, 3, 2e-3, 64, ("ablations",)),
    ("main", "Main run, 300 B tokens", "main", "EuroLLM-9B", 3e11, 1, 1, 1, None, ("sweep",)),
    ("tuning", "Instruction tuning", "tuning", "EuroLLM-9B", 1e9, 2, 1, 1, 64, ("main",)),
    ("evaluation", "Evaluation", "evaluation", "EuroLLM-9B", 3e11, 12, 4, 1e-3, 16, ("tuning",)),
)


def a_plan(machine: str = "leonardo-booster", **campaign: object) -> Plan:
    """The plan; `campaign` sets parts of `CampaignInput`."""
    runs = tuple(
        RunInput(
            id=run_id,
            name=name,
            role=role,
            count=count,
            at_once=at_once,
            share=share,
            gpus=gpus,
            after=after,
            workload=WorkloadInput(model=model, method="pretraining"),
            data=DataInput(tokens=int(tokens)),
        )
        for run_id, name, role, model, tokens, count, at_once, share, gpus, after in RUNS
    )
    target = TargetInput(machine=machine, deadline_days=42, start_date=START)
    return Plan(
        name="nordic-9b", runs=runs, target=target, campaign=CampaignInput(**({"months": 3} | campaign))
    )


def with_run(plan: Plan, run_id: str, **changes: object) -> Plan:
    """The plan with one run changed."""
    runs = tuple(msgspec.structs.replace(run, **changes) if run.id == run_id else run for run in plan.runs)
    return msgspec.structs.replace(plan, runs=runs)


def too_large_plan() -> Plan:
    """The plan on four nodes, with a main run that has no room there."""
    giant = WorkloadInput(model="Llama-3.1-405B", method="pretraining")
    return with_run(a_plan("deucalion-gpu"), "main", workload=giant)


def campaign_of(plan: Plan, catalogue: Catalogue) -> Campaign:
    """The campaign as the science lays it out."""
    spec = campaign_spec(plan, catalogue)
    machine = machine_of(spec, catalogue)
    lines = lines_of(spec, machine, catalogue)
    totals = totals_of(spec, lines)
    return build_campaign(spec, machine, lines, totals, catalogue, spec.start or START, spec.start is None)


def request_of(plan: Plan, catalogue: Catalogue, findings: tuple[Finding, ...] | None = None) -> Request:
    """The campaign with one door that fits and findings that are made up."""
    mode = catalogue.access_modes["aif_fastlane"]
    door = Door(
        mode=mode, state="fits", size=say("10 000 to 50 000 GPU-hours"), size_gpu_hours=(1e4, 5e4),
        fixed=False, verdict=say("Fits"), changes=(), next_cutoff=None,
        cutoff_words=say("Always open"), earliest_start=None,
        decision_words=NOTHING, offered=None, offered_words=NOTHING,
    )  # fmt: skip
    doors = DoorReport(
        doors=(door,), chosen=door, verdict=say("Fits Fast Lane."), beside=NOTHING,
        start_sentence=NOTHING, split=(),
        fallback=NOTHING, stale=NOTHING, catalogue_date=START, catalogue_age_days=0,
    )  # fmt: skip
    return Request(
        campaign=campaign_of(plan, catalogue),
        doors=doors,
        storage=(),
        jobs=(),
        scaling=ScalingReport((), (), 0, float("nan"), None, NOTHING, (), 0, NOTHING, False),
        footprint=Footprint((), None, None, None, None, (), ()),
        findings=made_up_findings() if findings is None else findings,
        form=(),
    )


def made_up_findings() -> tuple[Finding, ...]:
    """One of each kind."""
    return (
        Finding(
            rule="storage", severity="fail", title="Checkpoints need 1.9 TB, WORK holds 1.0 TB",
            why="13 checkpoints of 146 GB are kept. With the last 5 kept it is 0.7 TB.", figure="1.9 TB",
            limit="1.0 TB", source="Quota: your input.", fix=Fix("Keep the last 5", "checkpoints_kept", 5),
        ),
        Finding(
            rule="scaling", severity="warn", title="Scaling is modelled, not measured",
            why="Reviewers ask for scaling on the same or a like machine.", figure="0 points", limit="",
            source="Reviewer sheets 2025 to 2026, secondary.",
        ),
        Finding(
            rule="gpus", severity="warn", title="The sweep asks for 64 GPUs", why="Half would do.",
            figure="64", limit="32", source="Arithmetic.", run_id="sweep",
            fix=Fix("Use 32 GPUs", "gpus", 32, "sweep"),
        ),
        *(
            Finding(rule, "pass", title, "", figure, limit, "Site page, official.")
            for rule, title, figure, limit in (
                ("job-size", "Job size", "32 nodes", "64 in queue normal"),
                ("wall-clock", "Job time", "24 h jobs, 11 in a chain", ""),
                ("memory", "Memory", "51 of 63 GiB on each GPU", ""),
            )
        ),
    )  # fmt: skip
