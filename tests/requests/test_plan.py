"""The whole request of every example: one result that all parts read."""

from __future__ import annotations

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

import estimators
import resources
from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from app.plan.resolve import run_spec
from estimators import Request, compare, load_catalogue, plan_request
from estimators.requests.access import plan_access
from estimators.requests.access_results import Access

CATALOGUE = load_catalogue()
NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Brussels"))
EXAMPLES = sorted((Path(resources.__file__).parent / "examples").glob("*.nodewise.json"))
DOORS = {
    "support-8b": "aif_playground",
    "two-languages-9b": "aif_large",
    "scratch-1.7b": "ai_science",
    "experts-30b-a3b": "aif_large",
    "satellite-vit-l": "development",
}


def request_of(path: Path) -> Request:
    return plan_request(campaign_spec(read_plan(path, CATALOGUE), CATALOGUE), CATALOGUE, NOW)


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.name.split(".nodewise")[0])
def named(request) -> tuple[str, Request]:
    return request.param.name.split(".nodewise")[0], request_of(request.param)


@pytest.mark.parametrize("names_machine", [True, False])
def test_that_a_comparison_at_hand_changes_nothing_of_what_is_asked_for(names_machine: bool) -> None:
    (path,) = (one for one in EXAMPLES if one.name.startswith("support-8b"))
    plan = read_plan(path, CATALOGUE)
    if not names_machine:
        plan = msgspec.structs.replace(plan, target=msgspec.structs.replace(plan.target, machine=None))
    spec, compared = campaign_spec(plan, CATALOGUE), compare(run_spec(plan, CATALOGUE, "main"), CATALOGUE)
    alone = plan_access(spec, CATALOGUE, NOW)
    assert plan_access(spec, CATALOGUE, NOW, compared=compared) == alone
    request = plan_request(spec, CATALOGUE, NOW)
    assert Access(request.campaign, request.doors) == alone


def test_that_an_example_goes_through_the_door_it_is_made_for(named) -> None:
    name, request = named
    if name in DOORS:
        assert request.doors.chosen is not None
        assert request.doors.chosen.mode.id == DOORS[name]
        assert request.doors.chosen.state == "fits"


def test_that_no_example_fails_a_rule(named) -> None:
    _, request = named
    assert [finding.title for finding in request.findings if finding.severity == "fail"] == []


def test_that_form_footprint_and_headline_speak_of_the_same_hours(named) -> None:
    _, request = named
    asked = request.campaign.request_node_hours
    assert sum(phase.node_hours for phase in request.footprint.phases) == request.campaign.needed_node_hours
    assert any(value.filled and value.value == str(asked) for value in request.form)


def test_that_a_project_starts_when_its_door_allows(named) -> None:
    _, request = named
    chosen = request.doors.chosen
    if chosen is not None and chosen.earliest_start is not None:
        assert request.campaign.start >= chosen.earliest_start


def test_that_the_public_names_are_there_when_asked_for() -> None:
    assert {name for name in estimators.__all__ if not hasattr(estimators, name)} == set()
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = estimators.nothing  # type: ignore[attr-defined]
