"""Writes the accuracy page: `python -m estimators.evidence.page` (about a minute)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from estimators.calibration import load_calibration
from estimators.evidence.calibrate import SHIPPED_EVIDENCE, coefficient_table
from estimators.evidence.report import run_evidence

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
HEAD = (
    "| {name} | n | median error, % | p90, % | bias, % | inside the 80 % range |\n|---|---|---|---|---|---|"
)


def _line(name: str, found: dict[str, Any]) -> str:
    cells = (
        found["n"],
        found["median_abs_pct"],
        found["p90_abs_pct"],
        found["bias_pct"],
        found["coverage80"],
    )
    return f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"


def _table(title: str, found: dict[str, dict[str, Any]]) -> str:
    return "\n".join([HEAD.format(name=title), *(_line(name, item) for name, item in found.items())])


def page(summary: dict[str, Any]) -> str:
    """The page as Markdown."""
    tables = summary["tables"]
    widths = "\n".join(
        f"- {name}: P90 ÷ P10 = {item['interval_ratio_p90_p10']}" for name, item in tables.items()
    )
    skipped = "\n".join(f"- {count} rows: {reason}" for reason, count in summary["skipped"].items())
    return f"""# How accurate the estimates are

Made by `python -m estimators.evidence.page` from `resources/evidence/calibration.jsonl`: do not edit by hand.
Errors are exp(|ln(predicted ÷ measured)|) − 1. A producer is one publication: a repository or a paper.
Every figure is cross-validated, by fits that never saw the row's producer, unless its line says "in sample".

## Language models of quality A with a measured step

{_table("what the fit knows", tables)}

Median width of the 80 % range:

{widths}

## By producer, left out of the fit (all qualities)

{_table("producer", summary["by_producer"])}

## By card

{_table("card", summary["by_gpu"])}

## By quality

Quality A has a measured step; B is a whole run known by its GPU-hours; C is partly known.

{_table("quality", summary["by_quality"])}

## Rows that are not predicted yet

{skipped}

## Coefficients

{coefficient_table(load_calibration())}
"""


def main() -> int:
    """Runs the cross-validation and writes the page."""
    parser = argparse.ArgumentParser(description="Write the accuracy page.")
    parser.add_argument("-o", "--output", type=Path, default=PAGE)
    options = parser.parse_args()
    summary = run_evidence(SHIPPED_EVIDENCE, cv=True)["summary"]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(page(summary), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
