"""`nodewise check`: what a technical reviewer would find in a plan."""

from __future__ import annotations

import argparse
from pathlib import Path

FAILING = 1
"""Exit status where a finding fails."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints the findings, the failing ones first.

    Returns:
        1 where a finding fails, else 0.
    """
    from app.cli.output import write_json, write_lines
    from app.cli.projects import project
    from app.present import findings as present
    from app.present.access import mode_id

    found = project(arguments.plan)
    request = found.request
    if arguments.json:
        write_json(
            {
                "plan": found.plan.name,
                "machine": request.campaign.machine.id,
                "request_node_hours": request.campaign.request_node_hours,
                "needed_node_hours": request.campaign.needed_node_hours,
                "mode": mode_id(request),
                "counts": present.counts(request.findings),
                "findings": [present.finding_record(finding) for finding in request.findings],
                "catalogue_date": found.catalogue.date,
            }
        )
    else:
        write_lines(*present.lines(request.findings), "", f"{present.tally(request.findings)}.")
    return FAILING if request.failing else 0
