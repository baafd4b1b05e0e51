"""What stands around the runs of a request, and that it is said where it lifts the request out of a mode."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given

from app.words import text
from estimators import load_catalogue
from estimators.requests.campaign_results import Milestone
from estimators.requests.doors import assess_doors, padding_of
from estimators.requests.doors.padding import Padding
from estimators.requests.records import CampaignRun
from tests.requests.generated import campaigns
from tests.requests.hand_made import answer, campaign, line, run_spec

CATALOGUE = load_catalogue()
NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def made(gpus: int, hours: float, count: int = 1, contingency: int = 0, machine: str = "leonardo-booster"):
    """A campaign of one run with a contingency, all numbers round."""
    run = CampaignRun("main", "Main run", "main", run_spec(CATALOGUE), count=count)
    lines = (line(run, answer(machine, CATALOGUE, gpus, hours, None), hours),)
    rest = (Milestone("Contingency to P80", "contingency", contingency),) if contingency else ()
    return campaign(CATALOGUE, machine, lines=lines, rest=rest, applicant="sme", months=())


def said(found, **changes) -> str:
    spec = replace(found.spec, months=3, **changes)
    padding = padding_of(found.lines, found.milestones, found.machine)
    report = assess_doors(
        spec, found.machine, found.request_node_hours, found.gpus_per_node, CATALOGUE, NOW, 0, padding
    )
    return text(report.lifted).replace("\u202f", " ")


def test_that_the_parts_of_a_request_are_told_apart():
    # 10 of 12 devices on three nodes, twice 100 hours: 250 of 300 node-hours are used, once
    found = made(gpus=10, hours=100.0, count=2, contingency=40)
    padding = padding_of(found.lines, found.milestones, found.machine)
    assert padding.runs_node_hours == pytest.approx(250.0)
    assert dict(padding.parts) == pytest.approx({"repeats": 250.0, "nodes": 100.0, "contingency": 40.0})
    assert padding.kinds == ("repeats", "nodes", "contingency")


def test_that_a_contingency_that_lifts_the_request_out_of_a_mode_is_said():
    # 64 GPUs for 750 hours are 48 000 GPU-hours; 1 000 node-hours more are 52 000
    found = made(gpus=64, hours=750.0, contingency=1000)
    assert said(found) == (
        "The run alone, 48 000 GPU-hours, fits Fast Lane; contingency lifts the request to 52 000."
    )


def test_that_repeats_that_lift_the_request_are_said():
    found = made(gpus=64, hours=300.0, count=3)
    assert (
        said(found) == "The run alone, 19 200 GPU-hours, fits Fast Lane; repeats lift the request to 57 600."
    )


def test_that_a_request_lifted_into_the_gap_between_modes_is_told_so():
    found = made(gpus=64, hours=75.0, contingency=75)
    assert said(found).endswith("fits Playground; contingency lifts the request to 5 100.")


@pytest.mark.parametrize(("hours", "contingency"), [(600.0, 1000), (900.0, 1000)])
def test_that_nothing_is_said_where_the_mode_stays_the_same(hours, contingency):
    assert said(made(gpus=64, hours=hours, contingency=contingency)) == ""


def test_that_small_parts_are_not_named():
    assert Padding(10.0, (("repeats", 0.0), ("nodes", 1.0), ("contingency", 99.0))).kinds == ("contingency",)


@given(campaigns(CATALOGUE))
def test_that_runs_and_padding_sum_to_the_request(found):
    padding = padding_of(found.lines, found.milestones, found.machine)
    whole = padding.runs_node_hours + sum(hours for _, hours in padding.parts)
    assert whole == pytest.approx(found.request_node_hours)
    assert all(hours >= -1e-6 for _, hours in padding.parts)
