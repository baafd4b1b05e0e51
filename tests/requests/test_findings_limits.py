"""Every limit of every machine, crossed: just inside nothing is found, just outside the right rule speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators.catalogue import load_catalogue
from estimators.catalogue.architectures import Full, Image
from estimators.catalogue.records import Machine, Queue, StorageArea
from estimators.parallel.memory import MARGIN
from estimators.requests.findings.case import Case
from estimators.requests.records import StorageNeeds
from estimators.requests.results import StoragePart
from estimators.requests.storage import item_of, place_of_copies, place_of_results
from estimators.words import say
from estimators.workloads.models import model_of
from tests.requests.builders import campaign_run, case_of, line_of, open_of, project, run_spec
from tests.requests.fixing import apply_fix

CATALOGUE = load_catalogue()
MACHINES = CATALOGUE.machines_in_service()


def queues(bound: str, *kinds: str) -> list[Any]:
    """Machine and queue for every queue that publishes a bound; tests wait in no queue of unknown length."""
    return [
        pytest.param(machine, queue, id=f"{machine.id}-{queue.name}")
        for machine in MACHINES
        for queue in machine.queues
        if (fact := getattr(queue, bound)) is not None
        and fact.value is not None
        and (queue.kind in kinds if kinds else queue.kind != "debug")
        and (queue.kind != "debug" or queue.max_walltime.value is not None)
    ]


def only(machine: Machine, queue: Queue) -> Machine:
    """The machine as if it had this queue alone."""
    return msgspec.structs.replace(machine, queues=(queue,))


def sized(machine: Machine, nodes: int, hours: float = 1.0, **changes: Any) -> Case:
    """A job of so many whole nodes on a machine."""
    gpus = nodes * int(machine.devices_per_node.si)
    run = campaign_run(CATALOGUE, gpus=gpus, hours=hours, **changes)
    spec = project(run, machine=machine.id)
    lines = (line_of(run, machine),)
    return case_of(spec, CATALOGUE, machine, lines)


def fixed(case: Case, rule: str) -> Case:
    """The case after the fix of the rule's first finding."""
    fix = open_of(case, rule)[0].fix
    assert fix is not None
    spec = apply_fix(case.campaign.spec, fix)
    lines = tuple(line_of(run, case.machine) for run in spec.runs)
    return case_of(spec, CATALOGUE, case.machine, lines)


@pytest.mark.parametrize(("machine", "queue"), queues("max_nodes"))
def test_that_a_job_wider_than_the_queue_fails(machine: Machine, queue: Queue) -> None:
    place, most = only(machine, queue), int(queue.max_nodes.si)
    assert open_of(sized(place, most), "job-size") == ()
    wide = sized(place, most + 1)
    found = open_of(wide, "job-size")
    assert [item.severity for item in found] == ["fail"]
    assert f"{most + 1:,} nodes in one job".replace(",", "\u202f") in text(found[0].title)
    assert f"{most:,}".replace(",", "\u202f") in text(found[0].title)
    assert open_of(fixed(wide, "job-size"), "job-size") == ()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.id)
def test_that_a_job_wider_than_the_machine_fails(machine: Machine) -> None:
    place = msgspec.structs.replace(machine, queues=())
    most = int(machine.nodes.si)
    assert open_of(sized(place, most), "job-size") == ()
    wide = sized(place, most + 1)
    assert [item.severity for item in open_of(wide, "job-size")] == ["fail"]
    assert open_of(fixed(wide, "job-size"), "job-size") == ()


@pytest.mark.parametrize(("machine", "queue"), queues("min_nodes"))
def test_that_a_job_narrower_than_a_large_queue_fails(machine: Machine, queue: Queue) -> None:
    assert queue.min_nodes is not None
    place, least = only(machine, queue), int(queue.min_nodes.si)
    assert open_of(sized(place, least), "queue-minimum") == ()
    narrow = sized(place, least - 1)
    found = open_of(narrow, "queue-minimum")
    assert [item.severity for item in found] == ["fail"]
    assert text(queue.name) in text(found[0].title)
    assert open_of(fixed(narrow, "queue-minimum"), "queue-minimum") == ()
    assert open_of(narrow, "job-size") == ()


@pytest.mark.parametrize(("machine", "queue"), queues("max_walltime"))
def test_that_a_run_longer_than_the_queue_needs_checkpoints(machine: Machine, queue: Queue) -> None:
    place, hours = only(machine, queue), queue.max_walltime.si / 3600.0
    nodes = int(queue.min_nodes.si) if queue.min_nodes is not None else 1
    frail = {"restarts_from_checkpoint": False}
    assert open_of(sized(place, nodes, hours, **frail), "wall-clock") == ()
    long = sized(place, nodes, hours * 1.01, **frail)
    found = open_of(long, "wall-clock")
    assert [item.severity for item in found] == ["fail"]
    assert text(queue.name) in text(found[0].title)
    assert open_of(fixed(long, "wall-clock"), "wall-clock") == ()
    assert open_of(sized(place, nodes, hours * 1.01), "wall-clock") == ()


