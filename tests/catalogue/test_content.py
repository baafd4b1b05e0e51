"""What ships is complete, sourced, and fits the evidence."""

import json
from pathlib import Path

import pytest

from estimators.catalogue.check import facts_of
from estimators.catalogue.read import RECORD_BY_SECTION
from estimators.quantity import SI_PER_UNIT

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="module")
def evidence_rows():
    text = (RESOURCES / "evidence" / "calibration.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_that_every_gpu_model_and_machine_of_the_evidence_exists(catalogue, evidence_rows):
    assert len(evidence_rows) == 1_491
    named = {row["hardware"]["gpu"] for row in evidence_rows} - {None}
    assert named <= set(catalogue.gpus)
    models = {row["model_key"] for row in evidence_rows} - {None}
    assert models <= set(catalogue.models)
    machines = {row["hardware"]["machine"] for row in evidence_rows}
    assert {"lumi-g", "jupiter-booster"} <= machines & set(catalogue.machines)


@pytest.mark.parametrize("section", RECORD_BY_SECTION)
def test_that_every_number_has_unit_source_and_date(catalogue, section):
    for record in getattr(catalogue, section).values():
        for field, fact in facts_of(record):
            assert fact.source, f"{section} {record.id} {field}"
            assert fact.as_of, f"{section} {record.id} {field}"
            if isinstance(fact.value, int | float) and not isinstance(fact.value, bool):
                assert fact.unit in SI_PER_UNIT


def test_that_a_file_holds_one_fact_on_a_line_and_stays_small():
    for path in (RESOURCES / "catalogue").glob("*.json"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert path.stat().st_size < 400_000, path.name
        assert all(line.count('{"value":') <= 1 for line in lines), path.name


def test_that_machine_countries_have_a_grid(catalogue):
    for machine in catalogue.machines.values():
        assert machine.country.value in catalogue.grids
    assert len(catalogue.grids) == 30


def test_that_every_machine_states_what_it_lacks(catalogue):
    for machine in catalogue.machines_in_service():
        assert machine.short_name
        assert machine.status_detail.value
        assert machine.gpu in catalogue.gpus
    assert "max nodes per normal job" in catalogue.machine("jupiter-booster").missing


def test_that_access_sources_can_be_looked_up(catalogue):
    fact = catalogue.access_modes["aif_playground"].more["purpose"]
    assert [address.id for address in catalogue.sources_behind(fact)] == ["LIMES", "NOMAD"]
    for mode in catalogue.access_modes.values():
        for field, sourced in facts_of(mode):
            if sourced.source != "not found":
                keys = sourced.source.split(", ")
                assert len(catalogue.sources_behind(sourced)) == len(keys), f"{mode.id} {field}"


def test_that_lazy_sections_are_read_once(catalogue):
    assert catalogue.datasets is catalogue.datasets
    assert len(catalogue.datasets) == 64
    assert len(catalogue.form_fields) == 46
    assert catalogue.tokenizers["gemma-3"].by_language["de"]["bytes_per_token"] > 3
    assert catalogue.prices["cloud-h100-sxm"].facts["median"].value == 2.19


def test_that_planning_presets_for_failures_are_at_hand(catalogue):
    presets = catalogue.reliability["planning-presets"].facts
    assert presets["failures_per_1000_node_days_central"].value == 4.0
    assert presets["restart_p50"].si == 900
