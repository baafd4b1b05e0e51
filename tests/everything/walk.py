"""One plan through everything by the program's own entry: five commands and the reports in all formats."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from app.cli.guard import guarded

MOST_SECONDS = 10.0
"""Of the processor; a command that takes longer hangs."""
FORMATS = ("pdf", "docx", "xlsx", "md", "json")
_SIGNS = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "md": b"# ", "json": b"{"}


Asked = tuple[str, list[str], Path | None]
"""Name, arguments and the file to be written."""


class HangsError(BaseException):
    """A command took too long; no handler of the program may catch it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one command did.

    Attributes:
        fault: What must not happen, "" where all is well.
        where: Frames of the program that raised, for faults of its own.
    """

    command: str
    status: int
    said: str
    seconds: float
    fault: str = ""
    where: str = ""


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raises `HangsError` when the process has used so much of the processor."""

    def stop(*_: Any) -> None:
        raise HangsError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def commands(plan: Path, folder: Path, run_ids: Sequence[str]) -> Iterator[Asked]:
    """Everything that one can ask about a plan."""
    last = run_ids[-1]
    for name in ("compare", "estimate", "check", "scaling"):
        yield name, [name, str(plan)], None
        yield f"{name} --json", [name, str(plan), "--json"], None
    yield "estimate --run", ["estimate", str(plan), f"--run={last}"], None
    yield "jobs", ["jobs", str(plan), "-o", str(folder / "jobs")], None
    yield "jobs --run", ["jobs", str(plan), f"--run={last}", "-o", str(folder / "jobs-of-run")], None
    for ending in FORMATS:
        file = folder / f"dossier.{ending}"
        yield f"report .{ending}", ["report", str(plan), "-o", str(file)], file
    yield "report folder", ["report", str(plan), "--what", "form", "-o", str(folder / "form")], None


def walk(
    raw: dict[str, Any], folder: Path, wanted: Callable[[str], bool] = lambda name: True
) -> list[Outcome]:
    """Every command on one plan, each held to what any command must do.

    Args:
        raw: The plan as decoded JSON.
        folder: An empty one.
        wanted: Which commands to run, by their names.

    Returns:
        What they did, in order; one refusal for all where the plan is not accepted.
    """
    plan = folder / "plan.nodewise.json"
    plan.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    done: list[Outcome] = []
    for name, arguments, file in commands(plan, folder, [run["id"] for run in raw["runs"]]):
        if wanted(name):
            done.append(_outcome(name, arguments, file))
    return done


def _outcome(name: str, arguments: list[str], file: Path | None) -> Outcome:
    out, said = io.StringIO(), io.StringIO()
    log = Path(os.environ["XDG_STATE_HOME"]) / "nodewise" / "log" / "errors.log"
    log.unlink(missing_ok=True)
    start = time.process_time()
    try:
        with _limited(MOST_SECONDS), contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
            status = guarded(arguments)
    except HangsError as error:
        return Outcome(name, -1, "", MOST_SECONDS, "hangs", _frames(error))
    seconds = time.process_time() - start
    where = log.read_text("utf-8") if log.exists() else ""
    fault = _fault(name, status, out.getvalue(), said.getvalue(), file)
    return Outcome(name, status, said.getvalue(), seconds, fault, where)


def _frames(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error))


def _fault(name: str, status: int, out: str, said: str, file: Path | None) -> str:
    """What is wrong with the outcome of a command, "" where nothing is."""
    if status not in (0, 2) and (status, name.split()[0]) != (1, "check"):
        return f"status {status}"
    if status == 2:
        is_sentence = said.count("\n") == 1 and len(said.split()) > 3 and said.endswith((".\n", "?\n"))
        return "" if is_sentence and not out else "no sentence"
    if said and (not said.endswith(".\n") or "Warning" in said):
        return "no sentence beside the result"
    if name.endswith("--json"):
        record = json.loads(out, parse_constant=_no_constant)
        if name == "compare --json" and any(not _has_hours(one) for one in record["machines"]):
            return "fits without hours"
    return "" if file is None else _fault_of_file(file)


def _has_hours(machine: dict[str, Any]) -> bool:
    """Whether a machine on which the run fits says how long; the plan could not be saved otherwise."""
    return not machine["fits"] or machine["gpu_hours"]["p50"] is not None


def _no_constant(word: str) -> float:
    raise ValueError(word)


def _fault_of_file(file: Path) -> str:
    content = file.read_bytes()
    ending = file.suffix.lstrip(".")
    if not content.startswith(_SIGNS[ending]):
        return "not of its format"
    if ending in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for part in parts.namelist():
                if part.endswith((".xml", ".rels")):
                    expat.ParserCreate().Parse(parts.read(part), True)
    elif ending == "json":
        json.loads(content, parse_constant=_no_constant)
    elif ending == "md":
        content.decode("utf-8")
    return ""
