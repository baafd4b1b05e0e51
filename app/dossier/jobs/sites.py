"""How each site wants its jobs asked for: the `batch` of a machine in the catalogue, as words for Slurm.

What the catalogue lacks is marked in the script, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter

from app.dossier.jobs.words import slurm_name
from estimators.catalogue.check import facts_of
from estimators.catalogue.records import Machine, Queue
from estimators.quantity import Fact
from estimators.requests.asked import site_of


def pages_of(machine: Machine) -> tuple[str, ...]:
    """Where to look for what is missing: the two addresses that most facts of the machine were read at."""
    read_at = (set(re.findall(r"https://[^\s;,)]+", fact.source)) for _, fact in facts_of(machine))
    found = Counter(address for addresses in read_at for address in sorted(addresses))
    return tuple(address for address, _ in found.most_common(2))


def text_of(fact: Fact[str] | None) -> str | None:
    """The words of a fact; None where nothing was found."""
    return fact.value if fact is not None else None


def words_of(fact: Fact[tuple[str, ...]] | None) -> tuple[str, ...]:
    """The words of a list; empty where nothing was found."""
    return (fact.value or ()) if fact is not None else ()


def is_so(fact: Fact[bool] | None) -> bool:
    """Whether the catalogue says yes."""
    return fact is not None and bool(fact.value)


def partition_of(machine: Machine, queue: Queue | None) -> str | None:
    """Partition to name for a queue; None where not published."""
    site = site_of(machine)
    own = text_of(site.partitions.get(queue.name)) if queue is not None else None
    if own is not None:
        return own
    shared = text_of(site.partition)
    if shared is not None or queue is None:
        return shared
    return slurm_name(queue.name)


def qos_of(machine: Machine, queue: Queue | None) -> str | None:
    """QoS to name for a queue; None where the site has none or publishes none."""
    site = site_of(machine)
    if is_so(site.qos_is_project):
        return "PROJECT"
    if queue is None:
        return None
    own = text_of(site.qos.get(queue.name))
    if own is not None:
        return own
    return slurm_name(queue.name) if is_so(site.queue_is_qos) else None


def gpu_request_of(machine: Machine, of_node: int, nodes: int, tasks_of_node: int) -> str | None:
    """The option that asks for devices; None where its form is not published.

    Args:
        of_node: Devices on each node.
        nodes: Nodes of the job.
        tasks_of_node: Tasks that Slurm starts on each node.
    """
    form = text_of(site_of(machine).gpu_request)
    if form is None:
        return None
    return form.format(of_node=of_node, of_job=of_node * nodes, of_task=of_node // tasks_of_node)
