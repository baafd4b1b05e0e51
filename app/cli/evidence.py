"""`nodewise evidence`: predicts published runs from their configuration alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.faults import UsageError

WORDS = "predict published runs from their configuration, and compare with what was measured"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("file", metavar="FILE.jsonl", type=Path, help="evidence, one run a line")
    parser.add_argument("--json", metavar="OUT", type=Path, help="write every row and the summary as JSON")
    parser.add_argument("--cv", action="store_true", help="refit without each row's producer")


def run(arguments: argparse.Namespace) -> int:
    """Predicts, writes what was asked for and prints the summary.

    Raises:
        UsageError: The file is no evidence, or the result cannot be written.
    """
    from app.cli.output import write_lines

    _check_rows(arguments.file)
    from estimators.evidence.report import run_evidence

    result: dict[str, Any] = run_evidence(arguments.file, arguments.cv)
    if arguments.json is not None:
        _write(arguments.json, result)
    write_lines(*summary_lines(result, arguments.cv))
    return 0


def summary_lines(result: dict[str, Any], cross_validated: bool) -> list[str]:
    """The summary as tables: by family, GPU and quality."""
    from app.cli.output import table

    rows = result["rows"]
    skipped = [row["skipped"] for row in rows if row["skipped"] is not None]
    how = "each producer left out of the fit" if cross_validated else "in-sample: the fit has seen these rows"
    lines = [f"{len(rows)} rows, {len(rows) - len(skipped)} predicted ({how}), {len(skipped)} skipped."]
    for name, groups in result["summary"].items():
        if isinstance(groups, dict) and groups and all(isinstance(group, dict) for group in groups.values()):
            keys = list(next(iter(groups.values())))
            cells = [[label, *(_cell(group.get(key)) for key in keys)] for label, group in groups.items()]
            lines += ["", *table([name.replace("_", " "), *keys], cells)]
    for reason in sorted(set(skipped), key=lambda reason: (-skipped.count(reason), reason)):
        lines.append(f"Skipped {skipped.count(reason)}: {reason}")
    return lines


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _check_rows(path: Path) -> None:
    """Refuses a file that is no evidence, with its first bad line."""
    import msgspec

    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}. Check the name.") from None
    rows = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        rows += 1
        try:
            row = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            row = None
        if not isinstance(row, dict) or "id" not in row:
            raise UsageError(f'{path}: line {number} is no JSON object with an "id". Correct that line.')
    if not rows:
        raise UsageError(f"{path}: has no rows. Name an evidence file, one JSON object a line.")


def _write(path: Path, result: dict[str, Any]) -> None:
    import json

    from app.cli.output import finite
    from app.plan.files import write_atomically

    text = json.dumps(finite(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        write_atomically(path, text)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}. Choose another folder.") from None
