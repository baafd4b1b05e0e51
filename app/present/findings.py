"""Findings in words for panel and command line alike, and the changes of a plan that a fix makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.present import numbers as n

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from estimators.requests.results import Finding, Fix

SEVERITIES = ("fail", "warn", "info", "pass")
"""In the order in which a reader wants them."""
GROUP_NAMES = {"fail": "Fails", "warn": "Warnings", "info": "Good to know", "pass": "Passed"}
OF_RUN = {
    "gpus": "gpus",
    "software": "software",
    "precision": "workload.precision",
    "at_once": "at_once",
    "restarts_from_checkpoint": "checkpoints",
    "earliest_month": "earliest_month",
}
"""Inputs of a run by the field of a fix."""
OF_PLAN = {
    "months": "campaign.months",
    "mode": "campaign.mode",
    "machine": "target.machine",
    "start": "target.start_date",
    "containers": "campaign.containers",
    "queue_slack": "campaign.queue_slack",
    "checkpoints_kept": "campaign.storage.checkpoints_kept",
    "data_files": "campaign.storage.data_files",
    "stated_request": "campaign.stated_request",
}
"""Inputs of the plan by the field of a fix."""


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each severity."""
    return {kind: sum(finding.severity == kind for finding in findings) for kind in SEVERITIES}


def tally(findings: Sequence[Finding]) -> str:
    """The counts in words: "1 fails, 3 warnings, 12 passed"; what is none is left out."""
    counted = counts(findings)
    words = {
        "fail": f"{counted['fail']} {'fails' if counted['fail'] == 1 else 'fail'}",
        "warn": n.counted(counted["warn"], "warning", "warnings"),
        "info": n.counted(counted["info"], "note", "notes"),
        "pass": f"{counted['pass']} passed",
    }
    return ", ".join(words[kind] for kind in SEVERITIES if counted[kind])


def groups(findings: Sequence[Finding]) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """Findings by severity under the group's name, the worst first; empty groups are left out."""
    sorted_by = {kind: tuple(item for item in findings if item.severity == kind) for kind in SEVERITIES}
    return tuple((GROUP_NAMES[kind], items) for kind, items in sorted_by.items() if items)


def lines(findings: Sequence[Finding]) -> list[str]:
    """Every finding as text: title and reason, below them source and fix; one line for a rule that holds."""
    out: list[str] = []
    for name, items in groups(findings):
        out += ["", f"{name} ({len(items)})"]
        for finding in items:
            out += _lines(finding)
    return out[1:]


def _lines(finding: Finding) -> list[str]:
    if finding.severity == "pass":
        return [f"  {finding.title}: {finding.why}"]
    fix = f" Fix: {finding.fix.label}." if finding.fix is not None else ""
    return [
        f"  {finding.title}",
        f"    {finding.why}{fix}",
        f"    Source: {finding.source}. [{finding.rule}]",
    ]


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    fix = finding.fix
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "run": finding.run_id,
        "title": finding.title,
        "why": finding.why,
        "figure": finding.figure,
        "limit": finding.limit,
        "source": finding.source,
        "confidence": finding.fact.confidence if finding.fact is not None else None,
        "as_of": finding.fact.as_of if finding.fact is not None else None,
        "fix": None if fix is None else {"label": fix.label, "field": fix.field, "value": _plain(fix.value)},
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def fix_changes(fix: Fix, plan: Plan) -> dict[str, Any]:
    """The inputs of the plan that a fix changes, with their new values; one step of undo.

    A move to the fallback makes the machine that is left the fallback. A stated request is stated in
    node-hours.

    Raises:
        ValueError: The plan has no such input.
    """
    if fix.field in OF_RUN:
        places = [index for index, run in enumerate(plan.runs) if fix.run_id in (run.id, None)]
        if not places:
            raise ValueError(f"the plan has no run {fix.run_id!r}")
        return {f"runs.{index}.{OF_RUN[fix.field]}": fix.value for index in places}
    if fix.field not in OF_PLAN:
        raise ValueError(f"no plan has an input {fix.field!r}")
    changes = {OF_PLAN[fix.field]: fix.value}
    if fix.field == "stated_request":
        changes["campaign.stated_unit"] = "node-hours"
    if fix.field == "machine" and plan.campaign.fallback == fix.value:
        changes["campaign.fallback"] = plan.target.machine
    return changes
