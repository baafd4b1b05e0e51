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
    count,
    gpus_words,
    grouped,
    nodes_words,
    source_words,
)
from estimators.requests.jobs import queue_for, queue_of
from estimators.requests.records import CampaignRun
from estimators.requests.results import Finding, Fix
from estimators.words import Amount, Name, say, say_many


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
    where = (
        say("the queue {queue} of {machine} takes", queue=Name(queue.name), machine=Name(case.machine_name))
        if queue
        else say("{machine} has", machine=Name(case.machine_name))
    )
    devices = limit * case.campaign.devices_per_node
    return Finding(
        rule="job-size",
        severity="fail",
        title=say(
            "{nodes} in one job; {where} {limit}", nodes=nodes_words(nodes), where=where, limit=grouped(limit)
        ),
        why=say(
            "{run} asks for {devices} GPUs, {devices_per_node} on a node. Requests with such "
            "jobs were rejected; take at most {gpus}, which are {limit}.",
            run=Name(run.name),
            devices=grouped(case.wanted_devices(run) or 0),
            devices_per_node=Amount(case.campaign.devices_per_node, form="fixed"),
            gpus=gpus_words(devices),
            limit=nodes_words(limit),
        ),
        figure=nodes_words(nodes),
        limit=say("{limit} in one job", limit=nodes_words(limit)),
        source=source_words(fact),
        fact=fact,
        fix=Fix(say("Take {limit}", limit=nodes_words(limit)), "gpus", devices, run.id),
        run_id=run.id,
    )


def _job_size_passed(case: Case) -> Passed | None:
    if not case.fitting:
        return None
    line = max(case.fitting, key=lambda item: item.nodes)
    queue = queue_of(line, case.machine)
    if queue is None or queue.max_nodes.value is None:
        fact, where = (
            case.machine.nodes,
            say("on {machine}; the queue's limit is not published", machine=Name(case.machine_name)),
        )
    else:
        fact, where = queue.max_nodes, say("in the queue {queue}", queue=Name(queue.name))
    figure, limit = (
        nodes_words(line.nodes),
        say("at most {nodes} {where}", nodes=grouped(fact.si), where=where),
    )
    return Passed(say("{figure} of {limit}", figure=figure, limit=limit), figure, limit, fact)


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
        title=say(
            "{nodes} in one job; the queue {queue} takes {least} or more",
            nodes=nodes_words(nodes),
            queue=Name(queue.name),
            least=grouped(least.si),
        ),
        why=say(
            "No other queue of {machine} takes {run} at this size; take {gpus}.",
            machine=Name(case.machine_name),
            run=Name(run.name),
            gpus=gpus_words(devices),
        ),
        figure=nodes_words(nodes),
        limit=say("{least} or more", least=nodes_words(least.si)),
        source=source_words(least),
        fact=least,
        fix=Fix(say("Take {least}", least=nodes_words(least.si)), "gpus", devices, run.id),
        run_id=run.id,
    )


def _queue_minimum_passed(case: Case) -> Passed | None:
    bounds = [q.min_nodes for q in usable_queues(case.machine) if q.min_nodes is not None]
    if not bounds or not case.fitting:
        return None
    return Passed(
        say("Every job size has a queue"),
        limit=say("large jobs from {nodes}", nodes=nodes_words(bounds[0].si)),
        fact=bounds[0],
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
        title=say_many(
            "{n} GPU pays for {nodes}: {idle}",
            "{n} GPUs pay for {nodes}: {idle}",
            wanted,
            n=count(wanted),
            nodes=nodes_words(up),
            idle=say_many("{n} stands idle", "{n} stand idle", devices - wanted, n=count(devices - wanted)),
        ),
        why=say(
            "{run} fills no whole number of nodes; a node of {machine} has {devices_per_node} GPUs.",
            run=Name(run.name),
            machine=Name(case.machine_name),
            devices_per_node=Amount(case.campaign.devices_per_node, form="fixed"),
        ),
        figure=say("{nodes} nodes", nodes=Amount(float(nodes), form="fixed", digits=2)),
        limit=say("a whole number of nodes"),
        source=source_words(fact),
        fact=fact,
        fix=Fix(say("Use all {n} GPUs", n=count(devices)), "gpus", devices, run.id),
        run_id=run.id,
    )


def _whole_nodes_passed(case: Case) -> Passed | None:
    if not case.fitting:
        return None
    shared = (
        say("parts of a node are shared")
        if not takes_whole_nodes(case.machine)
        else say("nodes are not shared")
    )
    words = say(
        "{devices_per_node} GPUs on a node, {shared}",
        devices_per_node=Amount(case.campaign.devices_per_node, form="fixed"),
        shared=shared,
    )
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
            title=say_many(
                "{n} GCD is no whole number of modules",
                "{n} GCDs are no whole number of modules",
                devices,
                n=count(devices),
            ),
            why=say(
                "Software counts {per_gpu} devices (GCDs) on a module of {machine}; the access "
                "modes count modules, so half of one is paid for nothing.",
                per_gpu=count(per_gpu),
                machine=Name(case.machine_name),
            ),
            figure=say_many("{n} GCD", "{n} GCDs", devices, n=count(devices)),
            limit=say("a multiple of {per_gpu}", per_gpu=count(per_gpu)),
            source=source_words(fact),
            fact=fact,
            fix=Fix(say("Use {n} GCDs", n=count(up)), "gpus", up, run.id),
            run_id=run.id,
        )


def _whole_gpus_passed(case: Case) -> Passed | None:
    per_gpu = case.campaign.devices_per_node // case.campaign.gpus_per_node
    if per_gpu < 2:
        return None
    fact = case.machine.site_unit.per_gpu_hour if case.machine.site_unit is not None else None
    return Passed(
        say("{per_gpu} GCDs counted as one GPU, everywhere once", per_gpu=count(per_gpu)), fact=fact
    )


RULES = (
    Rule("job-size", say("Job size"), job_size, _job_size_passed),
    Rule("queue-minimum", say("Smallest job"), queue_minimum, _queue_minimum_passed),
    Rule("whole-nodes", say("Whole nodes"), whole_nodes, _whole_nodes_passed),
    Rule("whole-gpus", say("Whole modules"), whole_gpus, _whole_gpus_passed),
)
