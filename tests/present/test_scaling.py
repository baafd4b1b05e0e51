"""Scaling evidence, energy and hours used, in words and tables."""

from __future__ import annotations

import datetime

import pytest

from app.present import footprint as foot
from app.present.scaling import (
    elsewhere_table,
    plan_table,
    plan_words,
    scaling_series,
    scaling_table,
    series_summary,
    series_text,
    verdict_words,
)
from app.present.usage import usage_table
from estimators import Catalogue, Range, compare, load_catalogue
from estimators.requests.campaign_results import Milestone
from estimators.requests.footprint import footprint
from estimators.requests.records import ScalingPoint
from estimators.requests.results import BurnDown
from estimators.requests.scaling import scaling_report
from tests.requests.hand_made import campaign, run_spec

ENERGY = Range(800.0, 1000.0, 1100.0, 1200.0)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_that_measured_and_modelled_rows_are_told_apart(catalogue: Catalogue) -> None:
    project = campaign(catalogue, scaling=(ScalingPoint("leonardo-booster", 16, 30.0, 512, "strong"),))
    table = scaling_table(scaling_report(project, catalogue).strong)
    assert [row[-1] for row in table.rows if row[0] == "16"] == ["measured"]
    assert set(table.measured) == {True, False}
    assert all(len(row) == len(table.heads) for row in (*table.rows, *table.plain))
    assert "\u202f" not in table.text()


def test_that_the_job_is_judged_in_a_sentence(catalogue: Catalogue) -> None:
    project = campaign(catalogue)
    report = scaling_report(project, catalogue)
    words = verdict_words(report, project)
    assert words.startswith("Strong scaling reaches 94\u202f% at the 64 GPUs of the main run (modelled, ")
    assert "up to 128 GPUs" in words
    assert plan_words(report).endswith("Benchmark Access: 3\u202f500 node-hours on Leonardo.")
    assert len(plan_table(report.plan).rows) == len(report.plan)


def test_that_points_of_another_machine_have_their_own_table(catalogue: Catalogue) -> None:
    project = campaign(catalogue, scaling=(ScalingPoint("lumi-g", 16, 30.0, 512, "strong"),))
    table = elsewhere_table(scaling_report(project, catalogue), catalogue)
    assert table is not None
    assert table.rows[0][:2] == ("LUMI-G", "16")
    assert elsewhere_table(scaling_report(campaign(catalogue), catalogue), catalogue) is None


def test_that_the_chart_can_be_read_aloud_and_copied(catalogue: Catalogue) -> None:
    project = campaign(catalogue, "lumi-g", gpus=64)
    series = scaling_series(scaling_report(project, catalogue), project, catalogue)
    assert series is not None
    assert series.noun == "GCDs"
    assert series.job_gpus == 64
    assert "Weak scaling, efficiency: 8 GCDs 99.5\u202f%, 16 GCDs 100\u202f%" in series_summary(series)
    assert len(series_text(series).splitlines()) == 1 + sum(len(line.points) for line in series.lines)


def test_that_the_footprint_table_ends_with_its_sum(catalogue: Catalogue) -> None:
    project = campaign(catalogue, energy_kwh=ENERGY, rest=(Milestone("Failed", "failed", 100),))
    result = footprint(project, catalogue)
    table = foot.footprint_table(result)
    assert [row[0] for row in table.rows] == ["Main run", "Failed", "Total"]
    assert [float(row[2]) for row in table.plain] == pytest.approx([1000.0, 62.5, 1062.5])
    assert foot.energy_words(result).startswith("About 1\u202f100\u202fkWh (890 to 1\u202f300), which is 260")


def test_that_what_is_not_published_is_said(catalogue: Catalogue) -> None:
    result = footprint(campaign(catalogue, "arrhenius-gpu"), catalogue)
    assert foot.footprint_table(result).rows[0][2] == "not published"
    assert "not published" in foot.energy_words(result)
    assert "no published figure fits" in foot.embodied_words(result)


def test_that_one_price_is_shown_as_one(catalogue: Catalogue) -> None:
    vega = footprint(campaign(catalogue, "vega-gpu", energy_kwh=ENERGY), catalogue)
    assert foot.value_words(vega) == "Market value: 6\u202f560\u202fEUR."
    leonardo = footprint(campaign(catalogue, energy_kwh=ENERGY), catalogue)
    assert foot.value_words(leonardo) == ("Market value: 10\u202f200\u202fEUR (4\u202f480 to 16\u202f800).")


def test_that_energy_by_machine_has_least_carbon_first_and_own_hardware_last(catalogue: Catalogue) -> None:
    comparison = compare(run_spec(catalogue, machine="leonardo-booster"), catalogue)
    series = foot.energy_series(comparison, None, catalogue)
    carbons = [row.carbon_kg.p50 for row in series.rows if row.carbon_kg is not None]
    assert carbons == sorted(carbons)
    assert [row.label for row in series.rows if row.is_chosen] == ["Leonardo"]
    assert all(not row.is_own for row in series.rows[:-1])
    assert len(foot.energy_text(series).splitlines()) == 1 + len(series.rows)
    assert "Leonardo: Energy: " in foot.energy_summary(series)


def test_that_large_amounts_change_their_unit() -> None:
    assert foot.amount_words(ENERGY, "kWh", "MWh") == "1\u202f000\u202fkWh (800 to 1\u202f200)"
    assert foot.amount_words(ENERGY.scaled(100.0), "kWh", "MWh") == "100\u202fMWh (80 to 120)"


def test_that_used_hours_run_up(catalogue: Catalogue) -> None:
    starts = (datetime.date(2027, 1, 1), datetime.date(2027, 2, 1))
    burn = BurnDown(((1, 600, 200.0), (2, 1000, 250.5)), starts, 450.5, 600.0, None, 0.0, ())
    table = usage_table(burn)
    assert table.plain[-1] == ("2", "1000", "250.5", "1600", "450.5")
    assert table.rows[-1] == ("2", "1\u202f000", "250", "1\u202f600", "450")
