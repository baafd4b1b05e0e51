"""Faults in the facts of access modes are named with file, entry and field."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from estimators.catalogue import load_catalogue
from estimators.catalogue.messages import CatalogueError
from tests.requests.door_asks import CATALOGUE, MODES

SHIPPED = Path(__file__).parents[2] / "resources" / "catalogue"
TEXT = {"source": "TRCAT", "confidence": "secondary", "as_of": "2026-08"}


def broken(tmp_path, field, value):
    folder = Path(copytree(SHIPPED, tmp_path / "catalogue"))
    path = folder / "access_modes.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    entry = next(entry for entry in entries if entry["id"] == "aif_large")
    if value is None:
        del entry[field]
    else:
        entry[field] = value
    path.write_text(json.dumps(entries), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("cutoff_dates", {"value": ["2026-12-15", "2026-11-30"], **TEXT}, "the earliest first"),
        ("cutoff_dates", {"value": ["2026-13-01"], **TEXT}, "field cutoff_dates"),
        ("cutoff_time", None, "a mode with cut-offs needs their clock time"),
        ("cutoff_time", {"value": "25:00:00", **TEXT}, "field cutoff_time"),
        ("decision_time", {"value": [2], "unit": "h", **TEXT}, "expected week or month, got 'h'"),
        ("applicants", {"value": {"sme": "maybe"}, "unit": "table", **TEXT}, "field applicants"),
        ("offers", {"atlantis": {"value": "listed", **TEXT}}, "there is no machine 'atlantis'"),
    ],
)
def test_that_a_fault_names_entry_and_field(tmp_path, field, value, words):
    message = broken(tmp_path, field, value)
    assert message.startswith("access_modes.json, entry aif_large, field ")
    assert words in message


def test_that_every_mode_states_who_may_apply_and_when():
    for mode in MODES:
        assert set(mode.applicants.value) == {"start-up", "sme", "large-company", "university", "public-body"}
        assert mode.always_open or mode.cutoff_dates or mode.cutoff_day_of_month
        assert (mode.decision_working_days is None) != (mode.decision_time is None)
        assert mode.months.value


def test_that_the_country_rule_names_the_union_and_the_participating_states():
    facts = CATALOGUE.guidance["country-rule"].facts
    assert len(facts["member_states"].value) == 27
    assert {"NO", "CH", "GB", "TR"} <= set(facts["participating_states"].value)
    assert facts["participating_states"].confidence == "official"
