"""Every rule of the access facts, crossed: sizes, applicants, countries, lengths, offers, purpose."""

from __future__ import annotations

import datetime
from dataclasses import replace

import msgspec
import pytest

from app.words import text
from estimators.requests.doors import assess_doors
from estimators.requests.doors.words import day as day_said
from estimators.requests.records import Offer
from tests.requests.door_asks import (
    BRUSSELS,
    CATALOGUE,
    MODES,
    MONDAY,
    before_a_cutoff,
    door,
    project,
    report,
)
from tests.spoken import written

APPLICANTS = ("start-up", "sme", "large-company", "university", "public-body")


def sized():
    """Each bound of each mode on each machine: the amount in node-hours, and whether it is inside."""
    for mode in MODES:
        for machine, fact in mode.node_hours_by_machine.items():
            stated = fact.value
            low = stated.get("min")
            high = stated.get("fixed") or stated.get("max") or stated.get("total")
            if low is not None:
                yield mode.id, machine, low, True
                yield mode.id, machine, low - 1, False
            yield mode.id, machine, high, True
            yield mode.id, machine, high + 1, False


def in_gpu_hours():
    """The same for modes bounded in GPU-hours, on machines with 4 and with 8 GPUs in a node."""
    for machine, gpus in (
        ("leonardo-booster", 4),
        ("lumi-g", 4),
        ("karolina-gpu", 8),
        ("jupiter-booster", 4),
    ):
        for mode in MODES:
            high = mode.max_gpu_hours.value if mode.max_gpu_hours is not None else None
            low = mode.min_gpu_hours.value if mode.min_gpu_hours is not None else None
            if high is not None:
                yield mode.id, machine, int(high) // gpus, True
                yield mode.id, machine, int(high) // gpus + 1, False
            if low is not None:
                assert mode.min_exclusive
                yield mode.id, machine, int(low) // gpus, False
                yield mode.id, machine, int(low) // gpus + 1, True


@pytest.mark.parametrize(("mode_id", "machine", "node_hours", "inside"), [*sized(), *in_gpu_hours()])
def test_that_a_request_fits_up_to_the_bound_and_not_beyond(mode_id, machine, node_hours, inside):
    mode = CATALOGUE.access_modes[mode_id]
    applicant = next(kind for kind, term in mode.applicants.value.items() if term == "yes")
    spec = project(applicant=applicant, mode=mode_id, months=max(mode.months.value))
    found = door(report(spec, node_hours, machine, before_a_cutoff(mode)), mode_id)
    fits = "change" if text(found.offered_words).startswith("Marked not available") else "fits"
    assert found.state == (fits if inside else "no"), found.verdict
    assert found.size_gpu_hours is not None


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
@pytest.mark.parametrize("applicant", APPLICANTS)
def test_that_each_kind_of_applicant_meets_the_terms_of_each_mode(mode, applicant):
    term = mode.applicants.value[applicant]
    found = door(report(project(applicant=applicant, mode=mode.id), 2000, now=before_a_cutoff(mode)), mode.id)
    words = " ".join(tuple(map(text, found.changes)))
    assert (found.state == "no" and text(found.verdict).startswith("Not for a")) == (term == "no")
    assert ("pay-per-use" in words) == (term == "pays")
    assert ("Horizon Europe" in words) == (term == "funded")


def test_that_an_applicant_who_is_not_named_is_not_excluded_but_told():
    found = report(project(), 5000)
    fast_lane = door(found, "aif_fastlane")
    assert fast_lane.state == "fits"
    assert text(fast_lane.verdict) == "Fits start-up or SME"
    assert "if you are a start-up or an SME" in text(fast_lane.changes[0])
    assert text(found.sentence) == "Fits Fast Lane if you are a start-up or an SME."
    science = door(report(project(months=6), 30_000, "marenostrum5-acc"), "ai_science")
    assert text(science.verdict) == "Fits university or public body"


@pytest.mark.parametrize(
    ("country", "state"),
    [("FI", "fits"), ("fi", "fits"), ("CH", "fits"), ("NO", "fits"), ("UA", "fits"), ("UK", "fits"),
     (None, "fits"), ("KZ", "no"), ("US", "unknown")],
)  # fmt: skip
def test_that_the_country_decides(country, state):
    found = door(report(project(applicant="sme", country=country), 5000), "aif_fastlane")
    assert found.state == state


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_that_a_project_longer_than_the_longest_grant_has_to_be_shortened(mode):
    longest = max(mode.months.value)
    now = before_a_cutoff(mode)
    inside = door(report(project(months=longest), 1, now=now), mode.id)
    beyond = door(report(project(months=longest + 1), 1, now=now), mode.id)
    shorten = f"runs at most {longest} months: shorten the project from {longest + 1}"
    assert not any("shorten" in change for change in tuple(map(text, inside.changes)))
    assert any(shorten in change for change in tuple(map(text, beyond.changes)))
    assert beyond.state != "fits"