@pytest.mark.parametrize(("machine", "queue"), queues("max_nodes", "debug"))
def test_that_a_test_wider_than_the_debug_queue_is_told(machine: Machine, queue: Queue) -> None:
    place = msgspec.structs.replace(machine, queues=(*_production(machine), queue))
    most, hours = int(queue.max_nodes.si), queue.max_walltime.si / 3600.0
    if most >= machine.nodes.si:
        pytest.skip("the debug queue takes the whole machine")
    assert open_of(sized(place, most, hours / 2, role="test"), "debug-queue") == ()
    wide = sized(place, most + 1, hours / 2, role="test")
    found = open_of(wide, "debug-queue")
    assert [item.severity for item in found] == ["warn"]
    assert text(queue.name) in text(found[0].title)
    assert open_of(fixed(wide, "debug-queue"), "debug-queue") == ()


@pytest.mark.parametrize(("machine", "queue"), queues("max_walltime", "debug"))
def test_that_a_test_longer_than_the_debug_queue_is_told(machine: Machine, queue: Queue) -> None:
    place = msgspec.structs.replace(machine, queues=(*_production(machine), queue))
    hours = queue.max_walltime.si / 3600.0
    assert open_of(sized(place, 1, hours, role="test"), "debug-queue") == ()
    found = open_of(sized(place, 1, hours * 1.01, role="test"), "debug-queue")
    assert [item.severity for item in found] == ["info"]
    assert text(queue.name) in text(found[0].title)


def _production(machine: Machine) -> tuple[Queue, ...]:
    return tuple(queue for queue in machine.queues if queue.kind != "debug")


@pytest.mark.parametrize(
    ("machine", "queue"), queues("max_jobs", "production", "large", "long", "shared", "debug")
)
def test_that_more_jobs_at_once_than_a_queue_runs_are_told(machine: Machine, queue: Queue) -> None:
    assert queue.max_jobs is not None
    place, most = only(machine, queue), int(queue.max_jobs.si)
    role = "test" if queue.kind == "debug" else "sweep"
    hours = queue.max_walltime.si / 7200.0
    assert open_of(sized(place, 1, hours, role=role, count=most, at_once=most), "jobs-at-once") == ()
    many = sized(place, 1, hours, role=role, count=most + 1, at_once=most + 1)
    assert [item.severity for item in open_of(many, "jobs-at-once")] == ["warn"]
    assert open_of(fixed(many, "jobs-at-once"), "jobs-at-once") == ()


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.id)
def test_that_more_memory_than_the_card_gives_fails(machine: Machine) -> None:
    usable = CATALOGUE.gpu_of(machine).memory_bytes * (1.0 - MARGIN)
    run = campaign_run(CATALOGUE, gpus=int(machine.devices_per_node.si))
    spec = project(run, machine=machine.id)
    inside = case_of(spec, CATALOGUE, machine, (line_of(run, machine, reserved=usable),))
    outside = case_of(spec, CATALOGUE, machine, (line_of(run, machine, reserved=usable * 1.001),))
    assert open_of(inside, "memory") == ()
    assert [item.severity for item in open_of(outside, "memory")] == ["fail"]


def areas(bound: str) -> list[Any]:
    """Machine and storage area for every quota that is published."""
    return [
        pytest.param(machine, area, id=f"{machine.id}-{area.place}")
        for machine in MACHINES
        for area in machine.storage
        if (fact := getattr(area, bound)) is not None and fact.value is not None
    ]


def stored(machine: Machine, place: str, **changes: Any) -> Case:
    """A small project that keeps on one place what the changes say, and nothing elsewhere."""
    run = campaign_run(CATALOGUE, gpus=int(machine.devices_per_node.si))
    case = case_of(project(run, machine=machine.id), CATALOGUE, machine, (line_of(run, machine),))
    item = item_of(case.campaign, place, (StoragePart("data", say("Data"), 1.0),), 1)
    return replace(case, storage=(replace(item, **changes),))


@pytest.mark.parametrize(("machine", "area"), areas("quota"))
def test_that_more_bytes_than_the_quota_are_found(machine: Machine, area: StorageArea) -> None:
    assert area.quota is not None
    quota = area.quota.si
    inside, outside = (stored(machine, area.place, bytes=quota * share) for share in (1.0, 1.001))
    assert inside.storage[0].quota_bytes == quota
    assert open_of(inside, "storage-quota") == ()
    soft = area.seen_once or area.is_default or area.quota_on_request is not None
    asked = "warn" if soft else "fail"
    assert [item.severity for item in open_of(outside, "storage-quota")] == [asked]
    if area.quota_on_request is not None:
        beyond = stored(machine, area.place, bytes=area.quota_on_request.si * 1.001)
        assert [item.severity for item in open_of(beyond, "storage-quota")] == ["fail"]


@pytest.mark.parametrize(("machine", "area"), areas("files"))
def test_that_more_files_than_the_quota_are_found(machine: Machine, area: StorageArea) -> None:
    assert area.files is not None
    most = int(area.files.si)
    inside, outside = (stored(machine, area.place, files=most + more) for more in (0, 1))
    assert inside.storage[0].quota_files == most
    assert open_of(inside, "file-quota") == ()
    found = open_of(outside, "file-quota")
    assert [item.severity for item in found] == ["warn" if area.seen_once else "fail"]


