"""Requests whose doors are assessed for real, around hours that are made up."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from estimators import Catalogue, Range
from estimators.requests.doors import assess_doors
from estimators.requests.results import Request
from estimators.requests.units import gpus_of_node, unit_totals
from tests.present.campaigns import a_plan, request_of

NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Brussels"))


def asking(
    catalogue: Catalogue,
    node_hours: int = 11_200,
    machine: str = "leonardo-booster",
    now: datetime.datetime = NOW,
    p90: float = 1.103,
    **campaign: Any,
) -> Request:
    """A request of so many node-hours; `campaign` sets parts of `CampaignInput`."""
    made = request_of(a_plan(machine, **campaign), catalogue)
    record = catalogue.machine(machine)
    total = Range(0.7 * node_hours, 0.87 * node_hours, node_hours, p90 * node_hours)
    spec = replace(made.campaign.spec, machine=machine, start=None)
    filled = replace(
        made.campaign, spec=spec, request_node_hours=node_hours, total=total,
        units=unit_totals(node_hours, record, catalogue),
    )  # fmt: skip
    gpus = gpus_of_node(record, catalogue)
    return replace(made, campaign=filled, doors=assess_doors(spec, record, node_hours, gpus, catalogue, now))
