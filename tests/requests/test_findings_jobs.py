"""What the technical check says of jobs, on a site of three queues that a hand can check.

A node has four GPUs. The queue "normal" takes 64 nodes for 24 hours, "large" from 65 to 256 nodes for 12,
"debug" 8 nodes for half an hour.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.words import text
from estimators import Range
from estimators.catalogue import load_catalogue
from estimators.catalogue.records import Machine, Queue
from estimators.quantity import Fact
from estimators.requests.findings.case import Case, hours_words
from estimators.requests.results import Finding, JobType
from estimators.words import Value
from tests.requests.builders import campaign_run, case_of, findings_of, line_of, open_of, project, run_spec

CATALOGUE = load_catalogue()
LEONARDO = CATALOGUE.machine("leonardo-booster")
LUMI = CATALOGUE.machine("lumi-g")


def fact(value: Any, unit: str = "count") -> Fact[Any]:
    return Fact(value=value, unit=unit, source="Guide", confidence="official", as_of="2026-11-01")


def queue(
    name: str, nodes: float | None, hours: float | None, kind: Any = "production", **more: Any
) -> Queue:
    bounds = {key: fact(value) for key, value in more.items() if key != "max_devices_of"}
    of = {key: value for key, value in more.items() if key == "max_devices_of"}
    return Queue(name=name, kind=kind, max_nodes=fact(nodes), max_walltime=fact(hours, "h"), **bounds, **of)


NORMAL, DEBUG = queue("normal", 64.0, 24.0), queue("debug", 8.0, 0.5, "debug")
LARGE = queue("large", 256.0, 12.0, "large", min_nodes=65.0)


def site(*queues: Queue, **changes: Any) -> Machine:
    return msgspec.structs.replace(LEONARDO, queues=queues or (NORMAL, LARGE, DEBUG), **changes)


def case(*jobs: dict[str, Any], at: Machine | None = None, lost: bool = False, **job: Any) -> Case:
    """Runs as their GPUs, hours, range and other inputs say; the first is the main run."""
    machine, runs, lines = at or site(), [], []
    for place, one in enumerate(jobs or (job,)):
        given = dict(one)
        wall, answer = given.pop("wall", None), given.pop("answer", {})
        run = campaign_run(CATALOGUE, **{"identity": "main" if place == 0 else f"run {place}", **given})
        line = line_of(run, machine, **answer)
        line = line if wall is None else replace(line, wall_hours=Range(*wall))
        runs.append(run)
        lines.append(replace(line, wall_hours=None, base_node_hours=0.0) if lost else line)
    return case_of(project(*runs), CATALOGUE, machine, tuple(lines))


def only(of: Case, rule: str) -> Finding:
    (found,) = open_of(of, rule)
    return found


def passed(of: Case, rule: str) -> Finding | None:
    found = [one for one in findings_of(of) if (one.rule, one.severity) == (rule, "pass")]
    return found[0] if found else None


def words(found: Finding | None) -> tuple[str, str, str]:
    assert found is not None
    return plain(found.why), plain(found.figure), plain(found.limit)


def plain(value: Value | str) -> str:
    return text(value).replace("\u202f", " ")


# ---------------------------------------------------------------- size


def test_that_a_job_wider_than_the_widest_queue_is_told_in_whole_nodes() -> None:
    found = only(case(gpus=1026), "job-size")  # 256.5 nodes
    assert plain(found.title) == "257 nodes in one job; the queue large of Leonardo takes 256"
    assert "Main run asks for 1 026 GPUs, 4 on a node." in plain(found.why)
    assert "take at most 1 024 GPUs, which are 256 nodes." in plain(found.why)
    assert (found.fact, found.fix.value if found.fix else None) == (LARGE.max_nodes, 1024)


def test_that_the_widest_job_is_held_against_its_queue() -> None:
    found = passed(case({"gpus": 4}, {"gpus": 12}), "job-size")
    assert words(found)[0] == "3 nodes of at most 64 in the queue normal"
    assert found is not None
    assert found.fact == NORMAL.max_nodes
    unknown = passed(case(at=site(queue("open", None, 24.0))), "job-size")
    assert words(unknown)[0] == "1 node of at most 3 456 on Leonardo; the queue's limit is not published"
    for rule in ("job-size", "queue-minimum", "whole-nodes"):
        assert passed(case(lost=True), rule) is None


def test_that_a_job_between_two_queues_is_told_the_nearest() -> None:
    huge = queue("huge", 512.0, 6.0, "large", min_nodes=129.0)
    found = only(case(gpus=42, at=site(huge, LARGE)), "queue-minimum")  # 10.5 nodes
    assert text(found.title) == "11 nodes in one job; the queue large takes 65 or more"
    assert (text(found.limit), found.fix.value if found.fix else None) == ("65 nodes or more", 260)
    fine = passed(case(gpus=400, at=site(huge, LARGE)), "queue-minimum")
    assert words(fine)[0] == "Every job size has a queue"


@pytest.mark.parametrize(
    ("exclusive", "gpus", "title", "value", "named"),
    [
        (False, 6, "6 GPUs pay for 2 nodes: 2 stand idle", 8, "devices_per_node"),
        (True, 6, "6 GPUs pay for 2 nodes: 2 stand idle", 8, "devices_per_node"),
        (True, 1, "1 GPU pays for 1 node: 3 stand idle", 4, "exclusive_nodes"),
        (True, 3, "3 GPUs pay for 1 node: 1 stands idle", 4, "exclusive_nodes"),
    ],
)
def test_that_idle_gpus_of_a_node_are_counted(
    exclusive: bool, gpus: int, title: str, value: int, named: str
) -> None:
    machine = site(exclusive_nodes=fact(exclusive, "flag"))
    found = only(case(gpus=gpus, at=machine), "whole-nodes")
    assert text(found.title) == title
    assert found.fact == getattr(machine, named)
    assert found.fix is not None
    assert (text(found.fix.label), found.fix.value) == (f"Use all {value} GPUs", value)


def test_that_named_gpus_count_and_not_those_of_the_estimate() -> None:
    assert text(only(case(gpus=6, answer={"gpus": 8}), "whole-nodes").title).startswith("6 GPUs pay")
    chosen = case(spec=run_spec(CATALOGUE, gpus=None), answer={"gpus": 6})
    assert text(only(chosen, "whole-nodes").title).startswith("6 GPUs pay")


def test_that_it_is_said_whether_nodes_are_shared() -> None:
    for exclusive, said in ((False, "parts of a node are shared"), (True, "nodes are not shared")):
        machine = site(exclusive_nodes=fact(exclusive, "flag"))
        found = passed(case(at=machine), "whole-nodes")
        assert words(found)[0] == f"4 GPUs on a node, {said}"
        assert found is not None
        assert found.fact == machine.exclusive_nodes
    silent = passed(case(at=site(exclusive_nodes=None)), "whole-nodes")
    assert silent is not None
    assert silent.fact == LEONARDO.devices_per_node


def test_that_half_a_module_of_lumi_is_paid_for_nothing() -> None:
    found = only(case(gpus=5, at=LUMI), "whole-gpus")
    assert text(found.title) == "5 GCDs are no whole number of modules"
    assert "Software counts 2 devices (GCDs) on a module of LUMI" in text(found.why)
    assert (text(found.limit), found.fix.value if found.fix else None) == ("a multiple of 2", 6)
    rate = LUMI.site_unit.per_gpu_hour if LUMI.site_unit is not None else None
    assert rate is not None
    assert found.fact == rate
    fine = passed(case(gpus=8, at=LUMI), "whole-gpus")
    assert words(fine)[0] == "2 GCDs counted as one GPU, everywhere once"
    assert fine is not None
    assert fine.fact == rate
    assert passed(case(gpus=8), "whole-gpus") is None


# ---------------------------------------------------------------- time


def test_that_a_run_that_cannot_restart_is_held_against_one_job_at_p80() -> None:
    frail = {"restarts_from_checkpoint": False}
    assert open_of(case(hours=24.0, **frail), "wall-clock") == ()
    found = only(case(wall=(20.0, 23.0, 90.0, 95.0), **frail), "wall-clock")
    assert plain(found.title) == "Main run: 90 h; normal ends jobs after 24 h"
    assert text(found.why).endswith("With them it is a chain of 4 jobs.")
    assert (plain(found.figure), plain(found.limit)) == ("90 h at P80", "24 h for one job")
    assert open_of(case(hours=90.0), "wall-clock") == ()


def test_that_the_longest_chain_is_said() -> None:
    chain = passed(case({"hours": 90.0}, {"hours": 40.0}), "wall-clock")
    assert words(chain) == (
        "24 h jobs, up to 4 in a chain, 10 min for each start",
        "4 jobs",
        "24 h in normal",
    )
    two = passed(case(hours=40.0), "wall-clock")
    assert words(two)[:2] == ("24 h jobs, up to 2 in a chain, 10 min for each start", "2 jobs")
    one = passed(case(hours=24.0), "wall-clock")
    assert words(one) == ("Every run ends within one job of 24 h", "1 job", "24 h in normal")
    assert passed(case(hours=90.0, at=site(queue("open", 64.0, None))), "wall-clock") is None


def test_that_a_run_of_more_than_an_hour_should_write_checkpoints() -> None:
    frail = {"restarts_from_checkpoint": False}
    assert open_of(case(wall=(0.5, 1.0, 1.9, 2.0), **frail), "no-checkpoint") == ()
    found = only(case(wall=(0.5, 1.2, 1.9, 2.0), **frail), "no-checkpoint")
    assert plain(found.title) == "Main run writes no checkpoint in 1.2 h"


def job(run_id: str, minutes: float | None, size: float) -> JobType:
    return JobType(
        run_id=run_id, name=run_id, queue="normal", nodes=1, gpus=4, walltime_hours=24.0, jobs=1,  # type: ignore[arg-type]
        simultaneous=1, device_memory_bytes=0.0, checkpoint_minutes=minutes, checkpoint_bytes=size,
    )  # fmt: skip


def test_that_the_checkpoints_of_the_main_run_are_said() -> None:
    made = case({}, {"identity": "other", "role": "test"})
    jobs = (job("other", 30.0, 1e9), job("main", 90.0, 112e9))
    found = passed(replace(made, jobs=jobs), "no-checkpoint")
    assert words(found) == ("112 GB every 1.5 h", "1.5 h", "a checkpoint every 4 to 12 hours")
    assert passed(replace(made, jobs=(job("main", None, 112e9),)), "no-checkpoint") is None


def test_that_checkpoints_further_apart_than_a_job_are_told() -> None:
    # 8.03 billion parameters of 14 bytes in 2 GB/s; a node of four GPUs fails half as often as one of eight
    model = CATALOGUE.model("Llama-3.1-8B")
    assert model.parameters is not None
    save = model.parameters.si * 14 / 2e9 / 3600
    failures = CATALOGUE.reliability["planning-presets"].facts["failures_per_1000_node_days_central"].si / 2
    best = hours_words(math.sqrt(2 * save * 1000 * 24 / failures))
    short = site(queue("short", 64.0, 6.0))
    found = only(case(hours=30.0, at=short), "checkpoint-interval")
    assert plain(found.title) == plain(
        f"A checkpoint every {text(best)} would be best; short ends jobs after 6 h"
    )
    assert (found.figure, plain(found.limit)) == (best, "6 h for one job")
    long = case(hours=100.0, at=site(queue("long", 64.0, 96.0)))
    assert words(passed(long, "checkpoint-interval")) == (
        plain(f"Every {text(best)}, written in {text(hours_words(save))}"),
        plain(best),
        "96 h for one job",
    )
    usual = {"wall": (5.0, 6.0, 8.0, 9.0)}  # one job, but for the slowest runs
    for none in (usual, {"hours": 30.0, "restarts_from_checkpoint": False}):
        assert open_of(case(at=short, **none), "checkpoint-interval") == ()
    unknown = passed(case(at=site(queue("open", 64.0, None))), "checkpoint-interval")
    assert words(unknown)[2] == "not published"
    frail = case(at=short, restarts_from_checkpoint=False)
    assert passed(frail, "checkpoint-interval") is None


# ---------------------------------------------------------------- tests in debug queues


def a_test(nodes: int, wall: tuple[float, float, float, float], at: Machine | None = None) -> Case:
    return case(gpus=4 * nodes, wall=wall, role="test", at=at)


def test_that_a_test_fits_the_debug_queue_by_nodes_and_hours_at_p80() -> None:
    fits = a_test(8, (0.1, 0.2, 0.5, 0.9))
    assert open_of(fits, "debug-queue") == ()
    assert words(passed(fits, "debug-queue")) == ("Tests run in debug", "8 nodes", "8 nodes, 30 min")
    assert passed(case(hours=0.2), "debug-queue") is None
    assert open_of(case(hours=90.0), "debug-queue") == ()
    assert open_of(a_test(9, (9.0,) * 4, site(NORMAL)), "debug-queue") == ()


def test_that_a_test_that_takes_too_long_names_the_longest_debug_queue() -> None:
    slow = queue("slow", 2.0, 1.0, "debug")
    found = only(a_test(2, (1.0, 1.2, 1.5, 2.0), site(NORMAL, DEBUG, slow)), "debug-queue")
    assert plain(found.title) == "Main run: 1.5 h; the debug queue slow gives 1 h"
    assert (found.severity, found.fix, found.fact) == ("info", None, slow.max_walltime)


def test_that_a_test_that_is_too_wide_may_be_narrowed_where_it_still_ends_in_time() -> None:
    # twice the nodes: 0.25 hours become 0.5
    small = queue("small", 2.0, 0.5, "debug")
    found = only(a_test(16, (0.1, 0.2, 0.25, 0.3), site(NORMAL, small, DEBUG)), "debug-queue")
    assert plain(found.title) == "Main run: 16 nodes; the debug queue debug gives 8 nodes"
    assert (found.severity, found.fact) == ("warn", DEBUG.max_nodes)
    assert found.fix is not None
    assert (text(found.fix.label), found.fix.value) == ("Test on 8 nodes", 32)
    late = only(a_test(16, (0.1, 0.2, 0.26, 0.3)), "debug-queue")
    assert (late.severity, late.fix) == ("info", None)


# ---------------------------------------------------------------- jobs at once, unknown limits


def test_that_jobs_beyond_those_of_a_project_wait() -> None:
    four = site(queue("normal", 64.0, 24.0, max_jobs=4.0))
    found = only(case(count=10, at_once=6, at=four), "jobs-at-once")
    assert text(found.title) == "6 jobs of Main run at once; normal runs 4 of a project"
    assert text(found.why) == "The others wait, so the calendar of this run is 1.5 times too short."
    assert (text(found.figure), text(found.limit)) == ("6 jobs", "4 jobs of a project at a time")
    assert (found.fix.value if found.fix else None) == 4
    for count, at_once in ((3, 6), (10, 4)):
        assert open_of(case(count=count, at_once=at_once, at=four), "jobs-at-once") == ()
    assert words(passed(case(at=four), "jobs-at-once")) == (
        "normal runs 4 jobs of a project at a time",
        "normal runs 4 jobs of a project at a time",
        "4 jobs",
    )
    assert passed(case(at=site(NORMAL)), "jobs-at-once") is None


def test_that_a_cap_on_devices_holds_all_jobs_together() -> None:
    # jobs of two nodes have eight GPUs: 32 are four of them
    capped = site(queue("normal", 64.0, 24.0, max_devices=32.0, max_devices_of="project"))
    found = only(case(gpus=8, count=10, at_once=5, at=capped), "jobs-at-once")
    assert (text(found.limit), text(found.why).endswith("is 1.2 times too short.")) == (
        "4 jobs of a project at a time",
        True,
    )
    assert open_of(case(gpus=8, count=10, at_once=4, at=capped), "jobs-at-once") == ()


def test_that_limits_which_no_site_publishes_are_asked_for() -> None:
    unnamed = only(case(at=site(queue("open", 64.0, None), host=fact(None, "text"))), "queue-limits")
    assert text(unnamed.title) == "The wall-clock limit of open was not found"
    assert text(unnamed.why).startswith("Ask the site before you file")
    wide = only(case({"gpus": 4}, {"gpus": 12}, at=site(queue("open", None, 24.0))), "queue-limits")
    assert (text(wide.title), text(wide.figure)) == ("The node limit of open was not found", "3 nodes")
    assert (text(wide.limit), text(wide.source)) == ("not published", "Guide, official, 1 Nov 2026")
    assert text(wide.why).startswith(f"Ask {LEONARDO.host.value} before you file")
    bare = msgspec.structs.replace(LEONARDO, queues=())
    none = only(case(at=bare), "queue-limits")
    assert (text(none.title), text(none.source)) == (
        "No queue limit of Leonardo was found",
        "Not found in the catalogue",
    )
    assert open_of(case(at=bare, lost=True), "queue-limits") == ()
