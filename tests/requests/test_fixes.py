"""Fixes hold what they promise when the whole request is planned anew."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from estimators.catalogue import load_catalogue
from estimators.requests.plan import plan_request
from estimators.requests.records import CampaignSpec, Offer
from estimators.requests.results import Finding
from tests.requests.fixing import apply_fix

CATALOGUE = load_catalogue()
EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.nodewise.json"))
NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)


def example(name: str) -> CampaignSpec:
    """The project of an example plan."""
    path = next(path for path in EXAMPLES if path.name.startswith(name))
    return campaign_spec(read_plan(path, CATALOGUE), CATALOGUE)


def findings(spec: CampaignSpec) -> tuple[Finding, ...]:
    """What the check finds in a whole request."""
    return plan_request(spec, CATALOGUE, NOW).findings


def with_main(spec: CampaignSpec, **changes: Any) -> CampaignSpec:
    """The project with another main run; inputs of its own estimate are told apart by their names."""
    main = spec.main()
    inner = {
        key: changes.pop(key)
        for key in ("gpus", "software", "precision", "deadline_seconds")
        if key in changes
    }
    changed = replace(main, spec=replace(main.spec, **inner), **changes)
    return replace(spec, runs=tuple(changed if run is main else run for run in spec.runs))


def not_offered(spec: CampaignSpec) -> CampaignSpec:
    """The mode is ticked off on the machine, and seen on the fallback."""
    day = datetime.date(2026, 11, 20)
    offers = (
        Offer("leonardo-booster", "aif_playground", False, day),
        Offer("marenostrum5-acc", "aif_playground", True, day),
    )
    return replace(spec, mode="aif_playground", offers=offers, fallback="marenostrum5-acc")


SPOILT: list[tuple[str, str, Callable[[CampaignSpec], CampaignSpec]]] = [
    ("support", "job-size", lambda spec: with_main(spec, gpus=2000)),
    ("two-languages", "job-size", lambda spec: with_main(spec, gpus=16_000)),
    ("scratch", "job-size", lambda spec: with_main(spec, gpus=800)),
    ("support", "whole-nodes", lambda spec: with_main(spec, gpus=6)),
    ("two-languages", "whole-gpus", lambda spec: with_main(spec, gpus=3)),
    ("experts", "wall-clock", lambda spec: with_main(spec, restarts_from_checkpoint=False)),
    ("scratch", "no-checkpoint", lambda spec: with_main(spec, restarts_from_checkpoint=False)),
    ("support", "precision", lambda spec: with_main(spec, precision="fp8")),
    ("two-languages", "software", lambda spec: with_main(spec, software="megatron")),
    ("support", "queue-slack", lambda spec: replace(spec, queue_slack=0.0)),
    ("support", "units", lambda spec: replace(spec, stated_request=1e6, stated_unit="GPU-node-hours")),
    ("support", "stated-request", lambda spec: replace(spec, stated_request=500.0)),
    ("support", "mode-size", lambda spec: replace(spec, mode="aif_fastlane")),
    ("support", "door", lambda spec: replace(spec, months=12)),
    ("support", "mode-months", lambda spec: replace(spec, mode="aif_playground", months=5)),
    ("support", "start-date", lambda spec: replace(spec, start=datetime.date(2026, 11, 23))),
    ("nordic", "run-deadline", lambda spec: with_main(spec, gpus=32, deadline_seconds=10 * 86400.0)),
    ("nordic", "month-share", lambda spec: replace(with_main(spec, gpus=256), months=2)),
    ("two-languages", "calendar", lambda spec: replace(spec, months=1)),
    ("experts", "containers", lambda spec: replace(spec, containers=True)),
    ("support", "offered", not_offered),
    (
        "support",
        "storage-quota",
        lambda spec: replace(spec, storage=replace(spec.storage, checkpoints_kept=40, work_quota_bytes=3e12)),
    ),
    (
        "satellite",
        "file-quota",
        lambda spec: replace(spec, machine="lumi-g", storage=replace(spec.storage, data_files=None)),
    ),
]


@pytest.mark.parametrize(
    ("name", "rule", "spoil"), SPOILT, ids=[f"{rule}-{name}" for name, rule, _ in SPOILT]
)
def test_that_a_spoilt_plan_is_caught_and_mended(
    name: str, rule: str, spoil: Callable[[CampaignSpec], CampaignSpec]
) -> None:
    spec = spoil(example(name))
    found = [item for item in findings(spec) if item.rule == rule and item.severity != "pass"]
    assert found
    assert found[0].fix is not None
    after = findings(apply_fix(spec, found[0].fix))
    same = [item for item in after if (item.rule, item.run_id) == (rule, found[0].run_id)]
    assert {item.severity for item in same} <= {"pass", "info"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.partition(".")[0])
def test_that_every_fix_of_an_example_removes_its_finding(path: Path) -> None:
    spec = campaign_spec(read_plan(path, CATALOGUE), CATALOGUE)
    for item in findings(spec):
        if item.fix is None:
            continue
        after = findings(apply_fix(spec, item.fix))
        left = [other for other in after if (other.rule, other.run_id) == (item.rule, item.run_id)]
        assert all(other.severity == "pass" or other.title != item.title for other in left), item.title


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.partition(".")[0])
def test_that_no_example_fails(path: Path) -> None:
    found = findings(campaign_spec(read_plan(path, CATALOGUE), CATALOGUE))
    assert [item.title for item in found if item.severity == "fail"] == []
    assert sum(item.severity == "pass" for item in found) >= 20
