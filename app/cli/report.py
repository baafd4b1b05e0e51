"""`nodewise report`: the justification of a request as PDF, DOCX, XLSX, Markdown or JSON."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.faults import UsageError
from app.cli.measured import refusal
from app.cli.output import add_force, place
from app.words import Language, spoken, text
from estimators.words import Name, say

if TYPE_CHECKING:  # numpy, once the plan is known to be good
    from app.dossier.material import Material

WHATS = ("dossier", "form", "figures")
EDITIONS = ("reviewer", "team")
PAGED = (".pdf", ".docx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("plan", metavar="PLAN", type=Path, help="plan file (*.nodewise.json)")
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=place, required=True,
        help="file whose ending names the format (pdf, docx, xlsx, md, json; csv for the form; svg, png for a"
        " figure), or a folder for everything",
    )  # fmt: skip
    parser.add_argument("--what", choices=WHATS, default="dossier", help="default the whole dossier")
    add_force(parser)
    parser.add_argument(
        "--edition",
        choices=EDITIONS,
        help="reviewer: what may be handed in; team: all of it with findings, form sheet and doubtful facts,"
        " marked TEAM ONLY (default what the plan says, else reviewer)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes the files and names them.

    Raises:
        PlanError: The plan cannot be used.
        UsageError: The format is not known, or the place cannot be written.
        CatalogueError: A catalogue file is wrong.
    """
    import datetime

    from app.cli.output import write_files
    from app.plan.campaign import campaign_spec
    from app.plan.files import read_plan
    from estimators.catalogue.load import load_catalogue

    catalogue = load_catalogue()
    plan = read_plan(arguments.plan, catalogue)
    spec = campaign_spec(plan, catalogue)

    # numpy, once the plan is known to be good
    from app.dossier.export import ExportError, is_folder, rendered
    from app.dossier.main_run import main_comparison
    from app.dossier.material import Material
    from estimators import RunError
    from estimators.requests.plan import plan_request

    try:
        request = plan_request(spec, catalogue, datetime.datetime.now().astimezone())
        comparison = main_comparison(request, catalogue)
    except RunError as error:
        raise refusal(arguments.plan, error, has_flag=False) from None
    asked = spoken() if arguments.lang is not None else None
    try:
        files = rendered(
            request, comparison, plan, catalogue, arguments.output, arguments.what, arguments.edition, asked
        )
    except ExportError as error:
        raise UsageError(error.said) from None
    write_files(files, arguments.force, make_folders=is_folder(arguments.output), never=arguments.plan)
    edition = arguments.edition or plan.dossier.edition
    is_paged = any(path.suffix.lower() in PAGED for path, _ in files)
    if arguments.what == "dossier" and edition == "reviewer" and is_paged:
        _tell_pages(Material(request, comparison, plan, catalogue), asked)
    return 0


def _tell_pages(material: Material, asked: Language | None) -> None:
    """Say how many pages are left, where the access mode has a limit: not among the names of files."""
    import sys

    from app.dossier.fitting import fitted, page_limit
    from app.dossier.language import in_language

    if page_limit(material) is not None:
        with in_language(material.plan, asked):
            found = fitted(material, "reviewer")
        pages = say("Reviewer's edition: {words}", words=Name(found.words()))
        sys.stderr.write(f"{text(pages)}\n")
