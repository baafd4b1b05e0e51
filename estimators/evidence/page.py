"""Writes the accuracy page: `python -m estimators.evidence.page` (a few minutes)."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from estimators.calibration import load_calibration
from estimators.evidence.calibrate import SHIPPED_EVIDENCE, coefficient_table
from estimators.evidence.report import run_evidence

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
HEAD = (
    "| {name} | n | median error, % | p90, % | bias, % | inside the 80 % range |\n|---|---|---|---|---|---|"
)
GROUPS_OUT, PRODUCERS_OUT = "model and card left out", "producer left out"


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of a set: median and 90th percentile of the error, in percent; None if only reported."""

    title: str
    table: str
    groups: tuple[float, float] | None
    producers: tuple[float, float] | None


TARGETS = (
    Target("dense, published layout", "dense, layout known", (6.0, 20.0), (10.0, 30.0)),
    Target(
        "dense, hidden size up to 2 048",
        "dense, hidden size up to 2 048, layout known",
        (5.0, 16.0),
        (9.0, 25.0),
    ),
    Target("host-bound series, apart", "dense, host-bound series, layout known", None, None),
    Target("experts, published layout", "experts, layout known", (12.0, 42.0), None),
    Target("any, layout searched", "all language models, layout searched", (12.0, 36.0), None),
)
WIDTHS = (
    ("dense", "dense-lm, layout known", "dense, layout known", 1.7),
    ("experts", "moe-lm, layout known", "experts, layout known", 2.5),
)
MOST_SKIPPED = 3.0
"""Percent of language-model rows that may be skipped."""


def _line(name: str, found: dict[str, Any]) -> str:
    cells = (
        found["n"],
        found["median_abs_pct"],
        found["p90_abs_pct"],
        found["bias_pct"],
        found["coverage80"] if found["coverage80"] is not None else "–",
    )
    return f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"


def _table(title: str, found: dict[str, dict[str, Any]]) -> str:
    return "\n".join([HEAD.format(name=title), *(_line(name, item) for name, item in found.items())])


# ---------------------------------------------------------------- targets beside what was measured


def _verdict(found: dict[str, Any], asked: tuple[float, float] | None) -> str:
    measured = f"{found['median_abs_pct']:.1f} / {found['p90_abs_pct']:.1f}"
    if asked is None:
        return f"{measured} (reported)"
    holds = found["median_abs_pct"] <= asked[0] and found["p90_abs_pct"] <= asked[1]
    return f"{measured} (asked {asked[0]:g} / {asked[1]:g}: {'holds' if holds else 'MISSED'})"


def _limit(value: float, most: float) -> str:
    return f"{value:.2f} (at most {most:g}: {'holds' if value <= most else 'MISSED'})"


def targets(summary: dict[str, Any]) -> str:
    """Every target beside the figure that was measured."""
    tables, language = summary["tables"], summary["language_models"]
    lines = [
        "| set | n | model × card left out: median / p90, % | producers left out: median / p90, % |",
        "|---|---|---|---|",
    ]
    for target in TARGETS:
        near, far = tables[f"{target.table}, {GROUPS_OUT}"], tables[f"{target.table}, {PRODUCERS_OUT}"]
        cells = (target.title, near["n"], _verdict(near, target.groups), _verdict(far, target.producers))
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    widths = [
        f"- Median width of the 80 % range, {name}: P90 ÷ P10 = "
        f"{_limit(load_calibration().ratio(kind), most)} as shipped; "
        f"{tables[f'{key}, {PRODUCERS_OUT}']['interval_ratio_p90_p10']:.2f} producers left out"
        for name, kind, key, most in WIDTHS
    ]
    share = 100.0 * language["skipped"] / language["rows"]
    skipped = (
        f"- Language-model rows skipped: {language['skipped']} of {language['rows']}, in percent "
        f"{_limit(share, MOST_SKIPPED)}"
    )
    return "\n".join([*lines, "", *widths, skipped])


# ---------------------------------------------------------------- the sections


