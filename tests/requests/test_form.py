"""The portal's form: every field in its order, values to paste in the plain locale."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from app.words import text
from estimators.catalogue import load_catalogue
from estimators.requests.form import FILLS, HINTS
from estimators.requests.form.inputs import plain
from estimators.requests.form.jobs import simultaneous_jobs
from estimators.requests.plan import plan_request
from estimators.requests.results import Request
from tests.requests.builders import by_id, campaign_of, campaign_run, case_of, project

CATALOGUE = load_catalogue()
EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.nodewise.json"))
NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.name.partition(".")[0])
def request_of_example(request: pytest.FixtureRequest) -> Request:
    plan = read_plan(request.param, CATALOGUE)
    return plan_request(campaign_spec(plan, CATALOGUE), CATALOGUE, NOW)


def test_that_every_field_stands_in_its_order(request_of_example: Request) -> None:
    form = request_of_example.form
    assert [field.id for field in form] == list(CATALOGUE.form_fields)
    assert {*FILLS, *HINTS} <= set(CATALOGUE.form_fields)
    for field in form:
        assert field.filled == bool(field.value)
        assert field.filled or field.hint
        assert not re.search("[\u202f\u00a0]", field.value + text(field.hint))
        assert field.source


def test_that_the_form_shows_the_sums_of_the_request(request_of_example: Request) -> None:
    campaign = request_of_example.campaign
    form = request_of_example.form
    assert by_id(form, "partition-requested-resources-node-hours").value == str(campaign.request_node_hours)
    months = by_id(form, "code-month-by-month-plan-of-cpu-gpu-use").value
    parts = re.findall(r"\): (\d+)", months)
    assert len(parts) == len(campaign.months)
    assert sum(map(int, parts)) == campaign.request_node_hours
    checklist = next(field for field in form if field.id.startswith("checklist"))
    assert checklist.value.count(str(campaign.request_node_hours)) == 2
    assert "equal to" in checklist.value


def test_that_the_form_shows_jobs_and_disks(request_of_example: Request) -> None:
    form, jobs = request_of_example.form, request_of_example.jobs
    gpus = next(field.value for field in form if field.id.startswith("cores-nodes"))
    assert f"maximum {max(job.gpus for job in jobs)};" in gpus
    assert f"GPUs per node: {request_of_example.campaign.gpus_per_node};" in gpus
    disks = next(field.value for field in form if field.id.startswith("storage-scratch"))
    assert re.fullmatch(r"SCRATCH [\d.]+; WORK [\d.]+; HOME [\d.]+; ARCHIVE [\d.]+", disks)
    scaling = next(field.value for field in form if field.id.startswith("code-scalability"))
    assert "(modelled)" in scaling


def test_that_what_only_the_applicant_knows_stays_open(request_of_example: Request) -> None:
    form = request_of_example.form
    for identity in ("project-keywords", "dissemination-strategy", "reviewers-excluded-reviewers"):
        assert by_id(form, identity).value == ""
    contract = next(field for field in form if field.id.startswith("pi-employment"))
    assert re.search(r"until \d{4}-\d\d-\d\d", text(contract.hint))


def test_that_a_run_that_cannot_restart_says_no_to_checkpoints() -> None:
    run = campaign_run(CATALOGUE, restarts_from_checkpoint=False)
    form = case_of(project(run), CATALOGUE).form
    assert next(field.value for field in form if field.id.startswith("checkpoints")) == "no"


def test_that_jobs_at_once_follow_the_calendar() -> None:
    first = campaign_run(CATALOGUE, identity="sweep", role="sweep", count=8, at_once=4)
    main = campaign_run(CATALOGUE, after=("sweep",))
    assert simultaneous_jobs(campaign_of(project(main, first), CATALOGUE)) == 4
    beside = campaign_run(CATALOGUE)
    assert simultaneous_jobs(campaign_of(project(beside, first), CATALOGUE)) == 5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1234567.0, "1234567"),
        (0.00123456, "0.00123"),
        (12.0, "12"),
        (1.006, "1.01"),
        (1e-9, "0.000000001"),
    ],
)
def test_that_numbers_are_plain(value: float, text: str) -> None:
    assert plain(value) == text
    assert plain(float("inf")) == "not published"
