"""The fit of measured scaling points finds what made them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimators.requests.scaling.fit import fit_points

SECONDS = st.one_of(st.just(0.0), st.floats(0.01, 20.0))


def test_that_two_sizes_are_refused() -> None:
    assert fit_points([(4, 10.0), (8, 5.1), (8, 5.2)]) is None


def test_that_a_worked_amdahl_curve_comes_back() -> None:
    """t(n) = 80 ÷ n + 1: 21, 11, 6 s at 4, 8, 16 GPUs; 1 of 6 s does not shrink at 16."""
    fit = fit_points([(4, 21.0), (8, 11.0), (16, 6.0)])
    assert fit is not None
    assert (fit.parallel_seconds, fit.serial_seconds) == pytest.approx((80.0, 1.0))
    assert fit.tree_seconds == 0.0
    assert fit.unshared(16) == pytest.approx(1 / 6)
    assert fit.largest_residual == pytest.approx(0.0, abs=1e-9)


@given(st.floats(1.0, 1e4), SECONDS, SECONDS)
def test_that_four_sizes_give_their_own_curve_back(parallel: float, serial: float, tree: float) -> None:
    points = [(n, parallel / n + serial + tree * math.log2(n)) for n in (4, 8, 16, 32, 64)]
    fit = fit_points(points)
    assert fit is not None
    assert [fit.seconds(n) for n, _ in points] == pytest.approx([t for _, t in points], rel=1e-5)


@given(st.lists(st.tuples(st.integers(1, 4096), st.floats(0.1, 1e3)), min_size=3, max_size=8))
def test_that_no_term_is_below_zero(points: list[tuple[int, float]]) -> None:
    fit = fit_points(points)
    if fit is not None:
        assert min(fit.parallel_seconds, fit.serial_seconds, fit.tree_seconds) >= 0.0
        assert all(math.isfinite(fit.seconds(n)) for n, _ in points)
