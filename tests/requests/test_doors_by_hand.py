"""Bounds, splits and words of access modes on sizes that a hand can check.

On MareNostrum 5 (four GPUs in a node) AI for Science takes 20,000 to 90,000 node-hours, Benchmark 2,000 and
Development 3,500; the modes for industry are not listed there beyond 50,000 GPU-hours.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.quantity import Fact
from estimators.requests.access_results import Door, DoorReport
from estimators.requests.doors import assess_doors
from estimators.requests.doors.bounds import Bounds, neighbours_sentence
from estimators.requests.doors.offers import is_proposed
from estimators.requests.doors.padding import Padding
from estimators.requests.doors.words import as_of, machine_name
from tests.requests.door_asks import CATALOGUE, MODES, MONDAY, door, project, report
from tests.requests.test_padding import made, said
from tests.spoken import written

MARENOSTRUM = "marenostrum5-acc"


def fact(value: Any, unit: str = "count") -> Fact[Any]:
    return Fact(value=value, unit=unit, source="a hand", confidence="official", as_of="2026-11-01")


def changed_door(mode: str, node_hours: int, machine: str = "leonardo-booster", **changes: Any) -> Door:
    """A mode of other terms, as it meets an SME."""
    other = msgspec.structs.replace(CATALOGUE.access_modes[mode], **changes)
    catalogue = replace(CATALOGUE, access_modes={**CATALOGUE.access_modes, mode: other})
    return door(report(project(applicant="sme"), node_hours, machine, catalogue=catalogue), mode)


def science(node_hours: int, tests: int = 0, **changes: Any) -> DoorReport:
    """A university's project of six months on MareNostrum 5."""
    spec = project("test", "main", **{"applicant": "university", "months": 6, **changes})
    return report(spec, node_hours, MARENOSTRUM, tests_node_hours=tests)


# ---------------------------------------------------------------- sizes


