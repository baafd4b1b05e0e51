"""Memory against every measured run that publishes it.

Rows of fine-tuning with 8-bit or 16-bit optimiser states hold other states than Adam in fp32 and are not
judged; the tolerance is what publishers' own tools disagree by (allocated against reserved, GB against GiB).
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from estimators import load_calibration, load_catalogue
from estimators.evidence.calibrate import SHIPPED_EVIDENCE
from estimators.evidence.configure import Configured, configure
from estimators.evidence.predict import settle
from estimators.evidence.rows import Row, read_rows
from estimators.parallel.memory import memory_of

GIB = 2.0**30


def published_gib(row: Row) -> float | None:
    for name, value in row.measured.also.items():
        found = re.search(r"[\d.]+", str(value)) if "mem" in name else None
        if found and float(found.group()) > 0:
            return float(found.group())
    return None


@pytest.fixture(scope="module")
def log_errors() -> np.ndarray:
    catalogue = load_catalogue()
    rows = [row for row in read_rows(SHIPPED_EVIDENCE) if published_gib(row) and "torchtune" not in row.id]
    configured = tuple(item for row in rows if isinstance(item := configure(row, catalogue), Configured))
    bench = settle(configured, catalogue, load_calibration().coefficients)
    reserved = memory_of(bench.profile, bench.layouts).reserved / GIB
    published = np.array([published_gib(row.row) for row in bench.rows], dtype=float)
    return np.log(reserved / published)


def test_that_every_published_memory_is_judged(log_errors: np.ndarray) -> None:
    assert log_errors.size >= 80


def test_that_the_median_error_of_memory_is_within_15_percent(log_errors: np.ndarray) -> None:
    assert np.median(np.abs(log_errors)) <= np.log(1.15)


def test_that_memory_has_no_large_bias(log_errors: np.ndarray) -> None:
    assert abs(np.median(log_errors)) <= np.log(1.10)


def test_that_no_run_is_off_by_more_than_half(log_errors: np.ndarray) -> None:
    assert np.max(np.abs(log_errors)) <= np.log(1.55)
