"""What can be wrong with the project around the runs: their order, and the names that it uses."""

from __future__ import annotations

from collections.abc import Iterator

from app.plan.errors import Problem, either, unknown
from app.plan.schema import FIRST_YEAR, LAST_YEAR, OWN_MACHINE, Plan, RunInput
from estimators.catalogue.load import Catalogue
from estimators.words import Amount, Name, say


def order_problems(plan: Plan) -> Iterator[Problem]:
    """Runs that wait for themselves or for a run that is not there."""
    known = {run.id: run for run in plan.runs}
    for index, run in enumerate(plan.runs):
        path = f"runs.{index}.after"
        missing = [other for other in run.after if other not in known]
        if missing:
            yield Problem(
                path,
                say(
                    'names "{id}", which is no run. Use {names}.',
                    id=Name(missing[0]),
                    names=either(sorted(known)),
                ),
            )
        elif run.id in _waits_for(run.id, known):
            yield Problem(
                path, say('makes "{id}" wait for itself. Take one run out of the circle.', id=Name(run.id))
            )


def _waits_for(run_id: str, known: dict[str, RunInput]) -> set[str]:
    """Every run that must end before this one."""
    seen: set[str] = set()
    left = list(known[run_id].after)
    while left:
        other = left.pop()
        if other not in seen and other in known:
            seen.add(other)
            left += known[other].after
    return seen


def day_problems(plan: Plan) -> Iterator[Problem]:
    """Days before there were GPUs, or after anybody who reads the plan."""
    asked = plan.campaign
    days = {
        "target.start_date": plan.target.start_date,
        **{f"campaign.offers.{i}.as_of": offer.as_of for i, offer in enumerate(asked.offers)},
        **{f"campaign.used.{i}.day": used.day for i, used in enumerate(asked.used)},
    }
    for path, day in days.items():
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Problem(
                path,
                say(
                    "must lie in the years {first} to {last}; it is {day}.",
                    first=Name(str(FIRST_YEAR)),
                    last=Name(str(LAST_YEAR)),
                    day=Amount(day, form="plain"),
                ),
            )


def measured_machine_problems(path: str, machine: str, catalogue: Catalogue) -> Iterator[Problem]:
    """A machine on which nobody can have measured a step: one without known GPUs."""
    yield from unknown(path, "machine", machine, {**catalogue.machines, OWN_MACHINE: None})
    known = catalogue.machines.get(machine)
    if known is not None and (known.gpu is None or not known.devices_per_node.value):
        yield Problem(
            path,
            say(
                'names {machine}, whose GPUs are not known. Name another or "{own}".',
                machine=Name(known.name),
                own=Name(OWN_MACHINE),
            ),
        )


def campaign_problems(plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    """Names that the catalogue does not have."""
    asked = plan.campaign
    machines = catalogue.machines
    if asked.mode is not None:
        yield from unknown("campaign.mode", "access mode", asked.mode, catalogue.access_modes)
    if asked.fallback is not None:
        yield from unknown("campaign.fallback", "machine", asked.fallback, machines)
    if asked.overhead.factor is not None:
        from estimators.requests.overheads import overheads  # slow, and few plans name a factor

        factors = overheads(catalogue)
        yield from unknown("campaign.overhead.factor", "overhead", asked.overhead.factor, factors)
    for index, offer in enumerate(asked.offers):
        yield from unknown(f"campaign.offers.{index}.machine", "machine", offer.machine, machines)
        yield from unknown(f"campaign.offers.{index}.mode", "access mode", offer.mode, catalogue.access_modes)
    runs = {run.id for run in plan.runs}
    for index, point in enumerate(asked.scaling):
        path = f"campaign.scaling.{index}"
        yield from measured_machine_problems(f"{path}.machine", point.machine, catalogue)
        if point.run_id is not None and point.run_id not in runs:
            yield Problem(
                f"{path}.run_id", say('names "{id}", which is no run of the plan.', id=Name(point.run_id))
            )
