"""Accounting files in the shapes that people bring, with the hours that their sites charge for them."""

from __future__ import annotations

import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan.errors import PlanError
from app.plan.sacct import SacctReading, read_sacct
from app.words import text
from estimators.catalogue.load import load_catalogue
from tests.plan.slurm import elapsed_text
from tests.spoken import refused, written

CATALOGUE = load_catalogue()
HEAD = "JobID|State|Elapsed|AllocNodes|AllocTRES|Partition|End|ConsumedEnergyRaw"


def read(*lines: str, head: str = HEAD, machine: str = "leonardo-booster") -> SacctReading:
    return read_sacct("\n".join((head, *lines)), CATALOGUE.machine(machine))


def hours(reading: SacctReading) -> float:
    assert written(reading.remarks) == ()
    return sum(day.node_hours for day in reading.days)


def test_that_one_gpu_with_all_cores_pays_for_the_node() -> None:
    """32 of 32 cores for ten hours: 10 node-hours, 320 core-hours, as its own billing=32 says."""
    tres = "billing=32,cpu=32,gres/gpu:a100=1,gres/gpu=1,mem=40G,node=1"
    row = f"1001|COMPLETED|10:00:00|1|{tres}|boost_usr_prod|2026-12-03T10:00:00|"
    assert hours(read(row)) == 10.0
    assert hours(read(row.replace("billing=32,", ""))) == 10.0


def test_that_every_attempt_of_a_requeued_job_counts() -> None:
    """8 nodes for 5, 2 and 10 hours: 40 + 16 + 80 = 136 node-hours; two of three attempts failed."""
    tres = "billing=256,cpu=256,gres/gpu=32,node=8"
    reading = read(
        f"500|REQUEUED|05:00:00|8|{tres}|boost_usr_prod|2026-12-03T05:00:00|",
        f"500|NODE_FAIL|02:00:00|8|{tres}|boost_usr_prod|2026-12-03T08:00:00|",
        f"500|COMPLETED|10:00:00|8|{tres}|boost_usr_prod|2026-12-03T20:00:00|",
    )
    assert hours(reading) == 136.0
    assert [(day.jobs, day.failed_jobs) for day in reading.days] == [(3, 2)]


def test_that_elapsed_and_nodes_follow_from_other_columns() -> None:
    """Eight hours between start and end on the two nodes that AllocTRES names."""
    tres = "billing=64,cpu=64,gres/gpu=8,gres/gpu:a100=8,mem=512G,node=2"
    reading = read(
        f"1001|pretrain|u1|2026-12-02T08:05:00|2026-12-02T16:05:00|COMPLETED|{tres}|boost_usr_prod",
        head="JobID|JobName|User|Start|End|State|AllocTRES|Partition",
    )
    assert hours(reading) == 16.0


def test_that_an_end_follows_from_start_and_elapsed() -> None:
    reading = read("7|COMPLETED|2026-12-31T20:00:00|06:00:00|3", head="JobID|State|Start|Elapsed|NNodes")
    assert [(day.day.isoformat(), day.node_hours) for day in reading.days] == [
        ("2026-12-31", 12.0),
        ("2027-01-01", 6.0),
    ]


def test_that_a_job_counts_in_the_months_in_which_it_ran() -> None:
    """Four days on eight nodes until 6:00 on 1 January: 720 node-hours in December, 48 in January."""
    tres = "billing=256,cpu=256,gres/gpu=32,node=8"
    reading = read(f"1|COMPLETED|4-00:00:00|8|{tres}|boost_usr_prod|2027-01-01T06:00:00|")
    by_month: dict[int, float] = {}
    for day in reading.days:
        by_month[day.day.month] = by_month.get(day.day.month, 0.0) + day.node_hours
    assert by_month == pytest.approx({12: 720.0, 1: 48.0})


@pytest.mark.parametrize(
    ("partition", "tres", "node_hours"),
    [
        ("small-g", "cpu=7,gres/gpu=1,mem=60G,node=1", 1 / 8),
        ("small-g", "cpu=56,gres/gpu=1,mem=60G,node=1", 7 / 8),
        ("small-g", "cpu=9,gres/gpu=1,mem=60G,node=1", 2 / 8),
        ("small-g", "cpu=7,gres/gpu=1,mem=65G,node=1", 2 / 8),
        ("small-g", "cpu=7,gres/gpu=1,mem=480G,node=1", 1.0),
        ("standard-g", "cpu=7,gres/gpu=1,mem=60G,node=1", 1.0),
    ],
)
def test_that_lumi_charges_by_slices_of_eight_cores_and_64_gb(
    partition: str, tres: str, node_hours: float
) -> None:
    """0.5 x max(ceil(cores / 8), ceil(GB / 64), GCDs) GPU-hours an hour, four GPU-hours in a node-hour."""
    row = f"1|COMPLETED|01:00:00|1|{tres}|{partition}|2026-12-03T10:00:00|"
    assert hours(read(row, machine="lumi-g")) == pytest.approx(node_hours)


