"""Runs come, go and move in one step of undo, and nothing is left that names a run that is gone."""

from __future__ import annotations

import pytest

from app.plan.edits import change_together
from app.plan.errors import PlanError
from app.plan.project import CampaignInput, ScalingPointInput
from app.plan.run_edits import RunEdit, add_run, delete_run, duplicate_run, free_id, move_run, set_after
from app.plan.schema import DataInput, Plan, RunInput, WorkloadInput
from tests.spoken import refused


def a_run(run_id: str, after: tuple[str, ...] = (), **more: object) -> RunInput:
    return RunInput(
        id=run_id,
        name=run_id.capitalize(),
        workload=WorkloadInput(model="EuroLLM-9B", method="pretraining"),
        data=DataInput(tokens=10**11, global_batch_tokens=2**21),
        after=after,
        **more,
    )


@pytest.fixture
def plan() -> Plan:
    return Plan(
        name="chain", runs=(a_run("tests"), a_run("sweep", ("tests",)), a_run("main", ("sweep",), count=3))
    )


def done(plan: Plan, edit: RunEdit) -> Plan:
    step = change_together(plan, edit.values, edit.label)
    changed = step.apply(plan)
    assert step.revert(changed) == plan
    assert changed.run(edit.run_id).id == edit.run_id
    return changed


def ids(plan: Plan) -> list[str]:
    return [run.id for run in plan.runs]


def test_that_a_new_run_stands_below_the_one_named_with_its_model(plan: Plan) -> None:
    changed = done(plan, add_run(plan, "ablation", "tests"))
    assert ids(changed) == ["tests", "ablations", "sweep", "main"]
    fresh = changed.runs[1]
    assert (fresh.role, fresh.count, fresh.after) == ("ablation", 1, ())
    assert fresh.workload == plan.runs[0].workload
    assert 0 < fresh.share < 1


def test_that_a_part_of_the_data_names_no_batch_of_the_whole(plan: Plan) -> None:
    assert done(plan, add_run(plan, "test")).runs[-1].data.global_batch_tokens is None
    assert done(plan, add_run(plan, "tuning")).runs[-1].data.global_batch_tokens == 2**21


def test_that_a_copy_keeps_everything_but_its_name(plan: Plan) -> None:
    changed = done(plan, duplicate_run(plan, "main"))
    assert ids(changed) == ["tests", "sweep", "main", "main-2"]
    assert (changed.runs[3].name, changed.runs[3].count, changed.runs[3].after) == ("Main 2", 3, ("sweep",))
    assert done(changed, duplicate_run(changed, "main-2")).runs[4].name == "Main 3"


def test_that_what_waited_for_a_deleted_run_waits_for_its_predecessors(plan: Plan) -> None:
    changed = done(plan, delete_run(plan, "sweep"))
    assert ids(changed) == ["tests", "main"]
    assert changed.run("main").after == ("tests",)


def test_that_scaling_tests_go_with_their_run(plan: Plan) -> None:
    points = tuple(
        ScalingPointInput(machine="own", gpus=4, step_seconds=2.0, batch_samples=64, run_id=run_id)
        for run_id in ("sweep", None)
    )
    measured = Plan(name="chain", runs=plan.runs, campaign=CampaignInput(scaling=points))
    assert done(measured, delete_run(measured, "sweep")).campaign.scaling == points[1:]


def test_that_the_last_run_stays(plan: Plan) -> None:
    alone = Plan(name="one", runs=plan.runs[:1])
    with refused(PlanError, match="at least one run"):
        delete_run(alone, "tests")


@pytest.mark.parametrize(
    ("places", "order"), [(1, ["sweep", "tests", "main"]), (9, ["sweep", "main", "tests"])]
)
def test_that_a_run_moves_as_far_as_the_list_goes(plan: Plan, places: int, order: list[str]) -> None:
    assert ids(done(plan, move_run(plan, "tests", places))) == order


def test_that_a_run_moves_up(plan: Plan) -> None:
    assert ids(done(plan, move_run(plan, "main", -1))) == ["tests", "main", "sweep"]
    assert ids(done(plan, move_run(plan, "tests", -1))) == ids(plan)


def test_that_no_run_waits_for_itself(plan: Plan) -> None:
    with refused(PlanError, match="Tests would wait for itself: Main waits for Sweep waits for Tests"):
        set_after(plan, "tests", ("main",))
    assert done(plan, set_after(plan, "main", ("tests", "sweep"))).run("main").after == ("tests", "sweep")


def test_that_unknown_runs_are_named(plan: Plan) -> None:
    for edit in (duplicate_run, delete_run):
        with refused(PlanError, match='no run "nothing"'):
            edit(plan, "nothing")


def test_that_ids_are_free_whatever_the_name(plan: Plan) -> None:
    assert free_id(plan, "Data-mix ablations, 1.7B") == "data-mix-ablations-1-7b"
    assert free_id(plan, "Main") == "main-2"
    assert free_id(plan, "…") == "run"
