"""The words of a site for its batch system: faults are named, and every machine in service has some."""

from __future__ import annotations

import msgspec
import pytest

from estimators.catalogue import load_catalogue
from estimators.catalogue.check import check_entries
from estimators.catalogue.messages import CatalogueError
from estimators.quantity import Fact
from tests.spoken import refused

CATALOGUE = load_catalogue()


def text(value: str) -> Fact[str]:
    return Fact(value, source="a page", confidence="official", as_of="2026-11-26")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"gpu_request": text("--gpus=4")}, "expected one of of_node, of_job, of_task in braces"),
        ({"gpu_request": text("--gpus={of_job} {of_node}")}, "expected one of"),
        ({"qos": {"boost": text("normal")}}, "there is no queue 'boost'"),
        ({"partitions": {"boost": text("normal")}}, "there is no queue 'boost'"),
        ({"account_suffix": Fact("x", unit="metre")}, "unknown unit 'metre'"),
    ],
)
def test_that_a_fault_in_the_words_of_a_site_is_named(changes: dict[str, object], problem: str) -> None:
    machine = CATALOGUE.machine("leonardo-booster")
    batch = msgspec.structs.replace(machine.batch, **changes)
    with refused(CatalogueError, match=r"leonardo-booster.*batch") as found:
        check_entries("machines.json", {machine.id: msgspec.structs.replace(machine, batch=batch)})
    assert problem in str(found.value)


def test_that_every_machine_in_service_says_how_gpus_and_cores_are_asked_for() -> None:
    for machine in CATALOGUE.machines_in_service():
        assert machine.batch is not None
        assert machine.batch.gpu_request is not None
        assert machine.batch.cpus_per_device is not None


def test_that_cores_of_a_full_node_are_no_more_than_a_job_may_use() -> None:
    lumi = CATALOGUE.machine("lumi-g")
    assert lumi.batch is not None
    assert lumi.batch.cpus_per_device is not None
    assert lumi.batch.cpus_of_node is not None
    assert lumi.batch.cpus_per_device.si * lumi.devices_per_node.si == lumi.batch.cpus_of_node.si
