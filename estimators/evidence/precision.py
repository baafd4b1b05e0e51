"""The precision of a run whose publisher does not state it."""

from __future__ import annotations

import re

from estimators.evidence.rows import Row

NAMED = re.compile(r"(?<![a-z])(nvfp4|mxfp8|fp8|fp4)(?![a-z0-9])", re.IGNORECASE)
FULL_NAMES = {"fp4": "nvfp4"}
BENCHMARK = "mlcommons/training_results"
FP8_SINCE, FP4_SINCE = 2023, (25, 9)
"""Year and container release from which entrants to MLPerf Training run their language models in 8 bit
(round 3.0) and, on cards that have it, in NVFP4 (round 5.1)."""
FP4_CARDS = ("b200", "b300", "gb200", "gb300")


def usual_precision(row: Row) -> str:
    """As stated; else as the name of the configuration file has it; else the habit of the kind of run.

    MLPerf rewards the shortest time, so entrants take the lowest precision that their release trains in.
    Everybody else is taken to train in bf16.
    """
    if row.precision:
        return row.precision
    named = NAMED.search(row.source)
    if named:
        found = named.group(1).lower()
        return FULL_NAMES.get(found, found)
    if BENCHMARK not in row.source or (row.year or 0) < FP8_SINCE:
        return "bf16"
    release = re.search(r"(\d\d)\.(\d\d)", row.software or "")
    newest = release is not None and (int(release.group(1)), int(release.group(2))) >= FP4_SINCE
    card = (row.hardware.gpu or "").split("-")[0]
    return "nvfp4" if newest and card in FP4_CARDS else "fp8"
