"""A campaign and the access mode that pays for it: what an answer says of the request, without its papers."""

from __future__ import annotations

import datetime
from dataclasses import replace

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.records import Comparison
from estimators.requests.access_results import Access, Door, DoorReport
from estimators.requests.calendar import shortest_length
from estimators.requests.campaign import build_campaign, lines_of, machine_of
from estimators.requests.campaign_results import Campaign, Package, RunLine
from estimators.requests.doors import assess_doors, hours_of_tests, padding_of
from estimators.requests.milestones import Totals, totals_of
from estimators.requests.records import CampaignSpec
from estimators.requests.units import gpus_of_node

DAYS_TO_START = 14
"""First day of a project whose access mode names no date: two weeks from today, an assumption."""


def plan_access(
    spec: CampaignSpec,
    catalogue: Catalogue,
    now: datetime.datetime,
    calibration: Calibration | None = None,
    compared: Comparison | None = None,
) -> Access:
    """The campaign on the calendar, and every access mode held against it.

    Args:
        now: The present, with its time zone; dates and cut-offs follow from it.
        compared: One of the runs on every machine, where somebody has that already.

    Raises:
        RunError: A run cannot be estimated at all, or a measurement cannot be used; the text is a sentence.
        CatalogueError: The catalogue lacks a machine or card that the plan names.
    """
    machine = machine_of(spec, catalogue, calibration, compared)
    if spec.scaling:
        from estimators.requests.scaling import judge_points  # most plans hold no measured points

        judge_points(spec.scaling, spec.runs, spec.main().id, machine, catalogue, calibration)
    lines = lines_of(spec, machine, catalogue, calibration, compared)
    totals = totals_of(spec, lines)
    first_guess = spec.start or now.date() + datetime.timedelta(days=DAYS_TO_START)
    asked = replace(spec, months=spec.months or shortest_length(spec, lines, first_guess), machine=machine.id)
    gpus = gpus_of_node(machine, catalogue)
    doors = assess_doors(
        asked,
        machine,
        totals.needed_node_hours,
        gpus,
        catalogue,
        now,
        hours_of_tests(lines),
        padding_of(lines, totals.milestones, machine),
        machine_is_named=spec.machine is not None,
    )
    campaign = _dated(asked, machine, lines, totals, doors, catalogue, first_guess)
    return Access(campaign, doors)


def _dated(
    spec: CampaignSpec,
    machine: Machine,
    lines: tuple[RunLine, ...],
    totals: Totals,
    doors: DoorReport,
    catalogue: Catalogue,
    first_guess: datetime.date,
) -> Campaign:
    """The campaign from the day that the user names, else the earliest that the chosen mode allows."""
    start = spec.start
    if start is None and doors.chosen is not None:
        start = doors.chosen.earliest_start
    return build_campaign(
        spec,
        machine,
        lines,
        totals,
        catalogue,
        start or first_guess,
        start_is_assumed=spec.start is None,
        package=package_of(doors.chosen, totals.needed_node_hours, gpus_of_node(machine, catalogue)),
    )


def package_of(door: Door | None, needed_node_hours: int, gpus_per_node: int) -> Package | None:
    """The fixed package of a mode on the machine; None without one, or where the plan needs more."""
    if door is None or not door.fixed or door.size_gpu_hours is None:
        return None
    node_hours = int(door.size_gpu_hours[1] // gpus_per_node)
    if not 0 < needed_node_hours <= node_hours:
        return None
    return Package(node_hours, door.mode.short_name)
