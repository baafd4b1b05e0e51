"""Machines as targets of a plan: what can be computed on them, how many devices a job may take."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu, LinkTopology, Machine, Queue
from estimators.hardware.devices import peak_16
from estimators.hardware.systems import SystemFacts, system_facts
from estimators.planning.reasons import Missing, Note, Reason
from estimators.planning.records import OwnHardware, RunSpec
from estimators.quantity import Fact
from estimators.words import Amount, Name, Said, say

PRODUCTION = ("production", "large", "long", "shared")
OWN = "own"


@dataclass(frozen=True, slots=True)
class Target:
    """A machine that the run can be computed on.

    Attributes:
        counts: Device counts to try, ascending.
        notes: What had to be assumed about it, for the reader.
    """

    machine: Machine
    gpu: Gpu
    system: SystemFacts
    counts: tuple[int, ...]
    notes: tuple[Note, ...]
    is_own: bool = False

    @property
    def devices_per_node(self) -> int:
        """As software counts them."""
        return int(self.system.devices_per_node)

    def nodes(self, gpus: int) -> float:
        """Nodes of a job; parts of a node where the site shares nodes."""
        share = gpus / self.devices_per_node
        return float(math.ceil(share)) if takes_whole_nodes(self.machine) else share

    def longest_queue(self, gpus: int) -> Queue | None:
        """The production queue with the longest jobs of this size; None where no limit is known."""
        nodes = gpus / self.devices_per_node
        queues = [queue for queue in usable_queues(self.machine) if _admits(queue, nodes)]
        known = [queue for queue in queues if queue.max_walltime.value is not None]
        return max(known, key=lambda queue: queue.max_walltime.si, default=None)

    def walltime_hours(self, gpus: int) -> float:
        """Longest job of this size in any production queue, in hours; infinity where none is known."""
        queue = self.longest_queue(gpus)
        return queue.max_walltime.si / 3600.0 if queue is not None else math.inf


@dataclass(frozen=True, slots=True)
class Untargeted:
    """A machine that the run cannot be computed on, with the reason."""

    machine: Machine
    reason: Reason


def takes_whole_nodes(machine: Machine) -> bool:
    """Whether a job pays for whole nodes."""
    return bool(machine.exclusive_nodes and machine.exclusive_nodes.value)


def usable_queues(machine: Machine) -> tuple[Queue, ...]:
    """Queues for production runs."""
    return tuple(queue for queue in machine.queues if queue.kind in PRODUCTION)


def _admits(queue: Queue, nodes: float) -> bool:
    most = queue.max_nodes.si
    least = queue.min_nodes.si if queue.min_nodes is not None else 0.0
    return not (nodes > most) and not (nodes < least)


def node_limit(machine: Machine) -> float:
    """Most nodes of one job: the widest production queue, else the whole machine."""
    limits = [queue.max_nodes.si for queue in usable_queues(machine)]
    total = machine.nodes.si
    known = [value for value in limits if value == value]
    if not known or len(known) < len(limits):
        return total
    return min(max(known), total) if total == total else max(known)


def device_counts(machine: Machine, devices_per_node: int, wanted: int | None) -> tuple[int, ...]:
    """Device counts to try: parts of a shareable node, then 2^k and 3·2^k whole nodes up to the limit."""
    limit = node_limit(machine)
    counts = set()
    if not takes_whole_nodes(machine):
        counts |= {count for count in (1, 2, 4, 8) if count < devices_per_node}
    for power in range(14):
        counts |= {nodes * devices_per_node for nodes in (2**power, 3 * 2**power) if nodes <= limit}
    if wanted is not None and wanted <= limit * devices_per_node:
        counts.add(wanted)
    return tuple(sorted(counts))


def named_count(spec: RunSpec, machine: str) -> int | None:
    """The device count that the user named for a machine, or for any where the plan names no machine."""
    return spec.gpus if machine != OWN and spec.machine in (None, machine) else None


def missing_facts(machine: Machine, gpu: Gpu | None) -> tuple[Said, ...]:
    """What a step time needs and the catalogue does not have."""
    if gpu is None:
        return (say("GPU model"),)
    facts = {
        say("dense 16-bit peak"): peak_16(gpu),
        say("memory bandwidth"): gpu.memory_bandwidth.si,
        say("memory"): gpu.memory_bytes,
        say("compute units"): gpu.compute_units.si,
        say("link bandwidth"): gpu.link_bandwidth.si,
        say("node count"): machine.nodes.si,
        say("GPUs of a node"): machine.devices_per_node.si,
    }
    return tuple(name for name, value in facts.items() if value != value)


def target_of(machine: Machine, catalogue: Catalogue, spec: RunSpec) -> Target | Untargeted:
    """A machine as a target, or why it cannot be one."""
    gpu = catalogue.gpus.get(machine.gpu or "")
    missing = missing_facts(machine, gpu)
    if missing or gpu is None:
        return Untargeted(machine, Missing(missing))
    facts = system_facts(machine, gpu.link_bandwidth.si)
    facts, notes = with_assumed_network(machine, facts)
    counts = device_counts(machine, int(facts.devices_per_node), named_count(spec, machine.id))
    if not usable_queues(machine) and machine.status == "in service":
        notes = (*notes, Note("queue", say("Queue limit not found")))
    return Target(machine, gpu, facts, counts, notes)


def with_assumed_network(machine: Machine, facts: SystemFacts) -> tuple[SystemFacts, tuple[Note, ...]]:
    """Fills an unknown network rate with the unconfirmed figure of the catalogue, and says so."""
    if facts.network_rate == facts.network_rate:
        return facts, ()
    assumed = machine.more.get("network_per_node_assumed")
    if assumed is None or assumed.value is None:
        return facts, (Note("network", say("Network of a node not published: one node only")),)
    rate = assumed.si / facts.devices_per_node
    filled = SystemFacts(facts.devices_per_node, facts.domain, facts.topology, facts.link_rate, rate)
    said = say(
        "Network of a node unconfirmed: {rate} {unit} assumed",
        rate=Amount(assumed.value, form="general"),
        unit=Name(assumed.unit),
    )
    return filled, (Note("network", said),)


def own_target(own: OwnHardware, catalogue: Catalogue) -> Target:
    """The user's own devices in one host.

    Raises:
        CatalogueError: The card is not in the catalogue.
    """
    gpu = catalogue.gpu(own.gpu)
    joined: LinkTopology = "switch" if gpu.link_bandwidth.si > 1e11 else "pcie"
    user: Fact[float] = Fact(value=float(own.gpus), unit="count", source="your input", confidence="official")
    text = Fact(value="yours", source="your input", confidence="official")
    machine = Machine(
        id=OWN,
        name=f"{own.gpus} × {gpu_label(gpu)}",
        short_name=f"{own.gpus} × {gpu_label(gpu)}",
        status="in service",
        status_detail=text,
        country=Fact(value=None, source="your input"),
        host=text,
        gpu=own.gpu,
        nodes=Fact(value=1.0, unit="count", source="your input", confidence="official"),
        devices_per_node=user,
        link_topology=joined,
        network_per_node=Fact(value=None, unit="Gbit/s", source="one host"),
    )
    facts = SystemFacts(float(own.gpus), float(own.gpus), joined, gpu.link_bandwidth.si, np.nan)
    return Target(machine, gpu, facts, (own.gpus,), (), is_own=True)


def gpu_label(gpu: Gpu) -> str:
    """A short name of a card: without its vendor."""
    for prefix in ("NVIDIA GeForce ", "NVIDIA ", "AMD Instinct ", "AMD "):
        if gpu.name.startswith(prefix):
            return gpu.name.removeprefix(prefix)
    return gpu.name
