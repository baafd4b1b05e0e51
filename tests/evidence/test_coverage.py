"""The coverage table: which classes are judged by their rows, and which by a range."""

import pytest

from estimators.evidence.coverage import class_coverage
from estimators.evidence.reliability import HeldError


def held(series: int, inside: bool, kind: str = "dense-lm, layout known") -> HeldError:
    return HeldError(
        f"producer {series % 3}", f"series {series}", kind, 0.1 if inside else 0.3, 0.2, "iteration_s"
    )


def table(errors) -> dict:
    return {found.name: found for found in class_coverage(errors)}


def test_that_large_classes_are_judged_by_their_rows():
    found = table([held(i % 20, i % 5 != 0) for i in range(100)])["dense, layout known"]
    assert (found.rows, found.series, found.producers, found.inside) == (100, 20, 3, 0.8)
    assert found.by_rows
    assert found.width == pytest.approx(1.4918, abs=1e-4)


def test_that_few_rows_or_series_are_judged_by_a_range_that_holds_80_percent():
    for errors in ([held(i, i != 3) for i in range(8)], [held(i % 5, i % 5 != 0) for i in range(200)]):
        found = table(errors)["dense, layout known"]
        assert not found.by_rows
        assert found.low <= min(0.8, found.inside) <= max(0.8, found.inside) <= found.high


def test_that_intervals_that_hold_nothing_are_far_from_what_they_state():
    assert table([held(i, inside=False) for i in range(8)])["all"].high < 0.8


def test_that_classes_without_rows_are_left_out():
    assert class_coverage([]) == ()
    names = set(table([held(1, inside=True)]))
    assert "experts, layout known" not in names
    assert {"dense, layout known", "published as time or tokens", "all"} <= names
