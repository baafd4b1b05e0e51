"""What a batch script sets before it starts its processes: modules, variables, container, the first host.

HF_HUB_OFFLINE: https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables.
"""

from __future__ import annotations

from typing import Any

from app.dossier.jobs.job import Job
from app.dossier.jobs.sites import text_of, words_of
from app.dossier.jobs.words import NOT_PUBLISHED, check, comment
from estimators.catalogue.batch import Batch, Setting
from estimators.quantity import Fact
from estimators.requests.asked import site_of


def environment(job: Job) -> list[str]:
    """Modules, variables and container."""
    machine, site = job.machine, site_of(job.machine)
    found = [*_said("Software of the site", machine.more.get("software"))]
    folder, modules = text_of(site.module_folder), words_of(site.modules)
    unversioned = words_of(site.unversioned_modules)
    if folder is not None:
        found.append(f"module use {folder}")
    if modules:
        found.append(f"module load {' '.join(modules)}")
    if unversioned:
        named = " ".join(unversioned)
        found.append(check(f"versions of these modules are {NOT_PUBLISHED}: module load {named}"))
    if not (modules or unversioned):
        found.append(check(f"names of the site's modules are {NOT_PUBLISHED}."))
    found += _settings(site)
    found += _container(job, site)
    if machine.cpu_architecture is not None and machine.cpu_architecture.value == "aarch64":
        found.append(check("aarch64 processors: containers and wheels for x86_64 do not run here."))
    if machine.node_internet is not None and machine.node_internet.value is False:
        found.append("export HF_HUB_OFFLINE=1 # compute nodes reach no internet: models and data lie on disk")
    elif machine.node_internet is None:
        found.append(check(f"whether compute nodes reach the internet is {NOT_PUBLISHED}."))
    return found


def _said(name: str, fact: Fact[Any] | None) -> list[str]:
    """A fact of the catalogue as a comment with its standing."""
    if fact is None or fact.value is None:
        return []
    return [comment(f"{name} ({fact.confidence}, {fact.as_of}): {fact.value}")]


def _settings(site: Batch) -> list[str]:
    """Variables of the site's guide; those for own images are left out where its own images are used."""
    kept = [one for one in site.settings if not (one.only_own_images and site.images is not None)]
    if not kept:
        return []
    names = " ".join(setting.name for setting in kept)
    return [
        *(f'{setting.name}="{setting.value.value}"' for setting in kept),
        f"export {names}",
        *_caches(kept),
    ]


def _caches(settings: list[Setting]) -> list[str]:
    """Makes the folders of caches on every node: the batch script itself runs on the first alone."""
    folders = " ".join(f'"${setting.name}"' for setting in settings if setting.purpose == "cache")
    if not folders:
        return []
    return [f'[ "${{SLURM_JOB_NUM_NODES:-1}}" = 1 ] || srun --ntasks-per-node=1 mkdir -p {folders}']


def _container(job: Job, site: Batch) -> list[str]:
    images = text_of(site.images)
    if images is not None:
        image = text_of(site.image)
        chosen = f":-{image}" if image is not None else f':?"set CONTAINER to an image, see {images}"'
        return [
            check(f"the image of the site, or another from {images}: set CONTAINER to it."),
            f"CONTAINER=${{CONTAINER{chosen}}}",
            'INSIDE=(singularity exec "$CONTAINER")',
        ]
    found = _said("Containers of the site", job.machine.containers)
    stack = job.machine.accelerator_stack
    gpus = "--rocm" if stack is not None and stack.value == "rocm" else "--nv"
    if job.own_containers:
        return [
            *found,
            check("your own image, built for this machine: set CONTAINER to it."),
            'CONTAINER=${CONTAINER:?"set CONTAINER to your image"}',
            f'INSIDE=(apptainer exec {gpus} "$CONTAINER")',
        ]
    return [
        *found,
        check(
            f'activate your own Python environment here, or set INSIDE=(apptainer exec {gpus} "$CONTAINER").'
        ),
        "INSIDE=()",
    ]


def network(job: Job) -> list[str]:
    """The first host, where all processes meet."""
    found = [
        'mapfile -t hosts < <(scontrol show hostnames "$SLURM_JOB_NODELIST")',
        "export MASTER_ADDR=${hosts[0]}",
        "export MASTER_PORT=$((20000 + SLURM_JOB_ID % 20000))",
        '[ -z "${SLURM_CPUS_PER_TASK:-}" ] || export SRUN_CPUS_PER_TASK=$SLURM_CPUS_PER_TASK',
    ]
    if job.nodes > 1:
        found.insert(
            0,
            check(
                "host name and interface of the fast network (MASTER_ADDR, NCCL_SOCKET_IFNAME) are "
                f"{NOT_PUBLISHED}; some sites give nodes a second name for it."
            ),
        )
    return found
