"""`nodewise evidence`: predicts published runs from their configuration alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.faults import UsageError
from app.words import text
from estimators.words import Amount, Name, Value, say

_TABLES = (
    (say("all"), "all"),
    (say("dense language models, quality A"), "tables"),
    (say("family"), "by_family"),
    (say("GPU"), "by_gpu"),
    (say("quality"), "by_quality"),
    (say("whole runs, GPU-hours"), "whole_runs"),
    (say("producer"), "by_producer"),
)
_STATISTICS: dict[str, Value] = {
    "n": Name("n"),
    "median_abs_pct": say("median |error| %"),
    "p90_abs_pct": say("P90 |error| %"),
    "bias_pct": say("bias %"),
    "coverage80": say("inside 80 % interval"),
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
        raise UsageError(error.said) from None
    if arguments.json is not None:
        _refuse_same(arguments.file, arguments.json)
        _write(arguments.json, result)
    write_lines(*summary_lines(result))
    return 0


def _refuse_same(file: Path, output: Path) -> None:
    if output.exists() and output.samefile(file):
        raise UsageError(
            say("{file} is the evidence itself. Name another file for the result.", file=Name(str(output)))
        )


def summary_lines(result: dict[str, Any]) -> list[str]:
    """The summary as tables, whatever groups it has, and what was skipped why."""
    from app.cli.output import table

    rows, summary = result["rows"], result["summary"]
    skipped: dict[str, int] = summary["skipped"]
    done = len(rows) - sum(skipped.values())
    lines = [
        text(
            say(
                "{rows} rows: {done} predicted, {skipped} skipped. Errors are {meaning}.",
                rows=_count(len(rows)),
                done=_count(done),
                skipped=_count(len(rows) - done),
                meaning=Name(summary["errors_are"]),
            )
        )
    ]
    for title, key in _TABLES:
        groups = {"": summary["all"]} if key == "all" else summary.get(key, {})
        if groups:
            cells = [
                [label, *(_cell(group.get(name)) for name in _STATISTICS)] for label, group in groups.items()
            ]
            lines += ["", *table([text(title), *map(text, _STATISTICS.values())], cells)]
    lines += _class_lines(summary.get("coverage", {}))
    lines += _coverage_lines(summary.get("reliability", {}))
    lines += [""] + [
        text(say("Skipped {n}: {reason}", n=_count(count), reason=Name(reason)))
        for reason, count in skipped.items()
    ]
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
            text(say("{share} %", share=_percent(found["inside"]))),
            text(
                say(
                    "{low} to {high} %",
                    low=_percent(found["low"]),
                    high=_percent(found["high"]),
                )
            ),
            text(Amount(found["width"], form="fixed", digits=2)),
            text(say("rows") if found["by_rows"] else say("range")),
        ]
        for name, found in classes.items()
    ]
    heads = [
        text(say("80 % intervals")),
        "n",
        text(say("series")),
        text(say("producers")),
        text(say("inside")),
        text(say("series drawn anew")),
        "P90 ÷ P10",
        text(say("judged by")),
    ]
    return ["", *table(heads, cells)]


def _coverage_lines(reliability: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Share of rows inside at every level: a column for all rows and for each family."""
    if not reliability:
        return []
    from app.cli.output import table

    levels = zip(*reliability.values(), strict=True)
    cells = [
        [text(say("{share} %", share=_percent(found[0]["nominal"]))), *(_share(level) for level in found)]
        for found in levels
    ]
    return [
        "",
        *table(
            [
                text(say("interval")),
                *(text(say("inside, {family}", family=Name(name))) for name in reliability),
            ],
            cells,
        ),
    ]


def _share(level: dict[str, Any]) -> str:
    """A share in per cent, with its range where producers could be drawn anew."""
    share = say("{share} %", share=_percent(level["inside"]))
    if level["low"] is None or level["high"] is None:
        return text(share)
    return text(
        say(
            "{share} ({low} to {high})", share=share, low=_percent(level["low"]), high=_percent(level["high"])
        )
    )


def _percent(share: float) -> Amount:
    return Amount(100.0 * share, form="fixed")


def _count(number: int) -> Amount:
    return Amount(number, form="general", digits=15)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _write(path: Path, result: dict[str, Any]) -> None:
    import json

    from app.cli.output import finite
    from app.plan.writing import write_atomically

    content = json.dumps(finite(result), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        write_atomically(path, content)
    except OSError as error:
        raise UsageError(
            say(
                "{file}: cannot be written: {reason}. Choose another folder.",
                file=Name(str(path)),
                reason=Name(error.strerror or type(error).__name__),
            )
        ) from None
