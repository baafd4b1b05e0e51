"""Kinds of jobs: the queue that takes them, how they chain, how often they save."""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec
import pytest

from estimators.catalogue import load_catalogue
from estimators.quantity import Range
from estimators.requests.jobs import (
    MOST_INTERVAL_HOURS,
    checkpoint_of,
    jobs_in_chain,
    most_at_once,
    queue_for,
    walltime_hours,
)
from tests.requests.builders import campaign_of, campaign_run, case_of, project

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("machine", "nodes", "queue", "hours"),
    [
        ("lumi-g", 4, "small-g", 72),
        ("lumi-g", 5, "standard-g", 48),
        ("leonardo-booster", 8, "boost_qos_lprod", 96),
        ("leonardo-booster", 64, "boost_usr_prod (normal)", 24),
        ("leonardo-booster", 65, "boost_qos_bprod", 24),
        ("meluxina-gpu", 10, "long", 144),
        ("meluxina-gpu", 11, "default", 48),
        ("jupiter-booster", 300, "booster", 12),
        ("karolina-gpu", 17, "qgpu_big", math.inf),
    ],
)
def test_that_a_job_goes_to_the_longest_queue_that_takes_it(
    machine: str, nodes: int, queue: str, hours: float
) -> None:
    found = queue_for(CATALOGUE.machine(machine), nodes)
    assert found is not None
    assert (found.name, walltime_hours(found)) == (queue, hours)


def test_that_a_queue_for_one_job_is_left_to_projects_that_run_one() -> None:
    meluxina = CATALOGUE.machine("meluxina-gpu")
    several = queue_for(meluxina, 4, at_once=3)
    assert several is not None
    assert several.name == "default"


def test_that_a_cap_on_the_devices_of_a_project_holds_its_jobs_together() -> None:
    """boost_qos_lprod of Leonardo runs 32 GPUs of a project in all: four jobs of two nodes."""
    leonardo = CATALOGUE.machine("leonardo-booster")
    names = {at_once: queue_for(leonardo, 2, at_once) for at_once in (1, 4, 5)}
    assert [queue.name for queue in names.values() if queue is not None] == [
        "boost_qos_lprod",
        "boost_qos_lprod",
        "boost_usr_prod (normal)",
    ]
    assert most_at_once(next(q for q in leonardo.queues if q.name == "boost_qos_lprod"), 8.0)[0] == 4.0


def test_that_no_queue_takes_more_than_all() -> None:
    assert queue_for(CATALOGUE.machine("marenostrum5-acc"), 101) is None
    assert queue_for(msgspec.structs.replace(CATALOGUE.machine("vega-gpu"), queues=()), 1) is None
    assert walltime_hours(None) == math.inf


def test_that_a_chain_counts_whole_jobs() -> None:
    wall = Range(20.0, 24.0, 30.0, 40.0)
    assert jobs_in_chain(wall, 24.0) == 1
    assert jobs_in_chain(wall, 23.9) == 2
    assert jobs_in_chain(wall, 24.0, percentile=80) == 2
    assert jobs_in_chain(wall, math.inf) == 1


def test_that_a_short_test_goes_to_the_debug_queue_and_a_long_one_does_not() -> None:
    run = campaign_run(CATALOGUE, gpus=32, hours=0.4, identity="tests", role="test")
    long = campaign_run(CATALOGUE, gpus=32, hours=0.6, identity="long", role="test")
    main = campaign_run(CATALOGUE, gpus=32)
    jobs = case_of(project(main, run, long), CATALOGUE).jobs
    assert [job.queue for job in jobs] == ["boost_qos_lprod", "boost_qos_dbg", "boost_qos_lprod"]


def test_that_a_job_states_what_the_form_asks() -> None:
    run = campaign_run(CATALOGUE, gpus=16, hours=100.0, count=6, at_once=3)
    (job,) = case_of(project(run, machine="lumi-g"), CATALOGUE).jobs
    assert (job.nodes, job.gpus, job.simultaneous) == (Fraction(2), 8, 3)
    assert (job.queue, job.walltime_hours, job.jobs) == ("small-g", 72.0, 2)
    assert job.device_memory_bytes == 16e9
    assert job.checkpoint_bytes == pytest.approx(14 * 8.03e9, rel=0.01)
    assert job.checkpoint_minutes is not None
    assert 0 < job.checkpoint_minutes <= MOST_INTERVAL_HOURS * 60


def test_that_a_run_without_checkpoints_states_none() -> None:
    run = campaign_run(CATALOGUE, restarts_from_checkpoint=False)
    (job,) = case_of(project(run), CATALOGUE).jobs
    assert job.checkpoint_minutes is job.checkpoint_bytes is None


def test_that_larger_jobs_save_more_often() -> None:
    intervals = []
    for gpus in (4, 64, 512):
        campaign = campaign_of(project(campaign_run(CATALOGUE, gpus=gpus)), CATALOGUE)
        intervals.append(checkpoint_of(campaign.main, campaign, CATALOGUE).interval_hours)
    assert intervals == sorted(intervals, reverse=True)
