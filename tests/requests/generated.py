"""Campaigns made at random, from runs whose hours are made up: sums must hold for any of them."""

from __future__ import annotations

import datetime
import math
from fractions import Fraction

from hypothesis import strategies as st

from estimators import Catalogue, MachineAnswer, Range
from estimators.catalogue.records import Machine
from estimators.requests.campaign import build_campaign, nodes_of
from estimators.requests.campaign_results import Campaign, RunLine
from estimators.requests.milestones import totals_of
from estimators.requests.overheads import overheads
from estimators.requests.quantiles import quantile
from estimators.requests.records import CampaignRun, CampaignSpec, Overhead, Role
from estimators.requests.units import devices_of_node
from tests.requests.hand_made import run_spec

ROLES: tuple[Role, ...] = ("test", "ablation", "sweep", "main", "tuning", "evaluation", "other")
FIRST_DAY = datetime.date(2026, 11, 30)


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    """Hours of one run, skewed upward as measured ones are."""
    middle = draw(st.floats(0.01, 3000.0))
    low, plan, high = (draw(st.floats(1.0, 1.8)) for _ in range(3))
    return Range(middle / low, middle, middle * plan, middle * plan * high)


@st.composite
def lines(draw: st.DrawFn, catalogue: Catalogue, machine: Machine, spec: CampaignSpec) -> tuple[RunLine, ...]:
    """Every run of the spec with made-up hours; now and then one that does not fit."""
    made = []
    for run in spec.runs:
        if run.role != "main" and draw(st.integers(0, 15)) == 0:
            lost = MachineAnswer(machine=machine, fits=False, reason="Needs 90 GiB")
            made.append(RunLine(run, lost, Fraction(0), 0, None, math.nan, lost.reason))
            continue
        node = devices_of_node(machine)
        gpus = draw(st.sampled_from([1, 2, node, 2 * node, 3 * node, 16 * node, 64 * node]))
        wall = draw(ranges())
        nodes = nodes_of(gpus, machine)
        base = run.count * float(nodes) * quantile(wall, spec.plan_percentile)
        answer = MachineAnswer(machine=machine, fits=True, gpus=gpus, nodes=float(nodes))
        made.append(RunLine(run, answer, nodes, draw(st.integers(1, 10**6)), wall, base))
    return tuple(made)


@st.composite
def specs(draw: st.DrawFn, catalogue: Catalogue, machine: Machine) -> CampaignSpec:
    """One to nine runs, each waiting for some of those before it."""
    count = draw(st.integers(1, 9))
    runs: list[CampaignRun] = []
    for number in range(count):
        earlier = [run.id for run in runs]
        runs.append(
            CampaignRun(
                id=f"run-{number}",
                name=f"Run {number}",
                role="main" if number == count // 2 else draw(st.sampled_from(ROLES)),
                spec=run_spec(catalogue),
                count=draw(st.integers(1, 24)),
                at_once=1,
                after=tuple(draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)))
                if earlier
                else (),
                earliest_month=draw(st.none() | st.integers(1, 12)),
            )
        )
    known = [None, *(found.factor for found in overheads(catalogue).values())]
    return CampaignSpec(
        name="generated",
        title="",
        runs=tuple(runs),
        machine=machine.id,
        months=draw(st.sampled_from([0, 1, 2, 3, 6, 12])),
        plan_percentile=draw(st.sampled_from([50, 50, 60, 80])),
        request_percentile=draw(st.sampled_from([50, 80, 80, 90])),
        overhead=Overhead(factor=draw(st.sampled_from(known))),
        seed=draw(st.integers(1, 5)),
    )


@st.composite
def campaigns(draw: st.DrawFn, catalogue: Catalogue) -> Campaign:
    """A campaign on any machine in service whose site counts somehow."""
    machine = draw(st.sampled_from(catalogue.machines_in_service()))
    spec = draw(specs(catalogue, machine))
    found = draw(lines(catalogue, machine, spec))
    start = FIRST_DAY + datetime.timedelta(days=draw(st.integers(0, 400)))
    totals = totals_of(spec, found)
    return build_campaign(spec, machine, found, totals, catalogue, start, start_is_assumed=False)
