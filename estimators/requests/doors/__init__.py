"""Which access mode serves a project, what would have to change for the others, and when it could start."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.requests.access_results import Door, DoorReport
from estimators.requests.doors.asked import TEST_ROLES, Asked
from estimators.requests.doors.dates import brussels_day, time_left
from estimators.requests.doors.door import door_of
from estimators.requests.doors.offers import fallback_sentence, stale_sentence
from estimators.requests.doors.padding import Padding, lifted_sentence, padding_of
from estimators.requests.doors.sentences import start_sentence, verdict_of
from estimators.requests.doors.split import hours_of_tests, split_of
from estimators.requests.records import CampaignSpec

STALE_DAYS = 60
"""Access rules change within weeks; older ones carry a banner."""
NO_DOOR = 99
"""Rank of routes that are no computing grant."""

__all__ = ["STALE_DAYS", "TEST_ROLES", "assess_doors", "hours_of_tests", "padding_of", "time_left"]


def assess_doors(
    spec: CampaignSpec,
    machine: Machine,
    request_node_hours: int,
    gpus_per_node: int,
    catalogue: Catalogue,
    now: datetime.datetime,
    tests_node_hours: int = 0,
    padding: Padding | None = None,
    machine_is_named: bool = True,
) -> DoorReport:
    """Hold every access mode against a project.

    Args:
        spec: The project; its `months` may be 0 where no length is set.
        machine: The machine asked for.
        request_node_hours: The whole request.
        gpus_per_node: As the access modes count them (LUMI: modules).
        now: The present, with its time zone.
        tests_node_hours: Part of the request that is tests, ablations and sweeps.
        padding: What of the request is no run; None where that is not to be judged.
        machine_is_named: Whether the user asked for this machine; else the program proposes it.
    """
    asked = Asked(
        spec, machine, request_node_hours, gpus_per_node, tests_node_hours, catalogue, now, machine_is_named
    )
    modes = sorted(catalogue.access_modes.values(), key=lambda mode: mode.rank)
    doors = tuple(door_of(mode, asked) for mode in modes if mode.rank < NO_DOOR)
    chosen = _chosen(doors, spec)
    day = datetime.date.fromisoformat(catalogue.date)
    age = (brussels_day(now) - day).days
    verdict, beside = verdict_of(doors, chosen, asked)
    return DoorReport(
        doors=doors,
        chosen=chosen,
        verdict=verdict,
        beside=beside,
        start_sentence=start_sentence(chosen, asked),
        split=() if chosen is not None and chosen.state == "fits" else split_of(doors, asked),
        fallback=fallback_sentence(chosen.mode if chosen is not None else None, asked),
        stale=stale_sentence(catalogue.date, age, STALE_DAYS),
        catalogue_date=day,
        catalogue_age_days=age,
        lifted=lifted_sentence(doors, asked, padding),
    )


def _chosen(doors: Sequence[Door], spec: CampaignSpec) -> Door | None:
    """The mode that the user named, else the smallest that fits, one that was seen on the machine first."""
    named = next((door for door in doors if door.mode.id == spec.mode), None)
    fitting = [door for door in doors if door.state == "fits"]
    return named or next((door for door in fitting if door.offered), None) or next(iter(fitting), None)
