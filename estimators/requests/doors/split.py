"""A project that no single mode takes, laid over several."""

from __future__ import annotations

import math
from collections.abc import Sequence

from estimators.catalogue.records import AccessMode
from estimators.requests.access_results import Door
from estimators.requests.campaign_results import RunLine
from estimators.requests.doors.asked import TEST_ROLES, Asked
from estimators.requests.doors.offers import is_proposed
from estimators.requests.doors.rules import applicant_remark
from estimators.requests.doors.sizes import DoorSize, size_of
from estimators.requests.doors.words import whole
from estimators.words import Amount, Said, say

Parts = tuple[tuple[str, Said], ...]
MOST_PROPOSALS = 4
"""More proposals after one another are no plan."""


def hours_of_tests(lines: Sequence[RunLine]) -> int:
    """Whole node-hours of the tests, ablations and sweeps of a campaign."""
    hours = (line.base_node_hours for line in lines if line.run.role in TEST_ROLES)
    return math.ceil(sum(one for one in hours if math.isfinite(one)))


def split_of(doors: Sequence[Door], asked: Asked) -> Parts:
    """Tests in the mode that pays for them, the rest in one production mode or in several proposals.

    Empty where nothing of the kind would serve.
    """
    tests = _tests_door(doors, asked)
    tests_hours = asked.tests_node_hours if tests is not None else 0
    rest = _rest(doors, asked, asked.node_hours - tests_hours, fewest=1 if tests is not None else 2)
    if rest is None:
        return ()
    return (*([_tests_part(tests, asked)] if tests is not None else []), rest)


def _tests_door(doors: Sequence[Door], asked: Asked) -> tuple[AccessMode, DoorSize] | None:
    """The smallest mode for tests that holds those of the project."""
    if not 0 < asked.tests_node_hours < asked.node_hours:
        return None
    for door in doors:
        size = _size(door, asked)
        if size is None or not _is_for_tests(door.mode) or not _takes(door.mode, asked):
            continue
        if size.bounds.holds(asked.tests_node_hours * asked.gpus_per_node / size.gpu_hours_per_unit):
            return door.mode, size
    return None


def _tests_part(tests: tuple[AccessMode, DoorSize], asked: Asked) -> tuple[str, Said]:
    mode, size = tests
    hours = whole(asked.tests_node_hours)
    pays = say("Tests, ablations and sweeps: {hours} node-hours ({size})", hours=hours, size=size.words)
    return mode.short_name, pays


def _rest(doors: Sequence[Door], asked: Asked, node_hours: int, fewest: int) -> tuple[str, Said] | None:
    """The fewest equal proposals that one production mode takes."""
    production = [
        (door.mode, size)
        for door in doors
        if not _is_for_tests(door.mode) and _takes(door.mode, asked)
        if (size := _size(door, asked)) is not None
    ]
    for count in range(fewest, MOST_PROPOSALS + 1):
        each = math.ceil(node_hours / count)
        for mode, size in production:
            if size.bounds.holds(each * asked.gpus_per_node / size.gpu_hours_per_unit):
                return mode.short_name, _rest_words(count, each, asked)
    return None


def _rest_words(count: int, each: int, asked: Asked) -> Said:
    hours = say(
        "{node_hours} node-hours ({gpu_hours} GPU-hours)",
        node_hours=whole(each),
        gpu_hours=whole(each * asked.gpus_per_node),
    )
    if count == 1:
        return say("The rest: {hours}", hours=hours)
    return say(
        "{n} proposals of {hours}; whether they may overlap was not found", n=Amount(count), hours=hours
    )


def _size(door: Door, asked: Asked) -> DoorSize | None:
    return size_of(door.mode, asked.machine, asked.gpus_per_node)


def _is_for_tests(mode: AccessMode) -> bool:
    return mode.production is not None and mode.production.value is False


def _takes(mode: AccessMode, asked: Asked) -> bool:
    """Whether this kind of organisation may apply at all, and the mode may be proposed for the machine."""
    if not is_proposed(mode, asked.machine.id, asked.spec.offers):
        return False
    remark = applicant_remark(mode, asked)
    return remark is None or remark.weight == "condition"
