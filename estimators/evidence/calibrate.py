"""The fitting program: `python -m estimators.evidence.calibrate [EVIDENCE.jsonl] [-o FILE]`.

Fits the coefficients on all usable rows of quality A, refits without each producer, and writes the
coefficients, the intervals by class and the reach of the evidence as one data file. Deterministic.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict
from pathlib import Path

import msgspec

from estimators.calibration import Calibration
from estimators.catalogue.load import Catalogue, load_catalogue
from estimators.evidence.crossval import (
    Folds,
    best_published,
    by_producer,
    folds_of,
    held_out,
    usable,
    with_hidden_layout,
)
from estimators.evidence.held_out import published_table
from estimators.evidence.intervals import quantiles
from estimators.evidence.published import SOURCE_FILE
from estimators.evidence.report import predict_held_out
from estimators.evidence.rows import read_rows
from estimators.parameters import declarations

SHIPPED_EVIDENCE = Path(__file__).parents[2] / "resources" / "evidence" / "calibration.jsonl"
SHIPPED_CALIBRATION = Path(__file__).parents[2] / "resources" / "calibration" / "calibration.json"


def calibrate(folds: Folds, catalogue: Catalogue) -> Calibration:
    """A calibration from the fits with and without each producer, dated by its catalogue."""
    configured = folds.trained.rows
    trained, coefficients, fits = folds.trained, folds.coefficients, folds.fits
    known = held_out(trained, fits, by_producer, coefficients)
    hidden = with_hidden_layout(best_published(configured), catalogue, fits, by_producer, coefficients)
    searched = held_out(hidden, fits, by_producer, coefficients)
    classes = {"known": known, "searched": searched}
    largest: dict[str, int] = {}
    for row in configured:
        for name in (row.gpu.id, row.gpu.family):
            largest[name] = max(largest.get(name, 0), int(row.gpus))
    return Calibration(
        date=catalogue.date,
        values={name: float(f"{value:.5g}") for name, value in asdict(coefficients).items()},
        intervals={
            f"{family}, layout {layout}": quantiles(residuals.of_family(family))
            for family in ("dense-lm", "moe-lm")
            for layout, residuals in classes.items()
        },
        largest_run=dict(sorted(largest.items())),
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
    calibration = calibrate(folds, catalogue)
    text = msgspec.json.format(msgspec.json.encode(calibration), indent=1)
    options.output.write_bytes(text + b"\n")
    table = published_table(predict_held_out(rows, catalogue, folds))
    lines = b",\n".join(msgspec.json.encode(run) for run in table)
    options.output.with_name(SOURCE_FILE).write_bytes(b"[\n" + lines + b"\n]\n")
    print(coefficient_table(calibration))
    for name, found in calibration.intervals.items():
        ratio = math.exp(found.p90)
        print(f"{name}: 80 % range ×/÷ {ratio:.3f} from {found.rows} rows, {found.groups} groups")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