def test_that_a_length_between_those_on_offer_is_a_condition():
    found = door(report(project(applicant="sme", months=4), 20_000), "aif_large")
    assert found.state == "fits"
    assert written(found.changes) == ("Large Scale runs 3, 6 or 12 months: ask for 6.",)
    shorter = door(report(project(applicant="sme", months=1), 20_000), "aif_large")
    assert written(shorter.changes) == ("Large Scale runs 3, 6 or 12 months: ask for 3.",)
    unknown = door(report(project(applicant="sme", months=0), 20_000), "aif_large")
    assert written(unknown.changes) == ()


def test_that_a_call_that_has_ended_says_when():
    playground = CATALOGUE.access_modes["aif_playground"]
    end = playground.call_year_end.value
    words = f"The last known call of Playground ended about {text(day_said(end))}; the next was not found."
    for day, told in ((end - datetime.timedelta(days=1), False), (end, True)):
        now = datetime.datetime.combine(day, datetime.time(9), BRUSSELS)
        found = door(report(project(applicant="sme"), 1000, now=now), "aif_playground")
        assert (words in written(found.changes)) == told
        assert (found.state == "fits") != told


# ---------------------------------------------------------------- offers


def offer(
    offered: bool, day: int = 20, mode: str = "aif_fastlane", machine: str = "leonardo-booster"
) -> Offer:
    return Offer(machine, mode, offered, datetime.date(2026, 11, day))


def test_that_a_tick_of_the_user_wins_over_what_the_catalogue_saw():
    seen = door(report(project(applicant="sme"), 5000), "aif_fastlane")
    assert seen.offered
    assert text(seen.offered_words) == "Award seen (9 Mar 2026, secondary)"
    shut = door(report(project(applicant="sme", offers=(offer(False),)), 5000), "aif_fastlane")
    assert (shut.offered, shut.state) == (False, "change")
    assert text(shut.offered_words) == "Your tick: not offered on 20 Nov 2026"
    later = door(
        report(project(applicant="sme", offers=(offer(True, 21), offer(False))), 5000), "aif_fastlane"
    )
    assert (later.offered, later.state) == (True, "fits")


def test_that_a_tick_for_another_machine_or_mode_counts_for_nothing():
    others = (offer(False, machine="lumi-g"), offer(False, mode="aif_large"))
    assert door(report(project(applicant="sme", offers=others), 5000), "aif_fastlane").offered


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_that_every_sighting_of_the_catalogue_is_shown_with_its_date(mode):
    closed = mode.open_today is not None and mode.open_today.value is False
    for machine, fact in mode.offers.items():
        found = door(report(project(), 1, machine), mode.id)
        seen = {"not listed": None, "unavailable": False}.get(fact.value, True)
        assert found.offered is (False if closed else seen)
        assert any(text(named) == "Offered" for named, _ in found.facts)
        assert "(" in text(found.offered_words)


def test_that_a_machine_that_was_not_listed_is_shown_with_the_date_and_not_refused():
    found = report(project(applicant="start-up", months=6), 20_000, "jupiter-booster")
    large = door(found, "aif_large")
    assert (large.offered, large.state, text(large.verdict)) == (None, "fits", "Fits if offered")
    assert text(found.sentence).endswith("On JUPITER: not listed (29 Sep 2026, secondary).")
    assert "refuses nobody" in written(large.changes)[0]
    assert "or take Leonardo" in written(large.changes)[0]


def test_that_a_machine_of_our_own_choice_is_not_proposed_for_a_mode_that_does_not_list_it():
    spec = project(applicant="start-up", months=6)
    machine = CATALOGUE.machine("jupiter-booster")
    found = assess_doors(spec, machine, 20_000, 4, CATALOGUE, MONDAY, machine_is_named=False)
    assert found.chosen is None
    assert (door(found, "aif_large").state, text(door(found, "aif_large").verdict)) == (
        "unknown",
        "Not listed (29 Sep 2026)",
    )
    ticked = replace(spec, offers=(offer(True, mode="aif_large", machine="jupiter-booster"),))
    found = assess_doors(ticked, machine, 20_000, 4, CATALOGUE, MONDAY, machine_is_named=False)
    assert found.chosen is not None
    assert found.chosen.mode.id == "aif_large"


def test_that_a_mode_marked_as_not_available_is_not_proposed_until_the_user_saw_it():
    spec = project(applicant="university", months=6)
    now = before_a_cutoff(CATALOGUE.access_modes["ai_science"])
    found = door(report(spec, 30_000, now=now), "ai_science")
    assert (found.offered, found.state, text(found.verdict)) == (
        False,
        "change",
        "Not available (23 Aug 2026)",
    )
    seen = replace(spec, offers=(offer(True, mode="ai_science"),))
    assert door(report(seen, 30_000, now=now), "ai_science").state == "fits"


