"""What the commands on a whole project share: reading its plan, changing it, having it answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.faults import UsageError
from app.cli.measured import refusal
from estimators.words import Name, say

if TYPE_CHECKING:
    from app.plan.schema import Plan
    from estimators.catalogue.load import Catalogue
    from estimators.requests.results import Request

MOST_IMPORTED_BYTES = 50_000_000
"""Of accounting or measured points: a busy project's jobs of a year with all their steps."""


@dataclass(frozen=True, slots=True)
class Project:
    """A plan with the request that it makes, and the fingerprint of the file that it was read from."""

    plan: Plan
    catalogue: Catalogue
    request: Request
    seen: str


def project(
    path: Path, changed: Callable[[Plan, Catalogue], Plan] | None = None, has_flag: bool = False
) -> Project:
    """Reads a plan and plans its request as of now.

    Args:
        path: Of the plan file.
        changed: Adds to the plan what the command line names.
        has_flag: Whether the command line can confirm measurements far from their prediction.

    Raises:
        PlanError: The plan cannot be used.
        CatalogueError: A catalogue file is wrong.
    """
    import datetime

    from app.plan.campaign import campaign_spec
    from app.plan.files import read_plan_file
    from estimators.catalogue.load import load_catalogue

    catalogue = load_catalogue()
    plan, seen = read_plan_file(path, catalogue)
    if changed is not None:
        plan = changed(plan, catalogue)
    spec = campaign_spec(plan, catalogue)

    from estimators import RunError  # numpy, once the plan is known to be good
    from estimators.requests.plan import plan_request

    try:
        request = plan_request(spec, catalogue, datetime.datetime.now().astimezone())
    except RunError as error:
        raise refusal(path, error, has_flag) from None
    return Project(plan, catalogue, request, seen)


def text_of(path: Path) -> str:
    """The text of a file to import, with a mark for each character that is no UTF-8.

    Raises:
        UsageError: It cannot be read.
    """
    from estimators.reading import ReadingError, read_file

    try:
        return read_file(path, MOST_IMPORTED_BYTES, say("a file to import")).decode(
            "utf-8-sig", errors="replace"
        )
    except ReadingError as error:
        raise UsageError(say("{file} {problem}", file=Name(str(path)), problem=error.said)) from None
