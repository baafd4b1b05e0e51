"""Runs that publish the memory of a device, against the memory that is predicted for them."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from estimators.catalogue.load import Catalogue
from estimators.evidence.configure import Configured
from estimators.evidence.predict import settle
from estimators.evidence.rows import Row
from estimators.parallel.memory import memory_of
from estimators.parameters import Coefficients

Column = NDArray[np.float64]
GIB = 2.0**30
OTHER_STATES = "torchtune"
"""Fine-tuning with 8-bit or 16-bit optimiser states holds other states than Adam in fp32."""


def published_gib(row: Row) -> float | None:
    """Memory of a device as published, None where it is not."""
    for name, value in row.measured.also.items():
        found = re.search(r"[\d.]+", str(value)) if "mem" in name else None
        if found and float(found.group()) > 0:
            return float(found.group())
    return None


def memory_log_errors(
    rows: tuple[Configured, ...], catalogue: Catalogue, coefficients: Coefficients
) -> Column:
    """ln(predicted ÷ published) memory of every run that publishes it.

    No coefficient is fitted to memory; they only choose layouts that were not published.
    """
    judged = tuple(row for row in rows if published_gib(row.row) and OTHER_STATES not in row.row.id)
    if not judged:
        return np.empty(0)
    bench = settle(judged, catalogue, coefficients)
    stacks = [memory_of(stack.work, bench.layouts.take(stack.rows)) for stack in bench.stacks]
    reserved = bench.in_order([memory.reserved for memory in stacks]) / GIB
    published = np.array([published_gib(row.row) for row in bench.rows], dtype=float)
    return np.asarray(np.log(reserved / published))
