"""Node-hours of a job as its site counts them: by the largest share of a node that it took."""

from __future__ import annotations

import math
from dataclasses import dataclass

from estimators.catalogue.records import Charge, Machine, Share
from estimators.planning.targets import takes_whole_nodes
from estimators.requests.units import devices_of_node


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a job held while it ran; None for what its record does not say.

    Attributes:
        nodes: Nodes that it lay on.
        cpus: As Slurm counts them: hardware threads where the site switches them on.
        memory_bytes: Of all nodes together.
        devices: As software sees them (GCDs on LUMI).
        billing: Slurm's own `billing` of the job.
        partition: Slurm partition, "" where not stated.
    """

    nodes: float | None = None
    cpus: float | None = None
    memory_bytes: float | None = None
    devices: float | None = None
    billing: float | None = None
    partition: str = ""


def charge_of(machine: Machine, partition: str) -> Charge | None:
    """The rule for jobs of a partition; None where the catalogue has no rule of the site."""
    named = (charge for charge in machine.charges if partition in charge.partitions)
    return next(named, machine.charges[-1] if machine.charges else None)


def is_named(machine: Machine, partition: str) -> bool:
    """Whether the catalogue names the partition as one that the machine's grants pay for."""
    return any(partition in charge.partitions for charge in machine.charges)


def charged_nodes(machine: Machine, job: Allocation) -> float | None:
    """Nodes that a job pays for, parts of a node included.

    The site's own `billing` decides where the catalogue knows what a whole node bills; else the largest share
    of a node that the job took of any resource that the site counts, but no more than the nodes it lay on.

    Returns:
        None where the record says neither nodes nor any share.
    """
    charge = charge_of(machine, job.partition)
    if charge is None:
        return _without_rule(machine, job)
    if charge.whole_nodes:
        return job.nodes
    if job.billing is not None and charge.billing_of_node is not None:
        return job.billing / charge.billing_of_node.si
    shares = [part for part in (_taken(share, job) for share in charge.shares) if part is not None]
    if not shares:
        return job.nodes
    return min(max(shares), job.nodes if job.nodes is not None else math.inf)


def _taken(share: Share, job: Allocation) -> float | None:
    """Nodes that a job's amount of one resource stands for; None where its record does not say."""
    amount = {"cpus": job.cpus, "memory": job.memory_bytes, "devices": job.devices}[share.resource]
    if amount is None:
        return None
    if share.in_steps_of is not None:
        step = share.in_steps_of.si
        amount = math.ceil(amount / step) * step
    return amount / share.of_node.si


def _without_rule(machine: Machine, job: Allocation) -> float | None:
    """By whole nodes or by devices, where the catalogue has no rule of the site."""
    if job.devices is None or takes_whole_nodes(machine):
        return job.nodes
    part = job.devices / devices_of_node(machine)
    return part if job.nodes is None else min(part, job.nodes)
