"""The whole request: campaign, access modes, jobs, storage, scaling, footprint, findings and form."""

from __future__ import annotations

import datetime
from dataclasses import replace

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.requests.calendar import shortest_length
from estimators.requests.campaign import build_campaign, lines_of, machine_of
from estimators.requests.campaign_results import Campaign, Package, RunLine
from estimators.requests.doors import assess_doors, hours_of_tests, padding_of
from estimators.requests.findings import find
from estimators.requests.footprint import footprint
from estimators.requests.form import form_values
from estimators.requests.jobs import job_types
from estimators.requests.milestones import Totals, totals_of
from estimators.requests.records import CampaignSpec
from estimators.requests.results import Door, DoorReport, Request
from estimators.requests.scaling import judge_points, scaling_report
from estimators.requests.storage import storage_needs
from estimators.requests.units import gpus_of_node
from estimators.requests.usage import burn_down

DAYS_TO_START = 14
"""First day of a project whose access mode names no date: two weeks from today, an assumption."""


def plan_request(
    spec: CampaignSpec, catalogue: Catalogue, now: datetime.datetime, calibration: Calibration | None = None
) -> Request:
    """Everything that a form, a dossier or a panel shows of a project.

    Args:
        now: The present, with its time zone; dates and cut-offs follow from it.

    Raises:
        RunError: A run cannot be estimated at all, or a measurement cannot be used; the text is a sentence.
        CatalogueError: The catalogue lacks a machine or card that the plan names.
    """
    machine = machine_of(spec, catalogue, calibration)
    judge_points(spec.scaling, spec.runs, spec.main().id, machine, catalogue, calibration)
    lines = lines_of(spec, machine, catalogue, calibration)
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
    return _joined(campaign, doors, catalogue, now)


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


def _joined(campaign: Campaign, doors: DoorReport, catalogue: Catalogue, now: datetime.datetime) -> Request:
    jobs = job_types(campaign, catalogue)
    storage = storage_needs(campaign, catalogue)
    scaling = scaling_report(campaign, catalogue)
    foot = footprint(campaign, catalogue)
    form = form_values(campaign, doors, storage, jobs, scaling, foot, catalogue)
    findings = find(campaign, doors, storage, jobs, scaling, foot, form, catalogue, now)
    return Request(
        campaign=campaign,
        doors=doors,
        storage=storage,
        jobs=jobs,
        scaling=scaling,
        footprint=foot,
        findings=findings,
        form=form,
        burn_down=burn_down(campaign, now.date()),
    )
