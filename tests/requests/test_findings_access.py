"""What the technical check says of the access mode: title, figure, limit, source and remedy of each rule.

One node of Leonardo has four GPUs. Playground is a package of 5,000 GPU-hours for one to three months, Fast
Lane takes 10,000 to 50,000, Large Scale more for 3, 6 or 12 months.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.quantity import Fact
from estimators.requests.findings.case import Case
from estimators.requests.records import Offer
from estimators.requests.results import Finding
from estimators.words import Value
from tests.requests.builders import campaign_run, case_of, findings_of, open_of, project

CATALOGUE = load_catalogue()
MODES = CATALOGUE.access_modes
SEEN = datetime.date(2026, 11, 20)


def case(hours: float = 1000.0, gpus: int = 4, role: str = "main", **changes: Any) -> Case:
    """A start-up's project of one run; 1,000 hours on a node are 4,520 GPU-hours with failed runs."""
    run = campaign_run(CATALOGUE, gpus=gpus, hours=hours, role=role)
    return case_of(project(run, **changes), CATALOGUE)


def only(of: Case, rule: str) -> Finding:
    (found,) = open_of(of, rule)
    return found


def passed(of: Case, rule: str) -> Finding:
    (found,) = (one for one in findings_of(of) if (one.rule, one.severity) == (rule, "pass"))
    return found


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


# ---------------------------------------------------------------- door, size, applicant, country


def test_that_a_project_too_long_for_its_modes_is_offered_the_months_that_hold_all_its_runs() -> None:
    # 40 and 10 days of a node with a quarter of waiting are 768 and 192 node-hours: a package of Playground
    # holds them; one month has 31 days, two have 61
    runs = [
        campaign_run(CATALOGUE, hours=days * 24 / 1.25, identity=identity)
        for identity, days in (("main", 40.0), ("small", 10.0))
    ]
    spec = project(*runs, months=12, queue_slack=0.25)
    found = only(case_of(spec, CATALOGUE), "door")
    assert f"over 12 months on {CATALOGUE.machine('leonardo-booster').name}" in text(found.title)
    assert found.fix is not None
    assert (text(found.fix.label), found.fix.field, found.fix.value) == ("Take 2 months", "months", 2)


def test_that_a_door_that_fits_is_named_with_the_room_that_is_left() -> None:
    fits = passed(case(5000.0, gpus=8), "door")
    assert text(fits.why).startswith("Fast Lane: fits, ")
    assert fits.fact is not None
    assert plain(fits.limit) == "10 000 to 50 000 GPU-hours"


def test_that_a_request_outside_its_mode_names_bounds_and_the_mode_that_fits() -> None:
    found = only(case(mode="aif_fastlane"), "mode-size")
    assert plain(found.limit) == "Fast Lane, 10 000 to 50 000 GPU-hours"
    assert found.fact == MODES["aif_fastlane"].max_gpu_hours
    assert found.source != "Not found in the catalogue"
    assert found.fix is not None
    assert (text(found.fix.label), found.fix.value) == ("Ask for Playground", "aif_playground")


def test_that_an_organisation_that_a_mode_does_not_take_is_told_so() -> None:
    found = only(case(mode="aif_playground", applicant="university"), "applicant")
    assert (found.severity, text(found.title)) == ("fail", "Playground does not take a university")
    assert (text(found.figure), text(found.limit)) == ("a university", "Playground")
    assert found.fact == MODES["aif_playground"].applicants
    assert found.source != "Not found in the catalogue"
    assert text(passed(case(mode="aif_playground"), "applicant").why) == "Playground takes a start-up"


def test_that_an_applicant_who_is_not_said_is_asked_for() -> None:
    found = only(case(mode="aif_playground", applicant=None), "applicant")
    assert (found.severity, text(found.title), text(found.figure)) == (
        "info",
        "Who applies is not said",
        "not said",
    )
    assert text(found.why) == "Playground fits if you are a start-up or an SME: say who applies."
    assert found.fix is None


def test_that_terms_which_the_catalogue_lacks_are_said_to_be_lacking() -> None:
    bare = msgspec.structs.replace(MODES["aif_playground"], applicants=None)
    catalogue = replace(CATALOGUE, access_modes={**MODES, bare.id: bare})
    run = campaign_run(CATALOGUE, hours=1000.0)
    found = only(case_of(project(run, mode=bare.id), catalogue), "applicant")
    assert (found.severity, text(found.source)) == ("warn", "Not found in the catalogue")


def test_that_a_country_is_judged_with_and_without_a_mode() -> None:
    found = only(case(country="KZ", mode="aif_playground"), "country")
    assert (found.severity, text(found.figure), text(found.limit)) == ("fail", "KZ", "Playground")
    assert found.fact is not None
    assert found.source != "Not found in the catalogue"
    nowhere = only(case(country="US", months=24), "country")
    assert (nowhere.severity, text(nowhere.limit)) == ("warn", "all access modes")
    fine = passed(case(), "country")
    assert (text(fine.why), text(fine.figure)) == ("FI may apply", "FI")
    assert fine.fact == found.fact


# ---------------------------------------------------------------- length, offer, dates


