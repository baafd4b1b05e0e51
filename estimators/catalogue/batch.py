"""How a site wants its batch jobs asked for: words and settings of Slurm, each a fact with its source."""

from __future__ import annotations

from typing import Literal

import msgspec

from estimators.quantity import Fact

Words = Fact[tuple[str, ...]]


class Setting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An environment variable that a job sets before it starts its processes.

    Attributes:
        name: Of the variable.
        value: As a shell reads it; it may use variables that stand before it.
        purpose: "cache" for folders that must not lie on the parallel file system, "network" for the
            library of collectives.
        only_own_images: Whether it is for images and environments of the user's own, not for the site's.
    """

    name: str
    value: Fact[str]
    purpose: Literal["cache", "network"]
    only_own_images: bool = False


class Batch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Words of one site for its batch system; None or empty where nothing was found.

    Attributes:
        partition: Partition of all queues; None where a queue is a partition of its own name.
        partitions: Partition of single queues, by the queue's name.
        queue_is_qos: Whether queues are QoS by their own name.
        qos: QoS of single queues, by the queue's name; goes before `queue_is_qos`.
        qos_is_project: Whether the QoS bears the project's name.
        account_suffix: What the site adds to a project's name for GPU work.
        gpu_request: The option that asks for devices, with "{of_node}" for those of one node, "{of_job}" for
            those of the whole job or "{of_task}" for those of one task.
        cpus_per_device: CPUs that go with one device, as Slurm counts them (hardware threads where it does).
        cpus_of_node: CPUs of a node that a job may use, where it is fewer than there are.
        memory_per_device: Host memory to ask for with one device.
        cpu_bind: Options of srun that bind tasks to the cores beside their device, by "map" (one core for
            each task) or "mask" (all cores of a task); for full nodes only.
        modules: Words of `module load`, each exact.
        unversioned_modules: Modules that a site has without a version that was found.
        module_folder: Where `module use` points first.
        images: Folder of the site's own container images; its software runs in them.
        image: One image of that folder, as it was when the source was written.
        srun_only: Whether nothing but srun may start processes.
        torchrun_options: What the site's guide adds to torchrun, which runs there as one task for each node.
        login_shell: Whether scripts begin with `#!/bin/bash -l`.
        settings: Variables to set, in this order.
        authorization: What must be asked of the site before the first job.
    """

    partition: Fact[str] | None = None
    partitions: dict[str, Fact[str]] = {}
    queue_is_qos: Fact[bool] | None = None
    qos: dict[str, Fact[str]] = {}
    qos_is_project: Fact[bool] | None = None
    account_suffix: Fact[str] | None = None
    gpu_request: Fact[str] | None = None
    cpus_per_device: Fact[float] | None = None
    cpus_of_node: Fact[float] | None = None
    memory_per_device: Fact[float] | None = None
    cpu_bind: dict[str, Fact[str]] = {}
    modules: Words | None = None
    unversioned_modules: Words | None = None
    module_folder: Fact[str] | None = None
    images: Fact[str] | None = None
    image: Fact[str] | None = None
    srun_only: Fact[bool] | None = None
    torchrun_options: Fact[str] | None = None
    login_shell: Fact[bool] | None = None
    settings: tuple[Setting, ...] = ()
    authorization: Fact[str] | None = None


PLACES = ("of_node", "of_job", "of_task")
"""What a GPU request may count."""
