"""Jobs against the widths that the batch system gives: nodes of a queue, whole nodes, whole cards."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from estimators.catalogue.records import Queue
from estimators.planning.targets import node_limit, takes_whole_nodes, usable_queues
from estimators.quantity import Fact
from estimators.requests.findings.case import (
    Case,
    Passed,
    Rule,
    counted,
    grouped,
    nodes_words,
    source_words,
)
from estimators.requests.jobs import queue_for, queue_of
from estimators.requests.records import CampaignRun
from estimators.requests.results import Finding, Fix


def job_size(case: Case) -> Iterator[Finding]:
    """No job takes more nodes than the widest queue gives, nor than the machine has."""
    limit = node_limit(case.machine)
    queue = next((q for q in usable_queues(case.machine) if q.max_nodes.si == limit), None)
    for run in case.campaign.spec.runs:
        nodes = case.wanted_nodes(run)
        if nodes is not None and nodes > limit:
            yield _too_large(case, run, math.ceil(nodes), int(limit), queue)


def _too_large(case: Case, run: CampaignRun, nodes: int, limit: int, queue: Queue | None) -> Finding:
    fact: Fact[float] = queue.max_nodes if queue is not None else case.machine.nodes
    where = f"the queue {queue.name} of {case.machine_name} takes" if queue else f"{case.machine_name} has"
    devices = limit * case.campaign.devices_per_node
    return Finding(
        rule="job-size",
        severity="fail",
        title=f"{nodes_words(nodes)} in one job; {where} {grouped(limit)}",
        why=(
            f"{run.name} asks for {grouped(case.wanted_devices(run) or 0)} GPUs, "
            f"{case.campaign.devices_per_node} on a node. Requests with such jobs were rejected; "
            f"take at most {counted(devices, 'GPU', 'GPUs')}, which are {nodes_words(limit)}."
        ),
        figure=nodes_words(nodes),
        limit=f"{nodes_words(limit)} in one job",
        source=source_words(fact),
        fact=fact,
        fix=Fix(f"Take {nodes_words(limit)}", "gpus", devices, run.id),
        run_id=run.id,
    )


def _job_size_passed(case: Case) -> Passed | None:
    if not case.fitting:
        return None
    line = max(case.fitting, key=lambda item: item.nodes)
    queue = queue_of(line, case.machine)
    if queue is None or queue.max_nodes.value is None:
        fact, where = case.machine.nodes, f"on {case.machine_name}; the queue's limit is not published"
    else:
        fact, where = queue.max_nodes, f"in the queue {queue.name}"
    figure, limit = nodes_words(line.nodes), f"at most {grouped(fact.si)} {where}"
    return Passed(f"{figure} of {limit}", figure, limit, fact)


def queue_minimum(case: Case) -> Iterator[Finding]:
    """Queues for large jobs refuse small ones; a gap between two queues takes nobody."""
    for run in case.campaign.spec.runs:
        nodes = case.wanted_nodes(run)
        if nodes is None or queue_for(case.machine, nodes) is not None:
            continue
        bounds = [
            (queue.min_nodes, queue)
            for queue in usable_queues(case.machine)
            if queue.min_nodes is not None and nodes < queue.min_nodes.si
        ]
        if bounds:
            least, queue = min(bounds, key=lambda bound: bound[0].si)
            yield _too_small(case, run, math.ceil(nodes), queue, least)


def _too_small(case: Case, run: CampaignRun, nodes: int, queue: Queue, least: Fact[float]) -> Finding:
    devices = math.ceil(least.si) * case.campaign.devices_per_node
    return Finding(
        rule="queue-minimum",
        severity="fail",
        title=f"{nodes_words(nodes)} in one job; the queue {queue.name} takes {grouped(least.si)} or more",
        why=(
            f"No other queue of {case.machine_name} takes {run.name} at this size; "
            f"take {counted(devices, 'GPU', 'GPUs')}."
        ),
        figure=nodes_words(nodes),
        limit=f"{nodes_words(least.si)} or more",
        source=source_words(least),
        fact=least,
        fix=Fix(f"Take {nodes_words(least.si)}", "gpus", devices, run.id),
        run_id=run.id,
    )


def _queue_minimum_passed(case: Case) -> Passed | None:
    bounds = [q.min_nodes for q in usable_queues(case.machine) if q.min_nodes is not None]
    if not bounds or not case.fitting:
        return None
    return Passed(
        "Every job size has a queue", limit=f"large jobs from {nodes_words(bounds[0].si)}", fact=bounds[0]
    )


def whole_nodes(case: Case) -> Iterator[Finding]:
    """Jobs of more than a node, and all jobs where nodes are not shared, pay for whole nodes."""
    for run in case.campaign.spec.runs:
        nodes = case.wanted_nodes(run)
        if nodes is None or nodes.denominator == 1:
            continue
        if nodes < 1 and not takes_whole_nodes(case.machine):
            continue
        yield _part_of_a_node(case, run, nodes)


def _part_of_a_node(case: Case, run: CampaignRun, nodes: Fraction) -> Finding:
    up = math.ceil(nodes)
    wanted = case.wanted_devices(run) or 0
    devices = up * case.campaign.devices_per_node
    fact = case.machine.exclusive_nodes if nodes < 1 else case.machine.devices_per_node
    return Finding(
        rule="whole-nodes",
        severity="warn",
        title=(
            f"{counted(wanted, 'GPU pays', 'GPUs pay')} for {nodes_words(up)}: "
            f"{counted(devices - wanted, 'stands', 'stand')} idle"
        ),
        why=(
            f"{run.name} fills no whole number of nodes; a node of {case.machine_name} has "
            f"{case.campaign.devices_per_node} GPUs."
        ),
        figure=f"{float(nodes):.2f} nodes",
        limit="a whole number of nodes",
        source=source_words(fact),
        fact=fact,
        fix=Fix(f"Use all {devices} GPUs", "gpus", devices, run.id),
        run_id=run.id,
    )


def _whole_nodes_passed(case: Case) -> Passed | None:
    if not case.fitting:
        return None
    shared = "parts of a node are shared" if not takes_whole_nodes(case.machine) else "nodes are not shared"
    words = f"{case.campaign.devices_per_node} GPUs on a node, {shared}"
    return Passed(words, fact=case.machine.exclusive_nodes or case.machine.devices_per_node)


def whole_gpus(case: Case) -> Iterator[Finding]:
    """On cards of two devices, a job of an odd number of devices pays for a half that it leaves idle."""
    per_gpu = case.campaign.devices_per_node // case.campaign.gpus_per_node
    if per_gpu < 2:
        return
    fact = case.machine.site_unit.per_gpu_hour if case.machine.site_unit is not None else None
    for run in case.campaign.spec.runs:
        devices = case.wanted_devices(run)
        if devices is None or devices % per_gpu == 0:
            continue
        up = -(-devices // per_gpu) * per_gpu
        yield Finding(
            rule="whole-gpus",
            severity="warn",
            title=f"{counted(devices, 'GCD is', 'GCDs are')} no whole number of modules",
            why=(
                f"Software counts {per_gpu} devices (GCDs) on a module of {case.machine_name}; "
                "the access modes count modules, so half of one is paid for nothing."
            ),
            figure=counted(devices, "GCD", "GCDs"),
            limit=f"a multiple of {per_gpu}",
            source=source_words(fact),
            fact=fact,
            fix=Fix(f"Use {up} GCDs", "gpus", up, run.id),
            run_id=run.id,
        )


def _whole_gpus_passed(case: Case) -> Passed | None:
    per_gpu = case.campaign.devices_per_node // case.campaign.gpus_per_node
    if per_gpu < 2:
        return None
    fact = case.machine.site_unit.per_gpu_hour if case.machine.site_unit is not None else None
    return Passed(f"{per_gpu} GCDs counted as one GPU, everywhere once", fact=fact)


RULES = (
    Rule("job-size", "Job size", job_size, _job_size_passed),
    Rule("queue-minimum", "Smallest job", queue_minimum, _queue_minimum_passed),
    Rule("whole-nodes", "Whole nodes", whole_nodes, _whole_nodes_passed),
    Rule("whole-gpus", "Whole modules", whole_gpus, _whole_gpus_passed),
)
