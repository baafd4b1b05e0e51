"""Reads and writes plan files: UTF-8 JSON that people can read and compare."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from app.plan.check import problems
from app.plan.errors import ChangedOutsideError, PlanError, Problem
from app.plan.migrate import migrated, refused, revision_of
from app.plan.samples import AMOUNTS
from app.plan.schema import SUFFIX, Plan, RunInput
from app.plan.shape_errors import plan_of
from app.plan.writing import write_atomically
from estimators.catalogue.load import Catalogue
from estimators.reading import MissingFileError, ReadingError, read_file
from estimators.words import Amount, Name, cased, say

SIZE_LIMIT_BYTES = 1_000_000
"""A plan of a thousand runs is half as long."""

NO_FILE = ""
NOT_SEEN = "not seen"
"""Fingerprints of a file that is not there, and of one whose content nobody here knows: it equals none."""

NAME_BYTES = 160
"""Of a file's name without its ending; disks take 255 with what is added to unfinished files."""
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')

_DEEPEST_NUMBER = 40
"""Digits; a longer one is no quantity."""

_CAMPAIGN_KEYS = (
    "measured_step",
    "role",
    "count",
    "at_once",
    "share",
    "after",
    "earliest_month",
    "fixed_hours",
    "checkpoints",
)
_CAMPAIGN_DEFAULTS = {
    field.name: list(field.default) if isinstance(field.default, tuple) else field.default
    for field in msgspec.structs.fields(RunInput)
    if field.name in _CAMPAIGN_KEYS
}
"""What a run that stands alone leaves unsaid in its file."""


def read_plan(path: Path, catalogue: Catalogue | None = None) -> Plan:
    """Reads a plan file of any version up to the present one.

    Args:
        path: The file.
        catalogue: Where models, machines and GPUs are looked up; None leaves names unchecked.

    Raises:
        PlanError: The file cannot be read or is no valid plan; the text names file, field and remedy.
    """
    return read_plan_file(path, catalogue)[0]


def read_plan_file(path: Path, catalogue: Catalogue | None = None) -> tuple[Plan, str]:
    """A plan with the fingerprint of the content that it was read from, as `read_plan`.

    Raises:
        PlanError: The file cannot be read or is no valid plan.
    """
    try:
        content = _content_of(path)
        return parse_plan(content.decode("utf-8-sig"), catalogue), _fingerprint_of(content)
    except UnicodeDecodeError:
        raise PlanError(
            say("{file}: is not text in UTF-8, so it is not a plan file.", file=Name(str(path)))
        ) from None
    except PlanError as error:
        raise PlanError(say("{file}: {problem}", file=Name(str(path)), problem=error.said)) from None


def fingerprint(path: Path) -> str:
    """What tells the present content of a file from any other; "" where there is no file."""
    try:
        return _fingerprint_of(read_file(path, SIZE_LIMIT_BYTES))
    except MissingFileError:
        return NO_FILE
    except ReadingError:
        return NOT_SEEN


def _fingerprint_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def parse_plan(text: str, catalogue: Catalogue | None = None) -> Plan:
    """The plan in a text, as `read_plan` without a file.

    Raises:
        PlanError: The text is no valid plan.
    """
    raw = _decoded(text)
    plan = plan_from(raw)
    _raise_first(problems(plan, catalogue))
    return plan


def plan_from(raw: Any) -> Plan:
    """The plan in decoded JSON of any version; names are not looked up.

    Raises:
        PlanError: A key is missing, unknown or of the wrong kind.
    """
    problem = refused(raw)
    if problem is not None:
        raise PlanError(problem.located())
    return plan_of(migrated(raw))


def plan_content(plan: Plan) -> dict[str, Any]:
    """The plan as it stands in its file, decoded: whole numbers as such, what cannot apply left out."""
    content: dict[str, Any] = _whole_numbers(msgspec.to_builtins(plan))
    for run in content["runs"]:
        if not run["workload"]["multi_token_prediction"]:
            del run["workload"]["multi_token_prediction"]
        run["layout"] = {key: value for key, value in run["layout"].items() if value is not None}
        if run["measured_step"] is not None and not run["measured_step"]["confirmed"]:
            del run["measured_step"]["confirmed"]
        for key, default in _CAMPAIGN_DEFAULTS.items():
            if run[key] == default:
                del run[key]
        for amount in AMOUNTS:
            if run["data"][amount] is None:
                del run["data"][amount]
    for part in ("campaign", "dossier", "answer_when_saved"):
        if not content[part]:
            del content[part]
    return _with_revision(content)


