"""What comes out of a request: records that window, dossier, workbook and command line read alike."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from estimators.quantity import Fact, Range
from estimators.requests.access_results import Access
from estimators.words import Said, Value

Severity = Literal["fail", "warn", "pass", "info"]
Facts = tuple[tuple[Said, Fact[Any]], ...]
"""Facts with what they say."""
RuleId = Literal[
    "door", "mode-size", "applicant", "country", "mode-months", "offered", "deadline", "start-date",
    "fallback", "catalogue-age", "energy", "pue", "uncertain-facts", "job-size", "queue-minimum",
    "whole-nodes", "whole-gpus", "wall-clock", "no-checkpoint", "checkpoint-interval", "debug-queue",
    "jobs-at-once", "queue-limits", "run-fit", "memory", "job-possible", "precision", "calendar",
    "run-deadline", "budget-rate", "month-share", "first-months", "queue-slack", "scaling-evidence",
    "efficiency", "best-cost", "software", "software-known", "containers", "internet", "storage-quota",
    "quota-known", "file-quota", "purge", "transfer", "data-preparation", "milestone-sum", "units",
    "stated-request",
]  # fmt: skip
"""The rules of the technical check."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the plan that removes a finding.

    Attributes:
        label: Names the effect, starts with a verb ("Keep the last 5").
        field: Which input of the campaign: "gpus", "checkpoints_kept", "data_files", "months", "mode",
            "machine", "at_once", "software", "precision", "restarts_from_checkpoint", "start", "containers",
            "earliest_month", "queue_slack", "stated_request" (in node-hours).
        run_id: The run it belongs to; None for the campaign or, where the input is a run's, for all runs.
        value: New value of that input.
    """

    label: Said
    field: str
    value: Any
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule as a technical reviewer would check it.

    Attributes:
        rule: Which rule it is.
        title: With the two numbers that clash ("Checkpoints need 1.9 TB, WORK holds 1.0 TB").
        why: One or two sentences with the arithmetic and the remedy.
        figure: What the plan has, in words; `limit`: what the rule allows.
        source: Words on where the rule comes from, with confidence and date.
        fact: The fact behind the limit, None for arithmetic rules.
        fix: One-click change, None where there is none.
    """

    rule: RuleId
    severity: Severity
    title: Value
    why: Value
    figure: Value
    limit: Value
    source: Value
    fact: Fact[Any] | None = None
    fix: Fix | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class StoragePart:
    """One thing that lies on a disk.

    Attributes:
        kind: What it is: data in all their copies, checkpoints and milestones, or anything else.
    """

    kind: Literal["data", "checkpoints", "other"]
    name: Said
    bytes: float


@dataclass(frozen=True, slots=True)
class StorageItem:
    """Bytes and files of one place on the site's disks.

    Attributes:
        place: "scratch", "work", "home" or "archive".
        parts: What lies there.
        quota_bytes: None where not published.
    """

    place: str
    bytes: float
    files: int | None
    parts: tuple[StoragePart, ...]
    quota_bytes: float | None = None
    quota_files: int | None = None
    quota_fact: Fact[Any] | None = None


@dataclass(frozen=True, slots=True)
class JobType:
    """One kind of job, as the portal asks for it.

    Attributes:
        queue: Name of the batch queue, "" where not published.
        walltime_hours: Longest job there; infinity where not published.
        jobs: Chained jobs of one run.
        gpus: GPUs as the site counts them.
        memory_bytes: Host memory is not estimated; device memory of one job (all GPUs).
        checkpoint_minutes: Interval between checkpoints, None where the run writes none.
    """

    run_id: str
    name: str
    queue: str
    nodes: Fraction
    gpus: int
    walltime_hours: float
    jobs: int
    simultaneous: int
    device_memory_bytes: float
    checkpoint_minutes: float | None
    checkpoint_bytes: float | None


