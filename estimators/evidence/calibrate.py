"""The fitting program: `python -m estimators.evidence.calibrate [EVIDENCE.jsonl] [-o FILE]`.

Fits the coefficients on all usable rows of quality A, refits without each producer, and writes the
coefficients, the intervals by class and the reach of the evidence as one data file. Deterministic.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import msgspec

from estimators.calibration import LAYOUTS, Calibration
from estimators.catalogue.load import Catalogue, load_catalogue
from estimators.evidence.bank import bank, reach_of, run_view, whole_runs, widths_of
from estimators.evidence.configure import Configured, Skipped, configure
from estimators.evidence.crossval import Folds, folds_of, usable
from estimators.evidence.held_out import published_table
from estimators.evidence.intervals import END_TO_END, quantiles
from estimators.evidence.published import SOURCE_FILE
from estimators.evidence.report import predict_held_out
from estimators.evidence.rows import Row, read_rows
from estimators.hardware.devices import family_shares
from estimators.parameters import declarations
from estimators.workloads.families import EVIDENCE

SHIPPED_EVIDENCE = Path(__file__).parents[2] / "resources" / "evidence" / "calibration.jsonl"
SHIPPED_CALIBRATION = Path(__file__).parents[2] / "resources" / "calibration" / "calibration.json"


def shipped_classes(rows: Sequence[Configured]) -> tuple[str, ...]:
    """The classes that get an interval of their own: those of families that were measured, and whole runs."""
    measured = {row.row.family for row in rows}
    found = (f"{family}, {layout}" for family in EVIDENCE if family in measured for layout in LAYOUTS)
    return (*found, END_TO_END)


def calibrate(folds: Folds, catalogue: Catalogue, rows: tuple[Row, ...]) -> Calibration:
    """A calibration from the fits that left rows out, dated by its catalogue.

    Args:
        rows: The evidence; whole runs among it have an interval of their own.
    """
    found = (configure(row, catalogue) for row in rows)
    runs = whole_runs(row for row in found if not isinstance(row, Skipped))
    errors, view = bank(folds, catalogue, runs), run_view(folds, catalogue, runs)
    return Calibration(
        date=catalogue.date,
        values={name: float(f"{value:.5g}") for name, value in asdict(folds.coefficients).items()},
        intervals={name: quantiles(errors, name) for name in shipped_classes(folds.trained.rows)},
        largest_run=reach_of(folds.trained.rows),
        measured_widths=widths_of(folds.trained.rows),
        whole_run_factor=float(f"{view.factor:.4g}"),
        whole_run_share=float(f"{view.share:.4g}"),
        family_share=family_shares(catalogue.gpus.values()),
    )


def coefficient_table(calibration: Calibration) -> str:
    """All coefficients with meaning, prior, bounds and fitted value, as a Markdown table."""
    lines = [
        "| coefficient | meaning | prior | bounds | fitted | source of the prior |",
        "|---|---|---|---|---|---|",
    ]
    for name, item in declarations().items():
        bounds = f"{item['low']:g} to {item['high']:g}"
        value = calibration.values[name]
        lines.append(
            f"| `{name}` | {item['meaning']} | {item['prior']:g} | {bounds} | {value:g} | {item['source']} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Reads the evidence, fits, writes the calibration."""
    parser = argparse.ArgumentParser(description="Fit the coefficients of the physics to measured runs.")
    parser.add_argument("evidence", nargs="?", type=Path, default=SHIPPED_EVIDENCE)
    parser.add_argument("-o", "--output", type=Path, default=SHIPPED_CALIBRATION)
    options = parser.parse_args()
    catalogue, rows = load_catalogue(), read_rows(options.evidence)
    folds = folds_of(usable(rows, catalogue), catalogue)
    calibration = calibrate(folds, catalogue, rows)
    text = msgspec.json.format(msgspec.json.encode(calibration), indent=1)
    options.output.write_bytes(text + b"\n")
    table = published_table(predict_held_out(rows, catalogue, folds))
    lines = b",\n".join(msgspec.json.encode(run) for run in table)
    options.output.with_name(SOURCE_FILE).write_bytes(b"[\n" + lines + b"\n]\n")
    print(coefficient_table(calibration))
    for name, found in calibration.intervals.items():
        ratio = math.exp(found.p90)
        print(
            f"{name}: 80 % range ×/÷ {ratio:.3f} from {found.rows} rows, {found.groups} groups, {found.basis}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