@pytest.mark.parametrize(
    ("machine", "partition", "tres", "node_hours"),
    [
        ("marenostrum5-acc", "acc", "cpu=80,gres/gpu=1,node=1", 1.0),
        ("marenostrum5-acc", "acc", "cpu=20,gres/gpu=1,node=1", 0.25),
        ("vega-gpu", "gpu", "billing=128,cpu=64,gres/gpu=1,mem=256G,node=1", 0.5),
        ("vega-gpu", "gpu", "cpu=64,gres/gpu=1,mem=128G,node=1", 0.25),
        ("vega-gpu", "gpu", "cpu=64,gres/gpu=1,mem=256G,node=1", 0.5),
        ("karolina-gpu", "qgpu", "cpu=16,gres/gpu=1,node=1", 1 / 8),
        ("jupiter-booster", "booster", "cpu=72,gres/gpu=1,node=1", 1.0),
        ("arrhenius-gpu", "gpu", "cpu=72,gres/gpu=1,node=1", 0.25),
        ("meluxina-gpu", "gpu", "cpu=32,gres/gpu=1,node=1", 0.25),
    ],
)
def test_that_each_site_counts_by_its_own_rule(
    machine: str, partition: str, tres: str, node_hours: float
) -> None:
    row = f"1|COMPLETED|01:00:00|1|{tres}|{partition}|2026-12-03T10:00:00|"
    assert hours(read(row, machine=machine)) == pytest.approx(node_hours)


def test_that_cores_without_a_gpu_count_on_the_gpu_partition_and_nowhere_else() -> None:
    row = "1|COMPLETED|02:00:00|1|billing=16,cpu=16,node=1|{}|2026-12-03T10:00:00|"
    assert hours(read(row.format("boost_usr_prod"))) == 1.0
    assert "used no GPU" in text(read(row.format("dcgp_usr_prod")).remarks[0])


def test_that_a_column_nothing_stands_in_for_is_asked_for() -> None:
    with refused(PlanError, match=r"Elapsed, AllocNodes are missing.*--duplicates"):
        read(head="JobID|State|End")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1|COMPLETED|||2026-12-03T10:00:00", "neither Elapsed nor Start"),
        ("1|COMPLETED|01:00:00||2026-12-03T10:00:00", "neither its nodes nor its resources"),
        ("1|COMPLETED|9999999-00:00:00|1|2026-12-03T10:00:00", "longer than any queue"),
        ("1|COMPLETED|01:00:00|1|0001-01-01T00:00:00", "no date of a job"),
    ],
)
def test_that_a_row_which_cannot_be_counted_is_named(row: str, words: str) -> None:
    reading = read(row, head="JobID|State|Elapsed|AllocNodes|End")
    assert reading.days == ()
    assert words in text(reading.remarks[0])


# ---------------------------------------------------------------- a second, plainly written count

SITES = tuple(sorted(machine.id for machine in CATALOGUE.machines.values() if machine.charges))


def plainly(site: str, partition: str, nodes: int, cores: int, gib: int, gpus: int) -> float:
    """Node-hours of one hour, from the sites' own words."""
    if site == "lumi-g" and partition != "standard-g":
        gpu_hours = 0.5 * max(math.ceil(cores / 8), math.ceil(gib / 64), gpus)
        return min(gpu_hours / 4, nodes)
    if site in ("lumi-g", "jupiter-booster"):
        return nodes
    if site == "leonardo-booster":
        return min(max(cores / 32, gib / 512, gpus / 4), nodes)
    if site == "marenostrum5-acc":
        return min(max(cores / 80, gpus / 4), nodes)
    if site == "vega-gpu":
        return min(max(cores, 0.5 * gib, 64 * gpus) / 256, nodes)
    return min(gpus / (8 if site in ("karolina-gpu", "discoverer-plus") else 4), nodes)


JOBS = st.tuples(
    st.sampled_from(("small-g", "standard-g", "")),
    st.integers(1, 64),
    st.integers(1, 4096),
    st.integers(1, 8192),
    st.integers(1, 256),
    st.integers(1, 10 * 86_400),
    st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2028, 1, 1)),
    st.sampled_from(("COMPLETED", "FAILED", "TIMEOUT", "REQUEUED", "CANCELLED by 1", "NODE_FAIL")),
    st.integers(1, 3),
    st.sampled_from(("{}", "{}_7")),
)


@given(st.sampled_from(SITES), st.lists(JOBS, max_size=12))
def test_that_a_second_count_agrees_for_every_site(site: str, jobs: list[tuple]) -> None:
    """Cores, memory, devices, states, months, requeues and arrays drawn; hours of a month compared."""
    lines, expected, attempts = [], {}, 0
    for i, (partition, nodes, cores, gib, gpus, seconds, end, state, times, name) in enumerate(jobs):
        place = partition if site == "lumi-g" else ""
        for k in range(times):
            ended = end.replace(microsecond=0) + k * datetime.timedelta(days=11)
            tres = f"cpu={cores},gres/gpu={gpus},mem={gib}G,node={nodes}"
            lines.append(
                f"{name.format(i)}|{state}|{elapsed_text(seconds)}|{nodes}|{tres}|{place}|{ended.isoformat()}|"
            )
            attempts += 1
            share = plainly(site, place, nodes, cores, gib, gpus)
            for month, part in months(ended - datetime.timedelta(seconds=seconds), ended).items():
                expected[month] = expected.get(month, 0.0) + share * part
    reading = read(*lines, machine=site)
    assert written(reading.remarks) == ()
    found: dict[tuple[int, int], float] = {}
    for day in reading.days:
        month = (day.day.year, day.day.month)
        found[month] = found.get(month, 0.0) + day.node_hours
    assert {k: v for k, v in found.items() if v} == pytest.approx(expected)
    assert sum(day.jobs for day in reading.days) == attempts


def months(start: datetime.datetime, end: datetime.datetime) -> dict[tuple[int, int], float]:
    """Hours of an interval by month."""
    out = {}
    while start < end:
        late = start.replace(day=28, hour=0, minute=0, second=0) + datetime.timedelta(days=4)
        stop = min(late.replace(day=1), end)
        out[start.year, start.month] = (stop - start).total_seconds() / 3600
        start = stop
    return out