@dataclass(frozen=True, slots=True)
class ScalingRow:
    """One row of a scaling table; `measured` False marks a modelled point."""

    gpus: int
    nodes: Fraction
    batch_samples: int
    step_seconds: float
    samples_per_second: float
    speed_up: float
    efficiency: float
    measured: bool
    low_seconds: float | None = None
    high_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ScalingTest:
    """One benchmark run of the cheapest set that would prove the request."""

    gpus: int
    nodes: Fraction
    steps: int
    minutes: float
    node_hours: float
    kind: Literal["strong", "weak"]
    why: Said


@dataclass(frozen=True, slots=True)
class ScalingReport:
    """Scaling evidence of the main run on the machine asked for.

    Attributes:
        strong, weak: Measured rows where there are any, filled with modelled ones.
        measured_here: Measured points on the machine asked for.
        efficiency_at_job: Strong efficiency at the size of the main job; NaN where unknown.
        best_gpus: GPU count with the lowest cost among those with at least 70 % efficiency.
        fit: Words on the fit of measured points (serial share) and what it does to the estimate.
        plan: Runs that would prove the request.
        plan_node_hours: Their sum, rounded up.
        paid_by: The mode that would pay for them, with what it gives, or that none does.
        is_paid: Whether one would.
        most_gpus: The largest job with at least 70 % efficiency.
        elsewhere: Rows measured on other machines, with the machine's id; no evidence for this one.
    """

    strong: tuple[ScalingRow, ...]
    weak: tuple[ScalingRow, ...]
    measured_here: int
    efficiency_at_job: float
    best_gpus: int | None
    fit: Said
    plan: tuple[ScalingTest, ...]
    plan_node_hours: int
    paid_by: Said
    is_paid: bool
    most_gpus: int | None = None
    elsewhere: tuple[tuple[str, ScalingRow], ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseEnergy:
    """Energy and carbon of one milestone row."""

    name: Value
    node_hours: int
    energy_kwh: Range | None
    carbon_kg: Range | None


@dataclass(frozen=True, slots=True)
class Footprint:
    """Energy, carbon and market value of the request.

    Attributes:
        energy_kwh, carbon_kg: Of all rows; None where PUE or grid is not published.
        embodied_kg: Share of making the hardware, None where no figure fits.
        value_eur: Cloud price of the same GPU-hours, low, median, high; None where no price fits.
        facts: Named facts that stand behind the figures.
        notes: What was left out (circular figures, market-based claims).
        basis: Those of the notes that say how energy and carbon are counted.
        value_facts: Those of the facts that the market value alone rests on.
    """

    phases: tuple[PhaseEnergy, ...]
    energy_kwh: Range | None
    carbon_kg: Range | None
    embodied_kg: Range | None
    value_eur: tuple[float, float, float] | None
    facts: Facts
    notes: tuple[Said, ...]
    basis: tuple[Said, ...] = ()
    value_facts: Facts = ()


@dataclass(frozen=True, slots=True)
class FormValue:
    """One field of the portal's form with the value to paste.

    Attributes:
        value: In the language and notation of the portal; "" where only the applicant knows it.
        filled: Whether the plan gives the value.
        unit: Unit that the portal expects, "" for text.
        hint: What the applicant still has to do or check.
    """

    id: str
    section: str
    name: str
    value: str
    unit: str
    filled: bool
    hint: Said
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class BurnDown:
    """Hours used against the monthly plan.

    Attributes:
        months: Number, planned and used node-hours of every month.
        starts: First day of every month.
        forecast_node_hours: Where the project ends at the present rate.
        sentences: What the final report asks for.
    """

    months: tuple[tuple[int, int, float], ...]
    starts: tuple[datetime.date, ...]
    used_node_hours: float
    forecast_node_hours: float
    energy_kwh: float | None
    failed_share: float
    sentences: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Request(Access):
    """The same with everything that a form, a dossier or a panel shows."""

    storage: tuple[StorageItem, ...]
    jobs: tuple[JobType, ...]
    scaling: ScalingReport
    footprint: Footprint
    findings: tuple[Finding, ...]
    form: tuple[FormValue, ...]
    burn_down: BurnDown | None = None

    @property
    def failing(self) -> int:
        """How many findings fail."""
        return sum(finding.severity == "fail" for finding in self.findings)
