"""Findings in words, and fixes as changes of a plan that one step of undo takes back."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from app.plan.campaign import campaign_spec
from app.plan.edits import change_together
from app.plan.files import read_plan
from app.plan.schema import Plan
from app.present.findings import OF_PLAN, OF_RUN, counts, finding_record, fix_changes, groups, lines, tally
from estimators import load_catalogue
from estimators.requests.results import Finding, Fix
from tests.requests.fixing import apply_fix

CATALOGUE = load_catalogue()
EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"
FIXES: dict[str, Any] = {
    "gpus": 8,
    "software": "fsdp",
    "precision": "fp16",
    "at_once": 1,
    "restarts_from_checkpoint": False,
    "earliest_month": 1,
    "months": 3,
    "mode": "aif_fastlane",
    "machine": "marenostrum5-acc",
    "start": datetime.date(2027, 3, 1),
    "containers": True,
    "queue_slack": 0.3,
    "checkpoints_kept": 3,
    "data_files": 12,
    "stated_request": 400,
}


@pytest.fixture
def plan() -> Plan:
    return read_plan(EXAMPLES / "support-8b.nodewise.json")


def finding(severity: str, **changes: Any) -> Finding:
    """A finding of some severity."""
    given: dict[str, Any] = {
        "rule": "job-size",
        "severity": severity,
        "title": "200 nodes in one job; the queue takes 128",
        "why": "Take fewer.",
        "figure": "200 nodes",
        "limit": "128 nodes",
        "source": "Site, official, 2026-11-23",
    }
    return Finding(**(given | changes))


def test_that_counts_and_groups_put_the_worst_first() -> None:
    found = (finding("pass"), finding("fail"), finding("warn"), finding("warn"))
    assert counts(found) == {"fail": 1, "warn": 2, "info": 0, "pass": 1}
    assert [name for name, _ in groups(found)] == ["Fails", "Warnings", "Passed"]
    assert tally(found) == "1 fails, 2 warnings, 1 passed"
    assert tally(()) == ""


def test_that_lines_name_source_and_fix() -> None:
    text = lines(
        (finding("fail", fix=Fix("Take 128 nodes", "gpus", 512, "main")), finding("pass", title="Units"))
    )
    assert text == [
        "Fails (1)",
        "  200 nodes in one job; the queue takes 128",
        "    Take fewer. Fix: Take 128 nodes.",
        "    Source: Site, official, 2026-11-23. [job-size]",
        "",
        "Passed (1)",
        "  Units: Take fewer.",
    ]


def test_that_a_record_is_plain() -> None:
    day = datetime.date(2027, 3, 1)
    record = finding_record(finding("fail", fix=Fix("Start on 1 Mar 2027", "start", day)))
    assert record["fix"] == {"label": "Start on 1 Mar 2027", "field": "start", "value": "2027-03-01"}
    assert record["confidence"] is None


@pytest.mark.parametrize("field", [*OF_RUN, *OF_PLAN])
@pytest.mark.parametrize("everywhere", [False, True])
def test_that_a_fix_of_the_plan_is_the_fix_of_the_project(plan: Plan, field: str, everywhere: bool) -> None:
    run_id = plan.runs[1].id if field in OF_RUN and not everywhere else None
    fix = Fix("Fix it", field, FIXES[field], run_id)
    edit = change_together(plan, fix_changes(fix, plan), fix.label)
    changed = edit.apply(plan)
    assert edit.label == "Fix it"
    assert edit.revert(changed) == plan
    assert campaign_spec(changed, CATALOGUE) == apply_fix(campaign_spec(plan, CATALOGUE), fix)


def test_that_every_field_of_a_fix_has_a_place() -> None:
    assert set(FIXES) == {*OF_RUN, *OF_PLAN}


def test_that_the_fallback_takes_the_place_of_the_machine_that_is_left(plan: Plan) -> None:
    assert plan.campaign.fallback == "marenostrum5-acc"
    changes = fix_changes(Fix("Go to MareNostrum 5", "machine", "marenostrum5-acc"), plan)
    assert changes == {"target.machine": "marenostrum5-acc", "campaign.fallback": "leonardo-booster"}


@pytest.mark.parametrize("fix", [Fix("?", "gpus", 4, "nobody"), Fix("?", "colour", 1)])
def test_that_a_fix_without_a_place_is_refused(plan: Plan, fix: Fix) -> None:
    with pytest.raises(ValueError, match="no"):
        fix_changes(fix, plan)
