"""Findings in words for panel and command line alike, and the changes of a plan that a fix makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.present import numbers as n
from app.words import text
from estimators.words import NOTHING, Said, say, say_many, together

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from estimators.requests.results import Finding, Fix

SEVERITIES = ("fail", "warn", "info", "pass")
"""In the order in which a reader wants them."""
GROUP_NAMES = {
    "fail": say("Fails"),
    "warn": say("Warnings"),
    "info": say("Good to know"),
    "pass": say("Passed"),
}
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
        "fail": text(say_many("{n} fails", "{n} fail", counted["fail"], n=n.counts(counted["fail"]))),
        "warn": text(say_many("{n} warning", "{n} warnings", counted["warn"], n=n.counts(counted["warn"]))),
        "info": text(say_many("{n} note", "{n} notes", counted["info"], n=n.counts(counted["info"]))),
        "pass": text(say("{n} passed", n=n.counts(counted["pass"]))),
    }
    return ", ".join(words[kind] for kind in SEVERITIES if counted[kind])


def groups(findings: Sequence[Finding]) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """Findings by severity under the group's name, the worst first; empty groups are left out."""
    sorted_by = {kind: tuple(item for item in findings if item.severity == kind) for kind in SEVERITIES}
    return tuple((text(GROUP_NAMES[kind]), items) for kind, items in sorted_by.items() if items)


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
        return [f"  {text(finding.title)}: {text(finding.why)}"]
    fix = say("Fix: {fix}.", fix=finding.fix.label) if finding.fix is not None else NOTHING
    why = finding.why if isinstance(finding.why, Said) else say("{words}", words=finding.why)
    source = text(say("Source: {source}.", source=finding.source))
    return [
        f"  {text(finding.title)}",
        f"    {text(together(why, fix))}",
        f"    {source} [{finding.rule}]",
    ]


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    fix = finding.fix
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "run": finding.run_id,
        "title": text(finding.title),
        "why": text(finding.why),
        "figure": text(finding.figure),
        "limit": text(finding.limit),
        "source": text(finding.source),
        "confidence": finding.fact.confidence if finding.fact is not None else None,
        "as_of": finding.fact.as_of if finding.fact is not None else None,
        "fix": None
        if fix is None
        else {"label": text(fix.label), "field": fix.field, "value": _plain(fix.value)},
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
