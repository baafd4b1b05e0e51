"""A project that knocks at every door, in as few words as a test allows."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from estimators import Catalogue, load_catalogue
from estimators.catalogue.records import AccessMode
from estimators.requests.access_results import Door, DoorReport
from estimators.requests.doors import assess_doors
from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.requests.units import gpus_of_node
from tests.requests.hand_made import run_spec

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=BRUSSELS)
CATALOGUE = load_catalogue()
MODES = tuple(mode for mode in CATALOGUE.access_modes.values() if mode.rank < 99)


def project(*roles: str, catalogue: Catalogue = CATALOGUE, **changes: Any) -> CampaignSpec:
    """A campaign of one run of each role, by default a main run alone."""
    spec = run_spec(catalogue)
    runs = tuple(CampaignRun(role, role, role, spec) for role in roles or ("main",))  # type: ignore[arg-type]
    return replace(CampaignSpec("project", "A project", runs, months=1), **changes)


def report(
    spec: CampaignSpec,
    node_hours: int,
    machine: str = "leonardo-booster",
    now: datetime.datetime = MONDAY,
    catalogue: Catalogue = CATALOGUE,
    tests_node_hours: int = 0,
) -> DoorReport:
    """Every mode held against a request."""
    record = catalogue.machine(machine)
    gpus = gpus_of_node(record, catalogue)
    return assess_doors(spec, record, node_hours, gpus, catalogue, now, tests_node_hours)


def door(found: DoorReport, mode: str) -> Door:
    """The door of one mode."""
    return next(door for door in found.doors if door.mode.id == mode)


def before_a_cutoff(mode: AccessMode) -> datetime.datetime:
    """A moment at which the mode takes requests, before its last known cut-off."""
    if mode.cutoff_dates is not None and mode.cutoff_dates.value:
        last = mode.cutoff_dates.value[-1]
        return datetime.datetime.combine(last, datetime.time(9), BRUSSELS) - datetime.timedelta(days=1)
    return MONDAY
