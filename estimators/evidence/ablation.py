"""What each term of the physics buys: `python -m estimators.evidence.ablation` (several minutes).

A term is taken out by setting its coefficients to the value at which it vanishes; everything else is fitted
anew, with and without each producer. A term stays when it explains the evidence or carries a stress set.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
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

TERMS: dict[str, dict[str, float]] = {
    "wave quantisation": {"wave_exponent": 0.0},
    "ramp with the inner size": {"k_half": NOTHING},
    "alignment of sizes": {"alignment_loss": 0.0},
    "ramp with the head size": {"attention_head_half": NOTHING},
    "vendor attention kernels": {"attention_tuned_hopper": 0.24, "attention_tuned_blackwell": 0.30},
    "power limits": {"power_exponent": 0.0},
    "host floor": {f"host_{name.replace('-', '_')}": NOTHING for name in SOFTWARE},
    "fixed time of kernels": {"kernel_seconds": NOTHING},
    "host time once a step": {"step_host_seconds": NOTHING},
    "message size and latency": {"message_half": NOTHING, "latency_node": 0.0, "latency_network": 0.0},
    "decay of the network with scale": {"network_decay": 0.0},
    "slow-down by overlap": {"overlap_slowdown": 0.0},
    "visible pipeline sends": {"send_exposed": 0.0},
    "stragglers": {"straggler_sigma": 0.0},
    "quantisation passes": {"cast_passes": 0.0},
    "row-wise scales of FP8": {"fp8_rowwise": 1.0},
    "grouped products": {"grouped_share": 1.0},
    "host time of experts": {"host_experts": 0.0, "host_each_expert": 0.0},
    "fused experts": {"experts_fused": 1.0},
    "visible dispatch": {"expert_exposed": 0.0},
}

STRESS: dict[str, Callable[[Configured], bool]] = {
    "all": lambda row: True,
    "hidden ≤ 2 048": lambda row: float(row.known.shape.block.hidden) <= 2048,
    "12 stages or more": lambda row: (row.fixed.pipeline or 1) >= 12,
    "512 devices or more": lambda row: row.gpus >= 512,
    "slow network": lambda row: "Omni-Path" in (row.row.hardware.interconnect or ""),
    "16 k tokens or more": lambda row: row.known.sequence >= 16_384,
    "experts": lambda row: row.row.family == "moe-lm",
}


def median_error(residuals: Residuals) -> float:
    """Median of exp(|log error|) − 1, in percent."""
    if residuals.errors.size == 0:
        return float("nan")
    return float(np.median(np.exp(np.abs(residuals.errors)) - 1.0)) * 100.0


def without(term: dict[str, float], trained: Bench, start: Coefficients) -> Residuals:
    """Held-out residuals of a model that lacks a term."""
    whole = fit(trained, start=start, iterations=5, frozen=term)
    fits = leave_out_fits(trained, by_producer, whole, frozen=term)
    return held_out(trained, fits, by_producer, whole)


def table(trained: Bench, start: Coefficients, full: Residuals) -> str:
    """Median held-out error of every stress set, with all terms and without each."""
    lines = ["| without | " + " | ".join(STRESS) + " |", "|---" * (len(STRESS) + 1) + "|"]
    rows = {"nothing (all terms)": full}
    rows |= {name: without(term, trained, start) for name, term in TERMS.items()}
    for name, residuals in rows.items():
        cells = [f"{median_error(residuals.where(member)):.1f}" for member in STRESS.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    """Writes the ablation page."""
    parser = argparse.ArgumentParser(description="Take out each term of the physics in turn.")
    parser.add_argument("-o", "--output", type=Path, default=PAGE)
    options = parser.parse_args()
    catalogue = load_catalogue()
    folds = folds_of(usable(read_rows(SHIPPED_EVIDENCE), catalogue), catalogue)
    full = held_out(folds.trained, folds.fits, by_producer, folds.coefficients)
    head = (
        "# What each term of the physics buys\n\n"
        "Made by `python -m estimators.evidence.ablation`: do not edit by hand. Median error in percent of\n"
        "language models of quality A with published layout, each row predicted by a fit without its\n"
        "producer. Columns after the first are stress sets.\n\n"
    )
    options.output.write_text(head + table(folds.trained, folds.coefficients, full) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
