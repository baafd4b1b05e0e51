"""Memory against every measured run that publishes it.

Rows of fine-tuning with 8-bit or 16-bit optimiser states hold other states than Adam in fp32 and are not
judged; the tolerance is what publishers' own tools disagree by (allocated against reserved, GB against GiB).
"""

from __future__ import annotations

import numpy as np
import pytest

from estimators import load_calibration, load_catalogue
from estimators.evidence.calibrate import SHIPPED_EVIDENCE
from estimators.evidence.configure import Configured, configure
from estimators.evidence.memory_rows import memory_log_errors
from estimators.evidence.rows import read_rows


@pytest.fixture(scope="module")
def log_errors() -> np.ndarray:
    catalogue = load_catalogue()
    found = (configure(row, catalogue) for row in read_rows(SHIPPED_EVIDENCE))
    rows = tuple(item for item in found if isinstance(item, Configured))
    return memory_log_errors(rows, catalogue, load_calibration().coefficients)


def test_that_every_published_memory_is_judged(log_errors: np.ndarray) -> None:
    assert log_errors.size >= 80


def test_that_the_median_error_of_memory_is_within_15_percent(log_errors: np.ndarray) -> None:
    assert np.median(np.abs(log_errors)) <= np.log(1.15)


def test_that_memory_has_no_large_bias(log_errors: np.ndarray) -> None:
    assert abs(np.median(log_errors)) <= np.log(1.10)


def test_that_no_run_is_off_by_more_than_half(log_errors: np.ndarray) -> None:
    assert np.max(np.abs(log_errors)) <= np.log(1.55)
