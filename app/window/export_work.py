"""What an export writes: one function that needs no window, run beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from app.plan.schema import Plan
from estimators.catalogue.load import Catalogue
from estimators.requests.results import Request


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that can be asked for.

    Attributes:
        id: Kept between two starts.
        words: What it is.
        hint: What it is for.
    """

    id: str
    words: str
    hint: str


KINDS = (
    Kind("pdf", "Dossier as PDF", "The justification of resources as it is handed in"),
    Kind("docx", "Dossier as DOCX", "The same to edit in Word or LibreOffice"),
    Kind("xlsx", "Workbook, XLSX", "Live formulas that recompute when an input changes"),
    Kind("md", "Dossier as Markdown", "For a repository or a wiki"),
    Kind("json", "Everything as JSON", "For other programs"),
    Kind("form", "Form sheet", "Each field of the portal with the value to paste"),
    Kind("figures", "Figures", "SVG, PDF and PNG of every chart of the dossier"),
    Kind("jobs", "Job scripts", "Slurm script and launcher settings of every run"),
)
USUAL = ("pdf", "docx", "xlsx", "form")


class ExportFailedError(Exception):
    """Nothing, or not all of it, was written; the text is one sentence."""


def write_kinds(
    kinds: tuple[str, ...], request: Request, plan: Plan, catalogue: Catalogue, folder: Path
) -> tuple[Path, ...]:
    """Write files of these kinds into a folder.

    Raises:
        ExportFailedError: A file cannot be written.
    """
    from app.dossier.export import ExportError, export
    from app.dossier.main_run import main_comparison

    comparison = main_comparison(request, catalogue)
    stem = plan.name.replace("/", "-").lstrip(".") or "plan"
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in kinds:
            if kind == "jobs":
                written += _write_jobs(request, plan, catalogue, folder / "jobs")
            elif kind == "form":
                for ending in ("md", "csv"):
                    path = folder / f"{stem}-form.{ending}"
                    written += export(request, comparison, plan, catalogue, path, "form")
            elif kind == "figures":
                (folder / "figures").mkdir(exist_ok=True)
                written += export(request, comparison, plan, catalogue, folder / "figures", "figures")
            else:
                written += export(request, comparison, plan, catalogue, folder / f"{stem}.{kind}")
    except (ExportError, ValueError) as error:
        raise ExportFailedError(str(error)) from None
    except OSError as error:
        raise ExportFailedError(f"{folder} cannot be written: {error.strerror}. Choose another.") from None
    return tuple(written)


def _write_jobs(request: Request, plan: Plan, catalogue: Catalogue, folder: Path) -> list[Path]:
    """A folder of scripts for every run that fits."""
    from app.dossier.jobs.files import job_files
    from app.dossier.jobs.job import NoJobError
    from app.plan.files import write_atomically

    campaign = request.campaign
    written = []
    for line in campaign.lines:
        try:
            files = job_files(campaign, line.run.id, plan.name, catalogue)
        except NoJobError:
            continue  # the dossier says why the run has no job
        place = folder / (re.sub(r"[^\w-]+", "-", line.run.id).strip("-") or "run")
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text)
            written.append(path)
    return written
