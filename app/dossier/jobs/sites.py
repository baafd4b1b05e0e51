"""How each site wants its batch jobs asked for, as far as the catalogue says.

Partition and QoS words, cores and modules stand in the catalogue as sentences (`partition`, `queues` and the
facts `accounting`, `software`, `queue`, `queue_...` of a machine); this table cuts them into words for Slurm.
A test looks every word up there, so that none is invented. What the catalogue lacks is marked in the script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.dossier.jobs.words import slurm_name
from estimators.catalogue.records import Machine, Queue


@dataclass(frozen=True, slots=True)
class Site:
    """Words of one site.

    Attributes:
        partition: Partition of all queues; None where a queue is a partition of its own name.
        partitions: Partition of single queues, by the queue's name.
        qos: QoS of single queues, by the queue's name.
        queue_is_qos: Whether the other queues are QoS by their own name.
        account_suffix: What the site adds to a project's name for GPU work.
        cores_per_gpu: Cores that go with one device; None where not published.
        modules: Modules with their version.
        unversioned: Modules that the catalogue names without an exact version.
        module_folder: Where `module use` points first.
        images: Folder of the site's own container images; its software runs in them.
        srun_only: Whether nothing but srun may start processes.
    """

    partition: str | None = None
    partitions: Mapping[str, str] = field(default_factory=dict)
    qos: Mapping[str, str] = field(default_factory=dict)
    queue_is_qos: bool = False
    account_suffix: str = ""
    cores_per_gpu: int | None = None
    modules: tuple[str, ...] = ()
    unversioned: tuple[str, ...] = ()
    module_folder: str | None = None
    images: str | None = None
    srun_only: bool = False


SITES: Mapping[str, Site] = {
    "arrhenius-gpu": Site(
        partition="gpu", account_suffix="-gpu", modules=("GPU/buildenv-nvhpc/25.9-cu13.0",)
    ),
    "deucalion-gpu": Site(
        partitions={"normal-a100": "normal-a100-40", "dev-a100": "dev-a100-40"},
        account_suffix="g",
        unversioned=("foss", "CUDA"),
    ),
    "discoverer-plus": Site(partition="common", modules=("nvidia/cuda/12/12.8", "anaconda3/python3.12")),
    "jupiter-booster": Site(
        cores_per_gpu=72,
        modules=("Stages/2026", "GCC/14.3.0"),
        unversioned=("ParaStationMPI", "CUDA"),
        srun_only=True,
    ),
    "karolina-gpu": Site(cores_per_gpu=16),
    "leonardo-booster": Site(
        partition="boost_usr_prod",
        qos={"boost_usr_prod (normal)": "normal"},
        queue_is_qos=True,
        cores_per_gpu=8,
        modules=("profile/deeplrn", "cineca-ai/4.3.0"),
    ),
    "lumi-g": Site(
        module_folder="/appl/local/laifs/modules",
        modules=("lumi-aif-singularity-bindings",),
        images="/appl/local/laifs/containers",
    ),
    "marenostrum5-acc": Site(
        partition="acc",
        queue_is_qos=True,
        cores_per_gpu=20,
        modules=("bsc/1.0",),
        unversioned=("cuda", "nccl", "openmpi", "miniforge"),
    ),
    "meluxina-gpu": Site(partition="gpu", queue_is_qos=True, modules=("env/release/2025.1",)),
    "vega-gpu": Site(partition="gpu"),
}


def site_of(machine: Machine) -> Site:
    """Words of the machine's site; empty for a machine that this table does not know."""
    return SITES.get(machine.id, Site())


def partition_of(machine: Machine, queue: Queue | None) -> str | None:
    """Partition to name for a queue; None where not published."""
    site = site_of(machine)
    if queue is not None and queue.name in site.partitions:
        return site.partitions[queue.name]
    if site.partition is not None or queue is None:
        return site.partition
    return slurm_name(queue.name)


def qos_of(machine: Machine, queue: Queue | None) -> str | None:
    """QoS to name for a queue; None where the site has none or publishes none."""
    site = site_of(machine)
    if queue is None:
        return None
    if queue.name in site.qos:
        return site.qos[queue.name]
    return slurm_name(queue.name) if site.queue_is_qos else None
