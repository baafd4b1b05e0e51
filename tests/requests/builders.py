"""Hand-made campaigns: hours are named instead of estimated, so that a test crosses one limit at a time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from estimators.catalogue.architectures import Full, Text
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.records import MachineAnswer, MemoryParts, RunSpec
from estimators.quantity import Range
from estimators.requests.campaign import build_campaign, nodes_of
from estimators.requests.campaign_results import Campaign, Package, RunLine
from estimators.requests.doors import assess_doors
from estimators.requests.findings import find
from estimators.requests.findings.case import Case
from estimators.requests.form import form_values
from estimators.requests.jobs import job_types
from estimators.requests.milestones import totals_of
from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.requests.results import Finding, Footprint, FormValue, ScalingReport
from estimators.requests.storage import storage_needs
from estimators.requests.units import devices_of_node, gpus_of_node
from estimators.words import NOTHING
from estimators.workloads.models import model_of

NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
START = datetime.date(2027, 3, 1)
MEASURED = ScalingReport(
    strong=(),
    weak=(),
    measured_here=3,
    efficiency_at_job=0.9,
    best_gpus=None,
    fit=NOTHING,
    plan=(),
    plan_node_hours=0,
    paid_by=NOTHING,
    is_paid=False,
)
FOOTPRINT = Footprint(
    phases=(),
    energy_kwh=Range(900.0, 1000.0, 1100.0, 1200.0),
    carbon_kg=Range(90.0, 100.0, 110.0, 120.0),
    embodied_kg=None,
    value_eur=None,
    facts=(),
    notes=(),
)


def run_spec(catalogue: Catalogue, gpus: int = 4, tokens: float = 1e9, **changes: Any) -> RunSpec:
    """A fine-tuning run of an 8B model."""
    spec = RunSpec(
        model=model_of(catalogue.model("Llama-3.1-8B")),
        method=Full("full-finetuning"),
        samples=tokens / 4096,
        sample=Text(4096),
        gpus=gpus,
    )
    return replace(spec, **changes)


def campaign_run(
    catalogue: Catalogue, gpus: int = 4, hours: float = 10.0, identity: str = "main", **changes: Any
) -> CampaignRun:
    """A run whose wall-clock hours are named; `spec` replaces the whole of its own inputs."""
    run = CampaignRun(
        id=identity,
        name=changes.pop("name", "Main run" if identity == "main" else identity.capitalize()),
        role=changes.pop("role", "main"),
        spec=changes.pop("spec", None) or run_spec(catalogue, gpus),
        fixed_hours=hours,
    )
    return replace(run, **changes)


def project(*runs: CampaignRun, machine: str = "leonardo-booster", **changes: Any) -> CampaignSpec:
    """A project that asks for nothing that a rule minds."""
    spec = CampaignSpec(
        name="test",
        title="A test",
        runs=runs,
        machine=machine,
        fallback="marenostrum5-acc" if machine != "marenostrum5-acc" else "leonardo-booster",
        start=START,
        months=3,
        applicant="start-up",
        country="FI",
    )
    return replace(spec, **changes)


def memory_parts(reserved: float, limit: float = 60e9) -> MemoryParts:
    """Memory of the fullest device that holds so much in all."""
    return MemoryParts(
        weights=reserved,
        gradients=0.0,
        optimiser=0.0,
        activations=0.0,
        logits=0.0,
        buffers=0.0,
        context=0.0,
        fragmentation=0.0,
        reserved=reserved,
        limit=limit,
        capacity=64e9,
    )


def line_of(run: CampaignRun, machine: Machine, reserved: float = 1e9, **answer: Any) -> RunLine:
    """A line that runs for the hours that the run names."""
    gpus = run.spec.gpus or devices_of_node(machine)
    hours = run.fixed_hours or 1.0
    wall = Range(hours, hours, hours, hours)
    given = MachineAnswer(
        machine=machine,
        fits=True,
        gpus=gpus,
        memory=memory_parts(reserved),
        precision=run.spec.precision,
        jobs=1,
        steps=1000.0,
    )
    nodes = nodes_of(gpus, machine)
    return RunLine(run, replace(given, **answer), nodes, 1000, wall, run.count * float(nodes) * hours)


def campaign_of(
    spec: CampaignSpec,
    catalogue: Catalogue,
    machine: Machine | None = None,
    lines: tuple[RunLine, ...] | None = None,
    package: Package | None = None,
) -> Campaign:
    """The project on its machine, or on a changed one, with the package of a mode where it has one."""
    place = machine or catalogue.machine(spec.machine or "")
    lines = lines or tuple(line_of(run, place) for run in spec.runs)
    totals = totals_of(spec, lines)
    start, assumed = spec.start or START, spec.start is None
    return build_campaign(spec, place, lines, totals, catalogue, start, assumed, package)


def case_of(
    spec: CampaignSpec,
    catalogue: Catalogue,
    machine: Machine | None = None,
    lines: tuple[RunLine, ...] | None = None,
    scaling: ScalingReport = MEASURED,
    footprint: Footprint = FOOTPRINT,
    now: datetime.datetime = NOW,
) -> Case:
    """Everything that rules see of a project."""
    campaign = campaign_of(spec, catalogue, machine, lines)
    gpus = gpus_of_node(campaign.machine, catalogue)
    doors = assess_doors(campaign.spec, campaign.machine, campaign.request_node_hours, gpus, catalogue, now)
    jobs = job_types(campaign, catalogue)
    storage = storage_needs(campaign, catalogue)
    form = form_values(campaign, doors, storage, jobs, scaling, footprint, catalogue)
    return Case(campaign, doors, storage, jobs, scaling, footprint, form, catalogue, now)


def findings_of(case: Case) -> tuple[Finding, ...]:
    """All findings of a case."""
    return find(
        case.campaign,
        case.doors,
        case.storage,
        case.jobs,
        case.scaling,
        case.footprint,
        case.form,
        case.catalogue,
        case.now,
    )


def open_of(case: Case, rule: str) -> tuple[Finding, ...]:
    """What a rule has against a case: everything but that it passed."""
    return tuple(item for item in findings_of(case) if item.rule == rule and item.severity != "pass")


def by_id(form: Sequence[FormValue], identity: str) -> FormValue:
    """One field of the form."""
    return next(value for value in form if value.id == identity)
