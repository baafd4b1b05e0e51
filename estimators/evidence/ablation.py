"""What each term of the physics buys: `python -m estimators.evidence.ablation` (about a quarter of an hour).

A term is taken out by setting its coefficients to the value at which it vanishes; everything else is fitted
anew, with and without each producer. A term stays when it explains the evidence or carries a stress set.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from estimators.catalogue.load import load_catalogue
from estimators.evidence.calibrate import SHIPPED_EVIDENCE
from estimators.evidence.configure import Configured
from estimators.evidence.crossval import Residuals, by_producer, folds_of, held_out, leave_out_fits, usable
from estimators.evidence.fit import fit
from estimators.evidence.predict import Bench
from estimators.evidence.rows import read_rows
from estimators.parameters import SOFTWARE, Coefficients

PAGE = Path(__file__).parents[2] / "docs" / "ablation.md"
NOTHING = 1e-12
CLASSES = tuple(name.replace("-", "_") for name in SOFTWARE)
OVERLAPPING = ("megatron", "megatron_2021", "megatron_deepspeed", "fsdp")
BARE_LINK = {"message_half": NOTHING, "latency_node": 0.0, "latency_network": 0.0}

TERMS: dict[str, dict[str, float | str]] = {
    "memory-bound passes": dict.fromkeys((f"passes_{name}" for name in CLASSES), NOTHING),
    "wave quantisation": {"wave_exponent": 0.0},
    "ramp with the inner size": {"k_half": NOTHING},
    "alignment of sizes": {"alignment_loss": 0.0},
    "ramp with the head size": {"attention_head_half": NOTHING},
    "vendor attention kernels": {
        "attention_tuned_hopper": "attention_share_hopper",
        "attention_tuned_blackwell": "attention_share_blackwell",
    },
    "power limits": {"power_exponent": 0.0},
    "power shared on a superchip": {"superchip_share": 1.0},
    "host floor": dict.fromkeys((f"host_{name}" for name in CLASSES), NOTHING),
    "fixed time of kernels": {"kernel_seconds": NOTHING},
    "host time once a step": {"step_host_seconds": NOTHING},
    "message size and latency": {**BARE_LINK},
    "decay of the network with scale": {"network_decay": 0.0},
    "overlap of tensor-parallel traffic": {"tp_exposed_megatron": 1.0, "tp_exposed_other": 1.0},
    "overlap of data-parallel traffic": dict.fromkeys((f"dp_overlap_{name}" for name in OVERLAPPING), 0.0),
    "slow-down by overlap": {"overlap_slowdown": 0.0},
    "visible pipeline sends": {"send_exposed": 0.0},
    "stragglers": {"straggler_sigma": 0.0},
    "quantisation passes": {"cast_passes": 0.0},
    "row-wise scales of FP8": {"fp8_rowwise": 1.0},
    "grouped products": {"grouped_share": 1.0},
    "passes of routing": {"passes_experts": NOTHING},
    "host time of experts": {"host_experts": 0.0, "host_each_expert": 0.0},
    "fused experts": {"experts_fused": 1.0},
    "visible dispatch": {"expert_exposed": 0.0},
}
"""Values at which each term vanishes; the name of a coefficient stands for its value in the whole fit."""

ALL = "all"
STRESS: dict[str, Callable[[Configured], bool]] = {
    ALL: lambda row: True,
    "small kernels": lambda row: row.known.hidden <= 2048,
    "deep pipelines": lambda row: (row.fixed.pipeline or 1) >= 12,
    "many nodes": lambda row: row.gpus / row.system.devices_per_node >= 64,
    "slow networks": lambda row: row.gpus > row.system.domain and row.system.network_rate <= SLOW,
    "long context": lambda row: row.known.sequence >= 16_384,
    "8 and 4 bit": lambda row: row.bits < 16.0,
    "experts": lambda row: row.row.family == "moe-lm",
}
SLOW = 100e9 / 8.0
"""Bytes/s of network for each device up to which a network counts as slow: 100 Gbit/s."""
NOTICED = 0.1
"""Percentage points from which a set counts as carried by a term."""


def error_at(residuals: Residuals, percentile: float) -> float:
    """Percentile of exp(|log error|) − 1, in percent."""
    if residuals.errors.size == 0:
        return float("nan")
    return float(np.percentile(np.exp(np.abs(residuals.errors)) - 1.0, percentile)) * 100.0


def null_values(term: dict[str, float | str], fitted: Coefficients) -> dict[str, float]:
    """The values at which a term vanishes, those named taken from the whole fit."""
    return {
        name: float(getattr(fitted, value)) if isinstance(value, str) else value
        for name, value in term.items()
    }


def without(term: dict[str, float], trained: Bench, start: Coefficients) -> Residuals:
    """Held-out residuals of a model that lacks a term."""
    whole = fit(trained, start=start, iterations=5, frozen=term)
    fits = leave_out_fits(trained, by_producer, whole, frozen=term)
    return held_out(trained, fits, by_producer, whole)


def table(found: dict[str, Residuals]) -> str:
    """Held-out errors with all terms and without each: all rows, then the stress sets.

    Args:
        found: Residuals by the term that is missing; those of the full model come first.
    """
    full = next(iter(found.values()))
    stress = [name for name in STRESS if name != ALL]
    rows = [full.where(STRESS[name]).errors.size for name in (ALL, ALL, *stress)]
    heads = ("without", "all: median", "all: p90", *stress, "carries")
    lines = [_line(heads), "|---" * len(heads) + "|", _line(("rows", *map(str, rows), ""))]
    for name, residuals in found.items():
        shown = [f"{error_at(residuals.where(STRESS[key]), 50.0):.1f}" for key in stress]
        both = (f"{error_at(residuals, 50.0):.2f}", f"{error_at(residuals, 90.0):.1f}")
        lines.append(_line((name, *both, *shown, carried(residuals, full))))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def carried(residuals: Residuals, full: Residuals) -> str:
    """What gets worse without a term: sets and percentage points of their median, the worst first."""
    if residuals is full:
        return ""
    worse = {
        name: error_at(residuals.where(member), 50.0) - error_at(full.where(member), 50.0)
        for name, member in STRESS.items()
    }
    ranked = sorted(((gain, name) for name, gain in worse.items() if gain >= NOTICED), reverse=True)
    return ", ".join(f"{name} +{gain:.1f}" for gain, name in ranked) or "–"


def page(found: dict[str, Residuals]) -> str:
    """The page as Markdown."""
    return f"""# What each term of the physics buys

