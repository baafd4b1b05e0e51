"""`nodewise jobs`: batch scripts and launcher settings for a run of the plan."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.faults import UsageError
from app.cli.measured import refusal
from app.cli.output import add_force, place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument("--run", dest="run_id", metavar="ID", help="run of the plan, default the main run")
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", type=place, required=True, help="where to write, made if missing"
    )
    add_force(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes the files and names them.

    Raises:
        PlanError: The plan cannot be used.
        UsageError: The run has no job, or the folder cannot be written.
        CatalogueError: A catalogue file is wrong.
    """
    from app.cli.output import write_files

    files = [(arguments.output / name, text) for name, text in _files(arguments).items()]
    write_files(files, arguments.force)
    return 0


def _files(arguments: argparse.Namespace) -> dict[str, str]:
    import datetime

    from app.plan.campaign import campaign_spec
    from app.plan.files import read_plan
    from estimators.catalogue.load import load_catalogue

    catalogue = load_catalogue()
    plan = read_plan(arguments.plan, catalogue)
    spec = campaign_spec(plan, catalogue)

    from app.dossier.jobs import NoJobError, job_files  # numpy, once the plan is known to be good
    from estimators import RunError
    from estimators.requests.plan import plan_request

    try:
        campaign = plan_request(spec, catalogue, datetime.datetime.now().astimezone()).campaign
    except RunError as error:
        raise refusal(arguments.plan, error, has_flag=False) from None
    try:
        return job_files(campaign, arguments.run_id or spec.main().id, plan.name, catalogue)
    except NoJobError as error:
        raise UsageError(error.said) from None
