"""What the commands on a plan share: reading it, and having it answered."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from estimators.catalogue.load import Catalogue
    from estimators.planning.records import Comparison


@dataclass(frozen=True, slots=True)
class Answered:
    """A plan with the answer for one of its runs."""

    plan: Plan
    run_id: str
    catalogue: Catalogue
    comparison: Comparison


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the plan, the run and the choice of JSON."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument("--run", dest="run_id", metavar="ID", help="run of the plan, default the first")
    parser.add_argument("--json", action="store_true", help="print JSON")


def answered(arguments: argparse.Namespace) -> Answered:
    """Reads the plan and has it answered on every machine.

    Raises:
        PlanError: The plan cannot be used.
        CatalogueError: A catalogue file is wrong.
    """
    from app.plan.errors import PlanError
    from app.plan.files import read_plan
    from app.plan.resolve import run_spec
    from estimators.catalogue.load import load_catalogue

    catalogue = load_catalogue()
    plan = read_plan(arguments.plan, catalogue)
    spec = run_spec(plan, catalogue, arguments.run_id)

    from estimators import RunError, compare  # numpy, once the plan is known to be good

    try:
        comparison = compare(spec, catalogue)
    except RunError as error:
        raise PlanError(f"{arguments.plan}: {error}") from None
    return Answered(plan, plan.run(arguments.run_id).id, catalogue, comparison)
