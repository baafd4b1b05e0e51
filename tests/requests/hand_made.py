"""Campaigns written by hand, in which every sum can be checked on paper."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from estimators import Catalogue, MachineAnswer, Range, RunSpec
from estimators.catalogue.architectures import Full, Text
from estimators.requests.campaign import nodes_of
from estimators.requests.campaign_results import Campaign, Milestone, MonthUse, RunLine
from estimators.requests.records import CampaignRun, CampaignSpec
from estimators.requests.units import devices_of_node, gpus_of_node, unit_totals
from estimators.workloads.models import model_of

START = datetime.date(2027, 1, 1)
SEQUENCE = 4096


def flat(value: float) -> Range:
    """A range of one value."""
    return Range(value, value, value, value)


def run_spec(catalogue: Catalogue, model: str = "Llama-3.1-8B", **changes: Any) -> RunSpec:
    """A pre-training run of 10 billion tokens with a batch of 512 sequences."""
    spec = RunSpec(
        model=model_of(catalogue.model(model)),
        method=Full("pretraining"),
        samples=10e9 / SEQUENCE,
        sample=Text(SEQUENCE),
        global_batch_samples=512,
    )
    return replace(spec, **changes)


def answer(
    machine_id: str, catalogue: Catalogue, gpus: int | None, hours: float, energy_kwh: Range | None
) -> MachineAnswer:
    """What one run costs on a machine, in round numbers."""
    machine = catalogue.machine(machine_id)
    nodes = float(nodes_of(gpus, machine)) if gpus else None
    return MachineAnswer(
        machine=machine,
        fits=gpus is not None,
        gpus=gpus,
        nodes=nodes,
        seconds=flat(hours * 3600.0),
        node_hours=flat(hours * nodes) if nodes else None,
        energy_kwh=energy_kwh,
    )


def line(run: CampaignRun, found: MachineAnswer, hours: float) -> RunLine:
    """A run with its hours."""
    nodes = nodes_of(found.gpus, found.machine) if found.gpus else Fraction(0)
    return RunLine(run, found, nodes, 1000, flat(hours), run.count * hours * float(nodes))


def campaign(
    catalogue: Catalogue,
    machine_id: str = "leonardo-booster",
    *,
    lines: tuple[RunLine, ...] = (),
    gpus: int | None = 64,
    hours: float = 100.0,
    energy_kwh: Range | None = None,
    rest: tuple[Milestone, ...] = (),
    months: tuple[int, ...] = (),
    **spec_changes: Any,
) -> Campaign:
    """A campaign on one machine.

    Args:
        lines: Its runs; none makes one main run of `gpus` and `hours`.
        rest: Rows beside the runs.
        months: Node-hours planned for each month of thirty days; none plans all in the first.
    """
    machine = catalogue.machine(machine_id)
    if not lines:
        main = CampaignRun("main", "Main run", "main", run_spec(catalogue))
        lines = (line(main, answer(machine_id, catalogue, gpus, hours, energy_kwh), hours),)
    rows = tuple(
        Milestone(item.run.name, "run", math.ceil(item.base_node_hours), run_id=item.run.id) for item in lines
    )
    milestones = (*rows, *rest)
    total = sum(row.node_hours for row in milestones)
    uses = tuple(
        MonthUse(
            number,
            START + datetime.timedelta(days=30 * (number - 1)),
            START + datetime.timedelta(days=30 * number - 1),
            (planned,),
        )
        for number, planned in enumerate(months or (total,), start=1)
    )
    spec = CampaignSpec(
        name="hand-made", title="", runs=tuple(item.run for item in lines), machine=machine_id
    )
    return Campaign(
        spec=replace(spec, **spec_changes),
        machine=machine,
        lines=lines,
        complete=True,
        milestones=milestones,
        base_node_hours=float(total),
        request_ratio=Decimal(1),
        total=flat(float(total)),
        request_node_hours=total,
        units=unit_totals(total, machine, catalogue),
        start=START,
        end=uses[-1].end,
        start_is_assumed=False,
        bars=(),
        months=uses,
        overruns=False,
        gpus_per_node=gpus_of_node(machine, catalogue),
        devices_per_node=devices_of_node(machine),
    )