def _with_revision(content: dict[str, Any]) -> dict[str, Any]:
    """The content with its revision behind its version, where it is not 0."""
    revision = revision_of(content)
    if not revision:
        return content
    head = {key: content.pop(key) for key in ("format", "version")}
    return {**head, "revision": revision, **content}


def name_for_files(plan: Plan) -> str:
    """The plan's name as the first part of a file's: no separators, and of a length that every disk takes."""
    plain = _NOT_IN_NAMES.sub("-", plan.name).strip(". ").encode("utf-8")[:NAME_BYTES]
    return plain.decode("utf-8", errors="ignore") or "plan"


def plan_text(plan: Plan) -> str:
    """The plan as it stands in its file."""
    return json.dumps(plan_content(plan), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_plan(path: Path, plan: Plan, seen: str | None = None) -> str:
    """Writes a plan so that the file is either the old or the new one, never half of it.

    Args:
        path: The file.
        plan: What it will hold.
        seen: The fingerprint of what the writer knows it to hold; None writes over anything.

    Returns:
        The fingerprint of what it holds now.

    Raises:
        ChangedOutsideError: It holds something else. It was not changed.
        PlanError: The file cannot be written.
    """

    def last_look() -> None:
        if seen is None:
            return
        found = fingerprint(path)
        if found != NO_FILE and (found != seen or found == NOT_SEEN):
            raise ChangedOutsideError(path, found)

    content = plan_text(plan).encode("utf-8")
    try:
        write_atomically(path, content, last_look)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PlanError(
            say(
                "{file}: cannot be written: {reason}. Choose another folder.",
                file=Name(str(path)),
                reason=Name(reason),
            )
        ) from None
    return _fingerprint_of(content)


def path_beside(path: Path) -> Path:
    """A name that no file has yet, beside a plan's file: "mine (2).nodewise.json"."""
    suffix = next((ending for ending in (SUFFIX, ".json") if path.name.endswith(ending)), path.suffix)
    stem = path.name.removesuffix(suffix)
    return next(
        free for number in count(2) if not (free := path.with_name(f"{stem} ({number}){suffix}")).exists()
    )


def _content_of(path: Path) -> bytes:
    try:
        content = read_file(path, SIZE_LIMIT_BYTES, say("a plan file"))
    except ReadingError as error:
        raise PlanError(error.said) from None
    if not content.strip():
        raise PlanError(say("is empty. Name a plan file, or copy one of the examples."))
    return content


def _decoded(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_bounded,
            object_pairs_hook=_unique_keys,
        )
    except json.JSONDecodeError as error:
        raise PlanError(
            say(
                "is not valid JSON: {reason} in line {line}, column {column}. Correct that line.",
                reason=Name(cased(error.msg, "small")),
                line=Amount(error.lineno, form="general", digits=15),
                column=Amount(error.colno, form="general", digits=15),
            )
        ) from None
    except RecursionError:
        raise PlanError(say("is nested too deeply, so it is no plan. Name a plan file.")) from None


def _no_constant(word: str) -> float:
    raise PlanError(
        say("holds {word}, which is no quantity. Write a number, or null for unknown.", word=Name(word))
    )


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise PlanError(
            say("holds {digits}, which is too large. Write a smaller number.", digits=Name(digits))
        )
    return value


def _bounded(digits: str) -> int:
    if len(digits) > _DEEPEST_NUMBER:
        raise PlanError(
            say("holds a number of {n} digits. Write a smaller number.", n=Amount(len(digits), form="fixed"))
        )
    return int(digits)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise PlanError(say('has the key "{key}" twice in one object. Remove one of them.', key=Name(twice)))
    return content


def _whole_numbers(value: Any) -> Any:
    """The same content with 3e11 as 300000000000, as people write it."""
    if isinstance(value, dict):
        return {key: _whole_numbers(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_whole_numbers(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _raise_first(found: tuple[Problem, ...]) -> None:
    if found:
        raise PlanError(found[0].located())
