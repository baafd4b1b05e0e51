"""A mode with a fixed package: form, months, workbook and milestones ask for it, and say what is needed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.present.campaign import sentence
from app.words import text
from estimators import load_catalogue
from estimators.requests.access import package_of
from estimators.requests.campaign_results import Campaign
from estimators.requests.explain import explain_request
from tests.requests.builders import by_id, campaign_of, campaign_run, project
from tests.requests.test_sums import (
    check_that_rows_months_units_and_headline_agree_to_the_hour,
    check_that_the_form_asks_for_the_same_hours,
    check_that_the_request_is_its_quantile_and_never_under_its_rows,
    check_that_the_workbook_computes_the_same_hours,
    request_of,
)
from tests.spoken import written

CATALOGUE = load_catalogue()
# Playground: 5,000 GPU-hours by 4 or 8 GPUs of a node. The others as the calls print them in node-hours.
PACKAGES = [
    ("aif_playground", "leonardo-booster", 1250),
    ("aif_playground", "lumi-g", 1250),
    ("aif_playground", "discoverer-plus", 625),
    ("development", "jupiter-booster", 3500),
    ("development", "vega-gpu", 800),
    ("benchmark", "karolina-gpu", 400),
]


def bound(mode: str, machine: str, hours: float = 100.0) -> Campaign:
    """A run on one node for so many hours, in a mode."""
    gpus = int(CATALOGUE.machine(machine).devices_per_node.si)
    run = campaign_run(CATALOGUE, gpus=gpus, hours=hours)
    spec = project(run, machine=machine, mode=mode, months=3)
    free = campaign_of(spec, CATALOGUE)
    door = request_of(free).doors.chosen
    package = package_of(door, free.request_node_hours, free.gpus_per_node)
    return campaign_of(spec, CATALOGUE, package=package)


@pytest.mark.parametrize(("mode", "machine", "node_hours"), PACKAGES)
def test_that_everything_asks_for_the_package_and_sums_agree_to_the_hour(
    mode: str, machine: str, node_hours: int
) -> None:
    campaign = bound(mode, machine)
    assert campaign.request_node_hours == node_hours
    assert 0 < campaign.needed_node_hours < node_hours
    rest = campaign.milestones[-1]
    assert (rest.kind, rest.node_hours) == ("package", node_hours - campaign.needed_node_hours)
    assert text(rest.name) == f"Rest of the {CATALOGUE.access_modes[mode].short_name} package"
    check_that_rows_months_units_and_headline_agree_to_the_hour(campaign)
    check_that_the_request_is_its_quantile_and_never_under_its_rows(campaign)
    request = request_of(campaign)
    check_that_the_form_asks_for_the_same_hours(request)
    check_that_the_workbook_computes_the_same_hours(request)
    hint = by_id(request.form, "partition-requested-resources-node-hours").hint
    assert f"the plan needs {campaign.needed_node_hours} node-hours of it" in text(hint).replace("\u202f", "")
    words = "".join(phrase.text for phrase in sentence(request))
    assert f"node-hours, needs {campaign.needed_node_hours}" in words.replace("\u202f", "")
    assert "no run is planned in them" in " ".join(written(request.footprint.basis))


def test_that_the_reason_of_a_package_names_it_and_computes() -> None:
    campaign = bound("aif_playground", "leonardo-booster")
    root = explain_request(campaign)
    need, package = root.inputs
    assert (root.value, package.value, need.value) == (1250.0, 1250.0, campaign.needed_node_hours)
    assert package.note == "fixed package of Playground"


def test_that_a_plan_that_exceeds_the_package_asks_for_its_own_hours() -> None:
    campaign = bound("aif_playground", "leonardo-booster", hours=2000.0)
    assert campaign.package is None
    assert campaign.request_node_hours == campaign.needed_node_hours > 1250
    assert [row.kind for row in campaign.milestones if row.kind == "package"] == []


def test_that_a_plan_that_fills_the_package_has_no_rest() -> None:
    free = bound("aif_fastlane", "leonardo-booster")
    assert free.package is None
    door = request_of(replace(free, spec=replace(free.spec, mode="aif_playground"))).doors.chosen
    full = package_of(door, 1250, 4)
    assert full is not None
    assert full.node_hours == 1250
    assert package_of(door, 1251, 4) is None
