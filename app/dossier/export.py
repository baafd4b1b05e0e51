"""Makes what leaves the application: one file, or a folder with everything, for command line and window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, get_args

from app.dossier.document import TEAM_ONLY, Document, PictureFormat
from app.dossier.language import in_language
from app.dossier.material import Material
from app.plan.files import name_for_files
from app.plan.schema import Edition, Plan
from app.plan.writing import Content, WritingError
from app.present.inputs import plan_title
from app.words import Language
from estimators.catalogue.load import Catalogue
from estimators.planning.records import Comparison
from estimators.requests.results import Request
from estimators.words import Listed, Name, say

What = Literal["dossier", "form", "figures"]
PICTURES: Final[tuple[PictureFormat, ...]] = get_args(PictureFormat)
DOSSIER_FORMATS = ("pdf", "docx", "xlsx", "md", "json")
FORM_FORMATS = ("md", "csv", "pdf", "docx")
FIGURE_FOLDER = "figures"


class ExportError(WritingError):
    """Nothing can be made of that name; it says why."""


def rendered(
    request: Request,
    comparison: Comparison,
    plan: Plan,
    catalogue: Catalogue,
    path: Path,
    what: What = "dossier",
    edition: Edition | None = None,
    language: Language | None = None,
) -> list[tuple[Path, Content]]:
    """What an export writes: one file, in the format that its name ends with, or everything of a folder.

    Args:
        request: The whole request.
        comparison: The main run on every machine.
        plan: The document, for its inputs and fingerprint.
        catalogue: Names, sources and access modes.
        path: A file, or a folder: one that exists, or a name without an ending.
        what: The dossier, the form sheet alone, or the figures alone.
        edition: For whom; None takes what the plan says.
        language: Named for this export; None takes what the plan says, else that of the reader.

    Returns:
        Each file with its content.

    Raises:
        ExportError: The format is not known.
    """
    material = Material(request, comparison, plan, catalogue)
    edition = edition or plan.dossier.edition
    if is_folder(path):
        with in_language(plan, language):
            return [(path / name, content) for name, content in _folder_files(material, what, edition)]
    suffix = path.suffix.lower().lstrip(".")
    known = formats_of(what)
    if suffix not in known:
        raise ExportError(
            say(
                "{file} ends in no format of this export. Choose {formats}, or a folder.",
                file=Name(path.name),
                formats=Listed(tuple(Name(f".{ending}") for ending in known), "or"),
            )
        )
    with in_language(plan, language):
        return [(path, _content(material, what, suffix, path.stem, edition))]


def is_folder(path: Path) -> bool:
    """Whether a path names a folder: it is one, or its name has no ending."""
    return path.is_dir() or not path.suffix


def file_stem(plan: Plan, edition: Edition) -> str:
    """The name to suggest for files of an edition, without an ending: the team's says what it is."""
    name = name_for_files(plan)
    return f"{name}-{TEAM_ONLY.replace(' ', '-')}" if edition == "team" else name


def formats_of(what: What) -> tuple[str, ...]:
    """Endings of the files that an export can have, the usual one first."""
    if what == "figures":
        return PICTURES
    return FORM_FORMATS if what == "form" else (*DOSSIER_FORMATS, "svg", "png")


# ---------------------------------------------------------------- content


def _content(material: Material, what: What, suffix: str, stem: str, edition: Edition) -> Content:
    from app.dossier import content, fitting

    if what == "figures" or suffix in ("svg", "png"):
        return _one_figure(content.dossier(material, edition), suffix, stem)
    if what == "form":
        return _form(material, suffix)
    if suffix == "xlsx":
        from app.dossier.workbook import workbook_bytes

        title = plan_title(material.plan, material.catalogue)
        return workbook_bytes(material.request, material.catalogue, material.date, edition, title)
    if suffix == "json":
        from app.dossier.record import json_text

        return json_text(material, edition)
    if suffix == "md":
        return _written(content.dossier(material, edition), suffix)
    return _written(fitting.fitted(material, edition).document, suffix)


def _form(material: Material, suffix: str) -> Content:
    if suffix == "csv":
        from app.dossier.form_csv import form_csv

        return form_csv(material.request.form)
    from app.dossier.content import form_sheet

    return _written(form_sheet(material), suffix)


def _written(document: Document, suffix: str, figures: dict[str, str] | None = None) -> Content:
    """A document by the writer of its format."""
    if suffix == "pdf":
        from app.dossier.pdf import pdf_bytes

        return pdf_bytes(document)
    if suffix == "docx":
        from app.dossier.docx import docx_bytes

        return docx_bytes(document)
    from app.dossier.markdown import markdown_text

    return markdown_text(document, figures)


def _one_figure(document: Document, suffix: str, stem: str) -> bytes:
    """The figure that the file is named after, else the first."""
    figures = {figure.key: figure for figure in document.figures()}
    if not figures:
        raise ExportError(say("There is no figure to write: no run of this plan fits on the machine."))
    figure = figures.get(stem) or next(iter(figures.values()))
    return figure.picture(_picture_format(suffix))


def _picture_format(suffix: str) -> PictureFormat:
    return next(name for name in PICTURES if name == suffix)


def _folder_files(material: Material, what: What, edition: Edition) -> Iterator[tuple[str, Content]]:
    """Names and contents of everything, one after the other."""
    from app.dossier.fitting import fitted

    name = file_stem(material.plan, "reviewer")
    if what in ("dossier", "form"):
        for suffix in ("md", "csv"):
            yield f"{name}-form.{suffix}", _form(material, suffix)
    if what == "form":
        return
    document = fitted(material, edition).document
    name = file_stem(material.plan, edition)
    addresses = {figure.key: f"{FIGURE_FOLDER}/{figure.key}.svg" for figure in document.figures()}
    if what == "dossier":
        for suffix in ("pdf", "docx", "md"):
            yield f"{name}.{suffix}", _written(document, suffix, addresses)
        for suffix in ("xlsx", "json"):
            yield f"{name}.{suffix}", _content(material, what, suffix, "", edition)
    folder = f"{FIGURE_FOLDER}/" if what == "dossier" else ""
    for figure in document.figures():
        for suffix in PICTURES:
            yield f"{folder}{figure.key}.{suffix}", figure.picture(suffix)
