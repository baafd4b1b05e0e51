"""Debian's Slurm, set up as each machine, takes our scripts and refuses what crosses a limit."""

from __future__ import annotations

import datetime
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.dossier.jobs import NoJobError, job_files
from app.dossier.jobs.sites import partition_of, site_of
from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from estimators.catalogue.records import Machine
from estimators.requests.campaign import build_campaign, lines_of
from estimators.requests.milestones import totals_of
from estimators.requests.records import CampaignSpec
from tests.dossier.job_cases import catalogue
from tests.dossier.real_slurm import NEEDED, Cluster, Partition, Slurm, slurm

IS_NEEDED = os.environ.get("NODEWISE_NEEDS_SLURM") == "1"
HAS_SLURM = all(shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") for name in NEEDED)
pytestmark = pytest.mark.skipif(not HAS_SLURM and not IS_NEEDED, reason="no Slurm")

EXAMPLES = sorted(Path("resources/examples").glob("*.nodewise.json"))
MIB = 2.0**20
MOST_NODES = 1_100
"""Wider than any queue limit of the catalogue; the controller's time grows with its nodes."""
START = datetime.date(2026, 12, 1)


def in_service() -> list[str]:
    machines = catalogue().machines.values()
    return sorted(machine.id for machine in machines if machine.status == "in service" and machine.gpu)


def cluster_of(machine: Machine) -> Cluster:
    """The machine as the catalogue has it; what it does not know limits nothing."""
    site, devices = site_of(machine), round(machine.devices_per_node.si)
    per_device, of_node = site.cpus_per_device, site.cpus_of_node
    assert per_device is not None, f"{machine.id} has no CPUs for a device"
    memory = machine.more.get("host_memory")
    return Cluster(
        nodes=min(round(machine.nodes.si), MOST_NODES),
        cpus=round(of_node.si if of_node is not None else per_device.si * devices),
        memory_mib=math.floor(memory.si / MIB) if memory is not None else 4 * 2**20,
        gpus=devices,
        partitions=partitions_of(machine),
    )


def partitions_of(machine: Machine) -> tuple[Partition, ...]:
    """Every partition with the widest of its queues: a QoS within it is no matter of the partition."""
    found: dict[str, list[tuple[float, float]]] = {}
    for queue in machine.queues:
        name = partition_of(machine, queue)
        assert name is not None, f"{machine.id}: {queue.name} has no partition"
        found.setdefault(name, []).append((queue.max_walltime.si / 60.0, queue.max_nodes.si))
    return tuple(
        Partition(name, _known(minutes for minutes, _ in limits), _known(nodes for _, nodes in limits))
        for name, limits in found.items()
    )


def _known(values: Iterator[float]) -> int | None:
    listed = list(values)
    return None if any(math.isnan(value) for value in listed) else round(max(listed))


def specs() -> list[CampaignSpec]:
    return [campaign_spec(read_plan(path, catalogue()), catalogue()) for path in EXAMPLES]


def heads_of(machine: Machine) -> dict[str, str]:
    """What the scripts of every run of every example ask Slurm for, each once, by the first that asks."""
    found: dict[str, str] = {}
    for spec in specs():
        asked = replace(spec, machine=machine.id)
        lines = lines_of(asked, machine, catalogue())
        totals = totals_of(asked, lines)
        campaign = build_campaign(asked, machine, lines, totals, catalogue(), START, True)
        for line in campaign.lines:
            try:
                files = job_files(campaign, line.run.id, spec.name, catalogue())
            except NoJobError:
                continue
            for name, text in files.items():
                if name.endswith(".sbatch"):
                    found.setdefault(asks_of(text), f"{spec.name} {line.run.id} {name}")
    return found


def asks_of(text: str) -> str:
    """A script that asks for the same and does nothing."""
    asked = [row for row in text.splitlines() if row.startswith("#SBATCH") and "--job-name" not in row]
    return "\n".join([text.splitlines()[0], *asked, ""])


@pytest.fixture(scope="module", params=in_service())
def running(request: pytest.FixtureRequest) -> Iterator[tuple[Machine, Slurm]]:
    machine = catalogue().machine(request.param)
    with (
        tempfile.TemporaryDirectory(prefix="nw") as folder,
        slurm(Path(folder), cluster_of(machine)) as controller,
    ):
        yield machine, controller


def test_that_slurm_accepts_every_script_of_every_example(running: tuple[Machine, Slurm]) -> None:
    machine, controller = running
    heads = heads_of(machine)
    assert heads, f"no example has a job on {machine.id}"
    for script, where in heads.items():
        verdict = controller.test(script)
        assert verdict.accepted, f"{where} on {machine.id}: {verdict.words}\n{script}"


def changed(script: str, option: str, value: str) -> str:
    """The script with another value of an option."""
    text, count = re.subn(rf"(#SBATCH --{option}=).*", rf"\g<1>{value}", script)
    assert count == 1, f"{option} in\n{script}"
    return text


def test_that_slurm_refuses_a_script_beyond_each_limit(running: tuple[Machine, Slurm]) -> None:
    machine, controller = running
    cluster = cluster_of(machine)
    script = next(iter(heads_of(machine)))
    name = re.search(r"--partition=(\S+)", script)
    assert name is not None
    partition = next(part for part in cluster.partitions if part.name == name[1])
    beyond = {
        "cpus-per-task": str(cluster.cpus + 1),
        "nodes": str((partition.most_nodes or cluster.nodes) + 1),
        **({"time": f"{partition.minutes + 1}"} if partition.minutes is not None else {}),
    }
    for option, value in beyond.items():
        assert not controller.test(changed(script, option, value)).accepted, f"{option}={value}"
    too_many = script + f"#SBATCH --gpus-per-node={cluster.gpus + 1}\n"
    without = re.sub(r"#SBATCH --(gpus|gres|gpus-per-task)=.*\n", "", too_many)
    assert not controller.test(without).accepted
    assert not controller.test(script + f"#SBATCH --mem={cluster.memory_mib + 1}M\n").accepted
