"""A campaign on one machine: lines, milestones, units, months and calendar, as records."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from estimators.catalogue.records import Machine
from estimators.planning.records import MachineAnswer
from estimators.quantity import Fact, Figure, Range
from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.words import NOTHING, Said, Value

MilestoneKind = Literal["run", "failed", "overhead", "contingency", "package"]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the campaign on the chosen machine.

    Attributes:
        answer: The full estimate of one run, with step parts, memory, layout and notes.
        nodes: Nodes of one job; a fraction where the site shares nodes.
        steps: Optimiser steps of one run (1 for a job whose hours the user named).
        wall_hours: Of one run.
        base_node_hours: Of all its repeats at the plan's percentile, before rounding; NaN if it does not fit.
        reason: Why the run cannot be had on this machine, None where it can.
        explanation: Tree of the GPU-hours of one run, None where it does not fit.
    """

    run: CampaignRun
    answer: MachineAnswer
    nodes: Fraction
    steps: int
    wall_hours: Range | None
    base_node_hours: float
    reason: Said | None = None
    explanation: Figure | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """One row of the milestone table: runs × nodes × steps × seconds ÷ 3 600 = node-hours, rounded up.

    Attributes:
        run_id: The run that the row stands for, None for failed runs, overhead, contingency and what is left
            of a mode's fixed package.
        seconds_per_step: All in (evaluation, checkpoints and restarts spread over the steps), with as many
            decimals as the row needs to recompute to its node-hours; None for rows that are no run.
        node_hours: Whole node-hours.
    """

    name: Value
    kind: MilestoneKind
    node_hours: int
    run_id: str | None = None
    runs: int | None = None
    nodes: Fraction | None = None
    steps: int | None = None
    seconds_per_step: Decimal | None = None
    note: Said = NOTHING

    @property
    def is_reserve(self) -> bool:
        """Whether no work is planned in these hours."""
        return self.kind in ("contingency", "package")


@dataclass(frozen=True, slots=True)
class Package:
    """The one package that a mode grants.

    Attributes:
        node_hours: On the machine asked for.
        mode_name: As people call the mode.
    """

    node_hours: int
    mode_name: str


@dataclass(frozen=True, slots=True)
class UnitTotals:
    """The same hours in every unit, exactly.

    Attributes:
        gpu_hours: As the access modes count them (LUMI: modules).
        device_hours: As software counts devices (LUMI: GCD-hours).
        site_units: In the site's unit; None where it publishes no rate.
        site_unit: Its name.
    """

    node_hours: int
    gpu_hours: int
    device_hours: int
    site_units: Fraction | None
    site_unit: str
    rate: Fact[str] | None = None


@dataclass(frozen=True, slots=True)
class MonthUse:
    """Node-hours of one project month, by milestone (same order as the milestone table)."""

    number: int
    start: datetime.date
    end: datetime.date
    """Last day."""
    by_milestone: tuple[int, ...]

    @property
    def node_hours(self) -> int:
        """All rows of the month."""
        return sum(self.by_milestone)


@dataclass(frozen=True, slots=True)
class Bar:
    """A run on the calendar. Days count from the project's first day; part days are allowed.

    Attributes:
        end_day: At the plan's percentile, queue slack included.
        kept_until_day: At the request's percentile.
    """

    run_id: str
    start_day: float
    end_day: float
    kept_until_day: float


@dataclass(frozen=True, slots=True)
class Campaign:
    """The campaign on one machine: lines, totals and calendar.

    Attributes:
        machine: The machine asked for.
        complete: Whether every run fits; otherwise totals speak only of those that do.
        milestones: Rows whose sum is `request_node_hours`.
        base_node_hours: What the request ratio multiplies: the runs at the plan's percentile, unrounded (the
            main runs alone where a published factor stands).
        request_ratio: Quantile of the sum over `base_node_hours`, six decimals: an input of the workbook.
        total: Node-hours of the whole campaign by Monte-Carlo, failed runs or overhead included.
        request_node_hours: The integer sum of the milestones.
        end: Last day of the project.
        overruns: Whether the calendar does not hold the runs.
    """

    spec: CampaignSpec
    machine: Machine
    lines: tuple[RunLine, ...]
    complete: bool
    milestones: tuple[Milestone, ...]
    base_node_hours: float
    request_ratio: Decimal
    total: Range
    request_node_hours: int
    units: UnitTotals
    start: datetime.date
    end: datetime.date
    start_is_assumed: bool
    bars: tuple[Bar, ...]
    months: tuple[MonthUse, ...]
    overruns: bool
    gpus_per_node: int
    """GPUs as the access modes count them (LUMI: 4 modules)."""
    devices_per_node: int
    package: Package | None = None
    """The fixed package of the access mode, where the request is bound to one."""

    @property
    def needed_node_hours(self) -> int:
        """What the plan needs: the request without what is left of a package."""
        return sum(row.node_hours for row in self.milestones if row.kind != "package")

    def line(self, run_id: str) -> RunLine:
        """The line of a run.

        Raises:
            KeyError: No run has this id.
        """
        for line in self.lines:
            if line.run.id == run_id:
                return line
        raise KeyError(run_id)

    @property
    def main(self) -> RunLine:
        """The line of the main run."""
        return self.line(self.spec.main().id)
