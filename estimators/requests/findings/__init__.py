"""What a technical reviewer would find in a request: one rule after another, each with its source and remedy.

A rule is a function of a `Case`; `RULES` lists them in the order in which a reader meets them. A rule that
finds nothing says what it held the plan against.
"""

from __future__ import annotations

import datetime

from estimators.catalogue.load import Catalogue
from estimators.requests.access_results import DoorReport
from estimators.requests.campaign_results import Campaign
from estimators.requests.findings import (
    access,
    data,
    facts,
    job_size,
    job_time,
    memory,
    months,
    scaling,
    software,
    storage,
    units,
)
from estimators.requests.findings.case import Case, Rule, outcome
from estimators.requests.findings.units import Slip, unit_mismatch
from estimators.requests.results import (
    Finding,
    Footprint,
    FormValue,
    JobType,
    ScalingReport,
    Severity,
    StorageItem,
)

__all__ = ["RULES", "Case", "Slip", "find", "unit_mismatch"]

RULES: tuple[Rule, ...] = (
    *memory.RULES,
    *job_size.RULES,
    *job_time.RULES,
    *units.RULES,
    *access.RULES,
    *months.RULES,
    *scaling.RULES,
    *storage.RULES,
    *data.RULES,
    *software.RULES,
    *facts.RULES,
)
"""Every rule of the technical check."""

ORDER: tuple[Severity, ...] = ("fail", "warn", "info", "pass")


def find(
    campaign: Campaign,
    doors: DoorReport,
    storage: tuple[StorageItem, ...],
    jobs: tuple[JobType, ...],
    scaling: ScalingReport,
    footprint: Footprint,
    form: tuple[FormValue, ...],
    catalogue: Catalogue,
    now: datetime.datetime,
) -> tuple[Finding, ...]:
    """Findings of all rules: failing ones first, then warnings, remarks and what passed."""
    case = Case(campaign, doors, storage, jobs, scaling, footprint, form, catalogue, now)
    found = [finding for rule in RULES for finding in outcome(rule, case)]
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))
