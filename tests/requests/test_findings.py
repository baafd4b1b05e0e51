"""Rules of the technical check: each speaks when it should, names its source, and its fix removes it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.planning.records import OwnHardware
from estimators.quantity import Fact, Range
from estimators.requests.campaign_results import MonthUse
from estimators.requests.doors.words import as_of
from estimators.requests.findings import RULES
from estimators.requests.findings.case import Case
from estimators.requests.records import Offer, ScalingPoint, StorageNeeds
from estimators.requests.results import Finding, Fix, ScalingRow
from tests.requests.builders import (
    FOOTPRINT,
    MEASURED,
    campaign_run,
    case_of,
    findings_of,
    line_of,
    open_of,
    project,
    run_spec,
)
from tests.requests.fixing import apply_fix

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
SIZES = Fact(
    value=128.0, unit="count", source="https://site.example", confidence="official", as_of="2026-11-23"
)


def plain(machine: str = "leonardo-booster", gpus: int = 4, hours: float = 10.0, **changes: Any) -> Case:
    """A project of one run."""
    of_run = {key: changes.pop(key) for key in ("role", "spec", "count", "at_once", "run") if key in changes}
    of_run.update(of_run.pop("run", {}))
    run = campaign_run(CATALOGUE, gpus=gpus, hours=hours, **of_run)
    return case_of(project(run, machine=machine, **changes), CATALOGUE)


def row(gpus: int, speed: float) -> ScalingRow:
    """A modelled point of a scaling table."""
    return ScalingRow(gpus, gpus // 4, 128, 128 / speed, speed, speed, 4 * speed / gpus, measured=False)  # type: ignore[arg-type]


def with_months(case: Case, *node_hours: int) -> Case:
    """The same case with other months."""
    months = tuple(
        MonthUse(k + 1, datetime.date(2027, 1, 1), datetime.date(2027, 1, 31), (hours,))
        for k, hours in enumerate(node_hours)
    )
    total = sum(node_hours)
    return replace(case, campaign=replace(case.campaign, months=months, request_node_hours=total))


def scaled(**changes: Any) -> Case:
    """A main job of 64 GPUs with another scaling report."""
    run = campaign_run(CATALOGUE, gpus=64)
    spec = project(run, scaling=changes.pop("points", ()))
    return case_of(spec, CATALOGUE, scaling=replace(MEASURED, **changes))


def without(**facts: Any) -> Case:
    """Leonardo with facts taken away or changed."""
    run = campaign_run(CATALOGUE)
    place = msgspec.structs.replace(LEONARDO, **facts)
    return case_of(project(run), CATALOGUE, place, (line_of(run, place),))


def answered(**answer: Any) -> Case:
    """A run whose estimate says something else."""
    run = campaign_run(CATALOGUE)
    return case_of(project(run), CATALOGUE, lines=(line_of(run, LEONARDO, **answer),))


def unmeasured() -> Case:
    """FP8 asked of a card that has it and that nobody measured in it."""
    own = OwnHardware("a100-80-sxm", 4)  # has no FP8, so that nothing is said of it
    run = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, precision="fp8", own=own))
    place = msgspec.structs.replace(LEONARDO, gpu="mi300x")
    return case_of(project(run), CATALOGUE, place, (line_of(run, place, precision="bf16"),))


def lost() -> Case:
    """A campaign with a run that does not fit."""
    main, other = campaign_run(CATALOGUE), campaign_run(CATALOGUE, identity="large")
    line = replace(
        line_of(other, LEONARDO), wall_hours=None, reason="Needs 90 GiB on each GPU", base_node_hours=0.0
    )
    return case_of(project(main, other), CATALOGUE, lines=(line_of(main, LEONARDO), line))


TICKED_OFF = (Offer("leonardo-booster", "aif_playground", False, datetime.date(2026, 11, 20)),)
UNDER_ROCM = run_spec(CATALOGUE, gpus=8, software="megatron")

CASES: list[tuple[str, str, Callable[[], Case]]] = [
    ("run-fit", "fail", lost),
    ("job-possible", "warn", lambda: answered(gpus=8)),
    ("precision", "warn", lambda: answered(precision="fp16")),
    ("precision", "warn", lambda: unmeasured()),
    ("whole-nodes", "warn", lambda: plain(gpus=6)),
    ("whole-nodes", "warn", lambda: plain("jupiter-booster", gpus=1)),
    ("whole-gpus", "warn", lambda: plain("lumi-g", gpus=1)),
    ("no-checkpoint", "warn", lambda: plain(run={"restarts_from_checkpoint": False})),
    ("checkpoint-interval", "info", lambda: plain("discoverer-plus", gpus=8)),
    ("queue-limits", "warn", lambda: plain("vega-gpu")),
    ("queue-limits", "warn", lambda: plain("jupiter-booster")),
    ("milestone-sum", "fail", lambda: with_months(plain(), 5, 5)),
    ("door", "fail", lambda: plain("vega-gpu", gpus=4, hours=20_000.0, applicant="university")),
    ("mode-size", "fail", lambda: plain(mode="aif_fastlane")),
    ("applicant", "fail", lambda: large("marenostrum5-acc", mode="aif_large", applicant="university")),
    ("country", "fail", lambda: plain(country="KZ")),
    ("mode-months", "fail", lambda: plain(mode="aif_playground", months=6)),
    ("offered", "fail", lambda: plain(mode="aif_playground", offers=TICKED_OFF)),
    ("deadline", "warn", lambda: plain(mode="regular", applicant="university")),
    ("start-date", "fail", lambda: plain(start=datetime.date(2026, 11, 24))),
    ("fallback", "warn", lambda: plain(fallback=None)),
    ("catalogue-age", "warn", lambda: old()),
    ("calendar", "fail", lambda: plain(hours=2000.0)),
    ("run-deadline", "warn", lambda: plain(spec=run_spec(CATALOGUE, deadline_seconds=3600.0))),
    ("budget-rate", "fail", lambda: plain("discoverer-plus", gpus=16, hours=4000.0, count=3)),
    ("month-share", "warn", lambda: with_months(plain(), 90, 5, 5)),
    ("first-months", "warn", lambda: with_months(plain(months=12), *([1] * 9), 50, 20, 20)),
    ("queue-slack", "warn", lambda: plain(queue_slack=0.0)),
    ("scaling-evidence", "warn", lambda: scaled(measured_here=0)),
    ("efficiency", "warn", lambda: scaled(efficiency_at_job=0.6, most_gpus=32)),
    ("best-cost", "info", lambda: scaled(best_gpus=16, strong=(row(16, 4.0), row(64, 10.0)))),
    ("quota-known", "info", lambda: plain("vega-gpu")),
    ("transfer", "info", plain),
    ("transfer", "warn", lambda: plain(storage=StorageNeeds(data_bytes=1e13, transfer_bytes_per_second=1e6))),
    ("data-preparation", "info", plain),
    ("purge", "warn", plain),
    ("software", "warn", lambda: plain("lumi-g", spec=UNDER_ROCM)),
    ("software", "info", lambda: plain("jupiter-booster")),
    ("software-known", "info", lambda: without(accelerator_stack=None)),
    ("containers", "fail", lambda: plain("jupiter-booster", containers=True)),
    ("internet", "info", plain),
    ("internet", "info", lambda: plain("vega-gpu")),
    ("energy", "warn", lambda: unpowered()),
    ("pue", "warn", plain),
    ("uncertain-facts", "info", plain),
]
NO_FIX = {
    "run-fit", "checkpoint-interval", "queue-limits", "milestone-sum", "door", "country", "deadline",
    "fallback", "catalogue-age", "month-share", "first-months", "scaling-evidence", "quota-known", "transfer",
    "data-preparation", "purge", "software-known", "internet", "energy", "pue", "uncertain-facts", "offered",
    "budget-rate", "run-deadline",
}  # fmt: skip
"""Rules whose finding no input of these cases removes."""
ELSEWHERE = {
    "memory", "job-size", "queue-minimum", "wall-clock", "debug-queue", "jobs-at-once", "units",
    "stated-request", "storage-quota", "file-quota",
}  # fmt: skip
"""Rules that `test_findings_limits` and `test_findings_units` cross."""


def large(machine: str = "leonardo-booster", **changes: Any) -> Case:
    """A project of the size of AI for Science."""
    return plain(machine, gpus=256, hours=350.0, months=6, **changes)


def old() -> Case:
    """A project that asks a catalogue of last winter."""
    late = datetime.datetime(2027, 2, 1, 9, 0, tzinfo=datetime.UTC)
    return case_of(project(campaign_run(CATALOGUE)), CATALOGUE, now=late)


def unpowered() -> Case:
    """A project without a figure for its energy."""
    dark = replace(FOOTPRINT, energy_kwh=None, carbon_kg=None)
    return case_of(project(campaign_run(CATALOGUE)), CATALOGUE, footprint=dark)


@pytest.mark.parametrize(
    ("rule", "severity", "made"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_that_a_rule_speaks(rule: str, severity: str, made: Callable[[], Case]) -> None:
    found = open_of(made(), rule)
    assert found
    assert {item.severity for item in found} == {severity}
    for item in found:
        assert all((item.title, item.why, item.figure, item.limit, item.source))
        assert not text(item.title).endswith(".")
        assert text(item.why).endswith(".")
        if item.fact is not None and item.source != "Your input":
            assert text(as_of(item.fact.as_of)) in text(item.source)
            assert item.fact.confidence in text(item.source).lower()
    if rule not in NO_FIX and severity != "info":
        assert any(item.fix is not None for item in found)


def test_that_every_rule_is_crossed_by_some_test() -> None:
    crossed = {rule for rule, _, _ in CASES} | ELSEWHERE
    assert crossed == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.check.__doc__ for rule in RULES)


@pytest.mark.parametrize(
    ("rule", "severity", "made"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_that_a_fix_removes_its_finding(rule: str, severity: str, made: Callable[[], Case]) -> None:
    case = made()
    for item in open_of(case, rule):
        if item.fix is None or case.campaign.machine.id == "own":
            continue
        after = mended(case, item.fix)
        assert not any(other.run_id == item.run_id for other in open_of(after, rule)), item.fix


def mended(case: Case, fix: Fix) -> Case:
    """The case after a fix; a scaling report follows the size of the job."""
    spec = apply_fix(case.campaign.spec, fix)
    scaling = case.scaling
    if fix.field == "gpus" and scaling.strong:
        scaling = replace(scaling, best_gpus=fix.value)
    if fix.field == "gpus" and scaling.efficiency_at_job < 0.7:
        scaling = replace(scaling, efficiency_at_job=0.8)
    return case_of(spec, CATALOGUE, scaling=scaling, now=case.now)


def test_that_a_sound_plan_passes_and_says_what_it_was_held_against() -> None:
    run = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, gpus=8, software="fsdp"))
    spec = project(run, machine="lumi-g", storage=StorageNeeds(transfer_bytes_per_second=1e9))
    found = findings_of(case_of(spec, CATALOGUE))
    assert not [item for item in found if item.severity == "fail"]
    passed = [item for item in found if item.severity == "pass"]
    assert len(passed) >= 20
    assert all(item.title and item.why and item.source and item.fix is None for item in passed)
    order = [("fail", "warn", "info", "pass").index(item.severity) for item in found]
    assert order == sorted(order)


def test_that_two_hundred_nodes_on_a_partition_of_128_are_caught_with_the_fix() -> None:
    queue = msgspec.structs.replace(LEONARDO.queues[0], name="normal", max_nodes=SIZES)
    place = msgspec.structs.replace(LEONARDO, queues=(queue,))
    run = campaign_run(CATALOGUE, gpus=800)
    case = case_of(project(run), CATALOGUE, place, (line_of(run, place),))
    (found,) = open_of(case, "job-size")
    assert text(found.title) == "200 nodes in one job; the queue normal of Leonardo takes 128"
    assert "take at most 512 GPUs, which are 128 nodes" in text(found.why)
    assert found.fix is not None
    assert found.fix == Fix(found.fix.label, "gpus", 512, "main")
    assert text(found.fix.label) == "Take 128 nodes"
    assert text(found.source) == "site.example, official, 23 Nov 2026"


def test_that_jobs_go_to_the_queue_that_gives_them_the_longest_time() -> None:
    queues = {nodes: plain(gpus=4 * nodes).jobs[0].queue for nodes in (8, 9, 64, 65, 256)}
    assert queues == {
        8: "boost_qos_lprod",
        9: "boost_usr_prod (normal)",
        64: "boost_usr_prod (normal)",
        65: "boost_qos_bprod",
        256: "boost_qos_bprod",
    }


def test_that_scaling_of_another_machine_is_named() -> None:
    points = (ScalingPoint("lumi-g", 8, 3.0, 128, "strong"),)
    (found,) = open_of(scaled(measured_here=0, points=points), "scaling-evidence")
    assert text(found.title) == "Scaling was measured on LUMI, not on Leonardo"


def test_that_the_pue_that_nobody_confirmed_widens_the_energy() -> None:
    (found,) = open_of(plain(), "pue")
    assert text(found.title) == "Energy rests on an unverified PUE of 1.10"
    assert "1\u202fMWh would be 955\u202fkWh to 1.1\u202fMWh with a PUE from 1.05 to 1.20" in text(found.why)
    confirmed = replace(FOOTPRINT, energy_kwh=Range(1.0, 1.0, 1.0, 1.0))
    acc = project(campaign_run(CATALOGUE), machine="marenostrum5-acc")
    assert open_of(case_of(acc, CATALOGUE, footprint=confirmed), "pue") == ()


def test_that_an_unknown_applicant_is_asked_for_and_nobody_is_blamed() -> None:
    found: tuple[Finding, ...] = open_of(plain(applicant=None), "applicant")
    assert [item.severity for item in found] == ["info"]
    assert "say who applies" in text(found[0].why)


def test_that_a_precision_that_nobody_measured_promises_no_gain() -> None:
    (found,) = [item for item in open_of(unmeasured(), "precision") if item.severity == "warn"]
    assert "no measured run in fp8 stands behind AMD MI300X" in text(found.title)
    assert "no gain is promised" in text(found.why)
    assert found.fix is not None
    assert (found.fix.field, found.fix.value) == ("precision", "bf16")


def test_that_own_hardware_that_nobody_measured_in_the_wanted_precision_is_named() -> None:
    """Hopper has runs in 8 bit, MI300X has none: the finding is of what the user has today."""
    own = OwnHardware("mi300x", 8)
    run = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, precision="fp8", own=own))
    found = open_of(case_of(project(run, machine="marenostrum5-acc"), CATALOGUE), "precision")
    assert [text(item.title) for item in found] == [
        "No measured run in fp8 stands behind AMD MI300X, the hardware that you have today"
    ]
    usual = campaign_run(CATALOGUE, spec=run_spec(CATALOGUE, own=own))
    assert open_of(case_of(project(usual, machine="marenostrum5-acc"), CATALOGUE), "precision") == ()
