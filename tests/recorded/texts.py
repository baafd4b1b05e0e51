"""What a person reads of every example: the outputs of all commands, the text of every export, the window.

Dates follow from a present that stands still; names of folders are left out.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from xml.etree import ElementTree

from tests.recorded.answers import NOW

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"
SUFFIX = ".nodewise.json"
_REAL = datetime.datetime
WORDY = re.compile(r"(document|footnotes|header\d|footer\d|sharedStrings|sheet\d+|core|workbook)\.xml$")
"""Parts of an office file that hold words."""
JOBS = """\
JobID|State|Start|End|Elapsed|NNodes|AllocTRES
100|COMPLETED|2026-11-02T08:00:00|2026-11-02T18:00:00|10:00:00|4|billing=32,cpu=128,gres/gpu=16,node=4
101|TIMEOUT|2026-11-03T08:00:00|2026-11-04T08:00:00|1-00:00:00|2|billing=16,cpu=64,gres/gpu=8,node=2
"""


class _Kind(type):
    """Takes every date with a clock for one of its own, as `isinstance` asks."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _REAL)


class _Still(_REAL, metaclass=_Kind):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        return NOW if tz is None else NOW.astimezone(tz)


def still_clock() -> contextlib.AbstractContextManager[object]:
    """Lets everybody who looks at the clock see `NOW`."""
    return mock.patch.object(datetime, "datetime", _Still)


def texts(only: str = "") -> Iterator[tuple[str, list[str]]]:
    """Name and lines of every text without a window.

    Args:
        only: A part of the names that are wanted.
    """
    with still_clock(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "jobs.txt").write_text(JOBS, encoding="utf-8")
        for example, title, arguments, files in _asked(folder):
            if only in f"text/{example}/{title}":
                yield f"text/{example}/{title}", _lines(arguments, files, folder)


def _asked(folder: Path) -> Iterator[tuple[str, str, list[str], list[Path]]]:
    """Example, name of the question, arguments, and what is to be written."""
    for title in ("machines", "models", "models gemma"):
        yield "all", title, title.split(), []
    for path in sorted(EXAMPLES.glob(f"*{SUFFIX}")):
        name, plan = path.name.removesuffix(SUFFIX), str(path)
        for command in ("compare", "estimate", "check", "scaling"):
            yield name, command, [command, plan], []
        yield name, "usage", ["usage", plan, "--sacct", str(folder / "jobs.txt")], []
        jobs = folder / f"{name}-jobs"
        yield name, "jobs", ["jobs", plan, "-o", str(jobs)], [jobs]
        for edition in ("reviewer", "team"):
            for ending in ("md", "docx", "xlsx"):
                file = folder / f"{name}-{edition}.{ending}"
                wanted = ["report", plan, "-o", str(file), "--edition", edition]
                yield name, f"report {edition} {ending}", wanted, [file]


def _lines(arguments: list[str], files: list[Path], folder: Path) -> list[str]:
    from app.cli.guard import guarded

    out, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        status = guarded(arguments)
    lines = [f"status {status}", *out.getvalue().splitlines(), *said.getvalue().splitlines()]
    for file in files:
        for part in sorted(file.rglob("*")) if file.is_dir() else [file]:
            if part.is_file():
                lines += [f"--- {part.name}", *_file_lines(part)]
    return [line.replace(str(folder), "FOLDER").replace(str(EXAMPLES), "EXAMPLES") for line in lines]


def _file_lines(path: Path) -> list[str]:
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_text(encoding="utf-8").splitlines()
    lines: list[str] = []
    with zipfile.ZipFile(path) as parts:
        for part in sorted(parts.namelist()):
            if re.search(
                r"(document|footnotes|header\d|footer\d|sharedStrings|sheet\d+|core|workbook)\.xml$", part
            ):
                lines += [f"--- {part}", *_words(ElementTree.fromstring(parts.read(part)))]
    return lines


def _words(root: Any) -> Iterator[str]:
    """Text of paragraphs and cells; a cell's reference stands before its formula or number."""
    for node in root.iter():
        name = node.tag.rpartition("}")[2]
        if name in ("p", "si"):
            text = "".join(part.text or "" for part in node.iter() if part.tag.endswith("}t"))
            if text:
                yield text
        elif name in ("f", "sheet", "title", "subject", "keywords"):
            yield f"{name} {node.text or node.get('name')}"


def state_of_its_own() -> None:
    """Keeps logs and settings of this process out of the user's folders."""
    os.environ.setdefault("XDG_STATE_HOME", tempfile.mkdtemp(prefix="recorded-"))