def test_that_bounds_hold_what_lies_between_them() -> None:
    closed, above = Bounds(10.0, 20.0), Bounds(10.0, math.inf, low_exclusive=True)
    assert [closed.holds(amount) for amount in (9.9, 10.0, 15.0, 20.0, 20.1)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [above.holds(amount) for amount in (9.9, 10.0, 10.1, 1e12)] == [False, False, True, True]


def test_that_a_floor_belongs_to_the_mode_unless_the_mode_asks_for_more() -> None:
    assert changed_door("aif_fastlane", 2500, min_exclusive=False).state == "fits"
    assert changed_door("aif_fastlane", 2500).state == "no"
    # without a floor there is nothing to exceed
    assert changed_door("aif_fastlane", 0, min_gpu_hours=None).state == "fits"


def test_that_a_mode_in_node_hours_may_state_its_ceiling_alone() -> None:
    sizes = {"leonardo-booster": fact({"max": 1000}, "table")}
    found = changed_door("regular", 1000, node_hours_by_machine=sizes)
    assert (text(found.size).replace("\u202f", " "), found.size_gpu_hours) == (
        "0 to 1 000 node-hours",
        (0, 4000),
    )
    # a ceiling of one request goes before what the whole call gives out
    regular = door(report(project(), 1), "regular")
    assert text(regular.size).replace("\u202f", " ") == "25 000 to 220 000 node-hours"


def test_that_room_is_left_in_the_modes_own_unit() -> None:
    assert text(door(science(30_000), "ai_science").verdict) == "Fits, 60\u202f000 to spare"
    assert text(door(science(90_000), "ai_science").verdict) == "Fits exactly"


def test_that_a_size_is_called_what_it_is() -> None:
    def names(mode: str) -> set[str]:
        return {text(name) for name, _ in door(report(project(), 1), mode).facts} & {"Ceiling", "Size"}

    assert (names("aif_fastlane"), names("aif_playground"), names("benchmark")) == (
        {"Ceiling"},
        {"Size"},
        {"Size"},
    )


def test_that_the_nearest_neighbours_on_both_sides_are_named() -> None:
    doors = [
        ("Tiny", Bounds(0.0, 10.0)),
        ("Small", Bounds(0.0, 50.0)),
        ("Huge", Bounds(500.0, 900.0)),
        ("Large", Bounds(200.0, 400.0)),
    ]
    assert text(neighbours_sentence(100.0, doors)) == "Fits no mode: above Small (50), below Large (200)."
    assert text(neighbours_sentence(1000.0, doors)) == "Fits no mode: above Huge (900), the largest."
    assert text(neighbours_sentence(100.0, [])) == "Fits no access mode of the catalogue."


def test_that_routes_which_are_no_grant_of_hours_have_no_door() -> None:
    assert {one.mode.id for one in report(project(), 1).doors} == {mode.id for mode in MODES}
    assert len(MODES) < len(CATALOGUE.access_modes)


# ---------------------------------------------------------------- decisions and offers


def test_that_an_open_mode_without_a_stated_decision_starts_at_an_unknown_day() -> None:
    found = changed_door("aif_fastlane", 5000, decision_working_days=None)
    assert (text(found.decision_words), found.earliest_start) == ("not found", None)


def test_that_one_working_day_is_singular() -> None:
    found = changed_door("aif_fastlane", 5000, decision_working_days=fact(1))
    assert (text(found.decision_words), found.earliest_start) == (
        "1 working day",
        datetime.date(2026, 11, 24),
    )


def test_that_a_mode_which_nobody_saw_on_a_machine_is_a_look_at_the_portal() -> None:
    unseen = changed_door("aif_fastlane", 5000, offers={})
    assert (unseen.offered, unseen.state, text(unseen.verdict)) == (None, "fits", "Fits, offer not found")
    assert tuple(map(text, unseen.changes)) == (
        "No source says whether Fast Lane is offered on Leonardo: look at the portal.",
    )
    shut = changed_door("aif_fastlane", 5000, open_today=fact(False, "flag"))
    assert (shut.offered, shut.state, text(shut.verdict)) == (False, "fits", "Fits if offered")
    assert written(shut.changes) == (
        "Fast Lane on Leonardo: closed when last seen (1 Nov 2026, official). Look at the portal.",
    )


@pytest.mark.parametrize(
    ("mode", "machine", "proposed"),
    [
        ("aif_large", "leonardo-booster", True),  # seen
        ("aif_large", "jupiter-booster", False),  # not listed
        ("ai_science", "leonardo-booster", False),  # marked as not available
        ("regular", "leonardo-booster", False),  # closed
        ("aif_large", "nowhere", True),  # nothing is known
    ],
)
def test_that_a_machine_is_proposed_where_nothing_speaks_against_it(
    mode: str, machine: str, proposed: bool
) -> None:
    assert is_proposed(CATALOGUE.access_modes[mode], machine) == proposed


# ---------------------------------------------------------------- split


def test_that_a_project_is_laid_over_four_proposals_at_most() -> None:
    assert text(science(360_000).split[0][1]).startswith(
        "4 proposals of 90\u202f000 node-hours (360\u202f000"
    )
    assert science(360_001).split == ()


def test_that_proposals_hold_the_whole_project() -> None:
    # three times 60,000 would leave one hour over, twice 90,000 too
    ((_, words),) = science(180_001).split
    assert text(words).startswith("3 proposals of 60\u202f001 node-hours (240\u202f004 GPU-hours)")


@pytest.mark.parametrize(
    ("tests", "modes"),
    [
        (0, ["AI for Science"]),
        (1, ["Benchmark", "AI for Science"]),
        (2000, ["Benchmark", "AI for Science"]),
        (2001, ["Development", "AI for Science"]),
        (3500, ["Development", "AI for Science"]),
        (3501, ["AI for Science"]),
    ],
)
def test_that_tests_go_to_the_smallest_mode_that_holds_them(tests: int, modes: list[str]) -> None:
    assert [name for name, _ in science(100_000, tests).split] == modes


def test_that_tests_are_none_unless_they_are_said() -> None:
    spec, machine = project(applicant="university", months=6), CATALOGUE.machine(MARENOSTRUM)
    found = assess_doors(spec, machine, 100_000, 4, CATALOGUE, MONDAY)
    assert [name for name, _ in found.split] == ["AI for Science"]


def test_that_a_split_is_for_those_who_may_apply() -> None:
    unsaid = science(100_000, applicant=None, mode="ai_science")
    assert [name for name, _ in unsaid.split] == ["AI for Science"]
    assert science(100_000, applicant="sme", mode="ai_science").split == ()


# ---------------------------------------------------------------- padding


def test_that_a_run_of_minutes_can_be_lifted_out_of_a_mode() -> None:
    # one node for half an hour: a whole node-hour has 4 GPU-hours; 1,251 node-hours have 5,004
    assert said(made(gpus=4, hours=0.5, contingency=1250)) == (
        "The run alone, 4 GPU-hours, fits Playground; contingency lifts the request to 5 004."
    )
    assert Padding(10.0, (("repeats", 0.5),)).kinds == ("repeats",)


def test_that_a_mode_in_node_hours_is_exceeded_in_node_hours() -> None:
    # 64 GPUs are 16 nodes: 5,500 hours are 88,000 node-hours and 352,000 GPU-hours
    small = made(gpus=64, hours=1250.0, contingency=10_000, machine=MARENOSTRUM)
    assert said(small, applicant="university") == ""
    large = made(gpus=64, hours=5500.0, contingency=10_000, machine=MARENOSTRUM)
    assert said(large, applicant="university") == (
        "The run alone, 352 000 GPU-hours, fits AI for Science; contingency lifts the request to 392 000."
    )


# ---------------------------------------------------------------- words


def test_that_a_date_in_another_form_stays_as_it_stands() -> None:
    dates = ("2026-09-29", "2026-09", "2026-Q3", "2026", "autumn-2026")
    assert [text(as_of(date)) for date in dates] == [
        "29 Sep 2026", "Sep 2026", "2026-Q3", "2026", "autumn-2026",
    ]  # fmt: skip


def test_that_a_machine_is_called_by_its_short_name_where_it_has_one() -> None:
    machine = CATALOGUE.machine(MARENOSTRUM)
    assert machine_name(msgspec.structs.replace(machine, name="Long", short_name="Short")) == "Short"
    assert machine_name(msgspec.structs.replace(machine, name="Long", short_name="")) == "Long"