Made by `python -m estimators.evidence.ablation`: do not edit by hand. Cross-validated errors in percent on
language models of quality A with published layout, each row predicted by a fit without its producer; the
first line has all terms, every other line was fitted anew without one. Columns after the first two hold the
median of a stress set: hidden size up to 2,048; 12 pipeline stages or more; 64 nodes or more; up to
100 Gbit/s of network for each device; 16,384 tokens or more; 8 or 4 bit; experts. The last column names what
gets worse without the term, in percentage points.

A term that buys nothing on average stays where it carries a set, or where plans reach further than the
evidence does: more nodes, slower networks, smaller kernels. Where a line is better than the first, the
evidence cannot tell the term from its neighbours; its prior then holds it.

{table(found)}
"""


def main() -> int:
    """Writes the ablation page."""
    parser = argparse.ArgumentParser(description="Take out each term of the physics in turn.")
    parser.add_argument("-o", "--output", type=Path, default=PAGE)
    options = parser.parse_args()
    catalogue = load_catalogue()
    folds = folds_of(usable(read_rows(SHIPPED_EVIDENCE), catalogue), catalogue)
    trained, fitted = folds.trained, folds.coefficients
    found = {"nothing (all terms)": held_out(trained, folds.fits, by_producer, fitted)}
    for name, term in TERMS.items():
        found[name] = without(null_values(term, fitted), trained, fitted)
    options.output.write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
