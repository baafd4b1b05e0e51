"""A campaign on one machine: every run estimated, summed to whole node-hours and laid on the calendar."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.planning.compare import compare, explained_on
from estimators.planning.plausible import MeasuredStepError
from estimators.planning.prepare import RunError
from estimators.planning.reasons import reason_said
from estimators.planning.records import Comparison, MachineAnswer, RunSpec
from estimators.planning.targets import missing_facts, takes_whole_nodes
from estimators.quantity import Figure, Range
from estimators.requests.calendar import add_months, bars_of, months_of, shortest_length
from estimators.requests.campaign_results import Campaign, Package, RunLine
from estimators.requests.milestones import Totals, with_package
from estimators.requests.quantiles import quantile
from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.requests.units import devices_of_node, gpus_of_node, unit_totals
from estimators.words import Listed, Name, Said, say

SECONDS_PER_HOUR = 3600.0
Explained = tuple[MachineAnswer, Figure | None]
"""A run on one machine, with the tree behind its GPU-hours where it fits."""


def machine_of(
    spec: CampaignSpec,
    catalogue: Catalogue,
    calibration: Calibration | None = None,
    compared: Comparison | None = None,
) -> Machine:
    """The machine asked for, else the one that needs the fewest GPU-hours for the main run.

    Args:
        compared: One of the runs on every machine, where somebody has that already.

    Raises:
        RunError: The main run cannot be estimated, or too little is known of the machine.
        CatalogueError: The catalogue lacks the machine.
    """
    if spec.machine is not None:
        machine = catalogue.machine(spec.machine)
        missing = missing_facts(machine, catalogue.gpus.get(machine.gpu or ""))
        if missing:
            raise RunError(
                say(
                    "No request can be made for {machine} yet: not published: {facts}. Choose another "
                    "machine.",
                    machine=Name(machine.name),
                    facts=Listed(missing, ""),
                )
            )
        return machine
    if compared is None or compared.spec != spec.main().spec:
        compared = compare(spec.main().spec, catalogue, calibration)
    headline = compared.headline
    return headline.machine if headline is not None else catalogue.machines_in_service()[0]


def lines_of(
    spec: CampaignSpec,
    machine: Machine,
    catalogue: Catalogue,
    calibration: Calibration | None = None,
    compared: Comparison | None = None,
) -> tuple[RunLine, ...]:
    """Every run on the machine; equal runs are estimated once.

    Args:
        compared: One of the runs on every machine, where somebody has that already.

    Raises:
        RunError: A run cannot be estimated at all.
    """
    known = [] if compared is None else _known_of(compared, machine)
    lines = []
    for run in spec.runs:
        asked = replace(run.spec, machine=machine.id)
        found = next((answer for other, answer in known if other == asked), None)
        if found is None:
            found = _explained(run, asked, len(spec.runs) > 1, catalogue, calibration)
            known.append((asked, found))
        lines.append(replace(_line(spec, run, found[0], machine), explanation=found[1]))
    return tuple(lines)


def _known_of(compared: Comparison, machine: Machine) -> list[tuple[RunSpec, Explained]]:
    """The answer of a comparison for the machine that it explains."""
    answers = [one for one in compared.answers if one.machine.id == machine.id == compared.spec.machine]
    return [(compared.spec, (one, compared.explanation)) for one in answers]


def _explained(
    run: CampaignRun,
    asked: RunSpec,
    is_one_of_many: bool,
    catalogue: Catalogue,
    calibration: Calibration | None,
) -> Explained:
    """The run on the machine; a measured step that cannot be used says whose it is."""
    try:
        return explained_on(asked, catalogue, asked.machine or "", calibration)
    except MeasuredStepError as error:
        raise (type(error)(_named(run, error.said)) if is_one_of_many else error) from None


def _named(run: CampaignRun, said: Said) -> Said:
    return say("{run}: {problem}", run=Name(run.name), problem=said)


def _line(spec: CampaignSpec, run: CampaignRun, answer: MachineAnswer, machine: Machine) -> RunLine:
    """One run with its hours, or why it has none."""
    if not answer.fits or answer.seconds is None or answer.gpus is None:
        why = say("Does not fit") if answer.reason is None else reason_said(answer.reason)
        return RunLine(run, answer, Fraction(0), 0, None, math.nan, why)
    nodes = nodes_of(answer.gpus, machine)
    wall = answer.seconds.scaled(1.0 / SECONDS_PER_HOUR)
    steps = max(1, math.ceil(answer.steps or 1.0))
    if run.fixed_hours is not None:
        wall, steps = Range(*[run.fixed_hours] * 4), 1
    base = run.count * float(nodes) * quantile(wall, spec.plan_percentile)
    return RunLine(run, answer, nodes, steps, wall, base)


def nodes_of(gpus: int, machine: Machine) -> Fraction:
    """Nodes that a job pays for: whole ones where the site does not share nodes."""
    share = Fraction(gpus, devices_of_node(machine))
    return Fraction(math.ceil(share)) if takes_whole_nodes(machine) or share > 1 else share


def build_campaign(
    spec: CampaignSpec,
    machine: Machine,
    lines: Sequence[RunLine],
    totals: Totals,
    catalogue: Catalogue,
    start: datetime.date,
    start_is_assumed: bool,
    package: Package | None = None,
) -> Campaign:
    """Joins lines and totals with the calendar; a spec without a length takes the shortest that serves.

    Args:
        package: The fixed package of the access mode; None where it has none that holds the plan.
    """
    months = spec.months or shortest_length(spec, lines, start)
    end = add_months(start, months)
    bars = bars_of(spec, lines, start, months)
    days = (end - start).days
    package_hours = package.node_hours if package is not None else 0
    milestones = with_package(totals.milestones, package_hours, package.mode_name if package else "")
    node_hours = sum(row.node_hours for row in milestones)
    return Campaign(
        spec=replace(spec, months=months, machine=machine.id),
        machine=machine,
        lines=tuple(lines),
        complete=all(line.wall_hours is not None for line in lines),
        milestones=milestones,
        base_node_hours=totals.base_node_hours,
        request_ratio=totals.ratio,
        total=totals.total,
        request_node_hours=node_hours,
        package=package,
        units=unit_totals(node_hours, machine, catalogue),
        start=start,
        end=end - datetime.timedelta(days=1),
        start_is_assumed=start_is_assumed,
        bars=bars,
        months=months_of(milestones, bars, spec.main().id, start, months),
        overruns=any(bar.end_day > days for bar in bars),
        gpus_per_node=gpus_of_node(machine, catalogue),
        devices_per_node=devices_of_node(machine),
    )
