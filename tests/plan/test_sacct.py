"""Accounting of a site: every ended job counts once, and nothing is dropped in silence."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plan.errors import PlanError
from app.plan.project import UsedHoursInput
from app.plan.sacct import COMMAND, SacctReading, read_sacct, with_imported
from app.plan.sacct_fields import (
    FieldError,
    bytes_of,
    count_of,
    elapsed_seconds,
    gpus_in,
    joules_of,
)
from app.words import text
from estimators.catalogue.load import load_catalogue
from tests.plan.slurm import elapsed_text
from tests.spoken import refused, written

DAY = datetime.date(2027, 3, 4)
HEAD = "JobID|State|Elapsed|AllocNodes|End"


CATALOGUE = load_catalogue()


def read(*lines: str, head: str = HEAD, machine: str = "deucalion-gpu") -> SacctReading:
    return read_sacct("\n".join((head, *lines)), CATALOGUE.machine(machine))


def test_that_a_day_worked_by_hand_comes_out() -> None:
    """16 nodes for a day and a half are 576 node-hours, of which 8 hours lie on the second day and 4 on the
    day before the first; 2 nodes for 30 minutes are 1; a job of a day that ends a second past midnight."""
    reading = read(
        "100|COMPLETED|1-12:00:00|16|2027-03-04T08:00:00",
        "100.batch|COMPLETED|1-12:00:00|1|2027-03-04T08:00:00",
        "100.0|COMPLETED|1-11:59:00|16|2027-03-04T08:00:00",
        "101|FAILED|00:30:00|2|2027-03-04T21:00:00",
        "102|TIMEOUT|24:00:00|1|2027-03-05T00:00:01",
    )
    assert reading.days == (
        UsedHoursInput(day=datetime.date(2027, 3, 2), node_hours=16 * 4.0),
        UsedHoursInput(day=datetime.date(2027, 3, 3), node_hours=16 * 24.0),
        UsedHoursInput(day=DAY, node_hours=16 * 8.0 + 1.0 + 24.0 - 1 / 3600, jobs=2, failed_jobs=1),
        UsedHoursInput(day=datetime.date(2027, 3, 5), node_hours=pytest.approx(1 / 3600), jobs=1),
    )
    assert written(reading.remarks) == ()


def test_that_columns_may_stand_in_any_order_and_more_may_be_there() -> None:
    reading = read(
        "2027-03-04T08:00:00|alice|4|12|COMPLETED|01:00:00|",
        head="End|User|NNodes|JobIDRaw|State|Elapsed|".replace("JobIDRaw", "JobID"),
    )
    assert reading.days[0].node_hours == 4.0


def test_that_states_with_words_behind_them_are_read() -> None:
    reading = read(
        "1|CANCELLED by 4711|02:00:00|3|2027-03-04T08:00:00", "2|OUT_OF_ME+|01:00:00|1|2027-03-04T09:00:00"
    )
    assert (reading.days[0].node_hours, reading.days[0].failed_jobs) == (7.0, 2)


def test_that_jobs_that_used_nothing_are_no_jobs() -> None:
    reading = read("1|CANCELLED by 4711|00:00:00|0|2027-03-04T08:00:00")
    assert (reading.days, reading.jobs, reading.remarks) == ((), 0, ())


def test_that_running_jobs_are_named_and_wait() -> None:
    reading = read("7|RUNNING|05:00:00|4|Unknown")
    assert reading.days == ()
    assert written(reading.remarks) == ("Line 2, job 7: running, counts once it has ended.",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("8|COMPLETED|5 hours|4|2027-03-04T08:00:00", 'Line 2, job 8: the time "5 hours"'),
        ("8|COMPLETED|05:00:00|many|2027-03-04T08:00:00", 'Line 2, job 8: the nodes "many"'),
        ("8|COMPLETED|05:00:00|4|Unknown", 'Line 2, job 8: the end "Unknown"'),
        ("8|COMPLETED|05:00:00", "Line 2 has 3 columns instead of 5"),
        ("8||05:00:00|4|2027-03-04T08:00:00", "Line 2, job 8: it has no state"),
    ],
)
def test_that_a_bad_line_is_named_and_the_others_count(line: str, words: str) -> None:
    reading = read(line, "9|COMPLETED|01:00:00|4|2027-03-04T08:00:00")
    assert text(reading.remarks[0]).startswith(words)
    assert reading.days[0].node_hours == 4.0


def test_that_part_of_a_shared_node_counts_by_its_gpus() -> None:
    """Two of four GPUs for three hours are 1.5 node-hours; on JUPITER, whose nodes
    are given whole, they are 3."""
    line = "1|COMPLETED|03:00:00|1|2027-03-04T08:00:00|billing=16,cpu=16,gres/gpu=2,mem=120G,node=1"
    head = f"{HEAD}|AllocTRES"
    assert read(line, head=head).days[0].node_hours == 1.5
    assert read(line, head=head, machine="jupiter-booster").days[0].node_hours == 3.0


def test_that_a_job_without_gpus_is_named_and_left_out() -> None:
    reading = read(
        "1|COMPLETED|03:00:00|1|2027-03-04T08:00:00|billing=16,cpu=16,node=1", head=f"{HEAD}|AllocTRES"
    )
    assert reading.days == ()
    assert "used no GPU" in text(reading.remarks[0])


def test_that_energy_is_read_in_joules_with_suffixes() -> None:
    """7.2 MJ are 2 kWh."""
    head = f"{HEAD}|ConsumedEnergy"
    reading = read("1|COMPLETED|01:00:00|1|2027-03-04T08:00:00|7.20M", head=head)
    assert reading.days[0].energy_kwh == pytest.approx(2.0)
    none = read("1|COMPLETED|01:00:00|1|2027-03-04T08:00:00|0", head=head)
    assert none.days[0].energy_kwh is None


def test_that_energy_of_steps_stands_in_once_where_the_job_has_none() -> None:
    reading = read(
        "1|COMPLETED|01:00:00|1|2027-03-04T08:00:00|",
        "1.batch|COMPLETED|01:00:00|1|2027-03-04T08:00:00|3600000",
        "1.0|COMPLETED|00:59:00|1|2027-03-04T08:00:00|3500000",
        head=f"{HEAD}|ConsumedEnergyRaw",
    )
    assert reading.days[0].energy_kwh == pytest.approx(1.0)


def test_that_a_day_with_jobs_without_energy_states_none() -> None:
    reading = read(
        "1|COMPLETED|01:00:00|1|2027-03-04T08:00:00|3.6M",
        "2|COMPLETED|01:00:00|1|2027-03-04T09:00:00|",
        head=f"{HEAD}|ConsumedEnergy",
    )
    assert reading.days[0].energy_kwh is None


def test_that_a_requeued_job_counts_each_time_and_a_repeated_line_once() -> None:
    first, second = (
        "5|REQUEUED|01:00:00|1|2027-03-04T08:00:00",
        "5|COMPLETED|02:00:00|1|2027-03-04T12:00:00",
    )
    (day,) = read(first, second, HEAD, first).days
    assert (day.node_hours, day.jobs, day.failed_jobs) == (3.0, 2, 1)


def test_that_a_file_without_the_earlier_attempts_is_noticed() -> None:
    reading = read("5|COMPLETED|02:00:00|1|2027-03-04T12:00:00|2", head=f"{HEAD}|Restarts")
    assert "earlier attempts" in text(reading.remarks[0])
    assert "--duplicates" in text(COMMAND)


def test_that_importing_again_replaces_the_day() -> None:
    known = (
        UsedHoursInput(day=DAY, node_hours=5.0, jobs=1),
        UsedHoursInput(day=datetime.date(2027, 3, 1), node_hours=1.0),
    )
    reading = read("1|COMPLETED|01:00:00|7|2027-03-04T08:00:00")
    again = with_imported(known, reading)
    assert [item.node_hours for item in again] == [1.0, 7.0]
    assert with_imported(again, reading) == again


def test_that_a_job_across_two_imports_counts_once() -> None:
    """Ten nodes for two hours around midnight: file 1 is asked for before the job ends, file 2 from the
    second day on; whichever comes, the first day keeps its other job."""
    other = "1|COMPLETED|01:00:00|3|2027-03-04T08:00:00"
    across = "2|COMPLETED|02:00:00|10|2027-03-05T01:00:00"
    before = with_imported((), read(other, "2|RUNNING|01:00:00|10|Unknown"))
    after = with_imported(before, read(across))
    assert [item.node_hours for item in after] == [13.0, 10.0]
    assert with_imported(after, read(across)) == after
    assert with_imported(after, read(other, across)) == after


@pytest.mark.parametrize("text", ["", "\n\n", "hello", "a|b|c\n1|2|3"])
def test_that_another_file_is_refused_with_the_command(text: str) -> None:
    with refused(PlanError, match="sacct --parsable2"):
        read_sacct(text, CATALOGUE.machine("lumi-g"))


def test_that_missing_columns_are_named() -> None:
    with refused(PlanError, match="Elapsed, AllocNodes are missing"):
        read_sacct("JobID|State|End\n", CATALOGUE.machine("lumi-g"))


@given(st.integers(0, 366 * 86400))
def test_that_durations_come_back(seconds: int) -> None:
    assert elapsed_seconds(elapsed_text(seconds)) == seconds


@given(
    st.lists(
        st.tuples(
            st.integers(1, 500),
            st.integers(1, 10**6),
            st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2028, 1, 1)),
            st.sampled_from(["COMPLETED", "FAILED", "TIMEOUT", "CANCELLED by 1", "NODE_FAIL"]),
        ),
        max_size=30,
    )
)
def test_that_no_hour_is_lost_on_the_way(jobs: list[tuple[int, int, datetime.datetime, str]]) -> None:
    lines = [
        f"{i}|{state}|{elapsed_text(seconds)}|{nodes}|{end.replace(microsecond=0).isoformat()}"
        for i, (nodes, seconds, end, state) in enumerate(jobs)
    ]
    reading = read(*lines)
    assert sum(day.node_hours for day in reading.days) == pytest.approx(
        sum(nodes * seconds / 3600.0 for nodes, seconds, _, _ in jobs)
    )
    assert reading.jobs == len(jobs) == sum(day.jobs for day in reading.days)
    assert {end.date() for _, _, end, _ in jobs} <= {day.day for day in reading.days}
    assert [day.day for day in reading.days] == sorted(day.day for day in reading.days)


@given(st.text(max_size=200))
def test_that_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_sacct(f"{HEAD}\n{text}", CATALOGUE.machine("lumi-g"))
    except PlanError:
        pytest.fail("a bad line is a remark, not a refusal")


def test_that_single_fields_are_read() -> None:
    assert count_of("2K", "nodes") == 2048
    assert bytes_of("494000M") == 494000 * 2.0**20
    assert bytes_of("64G") == 64 * 2.0**30
    assert gpus_in("cpu=64,gres/gpu:a100=8,gres/gpu=8,node=1") == 8
    assert gpus_in("cpu=64") == 0
    assert gpus_in("") is None
    assert joules_of("1.5G") == 1.5e9
    assert joules_of("18446744073709551614") is None
    with pytest.raises(FieldError):
        joules_of("lots")
