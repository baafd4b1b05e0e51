"""What a project asks of every mode, and what a rule answers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Machine
from estimators.requests.doors.dates import brussels_day
from estimators.requests.doors.words import machine_name
from estimators.requests.records import CampaignSpec, Role
from estimators.words import NOTHING, Said

Weight = Literal["no", "unknown", "change", "condition"]

TEST_ROLES: tuple[Role, ...] = ("test", "ablation", "sweep")
"""Runs that a mode for tests and development pays for; a reading of the modes' stated purpose."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A project on a machine at a moment.

    Attributes:
        node_hours: The whole request.
        gpus_per_node: As the modes count them.
        tests_node_hours: Part of the request that is tests, ablations and sweeps.
        machine_is_named: Whether the user asked for this machine; else the program proposes it.
    """

    spec: CampaignSpec
    machine: Machine
    node_hours: int
    gpus_per_node: int
    tests_node_hours: int
    catalogue: Catalogue
    now: datetime.datetime
    machine_is_named: bool = True

    @property
    def gpu_hours(self) -> int:
        """The request in GPU-hours."""
        return self.node_hours * self.gpus_per_node

    @property
    def today(self) -> datetime.date:
        """The day in Brussels."""
        return brussels_day(self.now)

    @property
    def place(self) -> str:
        """Name of the machine."""
        return machine_name(self.machine)

    @property
    def has_production(self) -> bool:
        """Whether the project is more than tests."""
        return any(run.role not in (*TEST_ROLES, "evaluation") for run in self.spec.runs)


@dataclass(frozen=True, slots=True)
class Remark:
    """What one rule says of one mode.

    Attributes:
        weight: "no" shuts the door, "unknown" and "change" leave it ajar, "condition" must be kept.
        verdict: At most six words, nothing where the rule changes no verdict.
        sentence: What would have to change, or what must be kept.
        advice: What to do about it, a sentence of its own.
    """

    weight: Weight
    verdict: Said
    sentence: Said
    advice: Said = NOTHING
