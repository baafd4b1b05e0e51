"""Runs come, go and move: each as values for one step of undo.

Everything else that names a run (the order of runs, scaling tests) is kept right in the same step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from app.plan.errors import PlanError
from app.plan.schema import Plan, Role, RunInput
from app.words import text
from estimators.words import Amount, Listed, Name, Said, Value, say

ROLE_WORDS: dict[Role, Said] = {
    "test": say("Smoke and scaling tests"),
    "ablation": say("Ablations"),
    "sweep": say("Sweep"),
    "main": say("Main run"),
    "tuning": say("Instruction tuning"),
    "evaluation": say("Evaluation"),
    "other": say("Another run"),
}
"""What a new run of a role is called."""

START_SHARES: dict[Role, float] = {"test": 0.002, "ablation": 0.02, "sweep": 0.02, "evaluation": 0.01}
"""Part of the data that a new run of a role sees until the user says otherwise: a place to start from."""

MOST_RUNS = 1000
MOST_NAME_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class RunEdit:
    """What `Document.change_together` takes, and which run to show afterwards."""

    values: Mapping[str, Any]
    label: Said
    run_id: str


def add_run(plan: Plan, role: Role, after_id: str | None = None) -> RunEdit:
    """A new run below another one: its model and data, in the role's usual part.

    Args:
        plan: The plan as it is.
        role: What the new run is for.
        after_id: The run below which it stands; None takes the last.

    Raises:
        PlanError: The plan is full.
    """
    _check_room(plan)
    place = _place(plan, after_id) if after_id is not None else len(plan.runs) - 1
    pattern = plan.runs[place]
    name = _free_name(plan, text(ROLE_WORDS[role]))
    fresh = msgspec.structs.replace(
        pattern,
        id=free_id(plan, name),
        name=name,
        role=role,
        count=1,
        at_once=1,
        share=START_SHARES.get(role, 1),
        gpus=None,
        measured_step=None,
        after=(),
        earliest_month=None,
        fixed_hours=None,
        data=_without_batch(pattern) if role in START_SHARES else pattern.data,
    )
    return RunEdit({"runs": _inserted(plan, place + 1, fresh)}, say("Add {run}", run=Name(name)), fresh.id)


def duplicate_run(plan: Plan, run_id: str) -> RunEdit:
    """The same run once more, below the first.

    Raises:
        PlanError: The plan has no such run, or is full.
    """
    _check_room(plan)
    place = _place(plan, run_id)
    first = plan.runs[place]
    name = _free_name(plan, first.name)
    copy = msgspec.structs.replace(first, id=free_id(plan, name), name=name)
    return RunEdit(
        {"runs": _inserted(plan, place + 1, copy)}, say("Duplicate {run}", run=Name(first.name)), copy.id
    )


def delete_run(plan: Plan, run_id: str) -> RunEdit:
    """The plan without a run; what waited for it waits for what it waited for.

    Raises:
        PlanError: The plan has no such run, or no other one.
    """
    place = _place(plan, run_id)
    if len(plan.runs) == 1:
        raise PlanError(say("A plan has at least one run. Change this one, or add another first."))
    gone = plan.runs[place]
    kept = tuple(_passed_on(run, gone) for run in plan.runs if run.id != run_id)
    values: dict[str, Any] = {"runs": kept}
    scaling = tuple(point for point in plan.campaign.scaling if point.run_id != run_id)
    if scaling != plan.campaign.scaling:
        values["campaign.scaling"] = scaling
    return RunEdit(values, say("Delete {run}", run=Name(gone.name)), kept[min(place, len(kept) - 1)].id)


def move_run(plan: Plan, run_id: str, places: int) -> RunEdit:
    """The run so many places further down (or up, where negative), as far as the list goes.

    Raises:
        PlanError: The plan has no such run.
    """
    place = _place(plan, run_id)
    moved = plan.runs[place]
    rest = [run for run in plan.runs if run.id != run_id]
    rest.insert(max(0, min(len(rest), place + places)), moved)
    name = Name(moved.name)
    label = say("Move {run} down", run=name) if places > 0 else say("Move {run} up", run=name)
    return RunEdit({"runs": tuple(rest)}, label, run_id)


def set_after(plan: Plan, run_id: str, after: tuple[str, ...]) -> RunEdit:
    """The run after others.

    Raises:
        PlanError: A run is not in the plan, or would wait for itself.
    """
    place = _place(plan, run_id)
    for other in after:
        circle = _way(plan, other, run_id)
        if circle:
            names = [plan.run(one).name for one in circle]
            raise PlanError(
                say(
                    "{run} would wait for itself: {circle}. Choose a run that does not come after it.",
                    run=Name(plan.runs[place].name),
                    circle=_circle(names),
                )
            )
    name = Name(plan.runs[place].name)
    label = say("Start {run} after nothing", run=name)
    if after:
        others = Listed(tuple(Name(plan.run(one).name) for one in after), "")
        label = say("Start {run} after {others}", run=name, others=others)
    return RunEdit({f"runs.{place}.after": after}, label, run_id)


def _circle(names: list[str]) -> Value:
    """Each run with the one that it waits for."""
    first, *others = names
    if not others:
        return Name(first)
    return say("{run} waits for {other}", run=Name(first), other=_circle(others))


def free_id(plan: Plan, name: str) -> str:
    """An id that no run of the plan has yet, made from a name: "data-mix-ablations-2"."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "run"
    known = {run.id for run in plan.runs}
    if stem not in known:
        return stem
    return next(found for k in range(2, len(known) + 3) if (found := f"{stem}-{k}") not in known)


def _free_name(plan: Plan, name: str) -> str:
    known = {run.name for run in plan.runs}
    if name not in known:
        return name
    stem = re.sub(r" \d+$", "", name)[: MOST_NAME_CHARACTERS - 5]
    return next(found for k in range(2, len(known) + 3) if (found := f"{stem} {k}") not in known)


def _place(plan: Plan, run_id: str) -> int:
    for place, run in enumerate(plan.runs):
        if run.id == run_id:
            return place
    raise PlanError(say('The plan has no run "{id}".', id=Name(run_id)))


def _check_room(plan: Plan) -> None:
    if len(plan.runs) >= MOST_RUNS:
        raise PlanError(
            say(
                "A plan holds {n} runs. Say how often a run is repeated instead.",
                n=Amount(MOST_RUNS, form="fixed"),
            )
        )


def _inserted(plan: Plan, place: int, run: RunInput) -> tuple[RunInput, ...]:
    return (*plan.runs[:place], run, *plan.runs[place:])


def _without_batch(run: RunInput) -> Any:
    """A part of the data may be smaller than one step of the whole."""
    return msgspec.structs.replace(run.data, global_batch_tokens=None, global_batch_samples=None)


def _passed_on(run: RunInput, gone: RunInput) -> RunInput:
    if gone.id not in run.after:
        return run
    after = dict.fromkeys(
        one for other in run.after for one in (gone.after if other == gone.id else (other,))
    )
    return msgspec.structs.replace(run, after=tuple(one for one in after if one != run.id))


def _way(plan: Plan, start: str, goal: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """From one run along its `after` to another; () where no way leads there."""
    if start == goal:
        return (start,)
    if start in seen:
        return ()
    for other in plan.runs[_place(plan, start)].after:
        rest = _way(plan, other, goal, seen | {start})
        if rest:
            return (start, *rest)
    return ()