@pytest.mark.parametrize(
    ("mode", "months", "severity", "title", "value"),
    [
        ("aif_large", 4, "info", "Large Scale runs 3, 6 or 12 months: ask for 6", 6),
        ("aif_large", 1, "info", "Large Scale runs 3, 6 or 12 months: ask for 3", 3),
        ("aif_playground", 5, "fail", "Playground runs at most 3 months: shorten the project from 5", 3),
    ],
)
def test_that_the_next_length_that_the_mode_offers_is_proposed(
    mode: str, months: int, severity: str, title: str, value: int
) -> None:
    found = only(case(mode=mode, months=months), "mode-months")
    assert (found.severity, text(found.title)) == (severity, title)
    assert text(found.figure) == f"{months} month{'s' * (months > 1)}"
    assert text(found.limit) == MODES[mode].short_name
    assert found.fix is not None
    assert (found.fix.field, found.fix.value) == ("months", value)


def ticked_off(mode: str, *seen_elsewhere: str) -> tuple[Offer, ...]:
    """The mode was not offered on Leonardo when the user looked, and on other machines it was."""
    elsewhere = (Offer(machine, mode, True, SEEN) for machine in seen_elsewhere)
    return (Offer("leonardo-booster", mode, False, SEEN), *elsewhere)


def test_that_another_mode_goes_before_another_machine() -> None:
    offers = ticked_off("aif_fastlane", "marenostrum5-acc")
    found = only(case(mode="aif_fastlane", offers=offers), "offered")
    assert found.fix is not None
    assert (text(found.fix.label), found.fix.field) == ("Ask for Playground", "mode")


@pytest.mark.parametrize(
    ("fallback", "seen", "value"),
    [
        ("marenostrum5-acc", True, "marenostrum5-acc"),
        ("marenostrum5-acc", False, None),
        ("leonardo-booster", True, None),
        (None, True, None),
    ],
)
def test_that_the_fallback_is_proposed_where_it_has_the_mode(
    fallback: str | None, seen: bool, value: str | None
) -> None:
    offers = (*ticked_off("aif_playground"), Offer("marenostrum5-acc", "aif_playground", seen, SEEN))
    found = only(case(mode="aif_playground", offers=offers, fallback=fallback), "offered")
    assert (None if found.fix is None else (found.fix.field, found.fix.value)) == (
        None if value is None else ("machine", value)
    )


def test_that_an_offer_rests_on_what_was_seen_last() -> None:
    mode = MODES["aif_playground"]
    ticked = only(case(mode=mode.id, offers=ticked_off(mode.id)), "offered")
    assert ticked.fact == mode.open_today
    marked = only(case(mode="ai_science", applicant="university"), "offered")
    assert marked.fact == MODES["ai_science"].offers["leonardo-booster"]


def facts_of(mode: str, *rules: str, **changes: Any) -> list[Fact[Any] | None]:
    """The facts behind passed rules of a mode."""
    made = case(mode=mode, **changes)
    return [passed(made, rule).fact for rule in rules]


def test_that_dates_rest_on_the_facts_that_state_them() -> None:
    playground, benchmark, regular = (MODES[name] for name in ("aif_playground", "benchmark", "regular"))
    assert facts_of("aif_playground", "deadline", "start-date") == [
        playground.always_open,
        playground.decision_working_days,
    ]
    assert facts_of("benchmark", "deadline", "start-date", role="test", applicant="sme") == [
        benchmark.cutoff_day_of_month,
        benchmark.decision_time,
    ]
    closed = only(case(mode="regular", applicant="university", months=12), "deadline")
    assert closed.fact == regular.cutoff_dates


@pytest.mark.parametrize(
    ("mode", "role", "fact", "first"),
    [
        # Monday 23 November: two working days; the first of December and three weeks
        (
            "aif_playground",
            "main",
            MODES["aif_playground"].decision_working_days,
            datetime.date(2026, 11, 25),
        ),
        ("benchmark", "test", MODES["benchmark"].decision_time, datetime.date(2026, 12, 22)),
    ],
)
def test_that_a_start_before_the_decision_names_the_first_day(
    mode: str, role: str, fact: Fact[Any], first: datetime.date
) -> None:
    found = only(case(mode=mode, role=role, start=first - datetime.timedelta(days=1)), "start-date")
    assert found.fact == fact
    assert found.source != "Arithmetic of the plan"
    assert found.fix is not None
    assert (found.fix.field, found.fix.value) == ("start", first)
    assert open_of(case(mode=mode, role=role, start=first), "start-date") == ()


def test_that_the_source_of_a_decision_is_named() -> None:
    stated = Fact(value=9.0, unit="count", source="Call text", confidence="official", as_of="2026-11-01")
    slow = msgspec.structs.replace(MODES["aif_playground"], decision_working_days=stated)
    catalogue = replace(CATALOGUE, access_modes={**MODES, slow.id: slow})
    spec = project(campaign_run(CATALOGUE), mode=slow.id, start=datetime.date(2026, 11, 24))
    assert text(only(case_of(spec, catalogue), "start-date").source) == "Call text, official, 1 Nov 2026"


def test_that_a_second_machine_is_asked_for() -> None:
    none, same = only(case(fallback=None), "fallback"), only(case(fallback="leonardo-booster"), "fallback")
    assert (text(none.title), text(none.figure)) == ("No fallback machine is named", "none")
    assert (text(same.title), text(same.figure)) == (
        "The fallback is the machine itself",
        text(CATALOGUE.machine("leonardo-booster").name),
    )
    assert text(passed(case(), "fallback").why) == text(CATALOGUE.machine("marenostrum5-acc").name)
