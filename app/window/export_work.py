"""What an export writes: one function that needs no window, run beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from app.plan.schema import Plan
from app.words import text
from estimators.catalogue.load import Catalogue
from estimators.requests.results import Request
from estimators.words import Amount, say

if TYPE_CHECKING:
    from app.plan.writing import Content


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that can be asked for.

    Attributes:
        id: Kept between two starts.
        words: What it is.
        hint: What it is for.
        is_for_team: Whether it goes with the team's edition alone.
    """

    id: str
    words: str
    hint: str
    is_for_team: bool = False


KINDS = (
    Kind("pdf", text(say("Dossier as PDF")), text(say("to hand in"))),
    Kind("docx", text(say("Dossier as DOCX")), text(say("to edit"))),
    Kind("xlsx", text(say("Workbook, XLSX")), text(say("live sums"))),
    Kind("md", text(say("Markdown")), text(say("for a wiki"))),
    Kind("json", text(say("JSON")), text(say("for programs"))),
    Kind("form", text(say("Form sheet")), text(say("to paste from"))),
    Kind("figures", text(say("Figures")), text(say("SVG, PDF and PNG"))),
    Kind("jobs", text(say("Job scripts")), text(say("team's edition only")), is_for_team=True),
)
USUAL = ("pdf", "docx", "xlsx", "form")


def write_kinds(
    kinds: tuple[str, ...],
    request: Request,
    plan: Plan,
    catalogue: Catalogue,
    folder: Path,
    force: bool = False,
    plan_file: Path | None = None,
) -> tuple[Path, ...]:
    """Write files of these kinds into a folder, once all of them are made, in the edition of the plan.

    Args:
        force: Whether files that exist may be written over.
        plan_file: Is not written over in any case.

    Raises:
        FilesExistError: Some exist, and `force` is not set. Nothing was written.
        WritingError: A file cannot be written.
    """
    from app.plan.writing import write_files

    files = _files(kinds, request, plan, catalogue, folder)
    return write_files(files, force, never=plan_file)


def _files(
    kinds: tuple[str, ...], request: Request, plan: Plan, catalogue: Catalogue, folder: Path
) -> list[tuple[Path, Content]]:
    """Every file of these kinds with its content."""
    from app.dossier.export import file_stem, rendered
    from app.dossier.main_run import main_comparison

    comparison = main_comparison(request, catalogue)
    edition = plan.dossier.edition
    stem = file_stem(plan, edition)
    files: list[tuple[Path, Content]] = []
    for kind in kinds:
        if kind == "jobs":
            files += _job_files(request, plan, catalogue, folder / "jobs")
        elif kind == "form":
            for ending in ("md", "csv"):
                path = folder / f"{file_stem(plan, 'reviewer')}-form.{ending}"
                files += rendered(request, comparison, plan, catalogue, path, "form")
        elif kind == "figures":
            files += rendered(request, comparison, plan, catalogue, folder / "figures", "figures")
        else:
            files += rendered(request, comparison, plan, catalogue, folder / f"{stem}.{kind}")
    return files


def _job_files(
    request: Request, plan: Plan, catalogue: Catalogue, folder: Path
) -> Iterator[tuple[Path, Content]]:
    """Scripts for every run that fits, each run in a folder of its own."""
    from app.dossier.jobs.files import job_files
    from app.dossier.jobs.job import NoJobError

    campaign = request.campaign
    taken: set[str] = set()
    for line in campaign.lines:
        try:
            files = job_files(campaign, line.run.id, plan.name, catalogue)
        except NoJobError:
            continue  # the dossier says why the run has no job
        name = re.sub(r"[^\w-]+", "-", line.run.id).strip("-") or "run"
        unlike = next(
            words for words in chain([name], (f"{name}-{k}" for k in count(2))) if words not in taken
        )
        taken.add(unlike)
        yield from ((folder / unlike / file, words) for file, words in files.items())


@dataclass(frozen=True, slots=True)
class Preview:
    """How an edition comes out.

    Attributes:
        picture: Its first page as PNG.
        words: How many pages it has, and how many are left.
    """

    picture: bytes
    words: str


def first_page(request: Request, plan: Plan, catalogue: Catalogue, pixels_per_inch: float) -> Preview:
    """The first page of the plan's edition in its language, and in the reader's how many pages it leaves."""
    from app.dossier.fitting import fitted
    from app.dossier.language import in_language
    from app.dossier.main_run import main_comparison
    from app.dossier.material import Material
    from app.dossier.pdf import page_pictures

    material = Material(request, main_comparison(request, catalogue), plan, catalogue)
    edition = plan.dossier.edition
    with in_language(plan):
        found = fitted(material, edition)
        pages = page_pictures(found.document, pixels_per_inch)
    words = (
        text(say("{pages} pages, each marked TEAM ONLY.", pages=Amount(len(pages), form="fixed")))
        if edition == "team"
        else found.words()
    )
    return Preview(pages[0], words)