def test_that_a_machine_that_is_coming_takes_nobody():
    coming = next(m for m in CATALOGUE.machines_coming() if m.gpu is not None and m.devices_per_node.value)
    assert door(report(project(applicant="sme"), 5000, coming.id), "aif_fastlane").state == "no"


def test_that_a_mode_without_a_size_on_the_machine_is_unknown():
    found = door(report(project(applicant="university", months=6), 30_000, "jupiter-booster"), "ai_science")
    assert (found.state, text(found.size), found.size_gpu_hours) == ("unknown", "not found", None)
    assert text(found.verdict) == "Size here not found"


# ---------------------------------------------------------------- purpose


@pytest.mark.parametrize("mode_id", ["benchmark", "development"])
def test_that_modes_for_tests_take_a_main_run_only_where_the_plan_names_them(mode_id):
    tests = door(report(project("test", "sweep", applicant="university"), 2000), mode_id)
    main = door(report(project("test", "main", applicant="university"), 2000), mode_id)
    named = door(report(project("test", "main", applicant="university", mode=mode_id), 2000), mode_id)
    assert (tests.state, main.state, named.state) == ("fits", "change", "fits")
    assert text(main.verdict) == "For the tests only"


# ---------------------------------------------------------------- words


def test_that_a_verdict_has_six_words_at_most():
    for machine in ("leonardo-booster", "jupiter-booster", "karolina-gpu"):
        for applicant in (None, *APPLICANTS):
            for node_hours in (1, 1250, 1251, 2500, 2501, 12_500, 12_501, 30_000, 300_000, 4_000_000):
                spec = project(applicant=applicant, months=7, offers=(offer(False),))
                for found in report(spec, node_hours, machine).doors:
                    assert 1 <= len(text(found.verdict).split(" ")) <= 6, text(found.verdict)


@pytest.mark.parametrize(
    ("node_hours", "mode", "verdict"),
    [
        (11_200, "aif_playground", "9 × too small"),
        (11_200, "aif_fastlane", "Fits, 5\u202f200 to spare"),
        (12_500, "aif_fastlane", "Fits exactly"),
        (2500, "aif_fastlane", "Must exceed 10\u202f000"),
        (11_200, "aif_large", "Below by 5\u202f200"),
        (1350, "aif_playground", "Above by 400"),
        (2499, "aif_playground", "Above by 4\u202f996"),
        (2500, "aif_playground", "2 × too small"),
        (11_200, "ai_science", "Below by 8\u202f800"),
        (20_000, "aif_large", "Fits, no ceiling found"),
    ],
)
def test_that_a_verdict_names_the_gap(node_hours, mode, verdict):
    assert text(door(report(project(applicant="sme"), node_hours), mode).verdict) == verdict


@pytest.mark.parametrize(
    ("mode", "machine", "size", "gpu_hours"),
    [
        ("aif_playground", "leonardo-booster", "5 000 GPU-hours, fixed", (0, 5000)),
        ("aif_fastlane", "leonardo-booster", "10 000 to 50 000 GPU-hours", (10_000, 50_000)),
        ("aif_large", "lumi-g", "above 50 000 GPU-hours", (50_000, float("inf"))),
        ("development", "karolina-gpu", "800 node-hours, fixed", (0, 6400)),
        ("ai_science", "lumi-g", "20 000 to 90 000 node-hours", (80_000, 360_000)),
        ("regular", "karolina-gpu", "from 25 000 node-hours, 93 500 in the call", (200_000, 748_000)),
    ],
)
def test_that_sizes_are_said_in_the_modes_own_unit(mode, machine, size, gpu_hours):
    found = door(report(project(), 1, machine), mode)
    assert text(found.size).replace("\u202f", " ") == size
    assert found.size_gpu_hours == gpu_hours


def test_that_every_fact_behind_a_door_has_source_confidence_and_date():
    for found in report(project(applicant="sme"), 5000).doors:
        for name, fact in found.facts:
            assert fact.source, name
            assert fact.as_of, name
            assert fact.confidence, name


def test_that_a_rule_without_a_fact_is_not_found():
    bare = msgspec.structs.replace(
        CATALOGUE.access_modes["aif_fastlane"], applicants=None, months=None, always_open=None,
        decision_working_days=None,
    )  # fmt: skip
    catalogue = replace(CATALOGUE, access_modes={**CATALOGUE.access_modes, bare.id: bare})
    found = door(report(project(applicant="sme"), 5000, catalogue=catalogue), bare.id)
    assert found.state == "unknown"
    assert text(found.verdict) == "Applicants not found"
    assert (text(found.cutoff_words), text(found.decision_words), found.earliest_start) == (
        "not found",
        "not found",
        None,
    )
