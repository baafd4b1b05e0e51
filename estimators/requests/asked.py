"""What one job asks of its site: the same for the portal's form and for the batch script."""

from __future__ import annotations

import math
from dataclasses import dataclass

from estimators.catalogue.batch import Batch
from estimators.catalogue.records import Machine

_NOTHING = Batch()


@dataclass(frozen=True, slots=True)
class Asked:
    """Resources of one job as Slurm counts them.

    Attributes:
        cpus_of_node: On each of its nodes; None where the site publishes no number for a device.
        memory_of_node_bytes: Host memory on each node; None where the site publishes none for a device.
    """

    nodes: int
    gpus_of_node: int
    cpus_of_node: int | None
    memory_of_node_bytes: float | None

    @property
    def cpus(self) -> int | None:
        """CPUs of the whole job."""
        return None if self.cpus_of_node is None else self.cpus_of_node * self.nodes

    @property
    def memory_bytes(self) -> float | None:
        """Host memory of the whole job."""
        return None if self.memory_of_node_bytes is None else self.memory_of_node_bytes * self.nodes


def site_of(machine: Machine) -> Batch:
    """Words of the machine's site; empty where the catalogue has none."""
    return machine.batch or _NOTHING


def nodes_of_job(gpus: int, devices_of_node: int) -> int:
    """Fewest nodes that hold the devices evenly."""
    fewest = math.ceil(gpus / devices_of_node)
    return next(nodes for nodes in range(fewest, gpus + 1) if gpus % nodes == 0)


def asked_of(machine: Machine, gpus: int, devices_of_node: int) -> Asked:
    """What a job of so many devices asks of the site.

    Args:
        gpus: Devices as software sees them.
        devices_of_node: Of a full node.
    """
    nodes = nodes_of_job(gpus, devices_of_node)
    each, site = gpus // nodes, site_of(machine)
    cpus, memory = site.cpus_per_device, site.memory_per_device
    return Asked(
        nodes=nodes,
        gpus_of_node=each,
        cpus_of_node=None if cpus is None or cpus.value is None else int(cpus.value) * each,
        memory_of_node_bytes=None if memory is None or memory.value is None else memory.si * each,
    )


def in_site_image(machine: Machine) -> bool:
    """Whether the site's software runs in its own container images, so that every job uses one."""
    images = site_of(machine).images
    return images is not None and images.value is not None
