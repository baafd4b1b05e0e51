"""`nodewise evidence`: predicts published runs from their configuration alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.faults import UsageError

_TABLES = (
    ("all", "all"),
    ("dense language models, quality A", "tables"),
    ("family", "by_family"),
    ("GPU", "by_gpu"),
    ("quality", "by_quality"),
    ("whole runs, GPU-hours", "whole_runs"),
    ("producer", "by_producer"),
)
_STATISTICS = {
    "n": "n",
    "median_abs_pct": "median |error| %",
    "p90_abs_pct": "P90 |error| %",
    "bias_pct": "bias %",
    "coverage80": "inside 80 % interval",
}


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
    from estimators.evidence.report import run_evidence
    from estimators.evidence.rows import EvidenceError

    try:
        result: dict[str, Any] = run_evidence(arguments.file, arguments.cv)
    except EvidenceError as error:
        raise UsageError(str(error)) from None
    if arguments.json is not None:
        _refuse_same(arguments.file, arguments.json)
        _write(arguments.json, result)
    write_lines(*summary_lines(result))
    return 0


def _refuse_same(file: Path, output: Path) -> None:
    if output.exists() and output.samefile(file):
        raise UsageError(f"{output} is the evidence itself. Name another file for the result.")


def summary_lines(result: dict[str, Any]) -> list[str]:
    """The summary as tables, whatever groups it has, and what was skipped why."""
    from app.cli.output import table

    rows, summary = result["rows"], result["summary"]
    skipped: dict[str, int] = summary["skipped"]
    done = len(rows) - sum(skipped.values())
    lines = [
        f"{len(rows)} rows: {done} predicted, {len(rows) - done} skipped. Errors are {summary['errors_are']}."
    ]
    for title, key in _TABLES:
        groups = {"": summary["all"]} if key == "all" else summary.get(key, {})
        if groups:
            cells = [
                [label, *(_cell(group.get(name)) for name in _STATISTICS)] for label, group in groups.items()
            ]
            lines += ["", *table([title, *_STATISTICS.values()], cells)]
    lines += _class_lines(summary.get("coverage", {}))
    lines += _coverage_lines(summary.get("reliability", {}))
    lines += [""] + [f"Skipped {count}: {reason}" for reason, count in skipped.items()]
    return lines


def _class_lines(classes: dict[str, dict[str, Any]]) -> list[str]:
    """The coverage of the 80 % intervals, class by class, and what it is judged by."""
    if not classes:
        return []
    from app.cli.output import table

    cells = [
        [
            name,
            str(found["rows"]),
            str(found["series"]),
            str(found["producers"]),
            f"{100.0 * found['inside']:.0f} %",
            f"{100.0 * found['low']:.0f} to {100.0 * found['high']:.0f} %",
            f"{found['width']:.2f}",
            "rows" if found["by_rows"] else "range",
        ]
        for name, found in classes.items()
    ]
    heads = [
        "80 % intervals",
        "n",
        "series",
        "producers",
        "inside",
        "series drawn anew",
        "P90 ÷ P10",
        "judged by",
    ]
    return ["", *table(heads, cells)]


def _coverage_lines(reliability: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Share of rows inside at every level: a column for all rows and for each family."""
    if not reliability:
        return []
    from app.cli.output import table

    levels = zip(*reliability.values(), strict=True)
    cells = [
        [f"{100.0 * found[0]['nominal']:.0f} %", *(_share(level) for level in found)] for found in levels
    ]
    return ["", *table(["interval", *(f"inside, {name}" for name in reliability)], cells)]


def _share(level: dict[str, Any]) -> str:
    """A share in per cent, with its range where producers could be drawn anew."""
    text = f"{100.0 * level['inside']:.0f} %"
    if level["low"] is None or level["high"] is None:
        return text
    return f"{text} ({100.0 * level['low']:.0f} to {100.0 * level['high']:.0f})"


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _write(path: Path, result: dict[str, Any]) -> None:
    import json

    from app.cli.output import finite
    from app.plan.writing import write_atomically

    text = json.dumps(finite(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        write_atomically(path, text)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}. Choose another folder.") from None
