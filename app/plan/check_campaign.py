"""What can be wrong with the project around the runs: their order, and the names that it uses."""

from __future__ import annotations

from collections.abc import Iterator

from app.plan.errors import Problem, either, unknown
from app.plan.schema import OWN_MACHINE, Plan, RunInput
from estimators.catalogue.load import Catalogue


def order_problems(plan: Plan) -> Iterator[Problem]:
    """Runs that wait for themselves or for a run that is not there."""
    known = {run.id: run for run in plan.runs}
    for index, run in enumerate(plan.runs):
        path = f"runs.{index}.after"
        missing = [other for other in run.after if other not in known]
        if missing:
            yield Problem(path, f'names "{missing[0]}", which is no run. Use {either(sorted(known))}.')
        elif run.id in _waits_for(run.id, known):
            yield Problem(path, f'makes "{run.id}" wait for itself. Take one run out of the circle.')


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
        yield from unknown(f"{path}.machine", "machine", point.machine, {*machines, OWN_MACHINE})
        if point.run_id is not None and point.run_id not in runs:
            yield Problem(f"{path}.run_id", f'names "{point.run_id}", which is no run of the plan.')
