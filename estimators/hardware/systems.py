"""Systems as columns: one row for each machine of a comparison or each measured run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimators.catalogue.records import LinkTopology, Machine
from estimators.hardware.network import Fabric


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """What the network model needs of one system.

    Attributes:
        devices_per_node: As software counts them.
        domain: Devices joined by the fast link.
        link_rate: Bytes/s of all links of one device, one direction.
        network_rate: Bytes/s of the network for one device, one direction; NaN where unknown.
    """

    devices_per_node: float
    domain: float
    topology: LinkTopology
    link_rate: float
    network_rate: float


def system_facts(machine: Machine, link_rate: float) -> SystemFacts:
    """The network facts of a catalogue machine whose cards have links of `link_rate` bytes/s."""
    per_node = machine.devices_per_node.si
    domain = float(machine.link_domain_devices or per_node)
    return SystemFacts(
        devices_per_node=per_node,
        domain=domain,
        topology=machine.link_topology,
        link_rate=link_rate,
        network_rate=machine.network_per_node.si / per_node,
    )


def fabric_columns(systems: list[SystemFacts]) -> Fabric:
    """Columns over systems, in their order."""
    topologies = [system.topology for system in systems]
    return Fabric(
        domain=np.array([system.domain for system in systems]),
        link_rate=np.array([system.link_rate for system in systems]),
        mesh=np.array([float(name == "mesh") for name in topologies]),
        pairs=np.array([float(name == "gcd-pairs") for name in topologies]),
        host=np.array([float(name in ("pcie", "none")) for name in topologies]),
        network_rate=np.array([system.network_rate for system in systems]),
    )