@pytest.mark.parametrize(
    ("machine", "area"), [case for case in areas("purge") if case.values[1].place in ("work", "scratch")]
)
def test_that_a_project_longer_than_files_stay_is_told(machine: Machine, area: StorageArea) -> None:
    assert area.purge is not None
    months = int(area.purge.si / 86400.0 // 31)
    run = campaign_run(CATALOGUE, gpus=int(machine.devices_per_node.si))
    short, long = (
        case_of(project(run, machine=machine.id, months=count), CATALOGUE, machine, (line_of(run, machine),))
        for count in (months, months + 2)
    )
    assert open_of(short, "purge") == ()
    assert [item.severity for item in open_of(long, "purge")] == ["warn"]


def test_that_a_quota_of_the_user_is_crossed_by_checkpoints_and_kept_by_the_fix() -> None:
    run = campaign_run(CATALOGUE)
    needs = StorageNeeds(checkpoints_kept=13, milestones_kept=0, work_quota_bytes=1e12, data_files=10)
    spec = project(run, storage=needs)
    case = case_of(spec, CATALOGUE)
    found = open_of(case, "storage-quota")
    assert [item.severity for item in found] == ["fail"]
    assert "Checkpoints need 1.46\u202fTB, WORK holds 1\u202fTB" in text(found[0].title)
    assert "13 checkpoints of 112\u202fGB are kept. With the last 8 kept it is 899\u202fGB" in text(
        found[0].why
    )
    fix = found[0].fix
    assert fix is not None
    assert (text(fix.label), fix.value) == ("Keep the last 8", 8)
    assert open_of(case_of(apply_fix(spec, fix), CATALOGUE), "storage-quota") == ()


def test_that_loose_images_cross_a_file_quota_and_packing_removes_it() -> None:
    lumi = CATALOGUE.machine("lumi-g")
    model = model_of(CATALOGUE.model("vit-large-patch16-224"))
    images = run_spec(
        CATALOGUE, gpus=8, model=model, method=Full("pretraining"), samples=3e6, sample=Image(224)
    )
    run = campaign_run(CATALOGUE, spec=images)
    spec = project(run, machine="lumi-g")
    found = open_of(case_of(spec, CATALOGUE), "file-quota")
    assert [item.severity for item in found] == ["fail"]
    assert found[0].fix is not None
    assert found[0].fix.field == "data_files"
    assert open_of(case_of(apply_fix(spec, found[0].fix), CATALOGUE), "file-quota") == ()
    assert place_of_results(lumi) == "scratch"


MANY_FILES = StorageNeeds(data_bytes=220e12, data_files=2_000_220_000)


@pytest.mark.parametrize(
    "name", ["lumi-g", "jupiter-booster", "leonardo-booster", "vega-gpu", "karolina-gpu"]
)
def test_that_two_billion_files_of_220_terabytes_fail_everywhere(name: str) -> None:
    """Also where the quota was seen once or is not published: no site takes so many, or so much unasked."""
    machine = CATALOGUE.machine(name)
    model = model_of(CATALOGUE.model("vit-large-patch16-224"))
    images = run_spec(
        CATALOGUE, gpus=8, model=model, method=Full("pretraining"), samples=2_000_220_000.0, sample=Image(224)
    )
    spec = project(campaign_run(CATALOGUE, spec=images), machine=name, storage=MANY_FILES)
    case = case_of(spec, CATALOGUE)
    (files,) = open_of(case, "file-quota")
    assert files.severity == "fail"
    assert "4\u202f000\u202f" in text(files.title)
    assert "WebDataset" in text(files.why)
    assert "Parquet" in text(files.why)
    assert files.fix is not None
    assert files.fix.value == 220_000, "one file for each gigabyte"
    known = place_of_copies(machine) in {area.place for area in machine.storage if area.quota}
    sizes = open_of(case, "storage-quota") or open_of(case, "quota-known")
    severity = "warn" if name == "lumi-g" else "fail"
    assert severity in {item.severity for item in sizes}, "LUMI grants up to 500 TB on request"
    assert known or any("publishes no quota" in text(item.title) for item in sizes)


def test_that_an_unpublished_quota_of_files_is_no_finding_for_few_files() -> None:
    case = case_of(project(campaign_run(CATALOGUE)), CATALOGUE)
    assert open_of(case, "file-quota") == ()


def test_that_ten_times_a_default_quota_is_no_question_of_asking() -> None:
    """Karolina's scratch is 10 TB by default: 90 TB is asked for, 220 TB is another project."""
    karolina = CATALOGUE.machine("karolina-gpu")
    asked, beyond = (stored(karolina, "scratch", bytes=size) for size in (90e12, 220e12))
    assert [item.severity for item in open_of(asked, "storage-quota")] == ["warn"]
    assert [item.severity for item in open_of(beyond, "storage-quota")] == ["fail"]
