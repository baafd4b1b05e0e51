"""The portal's form says of a job what its batch script asks for: one source, on every machine."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app.dossier.jobs import job_files
from app.plan.campaign import campaign_spec
from app.plan.files import read_plan
from app.words import text
from estimators.requests.asked import in_site_image
from estimators.requests.form import FILLS
from estimators.requests.form.inputs import FormInputs
from estimators.requests.jobs import job_types
from estimators.requests.plan import plan_request
from estimators.requests.results import Request
from tests.dossier.job_cases import campaign_on, catalogue, layout, sbatch, with_layout
from tests.requests.builders import by_id

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.nodewise.json"))
NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
MACHINES = [machine.id for machine in catalogue().machines_in_service()]
CORES = "cores-nodes-gpus-per-job-average-and-maximum-gpus-per-node-c"
MEMORY = "memory-job-memory-minimum-average-maximum-over-all-nodes-gb"
PROCESSES = "memory-average-processes-threads-memory-per-process-mb"
CONTAINERS = "code-containers-used"


def filled(machine: str, field: str, containers: bool = False):
    """One field of the form of a project with one run, which is the main one."""
    campaign = campaign_on(machine)
    campaign = replace(campaign, spec=replace(campaign.spec, containers=containers))
    inputs = FormInputs(campaign, None, (), job_types(campaign, catalogue()), None, None, catalogue())  # type: ignore[arg-type]
    return FILLS[field](inputs), job_files(campaign, "main", "plan", catalogue())


@pytest.mark.parametrize("machine", MACHINES)
def test_that_cores_and_memory_of_the_form_are_those_of_the_script(machine: str) -> None:
    cores, files = filled(machine, CORES)
    memory, _ = filled(machine, MEMORY)
    asked = sbatch(files["megatron.sbatch"])
    nodes, tasks = int(asked["nodes"]), int(asked["ntasks-per-node"])
    found = re.search(r"CPU cores per job: average (\d+), maximum (\d+)", cores.value)
    if "cpus-per-task" in asked:
        assert found is not None
        assert {int(part) for part in found.groups()} == {nodes * tasks * int(asked["cpus-per-task"])}
    else:
        assert found is None
        assert "publishes no CPU cores" in text(cores.hint)
        assert "cores for each GPU (--cpus-per-task) are not published" in files["megatron.sbatch"]
    host = re.search(r"Host memory asked for by the main job: ([\d.]+) GB", text(memory.hint))
    if "mem" in asked:
        assert host is not None
        gib = int(asked["mem"].removesuffix("G")) * nodes
        assert float(host.group(1)) == pytest.approx(gib * 2**30 / 1e9, rel=5e-3)
    else:
        assert host is None
        assert "the site's default" in text(memory.hint)


@pytest.mark.parametrize("machine", MACHINES)
def test_that_processes_and_containers_of_the_form_are_those_of_the_script(machine: str) -> None:
    processes, files = filled(machine, PROCESSES)
    script = files["megatron.sbatch"]
    asked = sbatch(script)
    each = re.search(r"--nproc-per-node=(\d+)", script)
    started = int(asked["nodes"]) * (int(each.group(1)) if each else int(asked["ntasks-per-node"]))
    assert processes.value.startswith(f"{started} processes, one for each device;")
    for own in (False, True):
        containers, files = filled(machine, CONTAINERS, own)
        script = files["megatron.sbatch"]
        inside = next(line for line in script.splitlines() if line.startswith("INSIDE="))
        runs_in_one = inside != "INSIDE=()"
        assert (containers.value == "yes") == runs_in_one
        assert runs_in_one == (own or in_site_image(catalogue().machine(machine)))


def test_that_a_full_node_of_lumi_asks_what_its_guides_ask() -> None:
    """56 cores and 480 GiB: 7 cores and 60 GiB beside each of eight GCDs."""
    campaign = with_layout(layout(data=16), "lumi-g")
    asked = sbatch(job_files(campaign, "main", "plan", catalogue())["megatron.sbatch"])
    assert asked["nodes"] == "2"
    assert int(asked["ntasks-per-node"]) * int(asked["cpus-per-task"]) == 56
    assert asked["mem"] == "480G"


@cache
def request_of(path: Path) -> Request:
    return plan_request(campaign_spec(read_plan(path, catalogue()), catalogue()), catalogue(), NOW)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.partition(".")[0])
def test_that_the_form_of_an_example_sums_the_cores_of_its_scripts(path: Path) -> None:
    made = request_of(path)
    value = by_id(made.form, CORES).value
    cores = {}
    for line in made.campaign.lines:
        if line.wall_hours is None:
            continue
        asked = sbatch(job_files(made.campaign, line.run.id, "plan", catalogue())["megatron.sbatch"])
        if "cpus-per-task" not in asked:
            assert "CPU cores per job" not in value
            return
        each = int(asked["ntasks-per-node"]) * int(asked["cpus-per-task"])
        cores[line.run.id] = (int(asked["nodes"]) * each, line.run.count)
    counted = sum(count for _, count in cores.values())
    average = sum(number * count for number, count in cores.values()) / counted
    found = re.search(r"CPU cores per job: average ([\d.]+), maximum (\d+)", value)
    assert found is not None
    assert float(found.group(1)) == pytest.approx(average, rel=5e-3)
    assert int(found.group(2)) == max(number for number, _ in cores.values())
