"""What the commands on a plan share: reading it, and having it answered."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.faults import UsageError
from app.cli.measured import FLAG, add_flag, refusal, with_confirmed
from estimators.words import Name, say

if TYPE_CHECKING:
    from app.plan.amounts import Amount
    from app.plan.schema import MeasuredStepInput, Plan
    from estimators.catalogue.load import Catalogue
    from estimators.planning.records import Comparison
    from estimators.requests.access_results import Access


@dataclass(frozen=True, slots=True)
class Answered:
    """A plan with the answer for one of its runs, and what all of them ask for.

    Attributes:
        access: None where no request can be made.
    """

    plan: Plan
    run_id: str
    catalogue: Catalogue
    comparison: Comparison
    access: Access | None


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the plan, the run and the choice of JSON."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument("--run", dest="run_id", metavar="ID", help="run of the plan, default the main run")
    step = parser.add_argument_group("a step that you measured", "moves the answer and narrows its range")
    step.add_argument("--measured-step", metavar="SECONDS", help="mean time of a step, e.g. 12.3 or 850ms")
    step.add_argument("--measured-gpus", metavar="N", help="GPUs of that run, as software sees them")
    step.add_argument("--measured-machine", metavar="ID", help='its machine or "own", default the plan\'s')
    step.add_argument("--measured-batch", metavar="SAMPLES", help="samples of that step, default the plan's")
    add_flag(step)
    parser.add_argument("--json", action="store_true", help="print JSON")


def with_measured_step(plan: Plan, arguments: argparse.Namespace) -> Plan:
    """The plan with the measured step of the command line, where there is one.

    Raises:
        UsageError: A part of the step is missing or no number.
        PlanError: The plan has no such run, or refuses a value.
    """
    from app.plan.resolve import run_index

    if arguments.measured_step is not None:
        from app.plan.edits import change

        path = f"runs.{run_index(plan, arguments.run_id)}.measured_step"
        plan = change(plan, path, _measured_step(plan, arguments)).apply(plan)
    else:
        lonely = [name for name in ("gpus", "machine", "batch") if getattr(arguments, f"measured_{name}")]
        if lonely:
            raise UsageError(
                say(
                    "--measured-{part} describes a step; give its time with --measured-step.",
                    part=Name(lonely[0]),
                )
            )
    return _confirmed(plan, run_index(plan, arguments.run_id)) if arguments.measured_anyway else plan


def _confirmed(plan: Plan, index: int) -> Plan:
    if plan.runs[index].measured_step is None and not plan.campaign.scaling:
        raise UsageError(
            say(
                "{flag} takes a measured step; give one with --measured-step, or in the plan.",
                flag=Name(FLAG),
            )
        )
    return with_confirmed(plan, index)


def _measured_step(plan: Plan, arguments: argparse.Namespace) -> MeasuredStepInput:
    from app.plan.amounts import parse_count, parse_seconds
    from app.plan.schema import MeasuredStepInput

    if arguments.measured_gpus is None:
        raise UsageError(say("--measured-step needs the GPUs of that run; give them with --measured-gpus."))
    machine = arguments.measured_machine or plan.target.machine
    if machine is None:
        raise UsageError(
            say("The plan names no machine; say with --measured-machine where the step was taken.")
        )
    batch = arguments.measured_batch
    return MeasuredStepInput(
        machine=machine,
        gpus=_amount("--measured-gpus", parse_count, arguments.measured_gpus, "gpus"),
        step_seconds=_amount("--measured-step", parse_seconds, arguments.measured_step),
        batch_samples=None if batch is None else _amount("--measured-batch", parse_count, batch, "samples"),
    )


def _amount(option: str, parse: Callable[..., Amount], *text: str) -> Any:
    from app.plan.amounts import AmountError

    try:
        return parse(*text).value
    except AmountError as error:
        raise UsageError(say("{option}: {problem}", option=Name(option), problem=error.said)) from None


def answered(arguments: argparse.Namespace) -> Answered:
    """Reads the plan and has it answered on every machine.

    Raises:
        PlanError: The plan cannot be used.
        UsageError: The measured step cannot be used.
        CatalogueError: A catalogue file is wrong.
    """
    from app.plan.files import read_plan
    from app.plan.resolve import run_spec
    from estimators.catalogue.load import load_catalogue

    catalogue = load_catalogue()
    plan = with_measured_step(read_plan(arguments.plan, catalogue), arguments)
    spec = run_spec(plan, catalogue, arguments.run_id)

    from estimators import RunError, compare  # numpy, once the plan is known to be good

    try:
        comparison = compare(spec, catalogue)
    except RunError as error:
        raise refusal(arguments.plan, error, has_flag=True) from None
    access = whole_access(plan, catalogue, comparison)
    return Answered(plan, plan.run(arguments.run_id).id, catalogue, comparison, access)


def whole_access(plan: Plan, catalogue: Catalogue, comparison: Comparison) -> Access | None:
    """What a whole plan asks for as of now; None where one of its runs cannot be estimated.

    Args:
        comparison: Of one of its runs.
    """
    import datetime

    from app.plan.campaign import campaign_spec
    from estimators import RunError
    from estimators.requests.access import plan_access

    now = datetime.datetime.now().astimezone()
    try:
        return plan_access(campaign_spec(plan, catalogue), catalogue, now, compared=comparison)
    except RunError:
        return None