def coverage_table(found: dict[str, dict[str, Any]]) -> str:
    """Coverage of the 80 % intervals, class by class."""
    lines = [
        "| class | n | series | producers | inside, % | series drawn anew, % | P90 ÷ P10 | judged by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, item in found.items():
        cells = (
            name,
            item["rows"],
            item["series"],
            item["producers"],
            f"{100.0 * item['inside']:.1f}",
            f"{100.0 * item['low']:.0f} to {100.0 * item['high']:.0f}",
            f"{item['width']:.2f}",
            "its rows" if item["by_rows"] else "whether the range holds 80",
        )
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _group_table(tables: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| what the fit knows | models × cards | median over them of their median error, % | P90 ÷ P10 |",
        "|---|---|---|---|",
    ]
    for name, item in tables.items():
        cells = (name, item["groups"], item["group_median_abs_pct"], item["interval_ratio_p90_p10"])
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _interval_table() -> str:
    calibration = load_calibration()
    lines = ["| class | rows | models × cards | ×/÷ | rests on |", "|---|---|---|---|---|"]
    for name, item in calibration.intervals.items():
        ratio = calibration.ratio(name) ** 0.5
        lines.append(f"| {name} | {item.rows} | {item.groups} | {ratio:.3f} | {item.basis} |")
    return "\n".join(lines)


def _some(tables: dict[str, Any], words: Iterable[str]) -> dict[str, Any]:
    return {name: item for name, item in tables.items() if any(word in name for word in words)}


def unresolved(cards: dict[str, dict[str, Any]]) -> str:
    """What the evidence leaves open, with how far off it is."""
    hopper, cdna = cards["gh200-96"], cards["mi250x-gcd"]
    return f"""- **GH200.** All {hopper["n"]} rows come from one producer on one machine. By a fit that
  never saw them, rates are off by {hopper["median_abs_pct"]:.0f} % in the median, with a bias of
  {hopper["bias_pct"]:+.0f} %; fitted, the card draws well under its superchip's power limit. It is not
  the host: the same run with and without CUDA graphs differs by about its noise, and launching is a small
  share of the step. It grows with the share of matrix products, and rows that wait for memory agree. That
  is how power shared with the CPU looks, and also how older matrix kernels look: one producer cannot tell.
  Other GH200 machines get the fitted share.
- **MI250X.** {cdna["n"]} rows, all of one producer at one scale. The fit moves little from its priors.
- **Experts.** One producer holds nearly all rows. Releases of its container differ by up to two times on
  the same configuration; that scatter is in the range, and no coefficient follows it.
- **Whole runs.** Two views of equal weight were chosen on the runs above, for want of others: their figures
  are held out in what they fit, not in that choice."""


def page(summary: dict[str, Any]) -> str:
    """The page as Markdown."""
    tables = summary["tables"]
    apart = _some(tables, ("whole runs", "memory"))
    steps = {name: item for name, item in tables.items() if name not in apart}
    skipped = "\n".join(f"- {count} rows: {reason}" for reason, count in summary["skipped"].items())
    view = load_calibration()
    return f"""# How accurate the estimates are

Made by `python -m estimators.evidence.page` from `resources/evidence/calibration.jsonl`: do not edit by
hand. Errors are exp(|ln(predicted ÷ measured)|) − 1. A producer is one publication: a repository or a
paper. Every figure is cross-validated, by fits that never saw the row's producer (or its model on its
card), unless its line says "in sample".

## What is asked, and what was measured

Language models of quality A with a measured step.

{targets(summary)}

## Do the 80 % ranges hold 80 %?

All language-model rows, each by a fit and a range that never saw its producer. A class with 100 rows and 15
series is judged by its rows; in a smaller one the share is noise, and its range must contain 80.

{coverage_table(summary["coverage"])}

What the shipped ranges rest on, for cards that were measured (wider elsewhere: see
`estimators/calibration.py`):

{_interval_table()}

Where one producer holds most of a class, leaving it out leaves a fit that never saw the class. There the
range rests on fits without the row's model on its card, joined with what strange producers add elsewhere.

## Language models of quality A with a measured step

{_table("what the fit knows", steps)}

By groups, so that no long series decides:

{_group_table(steps)}

## Whole runs, beside a constant MFU

Runs of which only model, tokens and devices are known. Two views weigh alike (their geometric mean): the
step of the searched layout, rolled up by the formulas that plans use (evaluation, checkpoints, restarts,
job start) times what published whole runs took beyond that, a factor of {view.whole_run_factor:g}; and the
share of the 16-bit peak that such runs reach, {view.whole_run_share:g} (6 × active parameters × tokens ÷
GPU-hours ÷ peak). Both are medians, for each line from the other producers alone. The factor stands for
stretches that were trained again, slow nodes and software that is not named; plans are for a clean run,
and a request leaves such losses to its contingency. The constant MFU beside it is once that median of the
other producers, once 0.34, the median of 23 published runs, some of them among these.

{_table("whole runs", _some(tables, ("whole runs",)))}

## Memory of a device

No coefficient is fitted to memory. Runs that publish it, predicted against published:

{_table("memory", _some(tables, ("memory",)))}

## By producer, left out of the fit (all qualities)

{_table("producer", summary["by_producer"])}

## By card

{_table("card", summary["by_gpu"])}

## By quality

Quality A has a measured step; B is a whole run known by its GPU-hours; C is partly known.

{_table("quality", summary["by_quality"])}

## What the evidence cannot tell apart

{unresolved(summary["by_gpu"])}

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
