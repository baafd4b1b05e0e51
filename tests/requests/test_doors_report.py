"""The report over all doors: the smallest that fits, its sentences, a split, the fallback, the banner."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction

import pytest

from app.words import text
from estimators.requests.campaign_results import RunLine
from estimators.requests.doors import hours_of_tests
from estimators.requests.records import Offer
from tests.requests.door_asks import MONDAY, door, project, report
from tests.requests.test_dates import moment


@pytest.mark.parametrize(
    ("applicant", "machine", "node_hours", "months", "mode"),
    [
        ("start-up", "leonardo-booster", 1250, 2, "aif_playground"),
        ("start-up", "leonardo-booster", 11_200, 3, "aif_fastlane"),
        ("sme", "jupiter-booster", 100_000, 12, "aif_large"),
        ("university", "marenostrum5-acc", 30_000, 6, "ai_science"),
        ("university", "karolina-gpu", 30_000, 12, None),  # Regular: the next date is not known
        ("large-company", "leonardo-booster", 1250, 2, None),
        ("sme", "leonardo-booster", 1875, 2, None),  # the gap between 5,000 and 10,000
    ],
)
def test_that_the_smallest_door_that_fits_is_chosen(applicant, machine, node_hours, months, mode):
    found = report(project(applicant=applicant, months=months), node_hours, machine)
    assert (found.chosen.mode.id if found.chosen else None) == mode


def test_that_tests_alone_go_to_the_mode_for_tests():
    found = report(project("test", "ablation", applicant="university", months=2), 300, "vega-gpu")
    assert found.chosen.mode.id == "benchmark"


def test_that_a_named_mode_is_kept_and_the_one_that_fits_is_said():
    found = report(project(applicant="sme", mode="aif_large"), 11_200)
    assert found.chosen.mode.id == "aif_large"
    assert text(found.sentence) == (
        "Large Scale, as asked for, does not fit: below by 5\u202f200. The smallest that fits is Fast Lane."
    )


@pytest.mark.parametrize(
    ("gpu_hours", "mode"),
    [
        (400, "Playground"),
        (5000, "Playground"),
        (5004, None),
        (7500, None),
        (10_000, None),
        (10_004, "Fast Lane"),
        (44_800, "Fast Lane"),
        (50_000, "Fast Lane"),
        (50_004, "Large Scale"),
        (3_000_000, "Large Scale"),
    ],
)
def test_that_a_request_goes_to_the_smallest_industrial_mode_that_holds_it(gpu_hours, mode):
    found = report(project(applicant="sme"), gpu_hours // 4)
    name = found.chosen.mode.short_name if found.chosen else None
    assert name == mode
    assert text(found.sentence).startswith(f"Fits {mode}." if mode else "Fits no mode: above Playground (5")


def test_that_the_gap_names_both_neighbours():
    found = report(project(applicant="sme"), 1875)
    assert (
        text(found.sentence) == "Fits no mode: above Playground (5\u202f000), below Fast Lane (10\u202f000)."
    )


def test_that_a_request_below_and_above_everything_is_said():
    small = report(project(applicant="university"), 100)
    assert text(small.sentence) == "Fits no mode: below AI for Science (80\u202f000), the smallest."
    large = report(project(applicant="university"), 3_000_000)
    assert text(large.sentence) == "Fits no mode: above Extreme Scale (8\u202f210\u202f196), the largest."


def test_that_a_door_which_a_change_would_open_is_named():
    found = report(project(applicant="sme", months=4), 11_200)
    assert found.chosen is None
    assert text(found.sentence) == "Fits no mode as it stands. Fast Lane: at most 3 months, not 4."


# ---------------------------------------------------------------- when to apply


def test_that_an_open_mode_starts_after_its_working_days():
    found = report(project(applicant="sme"), 11_200)
    assert text(found.start_sentence).startswith(
        "Apply today, 23 Nov 2026, to start on 27 Nov 2026 at the earliest: "
        "4 working days for the decision (secondary). Public holidays"
    )


def test_that_a_planned_start_says_by_when_to_apply():
    start = datetime.date(2026, 12, 7)
    found = report(project(applicant="sme", start=start), 11_200)
    assert text(found.start_sentence).startswith("Apply by 1 Dec 2026 to start on 7 Dec 2026: 4 working days")
    large = report(project(applicant="sme", start=datetime.date(2027, 1, 10)), 20_000)
    assert text(large.start_sentence).startswith(
        "Apply by 15 Dec 2026, 10:00 Brussels, to start on 10 Jan 2027"
    )


def test_that_a_start_before_the_earliest_is_said():
    found = report(project(applicant="sme", months=3, start=datetime.date(2026, 12, 1)), 20_000)
    assert tuple(map(text, found.chosen.changes)) == (
        "The plan starts on 1 Dec 2026; Large Scale allows 14 Dec 2026 at the earliest.",
    )
    assert text(found.start_sentence).startswith(
        "Apply by 30 Nov 2026, 10:00 Brussels, to start on 14 Dec 2026 at the earliest: 10 working days"
    )


def test_that_an_unknown_start_is_said():
    found = report(project(applicant="university", months=12, mode="regular"), 30_000)
    assert text(found.start_sentence) == "When Regular could start was not found."
    assert text(found.sentence) == "Regular, as asked for, cannot be confirmed: next date not found."
    assert text(report(project(applicant="sme"), 1875).start_sentence) == ""


def test_that_a_tick_stands_in_for_a_date_that_is_not_known():
    offers = (Offer("leonardo-booster", "regular", True, datetime.date(2026, 11, 23)),)
    found = door(report(project(applicant="university", months=12, offers=offers), 30_000), "regular")
    assert (found.state, text(found.verdict)) == ("fits", "Fits, date not found")


# ---------------------------------------------------------------- split, fallback, banner


def test_that_a_project_that_fits_is_not_split():
    assert report(project("test", "main", applicant="sme"), 11_200, tests_node_hours=900).split == ()


def test_that_tests_move_to_the_mode_that_pays_for_them_where_the_rest_then_fits():
    found = report(project("test", "main", applicant="sme"), 1875, tests_node_hours=700)
    assert [mode for mode, _ in found.split] == ["Benchmark", "Playground"]
    assert text(found.split[0][1]) == (
        "Tests, ablations and sweeps: 700 node-hours (3\u202f500 node-hours, fixed)"
    )
    assert text(found.split[1][1]) == "The rest: 1\u202f175 node-hours (4\u202f700 GPU-hours)"


def test_that_tests_are_counted_in_whole_node_hours():
    def line(role: str, hours: float) -> RunLine:
        run = project(role).runs[0]
        return RunLine(run, None, Fraction(1), 1, None, hours)

    lines = [line("test", 10.2), line("sweep", 5.1), line("ablation", math.nan), line("main", 900.0)]
    assert hours_of_tests(lines) == 16
    assert hours_of_tests([]) == 0


def test_that_a_project_larger_than_one_grant_becomes_several_proposals():
    found = report(project(applicant="university", months=6), 150_000, "marenostrum5-acc")
    (part,) = found.split
    assert part[0] == "AI for Science"
    assert text(part[1]).startswith("2 proposals of 75\u202f000 node-hours (300\u202f000 GPU-hours); whether")


def test_that_the_fallback_machine_says_what_was_seen_there():
    found = report(project(applicant="sme", fallback="marenostrum5-acc"), 11_200)
    assert (
        text(found.fallback) == "Fallback: MareNostrum 5; Fast Lane there: award seen (Oct 2026, secondary)."
    )
    assert text(report(project(applicant="sme"), 11_200).fallback) == ""


@pytest.mark.parametrize(("days", "stale"), [(0, False), (60, False), (61, True), (200, True)])
def test_that_a_banner_stands_over_rules_older_than_sixty_days(days, stale):
    read_on = MONDAY + datetime.timedelta(days=3)
    found = report(project(), 5000, now=read_on + datetime.timedelta(days=days))
    assert found.catalogue_age_days == days
    assert bool(found.stale) == stale
    if stale:
        assert text(found.stale).startswith(f"The access rules are {days} days old (26 Nov 2026).")


def test_that_the_year_turns_without_inventing_dates():
    found = report(project(applicant="sme", months=3), 20_000, now=moment(2027, 2, 1))
    large = door(found, "aif_large")
    assert (large.state, text(large.verdict)) == ("unknown", "Next date not found")
    assert text(found.sentence) == (
        "Fits no mode as it stands. Large Scale: next date not found; AI for Science: next date not found."
    )
