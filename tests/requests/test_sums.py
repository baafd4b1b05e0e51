"""Across generated campaigns all sums agree exactly: rows, months, units, form, workbook and headline."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dossier.workbook import workbook_bytes
from app.dossier.workbook_style import column_letters
from estimators import load_catalogue
from estimators.catalogue.records import Machine
from estimators.requests.calendar import largest_remainder
from estimators.requests.campaign_results import Campaign, Milestone
from estimators.requests.doors import assess_doors
from estimators.requests.footprint import footprint
from estimators.requests.form import form_values
from estimators.requests.jobs import job_types
from estimators.requests.milestones import with_package
from estimators.requests.results import Request, ScalingReport
from estimators.requests.storage import storage_needs
from estimators.requests.units import devices_of_node, gpus_of_node, site_units_of, unit_totals
from estimators.words import NOTHING
from tests.dossier.sheets import read_book
from tests.requests.builders import by_id
from tests.requests.generated import campaigns

CATALOGUE = load_catalogue()
NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
MANY = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@MANY
@given(campaigns(CATALOGUE))
def test_that_a_thousand_campaigns_add_up(campaign: Campaign) -> None:
    check_that_rows_months_units_and_headline_agree_to_the_hour(campaign)
    check_that_every_row_recomputes_from_what_it_shows(campaign)
    check_that_the_request_is_its_quantile_and_never_under_its_rows(campaign)
    request = request_of(campaign)
    check_that_the_form_asks_for_the_same_hours(request)
    check_that_the_workbook_computes_the_same_hours(request)


def request_of(campaign: Campaign) -> Request:
    """The campaign with everything that form and workbook read; scaling is not measured."""
    spec, machine = campaign.spec, campaign.machine
    doors = assess_doors(spec, machine, campaign.request_node_hours, campaign.gpus_per_node, CATALOGUE, NOW)
    parts = (
        doors,
        storage_needs(campaign, CATALOGUE),
        job_types(campaign, CATALOGUE),
        ScalingReport((), (), 0, math.nan, None, NOTHING, (), 0, NOTHING, False),
        footprint(campaign, CATALOGUE),
    )
    return Request(campaign, *parts, findings=(), form=form_values(campaign, *parts, CATALOGUE))


def check_that_the_form_asks_for_the_same_hours(request: Request) -> None:
    campaign, asked = request.campaign, request.campaign.request_node_hours
    assert by_id(request.form, "partition-requested-resources-node-hours").value == str(asked)
    months = by_id(request.form, "code-month-by-month-plan-of-cpu-gpu-use").value.split("; ")
    assert [int(month.split(": ")[1]) for month in months] == [m.node_hours for m in campaign.months]
    assert sum(phase.node_hours for phase in request.footprint.phases) == campaign.needed_node_hours


def check_that_the_workbook_computes_the_same_hours(request: Request) -> None:
    units = request.campaign.units
    book = read_book(workbook_bytes(request, CATALOGUE, NOW.date()))
    assert book.named("request_node_hours") == units.node_hours
    assert book.named("milestones_total") == book.named("months_total") == units.node_hours
    assert book.named("request_gpu_hours") == units.gpu_hours
    if units.site_units is not None:
        assert Fraction(book.named("request_site_units")) == units.site_units
    for place, month in enumerate(request.campaign.months, start=1):
        total = f"{column_letters(place)}{book.find('Months', 'All')}"
        assert book.value("Months", total) == month.node_hours


def check_that_rows_months_units_and_headline_agree_to_the_hour(campaign: Campaign) -> None:
    rows = [row.node_hours for row in campaign.milestones]
    assert sum(rows) == campaign.request_node_hours == campaign.units.node_hours
    assert min(rows) >= 0
    for i, row in enumerate(campaign.milestones):
        assert sum(month.by_milestone[i] for month in campaign.months) == row.node_hours
    assert sum(month.node_hours for month in campaign.months) == campaign.request_node_hours
    assert campaign.units.gpu_hours == campaign.request_node_hours * campaign.gpus_per_node
    assert campaign.units.device_hours == campaign.request_node_hours * campaign.devices_per_node


def check_that_every_row_recomputes_from_what_it_shows(campaign: Campaign) -> None:
    for row in campaign.milestones:
        if row.kind != "run":
            continue
        assert row.runs is not None
        assert row.nodes is not None
        assert row.steps is not None
        assert row.seconds_per_step is not None
        hours = row.runs * row.nodes * row.steps * Fraction(row.seconds_per_step) / 3600
        assert math.ceil(round(float(hours), 6)) == row.node_hours


def check_that_the_request_is_its_quantile_and_never_under_its_rows(campaign: Campaign) -> None:
    exact = campaign.base_node_hours * float(campaign.request_ratio)
    last = [row for row in campaign.milestones if row.kind != "package"][-1]
    others = campaign.needed_node_hours - last.node_hours
    assert last.kind in ("contingency", "overhead")
    assert campaign.needed_node_hours == max(others, math.ceil(round(exact, 6)))
    package = campaign.package.node_hours if campaign.package is not None else 0
    assert campaign.request_node_hours == max(campaign.needed_node_hours, package)
    kinds = {row.kind for row in campaign.milestones}
    has_factor = campaign.spec.overhead.factor is not None
    assert ("overhead" in kinds) == has_factor
    assert not (has_factor and kinds & {"failed", "contingency"})


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CATALOGUE.machines_in_service()), st.integers(0, 10**7))
def test_that_units_convert_back_exactly(machine: Machine, node_hours: int) -> None:
    totals = unit_totals(node_hours, machine, CATALOGUE)
    gpus, devices = gpus_of_node(machine, CATALOGUE), devices_of_node(machine)
    assert Fraction(totals.gpu_hours, gpus) == node_hours
    assert Fraction(totals.device_hours, devices) == node_hours
    if machine.site_rate is not None:
        assert totals.site_units is not None
        assert totals.site_units / (gpus * machine.site_rate) == node_hours


def test_units_of_known_grants() -> None:
    leonardo = CATALOGUE.machine("leonardo-booster")
    assert unit_totals(1250, leonardo, CATALOGUE).site_units == 40_000  # award letter, EULLM_L
    assert unit_totals(1250, leonardo, CATALOGUE).gpu_hours == 5_000
    jupiter = CATALOGUE.machine("jupiter-booster")
    assert unit_totals(3500, jupiter, CATALOGUE).site_units == 1_008_000  # Development award
    lumi = unit_totals(100, CATALOGUE.machine("lumi-g"), CATALOGUE)
    assert (lumi.gpu_hours, lumi.device_hours, lumi.site_units) == (400, 800, 400)
    karolina = CATALOGUE.machine("karolina-gpu")
    assert unit_totals(100, karolina, CATALOGUE).site_units == 100
    assert gpus_of_node(karolina, CATALOGUE) == 8
    # ten node-hours of Leonardo are 40 GPU-hours of eight core-hours each; LUMI counts GPU-hours
    assert site_units_of(10.0, leonardo, CATALOGUE) == 320.0
    assert site_units_of(10.0, CATALOGUE.machine("lumi-g"), CATALOGUE) == 40.0


def test_that_a_site_without_a_published_rate_has_no_units() -> None:
    silent = msgspec.structs.replace(CATALOGUE.machine("leonardo-booster"), site_unit=None)
    totals = unit_totals(10, silent, CATALOGUE)
    assert (totals.gpu_hours, totals.site_units) == (40, None)
    assert (totals.site_unit, totals.rate) == ("not published", None)
    assert site_units_of(10.0, silent, CATALOGUE) is None
    named = CATALOGUE.machine("leonardo-booster").site_unit
    assert named is not None
    unknown = msgspec.structs.replace(named.per_gpu_hour, value=None)
    unit = msgspec.structs.replace(named, per_gpu_hour=unknown)
    without_rate = msgspec.structs.replace(silent, site_unit=unit)
    assert unit_totals(10, without_rate, CATALOGUE).site_unit == "not published"
    leonardo = unit_totals(10, CATALOGUE.machine("leonardo-booster"), CATALOGUE)
    assert leonardo.site_unit == "core-hours"
    assert leonardo.rate is not None


@given(st.integers(0, 10**7), st.lists(st.floats(0.0, 1e4), min_size=1, max_size=12))
def test_that_months_share_a_total_out_exactly(total: int, weights: list[float]) -> None:
    shared = largest_remainder(total, weights)
    assert sum(shared) == total
    whole = sum(Fraction(weight) for weight in weights)
    if whole:
        for part, weight in zip(shared, weights, strict=True):
            assert abs(part - total * Fraction(weight) / whole) < 1


def test_that_hours_beyond_every_machine_still_sum() -> None:
    row = Milestone("Main", "run", 10**30)
    assert with_package((row,), 0, "regular") == (row,)
