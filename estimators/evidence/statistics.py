"""The figures by which errors are reported everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


def statistics(errors: Column, covered: Column | None = None) -> dict[str, float | int | None]:
    """n, median and 90th percentile of |error| in percent, bias in percent, coverage of the 80 % interval.

    Args:
        errors: ln(predicted ÷ measured).
        covered: 1 where the measured value lies inside the interval.
    """
    size = (np.exp(np.abs(errors)) - 1.0) * 100.0
    return {
        "n": int(errors.size),
        "median_abs_pct": round(float(np.median(size)), 2) if errors.size else None,
        "p90_abs_pct": round(float(np.percentile(size, 90)), 2) if errors.size else None,
        "bias_pct": round((float(np.exp(np.median(errors))) - 1.0) * 100.0, 2) if errors.size else None,
        "coverage80": round(float(np.mean(covered)), 3) if covered is not None and covered.size else None,
    }
