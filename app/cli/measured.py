"""What the commands share about measurements that a person has to confirm, or that cannot be used."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.plan.errors import PlanError
from estimators.words import NOTHING, Name, say, together

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from estimators import RunError

FLAG = "--measured-anyway"


def add_flag(parser: argparse._ActionsContainer) -> None:
    """Declares the flag that takes a measurement far from its prediction."""
    parser.add_argument(
        FLAG, action="store_true", help="take it though it is more than 3 times away from the prediction"
    )


def refusal(plan: Path, error: RunError, has_flag: bool) -> PlanError:
    """Why a run cannot be estimated; for a measurement to confirm, with the way to do so.

    Args:
        plan: Its file.
        has_flag: Whether the command knows `FLAG`.
    """
    from estimators.planning.plausible import FarStepError

    way = NOTHING
    if isinstance(error, FarStepError):
        flag = Name(FLAG) if has_flag else say('"confirmed": true beside it in the plan')
        way = say("Check it; if it is right, take it with {way}.", way=flag)
    problem = say("{file}: {problem}", file=Name(str(plan)), problem=error.said)
    return PlanError(together(problem, way))


def with_confirmed(plan: Plan, index: int | None) -> Plan:
    """The plan with its measurements confirmed.

    Args:
        index: Place of the run whose measured step is confirmed; None confirms the steps of all runs.
    """
    from app.plan.edits import with_value
    from app.plan.scaling_import import all_confirmed

    for place in range(len(plan.runs)) if index is None else (index,):
        if plan.runs[place].measured_step is not None:
            plan = with_value(plan, f"runs.{place}.measured_step.confirmed", True)
    return with_value(plan, "campaign.scaling", all_confirmed(plan.campaign.scaling))
